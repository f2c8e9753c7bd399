"""Numbers of things in a sentence, amounts of money, texts cut to a length."""

from __future__ import annotations

import math
from typing import Final

_FIGURES = 3
"""Of an amount below a dollar as many are told, however small it is, but no zeros behind the cents."""

JUDGEMENTS: Final = {
    "grounded": "grounded, with evidence",
    "unproved": "evidence not in the passage",
    "unverified": "not verified",
    "objection": "objection",
}
"""What a person is told of the judge's verdicts (generation/judge.py)."""


def dollars(usd: float) -> str:
    """USD: cents from one dollar up, below it three figures that count; 0 only for nothing."""
    if not usd:
        return "$0"
    sign, size = ("-" if usd < 0 else ""), abs(usd)
    if size >= 1:
        return f"{sign}${size:,.2f}"
    whole, _, digits = f"{size:.{_FIGURES - 1 - math.floor(math.log10(size))}f}".partition(".")
    return f"{sign}${whole}.{digits.rstrip('0'):0<2}"


def cut_at_word(text: str, most: int) -> str:
    """``text`` in at most ``most`` characters; where it is longer, it ends with "…" behind a whole word or number. A
    word that fills most of it (or writing without spaces) is cut all the same."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    if not text[most - 1].isspace():
        whole = kept[: kept.rfind(" ") + 1].rstrip()
        kept = whole if len(whole) * 2 > most else kept
    return f"{kept.rstrip()}…"


def counted(number: int, noun: str) -> str:
    """A number of things: ``1 error``, ``2,000 errors``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def of_file(name: str, said: str) -> str:
    """What is said of the file ``name``, which may begin with the name itself: it is named once."""
    return f"{name}: {said.removeprefix(f'{_last(name)}: ')}"


def is_skipped(name: str, cause: str) -> str:
    """That the file ``name`` is skipped, and why: ``cause`` may begin with the name itself."""
    own, said = f"{_last(name)} ", cause.removeprefix(f"{_last(name)}: ")
    if said.startswith(own) and said.removeprefix(own).split(" ", 1)[0] in _VERBS:
        said = f"it {said.removeprefix(own)}"
    return f"{name} skipped: {said}"


_VERBS = frozenset({"is", "was", "has", "had", "holds", "needs", "cannot", "does", "did", "took"})


def _last(name: str) -> str:
    return name.rpartition("/")[2]
