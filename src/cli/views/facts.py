"""Results as plain JSON values: what ``--json`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from src.cli.screens import show_path
from src.core.types import DatasetRecord, RunReport, Sample, ValidationReport
from src.reports.statistics import describe_issue


def report_facts(report: RunReport, root: Path) -> dict[str, Any]:
    """Everything a RunReport says."""
    record, run = report.record, report.record.run
    return {
        "dataset_id": record.id,
        "name": record.name,
        "requested": record.requested,
        "proposed": record.proposed,
        "kept": record.total_samples,
        "rejected": dict(sorted(record.rejected.items())),
        "kept_by_judge": dict(report.judged),
        "splits": dict(report.splits),
        "files": file_facts(report.files, root),
        "validation": validation_facts(report.validation),
        "privacy": dict(run.privacy),
        "warnings": [*run.warnings, *run.split_warnings, *report.warnings],
        "seconds": None if run.seconds is None else round(run.seconds, 2),
        "usage": asdict(run.usage) if run.usage else None,
        "cost_usd": run.cost_usd,
        "calls": run.calls,
        "cached_calls": run.cached_calls,
        "estimated_calls": run.estimated_calls,
        "examples": [sample_facts(sample) for sample in report.examples],
    }


def file_facts(files: Mapping[str, Path], root: Path) -> dict[str, str]:
    """Where each file lies: below ``root`` as the relative path."""
    return {kind: show_path(path, root) for kind, path in files.items()}


def validation_facts(report: ValidationReport) -> dict[str, Any]:
    """A validation report with all of its findings."""
    return {
        "ok": report.ok,
        "rows": report.rows,
        "tokens": report.total_tokens,
        "exact": report.exact,
        "issues": [describe_issue(issue) for issue in report.issues],
    }


def sample_facts(sample: Sample) -> dict[str, Any]:
    """A sample with its source."""
    return {
        "messages": [{"role": message.role, "content": message.content} for message in sample.messages],
        "origin": sample.origin,
        "source_file": sample.source_file,
        "locator": sample.locator,
        "topic_keywords": list(sample.topic_keywords),
    }


def dataset_facts(record: DatasetRecord) -> dict[str, Any]:
    """One stored dataset without its samples."""
    return {
        "id": record.id,
        "name": record.name,
        "status": record.status,
        "parent": record.parent,
        "version": record.version,
        "author": record.author,
        "reason": record.reason,
        "content_hash": record.content_hash,
        "provider": record.provider,
        "model": record.model,
        "mode": record.mode,
        "created_at": record.created_at.isoformat(timespec="seconds"),
        "requested": record.requested,
        "samples": record.total_samples,
        "tokens": record.total_tokens,
        "rejected": dict(record.rejected),
    }
