"""The subcommands that curate large sets of rows: dedupe."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import MissingPackageError, UsageError

if TYPE_CHECKING:
    from src.curation.deduplicator import DedupeReport, DedupeSettings


def dedupe(arguments: Namespace, session: Session) -> Outcome:
    """Write the rows of IN that stay to OUT, the removed ones with their witnesses and the rejected ones with their
    reasons beside it. Raises MissingPackageError, InputFileError, DatasetError, StorageError."""
    source, out = Path(arguments.source).expanduser(), Path(arguments.out).expanduser()
    against = tuple(Path(name).expanduser() for name in arguments.against)
    _check_places(source, out, against)
    _check_numbers(arguments)
    try:
        from src.curation.deduplicator import DedupeSettings, deduplicate
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"dedupe needs the package {error.name}.",
            fix="make setup-curation, or: pip install -r requirements-curation.txt",
        ) from error
    settings = DedupeSettings(
        tuple(arguments.field), arguments.threshold, arguments.ngram, arguments.method, arguments.workers, against
    )
    with Progress(session.console) as progress:
        report = deduplicate(source, out, settings, progress)
    _show(report, session)
    return Outcome(_facts(report, settings))


def _check_places(source: Path, out: Path, against: tuple[Path, ...]) -> None:
    """Raises UsageError, before anything is read, where OUT cannot be written or would take the place of an input."""
    if out.is_dir():
        raise UsageError(f"OUT {out} is a folder.", fix="Name a file in it, as in clean.jsonl.")
    if not out.parent.is_dir():
        raise UsageError(f"The folder of OUT {out} is not there.", fix="Create it first, or check the path.")
    if out.suffix == ".gz":
        raise UsageError("OUT is written plain, not packed.", fix="Name it .jsonl; gzip packs it afterwards.")
    written = (out, *(out.with_name(f"{out.stem}_{kind}.jsonl") for kind in ("removed", "rejected")))
    taken = {path.resolve() for path in (source, *against)} & {path.resolve() for path in written}
    if taken:
        raise UsageError(f"{sorted(taken)[0]} would be read and written.", fix="Give OUT another name.")


def _check_numbers(arguments: Namespace) -> None:
    if not 0 < arguments.threshold <= 1:
        raise UsageError("--threshold lies above 0 and not above 1.", fix="As in --threshold 0.8.")
    if arguments.ngram < 1:
        raise UsageError("--ngram is at least 1.", fix="As in --ngram 5.")
    if arguments.workers < 1:
        raise UsageError("--workers is at least 1.", fix="As in --workers 2.")


def _show(report: DedupeReport, session: Session) -> None:
    from src.cli.screens import counted, table

    console = session.console
    counts = [("kept", report.kept), *report.removed.items(), *report.rejected.items()]
    lines = [(reason.replace("_", " "), f"{count:,}") for reason, count in counts]
    console.lines(table(("rows", "count"), lines, width=console.width, right=frozenset({1})))
    console.success(f"{counted(report.kept, 'row')} of {report.rows:,} in {report.files.kept}")
    if any(report.removed.values()):
        console.say(f"Removed, with what each one duplicates: {report.files.removed}")
    if report.rejected:
        console.warning(f"{counted(sum(report.rejected.values()), 'line')} rejected: see {report.files.rejected}")


def _facts(report: DedupeReport, settings: DedupeSettings) -> dict[str, object]:
    return {
        "rows": report.rows,
        "kept": report.kept,
        "removed": report.removed,
        "rejected": report.rejected,
        "method": settings.method,
        "threshold": settings.threshold,
        "ngram": settings.ngram,
        "files": {
            "kept": str(report.files.kept),
            "removed": str(report.files.removed),
            "rejected": str(report.files.rejected) if report.rejected else None,
        },
    }
