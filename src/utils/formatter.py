"""Samples as the rows of a provider's training file, and as its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import orjson

from src.core.jsonl import dump_line
from src.core.types import Message, Role, Sample
from src.providers.base_provider import BaseProvider

_MARK: Final = "text-{}-of-the-row"
_MARKS: Final = re.compile(rb'"text-(\d+)-of-the-row"')


def format_lines(samples: Iterable[Sample], provider: BaseProvider) -> Iterator[dict[str, Any]]:
    """The JSON object of each sample's line, in order, one in memory at a time.

    Raises ValueError naming the sample when the provider's format cannot hold it; the validator finds these before.
    """
    for number, sample in enumerate(samples, start=1):
        yield _format(sample, number, provider)


class LineFormatter:
    """Lines of a provider's training file for samples that need not be built.

    Rows of one shape (the same roles, no text blank) differ in their texts alone. So each shape is formatted once,
    with marks in place of the texts, and every further line of it costs no more than its texts: a tenth.
    """

    def __init__(self, provider: BaseProvider) -> None:
        self._provider = provider
        self._shapes: dict[tuple[Role, ...], _Shape | None] = {}
        self._number = 0

    def line(self, roles: tuple[Role, ...], texts: Sequence[str]) -> bytes:
        """The line of a conversation, with its line break; the same bytes as of a row of ``format_lines``.

        Raises ValueError naming the sample when the provider's format cannot hold it.
        """
        self._number += 1
        for text in texts:
            if not text or text.isspace():
                return self._line_by_row(roles, texts)
        if roles not in self._shapes:
            self._shapes[roles] = _find_shape(roles, self._provider)
        shape = self._shapes[roles]
        return self._line_by_row(roles, texts) if shape is None else shape.fill(texts)

    def _line_by_row(self, roles: Sequence[Role], texts: Sequence[str]) -> bytes:
        sample = Sample(tuple(map(Message, roles, texts)), origin="generated")
        return dump_line(_format(sample, self._number, self._provider))


class _Shape:
    """A line with holes; ``order`` are the numbers of the texts that fill them."""

    __slots__ = ("_is_in_order", "_line", "_order")

    def __init__(self, line: bytes, order: Sequence[int], texts: int) -> None:
        self._line = line
        self._order = order
        self._is_in_order = list(order) == list(range(texts))

    def fill(self, texts: Sequence[str]) -> bytes:
        chosen = texts if self._is_in_order else [texts[number] for number in self._order]
        return self._line % tuple([orjson.dumps(text) for text in chosen])  # a list is faster than a generator


def _find_shape(roles: Sequence[Role], provider: BaseProvider) -> _Shape | None:
    """The shape of rows with these roles; None where a text does not stand alone in a string of the row (turns that
    were joined), or the format cannot hold such a row."""
    marked = Sample(tuple(Message(role, _MARK.format(place)) for place, role in enumerate(roles)), origin="generated")
    try:
        line = dump_line(provider.format_example(marked))
    except ValueError:
        return None
    order = [int(number) for number in _MARKS.findall(line)]
    if sorted(order) != list(range(len(roles))):
        return None
    return _Shape(_MARKS.sub(b"%b", line.replace(b"%", b"%%")), order, len(roles))


def _format(sample: Sample, number: int, provider: BaseProvider) -> dict[str, Any]:
    try:
        return provider.format_example(sample)
    except ValueError as error:
        raise ValueError(f"sample {number} ({sample.id[:12]}) does not fit the format: {error}") from error
