"""Whether two answers of one passage cannot be to one question: each tells another thing, however alike they are."""

from __future__ import annotations

from collections.abc import Sequence

from src.generation.common_words import share, shared
from src.generation.gates.terms import rarity
from src.generation.numbers.figures import Figure, is_firm
from src.generation.telling import Telling

ACCOUNT, PART, TINY_PART = 10.0, 0.5, 0.14
"""Rarity of what a whole account says beyond its question (how something is protected, how it is set up), of which
another answer has no more than one part (when it was founded); and a part of whatever that is a mere word of it."""
ADDITION = 0.4
"""Share of what an answer says below which another one may be what it only adds."""
SAME_MATTER = 0.6
"""Share of the words of two questions from which one answer may say that much more than the other."""
SAME_FACT, MOSTLY_CONTAINED = 0.48, 0.5
"""Share of what two answers say beyond their questions from which they tell the same fact, whatever is asked."""
ASKED_AGAIN = 0.8
"""Share of the words of two questions from which their answers need share next to nothing."""


def answer_others(new: Telling, old: Telling) -> bool:
    """Whether two answers cannot be to one question: each to another kind of it, with another amount, or one with what
    the other one only adds."""
    return (
        ask_for_others(new, old)
        or _are_other_amounts(new, old)
        or _is_addition(new, old)
        or _only_one_asks_why(new, old)
    )


def is_part_of_account(new: Telling, old: Telling) -> bool:
    """Whether one answer tells of many things, and the other one of one of them."""
    part, whole = sorted(_weigh(kept.facts) for kept in (new, old))
    return 0 < part < (PART if whole >= ACCOUNT else TINY_PART) * whole


def ask_for_others(new: Telling, old: Telling) -> bool:
    return bool(new.asked_for and old.asked_for) and new.asked_for != old.asked_for


def _only_one_asks_why(new: Telling, old: Telling) -> bool:
    """Whether one of two questions of the same words asks for a reason, and the answers do not tell the same one."""
    asks = (new.asked_for == "reason") != (old.asked_for == "reason")
    return asks and share(new.words, old.words) >= ASKED_AGAIN and share(new.facts, old.facts) < SAME_FACT


def _are_other_amounts(new: Telling, old: Telling) -> bool:
    """Whether one answer is an amount, a difference, a sum or a share, and the other one tells others."""
    return any(
        one.amount and other.figures and not any(_is_same(one.amount[0], figure) for figure in other.figures)
        for one, other in ((new, old), (old, new))
    )


def _is_same(one: Figure, other: Figure) -> bool:
    if is_firm(one) and is_firm(other):
        return one.kind == other.kind and bool(one.values & other.values)
    return bool(one.values & other.values or one.numbers & other.numbers)


def _is_addition(new: Telling, old: Telling) -> bool:
    """Whether the shorter of two answers says nothing of what the longer one begins with, which is its point, but
    something of what this goes on with: Ada Quill, in 1788 (who built it), 1788 (when)."""
    if new.agreement and new.agreement == old.agreement:
        return False
    part, whole = sorted((new, old), key=lambda kept: _weigh(kept.facts))
    return 0 < _weigh(part.facts) < ADDITION * _weigh(whole.facts) and not shared(whole.lead, part.facts)


def _weigh(words: Sequence[str]) -> float:
    return sum(map(rarity, words))
