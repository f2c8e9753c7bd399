"""Which figures of an answer a claimed number is, and what they are figures of."""

from __future__ import annotations

import re
from itertools import pairwise

from src.generation.numbers.figures import MEASURED, Figure, read_figures
from src.generation.numbers.forms import NumberClaim
from src.generation.numbers.measures import Unit, read_unit
from src.generation.numbers.sums import values
from src.generation.wordlists import read_word_sets

_HOUR = 60
_WORD = re.compile(r"[^\W\d_]+")
_WORDS_BEFORE = 4
"""Words with which a question may begin before the unit that it asks for: for about how many days."""


def figures_of(claim: NumberClaim, answer: str, question: str) -> tuple[Figure, ...]:
    """The figures of ``answer`` that have a number of the claim; one without a unit is of what ``question`` asks how
    many of."""
    mine, unit = values(claim.values), _asked_unit(question)
    found = (
        figure
        for figure in read_figures(answer)
        if figure.numbers & mine or (figure.kind == "@clock" and {value % _HOUR for value in figure.values} & mine)
    )
    return tuple(_with_unit(figure, unit) if unit and not figure.kind else figure for figure in found)


def figures_at(text: str, answer: str) -> tuple[Figure, ...]:
    """The figures of ``answer`` that are written as ``text`` begins."""
    return tuple(figure for figure in read_figures(answer) if figure.words.split()[0] == text.split(maxsplit=1)[0])


def _asked_unit(question: str) -> Unit | None:
    """The unit behind the words by which ``question`` asks how many."""
    words = _WORD.findall(question.casefold())[: _WORDS_BEFORE + 1]
    asking = read_word_sets("comparing_words.txt")["how_many"]
    units = (read_unit(word) for before, word in pairwise(words) if before in asking)
    return next((unit for unit in units if unit and unit.measures in MEASURED), None)


def _with_unit(figure: Figure, unit: Unit) -> Figure:
    return figure._replace(kind=unit.measures, values=frozenset(value * unit.factor for value in figure.numbers))
