"""Slots: the values of a text with the words around them, by which one is told that another value belongs there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Generic, NamedTuple, TypeVar

from src.generation.answer_first.words import stem
from src.generation.gates.terms import content_words, is_function_word

WIDTH = 5
"""Words on each side of a value that say what it is the value of."""
_GRAMMAR = 0.2
"""What a function word counts for beside a word that says something."""
MIN_LEAD = 2.0
"""How much more the words around another value must have in common with those around one that is said than those around
the value itself: two words that say something."""
MIN_WEIGHTED_LEAD = 1.5
"""The same, times the share of the words around the one that is said. Of 2,200 good answers one reaches both,
with a number that is worked out (benchmarks/quality.py)."""

MOST = 60
"""Values of an answer from which on it is a table, and of which no more are compared."""

Value = TypeVar("Value")


class Slot(NamedTuple, Generic[Value]):
    """A value, its kind, the number of its sentence, and the stems of the words before and behind it with what each
    counts for."""

    value: Value
    kind: str
    sentence: int
    before: dict[str, float]
    behind: dict[str, float]

    @property
    def weight(self) -> float:
        """What all words around it count for."""
        return sum(self.before.values()) + sum(self.behind.values())

    @property
    def words(self) -> frozenset[str]:
        """The stems around it."""
        return frozenset((*self.before, *self.behind))


def weigh(words: Iterable[str]) -> dict[str, float]:
    """The stems of ``words``, in lower case, with what each counts for."""
    return {stem(word): _GRAMMAR if word[0].isdigit() or is_function_word(word) else 1.0 for word in words}


def asked_stems(question: str) -> frozenset[str]:
    """The stems of what ``question`` is about."""
    return frozenset(map(stem, content_words(question)))


def find_owner(
    said: Slot[Value], own: Sequence[Slot[Value]], others: Iterable[Slot[Value]], asked: Set[str], reach: int = 0
) -> Slot[Value] | None:
    """The one of ``others`` around which the words stand that are said around ``said``, where they stand around none
    of its ``own`` places; None where there is none. It is none either where an own place has a word that is ``asked``
    about and that the other one lacks, or follows in the same sentence, or up to ``reach`` behind, where the words are
    not said again: adults pay 8 euros for a ticket, children 5. Nor, with a ``reach``, where it follows anywhere and
    says nothing by itself: they get it for 5."""
    near = max((_in_common(said, one) for one in own), default=0.0)
    best = max(others, key=lambda one: _in_common(said, one), default=None)
    if best is None:
        return None
    common = _in_common(said, best)
    lead = common - near
    if lead < MIN_LEAD or lead * common < MIN_WEIGHTED_LEAD * said.weight:
        return None
    return None if any(_is_meant(one, said, best, asked, reach) for one in own) else best


def _is_meant(own: Slot[Value], said: Slot[Value], best: Slot[Value], asked: Set[str], reach: int) -> bool:
    if (asked & own.words) - best.words:
        return True
    distance = own.sentence - best.sentence
    return own.kind in {said.kind, ""} and (
        0 <= distance <= reach or (reach > 0 < distance and _adds_nothing(own, best))
    )


def _adds_nothing(own: Slot[Value], best: Slot[Value]) -> bool:
    """Whether ``own`` has no words that say something but those of ``best``: they get it for 7 euros."""
    return all(weight < 1 or word in best.words for word, weight in (*own.before.items(), *own.behind.items()))


def _in_common(one: Slot[Value], other: Slot[Value]) -> float:
    before = sum(weight for word, weight in one.before.items() if word in other.before)
    return before + sum(weight for word, weight in one.behind.items() if word in other.behind)
