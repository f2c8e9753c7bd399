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

    Rows with the same roles and no blank text differ in their texts alone. So such a row is formatted once, with marks
    in place of the texts, and every further line costs no more than its texts: a tenth.
    """

    def __init__(self, provider: BaseProvider) -> None:
        self._provider = provider
        self._layouts: dict[tuple[Role, ...], bytes | None] = {}
        self._number = 0

    def line(self, roles: tuple[Role, ...], texts: Sequence[str]) -> bytes:
        """The line of a conversation, with its line break; the same bytes as of a row of ``format_lines``.

        Raises ValueError naming the sample when the provider's format cannot hold it.
        """
        self._number += 1
        if roles not in self._layouts:
            self._layouts[roles] = _find_layout(roles, self._provider)
        layout = self._layouts[roles]
        if layout is None or not all(map(str.strip, texts)):
            sample = Sample(tuple(map(Message, roles, texts)), origin="generated")
            return dump_line(_format(sample, self._number, self._provider))
        return layout % tuple(map(orjson.dumps, texts))


def _find_layout(roles: Sequence[Role], provider: BaseProvider) -> bytes | None:
    """The line of conversations with these roles, a ``%b`` for each text; None where a text does not stand alone in a
    string of the row (turns that were joined), the texts stand in another order, or the format cannot hold such a
    conversation."""
    marked = Sample(tuple(Message(role, _MARK.format(place)) for place, role in enumerate(roles)), origin="generated")
    try:
        line = dump_line(provider.format_example(marked))
    except ValueError:
        return None
    if [int(number) for number in _MARKS.findall(line)] != list(range(len(roles))):
        return None
    return _MARKS.sub(b"%b", line.replace(b"%", b"%%"))


def _format(sample: Sample, number: int, provider: BaseProvider) -> dict[str, Any]:
    try:
        return provider.format_example(sample)
    except ValueError as error:
        raise ValueError(f"sample {number} ({sample.id[:12]}) does not fit the format: {error}") from error
