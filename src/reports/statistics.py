"""The statistics of a dataset: pure figures, the same for the same dataset but for what stands under ``run``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from src.core.types import Sample, SplitName, Usage, ValidationReport

NONE_LABEL = "(none)"
OTHERS_LABEL = "(others)"
MAX_KEYWORDS = 200
MAX_ISSUES = 100
DEMO_QUALITY = "demo quality: written by a very small model, not meant for training in earnest"


class MeasuredSample(Protocol):
    """A sample with its length in tokens and its side of the split (None where the dataset was not split)."""

    @property
    def sample(self) -> Sample: ...
    @property
    def token_length(self) -> int: ...
    @property
    def split(self) -> SplitName | None: ...


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What is known of a dataset beside its samples. ``requested`` is the wished size after the provider's cap;
    ``proposed`` must equal the samples plus all rejections. ``exact`` is False where token counts are estimates."""

    provider: str
    model: str
    mode: str
    requested: int
    proposed: int
    rejected: Mapping[str, int] = field(default_factory=dict)
    exact: bool = False
    demo_quality: bool = False
    validation: ValidationReport | None = None
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What differs between two runs that make the same dataset; None where it is not known."""

    name: str
    dataset_id: str = ""
    created_at: datetime | None = None
    seconds: float | None = None
    writer: str = ""
    usage: Usage | None = None
    cost_usd: float | None = None
    calls: int | None = None
    cached_calls: int | None = None


@dataclass(slots=True)
class _Tally:
    """Counts over one pass, so that the samples may stream."""

    splits: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    keywords: Counter[str] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    turns: Counter[int] = field(default_factory=Counter)
    tokens: Counter[int] = field(default_factory=Counter)

    def add(self, row: MeasuredSample) -> None:
        sample = row.sample
        self.splits[row.split or NONE_LABEL] += 1
        self.sources[source_label(sample)] += 1
        self.keywords[keyword_label(sample)] += 1
        self.origins[sample.origin] += 1
        self.turns[sum(message.role != "system" for message in sample.messages)] += 1
        self.tokens[row.token_length] += 1


def build_statistics(rows: Iterable[MeasuredSample], facts: DatasetFacts, run: RunFacts) -> dict[str, Any]:
    """The statistics file as plain JSON values; ``rows`` is consumed in one pass.

    Everything but ``run`` is the same whenever the dataset is the same. Raises ValueError when proposed is not kept
    plus rejected: a sample would have been lost without a reason.
    """
    tally = _Tally()
    for row in rows:
        tally.add(row)
    kept = tally.splits.total()
    rejected = sum(facts.rejected.values())
    if facts.proposed != kept + rejected:
        raise ValueError(f"proposed {facts.proposed} is not kept {kept} + rejected {rejected}")
    statistics: dict[str, Any] = {
        "provider": facts.provider,
        "model": facts.model,
        "mode": facts.mode,
        "samples": {
            "requested": facts.requested,
            "proposed": facts.proposed,
            "kept": kept,
            "rejected": rejected,
            "rejected_by_reason": dict(sorted(facts.rejected.items())),
        },
        "tokens": {**describe_counts(tally.tokens), "exact": facts.exact},
        "splits": _by_label(tally.splits),
        "sources": _by_label(tally.sources),
        "first_keywords": _by_label(keep_largest(tally.keywords, MAX_KEYWORDS)),
        "origins": _by_label(tally.origins),
        "turns": {str(turns): count for turns, count in sorted(tally.turns.items())},
        "validation": _describe_validation(facts.validation),
        "warnings": list(facts.warnings),
        "run": _describe_run(run),
    }
    if facts.demo_quality:
        statistics["quality"] = DEMO_QUALITY
    return statistics


def source_label(sample: Sample) -> str:
    """The source file of a sample, or ``(none)``."""
    return sample.source_file or NONE_LABEL


def keyword_label(sample: Sample) -> str:
    """The first topic keyword of a sample, or ``(none)``."""
    return sample.topic_keywords[0] if sample.topic_keywords else NONE_LABEL


def describe_counts(values: Mapping[int, int]) -> dict[str, Any]:
    """Total, min, mean (two decimals), median, p95 and max of values given as value -> how often.

    The median of an even number of values is the mean of the two middle ones; p95 is the nearest rank, the smallest
    value that at least 95 % of the values do not exceed. All but the total are None when there are no values.
    """
    ordered = sorted((value, count) for value, count in values.items() if count)
    number = sum(count for _, count in ordered)
    total = sum(value * count for value, count in ordered)
    if not number:
        return {"total": 0, "min": None, "mean": None, "median": None, "p95": None, "max": None}
    low, high = _at_rank(ordered, (number + 1) // 2), _at_rank(ordered, number // 2 + 1)
    return {
        "total": total,
        "min": ordered[0][0],
        "mean": round(total / number, 2),
        "median": low if low == high else (low + high) / 2,
        "p95": _at_rank(ordered, (number * 95 + 99) // 100),
        "max": ordered[-1][0],
    }


def keep_largest(counts: Mapping[str, int], limit: int) -> dict[str, int]:
    """The ``limit`` largest counts (ties by label), the others summed under ``(others)``: the total stays the same."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    kept = dict(ordered[:limit])
    if len(ordered) > limit:
        kept[OTHERS_LABEL] = kept.get(OTHERS_LABEL, 0) + sum(count for _, count in ordered[limit:])
    return kept


def _at_rank(ordered: Sequence[tuple[int, int]], rank: int) -> int:
    seen = 0
    for value, count in ordered:
        seen += count
        if seen >= rank:
            return value
    raise ValueError(f"rank {rank} is past the {seen} values")


def _by_label(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _describe_validation(report: ValidationReport | None) -> dict[str, Any] | None:
    if report is None:
        return None
    severities = Counter(issue.severity for issue in report.issues)
    return {
        "ok": report.ok,
        "rows": report.rows,
        "total_tokens": report.total_tokens,
        "exact": report.exact,
        "errors": severities["error"],
        "warnings": severities["warning"],
        "issues_by_code": _by_label(Counter(issue.code for issue in report.issues)),
        "first_issues": [
            {
                "severity": issue.severity,
                "code": issue.code,
                "row": issue.row,
                "message": issue.message,
                "fix": issue.fix,
            }
            for issue in report.issues[:MAX_ISSUES]
        ],
    }


def _describe_run(run: RunFacts) -> dict[str, Any]:
    return {
        "name": run.name,
        "dataset_id": run.dataset_id,
        "created_at": run.created_at.astimezone(UTC).isoformat(timespec="seconds") if run.created_at else None,
        "seconds": None if run.seconds is None else round(run.seconds, 2),
        "writer": run.writer,
        "input_tokens": run.usage.input_tokens if run.usage else None,
        "output_tokens": run.usage.output_tokens if run.usage else None,
        "cost_usd": None if run.cost_usd is None else round(run.cost_usd, 6),
        "calls": run.calls,
        "cached_calls": run.cached_calls,
    }
