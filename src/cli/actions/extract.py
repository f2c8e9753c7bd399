"""The subcommand extract: the text of one document, wherever it lies."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from src.cli.console import encodable
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import InputFileError

if TYPE_CHECKING:
    from src.utils.reading.spool import Spool


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
