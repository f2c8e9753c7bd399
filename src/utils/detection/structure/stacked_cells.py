"""Tables of one column: a cell that asks above the cells that answer it, or both in one cell, as boxes of a handout."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.core.types import Span
from src.utils.detection.structure.columns import Table, answer_in_sentences, differ
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Family, Finding, Utterance
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.vocabulary import read_label

_MIN_PAIRS = 3
_MAX_BELOW = 3
"""Cells that may answer one question: more are a text, or things to choose from."""
_BREAK = re.compile(r"\n\s*")
_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s+")
_LABEL = re.compile(r"(?P<word>[^\W\d_]{1,14}(?:\s?\d{1,3})?)\s?[.:)：]\s")

_Pair = tuple[Span, tuple[Span, ...]]


def find_stacked(table: Table) -> Finding | None:
    """The questions and answers of a table with a single column, where every answer is told in sentences."""
    names = table.names()
    if len(names) != 1:
        return None
    cells = [row.cells[names[0]][0] for row in table.rows if names[0] in row.cells]
    pairs = _cell_above_cells(table.text, cells) or _both_in_each(table.text, cells)
    if len(pairs) < _MIN_PAIRS:
        return None
    pairs = _without_labels(table.text, pairs)
    told = [table.text[answer[0].start : answer[-1].end] for _, answer in pairs]
    if not answer_in_sentences(told) or not differ(told):
        return None
    drafts = [
        Draft(
            (Utterance("question", "question", (question,)), Utterance("answer", "answer", answer)),
            question.start,
        )
        for question, answer in pairs
    ]
    reason = f"{len(drafts)} cells that ask above cells that answer"
    return Finding("table of questions", tuple(drafts), 0.9, reason)


def _cell_above_cells(text: str, cells: Sequence[Span]) -> list[_Pair]:
    """A cell that asks and those below it, up to the next one that asks; none where the table does not begin with a
    question: below a name (``comment``) every cell is an entry."""
    asking = [index for index, cell in enumerate(cells) if ends_as_question(text[slice(*cell)])]
    if not asking or asking[0]:
        return []
    pairs: list[_Pair] = []
    for index, stop in zip(asking, [*asking[1:], len(cells)], strict=True):
        below = cells[index + 1 : stop]
        if not 1 <= len(below) <= _MAX_BELOW:
            return []
        pairs.append((cells[index], tuple(below)))
    single = sum(len(answer) == 1 for _, answer in pairs)
    return pairs if single * 2 > len(pairs) else []


def _both_in_each(text: str, cells: Sequence[Span]) -> list[_Pair]:
    """The first line of each cell where that asks, and the lines below it; none where a cell does otherwise."""
    pairs: list[_Pair] = []
    for cell in cells:
        end = _BREAK.search(text, *cell)
        if (
            not end
            or not ends_as_question(text[cell.start : end.start()])
            or ends_as_question(text[end.end() : cell.end])
        ):
            return []
        pairs.append((Span(cell.start, end.start()), (Span(end.end(), cell.end),)))
    return pairs


def _without_labels(text: str, pairs: Sequence[_Pair]) -> list[_Pair]:
    """The pairs without the number or the word for a question that opens every question, and the word for an answer."""
    bare: list[_Pair] = []
    for question, answer in pairs:
        asked = _said_from(text, question, ASKERS)
        if asked == question.start:
            return list(pairs)
        told = Span(_said_from(text, answer[0], ANSWERERS), answer[0].end)
        bare.append((Span(asked, question.end), (told, *answer[1:])))
    return bare


def _said_from(text: str, cell: Span, families: Sequence[Family]) -> int:
    """Where a cell goes on behind a number (of a question) or a label word; its start where it has none."""
    number = _NUMBER.match(text, *cell) if families is ASKERS else None
    label = _LABEL.match(text, *cell)
    if label and read_label(label["word"]).family in families:
        return label.end()
    return number.end() if number else cell.start
