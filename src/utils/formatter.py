"""Samples as the rows of a provider's training file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from src.core.types import Sample
from src.providers.base_provider import BaseProvider


def format_lines(samples: Iterable[Sample], provider: BaseProvider) -> Iterator[dict[str, Any]]:
    """The JSON object of each sample's line, in order, one in memory at a time.

    Raises ValueError naming the sample when the provider's format cannot hold it; the validator finds these before.
    """
    for number, sample in enumerate(samples, start=1):
        try:
            yield provider.format_example(sample)
        except ValueError as error:
            raise ValueError(f"sample {number} ({sample.id[:12]}) does not fit the format: {error}") from error
