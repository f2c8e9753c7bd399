"""A sample with what it is compared by: what it asks for, and what its answer says beyond its question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from src.generation.answer_first.words import stem
from src.generation.gates.answer_forms import asks_amount, find_asked
from src.generation.gates.answer_types import agreements
from src.generation.gates.code_terms import code_terms
from src.generation.gates.language import detect_language
from src.generation.gates.support import new_words
from src.generation.gates.terms import STEM_CHARS, Vocabulary, content_words, rarity
from src.generation.gates.texts import question_key
from src.generation.numbers.figures import Figure, is_firm, read_figures
from src.generation.numbers.words import in_digits
from src.utils.similarity.shingles import tokenize

_ASKED = {"person": "person", "time": "time", "year": "time", "reason": "reason"} | dict.fromkeys(
    ("number", "measure"), "number"
)
"""What questions of one fact ask for alike, in whatever words: who is not when, but why may be where from."""
_IN_DIGITS = re.compile(r"\d+(?:[.,]\d+)*(?![\d.)])")
"""No number of an item of a list."""
_NAME = re.compile(r"(?<=[\w,;:] )[^\W\d_a-zß-ÿ][\w'’-]+(?: [^\W\d_a-zß-ÿ][\w'’-]*)*")
_FIRST_WORD = re.compile(r"\W*(\w+)\b(?=[,.;:!–—]|\s*$)")


@dataclass(frozen=True, slots=True)
class Telling:
    """A sample with what it is compared by."""

    question: str
    tokens: tuple[str, ...]
    words: tuple[str, ...]
    facts: tuple[str, ...]
    answer_words: tuple[str, ...]
    passage: str
    has_answer: bool
    code: frozenset[str]
    is_code: bool
    agreement: str
    answer_key: str
    answer_length: int
    lead: tuple[str, ...]
    amount: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    asked_for: str
    asks_agreement: bool
    asks_for_text: bool
    token_set: frozenset[str]
    stems: frozenset[str]
    names: tuple[frozenset[str], ...]
    """The words of each name of the question; none in German, whose nouns look like names."""


@lru_cache(maxsize=16)  # what is found admissible is added next
def read_telling(question: str, answer: str, passage: str) -> Telling:
    code = detect_language(f"{question}\n{answer}").code
    amount = _find_amount(question, answer, code) if answer else ()
    question_in_digits, answer = (in_digits(text) for text in (question, answer))
    asked = Vocabulary([question_in_digits])
    facts = new_words(answer, asked, code) if answer else []
    tokens = tuple(tokenize(question))
    asked_for = find_asked(question, code)
    words = tuple(dict.fromkeys(content_words(question_in_digits, code)))
    return Telling(
        question,
        tokens,
        words,
        tuple(facts),
        tuple(dict.fromkeys(content_words(answer, code))),
        passage,
        bool(answer),
        code_terms(answer) - code_terms(question),
        answer.strip().startswith("`") and answer.strip().endswith("`"),
        _agreement(answer),
        question_key(answer),
        len(tokenize(answer)),
        _find_lead(facts),
        amount,
        read_figures(answer),
        _ASKED.get(asked_for, ""),
        asked_for == "agreement",
        asked_for == "request",
        frozenset(tokens),
        frozenset(map(cut, words)),
        () if code == "de" else tuple(frozenset(run[0].casefold().split()) for run in _NAME.finditer(question)),
    )


def cut(word: str) -> str:
    """The rough stem of a word, by which questions are counted."""
    return stem(word)[:STEM_CHARS]


def _find_amount(question: str, answer: str, code: str) -> tuple[Figure, ...]:
    """The first number of an answer whose question asks for an amount, or that begins with a measure or in digits."""
    first = read_figures(answer)[:1]
    opens = any(is_firm(figure) and len(answer[: figure.place].split()) <= 1 for figure in first)
    return first if opens or _IN_DIGITS.match(answer) or asks_amount(question, code) else ()


def _find_lead(words: Sequence[str]) -> tuple[str, ...]:
    """The words with which an answer begins, up to half of what it says."""
    said = list(accumulate(map(rarity, words)))
    return tuple(word for word, until in zip(words, said, strict=True) if until - rarity(word) < said[-1] / 2)


def _agreement(answer: str) -> str:
    """The yes or no that an answer begins with."""
    first = _FIRST_WORD.match(answer.casefold())
    return first[1] if first and first[1] in agreements() else ""
