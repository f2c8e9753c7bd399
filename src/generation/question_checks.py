"""The gates for a question that a small model wrote: each is one function with one reason code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from src.core.types import Verdict
from src.generation.question_parts import AUXILIARY_WORDS, Target
from src.generation.words import content_stems, load_list, split_words, stem

MAX_NOVELTY = 0.2
"""Share of content words that neither the fact nor its heading has: above it small models make things up."""
MIN_COVERAGE = 0.6
"""Share of the words which the question has to name; below it the question is about something else."""
MIN_ORDER = 0.75
"""Share of the question's content words that come in the order of the fact: below it the words are jumbled."""
MAX_LEAK = 0.34
MIN_WORDS, MAX_WORDS = 3, 26

_PRONOUNS = frozenset(["it", "its", "they", "them", "their", "he", "she", "his", "her", "this", "these", "those"])
_NEGATIONS = frozenset(["not", "no", "never", "none", "without", "cannot", "nothing", "neither", "nor"])
_DO = frozenset(["do", "does", "did"])


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
    return " ".join(content_stems(question)) or question.casefold()


def rate_question(draft: Draft) -> float:
    """How well the question names what it should and nothing else: 1 is best."""
    return _coverage(draft) + _order(draft) - 1 - _novelty(draft)


def _check_form(draft: Draft) -> Verdict:
    words = split_words(draft.question)
    pairs = list(zip(words, words[1:], strict=False))
    repeats = any(left == right for left, right in pairs) or len(set(pairs)) < len(pairs)
    if not MIN_WORDS <= len(words) <= MAX_WORDS or repeats or draft.question.count("(") != draft.question.count(")"):
        return Verdict(False, "malformed_question")
    return Verdict(False, "dangling_pronoun") if _PRONOUNS & set(words) else Verdict(True)


def _check_grammar(draft: Draft) -> Verdict:
    words = split_words(draft.question)
    given = split_words(f"{draft.target.given} {draft.target.closer}")
    auxiliaries = [word for word in words[:4] if word in AUXILIARY_WORDS][:1]
    extra = sum(word in AUXILIARY_WORDS for word in words) - sum(word in AUXILIARY_WORDS for word in given)
    asks_with_do = bool(auxiliaries and auxiliaries[0] in _DO)
    if extra > (1 if auxiliaries else 0):
        return Verdict(False, "ungrammatical")
    if asks_with_do and any(_is_inflected_verb(word) for word in words[2:] if word in given):
        return Verdict(False, "ungrammatical")
    return Verdict(True)


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
    return Verdict(True) if names_subject and _coverage(draft) >= MIN_COVERAGE else Verdict(False, "misses_the_fact")


def _check_order(draft: Draft) -> Verdict:
    return Verdict(False, "jumbled") if _order(draft) < MIN_ORDER else Verdict(True)


def _body(draft: Draft) -> list[str]:
    """The content stems of a question without those of its opener, which we chose."""
    opener = next((opener for opener in draft.target.openers if draft.question.startswith(opener)), "")
    return content_stems(draft.question.removeprefix(opener))


def _novelty(draft: Draft) -> float:
    body = _body(draft)
    known = set(content_stems(f"{draft.fact} {draft.topic} {draft.target.closer}"))
    return sum(word not in known for word in body) / len(body) if body else 0.0


def _coverage(draft: Draft) -> float:
    wanted = content_stems(draft.target.given) or [stem(word) for word in split_words(draft.target.given)]
    have = {stem(word) for word in split_words(draft.question)}
    return sum(word in have for word in wanted) / len(wanted)


def _order(draft: Draft) -> float:
    body = _body(draft)
    if not body:
        return 1.0
    return _common_length(body, content_stems(f"{draft.target.given} {draft.target.closer}")) / len(body)


def _common_length(left: Sequence[str], right: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for word in left:
        diagonal = 0
        for column, other in enumerate(right, start=1):
            above = row[column]
            row[column] = diagonal + 1 if word == other else max(above, row[column - 1])
            diagonal = above
    return row[-1]


def _is_inflected_verb(word: str) -> bool:
    verbs = load_list("en_imperatives") | load_list("en_verbs")
    bases = {word[:-1], word.removesuffix("es"), f"{word[:-3]}y" if word.endswith("ies") else word[:-1]}
    return word.endswith("s") and bool(bases & verbs) and word not in verbs


_CHECKS = (
    _check_form,
    _check_grammar,
    _check_negation,
    _check_leak,
    _check_novelty,
    _check_coverage,
    _check_order,
)
