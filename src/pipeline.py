"""The fixed sequence of a run: documents -> agent -> validator -> SQLite -> splitter -> JSONL, CSV, statistics."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from src.agents import load_agent
from src.agents.base_agent import AgentTools
from src.agents.free_agent import require_instructions
from src.agents.hybrid_agent import MAX_SHOWN_CHARS
from src.core.config import RunConfig
from src.core.errors import DatasetError
from src.core.jsonl import make_folder
from src.core.parts import Parts
from src.core.types import DatasetRecord, ProgressEvent, Rejection, RunReport, SourceDocument, ValidationReport
from src.dataset_files import has_files, hold_workspace
from src.documents import Documents, count_passages, read_again, read_folder
from src.generation.advice import advise
from src.generation.answer_first.languages import language_notice
from src.generation.estimate import Estimate, estimate_run
from src.generation.opening import run_notices
from src.generation.planning.summary import PlanSummary
from src.generation.writer import find_judge, find_teachers
from src.persistence.backup import backup_database
from src.persistence.compaction import compact
from src.persistence.journal import Journal
from src.persistence.removal import remove_expired
from src.persistence.sqlite_client import Store
from src.proposing import propose
from src.providers import limits
from src.providers.lookup import find_model
from src.publish.figures import check_rows
from src.publish.finishing import finish_dataset
from src.publish.row_files import publish_rejected
from src.resume import begin_run, journal_edition, record_of_run

__all__ = [
    "Documents",
    "Estimate",
    "Parts",
    "build_dataset",
    "check_proposed",
    "count_passages",
    "estimate_cost",
    "find_teachers",
    "preview_plan",
    "read_documents",
    "run_agent",
    "save_proposed",
]

Confirm = Callable[[Estimate], None]
"""Asks whether a run may cost what it is expected to, and raises where it may not."""


def _go_ahead(_estimate: Estimate) -> None:
    """Whatever it costs."""


def build_dataset(config: RunConfig, parts: Parts, *, confirm: Confirm = _go_ahead, fresh: bool = False) -> RunReport:
    """The whole run. A stopped run of the same configuration resumes by itself: answers come from the journal.

    ``confirm`` is asked before anything is sent when more than ``generation.ask_above_usd`` is expected. A ``fresh``
    run begins anew and takes no answer of earlier runs, which are kept.

    Raises StorageError when another run is writing in the same workspace: two would pay twice for one dataset.
    RunStoppedError when it was stopped: the same call goes on with it.
    """
    _require_settings(config, parts)  # a wrong name costs no reading
    with hold_workspace(parts.workspace):
        documents = read_documents(config, parts)
        estimate = estimate_cost(config, parts, documents)
        if estimate is not None and estimate.is_above(config.generation.ask_above_usd):
            confirm(estimate)
        record = _run_agent(config, parts, documents, fresh=fresh)
        _require_samples(config, parts, record)
        return _save(config, parts, record, documents.documents)


def read_documents(config: RunConfig, parts: Parts) -> Documents:
    """Read the input folder; an unreadable file becomes a rejection. Raises InputFileError when nothing is left,
    except in free mode, which can work from the instructions alone."""
    return read_folder(config, parts.workspace, parts.on_event)


def estimate_cost(config: RunConfig, parts: Parts, documents: Documents) -> Estimate | None:
    """What a run over ``documents`` will ask for and cost; None when no model is asked, or only the embedded one.
    Raises ConfigError when nobody can be chosen to write."""
    shown = MAX_SHOWN_CHARS if config.mode == "hybrid" else 0
    teachers, judge = find_teachers(config, parts.secrets), find_judge(config, parts.secrets)
    return estimate_run(config, teachers, documents.documents, parts.workspace.prompts, shown_chars=shown, judge=judge)


def preview_plan(config: RunConfig, parts: Parts, documents: Documents) -> PlanSummary | None:
    """What a run over ``documents`` will write about, and which kinds of samples it asks for; None where nothing is
    generated. No model is asked. Raises ConfigError and InputFileError as a run does."""
    teachers = find_teachers(config, parts.secrets)
    demo = any(teacher.writer.demo_quality for teacher in teachers)
    _tell_languages(config, parts, documents, demo=demo)
    tools = AgentTools(config=config, prompts=parts.workspace.prompts, demo_quality=demo)
    size = limits.cap_size(config.dataset_size, find_model(config.provider, config.model)).used
    return asyncio.run(load_agent(config.mode, tools).preview(documents.documents, size))


def run_agent(config: RunConfig, parts: Parts, documents: Documents) -> DatasetRecord:
    """Let the agent of ``config.mode`` propose samples; what passes the checks is stored under a dataset that is
    unfinished yet.

    Every model answer is journalled before it is used, so that whatever stops this function costs only the requests in
    flight. Raises StorageError when another run is writing.
    """
    with hold_workspace(parts.workspace):
        return _run_agent(config, parts, documents)


def check_proposed(config: RunConfig, parts: Parts, record: DatasetRecord) -> ValidationReport:
    """What the provider would say of the samples that an agent left. Raises DatasetError when there are none."""
    _require_samples(config, parts, record)
    with Store(parts.workspace.database) as store:
        return check_rows(store.arrivals(record.id), record)


def save_proposed(config: RunConfig, parts: Parts, record: DatasetRecord) -> RunReport:
    """Split what an agent left, and write the files from what is stored.

    Raises StorageError when another run is writing (it can then be saved later), and DatasetError when another one has
    begun the same dataset anew since.
    """
    with hold_workspace(parts.workspace):
        return _save(config, parts, record, read_again(record, config, parts.workspace))


def _require_settings(config: RunConfig, parts: Parts) -> None:
    """Raises ConfigError for what can be known to be wrong before anything is read or stored."""
    find_model(config.provider, config.model)
    parts.secrets.supabase()
    if config.mode == "free":
        require_instructions(config, parts.workspace.prompts, can_ask=parts.ask_instructions is not None)


def _run_agent(config: RunConfig, parts: Parts, documents: Documents, *, fresh: bool = False) -> DatasetRecord:
    started = time.monotonic()
    workspace = parts.workspace
    _require_settings(config, parts)
    cap = limits.cap_size(config.dataset_size, find_model(config.provider, config.model))
    teachers = find_teachers(config, parts.secrets)
    demo = any(teacher.writer.demo_quality for teacher in teachers)
    told = _tell_languages(config, parts, documents, demo=demo)
    notices = (*cap.lines, *run_notices(config, teachers), *told)
    make_folder(workspace.output_datasets)  # before anything is paid for
    backup_database(workspace.database, workspace.backups, now=parts.clock())
    with Store(workspace.database, clock=parts.clock) as store:
        remove_expired(store, workspace)
        compact(store)
        has_files_of = partial(has_files, workspace.output_datasets)
        record = record_of_run(config, store, size=cap.used, now=parts.clock(), has_files=has_files_of, fresh=fresh)
        journal = Journal(store, journal_edition(record))
        with begin_run(store, record) as dataset:
            run = asyncio.run(propose(config, parts, documents, dataset, journal, teachers))
            warnings = (*documents.warnings, *notices)
            return dataset.end(replace(run, seconds=time.monotonic() - started, warnings=warnings))


def _tell_languages(config: RunConfig, parts: Parts, documents: Documents, *, demo: bool) -> tuple[str, ...]:
    """Say before anything is asked what the embedded model (``demo``) cannot ask about."""
    notice = language_notice(documents.documents) if demo and config.mode != "identify" else ""
    if notice:
        parts.on_event(ProgressEvent("read", len(documents.documents), len(documents.documents), note=notice))
    return (notice,) if notice else ()


def _require_samples(config: RunConfig, parts: Parts, record: DatasetRecord) -> None:
    kept, rejected = record.total_samples, sum(record.rejected.values())
    parts.on_event(ProgressEvent("validate", record.proposed, record.proposed, kept=kept, rejected=rejected))
    if kept:
        return
    found = ", ".join(f"{count} {reason}" for reason, count in sorted(record.rejected.items()))
    with Store(parts.workspace.database) as store:
        files = publish_rejected(store, record, parts.workspace.output_datasets)
    where = f" The rejected rows are in {files['rejected']}." if files else ""
    message = f"No sample could be kept ({found})." if found else "The documents hold nothing to make a sample of."
    raise DatasetError(message, fix=advise(config.mode, record.rejected) + where)


def _save(
    config: RunConfig, parts: Parts, record: DatasetRecord, documents: Iterable[SourceDocument | Rejection]
) -> RunReport:
    with Store(parts.workspace.database, clock=parts.clock) as store:
        return finish_dataset(store, record, config, parts, documents)
