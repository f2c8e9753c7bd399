"""What an answer says beyond its question must come from its passage: support of its words, weighted by rarity."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.language import detect_language
from src.generation.gates.terms import Vocabulary, content_words, rarity
from src.generation.gates.texts import split_sentences
from src.generation.number_words import in_digits

MIN_EVIDENCE = 1.5
"""Rarity of the new words that it takes to judge by them: two or three words of the subject."""
MIN_SUPPORT = 0.38
"""Share of that rarity which the passage must have. Good answers in their own words reach .45 to 1, answers from
elsewhere 0 to .3 (benchmarks/quality.py)."""
SURELY_LOW, MIN_WHOLE = 0.65, 0.5
"""An answer that is only a little below counts as supported where half of all its words, the question's too, are."""
MIN_SUPPORT_SPACELESS = 0.3
"""The same for Chinese and Japanese: pairs of characters that reach over the border of two words are never found."""
_SPACELESS = frozenset({"zh", "ja"})
MIN_SENTENCE_EVIDENCE = 3.0
MIN_SENTENCE_SUPPORT = 0.15
"""For single sentences of an answer: one may be free of the source's words only while it says little."""
MIN_TOPIC = 0.2
"""Share of a question's rarity that the passage must have."""


class Support(NamedTuple):
    """``share`` of the rarity of some words that the source has, and that rarity; share 1 where there is none."""

    share: float
    evidence: float


def check_support(draft: Draft, source: str) -> Verdict:
    """Reject an answer whose new words are not those of ``source`` (passage and heading), a sentence of one, and a
    question about something else."""
    known, code = _vocabulary(source), detect_language(source).code
    topic = measure(content_words(draft.question, code), known)
    if topic.evidence >= MIN_EVIDENCE and topic.share < MIN_TOPIC and not _shares_term(draft.question, known, code):
        return Verdict(False, "question_off_source", f"{topic.share:.2f} of its words")
    asked = Vocabulary([draft.question])
    for sentence in split_sentences(draft.answer):
        new = new_words(sentence, asked, code)
        found = measure(new, known)
        if found.evidence >= MIN_SENTENCE_EVIDENCE and found.share < MIN_SENTENCE_SUPPORT:
            return Verdict(False, "answer_not_in_source", f"{found.share:.2f} of the words of: {sentence[:120]}")
    found = measure(new_words(draft.answer, asked, code), known)
    least = MIN_SUPPORT_SPACELESS if code in _SPACELESS else MIN_SUPPORT
    whole = measure(content_words(in_digits(draft.answer), code), known).share
    is_low = found.share < SURELY_LOW * least or whole < MIN_WHOLE
    if found.evidence >= MIN_EVIDENCE and found.share < least and is_low:
        return Verdict(False, "answer_not_in_source", f"{found.share:.2f} of its words")
    return Verdict(True)


def _shares_term(question: str, known: Vocabulary, code: str) -> bool:
    """Whether a question without spaces between its words has a pair of characters of the source as it is."""
    return code in _SPACELESS and any(known.has_exactly(word) for word in content_words(question, code))


def new_words(answer: str, asked: Vocabulary, code: str) -> list[str]:
    """The content words of an answer that its question does not have, each once."""
    return [word for word in dict.fromkeys(content_words(in_digits(answer), code)) if not asked.has_form(word)]


def measure(words: Sequence[str], known: Vocabulary) -> Support:
    """How much of ``words`` a source has."""
    # whether a number stands in the source is decided by the gate for numbers, in whatever form it is written
    weights = [(rarity(word), word.isdigit() or known.has(word)) for word in dict.fromkeys(words)]
    total = sum(weight for weight, _ in weights)
    return Support(sum(weight for weight, has in weights if has) / total if total else 1.0, total)


@lru_cache(maxsize=256)
def _vocabulary(source: str) -> Vocabulary:
    return Vocabulary([source, in_digits(source)])
