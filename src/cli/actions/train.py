"""The subcommand ``train``: what is trained on what, how long it takes, and what came of it."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.actions.curation_places import path_of
from src.cli.actions.export import export_gguf, merge_adapter
from src.cli.actions.training_data import find_data
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Command, Outcome
from src.cli.views.train import plan_lines, report_lines
from src.core.errors import UsageError
from src.core.types import ProgressEvent

if TYPE_CHECKING:
    from src.training.datasets import TrainingSet
    from src.training.outcome import TrainEvent
    from src.training.settings import TrainSettings

_NAMED_ALIKE = (
    "epochs",
    "rank",
    "alpha",
    "dropout",
    "batch_size",
    "accumulate",
    "max_length",
    "schedule",
    "warmup",
    "loss_on",
    "patience",
    "threads",
    "checkpointing",
    "quantize",
)
"""Options that are called as the setting is."""


def train(arguments: Namespace, session: Session) -> Outcome:
    """What the second word of the command line says; without one, ``run``."""
    commands: dict[str, Command] = {"run": _run, "merge-adapter": merge_adapter, "export-gguf": export_gguf}
    return commands[arguments.action](arguments, session)


def _run(arguments: Namespace, session: Session) -> Outcome:
    """Train, or go on with a run that broke off. The very same run is not done twice."""
    from src.training.base_model import require_stack
    from src.training.checkpoints import place_of, run_facts

    if not arguments.dataset:
        raise UsageError("train needs to know on what.", fix="As in: train --dataset tiny_sft/dataset.jsonl")
    require_stack()
    found = find_data(session, arguments.dataset, arguments.held_out)
    settings = settings_of(arguments, session, len(found.train))
    runs = session.workspace.memory / "training"
    facts = run_facts(settings, found.train, found.held_out)
    out = path_of(arguments.out) if arguments.out else place_of(runs / found.name, facts)
    return train_on(session, found, settings, out, again=arguments.again, dry_run=arguments.dry_run)


def settings_of(arguments: Namespace, session: Session, rows: int) -> TrainSettings:
    """The preset with what the command line changes. Raises UsageError for a value out of range."""
    from src.training.base_model import settings_for
    from src.training.settings import SEED_PRESET

    session.console.remark("Preparing the base model; the first time this takes up to a minute ...")
    base = (
        replace(SEED_PRESET, base=arguments.base) if arguments.preset == "seed" else settings_for(arguments.base, rows)
    )
    changes: dict[str, Any] = {name: getattr(arguments, name) for name in _NAMED_ALIKE}
    changes |= {"learning_rate": arguments.lr, "seed": arguments.seed}
    if arguments.targets:
        changes["targets"] = tuple(name.strip() for name in arguments.targets.split(",") if name.strip())
    return replace(base, **{name: value for name, value in changes.items() if value is not None})


def train_on(
    session: Session, found: TrainingSet, settings: TrainSettings, out: Path, *, again: bool, dry_run: bool
) -> Outcome:
    """Show the plan and the progress, train, show what came of it."""
    from src.training.checkpoints import is_finished, run_facts
    from src.training.outcome import read_report, report_facts
    from src.training.train import train as run_training

    console = session.console
    if not (again or dry_run) and is_finished(out, run_facts(settings, found.train, found.held_out)):
        console.success(f"This very run has ended before, in {out}: nothing was done.")
        report = read_report(out)
    else:
        with Progress(console) as progress:
            report = run_training(
                found,
                settings,
                out,
                resume=not again,
                dry_run=dry_run,
                on_event=_Screen(session, progress, found),
            )
    console.lines(report_lines(report, width=console.width))
    if report.adapter is None:
        console.success("One step was done; nothing was saved. Without --dry-run the whole is trained.")
    else:
        console.success(f"Adapter: {report.adapter}")
        console.say("Beside it: train_report.json, metrics.jsonl, loss.svg")
        console.say(f"What it changed: python -m src.main evaluate {out}")
    return Outcome({"dataset": found.name, "held_out_from": found.held_out_from, **_brief(report_facts(report))})


class _Screen:
    """Shows what training says of itself."""

    def __init__(self, session: Session, progress: Progress, found: TrainingSet) -> None:
        self._console = session.console
        self._progress = progress
        self._found = found

    def __call__(self, event: TrainEvent) -> None:
        from src.training.outcome import Remark, StepLoss, TrainPlan

        if isinstance(event, TrainPlan):
            self._console.heading(f"Training on {self._found.name}")
            self._console.lines(plan_lines(event, self._found, width=self._console.width))
            self._progress(ProgressEvent("train", event.resumed_at, event.steps))
        elif isinstance(event, Remark):
            self._progress.close()
            self._console.warning(event.text)
        elif isinstance(event, StepLoss):
            self._progress(ProgressEvent("train", event.step, event.steps, figure=f"loss {event.loss:.2f}"))


def _brief(facts: dict[str, Any]) -> dict[str, Any]:
    """Without the losses of every step, which stand in metrics.jsonl."""
    return {name: value for name, value in facts.items() if name != "losses"}
