"""How evenly a dataset uses its sources: which passages carry samples, and how many each."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from src.core.types import Sample, Span


@dataclass(slots=True)
class SpanLog:
    """Where the samples of a dataset come from: their spans by source file, 16 bytes each."""

    _spans: defaultdict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))

    def add(self, sample: Sample) -> None:
        """Note the place of a sample; one without a place is none of any passage."""
        if sample.span is not None and sample.source_file:
            self._spans[sample.source_file].extend(sample.span)

    def of(self, source_file: str) -> list[Span]:
        """The spans in one file, in the order of the samples."""
        flat = self._spans.get(source_file, array("q"))
        return [Span(flat[place], flat[place + 1]) for place in range(0, len(flat), 2)]

    def sources(self) -> list[str]:
        """The files, by name."""
        return sorted(self._spans)


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """One file: how many samples each of its passages carries, in their order."""

    name: str
    counts: Sequence[int]

    @property
    def used(self) -> int:
        """Passages that carry a sample."""
        return sum(count > 0 for count in self.counts)


def count_samples(passages: Sequence[Span], samples: Iterable[Span]) -> array[int]:
    """How many samples stand on each passage; ``passages`` are in order and do not overlap.

    A sample stands on every passage with which it shares at least half of the shorter of the two, so that a long
    conversation uses all passages it runs through; where there is none, on the one with which it shares most.
    """
    counts = array("q", bytes(8 * len(passages)))
    ends = [passage.end for passage in passages]
    for sample in samples:
        shared: dict[int, int] = {}
        index = bisect_right(ends, sample.start)
        while index < len(passages) and passages[index].start < sample.end:
            shared[index] = min(sample.end, passages[index].end) - max(sample.start, passages[index].start)
            index += 1
        length = sample.end - sample.start
        most = [
            index
            for index, common in shared.items()
            if 2 * common >= min(length, passages[index].end - passages[index].start)
        ]
        for index in most or sorted(shared, key=lambda index: -shared[index])[:1]:
            counts[index] += 1
    return counts


def gini(counts: Iterable[int]) -> float | None:
    """The Gini coefficient: 0 when all counts are equal, near 1 when one has everything; None when all are 0."""
    ordered = sorted(counts)
    total, number = sum(ordered), len(ordered)
    if not total:
        return None
    weighted = sum((2 * rank - number - 1) * count for rank, count in enumerate(ordered, start=1))
    return weighted / (number * total)
