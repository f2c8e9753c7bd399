"""Numbers of an answer that its source has, but as numbers of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from src.generation.gates.texts import split_sentences
from src.generation.numbers.derived import NEARLY, ROUGHLY, is_about
from src.generation.numbers.figures import MEASURED, POINTS, Figure, read_figures
from src.generation.numbers.fractions import Part, find_parts
from src.generation.numbers.measures import Quantity, find_quantities, is_among, read_unit, years_between
from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_word_sets

_WHOLE = 100
_WORD = re.compile(r"[^\W\d_]+")
_WORDS_BEFORE = 3
_DAY = 86_400_000
_WORKING_DAYS = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,4})[\s-](?:(?:working|business)[\s-]days?|(?:werk|arbeits)tagen?|jours ouvr\w+"
    r"|días (?:laborables|hábiles)|giorni lavorativi|dias úteis|werkdagen)\b",
    re.IGNORECASE,
)


class _Sentence(NamedTuple):
    """The figures of a sentence, and what its units measure, with a number or not."""

    figures: tuple[Figure, ...]
    measures: frozenset[str]


def other_kinds(answer: str, source: str) -> Iterator[Figure]:
    """The figures of ``answer`` with a unit (a day, an hour, a year) whose number ``source`` has only with another unit
    or of things, while it has other figures of that kind: 12 % where the source has 12 m² and 15 %."""
    sentences = [_read(sentence) for sentence in split_sentences(source)]
    parts = " ".join(part.words for part in find_parts(answer)).split()
    kinds = {one.measures for one in find_quantities(source)}
    for figure in read_figures(answer):
        is_firm = figure.kind in MEASURED or figure.kind in POINTS
        is_part = figure.words.split()[-1].casefold() in parts
        if (
            is_firm
            and not is_part
            and _is_other_kind(figure, sentences, kinds)
            and not is_converted(figure, source, loosely=False)
        ):
            yield figure


def is_loose(words: str, answer: str) -> bool:
    """Whether ``answer`` says just before ``words`` that they are rounded: about two hours."""
    first = words.split(maxsplit=1)[0]
    patterns = (rf"(?<!\w){re.escape(text)}(?!\w)" for text in (words, first))
    found = next((found for one in patterns if (found := re.search(one, answer, re.IGNORECASE))), None)
    before = answer[: found.start()].casefold() if found else ""
    return not read_word_sets("comparing_words.txt")["about"].isdisjoint(_WORD.findall(before)[-_WORDS_BEFORE:])


@lru_cache(maxsize=64)
def _working_times(source: str) -> frozenset[Fraction]:
    """What the working days of ``source`` come to in time, five of them a week."""
    found = (Fraction(match["number"]) for match in _WORKING_DAYS.finditer(in_digits(source)))
    return frozenset(number * _DAY * 7 / 5 for number in found)


def _read(sentence: str) -> _Sentence:
    units = (read_unit(word) for word in _WORD.findall(sentence.casefold()))
    return _Sentence(read_figures(sentence), frozenset(unit.measures for unit in units if unit))


def _is_other_kind(figure: Figure, sentences: Sequence[_Sentence], kinds: Set[str]) -> bool:
    """Whether every number like it is of another kind; one of things may lack a unit of its sentence: eight metres long
    and three wide."""
    same = [(other, sentence) for sentence in sentences for other in sentence.figures if _is_like(figure, other)]
    has_kind = any(other.kind == figure.kind for sentence in sentences for other in sentence.figures)
    if not same or not (has_kind or figure.kind in kinds):
        return False
    return not any(_may_mean(figure, other, sentence) for other, sentence in same)


def _is_like(figure: Figure, other: Figure) -> bool:
    return bool(other.numbers & figure.numbers) or (other.kind == figure.kind and bool(other.values & figure.values))


def _may_mean(figure: Figure, other: Figure, sentence: _Sentence) -> bool:
    if not other.kind or (other.kind == figure.kind and other.values & figure.values):
        return True
    return other.kind.startswith("n:") and figure.kind in sentence.measures


def figure_of(part: Part) -> Figure | None:
    """A part in words as a figure: of its unit, or a share; None for a half that has no unit, which is said loosely."""
    unit = read_unit(part.unit) if part.unit else None
    if unit:
        value, kind = part.value * unit.factor, unit.measures
        return Figure(frozenset([part.value]), frozenset([value]), kind, part.words, 0)
    if part.value > 1:
        return Figure(frozenset([part.value]), frozenset([part.value]), "", part.words, 0)
    share = frozenset([_WHOLE * part.value])
    return None if part.value == Fraction(1, 2) else Figure(share, share, "share", part.words, 0)


def is_roughly_known(figure: Figure, source: str, *, loosely: bool) -> bool:
    """Whether ``source`` has about the same quantity, in any form: what is said in words is rounded, and more so with
    ``loosely``, where the answer says that it is."""
    if figure.kind:
        known = [one.value for one in find_quantities(source) | years_between(source) if one.measures == figure.kind]
        share = ROUGHLY if figure.kind == "share" else NEARLY
        about = any(
            is_about(one, value, share) if loosely else is_about(one, value) for one in known for value in figure.values
        )
        return about or is_converted(figure, source, loosely=loosely)
    values = {value for other in read_figures(source) for value in other.numbers}
    return not figure.numbers.isdisjoint(values | {part.value for part in find_parts(source)})


def is_converted(figure: Figure, source: str, *, loosely: bool) -> bool:
    """Whether ``source`` has the same quantity in another unit, ten working days as two weeks; or, with ``loosely``,
    one in a smaller unit that is rounded to it: 19 days are about three weeks."""
    known = find_quantities(source) | years_between(source)
    if is_among(frozenset(Quantity(figure.kind, value) for value in figure.values), known):
        return True
    if figure.kind == "time" and not figure.values.isdisjoint(_working_times(source)):
        return True
    units = {value / number for value in figure.values for number in figure.numbers if number > 1}
    finer = [one.value for one in known if one.measures == figure.kind == "time"]
    return loosely and any(
        value % unit and round(value / unit) * unit in figure.values for unit in units for value in finer
    )
