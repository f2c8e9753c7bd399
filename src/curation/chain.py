"""All of curation in one run, each stage where the last one ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from src.core.errors import DatasetError, UsageError
from src.core.jsonl import atomic_writer, make_folder
from src.core.types import ProgressEvent
from src.curation.dedupe_files import work_folder
from src.curation.dedupe_stage import run_dedupe
from src.curation.deduplicator import DedupeSettings
from src.curation.publish.card import total_cost, write_card
from src.curation.publish.packaging import card_path
from src.curation.records import CuratedObject
from src.curation.scoring.stage import score_rows_by_form
from src.curation.select.balance import Mix, balance
from src.curation.select.filtering import Filters, filter_rows
from src.curation.select.merging import merge_sets
from src.curation.sources.stage import standardise_file
from src.curation.sources.tabling import as_lines
from src.curation.stages.frame import run_stage, side_files
from src.curation.stages.manifest import Cost, Counts, Manifest, read_manifest, write_facts
from src.curation.stages.shards import Outcome, RowStage, run_rows
from src.curation.verify.figures import Figures, read_figures
from src.curation.verify.verdict import Targets, Verdict, figure_facts, judge

Report = Callable[[ProgressEvent], None]
ScoreStage = Callable[[Path, Path, str, Report], Counts]
"""Scores the rows of the first file into the second one; the text is the key of the stage."""

DRAWN_ROWS: Final = 10_000
"""Rows whose tokens are counted for a report: enough for means to within a percent."""


@dataclass(frozen=True, slots=True)
class ChainStage:
    """A stage that is put into the chain from outside, as one that asks a model: its name, what its result depends on,
    and how it is done. ``carry`` hears what it has cost where an earlier run has done it."""

    name: str
    settings: dict[str, Any]
    work: ScoreStage
    carry: Callable[[Cost], None] = lambda _cost: None


@dataclass(frozen=True, slots=True)
class CurateSettings:
    """What `curate` does. ``keep_own``: a row keeps the score that it came with. Without a ``mix`` every row that
    passes stays. ``distil`` and ``score`` replace or add stages that ask models."""

    dedupe: DedupeSettings = field(default_factory=DedupeSettings)
    filters: Filters = field(default_factory=Filters)
    mix: Mix | None = None
    targets: Targets = field(default_factory=Targets)
    keep_own: bool = True
    budget: float = 150.0
    distil: ChainStage | None = None
    score: ChainStage | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True)
class CurateReport:
    """What came of it: the manifests of the stages in their order, the figures and whether all targets are met."""

    out: Path
    stages: tuple[Manifest, ...]
    figures: Figures
    verdict: Verdict
    costs: tuple[Cost, ...]
    seconds: float


@dataclass(slots=True)
class _Run:
    """The chain as far as it has come: ``at`` is the file that the next stage reads."""

    folder: Path
    at: Path
    report: Report
    done: list[Manifest] = field(default_factory=list)

    def step(self, stage: str, settings: dict[str, Any], work: ScoreStage, inputs: Sequence[Path] = ()) -> None:
        """Do one stage, or take what an earlier run has done of it."""
        read = tuple(inputs) or (self.at,)
        out = self._next(stage)
        source = read[0]
        self._end(run_stage(stage, read, out, settings, lambda key: work(source, out, key, self.report)), out)

    def deduplicate(self, settings: DedupeSettings) -> None:
        """The stage that looks at all rows together."""
        out = self._next("dedupe")
        self._end(run_dedupe(self.at, out, settings, self.report), out)

    def _next(self, stage: str) -> Path:
        return self.folder / f"{len(self.done) + 1:02}_{stage}.jsonl"

    def _end(self, manifest: Manifest, out: Path) -> None:
        if not manifest.counts.kept:
            raise DatasetError(
                f"No row is left after {manifest.stage}: {_reasons(manifest.counts)}.",
                fix=f"Loosen its options; {side_files(out)[1]} holds what it took out, with the reasons.",
            )
        self.done.append(manifest)
        self.at = out

    def ask_models(self, stage: ChainStage) -> None:
        """Do a stage that may cost money; what an earlier run has paid for it counts."""
        begun: list[str] = []

        def work(source: Path, out: Path, key: str, report: Report) -> Counts:
            begun.append(key)
            return stage.work(source, out, key, report)

        self.step(stage.name, stage.settings, work)
        if not begun:
            for cost in self.done[-1].counts.costs:
                stage.carry(cost)


def curate(sources: Sequence[Path], out: Path, settings: CurateSettings, report: Report) -> CurateReport:
    """Make one verified set of ``sources``. The stages lie in a folder beside ``out``; a run that was killed goes on
    with the shard in which it was, and ends with the same bytes.

    Raises InputFileError, StorageError, DatasetError where a stage leaves no row (what was made before stays),
    UsageError for a source that would be written.
    """
    began = time.monotonic()
    if out.resolve() in {path.resolve() for path in sources}:
        raise UsageError(f"{out} would be read and written.", fix="Give --out another name.")
    folder = out.with_name(f"{out.stem}.stages")
    make_folder(folder)
    run = _Run(folder, sources[0], report)
    _standardise(run, sources, settings)
    run.deduplicate(settings.dedupe)
    if settings.distil is not None:
        run.ask_models(settings.distil)
    run.ask_models(settings.score or form_stage(settings))
    if settings.distil is not None:
        run.deduplicate(settings.dedupe)
    run.step("filter", asdict(settings.filters), partial(filter_file, settings.filters))
    if settings.mix is not None:
        mix = settings.mix
        run.step("balance", asdict(mix), lambda source, to, _key, tell: balance(source, to, mix, tell))
    return _finish(run, out, settings, began)


def _standardise(run: _Run, sources: Sequence[Path], settings: CurateSettings) -> None:
    standard: list[Path] = []
    for source in sources:
        name = source.name.partition(".")[0]
        facts = {"source": name, "licence": settings.licence}
        run.step("standardise", facts, partial(_standardised, name, settings.licence), (source,))
        standard.append(run.at)
    if len(standard) > 1:
        names = [path.name for path in sources]
        run.step(
            "merge", {"files": names}, lambda _source, to, _key, tell: merge_sets(standard, to, tell, names), standard
        )


def _standardised(name: str, licence: str, source: Path, out: Path, key: str, report: Report) -> Counts:
    """A file of any kind: JSON Lines, a list, Parquet, messages that are linked into trees."""
    with work_folder(out) as folder:
        return standardise_file(as_lines(source, folder), out, key, name, report, licence, str(source))


def form_stage(settings: CurateSettings) -> ChainStage:
    """Scores by form, for nothing."""

    def work(source: Path, out: Path, key: str, report: Report) -> Counts:
        def score(rows: Sequence[CuratedObject]) -> list[Outcome]:
            return list(score_rows_by_form(rows, keep_own=settings.keep_own))

        counts = run_rows(RowStage(source, out, key, score, progress="score"), report)
        return Counts(
            counts.rows,
            counts.kept,
            counts.removed,
            counts.rejected,
            (Cost("scoring", "none: heuristic", 0.0, f"{counts.rows:,} rows by form"),),
        )

    return ChainStage("score", {"by": "heuristic", "keep_own": settings.keep_own}, work)


def filter_file(filters: Filters, source: Path, out: Path, key: str, report: Report) -> Counts:
    """The rows of a file that pass, and why the others do not. Raises InputFileError, DatasetError, StorageError."""
    return run_rows(RowStage(source, out, key, lambda rows: filter_rows(rows, filters)), report)


def _finish(run: _Run, out: Path, settings: CurateSettings, began: float) -> CurateReport:
    last = run.at
    final = run_stage("curate", (last,), out, {}, lambda _key: _copy(last, out, run.done[-1]))
    figures = read_figures(out, DRAWN_ROWS, run.report)
    costs = tuple(cost for paid in run.done[-1].costs_so_far.values() for cost in paid)
    costs = (*costs, Cost("infrastructure", "this machine", 0.0, "deduplication, filters, verification"))
    verdict = judge(figures, settings.targets, total_cost(costs))
    stages = [{"stage": one.stage, **_counted(one.counts)} for one in run.done]
    facts = {**figure_facts(figures), "stages": stages, "passed": verdict.passed}
    write_card(card_path(out), out.stem, facts, costs, settings.budget)
    write_facts(
        out.with_name(f"{out.stem}.report.json"),
        {
            **facts,
            "criteria": [one._asdict() for one in verdict.criteria],
            "costs": [asdict(one) for one in costs],
            "budget_usd": settings.budget,
            "actual_usd": total_cost(costs),
            "manifests": [asdict(one) for one in (*run.done, final)],
        },
    )
    return CurateReport(out, (*run.done, final), figures, verdict, costs, time.monotonic() - began)


def _reasons(counts: Counts) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in counts.removed.items()) or "it had none"


def _counted(counts: Counts) -> dict[str, Any]:
    return {"rows": counts.rows, "kept": counts.kept, "removed": counts.removed, "rejected": counts.rejected}


def _copy(source: Path, out: Path, manifest: Manifest) -> Counts:
    with source.open("rb") as read, atomic_writer(out) as written:
        while block := read.read(1 << 20):
            written.write(block)
    return Counts(manifest.counts.kept, manifest.counts.kept)


class Paid(NamedTuple):
    """What was paid for a set in USD; None where a price is not known. ``recorded``: its papers say so."""

    usd: float | None
    recorded: bool


def paid_for(path: Path) -> Paid:
    """What the papers beside a set say was paid for it, all stages before it included. Without papers nothing was paid
    here. A report of another program under the same name is none of ours."""
    report = path.with_name(f"{path.stem}.report.json")
    found = _read_report(report) if report.exists() else {}
    if "actual_usd" in found:
        return Paid(float(found["actual_usd"]) if found["actual_usd"] is not None else None, recorded=True)
    manifest = read_manifest(path)
    if manifest is None:
        return Paid(0.0, recorded=False)
    return Paid(total_cost([cost for paid in manifest.costs_so_far.values() for cost in paid]), recorded=True)


def _read_report(path: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("actual_usd"), (int, float, type(None))) else {}
