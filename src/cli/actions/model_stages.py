"""The subcommands that may ask models about a set: score and distil."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from src.cli.actions.curation_places import check_places, needs_compiled_code, path_of
from src.cli.progress import Progress
from src.cli.prompts import Prompter
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.stage import show_stage, stage_facts
from src.core.errors import ConfigError, RunStoppedError, UsageError
from src.core.wording import dollars

if TYPE_CHECKING:
    from collections.abc import Callable

    from src.core.types import ProgressEvent, Sample
    from src.curation.chain import ChainStage
    from src.generation.budget import Budget
    from src.generation.team import Member

_JUDGEMENT_TOKENS = 40
_ANSWER_TOKENS = 400
_PROMPT_CHARS = 1_200


def score(arguments: Namespace, session: Session) -> Outcome:
    """Write the rows of IN with their scores to OUT; the scores of a stored dataset land on its samples."""
    if arguments.out is None:
        return _score_dataset(arguments, session)
    return _run(arguments, session, lambda tell: score_stage(arguments, session, tell, keep_own=arguments.keep_own))


def distil(arguments: Namespace, session: Session) -> Outcome:
    """Write the rows of IN with new answers to OUT; with ``--plan``, show who would write them."""
    if arguments.plan:
        return _show_teachers(session)
    return _run(arguments, session, lambda tell: distil_stage_of(arguments, session, tell, path_of(arguments.source)))


def _run(
    arguments: Namespace, session: Session, make: Callable[[Callable[[ProgressEvent], None]], ChainStage]
) -> Outcome:
    source, out = path_of(arguments.source), path_of(arguments.out)
    check_places((source,), out)
    with needs_compiled_code(arguments.command.name):
        from src.curation.stages.frame import run_stage
    with Progress(session.console) as progress:
        stage = make(progress)
        manifest = run_stage(
            stage.name, (source,), out, stage.settings, lambda key: stage.work(source, out, key, progress)
        )
    show_stage(session, manifest, out)
    if stage.name == "score":
        _show_distribution(session, out)
    return Outcome(stage_facts(manifest, out))


def score_stage(
    arguments: Namespace,
    session: Session,
    tell: Callable[[ProgressEvent], None],
    *,
    keep_own: bool,
    budget: Budget | None = None,
) -> ChainStage:
    """The stage that the options ask for. A model is asked only where that was said, and only after its price was.
    ``budget`` is that of the whole run."""
    from src.curation.chain import CurateSettings, form_stage

    by = getattr(arguments, "score_by", None) or getattr(arguments, "by", "heuristic")
    if by != "judge":
        return form_stage(CurateSettings(keep_own=keep_own))
    from src.curation.models.stages import judge_stage, with_cap
    from src.generation.opening import connect_team
    from src.generation.writer import Teacher, choose_writer

    config = with_cap(session.config(), _budget(arguments))
    parts = session.parts(tell)
    writer = choose_writer(config, parts.secrets)
    if writer.demo_quality:
        raise ConfigError(
            "No provider has a key, and the embedded model cannot judge.",
            fix="Put a key into .env, or use the heuristic score.",
        )
    teacher = Teacher(writer)
    stage = judge_stage(config, parts, teacher, keep_own=keep_own, budget=budget)
    sources = [path_of(name) for name in _sources(arguments)]
    _confirm(arguments, session, connect_team(config, (teacher,)), sources, _JUDGEMENT_TOKENS)
    return stage


def distil_stage_of(
    arguments: Namespace,
    session: Session,
    tell: Callable[[ProgressEvent], None],
    *sources: Path,
    budget: Budget | None = None,
) -> ChainStage:
    """The stage in which the teachers write; ``budget`` is that of the whole run. Raises ConfigError where one has no
    key."""
    from src.curation.models.stages import distil_stage, with_cap
    from src.curation.models.teachers import distil_team, parse_routes

    config = with_cap(session.config(), _budget(arguments))
    parts = session.parts(tell)
    team = distil_team(config, parts.secrets)
    routes = parse_routes(getattr(arguments, "route", []), team)
    stage = distil_stage(config, parts, team, routes, budget)
    _confirm(arguments, session, team, list(sources), _ANSWER_TOKENS)
    return stage


def budget_of(arguments: Namespace, session: Session) -> Budget:
    """The one account from which all stages of a run pay. Raises UsageError."""
    from src.curation.models.stages import open_budget, with_cap

    return open_budget(with_cap(session.config(), _budget(arguments)))


def _budget(arguments: Namespace) -> float:
    if not 0 < arguments.budget < float("inf"):
        raise UsageError("--budget is a number of USD above 0.", fix="As in --budget 20.")
    return float(arguments.budget)


def _is_chain(arguments: Namespace) -> bool:
    return bool(arguments.command.name == "curate")


def _sources(arguments: Namespace) -> list[str]:
    return list(arguments.inputs) if _is_chain(arguments) else [arguments.source]


def _confirm(
    arguments: Namespace, session: Session, team: list[Member], sources: list[Path], answer_tokens: int
) -> None:
    """Say what it may cost and ask where that is more than generation.ask_above_usd. Raises UsageError where nobody can
    be asked, RunStoppedError after a no."""
    from src.curation.models.costs import estimate, parse_raw
    from src.curation.records import parse_object

    parse = parse_raw if _is_chain(arguments) else parse_object
    found = [estimate(source, team, _PROMPT_CHARS, answer_tokens, parse) for source in sources if source.exists()]
    usd = None if any(one.usd is None for one in found) else sum(one.usd or 0.0 for one in found)
    requests = sum(one.requests for one in found)
    price = "no price is known" if usd is None else f"about {dollars(usd)}"
    names = ", ".join(member.name for member in team)
    session.console.remark(f"{requests:,} requests to {names}: {price}; never more than {dollars(arguments.budget)}.")
    # a set in which nothing could be counted may cost anything
    if arguments.yes or (requests and usd is not None and usd <= session.config().generation.ask_above_usd):
        return
    if not sys.stdin.isatty():
        raise UsageError("This may cost money, and nobody is here to be asked.", fix="Add --yes to go ahead.")
    if not Prompter(sys.stdin, session.console).yes_no("Go ahead", default=False):
        raise RunStoppedError("The run was not begun: nothing was paid.", fix="A smaller set costs less.")


def _score_dataset(arguments: Namespace, session: Session) -> Outcome:
    """A new version of the dataset, whose samples have their scores; menu 3 shows them."""
    if path_of(arguments.source).is_file():
        raise UsageError("score of a file needs OUT.", fix="As in: score rows.jsonl scored.jsonl")
    from src.core.types import QUALITY_SCORE
    from src.curation.scoring.samples import score_sample
    from src.reports.tables import bar_table
    from src.stored.exporting import annotate, describe_stored

    with Progress(session.console) as progress:
        change = _judgement(arguments, session, progress) if arguments.by == "judge" else score_sample
        report = annotate(session.config(), session.parts(progress), arguments.source, "scored", change)
    scores = describe_stored(session.workspace, report.record.name).counts.scores
    by = "by a model" if arguments.by == "judge" else "by form"
    session.console.heading(f"Scores of {report.record.name}, {by}")
    session.console.lines(bar_table(scores, width=session.console.width))
    return Outcome({"name": report.record.name, "version": report.record.version, QUALITY_SCORE: dict(scores)})


def _judgement(
    arguments: Namespace, session: Session, tell: Callable[[ProgressEvent], None]
) -> Callable[[Sample], Sample]:
    """What a model says of the samples of a stored dataset, as a change of each. Answers that were paid before are in
    the journal."""
    from src.curation.scoring.samples import read_scores, with_known_scores, write_sample_rows
    from src.stored.exporting import read_samples

    with TemporaryDirectory() as folder:
        rows, scored = Path(folder, "rows.jsonl"), Path(folder, "scored.jsonl")
        write_sample_rows(rows, read_samples(session.workspace, arguments.source))
        of_rows = Namespace(**{**vars(arguments), "source": str(rows)})
        stage = score_stage(of_rows, session, tell, keep_own=arguments.keep_own)
        counts = stage.work(rows, scored, "", tell)
        scores = read_scores(scored)
    if counts.removed:
        said = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in counts.removed.items())
        session.console.warning(f"Without a judgement, and left as they are: {said}")
    return lambda sample: with_known_scores(sample, scores)


def _show_teachers(session: Session) -> Outcome:
    from src.cli.screens import table
    from src.curation.models.teachers import shipped_teachers

    config = session.config()
    named = config.generation.teachers
    if named:
        rows = [("", f"{one['provider']} {one['model']}", f"{one['weight']:g}", "config.yaml") for one in named]
    else:
        rows = [(one.asked, one.place, f"{one.weight:g}", one.note) for one in shipped_teachers()]
    session.console.lines(
        table(("asked for", "teacher", "weight", "note"), rows, width=session.console.width, right=frozenset({2}))
    )
    return Outcome({"teachers": [dict(zip(("asked", "teacher", "weight", "note"), row, strict=True)) for row in rows]})


def _show_distribution(session: Session, out: Path) -> None:
    from src.curation.verify.figures import read_figures
    from src.reports.tables import bar_table

    figures = read_figures(out, 0, lambda _event: None)
    session.console.heading("Scores")
    session.console.lines(bar_table(dict(figures.bands), width=session.console.width))
    mean = figures.mean_score
    session.console.say(f"mean {mean:.2f} of 10" if mean is not None else "no row has a score")
