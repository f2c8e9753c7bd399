"""The subcommands that read documents given as arguments, wherever they lie: identify, extract."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from src.cli.console import encodable
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.config import RunConfig, with_values
from src.core.errors import InputFileError, UsageError
from src.core.jsonl import atomic_writer, dump_line
from src.core.types import Sample, SourceDocument

if TYPE_CHECKING:
    from src.utils.file_processor import InputFile
    from src.utils.reading.spool import Spool


def identify(arguments: Namespace, session: Session) -> Outcome:
    """Write one JSON line per conversation that was found, word for word; or explain what was found. Raises
    InputFileError when nothing can be read."""
    if arguments.explain and arguments.out:
        raise UsageError("--explain writes no rows.", fix="Leave out --out, or --explain.")
    from src.cli.screens import counted
    from src.documents import read_files

    config = with_values(session.config(), {"mode": "identify"})
    files = _input_files([Path(path).expanduser() for path in arguments.paths], session.workspace.own_folders)
    if arguments.explain:
        return _explain(files, config, session)
    out = _output_file(arguments.out, files) if arguments.out else None
    as_object = arguments.json and not out
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(session.console))
        rows = stack.enter_context(TemporaryFile()) if as_object else sys.stdout.buffer
        sink = stack.enter_context(atomic_writer(out)) if out else rows
        for item in read_files(files, config, session.workspace, progress):
            if isinstance(item, SourceDocument):
                counts["documents"] += 1
                counts["conversations"] += _write_conversations(item, config, sink)
            else:
                counts["skipped"] += 1
        _require_one(counts["documents"])
        if as_object:
            _print_conversations(counts, rows)
    where = f" in {arguments.out}" if arguments.out else ""
    show = session.console.success if arguments.out else session.console.remark
    found = counted(counts["conversations"], "conversation")
    show(f"{found} from {counted(counts['documents'], 'document')}{where}")
    if as_object:
        return Outcome(None)
    return Outcome({**{name: counts[name] for name in ("documents", "skipped", "conversations")}, "out": arguments.out})


def extract(arguments: Namespace, session: Session) -> Outcome:
    """Print the text of one document as it was read. Raises InputFileError, cause and fix in one line."""
    from src.documents import open_reader

    path = Path(arguments.file).expanduser()
    with open_reader(session.config()) as reader:
        try:
            spool = reader.read(path)
        except InputFileError as error:
            raise InputFileError(f"{error} {error.fix}".strip()) from error
        for warning in spool.summary.warnings:
            session.console.warning(warning)
        if arguments.json:
            _print_sections(spool, path)
        else:
            _print_text(spool.text_file)
    return Outcome(None)


def _print_text(text_file: Path) -> None:
    """Copy the text to standard output: UTF-8 into a file or pipe, on a terminal only what it can show."""
    if sys.stdout.isatty():
        with text_file.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                sys.stdout.write(encodable(line, sys.stdout))
    else:
        with text_file.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.flush()


def _print_sections(spool: Spool, path: Path) -> None:
    """Print the object of ``--json`` section by section: a table has hundreds of thousands."""
    summary = spool.summary
    facts = {
        "file": path.name,
        "sha256": summary.sha256,
        "characters": summary.characters,
        "warnings": list(summary.warnings),
    }
    sys.stdout.write(f'{json.dumps(facts)[:-1]}, "sections": [')
    separator = ""
    for section in spool.sections():
        names = {"locator": section.locator, "kind": section.kind, "level": section.level, "text": section.text}
        sys.stdout.write(separator + json.dumps(names))
        separator = ", "
    sys.stdout.write("]}\n")
    sys.stdout.flush()


def _input_files(paths: list[Path], leave_out: Collection[Path]) -> list[InputFile]:
    """The files at ``paths`` and below its folders but for ``leave_out``, each once. Raises InputFileError when one
    is missing."""
    from src.utils.file_processor import InputFile, find_input_files

    files: dict[Path, InputFile] = {}
    for path in paths:
        if not path.exists():
            raise InputFileError(f"{path} is not there.", fix="Check the path.")
        found = find_input_files(path, leave_out=leave_out) if path.is_dir() else (InputFile(path, path.name),)
        for file in found:
            # a link that must not be followed is not the file that it leads to
            files.setdefault(file.path.absolute() if file.refusal else file.path.resolve(), file)
    return list(files.values())


def _output_file(typed: str, files: Sequence[InputFile]) -> Path:
    """The file to write. Raises UsageError, before anything is read, where it cannot be written or would take the place
    of one of the documents."""
    path = Path(typed).expanduser()
    if path.is_dir():
        raise UsageError(f"--out {typed} is a folder.", fix="Name a file in it, as in --out dialogues.jsonl.")
    if not path.parent.is_dir():
        raise UsageError(f"The folder of --out {typed} is not there.", fix="Create it first, or check the path.")
    if path.resolve() in {file.path.resolve() for file in files}:
        raise UsageError(f"--out {typed} is one of the documents to be read.", fix="Name another file.")
    return path


def _write_conversations(document: SourceDocument, config: RunConfig, sink: IO[bytes]) -> int:
    """Write the conversations of one document, whole as they stand there; returns how many. Asks no model."""
    from src.agents.identify_files import conversation_row, identify_files

    settings = config.agent.identify
    count = 0
    for item in identify_files((document,), min_turns=settings.min_turns, context=settings.include_context):
        if isinstance(item, Sample):
            sink.write(dump_line(conversation_row(item)))
            count += 1
    return count


def _print_conversations(counts: Counter[str], rows: IO[bytes]) -> None:
    """Print the object of ``--json`` row by row: there may be more of them than fit into the memory."""
    facts = {"documents": counts["documents"], "skipped": counts["skipped"], "count": counts["conversations"]}
    out = sys.stdout.buffer
    out.write(f'{json.dumps(facts)[:-1]}, "conversations": ['.encode())
    rows.seek(0)
    separator = b""
    for row in rows:
        out.write(separator + row.rstrip(b"\n"))
        separator = b", "
    out.write(b"]}\n")
    out.flush()


def _explain(files: Sequence[InputFile], config: RunConfig, session: Session) -> Outcome:
    """Say of each document why it was or was not taken, once all are read: a bar and results would mix on a screen."""
    from src.agents.identify_files import Preview, preview_conversations
    from src.cli.screens import counted
    from src.cli.views.found import explanation
    from src.documents import read_files

    console, min_turns = session.console, config.agent.identify.min_turns
    previews: list[Preview] = []
    with Progress(console) as progress:
        for item in read_files(files, config, session.workspace, progress):
            if isinstance(item, SourceDocument):
                previews.extend(preview_conversations((item,), min_turns=min_turns))
    _require_one(len(previews))
    for preview in previews:
        console.lines(explanation(preview))
    conversations = sum(preview.conversations for preview in previews)
    console.remark(f"{counted(conversations, 'conversation')} in {counted(len(previews), 'document')}")
    return Outcome(
        {
            "documents": len(previews),
            "skipped": len(files) - len(previews),
            "conversations": conversations,
            "explained": [preview._asdict() for preview in previews],
        }
    )


def _require_one(documents: int) -> None:
    if not documents:
        raise InputFileError("None of the files can be read.", fix="The reason stands with each of them above.")
