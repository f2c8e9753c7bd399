"""What a fact can be asked: all rules in order, and what makes a question impossible to understand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from src.generation.answer_first.clause_kinds import ask_condition, ask_duty, ask_purpose, ask_reason
from src.generation.answer_first.noun_kinds import (
    ask_definition,
    ask_effect,
    ask_list,
    ask_manner,
    ask_meaning,
    ask_person,
    ask_place,
)
from src.generation.answer_first.quantity_kinds import ask_frequency, ask_quantity, ask_time
from src.generation.answer_first.question_parts import Target
from src.generation.answer_first.words import load_list, split_words

_DANGLING = re.compile(
    r"\b(?:it|its|they|them|their|he|she|his|her|him|this|these|those|there|such|we|our|us|I"
    r"|other|others|another|similar|so|else|here|above|below|following|previous|former|latter|respective|foregoing)\b"
)
"""What a question must not name: it stands for something that only the reader of the source knows."""


def find_targets(sentence: str, names: frozenset[str] = frozenset()) -> tuple[Target, ...]:
    """The ways to ask for ``sentence`` (one English sentence), the surest first; none for most other languages.

    ``names`` are written with a capital inside of a sentence, too; other first words are put into lower case.
    """
    plain = _lower_first(sentence.rstrip(".!"), names)
    return tuple(target for rule in _RULES for target in rule(plain) if _is_askable(target))


def _lower_first(sentence: str, names: frozenset[str]) -> str:
    first, space, rest = sentence.partition(" ")
    is_title = first[:1].isupper() and first[1:] == first[1:].lower()
    keeps_capital = first in names or (rest[:1].isupper() and first not in ("The", "A", "An", "Every", "Each", "Only"))
    return sentence if not is_title or keeps_capital else f"{first.lower()}{space}{rest}"


def _is_askable(target: Target) -> bool:
    named = f"{target.given} {target.closer}"
    words = split_words(named)
    if not target.forms or not words or _DANGLING.search(named):
        return False
    return bool(target.closer) or words[-1] not in load_list("en_boundaries")


_RULES: tuple[Callable[[str], Iterator[Target]], ...] = (
    ask_purpose,
    ask_condition,
    ask_meaning,
    ask_definition,
    ask_reason,
    ask_list,
    ask_manner,
    ask_place,
    ask_frequency,
    ask_time,
    ask_quantity,
    ask_person,
    ask_effect,
    ask_duty,
)
