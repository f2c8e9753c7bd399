"""The subcommand that does all of curation in one run."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from src.cli.actions.curation import dedupe_settings, show_verdict, targets_of, tell_of_compiling
from src.cli.actions.curation_places import check_places, path_of
from src.cli.actions.model_stages import budget_of, distil_stage_of, score_stage
from src.cli.actions.select import filters_of, mix_of
from src.cli.progress import Progress
from src.cli.screens import table
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import InputFileError
from src.core.jsonl import make_folder
from src.core.wording import dollars

_RAW = Path("data/curation/raw")
"""Where ``download`` puts what it fetches, unless it is told another place."""
_ROW_FILES = frozenset({".jsonl", ".json", ".ndjson", ".parquet", ".gz", ".csv"})

if TYPE_CHECKING:
    from src.curation.chain import CurateReport


def curate(arguments: Namespace, session: Session) -> Outcome:
    """Make one verified set of every IN. A target that is missed is bad news, the set is there all the same."""
    dedupe = dedupe_settings(arguments)
    from src.curation.chain import CurateSettings
    from src.curation.chain import curate as run_chain

    out = path_of(arguments.out)
    arguments.inputs = [str(path) for name in arguments.inputs for path in _found_or_fetched(name, session)]
    sources = tuple(path_of(name) for name in arguments.inputs)
    check_places((*sources, *dedupe.against), out, may_make_folder=True)
    filters, mix, targets = filters_of(arguments), mix_of(arguments), targets_of(arguments)
    make_folder(out.parent)
    with Progress(session.console) as progress:
        tell_of_compiling(session)
        budget = budget_of(arguments, session) if arguments.distil or arguments.score_by == "judge" else None
        settings = CurateSettings(
            dedupe=dedupe,
            filters=filters,
            mix=mix,
            targets=targets,
            keep_own=not arguments.rescore,
            budget=arguments.budget,
            distil=distil_stage_of(arguments, session, progress, *sources, budget=budget) if arguments.distil else None,
            score=score_stage(arguments, session, progress, keep_own=not arguments.rescore, budget=budget),
            licence=arguments.licence,
        )
        report = run_chain(sources, out, settings, progress)
    _show(report, session, arguments.budget)
    if arguments.package:
        _package(out, arguments.package, session)
    return Outcome(_facts(report), ok=report.verdict.passed)


def _found_or_fetched(name: str, session: Session) -> list[Path]:
    """A file as it is; what is none is fetched as ``download`` does it. Raises UsageError for what is neither."""
    path = path_of(name)
    if path.is_file():
        return [path]
    if path.suffix in _ROW_FILES:
        raise InputFileError(
            f"{name} is not there.", fix="Check the path; a set is named without a suffix, as in alpaca."
        )
    from src.curation.sources.downloader import DownloadSettings, download

    with Progress(session.console) as progress:
        fetched = download(name, DownloadSettings(_RAW, token=session.secrets().cloud("HF_TOKEN")), progress)
    for one in fetched:
        licence = one.licence or "not known: ask the source before you publish"
        session.console.remark(f"{name}: {one.manifest.counts.kept:,} rows in {one.out}; licence: {licence}")
    return [one.out for one in fetched]


def _package(out: Path, to: str, session: Session) -> None:
    from src.curation.publish.packaging import package

    with Progress(session.console) as progress:
        found = package(out, to, progress)
    session.console.success(f"{len(found.files)} files in {found.target}, every hash checked")


def _show(report: CurateReport, session: Session, budget: float) -> None:
    console = session.console
    heads = ("stage", "in", "out", "taken out", "not readable", "s")
    rows = [
        (
            one.stage,
            f"{one.counts.rows:,}",
            f"{one.counts.kept:,}",
            _counts(dict(one.counts.removed)),
            _counts(dict(one.counts.rejected)),
            f"{one.seconds:.1f}",
        )
        for one in report.stages
    ]
    console.lines(table(heads, rows, width=console.width, right=frozenset({1, 2, 5})))
    console.heading("Costs")
    costs = [
        (one.component, one.provider, "not known" if one.usd is None else dollars(one.usd), one.notes)
        for one in report.costs
    ]
    total = None if any(one.usd is None for one in report.costs) else sum(one.usd or 0.0 for one in report.costs)
    costs.append(("TOTAL", "", "not known" if total is None else dollars(total), f"budget {dollars(budget)}"))
    console.lines(table(("component", "provider", "cost", "notes"), costs, width=console.width, right=frozenset({2})))
    show_verdict(session, report.verdict, report.figures)
    console.say()
    console.success(f"{report.figures.rows:,} rows in {report.out}")
    stem = report.out.stem
    console.say(
        f"Beside it: {stem}.card.md, {stem}.report.json, {stem}.manifest.json, and {stem}.stages/ with every stage"
    )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())


def _facts(report: CurateReport) -> dict[str, object]:
    from src.curation.verify.verdict import figure_facts

    return {
        "out": str(report.out),
        "passed": report.verdict.passed,
        **figure_facts(report.figures),
        "stages": [
            {"stage": one.stage, "rows": one.counts.rows, "kept": one.counts.kept, "seconds": one.seconds}
            for one in report.stages
        ],
        "criteria": [one._asdict() for one in report.verdict.criteria],
        "seconds": round(report.seconds, 1),
    }
