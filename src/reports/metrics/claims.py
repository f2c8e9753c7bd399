"""What a row says against its passage, by the very checks that a draft has to pass when it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import orjson

from src.core.types import Sample
from src.generation.answer_parser import Draft
from src.generation.gates.admission import FREE_OF_FORM, WORKED_OUT, source_of
from src.generation.gates.language import WrongLanguage, detect_language
from src.generation.gates.names import check_names
from src.generation.gates.numbers import check_numbers
from src.utils.chunker import Passage


class Claims(NamedTuple):
    """Whether the numbers and the names of a row pass their checks; ``names`` is None where they cannot be compared:
    the row is in another language than its passage."""

    numbers: bool
    names: bool | None


class ClaimChecks:
    """The checks of the rows of one source."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """``passages`` are all of the source."""
        self._passages = passages

    def check(self, sample: Sample, passage: Passage) -> Claims:
        """What the checks say of ``sample``, which was written from ``passage``."""
        draft, source = _draft_of(sample), source_of(passage)
        freely = sample.metadata.get("task") in WORKED_OUT
        numbers = check_numbers(draft, source, detect_language(source).code, freely=freely).keep
        if not WrongLanguage().check(draft, source).keep:
            return Claims(numbers, None)
        return Claims(numbers, check_names(draft, source, self._whole).keep)

    @cached_property
    def _whole(self) -> str:
        return "\n".join([self._passages[0].source_file, *map(source_of, self._passages)])


def _draft_of(sample: Sample) -> Draft:
    turns = tuple(message for message in sample.messages if message.role != "system")
    claims = tuple(_values(turns[-1].content)) if sample.metadata.get("task") in FREE_OF_FORM else ()
    return Draft(turns, claims=claims)


def _values(answer: str) -> Iterator[str]:
    """The texts that data hold, without the names of their fields; nothing where they are no JSON."""
    try:
        yield from _texts(orjson.loads(answer))
    except orjson.JSONDecodeError:
        return


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)
