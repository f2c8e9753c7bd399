"""Messages that a program writes field by field: ``From: ...``, ``Content: ...`` and a blank line; what a
database client prints as records, one below the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import COUNTED_RULE, Line
from src.utils.detection.lines.speech import is_personal
from src.utils.detection.structure.columns import Row
from src.utils.detection.structure.tables import read_table
from src.utils.detection.types import Finding
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import compact_key, json_keys, words

_FIELD = re.compile(
    r"(?P<key>[^\W\d_][^\s:：|=]{0,23}(?:[ ][^\s:：|=]{1,16}){0,2})(?:[ ]?[:：](?:[ \t]+|$)|[ ]{1,24}[|=](?:[ ]+|$))"
)
_RECORD = re.compile(rf"{COUNTED_RULE}|-\[[ ][A-Z]{{1,10}}[ ]\d{{1,9}}[ ]\][-+]{{0,200}}")
"""What a database client sets above each record: ``***** 1. row *****``, ``-[ RECORD 1 ]----``."""
_COUNT = re.compile(r"\(?\d{1,9} rows?(?:\)| in set\b[^\n]{0,40})")
_MIN_BLOCKS = 4
_USUAL = 0.8
_MIN_ASKING = 0.1


class _Block(NamedTuple):
    """Lines from a first field to the next block; ``parted`` from the one before by a line of another kind."""

    begin: int
    stop: int
    parted: bool


def find_field_blocks(text: str, lines: Sequence[Line]) -> Finding | None:
    """The dialogue in blocks whose fields tell who wrote, and what; those who write ask, or speak of themselves."""
    blocks = _with_words(text, lines, _blocks(text, lines))
    if len(blocks) < _MIN_BLOCKS:
        return None
    counts = Counter(key for block in blocks for key in set(_fields(text, lines, block).values()))
    usual = {key for key, count in counts.items() if count >= _USUAL * len(blocks)}
    if not _name_message(usual):
        return None
    found = read_table(text, _rows(text, lines, blocks, usual))
    return found if found and _is_said(text, found) else None


def _with_words(text: str, lines: Sequence[Line], blocks: Sequence[_Block]) -> list[_Block]:
    """The blocks with a field for what is said, where most have one: the others tell what the program did."""
    said = [
        block
        for block in blocks
        if not {compact_key(key) for key in _fields(text, lines, block).values()}.isdisjoint(json_keys("text"))
    ]
    return said if len(said) * 2 > len(blocks) else list(blocks)


def _name_message(keys: set[str]) -> bool:
    """Whether one key is a word for who sends, or ends with one, and another for what."""
    sends = any(
        key.casefold().split()[-1] in words("mail_from") or key.casefold() in words("mail_from") for key in keys
    )
    return sends and not {compact_key(key) for key in keys}.isdisjoint(json_keys("text"))


def _blocks(text: str, lines: Sequence[Line]) -> list[_Block]:
    """The lines that begin with the usual first key, no field above them; each block goes on to where the next begins,
    or a line apart that no letter opens."""
    keys = [_key(text, line) for line in lines]
    heads = [(index, key) for index, key in enumerate(keys) if key and not (index and keys[index - 1])]
    first, count = Counter(key for _, key in heads).most_common(1)[0] if heads else ("", 0)
    if count < _MIN_BLOCKS:
        return []
    begins = [index for index, key in heads if key == first]
    blocks: list[_Block] = []
    parted = False
    for begin, following in zip(begins, [*begins[1:], len(lines)], strict=True):
        stop = next((index for index in range(begin, following) if _ends(text, lines, index)), following)
        blocks.append(_Block(begin, stop, parted))
        parted = stop < following and not _is_record(text, lines[stop])
    return blocks


def _key(text: str, line: Line) -> str:
    """The word that a line begins with as a field; "" where it is none."""
    found = None if line.blank or line.code or line.foreign else _FIELD.match(text, line.first, line.end)
    return found["key"] if found else ""


def _is_record(text: str, line: Line) -> bool:
    return not line.blank and text[line.first] in "*-" and _RECORD.fullmatch(text, line.first, line.end) is not None


def _ends(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether a line stands above a record, counts all, or is a paragraph of its own between two lists of messages."""
    line = lines[index]
    if line.blank:
        return False
    alone = lines[index - 1].blank and (index + 1 == len(lines) or lines[index + 1].blank)
    return (
        _is_record(text, line)
        or _COUNT.fullmatch(text, line.first, line.end) is not None
        or (alone and (line.level > 0 or not text[line.first].isalnum()))
    )


def _fields(text: str, lines: Sequence[Line], block: _Block) -> dict[int, str]:
    """The lines of the first paragraph of a block that begin with a key, and their keys."""
    found: dict[int, str] = {}
    for index in range(block.begin, block.stop):
        if lines[index].blank:
            break
        key = _key(text, lines[index])
        if key:
            found[index] = key
    return found


def _rows(text: str, lines: Sequence[Line], blocks: Sequence[_Block], usual: set[str]) -> list[Row]:
    """A row for each block; a line without one of the ``usual`` keys goes on with the field above it."""
    rows = []
    thread = 0
    common = _common(text, lines, blocks)
    for block in blocks:
        thread += block.parted
        cells: dict[str, list[Span]] = {}
        last: list[Span] = []
        heads = _fields(text, lines, block)
        for index in range(block.begin, block.stop):
            line = lines[index]
            key = heads.get(index, "")
            found = _FIELD.match(text, line.first, line.end) if key in usual and key not in cells else None
            if found:
                last = cells.setdefault(key, [])
            elif text[line.first : line.end] in common:
                continue  # of the program, in every block
            last.append(Span(found.end() if found else line.start, line.end))
        filled = {compact_key(key): _trimmed(spans) for key, spans in cells.items()}
        rows.append(Row(lines[block.begin].start, filled, str(thread)))
    return rows


def _common(text: str, lines: Sequence[Line], blocks: Sequence[_Block]) -> set[str]:
    """The lines without a field that end nearly every block."""
    ends: Counter[str] = Counter()
    for block in blocks:
        last = next((line for line in reversed(lines[block.begin : block.stop]) if not line.blank), None)
        if last and not _key(text, last):
            ends[text[last.first : last.end]] += 1
    return {content for content, count in ends.items() if count >= _USUAL * len(blocks)}


def _trimmed(spans: list[Span]) -> tuple[Span, ...]:
    while len(spans) > 1 and spans[-1].start == spans[-1].end:
        spans.pop()
    return tuple(spans)


def _is_said(text: str, finding: Finding) -> bool:
    contents = [
        text[turn.pieces[0].start : turn.pieces[-1].end] for draft in finding.drafts for turn in draft.utterances
    ]
    return sum(map(asks, contents)) >= max(2, _MIN_ASKING * len(contents)) or is_personal(contents)
