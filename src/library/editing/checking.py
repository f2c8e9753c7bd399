"""Changed samples before the model that will be trained on them: what is wrong with each, by row and field."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from src.core.specs import ModelLimits
from src.core.types import Sample
from src.providers.row_rules import row_problem
from src.utils.sample_checks import Problem, find_bad_character, find_problem, worse_twin
from src.utils.token_counter import TokenCounter

REPEATED = Problem("duplicate", "It would say the same as another sample of the dataset.")


class BadRow(NamedTuple):
    """A changed sample that cannot be stored. ``row`` counts from 1 in the order of the files, and behind them the
    added ones; ``id`` is the one that it had, "" for an added one; ``field`` is the place in it
    (``messages[2].content``)."""

    row: int
    id: str
    field: str
    reason: str
    detail: str


class Checked(NamedTuple):
    """The tokens of a changed sample, and what is wrong with it."""

    tokens: int
    problem: Problem | None


class Renewed(NamedTuple):
    """A changed sample by what it said and what it says now (``content_key``); ``before`` None for an added one."""

    row: int
    before: int | None
    after: int


def check_sample(sample: Sample, limits: ModelLimits, counter: TokenCounter) -> Checked:
    """The tokens of a changed sample, and the first thing for which it cannot be stored or trained on; whether another
    one says the same is ``find_repeated``'s to tell."""
    problem = find_bad_character(sample)
    if problem:
        return Checked(0, problem)
    counted = counter.count_sample(sample)
    twin = worse_twin(sample)
    problem = find_problem(sample, counted, limits) or (
        find_problem(twin, counter.count_sample(twin), limits) if twin else None
    )
    shape = "" if problem else row_problem(sample, limits.provider)
    return Checked(counted.tokens, Problem("format", f"{shape[:1].upper()}{shape[1:]}.") if shape else problem)


def find_repeated(renewed: Sequence[Renewed], unchanged: Collection[int], spoilt: Collection[int]) -> set[int]:
    """The rows among ``renewed`` that would say the same as another row: one that is ``unchanged`` (by its key), an
    earlier one of them, or the former self of a ``spoilt`` one, which stays as it was."""
    repeated: set[int] = set()
    while True:
        left = [item for item in renewed if item.row not in spoilt and item.row not in repeated]
        staying = {item.row for item in left}
        taken = {*unchanged, *(item.before for item in renewed if item.row not in staying and item.before is not None)}
        found = set()
        for item in left:
            if item.after in taken:
                found.add(item.row)
            taken.add(item.after)
        if not found:
            return repeated
        repeated |= found


def field_of(sample: Sample, problem: Problem) -> str:
    """The place in a sample that a problem is about: a turn where it is one turn's, else all of them."""
    if problem.reason == "empty_turn":
        wrong = (place for place, turn in enumerate(sample.messages) if not turn.content.strip())
    elif problem.reason == "invalid_characters":
        wrong = (place for place in range(len(sample.messages)) if find_bad_character(_alone(sample, place)))
    else:
        return "messages"
    place = next(wrong, None)
    return "rejected" if place is None else f"messages[{place}].content"


def _alone(sample: Sample, place: int) -> Sample:
    return Sample((sample.messages[place],), sample.origin)
