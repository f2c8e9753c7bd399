"""Plain text whose lines one mark cuts: a dialogue a line (``__eou__``), or a record a line (``+++$+++``)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.lines.speech import count_words
from src.utils.detection.structure.speakers import Said, behaves_like_dialogue, to_drafts
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.signs import QUESTION_MARKS

_SEPARATOR = re.compile(r"(?<!\S)(?:__\w{2,12}__|[^\w\s\"'.!?()\[\]-]{3,9}|[|]{2,3}|<\w{2,8}>|\[SEP\])(?!\S)|\t")
_NUMBER = re.compile(r"\d{1,5}[ \t]+(?=\S)")
_MIN_LINES = 4
_SAMPLE = 400
_MIN_TURNS = 2
_MIN_DIALOGUES = 2
_MIN_SHARE = 0.6
_MIN_WORDS = 3
_MAX_NAME = 40


class _Row(NamedTuple):
    """The parts of a line between separators; ``number`` is the number that the line begins with, or -1."""

    parts: tuple[Span, ...]
    number: int
    start: int


def find_separated(text: str, lines: Sequence[Line]) -> Finding | None:
    """The dialogues of lines that one mark cuts: turns in a row, records that name a speaker, or numbered pairs."""
    filled = [line for line in lines if not (line.blank or line.foreign or line.code)]
    mark = _usual_mark(text, filled[:_SAMPLE])
    if not mark or sum(mark in text[line.first : line.end] for line in filled) < _MIN_SHARE * len(filled):
        return None
    if mark == "\t" and any(mark not in text[line.first : line.end] for line in filled[1:]):
        return None  # messages run on in lines of their own
    rows = [row for line in filled if (row := _row(text, line, mark)) is not None]
    if not rows:
        return None
    drafts: Sequence[Draft] = _of_records(text, rows)
    if not drafts and mark != "\t":
        drafts = _of_numbered_pairs(text, rows) or _of_rows(text, rows, mark)
    if not drafts:
        return None
    turns = sum(len(draft.utterances) for draft in drafts)
    return Finding("separated turns", tuple(drafts), 0.9, f"{turns} turns between separators {mark!r}")


def _usual_mark(text: str, lines: Sequence[Line]) -> str:
    """The mark that most lines hold; "" when none holds enough of them."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update({found[0] for found in _SEPARATOR.finditer(text, line.first, line.end)})
    mark, count = counts.most_common(1)[0] if counts else ("", 0)
    return mark if count >= max(_MIN_LINES, _MIN_SHARE * len(lines)) else ""


def _row(text: str, line: Line, mark: str) -> _Row | None:
    number = _NUMBER.match(text, line.first, line.end)
    start = number.end() if number else line.first
    parts = []
    while start <= line.end:
        stop = text.find(mark, start, line.end)
        stop = line.end if stop < 0 else stop
        part = trimmed(text, start, stop)
        if part.end > part.start:
            parts.append(part)
        start = stop + len(mark)
    return _Row(tuple(parts), int(number[0]) if number else -1, line.start) if parts else None


def _of_records(text: str, rows: Sequence[_Row]) -> tuple[Draft, ...]:
    """Every line a record of the same fields, three or more: the last is said, one before it names who says it.

    A field that stays the same while speakers take turns, and changes with their cast, tells the dialogues apart.
    """
    width = Counter(len(row.parts) for row in rows).most_common(1)[0][0]
    same = [row for row in rows if len(row.parts) == width]
    if width < 3 or len(same) < 0.9 * len(rows):
        return ()
    columns = [[text[slice(*row.parts[place])] for row in same] for place in range(width)]
    names = [place for place in range(width - 1) if _names_speakers(columns[place])]
    if not names:
        return ()
    speaker = names[-1]
    threads = next((column for place, column in enumerate(columns[:-1]) if _tells_threads(column)), None)
    entries = [
        Said(columns[speaker][index], (row.parts[-1],), row.start, threads[index] if threads else "")
        for index, row in enumerate(same)
    ]
    return to_drafts(entries) if behaves_like_dialogue(text, entries, trusted=False) else ()


def _names_speakers(column: Sequence[str]) -> bool:
    changes = sum(one != other for one, other in pairwise(column))
    distinct = len(set(column))
    return (
        1 < distinct <= len(column) / 2
        and changes * 2 >= len(column) - 1
        and all(len(name) <= _MAX_NAME and any(map(str.isalpha, name)) for name in column)
    )


def _tells_threads(column: Sequence[str]) -> bool:
    """Whether equal values stand together, four lines a value or more."""
    runs = 1 + sum(one != other for one, other in pairwise(column))
    return 1 < runs == len(set(column)) and runs * 4 <= len(column)


def _of_numbered_pairs(text: str, rows: Sequence[_Row]) -> list[Draft]:
    """Lines numbered from 1 anew for each dialogue, each with what one says and what the other replies; those that
    tabs part have a rule of their own (``numbered_exchanges``)."""
    numbers = [row.number for row in rows]
    in_order = sum(other in (one + 1, 1) for one, other in pairwise(numbers))
    if min(numbers) < 1 or in_order < len(numbers) - 1 or not _are_sentences(text, rows):
        return []
    groups: list[list[_Row]] = []
    for row in rows:
        if row.number == 1 or not groups:
            groups.append([])
        if len(row.parts) == 2:
            groups[-1].append(row)
    if len(groups) < _MIN_DIALOGUES:
        return []  # sentences and their translations are numbered through
    return [draft for group in groups if (draft := _draft([part for row in group for part in row.parts])) is not None]


def _of_rows(text: str, rows: Sequence[_Row], mark: str) -> list[Draft]:
    """Every line a dialogue of two who take turns."""
    columns = all(len(row.parts) == 2 for row in rows) and not any(map(str.isalpha, mark))
    if columns or not _are_sentences(text, rows):
        return []  # two columns are as often a text and its translation
    return [draft for row in rows if (draft := _draft(iter(row.parts))) is not None]


def _draft(parts: Iterator[Span] | Sequence[Span]) -> Draft | None:
    turns = [Utterance(f"speaker {number % 2 + 1}", None, (part,)) for number, part in enumerate(parts)]
    return Draft(tuple(turns), turns[0].pieces[0].start) if len(turns) >= _MIN_TURNS else None


def _are_sentences(text: str, rows: Sequence[_Row]) -> bool:
    """Whether most parts end as sentences do, some ask, and they are no single words."""
    parts = [text[slice(*part)] for row in rows for part in row.parts]
    ended = sum(part[-1] in ".!?。！？…؟\"'”»)" for part in parts)
    asking = sum(part[-1] in QUESTION_MARKS for part in parts)
    spoken = sum(map(count_words, parts)) / len(parts)
    return ended >= 0.7 * len(parts) and asking * 20 >= len(parts) and spoken >= _MIN_WORDS
