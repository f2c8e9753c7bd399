"""The subcommand qc."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from src.cli.actions.curation_places import path_of
from src.cli.actions.data_prep_places import check_rejects, check_share, check_written
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError


def qc(arguments: Namespace, session: Session) -> Outcome:
    """Write the rows that stay to OUT and say how many did not, by reason. Raises UsageError, InputFileError,
    DatasetError, ConfigError, StorageError."""
    check_share("--threshold", arguments.threshold, "As in --threshold 0.8.")
    sources = [path_of(name) for name in arguments.sources]
    out = path_of(arguments.out) if arguments.out else _default_out(sources)
    rejects = None if arguments.rejects is None else path_of(arguments.rejects or str(_beside(out, "rejects")))
    check_written(sources, [out, *([rejects] if rejects else [])])
    if rejects:
        check_rejects(rejects)
    if not arguments.out and out.exists():
        session.console.remark(f"{out} is written anew.")
    from src.cli.screens import counted
    from src.data_prep.quality.broken import DEFAULT_MODEL
    from src.data_prep.quality.cleaning import CleaningSettings
    from src.data_prep.quality.control import control_quality

    settings = CleaningSettings(arguments.threshold, arguments.model or DEFAULT_MODEL)
    with Progress(session.console) as progress:
        report = control_quality(sources, out, rejects, settings, progress)
    show_rejected(session, report.kept, report.rejected)
    session.console.success(f"{counted(report.kept, 'row')} of {report.lines:,} in {out}")
    if rejects and report.rejected:
        session.console.say(f"The others, with their reasons: {rejects}")
    return Outcome(
        {
            "rows": report.lines,
            "kept": report.kept,
            "rejected": report.rejected,
            "threshold": settings.threshold,
            "out": str(out),
            "rejects": str(rejects) if rejects and report.rejected else None,
        }
    )


def show_rejected(session: Session, kept: int, rejected: dict[str, int]) -> None:
    """A table of what stayed and what did not, by reason."""
    from src.cli.screens import table

    lines = [(reason.replace("_", " "), f"{count:,}") for reason, count in (("kept", kept), *rejected.items())]
    session.console.lines(table(("rows", "count"), lines, width=session.console.width, right=frozenset({1})))


def _default_out(sources: Sequence[Path]) -> Path:
    if len(sources) > 1:
        raise UsageError("Several inputs need an --out.", fix="As in --out all.clean.jsonl.")
    return _beside(sources[0], "clean")


def _beside(path: Path, kind: str) -> Path:
    """``train.jsonl`` has ``train.clean.jsonl`` beside it."""
    stem = path.name.removesuffix(".jsonl").removesuffix(".json")
    return path.with_name(f"{stem}.{kind}.jsonl")
