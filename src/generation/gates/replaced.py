"""A sign of letters and a number in the place of another one: form D7 where the source has form D4."""

from __future__ import annotations

import re

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.numbers.figures import is_firm, read_figures
from src.generation.numbers.words import in_digits

_SIGN = re.compile(r"(?<![\w-])([A-Z]{1,3})-?(\d{1,9}(?:\.\d{1,9})*)(?!\w)")
"""B7, Q-40, GR20"""
_ALONE = re.compile(r"(?<![\w-])\d+(?:\.\d+)*")
_DIGITS = re.compile(r"\d+")


def check_replaced(draft: Draft, passage: str) -> Verdict:
    """Reject an answer with a sign of letters and a number that neither passage nor question has, where the passage
    has others with as many letters. A sign whose number stands alone there is said otherwise: the road 8, A8."""
    around = f"{passage}\n{draft.question}"
    signs = _SIGN.findall(around)
    known, shapes = {letters + number for letters, number in signs}, {len(letters) for letters, _ in signs}
    alone = set(_ALONE.findall(in_digits(around))) - _only_measures(around)
    squeezed = re.sub(r"[\s-]+", "", around)
    for letters, number in _SIGN.findall(draft.answer):
        sign = letters + number
        if (
            len(letters) in shapes
            and (number not in alone or _is_of_a_row(letters, number, around))
            and sign not in squeezed
        ):
            return Verdict(
                False, "answer_not_in_source", f"{sign}, where the source has {', '.join(sorted(known)[:3])}"
            )
    return Verdict(True)


def _is_of_a_row(letters: str, number: str, text: str) -> bool:
    """Whether ``text`` has signs of the same letters with a hyphen, and no run that ends in the number: P-4 and 7."""
    row = re.findall(rf"(?<![\w-]){letters}-\d+((?:\s?(?:,|/|–|\w{{1,4}})\s?-?\d+)*)", text)
    return bool(row) and not any(number in _DIGITS.findall(run) for run in row)


def _only_measures(text: str) -> set[str]:
    """The numbers of ``text`` that only measure something or are a point in time: no 7 days are a sign's 7."""
    figures = [(figure, format(number.numerator)) for figure in read_figures(text) for number in figure.numbers]
    others = {number for figure, number in figures if not is_firm(figure)}
    return {number for _, number in figures} - others
