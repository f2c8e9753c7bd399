"""Records written out as plain text: lists of YAML, ``key=value`` lines of a log, ``key:value`` fields between tabs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.rules.listed_turns import find_listed_turns
from src.utils.detection.rules.subtitle_events import read_events
from src.utils.detection.rules.yaml_lists import find_yaml_turns, yaml_items, yaml_rows
from src.utils.detection.structure.columns import Row
from src.utils.detection.structure.tables import read_table
from src.utils.detection.types import Finding
from src.utils.detection.words.vocabulary import compact_key, json_keys, read_label

_EQUAL_FIELD = re.compile(
    r"(?<!\S)(?P<key>[^\W\d][\w.-]{0,30})=(?:\"(?P<quoted>(?:[^\"\\\n]|\\.){0,4000})\"|(?P<bare>\S{1,400}))"
)
_TAB_FIELD = re.compile(r"(?:(?<=\t)|(?<=\n)|(?<!.))(?P<key>[^\W\d][\w-]{0,30}):(?P<bare>[^\t\n]{0,4000})")
_MIN_ROWS = 4
_MOST = 0.6
_FIRST = 40
_SAMPLE = 400
_MIN_FIELDS = 2
_CONFIDENCE = 0.9


def find_written_records(text: str, lines: Sequence[Line]) -> Finding | None:
    """The dialogue or the pairs in records that a text writes out; they are read as the rows of a table."""
    items = yaml_items(text, lines)
    listed = find_listed_turns(text, lines) or find_yaml_turns(text, items)
    if listed:
        return listed
    for rows in (
        read_events(text, lines),
        yaml_rows(items),
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
