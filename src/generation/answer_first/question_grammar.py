"""A GBNF grammar that lets a model write one question out of the words of one fact."""

from __future__ import annotations

from collections.abc import Sequence

from src.generation.answer_first.question_parts import Form, Target
from src.generation.answer_first.words import content_stems, load_list, split_words, stem

MIN_COVERAGE = 0.6
"""Share of the words of the given part which a question has to name; below it, it asks about something else."""


def build_grammar(target: Target) -> str:
    """One of the target's forms: its start, its words in order up to the end of a phrase, the target's closer and "?".

    Under it the model can bring in nothing that the fact does not say. It chooses the verb that is asked with, and how
    much of the fact a reader needs to understand the question.
    """
    forms = " | ".join(_rule(form, target.given) for form in target.forms)
    return f"root ::= ({forms}) {_literal(f'{target.closer}?')}"


def _rule(form: Form, given: str) -> str:
    phrases = _phrases(form.words)
    needed = _count_needed(form, phrases, given)
    tail = ""
    for phrase in reversed(phrases[needed:]):
        tail = f"({_literal(f' {phrase}')} {tail})?" if tail else f"({_literal(f' {phrase}')})?"
    return f"{_literal(' '.join(['', form.start, *phrases[:needed]]))} {tail}".rstrip()


def _phrases(words: Sequence[str]) -> list[str]:
    """The words in pieces after which a question may end: the next piece begins with a preposition or conjunction, and
    none ends with a function word."""
    phrases: list[list[str]] = []
    for word in words:
        opens = word.casefold() in load_list("en_boundaries")
        if not phrases or (opens and content_stems(phrases[-1][-1])):
            phrases.append([])
        phrases[-1].append(word)
    return [" ".join(phrase) for phrase in phrases]


def _count_needed(form: Form, phrases: Sequence[str], given: str) -> int:
    """How many phrases a question needs in any case to name enough of what is asked about."""
    for count in range(len(phrases)):
        if share_named(" ".join([form.start, *phrases[:count]]), given) >= MIN_COVERAGE:
            return count
    return len(phrases)


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def share_named(question: str, given: str) -> float:
    """Which share of the content words of ``given`` the question names, from 0 to 1."""
    wanted = content_stems(given) or [stem(word) for word in split_words(given)]
    have = {stem(word) for word in split_words(question)}
    return sum(word in have for word in wanted) / len(wanted) if wanted else 1.0
