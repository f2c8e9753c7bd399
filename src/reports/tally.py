"""What can be counted over the samples of a dataset in one pass, for the statistics file and for every screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from src.core.types import EDITED, JUDGED, NO_LABEL, OBJECTION, QUALITY_SCORE, Sample, SplitName
from src.generation.planning.axes import AXES

PLANNED: Final = ("task", *AXES)
"""What a plan decides of every sample, as the sample's metadata name it."""


class MeasuredSample(Protocol):
    """A sample with its length in tokens and its side of the split (None where the dataset was not split)."""

    @property
    def sample(self) -> Sample: ...
    @property
    def token_length(self) -> int: ...
    @property
    def split(self) -> SplitName | None: ...


@dataclass(slots=True)
class Tally:
    """Samples by label; where a pair is counted, its second part is the side, but for ``manners``: an axis of the plan
    (``task``, ``persona`` ...) and a name of it. What has no label is ``(none)``. ``judged`` is by what became of the
    judge's verdict."""

    sides: Counter[str] = field(default_factory=Counter)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)
    keywords: Counter[tuple[str, str]] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    turns: Counter[int] = field(default_factory=Counter)
    tokens: Counter[int] = field(default_factory=Counter)
    side_tokens: Counter[str] = field(default_factory=Counter)
    source_tokens: Counter[str] = field(default_factory=Counter)
    objections: Counter[str] = field(default_factory=Counter)
    scores: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    manners: Counter[tuple[str, str]] = field(default_factory=Counter)
    demo_samples: int = 0
    edited_samples: int = 0

    def add(self, row: MeasuredSample) -> None:
        """Count one sample; system prompts are no turns."""
        sample, side = row.sample, row.split or NO_LABEL
        self.sides[side] += 1
        self.sources[sample.source_label, side] += 1
        self.keywords[sample.keyword_label, side] += 1
        self.origins[sample.origin] += 1
        self.turns[sum(message.role != "system" for message in sample.messages)] += 1
        self.tokens[row.token_length] += 1
        self.side_tokens[side] += row.token_length
        self.source_tokens[sample.source_label] += row.token_length
        if OBJECTION in sample.metadata:
            self.objections[sample.metadata[OBJECTION]] += 1
        if JUDGED in sample.metadata:
            self.judged[str(sample.metadata[JUDGED])] += 1
        self.manners.update((axis, str(sample.metadata[axis])) for axis in PLANNED if sample.metadata.get(axis))
        score = sample.metadata.get(QUALITY_SCORE)
        if isinstance(score, int | float):
            self.scores[f"{int(score)} to {int(score) + 1}"] += 1
        self.demo_samples += sample.metadata.get("quality") == "demo"
        self.edited_samples += EDITED in sample.metadata


def tally(rows: Iterable[MeasuredSample]) -> Tally:
    """Count ``rows``, which are consumed one at a time."""
    counts = Tally()
    for row in rows:
        counts.add(row)
    return counts


def sum_sides(counts: Counter[tuple[str, str]]) -> Counter[str]:
    """Samples by label, on whichever side."""
    totals: Counter[str] = Counter()
    for (label, _side), count in counts.items():
        totals[label] += count
    return totals


def names_of(manners: Counter[tuple[str, str]], axis: str) -> Counter[str]:
    """Samples by the names of one axis."""
    return Counter({name: count for (own, name), count in manners.items() if own == axis})
