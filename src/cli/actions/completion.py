"""The subcommand completion: scripts for shells, and the names that they ask for."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from src.cli.session import Session
from src.cli.subcommand import Outcome


def completion(arguments: Namespace, session: Session) -> Outcome:
    """Print the script of a shell, or the names of the stored datasets, one a line."""
    if arguments.what == "names":
        names = _names(session)
        session.console.lines(names)
        return Outcome({"names": names})
    from src.cli.completion.scripts import completion_script
    from src.cli.completion.table import all_places

    script = completion_script(arguments.what, all_places(), sys.executable)
    if not arguments.json:
        sys.stdout.write(script)  # as it is: a console would fold and mend it
    return Outcome({"shell": arguments.what, "script": script})


def _names(session: Session) -> list[str]:
    """Finished datasets, the newest first; a folder without a database stays without one."""
    from src.persistence.sqlite_client import Store

    place = session.workspace.database
    if isinstance(place, Path) and not place.exists():
        return []
    with Store(place) as store:
        return [record.name for record in store.datasets() if record.status == "finished"]
