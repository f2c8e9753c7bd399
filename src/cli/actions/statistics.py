"""The subcommand that shows the figures of a dataset or file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from src.cli.actions.dataset_list import latest_name
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.statistics import distribution_lines, source_lines, token_lines
from src.core.errors import UsageError
from src.reports.statistics import build_statistics

if TYPE_CHECKING:
    from src.publish.figures import Described


def stats(arguments: Namespace, session: Session) -> Outcome:
    """Tokens, distribution and sources of a dataset or file; of the latest dataset when none is named."""
    from src.stored.describing import describe, write_page

    name = arguments.dataset or latest_name(session)
    page = _page_file(arguments.html, name) if arguments.html else None
    if page is None:
        described = describe(name, session.config(), session.workspace)
    else:
        described = write_page(name, session.config(), session.workspace, page)
    show_statistics(session, described)
    if page:
        session.console.say()
        session.console.success(f"Written: {arguments.html}")
    return Outcome({**build_statistics(*described), "html": arguments.html})


def show_statistics(session: Session, described: Described) -> None:
    """The three screens, one below the other."""
    console = session.console
    console.heading(f"Dataset {described.record.name}")
    for lines in (token_lines, distribution_lines, source_lines):
        for line in lines(described, console.width):
            console.say(line, "plain" if line.startswith(" ") else "heading")


def _page_file(typed: str, name: str) -> Path:
    """The page to write. Raises UsageError, before anything is measured, where it cannot be written."""
    path = Path(typed).expanduser()
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"--html {typed} cannot be written.", fix="Name a file in a folder that is there.")
    if path.resolve() == Path(name).expanduser().resolve():
        raise UsageError(f"--html {typed} is the file that is described.", fix="Name another file.")
    return path
