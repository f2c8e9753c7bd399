"""Results as plain JSON values: what ``--json`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from src.cli.screens import show_path
from src.core.types import RunReport, Sample, ValidationReport
from src.persistence.models import DatasetRecord


def report_facts(report: RunReport, root: Path) -> dict[str, Any]:
    """Everything a RunReport says."""
    return {
        "dataset_id": report.dataset_id,
        "name": report.name,
        "requested": report.requested,
        "proposed": report.proposed,
        "kept": report.kept,
        "rejected": dict(sorted(report.rejected.items())),
        "splits": dict(report.splits),
        "files": file_facts(report.files, root),
        "validation": validation_facts(report.validation),
        "warnings": list(report.warnings),
        "seconds": round(report.seconds, 2),
        "usage": {"input_tokens": report.usage.input_tokens, "output_tokens": report.usage.output_tokens},
        "cost_usd": report.cost_usd,
        "calls": report.calls,
        "cached_calls": report.cached_calls,
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
        "issues": [
            {
                "severity": issue.severity,
                "code": issue.code,
                "row": issue.row,
                "message": issue.message,
                "fix": issue.fix,
            }
            for issue in report.issues
        ],
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
        "provider": record.provider,
        "model": record.model,
        "mode": record.mode,
        "created_at": record.created_at.isoformat(timespec="seconds"),
        "requested": record.requested,
        "samples": record.total_samples,
        "tokens": record.total_tokens,
        "rejected": dict(record.rejected),
    }
