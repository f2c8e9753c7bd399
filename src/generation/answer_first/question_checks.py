"""The gates for a question that a small model wrote: each is one function with one reason code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from src.core.types import Verdict
from src.generation.answer_first.question_grammar import MIN_COVERAGE, share_named
from src.generation.answer_first.question_parts import INDIRECT, Target
from src.generation.answer_first.words import content_stems, split_words

MAX_NOVELTY = 0.2
"""Share of content words that neither the fact nor its heading has: above it small models make things up."""
MAX_LEAK = 0.34
MIN_WORDS, MAX_WORDS = 3, 26

_PRONOUNS = frozenset(["it", "its", "they", "them", "their", "he", "she", "his", "her", "this", "these", "those"])
_NEGATIONS = frozenset(["not", "no", "never", "none", "cannot", "nothing", "neither", "nor"])


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with what it was asked for: the fact's text, its topic and the target."""

    question: str
    fact: str
    topic: str
    target: Target


def check_question(draft: Draft, examples: frozenset[str]) -> Verdict:
    """Keep the question, or give the first reason against it. ``examples`` are the keys of the prompt's questions."""
    if question_key(draft.question) in examples:
        return Verdict(False, "copied_example")
    for check in _CHECKS:
        verdict = check(draft)
        if not verdict.keep:
            return verdict
    return Verdict(True)


def question_key(question: str) -> str:
    """Equal for two questions with the same content words in the same order."""
    plain = question.removeprefix(INDIRECT)
    return " ".join(content_stems(plain)) or plain.casefold()


def rate_question(draft: Draft) -> float:
    """How well the question names what it should and nothing else: 1 is best."""
    return share_named(draft.question, draft.target.given) - _novelty(draft)


def _check_form(draft: Draft) -> Verdict:
    words = split_words(draft.question)
    pairs = list(pairwise(words))
    repeats = any(left == right for left, right in pairs) or len(set(pairs)) < len(pairs)
    if not MIN_WORDS <= len(words) <= MAX_WORDS or repeats or draft.question.count("(") != draft.question.count(")"):
        return Verdict(False, "malformed_question")
    return Verdict(False, "dangling_pronoun") if _PRONOUNS & set(words) else Verdict(True)


def _check_negation(draft: Draft) -> Verdict:
    asked = _NEGATIONS & set(split_words(draft.question.replace("n't", " not")))
    said = _NEGATIONS & set(split_words(f"{draft.target.given} {draft.target.closer}".replace("n't", " not")))
    return Verdict(True) if asked == said else Verdict(False, "negation_changed")


def _check_leak(draft: Draft) -> Verdict:
    given = set(content_stems(f"{draft.target.given} {draft.target.closer}"))
    secret = set(content_stems(draft.target.answer)) - given
    told = secret & set(content_stems(draft.question))
    numbers = set(re.findall(r"\d+", draft.target.answer)) & set(re.findall(r"\d+", draft.question))
    share = len(told) / len(secret) if secret else 0.0
    return Verdict(False, "gives_answer_away") if share > MAX_LEAK or numbers else Verdict(True)


def _check_novelty(draft: Draft) -> Verdict:
    return Verdict(False, "adds_something") if _novelty(draft) > MAX_NOVELTY else Verdict(True)


def _check_coverage(draft: Draft) -> Verdict:
    """The first content word is the subject's: without it the question is about something else."""
    wanted = content_stems(draft.target.given)
    names_subject = not wanted or wanted[0] in content_stems(draft.question)
    return (
        Verdict(True)
        if names_subject and share_named(draft.question, draft.target.given) >= MIN_COVERAGE
        else Verdict(False, "misses_the_fact")
    )


def _body(draft: Draft) -> list[str]:
    """The content stems of a question without its first word."""
    return content_stems(draft.question.partition(" ")[2])


def _novelty(draft: Draft) -> float:
    body = _body(draft)
    ours = " ".join([form.start for form in draft.target.forms] + [draft.target.closer])
    known = set(content_stems(f"{draft.fact} {draft.topic} {ours}"))
    return sum(word not in known for word in body) / len(body) if body else 0.0


_CHECKS = (
    _check_form,
    _check_negation,
    _check_leak,
    _check_novelty,
    _check_coverage,
)
