"""Numbers of an answer must be those of its passage, or follow from them in one step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from fractions import Fraction

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.terms import is_function_word
from src.generation.numbers.claims import figures_at, figures_of
from src.generation.numbers.currencies import foreign_amounts
from src.generation.numbers.derived import (
    adds_to_said,
    adds_up,
    is_about_sum,
    is_beside_limit,
    is_compared,
    is_left,
    is_moved,
    is_multiple,
    is_of_calendar,
    is_part,
    is_ratio,
    is_rest,
    is_span,
)
from src.generation.numbers.exchanged import exchanged_numbers
from src.generation.numbers.figures import POINTS, Figure, is_firm, read_figures
from src.generation.numbers.forms import find_missing, known_numbers, said_numbers
from src.generation.numbers.fractions import find_parts
from src.generation.numbers.grounds import (
    Grounds,
    asks_for_rest,
    compared_figures,
    factors_of,
    lessened_figures,
    moved_figures,
    near_figures,
    parts_said,
    said_factors,
    unnumbered,
)
from src.generation.numbers.lists import SHARED, is_listed
from src.generation.numbers.measures import Quantity, add_up, find_quantities, is_among
from src.generation.numbers.places import figure_of, is_converted, is_loose, is_roughly_known, other_kinds
from src.generation.numbers.series import is_of_series
from src.generation.numbers.shown import is_multiple_asked, is_worked_out
from src.generation.numbers.sums import asks_for_sums, compares, is_one_beside, is_shown, rests, times_between, values
from src.generation.numbers.two_units import as_figure, is_between, numbers_in_two_units, numbers_of_prices
from src.generation.numbers.units import misplaced_numbers
from src.generation.numbers.words import in_digits
from src.generation.numbers.working import Working, is_in_name, read_working

_SMALL = 2
"""Up to here a worked-out answer may count what is at hand."""
_COUNTS = frozenset(map(Fraction, range(2, 13)))
"""Of how many things an answer may say what they cost together."""
_FEW_WORDS = 4
"""Of an answer that is a number of years and no more."""
_MOST_WORKED_OUT = 12
"""Numbers beyond those of the source from which on an answer is invented, not worked out."""


def check_numbers(draft: Draft, passage: str, code: str = "", *, freely: bool = False) -> Verdict:
    """Reject an answer with a number, in digits or in words, that neither passage nor question has and that does not
    follow from theirs: as the answer shows, or with ``freely`` in one step from numbers that it says; and one that the
    passage gives to something else."""
    around = f"{passage}\n{draft.question}"
    missing = [*_find_unfounded(draft, around, code, freely=freely), *_find_parts(draft, around)]
    if missing:
        return Verdict(False, "number_not_in_source", ", ".join(missing))
    foreign = foreign_amounts(draft.answer, draft.question, passage)
    misplaced = (*foreign, *_find_misplaced(draft, around, freely=freely))
    return Verdict(False, "number_of_something_else", ", ".join(misplaced)) if misplaced else Verdict(True)


def _find_misplaced(draft: Draft, around: str, *, freely: bool) -> Iterator[str]:
    """The numbers that the passage gives to something else, and that are none of the question nor worked out."""
    misread = list(other_kinds(draft.answer, around))
    misplaced = () if freely else _misplaced(draft, around)
    if not misread and not misplaced:
        return
    in_units = numbers_in_two_units(draft.question, draft.answer, around) | numbers_of_prices(draft.answer, around)
    misread = [one for one in misread if one.words.split()[0] not in in_units]
    grounds, working = _grounds(draft, around, misread), _working_beside(misread, draft, around)
    for figure in misread:
        if not _is_shown_misplaced(figure.words, draft, around) and not _is_founded(
            figure, grounds, working, draft, around, freely=freely
        ):
            yield figure.words
    for text in misplaced:
        if text.partition(" ")[0] in in_units:
            continue
        figures = figures_at(text, draft.answer)
        grounds, working = _grounds(draft, around, figures), _working_beside(figures, draft, around)
        worked_out = any(
            is_multiple(figure, grounds)
            or _follows(figure, grounds, draft, freely=freely)
            or is_worked_out(figure, working, loosely=_is_rounded(figure, draft.answer))
            for figure in figures
        )
        if not worked_out and not _is_shown_misplaced(text, draft, around):
            yield text


def _working_beside(doubtful: Sequence[Figure], draft: Draft, around: str) -> Working:
    """What an answer whose numbers are all founded has at hand, but for those in doubt."""
    places = {one.place for one in read_figures(draft.answer)} - {one.place for one in doubtful}
    return read_working(draft.question, draft.answer, around, frozenset(places))


def _misplaced(draft: Draft, around: str) -> tuple[str, ...]:
    """The numbers of an answer that the passage has with another unit, or with other words around them."""
    exchanged = exchanged_numbers(draft.answer, draft.question, around.removesuffix(draft.question))
    return tuple(dict.fromkeys((*misplaced_numbers(draft.answer, around), *(figure.words for figure in exchanged))))


def _grounds(draft: Draft, around: str, doubtful: Sequence[Figure], founded: Set[int] = frozenset()) -> Grounds:
    """What the numbers of an answer may be worked out from, those in doubt left out."""
    doubt = {figure.place for figure in doubtful}
    known = values(known_numbers(around))
    said = tuple(
        figure
        for figure in read_figures(draft.answer)
        if figure.place not in doubt and (figure.place in founded or figure.numbers & known)
    )
    rest = asks_for_rest(draft.question, draft.answer)
    counts = tuple(figure for figure in said if not is_firm(figure) and figure.numbers <= _COUNTS)
    known_quantities = find_quantities(around)
    said += tuple(one for one in unnumbered(draft.answer) if is_among(_quantities(one), known_quantities))
    return Grounds(
        said,
        read_figures(draft.question),
        near_figures(around),
        factors_of(draft.answer, around, rest=rest),
        counts,
        compared_figures(around),
        lessened_figures(around),
        moved_figures(around),
        parts_said(around, rest=rest),
        said_factors(f"{draft.question} {draft.answer}"),
        rest,
    )


def _quantities(figure: Figure) -> frozenset[Quantity]:
    return frozenset(Quantity(figure.kind, value) for value in figure.values)


def _follows(figure: Figure, grounds: Grounds, draft: Draft, *, freely: bool) -> bool:
    """Whether a number follows in a step that answer or source show, or with ``freely`` in any one."""
    if figure.kind in POINTS or is_in_name(figure, draft.answer):
        return is_moved(figure, grounds)
    is_telling = is_firm(figure) or not figure.numbers <= _COUNTS  # small numbers are found by chance
    if is_part(figure, grounds) or is_moved(figure, grounds) or (is_telling and is_compared(figure, grounds)):
        return True
    if (is_firm(figure) or len(draft.answer.split()) <= _FEW_WORDS) and is_span(figure, grounds):
        return True
    answer = in_digits(draft.answer)
    if grounds.is_of_rest and (is_rest(figure, grounds) or (is_telling and is_left(figure, grounds))):
        return True
    if freely or asks_for_sums(draft.question, answer, figure.place):
        return is_rest(figure, grounds) or adds_up(figure, grounds, near=is_firm(figure) or (freely and is_telling))
    return compares(answer, figure.place) and (adds_up(figure, grounds, near=False) or adds_to_said(figure, grounds))


def _find_parts(draft: Draft, around: str) -> Iterator[str]:
    """The parts of a whole or a unit that an answer says in words and that neither stand in the source nor follow."""
    parts = [part for part in find_parts(draft.answer) if part.is_sure and not is_function_word(part.unit)]
    figures = [figure for part in parts if (figure := figure_of(part))]
    figures += [as_figure(one) for one in add_up(in_digits(draft.answer))]
    doubtful = [
        figure
        for figure in figures
        if not is_roughly_known(figure, around, loosely=is_loose(figure.words, draft.answer))
    ]
    if not doubtful:
        return
    grounds = _grounds(draft, around, ())
    working = read_working(draft.question, draft.answer, around)
    for figure in doubtful:
        loosely = is_loose(figure.words, draft.answer)
        follows = is_ratio if figure.kind == "share" else is_about_sum
        if is_worked_out(figure, working, loosely=loosely) or follows(figure, grounds, loosely=loosely):
            continue
        if not is_span(figure, grounds) and not is_between(figure, around):
            yield figure.words


def _is_rounded(figure: Figure, answer: str) -> bool:
    return is_loose(figure.words.split()[0], in_digits(answer))


def _find_unfounded(draft: Draft, around: str, code: str, *, freely: bool) -> Iterator[str]:
    """The missing numbers of an answer that follow from nothing; what follows may found the next one."""
    in_parts = {part.words.split()[0] for part in find_parts(draft.answer)}
    missing = [
        claim
        for claim in find_missing(draft.answer, around, code)
        if claim.words not in in_parts
        and claim.values.isdisjoint(numbers_of_prices(draft.answer, around))
        and claim.values.isdisjoint(numbers_in_two_units(draft.question, draft.answer, around))
    ]
    if not missing:
        return
    known, said = values(known_numbers(around, code)), values(said_numbers(draft.answer, code))
    open_claims = {claim: figures_of(claim, draft.answer, draft.question) for claim in missing}
    places: set[int] = set()
    found_one = len(missing) <= _MOST_WORKED_OUT
    while found_one:  # what follows may found the next one
        doubtful = [figure for figures in open_claims.values() for figure in figures]
        grounds, working = (
            _grounds(draft, around, doubtful, places),
            read_working(draft.question, draft.answer, around, frozenset(places)),
        )
        founded = [
            claim
            for claim, figures in open_claims.items()
            if figures
            and all(_is_founded(figure, grounds, working, draft, around, freely=freely) for figure in figures)
        ]
        for claim in founded:
            places.update(figure.place for figure in open_claims.pop(claim))
        found_one = bool(founded) and bool(open_claims)
    for claim in open_claims:
        place = draft.answer.casefold().find(claim.words.split()[0])
        if not any(is_shown(value, draft.answer, place, said, known) for value in values(claim.values)):
            yield claim.words


def _is_founded(figure: Figure, grounds: Grounds, working: Working, draft: Draft, around: str, *, freely: bool) -> bool:
    """Whether a number that the source does not have follows from others, or counts what it lists."""
    if freely and not is_firm(figure) and any(number <= _SMALL for number in figure.numbers):
        return True
    text = f"{draft.question} {draft.answer}"
    if any(is_listed(int(value), text, around, 1 if freely else SHARED) for value in _counts([figure])):
        return True
    if is_beside_limit(figure, around) or is_converted(figure, around, loosely=_is_rounded(figure, draft.answer)):
        return True
    if any(is_one_beside(number, draft.answer, values(known_numbers(around))) for number in figure.numbers):
        return True
    if is_worked_out(figure, working, loosely=_is_rounded(figure, draft.answer)):
        return True
    if is_multiple_asked(figure, working, around) or is_of_series(figure, working, around):
        return True
    if _follows(figure, grounds, draft, freely=freely):
        return True
    return freely and figure.kind not in POINTS and _follows_freely(figure, grounds, around)


def _follows_freely(figure: Figure, grounds: Grounds, around: str) -> bool:
    """Whether it follows by a calendar or a clock, from what one thing costs, or is the rest of several shares."""
    if is_of_calendar(figure, grounds) or is_multiple(figure, grounds):
        return True
    if figure.kind == "share" and rests(around) & figure.values:
        return True
    return figure.kind == "time" and bool(times_between(around) & figure.numbers)


def _counts(figures: Sequence[Figure]) -> frozenset[Fraction]:
    """How many things the figures count, where they may count things."""
    return frozenset(
        number for figure in figures if not is_firm(figure) for number in figure.numbers if number.denominator == 1
    )


def _is_shown_misplaced(text: str, draft: Draft, around: str) -> bool:
    """Whether a number with its unit, as ``misplaced_numbers`` gives it, is one of the question or worked out."""
    number = text.partition(" ")[0]
    if not number.isdigit():
        return False
    if number in said_numbers(in_digits(draft.question)):
        return True
    answer = in_digits(draft.answer)
    said, known = values(said_numbers(answer)), values(known_numbers(around))
    found = re.search(rf"(?<![\d.,]){number}(?!\d)", answer)
    return found is not None and is_shown(Fraction(number), answer, found.start(), said, known)
