"""Numbers of an answer must be those of its passage, or follow from them as the answer shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.number_forms import find_missing, known_numbers, said_numbers
from src.generation.number_sums import follows, is_shown, values
from src.generation.number_units import misplaced_numbers
from src.generation.number_words import in_digits

_SMALL = 2
"""Up to here a worked-out answer may count what is at hand."""
_MOST_WORKED_OUT = 12
"""Numbers beyond those of the source from which on an answer is invented, not worked out."""


def check_numbers(draft: Draft, passage: str, code: str = "", *, freely: bool = False) -> Verdict:
    """Reject an answer with a number, in digits or in words, that neither passage nor question has and that does not
    follow from theirs: as the answer shows, or with ``freely`` in one step from numbers that it says; and one that the
    passage gives to something else."""
    around = f"{passage}\n{draft.question}"
    missing = list(_find_unfounded(draft, around, code, freely=freely))
    if missing:
        return Verdict(False, "number_not_in_source", ", ".join(missing))
    if freely:
        return Verdict(True)
    misplaced = [
        text for text in misplaced_numbers(draft.answer, around) if not _is_shown_misplaced(text, draft, around)
    ]
    return Verdict(False, "number_of_something_else", ", ".join(misplaced)) if misplaced else Verdict(True)


def _find_unfounded(draft: Draft, around: str, code: str, *, freely: bool) -> Iterator[str]:
    """The missing numbers of an answer that follow from nothing; what follows may found the next one."""
    missing = find_missing(draft.answer, around, code)
    if not missing:
        return
    known, said = values(known_numbers(around)), values(said_numbers(draft.answer, code))
    asked = values(said_numbers(draft.question, code))
    founded = (said & known) | asked
    open_claims = list(missing)
    found_one = freely and len(missing) <= _MOST_WORKED_OUT
    while found_one:
        found_one = False
        for claim in tuple(open_claims):
            mine = values(claim.values)
            if any(value <= _SMALL or follows(value, founded - mine, asked, known, around) for value in mine):
                open_claims.remove(claim)
                founded |= mine
                found_one = True
    for claim in open_claims:
        place = draft.answer.casefold().find(claim.words.split()[0])
        if not any(is_shown(value, draft.answer, place, said, known) for value in values(claim.values)):
            yield claim.words


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
