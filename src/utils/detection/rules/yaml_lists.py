"""Lists of YAML in plain text: their items as rows of a table, or as turns whose key says who speaks."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.speech import count_words, is_personal
from src.utils.detection.rules.listed_turns import unquoted
from src.utils.detection.structure.columns import Row
from src.utils.detection.structure.speakers import Said, to_drafts
from src.utils.detection.types import ANSWERERS, ASKERS, Finding
from src.utils.detection.words.vocabulary import read_label

_ITEM = re.compile(r"-[ ]+(?=[\w\"'-]{1,40}[ ]?:(?:[ ]|$))")
_ANY_ITEM = re.compile(r"^[ \t]*-[ ]+[\w\"'-]{1,40}[ ]?:(?:[ ]|$)", re.MULTILINE)
_FIELD = re.compile(r"[\"']?(?P<key>[^\W\d][\w -]{0,39})[\"']?[ ]?:(?:[ ]+|$)")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?")
_MIN_ROWS = 4
_MIN_PAIRS = 2
"""Items that suffice where their keys are words for a question and its answer."""
_MIN_FIELDS = 2
_MIN_WORDS = 2
_MIN_ALTERNATING = 0.5
_CONFIDENCE = 0.9


@dataclass(slots=True)
class Item:
    """An item of a list of YAML as it is read: its fields, the column where its keys stand, the list it stands in, the
    key read last and whether its value is a block of lines."""

    start: int
    column: int
    listed: int
    fields: dict[str, list[Span]] = field(default_factory=dict)
    key: str = ""
    block: bool = False

    @property
    def opens(self) -> bool:
        """Whether the key read last has no value yet: a list may follow."""
        return bool(self.key) and not self.block and not self.fields[self.key]


def yaml_items(text: str, lines: Sequence[Line]) -> list[Item]:
    """The items of all lists of YAML in a text that have a field; none where there are hardly any."""
    if sum(1 for _ in itertools.islice(_ANY_ITEM.finditer(text), _MIN_PAIRS)) < _MIN_PAIRS:
        return []
    items = [item for item in _read_items(text, lines) if item.fields]
    for spans in (spans for item in items for spans in item.fields.values()):
        while spans and spans[-1].start == spans[-1].end:
            spans.pop()
    return items


def yaml_rows(items: Sequence[Item]) -> list[Row]:
    """The items of all lists whose items have the same first key and two keys or more; those of one list are a thread
    where a list stands inside the item of another."""
    firsts = Counter(_first(item) for item in items if len(item.fields) >= _MIN_FIELDS)
    first, count = firsts.most_common(1)[0] if firsts else ("", 0)
    if count < (_MIN_PAIRS if _have_both_sides(items) else _MIN_ROWS):
        return []
    chosen = [item for item in items if _first(item) == first and len(item.fields) >= _MIN_FIELDS]
    return [
        Row(item.start, {key: tuple(spans) for key, spans in item.fields.items() if spans}, str(item.listed))
        for item in chosen
    ]


def find_yaml_turns(text: str, items: Sequence[Item]) -> Finding | None:
    """Items whose first key says who speaks and holds what is said: ``- user: Hello``; other keys tell of the turn."""
    entries = [
        Said(_first(item), tuple(item.fields[_first(item)]), item.start, str(item.listed))
        for item in items
        if read_label(_first(item)).family in (*ASKERS, *ANSWERERS) and item.fields[_first(item)]
    ]
    sides = [read_label(entry.speaker).family in ASKERS for entry in entries]
    changes = sum(one != other for one, other in itertools.pairwise(sides))
    if len(entries) < _MIN_ROWS or changes < _MIN_ALTERNATING * (len(entries) - 1):
        return None
    said = sum(count_words(text[slice(*piece)]) for entry in entries for piece in entry.pieces)
    if said < _MIN_WORDS * len(entries) or any(_has_both_sides(item) for item in items):
        return None
    if not is_personal([text[slice(*piece)] for entry in entries for piece in entry.pieces[:1]]):
        return None  # steps of a program have an input and an output, too
    reason = f"records: {len(entries)} items whose key says who speaks"
    return Finding("written records", to_drafts(entries), _CONFIDENCE, reason)


def _first(item: Item) -> str:
    return next(iter(item.fields))


def _have_both_sides(items: Sequence[Item]) -> bool:
    """Whether the keys are words for a question and its answer."""
    families = {read_label(key).family for item in items for key in item.fields}
    return {"question", "answer"} <= families


def _has_both_sides(item: Item) -> bool:
    """Whether one item holds what both say."""
    families = {read_label(key).family for key in item.fields}
    return not families.isdisjoint(ASKERS) and not families.isdisjoint(ANSWERERS)


def _read_items(text: str, lines: Sequence[Line]) -> Iterator[Item]:
    item: Item | None = None
    listed = 0
    columns: list[int] = []
    """The columns of the lists around the item that is read, the innermost last."""
    for line, above in zip(lines, [None, *lines[:-1]], strict=True):
        begins = None if line.blank or line.foreign else _ITEM.match(text, line.first, line.end)
        nested = begins and item and item.opens and line.indent >= columns[-1]
        if item and not nested and _goes_on(text, line, item):
            continue
        heads = line.level and (above is None or above.blank)
        if not heads and (line.blank or line.foreign or text[line.first] == "#"):
            continue
        if item:
            yield item
            item = None
        if heads:  # a comment stands right among the items
            columns.clear()
            continue
        while columns and (columns[-1] > line.indent or (not begins and columns[-1] == line.indent)):
            columns.pop()
        if begins:
            if not columns or columns[-1] < line.indent:
                listed += 1
                columns.append(line.indent)
            item = Item(line.start, line.indent + begins.end() - line.first, listed)
            _read_field(text, line, item, begins.end())
    if item:
        yield item


def _goes_on(text: str, line: Line, item: Item) -> bool:
    """Whether a line belongs to the item: another field, or more of the value of the last one."""
    if line.blank or line.foreign:
        if item.block and item.fields[item.key]:
            item.fields[item.key].append(Span(line.start, line.start))
        return line.blank
    if item.block and line.indent > item.column:
        item.fields[item.key].append(Span(line.first, line.end))
        return True
    if line.indent == item.column and _read_field(text, line, item, line.first):
        return True
    if item.key and line.indent > item.column:
        item.fields[item.key].append(Span(line.first, line.end))
        return True
    return False


def _read_field(text: str, line: Line, item: Item, start: int) -> bool:
    named = _FIELD.match(text, start, line.end)
    if not named:
        return False
    item.key = named["key"]
    values = item.fields.setdefault(item.key, [])
    item.block = _BLOCK.fullmatch(text, named.end(), line.end) is not None
    if named.end() < line.end and not item.block:
        values.append(unquoted(text, Span(named.end(), line.end)))
    return True
