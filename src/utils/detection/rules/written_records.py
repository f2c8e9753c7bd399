"""Records written out as plain text: lists of YAML, ``key=value`` lines of a log, ``key:value`` fields between tabs."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.rules.listed_turns import find_listed_turns, unquoted
from src.utils.detection.rules.subtitle_events import read_events
from src.utils.detection.structure.columns import Row
from src.utils.detection.structure.tables import read_table
from src.utils.detection.types import Finding
from src.utils.detection.words.vocabulary import compact_key, json_keys, read_label

_ITEM = re.compile(r"-[ ]+(?=[\w\"'-]{1,40}[ ]?:(?:[ ]|$))")
_ANY_ITEM = re.compile(r"^[ \t]*-[ ]+[\w\"'-]{1,40}[ ]?:(?:[ ]|$)", re.MULTILINE)
_YAML_FIELD = re.compile(r"[\"']?(?P<key>[^\W\d][\w -]{0,39})[\"']?[ ]?:(?:[ ]+|$)")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?")
_EQUAL_FIELD = re.compile(
    r"(?<!\S)(?P<key>[^\W\d][\w.-]{0,30})=(?:\"(?P<quoted>(?:[^\"\\\n]|\\.){0,4000})\"|(?P<bare>\S{1,400}))"
)
_TAB_FIELD = re.compile(r"(?:(?<=\t)|(?<=\n)|(?<!.))(?P<key>[^\W\d][\w-]{0,30}):(?P<bare>[^\t\n]{0,4000})")
_MIN_ROWS = 4
_MIN_PAIRS = 2
"""Items that suffice where their keys are words for a question and its answer."""
_MOST = 0.6
_FIRST = 40
_SAMPLE = 400
_MIN_FIELDS = 2
_CONFIDENCE = 0.9


@dataclass(slots=True)
class _Item:
    """An item of a list of YAML as it is read: its fields, the column where its keys stand, the key read last and
    whether its value is a block of lines."""

    start: int
    column: int
    fields: dict[str, list[Span]] = field(default_factory=dict)
    key: str = ""
    block: bool = False


def find_written_records(text: str, lines: Sequence[Line]) -> Finding | None:
    """The dialogue or the pairs in records that a text writes out; they are read as the rows of a table."""
    listed = find_listed_turns(text, lines)
    if listed:
        return listed
    for rows in (
        read_events(text, lines),
        _items(text, lines),
        _fielded(text, lines, _EQUAL_FIELD),
        _fielded(text, lines, _TAB_FIELD),
    ):
        found = read_table(text, rows) if rows and _names_words(text, rows) else None
        if found:
            return Finding("written records", found.drafts, _CONFIDENCE, found.reason.replace("a table of", "records:"))
    return None


def _names_words(text: str, rows: Sequence[Row]) -> bool:
    """Whether a key says that it holds what somebody says; roles must be those of a conversation (servers have some,
    too)."""
    keys = {compact_key(key): key for row in rows[:_SAMPLE] for key in row.cells}
    told = any(read_label(key).family == "answer" for key in keys.values())
    if not told and all(keys.keys().isdisjoint(json_keys(group)) for group in ("text", "answer")):
        return False
    if "role" not in keys:
        return True
    values = [text[slice(*row.cells[keys["role"]][0])] for row in rows[:_SAMPLE] if keys["role"] in row.cells]
    return sum(read_label(value).family is not None for value in values) * 2 >= len(values)


def _items(text: str, lines: Sequence[Line]) -> list[Row]:
    """The items of all lists whose items have the same first key and two keys or more."""
    if sum(1 for _ in itertools.islice(_ANY_ITEM.finditer(text), _MIN_PAIRS)) < _MIN_PAIRS:
        return []
    items = list(_read_items(text, lines))
    firsts = Counter(next(iter(item.fields)) for item in items if len(item.fields) >= _MIN_FIELDS)
    first, count = firsts.most_common(1)[0] if firsts else ("", 0)
    if count < (_MIN_PAIRS if _have_both_sides(items) else _MIN_ROWS):
        return []
    for spans in (spans for item in items for spans in item.fields.values()):
        while spans and spans[-1].start == spans[-1].end:
            spans.pop()
    chosen = [item for item in items if next(iter(item.fields)) == first and len(item.fields) >= _MIN_FIELDS]
    return [Row(item.start, {key: tuple(spans) for key, spans in item.fields.items() if spans}) for item in chosen]


def _have_both_sides(items: Sequence[_Item]) -> bool:
    """Whether the keys are words for a question and its answer."""
    families = {read_label(key).family for item in items for key in item.fields}
    return {"question", "answer"} <= families


def _read_items(text: str, lines: Sequence[Line]) -> Iterator[_Item]:
    item: _Item | None = None
    for line in lines:
        if item and _goes_on(text, line, item):
            continue
        begins = None if line.blank or line.foreign else _ITEM.match(text, line.first, line.end)
        if begins:
            if item:
                yield item
            item = _Item(line.start, line.indent + begins.end() - line.first)
            _read_field(text, line, item, begins.end())
        elif item and not (line.blank or line.foreign):
            yield item
            item = None
    if item:
        yield item


def _goes_on(text: str, line: Line, item: _Item) -> bool:
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


def _read_field(text: str, line: Line, item: _Item, start: int) -> bool:
    named = _YAML_FIELD.match(text, start, line.end)
    if not named:
        return False
    item.key = named["key"]
    values = item.fields.setdefault(item.key, [])
    item.block = _BLOCK.fullmatch(text, named.end(), line.end) is not None
    if named.end() < line.end and not item.block:
        values.append(unquoted(text, Span(named.end(), line.end)))
    return True


def _fielded(text: str, lines: Sequence[Line], pattern: re.Pattern[str]) -> list[Row]:
    """Lines that hold two fields or more, where most lines do; what has not the usual fields is another record."""
    filled = [line for line in lines if not (line.blank or line.foreign or line.code)]
    tried = [_fields(text, line, pattern) for line in filled[:_FIRST]]
    if sum(len(fields) >= _MIN_FIELDS for fields in tried) < max(_MIN_ROWS, _MOST * len(tried)):
        return []
    rows = [Row(line.start, _fields(text, line, pattern)) for line in filled]
    prose = Counter(key for row in rows[:_SAMPLE] for key, spans in row.cells.items() if " " in text[slice(*spans[0])])
    if not prose:
        return []
    said = prose.most_common(1)[0][0]
    return [row for row in rows if said in row.cells]


def _fields(text: str, line: Line, pattern: re.Pattern[str]) -> dict[str, tuple[Span, ...]]:
    found: dict[str, tuple[Span, ...]] = {}
    for match in pattern.finditer(text, line.start, line.end):
        name = "quoted" if match.groupdict().get("quoted") is not None else "bare"
        found.setdefault(match["key"], (Span(match.start(name), match.end(name)),))
    return found
