"""Tables that number their questions: each number stands beside its question, the answer in the row below without."""

from __future__ import annotations

import re

from src.utils.detection.structure.columns import Table, answer_in_sentences
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import ends_as_question

_NUMBER = re.compile(r"(?:[^\W\d_]{1,10}[.:]?\s?)?\d{1,3}(?:\.\d{1,3}){0,4}[.):]?")
_MIN_QUESTIONS = 3
_MIN_ASKING = 0.6
_COLUMNS = 2


def find_below_numbers(table: Table) -> Finding | None:
    """One pair for each numbered row that has one row without a number below it, where most of the numbered ones ask
    and are answered in sentences; several rows below a question are its options."""
    names = table.names()
    if len(names) != _COLUMNS:
        return None
    numbers, texts = (table.values(name) for name in sorted(names))
    heads = [index for index, number in enumerate(numbers) if number]
    asking = sum(ends_as_question(texts[index]) for index in heads)
    if len(heads) < _MIN_QUESTIONS or asking < _MIN_ASKING * len(heads):
        return None
    if heads[0] or not all(_NUMBER.fullmatch(numbers[index]) for index in heads) or not all(texts):
        return None
    if len(numbers) != 2 * len(heads) or any(numbers[index] for index in range(1, len(numbers), 2)):
        return None
    if not answer_in_sentences(texts[1::2]):
        return None
    drafts = []
    said = sorted(names)[1]
    for index in heads:
        question, answer = table.rows[index], table.rows[index + 1]
        turns = (
            Utterance("question", "question", question.cells[said]),
            Utterance("answer", "answer", answer.cells[said]),
        )
        drafts.append(Draft(turns, question.start))
    return Finding(
        "table of questions", tuple(drafts), 0.95, f"{len(drafts)} numbered questions, each above its answer"
    )
