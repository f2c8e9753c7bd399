"""An answer must be of the kind that its question asks for; and the question must leave something to be answered."""

from __future__ import annotations

import re
from functools import cache

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.code_terms import code_terms
from src.generation.gates.language import detect_language
from src.generation.gates.terms import Vocabulary, content_words, rarity
from src.generation.gates.texts import PLAIN_WORD, normalise
from src.generation.numbers.words import numbers_by_word, spelled_numbers
from src.generation.wordlists import month_names, read_word_sets

MIN_NEW = 0.15
"""Rarity of what an answer must say beyond its question."""
MIN_REASON_WORDS = 2
MOST_REPEATED = 0.6
"""Share of a question's words from which an answer repeats it."""
_PAUSE = re.compile(r"\W*\w+\s*[,.;:!–—]")
_KINDS = ("number", "year", "time", "reason", "person", "place", "manner", "thing")
_OPENING = 48
"""Characters of a question in which the word that asks is looked for."""
_FIRST_WORDS = 3
"""Words of a question by which it asks at once, with nothing told before."""
_DIGIT = re.compile(r"\d")


def check_answer_type(draft: Draft, source: str = "") -> Verdict:
    """Reject, for the first turn and its answer: "how many" without a number, "when" without a time, "in which year"
    without a year, "why" without a reason, yes or no to anything else; and an answer that repeats its question and says
    nothing more, where the question is none of yes or no and names no choice. Values that ``source`` knows ("false")
    are no yes or no."""
    question, answer = draft.messages[0].content, draft.messages[1].content
    code = detect_language(question).code or detect_language(answer).code
    kind = find_kind(question, code)
    words = [word.casefold() for word in PLAIN_WORD.findall(answer)]
    asks_at_once = kind not in {"time", "year"} and find_kind(" ".join(question.split()[:_FIRST_WORDS]), code) == kind
    if kind and kind != "choice" and _agrees(answer, words, code, source, may_go_on=asks_at_once):
        return Verdict(False, "answer_type_mismatch", f"yes or no to a question of {kind}")
    if kind == "number" and not _has_number(answer, words, code):
        return Verdict(False, "answer_type_mismatch", "no number")
    if kind == "time" and not _has_number(answer, words, code) and not _has_time(words, code):
        return Verdict(False, "answer_type_mismatch", "no time")
    if kind == "year" and not _has_number(answer, words, code) and not _has_word_in(words, _words(code, "years")):
        return Verdict(False, "answer_type_mismatch", "no year")
    asked = Vocabulary([question])
    new = [word for word in dict.fromkeys(content_words(answer, code)) if not asked.has_form(word)]
    if (
        kind == "reason"
        and len(new) < MIN_REASON_WORDS
        and not set(words) & (_words(code, "reason") | _words(code, "because"))
    ):
        return Verdict(False, "answer_type_mismatch", "no reason")
    is_told = sum(map(rarity, new)) < MIN_NEW and not set(_numbers(answer)) - set(_numbers(question))
    if kind not in {"", "choice"} and is_told and _repeats(question, answer, code):
        return Verdict(False, "gives_answer_away")
    return Verdict(True)


@cache
def agreements() -> frozenset[str]:
    """Yes and no in every language of the list."""
    kinds = read_word_sets("question_kinds.txt")
    return frozenset().union(*(words for kind, words in kinds.items() if kind.endswith(".agreement")))


def _agrees(answer: str, words: list[str], code: str, source: str, *, may_go_on: bool) -> bool:
    """Whether an answer is a yes or no; with ``may_go_on`` also whether it begins with one: "No, it is not"."""
    if set(words) <= _words(code, "value") and set(words) <= set(PLAIN_WORD.findall(source.casefold())):
        return False
    agreement = _words(code, "agreement")
    return set(words) <= agreement or (may_go_on and words[0] in agreement and bool(_PAUSE.match(answer)))


def _repeats(question: str, answer: str, code: str) -> bool:
    """Whether an answer has most words of its question again, and no code of its own: what takes one or two of them
    out of it answers by a choice."""
    said = Vocabulary([answer])
    asked = list(dict.fromkeys(content_words(question, code)))
    again = sum(said.has_form(word) for word in asked)
    return bool(asked) and again >= MOST_REPEATED * len(asked) and not code_terms(answer) - code_terms(question)


def find_kind(question: str, code: str) -> str:
    """What ``question`` asks for: number, year, time, reason, person, place, manner, thing; choice where it names its
    alternatives; "" where it begins otherwise (yes or no, a request)."""
    words = [word.casefold().removesuffix("'s") for word in PLAIN_WORD.findall(normalise(question))]
    if set(words) & _words(code, "or"):
        return "choice"
    text = f" {' '.join(words)} "[:_OPENING]
    found = []
    for kind in (*_KINDS, ""):
        for start in _words(code, kind or "open"):
            place = text.find(f" {start.replace('_', ' ')} ")
            if place >= 0:
                found.append((place, -len(start), kind))
    return min(found)[2] if found else ""


def has_measure(answer: str, code: str) -> bool:
    """Whether an answer has a number, an amount or a time."""
    words = [word.casefold() for word in PLAIN_WORD.findall(answer)]
    return _has_number(answer, words, code) or _has_time(words, code)


def _has_number(answer: str, words: list[str], code: str) -> bool:
    if _DIGIT.search(answer) or any(mark.isnumeric() for mark in answer) or spelled_numbers(answer):
        return True
    known = numbers_by_word()
    return any(part in known for word in words for part in (word, *word.split("-"))) or bool(
        set(words) & _words(code, "amount")
    )


def _has_time(words: list[str], code: str) -> bool:
    return not month_names().isdisjoint(words) or _has_word_in(words, _words(code, "moment"))


def _has_word_in(words: list[str], parts: frozenset[str]) -> bool:
    """Whether one of ``words`` is one of ``parts`` or a compound with a long one: Baujahr, weekdays."""
    return any(word in parts or any(len(part) > 3 and part in word for part in parts) for word in words)


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _words(code: str, kind: str) -> frozenset[str]:
    return read_word_sets("question_kinds.txt").get(f"{code}.{kind}", frozenset())
