"""The subcommand identify: the conversations of documents given as arguments, wherever they lie, word for word."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from src.cli.actions.earlier_file import say_it_stays
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.config import RunConfig, with_values
from src.core.errors import InputFileError, UsageError
from src.core.jsonl import dump_line
from src.core.kept_file import holds_rows, keeping_writer
from src.core.names import well_formed
from src.core.types import Sample, SourceDocument

if TYPE_CHECKING:
    from src.utils.file_processor import InputFile
    from src.utils.privacy.screening import Screening


def identify(arguments: Namespace, session: Session) -> Outcome:
    """Write one JSON line per conversation that was found, word for word but for what ``privacy`` takes out; or explain
    what was found. Raises InputFileError when nothing can be read."""
    if arguments.explain and arguments.out:
        raise UsageError("--explain writes no rows.", fix="Leave out --out, or --explain.")
    from src.documents import read_files
    from src.utils.privacy.screening import Screening

    config = with_values(session.config(), {"mode": "identify"})
    files = _input_files([Path(path).expanduser() for path in arguments.paths], session.workspace.own_folders)
    if arguments.explain:
        return _explain(files, config, session)
    out = _output_file(arguments.out, files) if arguments.out else None
    as_object = arguments.json and not out
    screening = Screening(config.privacy, config.privacy_extras)
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(session.console))
        rows = stack.enter_context(TemporaryFile()) if as_object else sys.stdout.buffer
        sink = stack.enter_context(keeping_writer(out)) if out else rows
        for item in read_files(files, config, session.workspace, progress):
            if isinstance(item, SourceDocument):
                counts["documents"] += 1
                counts["conversations"] += _write_conversations(item, config, screening, sink)
            else:
                counts["skipped"] += 1
        _require_one(counts["documents"])
        if as_object:
            _print_conversations(counts, screening, rows)
    is_of_this_run = _tell(counts, screening, out, session)
    if as_object:
        return Outcome(None)
    facts = {name: counts[name] for name in ("documents", "skipped", "conversations")}
    return Outcome({**facts, "privacy": screening.describe(), "out": arguments.out}, ok=is_of_this_run)


def _tell(counts: Counter[str], screening: Screening, out: Path | None, session: Session) -> bool:
    """Say what was found; returns whether ``out`` holds it, and not what an earlier run found."""
    from src.cli.screens import counted, privacy_text

    console, privacy = session.console, screening.describe()
    if privacy.get("found"):
        console.remark(f"Private data: {privacy_text(privacy, 'conversation')}")
    found = f"{counted(counts['conversations'], 'conversation')} from {counted(counts['documents'], 'document')}"
    if out and not counts["conversations"]:
        why = "" if privacy.get("found") else ": --explain says why"  # else all were dropped, which has just been said
        console.warning(f"{found}{why}.{say_it_stays(out)}")
        return not holds_rows(out)
    if out:
        console.success(f"{found} in {out}")
    else:
        console.remark(found)
    return True


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
    return _told_apart(list(files.values()))


def _told_apart(files: list[InputFile]) -> list[InputFile]:
    """The files, called by their paths below the folder that they share where two would be called alike."""
    if len({file.name for file in files}) == len(files):
        return files
    places = [file.path.resolve() for file in files]
    on_one_drive = len({place.anchor for place in places}) == 1
    shared = os.path.commonpath([place.parent for place in places]) if on_one_drive else ""
    names = (place.relative_to(shared).as_posix() if shared else place.as_posix() for place in places)
    return [file._replace(name=well_formed(name)) for file, name in zip(files, names, strict=True)]


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


def _write_conversations(document: SourceDocument, config: RunConfig, screening: Screening, sink: IO[bytes]) -> int:
    """Write the conversations of one document, whole as they stand there but for what is private; returns how many.
    Asks no model."""
    from src.agents.identify_files import conversation_row, identify_files

    settings = config.agent.identify
    count = 0
    for item in identify_files((document,), min_turns=settings.min_turns, context=settings.include_context):
        if isinstance(item, Sample):
            screened = screening.screen(item)
            screening.count(screened.found)
            if isinstance(screened.item, Sample):
                sink.write(dump_line(conversation_row(screened.item)))
                count += 1
    return count


def _print_conversations(counts: Counter[str], screening: Screening, rows: IO[bytes]) -> None:
    """Print the object of ``--json`` row by row: there may be more of them than fit into the memory."""
    numbers = {"documents": counts["documents"], "skipped": counts["skipped"], "count": counts["conversations"]}
    facts = {**numbers, "privacy": screening.describe()}
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
