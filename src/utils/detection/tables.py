"""Tables: rows of questions and answers, or of speakers and what they said, by the classes of their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from src.core.types import Section, Span
from src.utils.detection.questions import ends_as_question
from src.utils.detection.speakers import Said, behaves_like_dialogue, to_drafts
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.vocabulary import compact_key, json_keys, read_label

_MIN_ASKING_SHARE = 0.6
_PAIR_KEYS = ("question", "answer")


class Row(NamedTuple):
    """A row of a table: where it begins, and its filled cells by the name of their column."""

    start: int
    cells: dict[str, Span]


class _Columns(NamedTuple):
    left: str
    right: str


def find_in_tables(text: str, sections: Sequence[Section]) -> Iterator[Finding]:
    """One finding per table that holds conversations."""
    for rows in _tables(sections):
        found = read_table(text, rows)
        if found:
            yield found


def _tables(sections: Sequence[Section]) -> Iterator[list[Row]]:
    """Runs of rows with fields; a row without fields (a header) or anything else ends a table."""
    rows: list[Row] = []
    position = 0
    for section in sections:
        if section.kind == "row" and section.fields:
            cells = {
                field.name: Span(position + field.span.start, position + field.span.end)
                for field in reversed(section.fields)
                if field.span.end > field.span.start
            }
            rows.append(Row(position, dict(reversed(cells.items()))))
        elif rows:
            yield rows
            rows = []
        position += len(section.text)
    if rows:
        yield rows


def read_table(text: str, rows: Sequence[Row]) -> Finding | None:
    """The conversations of a table: by its header, else by what its columns hold."""
    names = list(dict.fromkeys(name for row in rows for name in row.cells))
    dialogue = _dialogue_by_header(text, rows, names) or _pairs_by_header(text, rows, names)
    return dialogue or _by_content(text, rows, names)


def _best(names: Sequence[str], group: str) -> str | None:
    ranks = json_keys(group)
    known = [name for name in names if compact_key(name) in ranks]
    return min(known, key=lambda name: ranks[compact_key(name)]) if known else None


def _dialogue_by_header(text: str, rows: Sequence[Row], names: Sequence[str]) -> Finding | None:
    speaker = _best(names, "role")
    said = _best([name for name in names if name != speaker], "text")
    if speaker is None or said is None:
        return None
    thread = _best([name for name in names if name not in (speaker, said)], "conversation")
    return _dialogue(text, rows, _Columns(speaker, said), thread)


def _dialogue(text: str, rows: Sequence[Row], columns: _Columns, thread: str | None) -> Finding | None:
    entries = []
    for row in rows:
        if columns.left in row.cells and columns.right in row.cells:
            name = _value(text, row, columns.left).strip()
            group = _value(text, row, thread) if thread else ""
            entries.append(Said(name, (_stripped(text, row.cells[columns.right]),), row.start, group))
    if not behaves_like_dialogue(text, entries, trusted=False):
        return None
    reason = f"a table of {len(entries)} rows with speakers in {columns.left!r} and their words in {columns.right!r}"
    return Finding("table of speakers", to_drafts(entries), 0.9, reason)


def _pairs_by_header(text: str, rows: Sequence[Row], names: Sequence[str]) -> Finding | None:
    asked = _best(names, "question")
    told = _best([name for name in names if name != asked], "answer")
    if asked is None or told is None:
        return None
    extra = _best([name for name in names if name not in (asked, told)], "extra_input")
    found = _pairs(text, rows, _Columns(asked, told), extra)
    asking = sum(ends_as_question(text[slice(*row.cells[asked])]) for row in rows if asked in row.cells)
    words = sum(len(text[slice(*row.cells[told])].split()) for row in rows if told in row.cells)
    return found if asking * 3 >= len(rows) or words >= 3 * len(rows) or _wide(text, rows, told) else None


def _wide(text: str, rows: Sequence[Row], name: str) -> bool:
    """Whether the cells hold sentences of a script that sets no spaces."""
    return sum(sum(letter > "\u2e80" for letter in _value(text, row, name)) > 5 for row in rows) * 2 > len(rows)


def _pairs(text: str, rows: Sequence[Row], columns: _Columns, extra: str | None) -> Finding | None:
    drafts = []
    for row in rows:
        if columns.left in row.cells and columns.right in row.cells:
            asked = [_stripped(text, row.cells[columns.left])]
            if extra and extra in row.cells:
                asked.append(_stripped(text, row.cells[extra]))
            told = (_stripped(text, row.cells[columns.right]),)
            turns = (Utterance("question", "question", tuple(sorted(asked))), Utterance("answer", "answer", told))
            drafts.append(Draft(turns, row.start))
    if not drafts:
        return None
    reason = f"a table of {len(drafts)} rows with questions in {columns.left!r} and answers in {columns.right!r}"
    return Finding("table of questions", tuple(drafts), 0.95, reason)


def _by_content(text: str, rows: Sequence[Row], names: Sequence[str]) -> Finding | None:
    """No telling header: a column of label words or repeated short names, or a column that asks."""
    if len(rows) < 2 or len(names) < 2:
        return None
    lengths = {name: sum(len(_value(text, row, name)) for row in rows) for name in names}
    longest = max(names, key=lambda name: lengths[name])
    for name in names:
        if name != longest and (
            _holds_label_words(text, rows, name) or (_is_letter(name) and _holds_names(text, rows, name))
        ):
            found = _dialogue(text, rows, _Columns(name, longest), None)
            if found:
                return found
    asking = [name for name in names if _asks(text, rows, name)]
    others = [name for name in names if name not in asking]
    if len(asking) == 1 and others:
        told = max(others, key=lambda name: lengths[name])
        words = sum(len(_value(text, row, told).split()) for row in rows)
        return (
            _pairs(text, rows, _Columns(asking[0], told), None)
            if words >= 3 * len(rows) or _wide(text, rows, told)
            else None
        )
    return None


def _holds_label_words(text: str, rows: Sequence[Row], name: str) -> bool:
    families = Counter(read_label(_value(text, row, name).strip().rstrip(":.")).family for row in rows)
    asking = families["question"] + families["user"]
    answering = families["answer"] + families["assistant"]
    return asking > 0 and answering > 0 and asking + answering + families["system"] >= 0.8 * len(rows)


def _holds_names(text: str, rows: Sequence[Row], name: str) -> bool:
    values = [_value(text, row, name).strip() for row in rows if name in row.cells]
    return len(values) * 5 >= len(rows) * 4 and all(
        len(value) <= 40 and any(map(str.isalpha, value)) for value in values
    )


def _is_letter(name: str) -> bool:
    return len(name) <= 2 and name.isupper() and name.isascii()


def _asks(text: str, rows: Sequence[Row], name: str) -> bool:
    asking = sum(ends_as_question(_value(text, row, name)) for row in rows)
    return asking >= 2 and asking >= _MIN_ASKING_SHARE * len(rows)


def _value(text: str, row: Row, name: str) -> str:
    return text[slice(*row.cells[name])] if name in row.cells else ""


def _stripped(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
