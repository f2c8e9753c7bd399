"""Refining a stored dataset: what it lacks is written anew, as a dataset of its own with the first as its parent."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import orjson

from src.agents.base_agent import AgentTools
from src.agents.hybrid_agent import MAX_SHOWN_CHARS
from src.agents.refine_agent import OnRound, RefineAgent
from src.agents.refine_figures import RoundFigures
from src.agents.refinement import Refinement, prepare_refinement
from src.core.config import RunConfig, read_key, with_values
from src.core.errors import DatasetError
from src.core.jsonl import make_folder
from src.core.names import MAX_NAME_BYTES
from src.core.parts import Parts
from src.core.types import DatasetRecord, RunReport
from src.dataset_files import has_files, hold_workspace
from src.documents import Documents, read_folder
from src.generation.estimate import Calls, Estimate, estimate_calls
from src.generation.opening import run_notices
from src.generation.reask import ATTEMPTS
from src.generation.refinement.work import Cause, Earlier
from src.generation.writer import Teacher, find_judge, find_teachers
from src.persistence.backup import backup_database
from src.persistence.drops import dropped_samples
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.proposing import propose
from src.providers import limits
from src.providers.lookup import find_model
from src.publish.finishing import finish_dataset
from src.resume import begin_run, record_of_refinement

__all__ = ["Preview", "RoundFigures", "Wish", "preview_refinement", "refine_dataset"]

DEFAULT_ROUNDS = 3
_OF_DATASET = ("provider", "model", "mode", "agent", "input", "output", "split", "privacy", "privacy_extras")
"""What makes a dataset what it is: refined as it was made. Who writes, and what that may cost, is as it is now."""
_REFINED = re.compile(r"(.*-refined)(?:-\d+)?")
_EARLIER_CHARS = 2500
"""What the fault and the earlier example add to a prompt at most."""


@dataclass(frozen=True, slots=True)
class Wish:
    """``size`` is where to end (None: one sample for everything that is missing), ``rounds`` after how many rounds at
    the latest, ``changed`` the dotted keys of the configuration that count instead of those of the dataset."""

    size: int | None = None
    rounds: int = DEFAULT_ROUNDS
    changed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a refinement would do: ``kept`` samples go over, others are written anew by their ``causes`` until there are
    ``wished`` ones. ``estimate`` is None where nothing is paid."""

    name: str
    kept: int
    causes: dict[Cause, int]
    first_round: int
    wished: int
    rounds: int
    estimate: Estimate | None


Confirm = Callable[[Preview], None]
"""Shows what a refinement would do and cost, and raises where it may not."""


def preview_refinement(config: RunConfig, parts: Parts, name: str, wish: Wish) -> Preview:
    """What refining the dataset of that name would do. No model is asked, nothing is stored. Raises as
    ``refine_dataset`` does before it begins."""
    return _prepare(config, parts, name, wish).preview


def refine_dataset(
    config: RunConfig, parts: Parts, name: str, wish: Wish, *, confirm: Confirm, on_round: OnRound = lambda _round: None
) -> RunReport:
    """Refine a stored dataset, and write the files of the new one. A stopped refinement of the same dataset, wish and
    configuration goes on by itself: answers come from the journal.

    ``confirm`` is asked before anything is sent; ``on_round`` hears of the dataset as it was and after each round.
    Raises DatasetError when there is no such dataset or nothing to write anew, ConfigError and InputFileError as
    ``build_dataset`` does, StorageError when another run is writing, and RunStoppedError when it was stopped.
    """
    with hold_workspace(parts.workspace):
        prepared = _prepare(config, parts, name, wish)
        _require_work(prepared)
        confirm(prepared.preview)
        started = time.monotonic()
        record = _run(prepared, parts, wish, on_round, started)
        with Store(parts.workspace.database, clock=parts.clock) as store:
            return finish_dataset(store, record, prepared.config, parts, prepared.documents.documents)


@dataclass(frozen=True, slots=True)
class _Prepared:
    config: RunConfig
    parent: DatasetRecord
    documents: Documents
    teachers: Sequence[Teacher]
    refinement: Refinement
    preview: Preview


def _prepare(config: RunConfig, parts: Parts, name: str, wish: Wish) -> _Prepared:
    with Store(parts.workspace.database) as store:
        parent = store.find(name)
        samples = tuple(row.sample for row in store.samples(parent.id))
        earlier = Earlier(samples, tuple(store.rejections(parent.id)), dropped_samples(store, parent), parent.requested)
    config = _settings(parent, config, wish.changed)
    target = find_model(config.provider, config.model)
    size = None if wish.size is None else limits.cap_size(wish.size, target).used
    teachers = find_teachers(config, parts.secrets)
    documents = read_folder(config, parts.workspace, parts.on_event)
    tools = AgentTools(
        config=config,
        prompts=parts.workspace.prompts,
        demo_quality=any(teacher.writer.demo_quality for teacher in teachers),
        ask_instructions=parts.ask_instructions,
    )
    refinement = asyncio.run(prepare_refinement(tools, documents.documents, earlier, size))
    work = refinement.work
    wished = limits.cap_size(work.wished, target).used
    refinement = replace(refinement, work=replace(work, wished=wished))
    config = with_values(config, {"dataset_size": wished})
    preview = Preview(
        name=parent.name,
        kept=len(work.kept),
        causes=work.causes,
        first_round=refinement.work.first_round,
        wished=wished,
        rounds=wish.rounds,
        estimate=_estimate(config, parts, documents, teachers, refinement, wish),
    )
    return _Prepared(config, parent, documents, teachers, refinement, preview)


def _settings(parent: DatasetRecord, config: RunConfig, changed: Sequence[str]) -> RunConfig:
    made_with = orjson.loads(parent.config)
    values = {key: made_with[key] for key in _OF_DATASET if key in made_with}
    refined = _REFINED.fullmatch(parent.name)
    wanted = refined[1] if refined else f"{parent.name}-refined"
    fits = len(wanted.encode()) <= MAX_NAME_BYTES
    values["output_name"] = wanted if fits else parent.name
    return with_values(config, {**values, **{key: read_key(config, key) for key in changed}})


def _estimate(
    config: RunConfig,
    parts: Parts,
    documents: Documents,
    teachers: Sequence[Teacher],
    refinement: Refinement,
    wish: Wish,
) -> Estimate | None:
    asked = refinement.work.first_round
    calls = Calls(asked, asked * wish.rounds * ATTEMPTS)
    shown = _EARLIER_CHARS + (MAX_SHOWN_CHARS if config.mode == "hybrid" else 0)
    judge = find_judge(config, parts.secrets)
    prompts = parts.workspace.prompts
    return estimate_calls(config, teachers, documents.documents, prompts, calls, shown_chars=shown, judge=judge)


def _require_work(prepared: _Prepared) -> None:
    preview = prepared.preview
    if preview.first_round:
        return
    if preview.causes:
        left = sum(preview.causes.values())
        raise DatasetError(
            f"Dataset {preview.name!r} has {preview.kept:,} samples already, and {preview.wished:,} are wished.",
            fix=f"With --size {preview.kept + left} all that is missing is written anew.",
        )
    raise DatasetError(
        f"There is nothing to refine in dataset {preview.name!r}: nothing was rejected or dropped, no sample is "
        "doubtful, and every planned passage has one.",
        fix="Drop what you do not like with 'python -m src.main datasets drop', or make a larger dataset.",
    )


def _run(prepared: _Prepared, parts: Parts, wish: Wish, on_round: OnRound, started: float) -> DatasetRecord:
    config, parent, workspace = prepared.config, prepared.parent, parts.workspace
    make_folder(workspace.output_datasets)  # before anything is paid for
    backup_database(workspace.database, workspace.backups, now=parts.clock())
    notices = run_notices(config, prepared.teachers)
    make_agent = partial(
        RefineAgent, refinement=prepared.refinement, name=parent.id, rounds=wish.rounds, on_round=on_round
    )
    with Store(workspace.database, clock=parts.clock) as store:
        has_files_of = partial(has_files, workspace.output_datasets)
        record = record_of_refinement(config, store, parent, wish.rounds, now=parts.clock(), has_files=has_files_of)
        journal = Journal(store)
        with begin_run(store, record) as dataset:
            run = asyncio.run(
                propose(config, parts, prepared.documents, dataset, journal, prepared.teachers, make_agent)
            )
            warnings = (*prepared.documents.warnings, *notices)
            return dataset.end(replace(run, seconds=time.monotonic() - started, warnings=warnings))
