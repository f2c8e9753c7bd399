"""The statistics of a dataset: pure figures, the same for the same dataset but for what stands under ``run``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC
from typing import Any

from src.core.types import DatasetRecord, Issue, ValidationReport
from src.reports.metrics.uniform import uniformity_warnings
from src.reports.quotas import describe_quotas, find_quotas
from src.reports.tally import Tally, sum_sides

IMPORTED = "imported"
"""The mode of rows that no run of this program has made: those of a file."""
OTHERS_LABEL = "(others)"
MAX_KEYWORDS = 200
MAX_ISSUES = 100
DEMO_QUALITY = "demo quality: written by a very small model, not meant for training in earnest"


def build_statistics(
    record: DatasetRecord, counts: Tally, validation: ValidationReport, quality: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The statistics file as plain JSON values; ``quality`` are the measures of ``describe_quality``, where they were
    taken.

    Everything but ``run`` is the same whenever the dataset is the same. Raises ValueError when proposed is not kept
    plus rejected: a sample would have been lost without a reason.
    """
    kept = counts.sides.total()
    rejected = sum(record.rejected.values())
    if record.proposed != kept + rejected:
        raise ValueError(f"proposed {record.proposed} is not kept {kept} + rejected {rejected}")
    statistics: dict[str, Any] = {
        "provider": record.provider,
        "model": record.model,
        "mode": record.mode,
        "samples": {
            "requested": record.requested,
            "proposed": record.proposed,
            "kept": kept,
            "rejected": rejected,
            "rejected_by_reason": dict(sorted(record.rejected.items())),
        },
        "tokens": {**describe_counts(counts.tokens), "exact": validation.exact},
        "splits": _by_label(counts.sides),
        "sources": _by_label(sum_sides(counts.sources)),
        "first_keywords": _by_label(keep_largest(sum_sides(counts.keywords), MAX_KEYWORDS)),
        "origins": _by_label(counts.origins),
        "turns": {str(turns): count for turns, count in sorted(counts.turns.items())},
        "validation": _describe_validation(validation),
        "warnings": [
            *record.run.warnings,
            *record.run.split_warnings,
            *(uniformity_warnings(quality) if quality else ()),
        ],
        "run": _describe_run(record),
    }
    samples = statistics["samples"]
    samples |= _where_any(kept_by_judge=_by_label(counts.judged), kept_against_objections=_by_label(counts.objections))
    run = record.run
    statistics |= _where_any(
        planned_and_kept=describe_quotas(find_quotas(run.plan, counts)),
        measures=dict(quality or {}),
        plan=dict(run.plan),
        privacy=dict(run.privacy),
        rounds=[dict(figures) for figures in run.rounds],
        edited_samples=counts.edited_samples,  # their origin says where they began
        quality=DEMO_QUALITY if counts.demo_samples else "",
    )
    return statistics


def describe_issue(issue: Issue) -> dict[str, Any]:
    """A finding of the validator as plain JSON values."""
    return asdict(issue)


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


def _where_any(**parts: Any) -> dict[str, Any]:
    """The parts that hold anything."""
    return {name: value for name, value in parts.items() if value}


def _by_label(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _describe_validation(report: ValidationReport) -> dict[str, Any]:
    severities = Counter(issue.severity for issue in report.issues)
    return {
        "ok": report.ok,
        "rows": report.rows,
        "total_tokens": report.total_tokens,
        "exact": report.exact,
        "errors": severities["error"],
        "warnings": severities["warning"],
        "issues_by_code": _by_label(Counter(issue.code for issue in report.issues)),
        "first_issues": [describe_issue(issue) for issue in report.issues[:MAX_ISSUES]],
    }


def _describe_run(record: DatasetRecord) -> dict[str, Any]:
    run = record.run
    return {
        "name": record.name,
        "dataset_id": record.id,
        "created_at": record.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "seconds": None if run.seconds is None else round(run.seconds, 2),
        "writer": run.writer,
        "input_tokens": run.usage.input_tokens if run.usage else None,
        "output_tokens": run.usage.output_tokens if run.usage else None,
        "cost_usd": None if run.cost_usd is None else round(run.cost_usd, 6),
        "calls": run.calls,
        "cached_calls": run.cached_calls,
    }
