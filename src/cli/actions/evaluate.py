"""The subcommand ``evaluate``: base and tuned model on the same prompts, the verdicts, and the report."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from src.cli.actions.curation_places import path_of
from src.cli.actions.data_prep_places import project_root
from src.cli.actions.training_data import find_data
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import BuilderError, UsageError

if TYPE_CHECKING:
    from src.training.evaluation.measures import Measure
    from src.training.evaluation.verdicts import Verdict
    from src.training.findings import Evaluation
    from src.training.measured import Judged, Measured
    from src.training.settings import Row


def evaluate(arguments: Namespace, session: Session) -> Outcome:
    """Answer, measure, judge, write; a verdict of "not met" is a finding, no failure."""
    from src.training.measured import judge_run, measure_run
    from src.training.report import REPORT_NAME, write_before_after
    from src.training.todo import TODO_NAME, tick_file

    if arguments.max_new_tokens < 1:
        raise UsageError("--max-new-tokens is 1 or more.", fix="As in --max-new-tokens 200.")
    folders = [path_of(name) for name in arguments.runs]
    measured = [measure_run(run) for run in _evaluations(arguments, session, folders)]
    path = path_of(arguments.report) if arguments.report else folders[0] / REPORT_NAME
    judged = judge_run(measured[0], folders[0], path.parent)
    write_before_after(measured[0], judged, measured[1:], path)
    _show(session, measured[0], judged)
    todo = path.with_name(TODO_NAME)
    if todo.is_file():
        done = tick_file(todo, measured, judged, path)
        session.console.say(f"{todo}: {done.ticked} of {done.all} items are done.")
    session.console.success(f"Report: {path}")
    return Outcome({"report": str(path), **_facts(measured[0], judged)})


def _evaluations(arguments: Namespace, session: Session, folders: list[Path]) -> list[Evaluation]:
    from src.training.evaluate import evaluate as run_evaluation
    from src.training.evaluation.prompts import read_prompts
    from src.training.findings import read_evaluation

    if arguments.rewrite:
        return [read_evaluation(folder) for folder in folders]
    from src.training.base_model import require_stack

    require_stack()
    examples = project_root(session) / "tiny_sft"
    prompts = read_prompts(path_of(arguments.prompts) if arguments.prompts else examples / "eval_prompts.yaml")
    held_out = _held_out(arguments, session, folders[0], examples / "held_out.jsonl")
    return list(
        run_evaluation(
            folders,
            prompts,
            held_out.rows,
            held_out_from=held_out.source,
            max_new_tokens=arguments.max_new_tokens,
            tell=session.console.say,
        )
    )


class _HeldOut(NamedTuple):
    rows: tuple[Row, ...] = ()
    source: str = ""


def _held_out(arguments: Namespace, session: Session, run: Path, example: Path) -> _HeldOut:
    """The rows for perplexity: those that are named, else those that the run held out itself."""
    if arguments.dataset:
        found = find_data(session, arguments.dataset, arguments.held_out)
        if not found.held_out:
            raise UsageError(
                f"{arguments.dataset} has no validation side.", fix="Name rows to measure: --held-out FILE."
            )
        return _told(session, _HeldOut(found.held_out, f"{found.name}: {found.held_out_from}"))
    if arguments.held_out:
        return _told(session, _HeldOut(find_data(session, arguments.held_out, None).train, arguments.held_out))
    return _told(session, _own_held_out(session, run, example))


def _own_held_out(session: Session, run: Path, example: Path) -> _HeldOut:
    """Where the run says that they are from, else the ``example`` if they are just these rows; none where neither."""
    from src.training.run_source import read_source

    source = read_source(run)
    if source.held_nothing_out:
        return _HeldOut()
    for name in (source.held_out_from, str(example)):
        if Path(name).is_file():
            rows = find_data(session, name, None).train
            if source.held_these_out(rows) and (name == source.held_out_from or source.held_out):
                return _HeldOut(rows, _shown(session, name))
    if source.dataset:
        try:
            found = find_data(session, source.dataset, None)
        except BuilderError as error:  # it is no longer there; that perplexity is not measured is said
            session.console.warning(str(error))
            return _HeldOut()
        if source.held_these_out(found.held_out):
            return _HeldOut(found.held_out, f"{found.name}: {found.held_out_from}")
    return _HeldOut()


def _shown(session: Session, name: str) -> str:
    path, root = Path(name).resolve(), project_root(session).resolve()
    return str(path.relative_to(root)) if path.is_relative_to(root) else name


def _told(session: Session, found: _HeldOut) -> _HeldOut:
    session.console.say(
        f"Perplexity is measured on {found.source}."
        if found.rows
        else "Perplexity is not measured: the rows that this run held out, if any, are not found. "
        "Name some: --held-out FILE."
    )
    return found


def _show(session: Session, measured: Measured, judged: Judged) -> None:
    from src.cli.screens import table

    console = session.console
    console.heading(f"{measured.run.report.settings.base} before and after {measured.run.name}")
    rows = [_figure_row(one) for one in measured.figures]
    console.lines(table(["measure", "n", "before", "after", ""], rows, width=console.width))
    console.heading("Verdicts")
    for verdict in (*judged.criteria, *judged.targets):
        console.say(f"{verdict.result:14}  {verdict.aim}: {verdict.reason}")


def _figure_row(one: Measure) -> list[str]:
    from src.training.evaluation.figure_text import value_text

    before, after = (value_text(side, one, with_bounds=False) for side in (one.base, one.tuned))
    return [one.name, str(one.count), before, after, "" if one.better == "neither" else one.verdict]


def _facts(measured: Measured, judged: Judged) -> dict[str, Any]:
    return {
        "run": measured.run.name,
        "figures": [
            {
                "name": one.name,
                "count": one.count,
                **{side: getattr(one, side)._asdict() for side in ("base", "tuned", "change")},
                "verdict": one.verdict,
            }
            for one in measured.figures
        ],
        "criteria": [_verdict_facts(one) for one in judged.criteria],
        "targets": [_verdict_facts(one) for one in judged.targets],
    }


def _verdict_facts(verdict: Verdict) -> dict[str, str]:
    return verdict._asdict()
