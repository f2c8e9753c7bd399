"""The fixed sequence of a run: documents -> agent -> validator -> splitter -> SQLite -> JSONL, CSV, statistics."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import orjson

from src.agents import load_agent
from src.agents.base_agent import Agent, AgentTools
from src.core.config import RunConfig
from src.core.errors import ConfigError, DatasetError, MissingPackageError, StorageError
from src.core.jsonl import make_folder
from src.core.secrets import Secrets
from src.core.types import ProgressEvent, Rejection, RunReport, Sample, Usage, ValidationReport
from src.core.workspace import Workspace
from src.documents import Documents, read_folder
from src.generation.engine import Engine
from src.generation.writer import Writer, choose_writer, connect
from src.persistence.backup import backup_database
from src.persistence.exporters import write_rejected
from src.persistence.journal import Journal
from src.persistence.models import DatasetRecord, StoredSample, make_dataset_id
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store
from src.providers import limits
from src.publish import has_files, make_facts, make_report, publish_dataset, sides_of, split_as_configured
from src.reports.statistics import RunFacts
from src.utils.token_counter import TokenCounter
from src.utils.validator import validate_samples

__all__ = [
    "CheckedDraft",
    "Documents",
    "Draft",
    "Parts",
    "Writer",
    "build_dataset",
    "choose_writer",
    "read_documents",
    "run_agent",
    "save_draft",
    "validate_draft",
]


def _ignore(_event: ProgressEvent) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run needs from outside: its folder, its keys, and whoever watches or answers."""

    workspace: Workspace
    secrets: Secrets
    on_event: Callable[[ProgressEvent], None] = _ignore
    ask_instructions: Callable[[], str] | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Draft:
    """What an agent proposed, before any check. ``seconds`` is the time since the run began."""

    record: DatasetRecord
    samples: tuple[Sample, ...]
    rejections: tuple[Rejection, ...]
    writer: Writer | None
    warnings: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    calls: int = 0
    cached_calls: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft after the validator: what is kept, the tokens by sample id, and what the provider would say."""

    draft: Draft
    kept: tuple[Sample, ...]
    tokens: Mapping[str, int]
    rejections: tuple[Rejection, ...]
    report: ValidationReport


def build_dataset(config: RunConfig, parts: Parts) -> RunReport:
    """The whole run. A killed run of the same configuration resumes by itself: answers come from the journal.

    Raises StorageError when another run is writing in the same workspace: two would pay twice for one dataset.
    """
    limits.find_model(config.provider, config.model)  # a wrong name costs no reading
    with hold_run_lock(parts.workspace.run_lock):
        draft = _run_agent(config, parts, read_documents(config, parts))
        return _save_draft(config, parts, validate_draft(config, parts, draft))


def read_documents(config: RunConfig, parts: Parts) -> Documents:
    """Read the input folder; an unreadable file becomes a rejection. Raises InputFileError when nothing is left,
    except in free mode, which can work from the instructions alone."""
    return read_folder(config, parts.workspace, parts.on_event)


def run_agent(config: RunConfig, parts: Parts, documents: Documents) -> Draft:
    """Let the agent of ``config.mode`` propose samples. Every model answer is journalled before it is used, so that
    whatever stops this function costs only the requests in flight. Raises StorageError when another run is writing."""
    with hold_run_lock(parts.workspace.run_lock):
        return _run_agent(config, parts, documents)


def _run_agent(config: RunConfig, parts: Parts, documents: Documents) -> Draft:
    started = time.monotonic()
    cap = limits.cap_size(config.dataset_size, limits.find_model(config.provider, config.model))
    writer = _writer(config, parts.secrets)
    notices = (*cap.lines, writer.notice if writer else "", parts.secrets.supabase_notice())
    make_folder(parts.workspace.output_datasets)  # before anything is paid for
    backup_database(parts.workspace.database, parts.workspace.backups, now=parts.clock())
    with Store(parts.workspace.database) as store:
        record = _begin(config, parts, store, cap.used)
        draft = Draft(record, (), (), writer, (*documents.warnings, *filter(None, notices)))
        draft = asyncio.run(_propose(config, parts, documents, draft, Journal(store)))
    return replace(draft, seconds=time.monotonic() - started)


def validate_draft(config: RunConfig, parts: Parts, draft: Draft) -> CheckedDraft:
    """Check every sample against the limits of the target model. Raises DatasetError when nothing is left."""
    target = limits.find_model(config.provider, config.model)
    checked = validate_samples(draft.samples, target, TokenCounter(target.tokenizer))
    rejections = (*draft.rejections, *checked.rejections)
    total = len(draft.samples)
    parts.on_event(ProgressEvent("validate", total, total, kept=len(checked.kept), rejected=len(rejections)))
    if not checked.kept:
        raise _nothing_kept(config, parts, draft, rejections)
    return CheckedDraft(draft, checked.kept, checked.tokens, rejections, checked.report)


def save_draft(config: RunConfig, parts: Parts, checked: CheckedDraft) -> RunReport:
    """Split, store and export: SQLite first, in one transaction, then the files, made from what is stored.

    Raises StorageError when another run is writing; the draft can then be saved later.
    """
    with hold_run_lock(parts.workspace.run_lock):
        return _save_draft(config, parts, checked)


def _save_draft(config: RunConfig, parts: Parts, checked: CheckedDraft) -> RunReport:
    started = time.monotonic()
    draft = checked.draft
    target = limits.find_model(config.provider, config.model)
    splits = split_as_configured(checked.kept, config.split, config.system.seed, target)
    warnings = (*draft.warnings, *splits.warnings)
    parts.on_event(ProgressEvent("split", len(checked.kept), len(checked.kept), kept=len(splits.train)))
    record = replace(
        draft.record,
        proposed=len(checked.kept) + len(checked.rejections),
        rejected=dict(sorted(Counter(rejection.reason for rejection in checked.rejections).items())),
    )
    rows = [
        StoredSample(sample, checked.tokens[sample.id], side)
        for sample, side in sides_of(splits, enabled=config.split.enabled)
    ]
    with Store(parts.workspace.database, clock=parts.clock) as store:
        record = store.finish_dataset(record, rows, checked.rejections, files_follow=True)
        facts = make_facts(record, checked.report, warnings, checked.kept)
        run = RunFacts(
            name=record.name,
            dataset_id=record.id,
            created_at=record.created_at,
            seconds=draft.seconds + time.monotonic() - started,
            writer=f"{draft.writer.provider} {draft.writer.model.id}" if draft.writer else "",
            usage=draft.usage,
            cost_usd=_cost(draft.writer, draft.usage),
            calls=draft.calls,
            cached_calls=draft.cached_calls,
        )
        try:
            files = publish_dataset(store, record, parts.workspace.output_datasets, config, facts, run)
        except StorageError:
            store.mark_finished(record)  # what is stored can be exported; only a kill leaves the run to be resumed
            raise
        store.mark_finished(record)
    parts.on_event(ProgressEvent("save", len(rows), len(rows), kept=len(rows), rejected=len(checked.rejections)))
    return make_report(record, splits, files, checked.report, warnings, run)


def _writer(config: RunConfig, secrets: Secrets) -> Writer | None:
    """The writing model. Identify mode needs none: it uses a configured provider for what the grammar leaves
    undecided, never the local model, and a missing key does not stop it."""
    if config.mode != "identify":
        return choose_writer(config, secrets)
    try:
        writer = choose_writer(config, secrets)
    except (ConfigError, MissingPackageError):
        return None
    return None if writer.provider == "local" else writer


async def _propose(config: RunConfig, parts: Parts, documents: Documents, draft: Draft, journal: Journal) -> Draft:
    writer = draft.writer
    tools = AgentTools(config=config, prompts=parts.workspace.prompts, ask_instructions=parts.ask_instructions)
    if writer is None:
        return await _collect(load_agent(config.mode, tools), parts, documents, draft, None)
    provider = connect(writer)
    engine = Engine(
        provider,
        journal,
        max_retries=config.system.max_retries,
        timeout_s=config.system.timeout,
        concurrency=limits.provider_spec(writer.provider).concurrency,
    )
    tools = replace(tools, engine=engine, writer=writer.model, demo_quality=writer.demo_quality)
    try:
        return await _collect(load_agent(config.mode, tools), parts, documents, draft, engine)
    finally:
        await engine.aclose()


async def _collect(agent: Agent, parts: Parts, documents: Documents, draft: Draft, engine: Engine | None) -> Draft:
    samples: list[Sample] = []
    rejections: list[Rejection] = []
    size = draft.record.requested
    async with aclosing(agent.run(documents.documents, size)) as proposals:
        async for item in proposals:
            if isinstance(item, Sample):
                samples.append(item)
            else:
                rejections.append(item)
            usage = engine.usage if engine else Usage()
            parts.on_event(
                ProgressEvent(
                    "generate",
                    len(samples),
                    size,
                    kept=len(samples),
                    rejected=len(rejections),
                    usage=usage,
                    cost_usd=_cost(draft.writer, usage),
                )
            )
    draft = replace(draft, samples=tuple(samples), rejections=tuple(rejections))
    if engine is None:
        return draft
    return replace(draft, usage=engine.usage, calls=engine.calls, cached_calls=engine.cached_calls)


def _cost(writer: Writer | None, usage: Usage) -> float | None:
    return limits.cost_usd(writer.model, usage) if writer else 0.0


def _begin(config: RunConfig, parts: Parts, store: Store, size: int) -> DatasetRecord:
    values = orjson.dumps(config.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS).decode()
    config_hash = _config_hash(config)
    resumed = store.unfinished(config_hash)
    folder = parts.workspace.output_datasets
    name = resumed.name if resumed else store.free_name(config.output_name, lambda wish: has_files(folder, wish))
    record = DatasetRecord(
        id=make_dataset_id(name, config_hash),
        name=name,
        provider=config.provider,
        model=config.model,
        mode=config.mode,
        created_at=resumed.created_at if resumed else parts.clock(),
        config=values,
        config_hash=config_hash,
        requested=size,
    )
    return store.begin_dataset(record)


def _config_hash(config: RunConfig) -> str:
    # what only says how patiently a provider is called, or a file is read, does not make another dataset
    values = config.model_dump(
        mode="json",
        exclude={
            "system": {"max_retries", "timeout"},
            "input": {"file_seconds", "file_memory_mb", "cache_mb"},
            "endpoints": True,
        },
    )
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _nothing_kept(config: RunConfig, parts: Parts, draft: Draft, rejections: Sequence[Rejection]) -> DatasetError:
    reasons = Counter(rejection.reason for rejection in rejections)
    found = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    path = parts.workspace.output_datasets / f"{draft.record.name}_rejected.jsonl"
    where = f" The rejected rows are in {path}." if write_rejected(path, rejections) else ""
    advice = {
        "identify": "Add documents with dialogues or questions and answers, or set mode to hybrid or create.",
        "free": "Look at the instructions in prompts/free_mode/prompt.txt.",
    }
    message = f"No sample could be kept ({found})." if found else "The documents hold nothing to make a sample of."
    return DatasetError(message, fix=advice.get(config.mode, "Add documents with more running text.") + where)
