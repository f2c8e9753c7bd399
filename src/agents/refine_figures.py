"""How a dataset stands after each round of a refinement, in the measures of the reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from src.core.types import Rejection, Sample
from src.generation.refinement.work import Order
from src.reports.metrics.diversity import distinct, self_bleu
from src.reports.metrics.grounding import answer_text, question_text
from src.reports.metrics.sampling import Reservoir
from src.utils.similarity.shingles import tokenize


@dataclass(slots=True)
class Round:
    """One round: its orders by their places, those that are still open, and why what came for them was rejected."""

    number: int
    orders: Sequence[Order]
    open: dict[int, Order] = field(init=False)
    reasons: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.open = dict(enumerate(self.orders))

    def reject(self, place: int | None, rejection: Rejection) -> None:
        """Note a rejection; the order at ``place`` stays open and knows why (None: it belongs to no single order)."""
        self.reasons[rejection.reason] += 1
        if place is not None:
            self.open[place] = self.open[place].after(rejection)

    @property
    def kept(self) -> int:
        """Orders that a sample was written for."""
        return len(self.orders) - len(self.open)


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """One round; number 0 is the dataset as it was, without what was dropped.

    ``asked`` examples were asked for, ``kept`` of them came in, ``rejected`` counts the others by reason. ``samples``
    is how many the dataset has by now, ``used`` of its ``passages`` carry one. ``distinct_2`` (different word pairs by
    all pairs) and ``self_bleu`` (of the questions) are those of at most 1,000 samples; None where there is nothing to
    measure.
    """

    number: int
    asked: int
    kept: int
    rejected: Mapping[str, int]
    samples: int
    used: int
    passages: int
    distinct_2: float | None
    self_bleu: float | None

    @property
    def coverage(self) -> float:
        """Share of the passages that carry a sample."""
        return self.used / self.passages if self.passages else 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**asdict(self), "rejected": dict(sorted(self.rejected.items())), "coverage": round(self.coverage, 4)}


class Coverage(NamedTuple):
    """How many passages carry a sample, of how many."""

    used: int
    passages: int


def measure_round(this: Round, samples: Collection[Sample], coverage: Coverage) -> RoundFigures:
    """The figures of a dataset of ``samples`` after a round."""
    chosen: Reservoir[Sample] = Reservoir()
    for sample in samples:
        chosen.offer(sample.id, sample)
    questions = [tokenize(question_text(sample)) for sample in chosen.items()]
    answers = [tokenize(answer_text(sample)) for sample in chosen.items()]
    return RoundFigures(
        number=this.number,
        asked=len(this.orders),
        kept=this.kept,
        rejected=dict(this.reasons),
        samples=len(samples),
        used=coverage.used,
        passages=coverage.passages,
        distinct_2=_rounded(distinct([*questions, *answers], 2)),
        self_bleu=_rounded(self_bleu(questions)),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
