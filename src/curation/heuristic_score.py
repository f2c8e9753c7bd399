"""A free guess at the quality of a row that nobody has scored: by length and form, it does not judge what is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_FULL_ANSWER: Final = 800
"""Characters from which a longer answer counts no more."""
_CLEAR_QUESTION: Final = 15
_ENDS: Final = frozenset(".!?…。！？`'\")]}>:;»”")


def heuristic_score(texts: Sequence[str]) -> float:
    """From 1 to 9, for texts of which the last one is the answer: up to five points for its length, two when it ends
    as texts end, one when what stands before it is more than a word or two."""
    answer = texts[-1]
    end = answer.rstrip()[-1:]
    length = 5 * min(len(answer), _FULL_ANSWER) / _FULL_ANSWER
    return 1 + length + 2 * (end in _ENDS) + (sum(map(len, texts[:-1])) >= _CLEAR_QUESTION)
