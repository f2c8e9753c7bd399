"""Whether two answers of one passage cannot be to one question: each tells another thing, however alike they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

from src.generation.common_words import share, shared
from src.generation.gates.terms import rarity
from src.generation.numbers.derived import NEARLY, is_about
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
_DAYS = ("@date", "@year")
_COINS = 100
"""Of which a larger one is made."""


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
    """Whether one answer is an amount, a difference, a sum or a share, and the other one tells others; one that is only
    nearly the same where the question is asked again is none, but contradicts."""
    near = NEARLY if _asks_again(new, old) else Fraction(0)
    return any(
        one.amount and other.figures and not _tells_amount(other, one, near) for one, other in ((new, old), (old, new))
    )


def _asks_again(new: Telling, old: Telling) -> bool:
    """Whether one question has all words of the other one, and hardly any beyond them."""
    fewer, more = sorted((set(new.words), set(old.words)), key=len)
    return fewer <= more and share(new.words, old.words) >= ASKED_AGAIN


def _tells_amount(kept: Telling, other: Telling, near: Fraction) -> bool:
    """Whether an answer tells the amount of another one, or one that misses it by no more than a ``near`` part."""
    amount = other.amount[0]
    if amount.kind in _DAYS:
        return _is_same_day(kept.figures, other.figures)
    amounts = (amount, *(price for coin, price in _prices(other.figures) if coin == amount))
    told = (*kept.figures, *(price for _, price in _prices(kept.figures)))
    return any(_is_same(one, figure) or _is_near(one, figure, near) for one, figure in product(amounts, told))


def _is_near(one: Figure, other: Figure, near: Fraction) -> bool:
    pairs = product(one.values, other.values) if one.kind == other.kind else ()
    return near > 0 and any(is_about(some, another, near) for some, another in pairs)


def _is_same_day(one: Sequence[Figure], other: Sequence[Figure]) -> bool:
    """Whether two answers tell one day or year, each as exactly as it does: 1931 is the year of 3 May 1931."""
    days = [(_values_of(one, kind), _values_of(other, kind)) for kind in _DAYS]
    told = [pair for pair in days if all(pair)]
    return bool(told) and all(some & others for some, others in told)


def _values_of(figures: Sequence[Figure], kind: str) -> frozenset[Fraction]:
    return frozenset(value for figure in figures if figure.kind == kind for value in figure.values)


def _prices(figures: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Each amount of money right behind which a number of small coins stands, with the price that both make: two euros
    fifty."""
    for coin, small in pairwise(figures):
        is_behind = small.place == coin.place + len(coin.words) + 1
        if coin.kind == "money" and not small.kind and is_behind and max(small.numbers, default=_COINS) < _COINS:
            values = frozenset(some + more for some, more in product(coin.values, small.numbers))
            yield coin, coin._replace(numbers=frozenset(), values=values)


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
