"""The subcommands that write training formats: convert, and export --format."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.actions.dataset_list import latest_name
from src.cli.screens import counted, show_path, table
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.facts import file_facts
from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.utils.conversion import ConversionReport


def convert(arguments: Namespace, session: Session) -> Outcome:
    """Write IN to OUT in another format, whole or not at all; or only say what would be lost. Raises UsageError,
    InputFileError, DatasetError, StorageError."""
    from src.utils.conversion import convert_file
    from src.utils.formats.registry import find_format

    source = Path(arguments.source).expanduser()
    out = _out_file(arguments, source)
    target = find_format(arguments.to)
    known = find_format(arguments.source_format) if arguments.source_format else None
    report = convert_file(source, out, target, known, allow_loss=arguments.allow_loss)
    session.console.say(f"{source}: {report.source.title}, {counted(report.read, 'row')}")
    _show_losses(report, session)
    if out:
        session.console.success(f"Written: {out}, {report.target.title}, {counted(report.written, 'row')}")
    facts = _facts(report)
    return Outcome({**facts, "out": str(out) if out else None}, ok=bool(report.written))


def export_format(arguments: Namespace, session: Session) -> Outcome:
    """Write the sides of a stored dataset in one more format. Raises UsageError, DatasetError, StorageError."""
    from src.cli.progress import Progress
    from src.stored.exporting import export_in_format
    from src.utils.formats.registry import find_format

    if arguments.csv:
        raise UsageError("--format writes JSONL, not CSV.", fix="Leave out --csv or --format.")
    form = find_format(arguments.format)
    name = arguments.dataset or latest_name(session)
    with Progress(session.console) as progress:
        exported = export_in_format(session.parts(progress), name, form, allow_loss=arguments.allow_loss)
    _show_losses(exported.report, session)
    for path in exported.files.values():
        session.console.success(f"Written: {show_path(path, session.workspace.root)}")
    files = file_facts(exported.files, session.workspace.root)
    return Outcome({"name": name, "files": files, **_facts(exported.report)})


def _out_file(arguments: Namespace, source: Path) -> Path | None:
    """The file to write, None for a preview. Raises UsageError, before anything is read, where it cannot be written."""
    if arguments.preview:
        if arguments.out:
            raise UsageError("--preview writes nothing.", fix="Leave out OUT, or --preview.")
        return None
    if arguments.out is None:
        raise UsageError("convert needs the file to write.", fix="Name OUT, or add --preview.")
    return out_file(arguments.out, source)


def out_file(typed: str, source: Path) -> Path:
    """A file to be written from ``source``. Raises UsageError where it cannot be, or would take the place of its
    source."""
    out = Path(typed).expanduser()
    if out.is_dir():
        raise UsageError(f"{out} is a folder.", fix="Name a file in it, as in converted.jsonl.")
    if not out.parent.is_dir():
        raise UsageError(f"The folder of {out} is not there.", fix="Create it first, or check the path.")
    if out.resolve() == source.resolve():
        raise UsageError(f"{out} would be read and written.", fix="Name another file.")
    return out


def _show_losses(report: ConversionReport, session: Session) -> None:
    console = session.console
    if report.losses:
        rows = [
            (f"{lost.rows:,}", str(lost.first), f"{lost.meaning}{f': {lost.reason}' if lost.reason else ''}")
            for lost in report.losses
        ]
        heads = ("rows", "first", f"what {report.target.title} cannot hold")
        console.lines(table(heads, rows, width=max(console.width, 120), right=frozenset({0, 1})))
    else:
        console.say(f"{report.target.title} holds all of it.")


def _facts(report: ConversionReport) -> dict[str, Any]:
    return {
        "from": report.source.name,
        "to": report.target.name,
        "read": report.read,
        "written": report.written,
        "left_out": report.left_out,
        "losses": [lost._asdict() for lost in report.losses],
    }
