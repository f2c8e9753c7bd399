"""The subcommands that look at whole sets: dedupe and verify."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from src.cli.actions.curation_places import check_places, needs_compiled_code, path_of
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError
from src.core.workspace import PROGRAM_ROOT

if TYPE_CHECKING:
    from src.curation.dedupe_files import OutputFiles
    from src.curation.deduplicator import DedupeSettings
    from src.curation.stages.manifest import Counts
    from src.curation.verify.figures import Figures
    from src.curation.verify.verdict import Targets, Verdict

_SHOWN_REJECTED = 5


def dedupe(arguments: Namespace, session: Session) -> Outcome:
    """Write the rows of IN that stay to OUT, the removed ones with their witnesses and the rejected ones with their
    reasons beside it. Raises MissingPackageError, InputFileError, DatasetError, StorageError."""
    source, out = path_of(arguments.source), path_of(arguments.out)
    settings = dedupe_settings(arguments)
    check_places((source, *settings.against), out)
    from src.curation.dedupe_files import OutputFiles
    from src.curation.dedupe_stage import run_dedupe

    with Progress(session.console) as progress:
        tell_of_compiling(session)
        manifest = run_dedupe(source, out, settings, progress)
    _show(manifest.counts, OutputFiles.beside(out), session)
    return Outcome(_facts(manifest.counts, OutputFiles.beside(out), settings))


def dedupe_settings(arguments: Namespace) -> DedupeSettings:
    """What the options say. Raises UsageError and MissingPackageError."""
    _check_numbers(arguments)
    if arguments.engine == "daft" and (arguments.spill or arguments.workers > 1):
        raise UsageError(
            "--spill and --workers are for the local engine; Daft has its own ways.", fix="Leave them out."
        )
    with needs_compiled_code(arguments.command.name):
        from src.curation.deduplicator import DedupeSettings
    return DedupeSettings(
        tuple(arguments.field),
        arguments.threshold,
        arguments.ngram,
        arguments.method,
        arguments.workers,
        tuple(path_of(name) for name in arguments.against),
        arguments.spill,
        arguments.semantic,
        arguments.engine,
    )


def tell_of_compiling(session: Session) -> None:
    """Say why the first call is silent for a while."""
    from src.utils.similarity.join_kernels import find_witnesses
    from src.utils.similarity.native import is_compiled

    if not is_compiled(find_witnesses):
        session.console.remark("Compiling the joins, once after every installation: up to half a minute ...")


def verify(arguments: Namespace, session: Session) -> Outcome:
    """Show the nine lines, the table of criteria and the verdict; a missed target is bad news."""
    if (arguments.source is None) == (arguments.named is None):
        raise UsageError("verify needs one file.", fix="As in: verify set.jsonl, or: verify --input set.jsonl")
    source = _found_set(path_of(arguments.source or arguments.named), session)
    with needs_compiled_code("verify"):
        from src.curation.chain import paid_for
        from src.curation.verify.figures import read_figures
        from src.curation.verify.near import count_near
        from src.curation.verify.spot_verdicts import quoted_verdicts
        from src.curation.verify.verdict import figure_facts, judge
    with Progress(session.console) as progress:
        figures = read_figures(source, max(0, arguments.tokens), progress)
        if arguments.near:
            tell_of_compiling(session)
            figures.near = count_near(source, figures.exact, progress)
    paid = paid_for(source)
    verdict = judge(figures, targets_of(arguments), paid.usd, recorded=paid.recorded)
    show_verdict(session, verdict, figures)
    quoted = quoted_verdicts(source)
    if quoted:
        session.console.say(quoted)
    facts = {
        **figure_facts(figures),
        "passed": verdict.passed,
        "criteria": [criterion._asdict() for criterion in verdict.criteria],
        "spot_checks": quoted or None,
    }
    return Outcome(facts, ok=verdict.passed)


def _found_set(path: Path, session: Session) -> Path:
    """The file, or the one of that name that `curate` writes by default: the seed's own command names ../data."""
    if path.exists():
        return path
    for root in (session.workspace.root, PROGRAM_ROOT):
        beside = root / "data" / "curation" / path.name
        if beside.exists():
            session.console.remark(f"{path} is not there: reading {beside}.")
            return beside
    return path


def targets_of(arguments: Namespace) -> Targets:
    """What the options ask of a set. Raises UsageError for what no set can reach."""
    from src.curation.verify.verdict import Targets

    for name in ("max_duplicates", "format"):
        if not 0 <= getattr(arguments, name) <= 1:
            raise UsageError(f"--{name.replace('_', '-')} is a share from 0 to 1.", fix="As in 0.01 for one percent.")
    return Targets(
        arguments.min_rows,
        arguments.min_quality,
        arguments.max_duplicates,
        arguments.max_cost,
        arguments.min_teachers,
        arguments.format,
    )


def show_verdict(session: Session, verdict: Verdict, figures: Figures) -> None:
    """The report as it is always drawn."""
    from src.cli.screens import table

    console = session.console
    console.heading("Dataset Verification Results:")
    for line, is_good in verdict.lines:
        console.say(f"{'✅' if is_good else '❌'} {line}")
    for one in figures.rejected_lines[:_SHOWN_REJECTED]:
        console.warning(f"{one.file}, line {one.line}: {one.reason}")
    console.say()
    rows = [(one.name, one.target, one.actual, "met" if one.met else "MISSED") for one in verdict.criteria]
    console.lines(table(("criterion", "target", "actual", "status"), rows, width=console.width))
    console.say()
    console.say(f"Validation Status: {'PASSED ✅' if verdict.passed else 'FAILED ❌'}")
    console.say(f"Dataset Ready for Training: {'YES ✅' if verdict.passed else 'NO ❌'}")


def _check_numbers(arguments: Namespace) -> None:
    if not 0 < arguments.threshold <= 1:
        raise UsageError("--threshold lies above 0 and not above 1.", fix="As in --threshold 0.8.")
    if arguments.ngram < 1:
        raise UsageError("--ngram is at least 1.", fix="As in --ngram 5.")
    if arguments.workers < 1:
        raise UsageError("--workers is at least 1.", fix="As in --workers 2.")


def _show(counts: Counts, files: OutputFiles, session: Session) -> None:
    from src.cli.screens import counted, table
    from src.curation.meaning import review_path

    console = session.console
    shown = [("kept", counts.kept), *_removed(counts).items(), *counts.rejected.items()]
    lines = [(reason.replace("_", " "), f"{count:,}") for reason, count in shown]
    console.lines(table(("rows", "count"), lines, width=console.width, right=frozenset({1})))
    console.success(f"{counted(counts.kept, 'row')} of {counts.rows:,} in {files.kept}")
    if counts.removed:
        console.say(f"Removed, with what each one duplicates: {files.removed}")
    marked = _marked(counts)
    if marked:
        console.say(f"{counted(marked, 'row')} like another one in meaning, marked for you: {review_path(files.kept)}")
    if counts.rejected:
        console.warning(f"{counted(sum(counts.rejected.values()), 'line')} rejected: see {files.rejected}")


def _marked(counts: Counts) -> int | None:
    """Rows that are marked as alike in meaning; None where nobody has asked for that."""
    from src.curation.meaning import MARK

    return counts.facts.get(MARK)


def _removed(counts: Counts) -> dict[str, int]:
    """Both kinds, also where there was none of one."""
    return {reason: counts.removed.get(reason, 0) for reason in ("exact_duplicate", "near_duplicate")}


def _facts(counts: Counts, files: OutputFiles, settings: DedupeSettings) -> dict[str, object]:
    return {
        "rows": counts.rows,
        "kept": counts.kept,
        "removed": _removed(counts),
        "rejected": counts.rejected,
        "like_in_meaning": _marked(counts),
        "method": settings.method,
        "threshold": settings.threshold,
        "ngram": settings.ngram,
        "files": {
            "kept": str(files.kept),
            "removed": str(files.removed),
            "rejected": str(files.rejected) if counts.rejected else None,
        },
    }
