"""Fine-tuning plans and jobs as lines on the screen and as facts for ``--json``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from src.cli.screens import counted, pairs, show_path, table, token_phrase
from src.core.wording import dollars
from src.persistence.jobs import TuningJob
from src.tuning.plan import LaunchPlan

_HEADS = ("job", "dataset", "model", "status", "tuned model", "made (UTC)")
_SIDE_TITLES = {"train": "Training", "validation": "Validation"}
_METHODS = {"supervised": "supervised", "preference": "preference pairs (DPO)"}
_MODEL_THEN_TIME = (2, 5)


def plan_lines(plan: LaunchPlan, root: Path, *, width: int) -> list[str]:
    """What will be sent to whom, and what it costs."""
    target = plan.target
    entries = [
        ("Model", f"{target.limits.title} ({target.model})"),
        ("Trained by", f"{target.service}, {plan.place}"),
    ]
    for side, file in plan.files.items():
        size = f"{plan.rows[side]:,} examples, {token_phrase(plan.tokens[side])}, {file.size_bytes:,} bytes"
        entries.append((_SIDE_TITLES[side], f"{show_path(file.path, root)}: {size}"))
    entries += [
        ("Method", _METHODS[plan.method]),
        ("Epochs", str(plan.epochs)),
        ("Training tokens", f"{'' if _is_exact(plan) else 'about '}{plan.billed_tokens:,}"),
        ("Cost", cost_line(plan)),
        ("Name", plan.suffix),
    ]
    return pairs(entries, width=width)


def cost_line(plan: LaunchPlan) -> str:
    """The estimated price of the training, or what is known of it."""
    limits = plan.target.limits
    if plan.usd is None:
        what = limits.title if plan.method == "supervised" else f"{limits.title} on preference pairs"
        return f"no training price is known for {what}: see the vendor's price list before you go ahead"
    note = f"; {limits.train_price_note}" if limits.train_price_note else ""
    return f"about {dollars(plan.usd)} (${limits.train_price:g} per million tokens, price of {limits.checked}{note})"


def job_table(jobs: Sequence[TuningJob], *, width: int) -> list[str]:
    """One row per job."""
    rows = [
        (job.name, job.dataset, job.model, status_text(job), job.tuned_model or "-", f"{job.created_at:%Y-%m-%d %H:%M}")
        for job in jobs
    ]
    return table(_HEADS, rows, width=width, whole=frozenset({0, 3}), spare=_MODEL_THEN_TIME)


def job_lines(job: TuningJob, *, width: int) -> list[str]:
    """Everything about one job."""
    entries = [
        ("Job", job.job or f"not started ({job.key[:12]})"),
        ("Status", status_text(job)),
        ("Tuned model", job.tuned_model),
        ("Why", job.failure),
        ("Dataset", job.dataset),
        ("Model", job.model),
        ("Trained by", f"{job.service}, {job.place}"),
        ("Training file", job.train_file),
        ("Validation", job.validation_file),
        ("Method", _METHODS.get(str(job.parameters.get("method")), "")),
        ("Epochs", str(job.parameters.get("epochs", ""))),
        ("Made", f"{job.created_at:%Y-%m-%d %H:%M} UTC"),
    ]
    return pairs([(label, value) for label, value in entries if value], width=width)


def status_text(job: TuningJob) -> str:
    """The vendor's word, or how far the launch has come."""
    return job.status or (f"launch broke off ({job.step})" if job.step else "not launched")


def plan_facts(plan: LaunchPlan, root: Path) -> dict[str, Any]:
    """A plan as plain JSON values."""
    return {
        "dataset": plan.dataset,
        "service": plan.target.service,
        "place": plan.place,
        "model": plan.target.model,
        "files": {
            side: {"path": show_path(file.path, root), "bytes": file.size_bytes, "sha256": file.sha256}
            for side, file in plan.files.items()
        },
        "rows": dict(plan.rows),
        "tokens": {side: count.tokens for side, count in plan.tokens.items()},
        "tokens_exact": _is_exact(plan),
        "method": plan.method,
        "epochs": plan.epochs,
        "billed_tokens": plan.billed_tokens,
        "estimated_usd": plan.usd,
        "suffix": plan.suffix,
    }


def job_facts(job: TuningJob, error: str = "") -> dict[str, Any]:
    """A job as plain JSON values; ``error`` is why its status could not be asked for."""
    facts = {
        "id": job.job,
        "key": job.key,
        "dataset": job.dataset,
        "service": job.service,
        "place": job.place,
        "model": job.model,
        "status": status_text(job),
        "is_over": job.is_over,
        "tuned_model": job.tuned_model or None,
        "failure": job.failure or None,
        "train_file": job.train_file,
        "validation_file": job.validation_file or None,
        "parameters": job.parameters,
        "created_at": job.created_at.isoformat(timespec="seconds"),
    }
    return {**facts, "error": error} if error else facts


def launched_text(job: TuningJob, plan: LaunchPlan) -> str:
    """The last line of a launch."""
    rows = counted(plan.rows["train"], "example")
    return f"Started: {job.name} trains {plan.target.limits.title} on {rows}."


def _is_exact(plan: LaunchPlan) -> bool:
    return all(count.exact for count in plan.tokens.values())
