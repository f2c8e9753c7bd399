"""What a question brings in and its answer affirms must come from the source: an invention may lie in the question."""

from __future__ import annotations

from functools import cache

from src.core.types import Verdict
from src.generation.answer_first.words import EAST_ASIAN
from src.generation.answer_parser import Draft
from src.generation.gates.language import detect_language
from src.generation.gates.leakage import question_words
from src.generation.gates.support import (
    PER_NEAR,
    PER_SUPPORTED,
    found_beside,
    measure,
    measure_answer,
    vocabulary_of,
)
from src.generation.gates.terms import Vocabulary, content_words
from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_wordlist

FREE, MADE_UP = 1.0, 1.0
"""Rarity of words without support that an answer may have which repeats some of them from its question, and of those it
must add to them: whoever only says yes to a question in other words than the source's adds none. Of 1,937 good answers
one in a thousand has more and denies nothing, of 20 whose question was invented with them eight."""


def check_affirmed(draft: Draft, source: str) -> Verdict:
    """Reject an answer that affirms what only its question knows of, and whose own words the source has not either. One
    that denies something, as good answers to such questions do, is left to the other gates."""
    if _denies(draft.answer):
        return Verdict(True)
    code = detect_language(source).code
    known, asked = vocabulary_of(source), Vocabulary([draft.question])
    words = [word for word in content_words(in_digits(draft.answer), code) if not word.isdigit()]
    brought = measure([word for word in words if asked.has_form(word)], known, code).missing
    if not brought:
        return Verdict(True)
    own = measure_answer(draft.question, draft.answer, source)
    held = PER_SUPPORTED * own.found + PER_NEAR * found_beside(draft.question, draft.answer, source)
    if own.missing < MADE_UP or brought + own.missing <= FREE + held:
        return Verdict(True)
    unknown = [word for word in dict.fromkeys(words) if not (known.has(word) or known.has_meaning(word))]
    return Verdict(False, "answer_not_in_source", f"the question brings in: {', '.join(unknown)}"[:160])


def _denies(answer: str) -> bool:
    """Whether anything is denied or narrowed; where no spaces divide words, their characters tell it."""
    denying = _denying_words()
    if not denying.isdisjoint(question_words(answer).split()):
        return True
    return any(EAST_ASIAN.match(word) and word in answer for word in denying)


@cache
def _denying_words() -> frozenset[str]:
    return frozenset(word for line in read_wordlist("denying_words.txt") for word in line.split())
