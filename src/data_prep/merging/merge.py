"""Merge prepared files and divide them: cleaned, decontaminated, split by groups, and checked for leaks afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from src.core.errors import DatasetError
from src.core.file_set import replace_together
from src.core.jsonl import dump_line, write_lines
from src.core.types import ProgressEvent
from src.data_prep.merging.benchmark_texts import read_benchmarks
from src.data_prep.merging.decontamination import OVERLAP, Benchmarks
from src.data_prep.merging.leaks import Leaks, count_leaks
from src.data_prep.merging.links import files_of, links_of
from src.data_prep.merging.sides import Member, Sides, divide, drift
from src.data_prep.merging.strata import stratum_of
from src.data_prep.quality.cleaning import Cleaned, CleaningSettings, Report, clean, comparable, write_rejects
from src.data_prep.quality.reading import id_of, read_conversation, spoken
from src.data_prep.quality.shelf import Shelf
from src.utils.similarity.exact_join import near_duplicate_clusters
from src.utils.similarity.linked_groups import Links

CONTAMINATED: Final = "benchmark"
_FAR: Final = 0.02


@dataclass(frozen=True, slots=True)
class MergeSettings:
    """``share`` of the rows goes to evaluation. ``benchmarks`` are files whose texts no row may hold; ``overlap`` is
    how much of one makes a hit. From ``leak_threshold`` on, two rows give each other away."""

    share: float = 0.15
    leak_threshold: float = 0.5
    seed: int = 42
    cleaning: CleaningSettings = field(default_factory=CleaningSettings)
    benchmarks: tuple[Path, ...] = ()
    overlap: float = OVERLAP


class MergedFiles(NamedTuple):
    """What a merge of the name ``full`` writes into its folder."""

    train: Path
    evaluation: Path
    rejected: Path
    report: Path

    @classmethod
    def of(cls, folder: Path, name: str) -> MergedFiles:
        """``train.full.jsonl``, ``eval.full.jsonl``, ``rejected.full.jsonl``, ``report.full.json``."""
        train, evaluation, rejected = (folder / f"{kind}.{name}.jsonl" for kind in ("train", "eval", "rejected"))
        return cls(train, evaluation, rejected, folder / f"report.{name}.json")


@dataclass(frozen=True, slots=True)
class MergeReport:
    """``lines`` = ``train`` + ``evaluation`` + all that ``rejected`` counts by reason. ``drifts`` are the largest
    differences of shares between the sides, by source, language and length. ``every_file`` is False where commits
    over several files were counted for the first of them, because whole they connect too much. ``benchmark_items``
    were looked for, ``too_short`` ones not."""

    lines: int
    train: int
    evaluation: int
    rejected: dict[str, int]
    groups: int
    largest_group: int
    drifts: dict[str, float]
    counts: dict[str, dict[str, tuple[int, int]]]
    every_file: bool
    leaks: Leaks
    benchmark_items: int = 0
    too_short: int = 0
    contaminated: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    @property
    def share(self) -> float:
        """The share of the rows that went to evaluation."""
        return self.evaluation / (self.train + self.evaluation or 1)


def merge_and_split(
    sources: Sequence[Path], files: MergedFiles, settings: MergeSettings, report: Report
) -> MergeReport:
    """Write the rows of ``sources`` that stay to a training and an evaluation file, and beside them the others with
    their reasons and a report. The same rows, settings and seed give the same files; they change as one set.

    Raises InputFileError, DatasetError where no row stays, ConfigError, StorageError.
    """
    benchmarks = Benchmarks(read_benchmarks(settings.benchmarks), settings.overlap)
    with Shelf() as shelf:
        cleaned = clean(sources, shelf, settings.cleaning, report)
        contaminated = _drop_contaminated(cleaned, benchmarks)
        sides, every_file = _group_and_divide(cleaned, settings)
        report(ProgressEvent("save", 0, len(cleaned.kept)))
        with replace_together(files[:3], files.report) as new:
            train, evaluation, rejected = new.paths
            for path, numbers in ((train, sides.train), (evaluation, sides.evaluation)):
                write_lines(path, map(shelf.line, numbers))
            write_rejects(rejected, cleaned.rejects)
            report(ProgressEvent("save", len(cleaned.kept), len(cleaned.kept), rejected=len(cleaned.rejects)))
            leaks = count_leaks(train, evaluation, settings.leak_threshold, every_file=every_file)
            done = _sum_up(cleaned, sides, leaks, every_file=every_file)
            done = replace(
                done, benchmark_items=benchmarks.count, too_short=benchmarks.too_short, contaminated=contaminated
            )
            new.manifest.write(dump_line(merge_facts(done)))
    return done


def misses_share(evaluation: int, rows: int, wished: float) -> bool:
    """Whether evaluation is so far from its share that something is to be done, or said, about it: by more than a row
    and by more than two percent of all."""
    return abs(evaluation - wished * rows) > max(1.0, _FAR * rows)


def merge_facts(done: MergeReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "rows": done.lines,
        "train": done.train,
        "eval": done.evaluation,
        "eval_share": round(done.share, 4),
        "rejected": done.rejected,
        "groups": done.groups,
        "largest_group": done.largest_group,
        "drift": done.drifts,
        "counts": {
            kind: {name: {"train": both[0], "eval": both[1]} for name, both in sorted(names.items())}
            for kind, names in done.counts.items()
        },
        "commits_connect_all_files": done.every_file,
        "leaks": {"by_name": done.leaks.by_name, "by_text": done.leaks.by_text, "total": done.leaks.total},
        "benchmark_items": done.benchmark_items,
        "benchmark_items_too_short": done.too_short,
        "contaminated": list(done.contaminated),
    }


def _sum_up(cleaned: Cleaned, sides: Sides, leaks: Leaks, *, every_file: bool) -> MergeReport:
    counts = _count(cleaned.shelf, sides)
    return MergeReport(
        cleaned.lines,
        len(sides.train),
        len(sides.evaluation),
        cleaned.reasons,
        sides.groups,
        sides.largest,
        {kind: round(drift(*both), 4) for kind, both in counts.items()},
        {kind: {name: (both[0][name], both[1][name]) for name in both[0] | both[1]} for kind, both in counts.items()},
        every_file,
        leaks,
    )


def _group_and_divide(cleaned: Cleaned, settings: MergeSettings) -> tuple[Sides, bool]:
    """The sides, and whether commits connect all of their files: not where that leaves no way to the wished share."""
    shelf = cleaned.shelf
    several = any(len(files_of(shelf.row(number))) > 1 for number in cleaned.kept)
    # repeats that were left out still connect what they belong to: all rows take part
    alike = near_duplicate_clusters((comparable(row).text for row in shelf.rows()), settings.leak_threshold)
    for every_file in (True, False):
        links = Links()
        for row in shelf.rows():
            links.add(links_of(row, every_file=every_file))
        sides = _divide(cleaned, links.groups(alike), settings)
        if not several or not misses_share(len(sides.evaluation), len(cleaned.kept), settings.share):
            break
    return sides, every_file


def _drop_contaminated(cleaned: Cleaned, benchmarks: Benchmarks) -> tuple[dict[str, Any], ...]:
    """Reject the rows that hold texts of benchmarks; says which texts. Raises DatasetError where no row stays."""
    if not benchmarks.count:
        return ()
    found: dict[int, dict[str, Any]] = {}
    for number in cleaned.kept:
        row = cleaned.shelf.row(number)
        hit = benchmarks.find(spoken(read_conversation(row)).text)
        if hit is None:
            continue
        detail = f"{hit.overlap:.0%} of {hit.text.item} in {hit.text.file}"
        cleaned.rejects.append(cleaned.reject(number, CONTAMINATED, detail))
        origin = cleaned.origins[number]
        found[number] = {
            "id": id_of(row),
            **origin._asdict(),
            "benchmark": hit.text.file,
            "item": hit.text.item,
            "overlap": hit.overlap,
        }
    cleaned.kept = [number for number in cleaned.kept if number not in found]
    if not cleaned.kept:
        raise DatasetError(
            f"No row stays: all {len(found):,} that can be used hold a text of the benchmarks. Nothing was written.",
            fix="Look whether --decontaminate names the rows themselves; a higher --overlap leaves out less.",
        )
    return tuple(found.values())


def _divide(cleaned: Cleaned, groups: Sequence[Sequence[int]], settings: MergeSettings) -> Sides:
    members = {number: _member(cleaned.shelf.row(number), number) for number in cleaned.kept}
    staying = [[members[number] for number in group if number in members] for group in groups]
    return divide(staying, settings.share, settings.seed)


def _member(row: dict[str, Any], number: int) -> Member:
    return Member(number, id_of(row), stratum_of(row, len(spoken(read_conversation(row)).text)))


def _count(shelf: Shelf, sides: Sides) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """How many rows of every source, language and length each side has."""
    counts: dict[str, tuple[Counter[str], Counter[str]]] = {
        kind: (Counter(), Counter()) for kind in ("source", "language", "length")
    }
    for side, numbers in enumerate((sides.train, sides.evaluation)):
        for number in numbers:
            stratum = _member(shelf.row(number), number).stratum
            for kind, name in stratum._asdict().items():
                counts[kind][side][name] += 1
    return counts
