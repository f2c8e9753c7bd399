"""The subcommands around the copies of datasets in Supabase: list, push, pull, remove."""

from __future__ import annotations

from argparse import Namespace

from src.cli.actions.dataset_list import latest_name
from src.cli.agreeing import agreed
from src.cli.progress import Progress
from src.cli.screens import counted, table
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.facts import dataset_facts
from src.core.errors import ConfigError
from src.core.types import ProgressEvent
from src.dataset_files import hold_workspace
from src.persistence.backup import backup_database
from src.persistence.mirror import Mirrored, find_mirrored, list_mirrored, pull, push, remove
from src.persistence.sqlite_client import Store
from src.persistence.supabase import Mirror

_HEADS = ("name", "version", "samples", "arrived", "made (UTC)")


def mirror_list(_arguments: Namespace, session: Session) -> Outcome:
    """Every dataset in the mirror."""
    with _open_mirror(session) as mirror:
        found = list_mirrored(mirror)
    if found:
        rows = [_cells(item) for item in found]
        session.console.lines(
            table(
                _HEADS, rows, width=session.console.width, right=frozenset({1, 2}), whole=frozenset({0, 4}), spare=(4,)
            )
        )
    else:
        session.console.say("The mirror holds no datasets yet. Copy one with 'python -m src.main datasets push'.")
    return Outcome({"mirrored": [_facts(item) for item in found]})


def mirror_push(arguments: Namespace, session: Session) -> Outcome:
    """Copy a dataset to the mirror; the latest when none is named."""
    name = arguments.name or latest_name(session)
    with _open_mirror(session) as mirror, Store(session.workspace.database) as store:
        record = store.find(name)
        with Progress(session.console) as progress:
            pushed = push(store, record, mirror, lambda done, total: progress(ProgressEvent("mirror", done, total)))
    if pushed.sent:
        session.console.success(f"Copied {record.name}: {counted(pushed.sent, 'sample')} of {pushed.samples:,} sent.")
    else:
        session.console.success(f"{record.name} is there already, as it is here.")
    return Outcome({"pushed": record.name, "version": record.version, "sent": pushed.sent, "samples": pushed.samples})


def mirror_pull(arguments: Namespace, session: Session) -> Outcome:
    """Bring a dataset from the mirror into the database."""
    workspace = session.workspace
    with _open_mirror(session) as mirror, hold_workspace(workspace), Store(workspace.database) as store:
        find_mirrored(mirror, arguments.name)  # a wrong name must not push an older backup out
        backup_database(workspace.database, workspace.backups)
        record = pull(store, mirror, arguments.name)
    session.console.success(f"{record.name} is here: {counted(record.total_samples, 'sample')}.")
    session.console.say(f"Write its files with: python -m src.main export {record.name}")
    return Outcome(dataset_facts(record))


def mirror_remove(arguments: Namespace, session: Session) -> Outcome:
    """Remove a dataset from the mirror; what is here stays."""
    with _open_mirror(session) as mirror:
        found = find_mirrored(mirror, arguments.name)
        names = ", ".join(f"version {item.record.version} of {item.uploaded:,} samples" for item in found)
        session.console.say(f"In the mirror: {found[0].record.name}, {names}. What is in the database here stays.")
        refusal = "Removing takes a dataset out of Supabase, and nobody is there to ask."
        if not arguments.yes and not agreed(session, "Remove it from Supabase (y/n)", refusal):
            session.console.warning("Nothing was changed.")
            return Outcome({"removed": []}, ok=False)
        removed = remove(mirror, arguments.name)
    session.console.success(f"Removed {removed[0].name} from Supabase.")
    return Outcome({"removed": [record.id for record in removed]})


def _open_mirror(session: Session) -> Mirror:
    project = session.secrets().supabase()
    if project is None:
        raise ConfigError(
            "No Supabase project is configured.", fix="Set SUPABASE_URL and SUPABASE_KEY in .env; see docs/POSTGRES.md."
        )
    return Mirror(project)


def _cells(item: Mirrored) -> tuple[str, ...]:
    record = item.record
    arrived = "whole" if item.complete else f"{item.uploaded:,}: push it again"
    made = record.created_at.strftime("%Y-%m-%d %H:%M")
    return record.name, str(record.version), f"{record.total_samples:,}", arrived, made


def _facts(item: Mirrored) -> dict[str, object]:
    return {**dataset_facts(item.record), "uploaded": item.uploaded, "complete": item.complete}
