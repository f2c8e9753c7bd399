"""The subcommand sweep: what it will cost in time, the runs one by one, the table."""

from __future__ import annotations

import math
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.actions.curation_places import path_of
from src.cli.actions.training_data import data_text, find_data
from src.cli.prompts import Prompter
from src.cli.screens import duration_text, pairs, show_path, table
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import RunStoppedError

if TYPE_CHECKING:
    from src.training.datasets import TrainingSet
    from src.training.settings import TrainSettings
    from src.training.sweep import Cell, CellResult, SweepReport

_HEADS = ("", "learning rate", "epochs", "rank", "held-out perplexity", "loss", "time")


def sweep(arguments: Namespace, session: Session) -> Outcome:
    """Show the plan, ask where somebody can be asked, train what is not finished yet, show the table."""
    asks = sys.stdin.isatty() and not arguments.yes
    return sweep_with(arguments, session, Prompter(sys.stdin, session.console) if asks else None)


def sweep_with(arguments: Namespace, session: Session, prompter: Prompter | None) -> Outcome:
    """``prompter`` None: nobody is asked whether to go ahead. Raises RunStoppedError after a no."""
    from src.training.base_model import require_stack
    from src.training.datasets import with_held_out
    from src.training.sweep import make_grid, unfinished

    cells = make_grid(arguments.lr, arguments.epochs, arguments.ranks)
    require_stack()
    base = _settings(arguments)
    data = with_held_out(find_data(session, arguments.dataset, arguments.held_out), base.seed)
    out = path_of(arguments.out) if arguments.out else session.workspace.memory / "sweeps" / data.name
    missing = list(unfinished(data, cells, base, out))
    seconds = _estimate(data, missing, base, session)
    _show_plan(session, data, base, cells, missing, seconds)
    plan = {"cells": len(cells), "to_train": len(missing), "estimated_seconds": round(seconds, 1)}
    if arguments.plan:
        return Outcome(plan)
    if missing and prompter and not prompter.yes_no("Go ahead", default=True):
        raise RunStoppedError("Nothing was trained.", fix="Fewer values, or fewer rows, take less time.")
    report = _run(session, data, cells, base, out)
    _show(session, report)
    return Outcome({**plan, **_facts(report)})


def _settings(arguments: Namespace) -> TrainSettings:
    """What all runs have in common: the defaults for a model of that size."""
    from src.training.base_model import settings_for

    names = ("batch_size", "max_length", "seed", "quantize")
    named = {name: getattr(arguments, name) for name in names}
    return replace(settings_for(arguments.base), **{name: value for name, value in named.items() if value is not None})


def _estimate(data: TrainingSet, missing: Sequence[Cell], base: TrainSettings, session: Session) -> float:
    """Seconds for all runs, from one batch that is measured here."""
    from src.training.sweep import count_steps
    from src.training.train import train

    if not missing:
        return 0.0
    session.console.remark("Measuring one batch ...")
    settings = missing[0].settings(base)
    plan = train(data, settings, Path(), dry_run=True).plan
    steps = sum(count_steps(plan.rows, cell.settings(base)) for cell in missing)
    return plan.seconds * steps / plan.steps


def _show_plan(
    session: Session,
    data: TrainingSet,
    base: TrainSettings,
    cells: Sequence[Cell],
    missing: Sequence[Cell],
    seconds: float,
) -> None:
    console = session.console
    for remark in data.remarks:
        console.warning(remark)
    console.heading(f"Sweep over {data.name}")
    known = f", {len(cells) - len(missing):,} finished earlier" if len(missing) < len(cells) else ""
    entries = [
        ("Base model", base.base),
        ("Rows", data_text(data)),
        ("Runs", f"{len(cells):,}{known}"),
        ("Time", f"about {duration_text(seconds)}, measured on one batch" if missing else "none: all are finished"),
    ]
    console.lines(pairs(entries, width=console.width))


def _run(session: Session, data: TrainingSet, cells: Sequence[Cell], base: TrainSettings, out: Path) -> SweepReport:
    from src.training.base_model import load_base, load_tuned
    from src.training.evaluate import perplexity
    from src.training.outcome import TrainReport
    from src.training.sweep import sweep as run_sweep
    from src.training.train import train

    def train_cell(settings: TrainSettings, folder: Path) -> TrainReport:
        session.console.remark(f"Training {folder.name} ...")
        return train(data, settings, folder, resume=True)

    def measure(adapter: Path | None) -> float:
        loaded = load_base(base.base) if adapter is None else load_tuned(base.base, adapter)
        return perplexity(*loaded, data.held_out, max_length=base.max_length)

    def tell(result: CellResult) -> None:
        known = " (finished earlier)" if result.known else ""
        said = result.failure or f"perplexity {result.perplexity:.2f}, {duration_text(result.seconds)}{known}"
        session.console.remark(f"{result.cell.name}: {said}")

    return run_sweep(data, cells, base, out, train_cell=train_cell, measure=measure, tell=tell)


def _show(session: Session, report: SweepReport) -> None:
    console, best = session.console, report.best
    untuned = ("", "untuned", "", "", f"{report.untuned:.2f}", "", "")
    rows = [untuned, *(_row(result, is_best=result is best) for result in report.results)]
    console.say()
    console.lines(table(_HEADS, rows, width=console.width, right=frozenset({1, 2, 3, 4, 5, 6})))
    for result in report.results:
        if result.failure:
            console.warning(f"{result.cell.name}: {result.failure}")
    console.say()
    if best.perplexity >= report.untuned:
        console.warning("No setting is better than the untuned model on the rows held out.")
    console.success(f"Best: {best.cell.name}, its adapter in {show_path(best.folder, Path.cwd())}")


def _row(result: CellResult, *, is_best: bool) -> tuple[str, ...]:
    cell = result.cell
    figures = ("failed", "", "")
    if not result.failure:
        figures = (f"{result.perplexity:.2f}", f"{result.loss:.3f}", duration_text(result.seconds))
    return ("*" if is_best else "", f"{cell.learning_rate:g}", str(cell.epochs), str(cell.rank), *figures)


def _facts(report: SweepReport) -> dict[str, Any]:
    runs = [
        {
            **result.cell._asdict(),
            **{name: _or_null(value) for name, value in result.figures().items()},
            "known": result.known,
            "folder": str(result.folder),
        }
        for result in report.results
    ]
    return {"untuned_perplexity": report.untuned, "runs": runs, "best": report.best.cell.name}


def _or_null(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
