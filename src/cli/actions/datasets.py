"""The subcommand that lists and shows what is stored, and the backups of the database."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from itertools import islice

from src.cli.actions import keeping
from src.cli.actions.dataset_list import DATASET_HEADS, dataset_rows
from src.cli.actions.mirror import mirror_list, mirror_pull, mirror_push, mirror_remove
from src.cli.actions.refine import drop
from src.cli.agreeing import agreed
from src.cli.screens import pairs, rejected_text, sample_lines, show_path, table
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.facts import dataset_facts, sample_facts
from src.core.database_address import DatabaseAddress
from src.core.types import DatasetRecord
from src.dataset_files import hold_workspace
from src.persistence.backup import (
    BackupInfo,
    BackupPreview,
    backup_database,
    find_backup,
    list_backups,
    preview_restore,
)
from src.persistence.restore import restore_backup
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store
from src.persistence.versions import find_version

_NUMBER_COLUMNS = frozenset({4, 5})
_NAME_AND_TIME = frozenset({0, 6})  # a name is typed again as an argument
_MODE_THEN_TOKENS = (1, 5)  # left out first where the screen is narrow
_BACKUP_AND_TIME, _SIZE_THEN_SAMPLES = frozenset({0, 1}), (4, 3)
_SHOWN_NAMES = 10


def datasets(arguments: Namespace, session: Session) -> Outcome:
    """One of the actions of ``datasets``."""
    actions: dict[str, Callable[[Namespace, Session], Outcome]] = {
        "list": _list,
        "show": _show,
        "versions": keeping.versions,
        "rollback": keeping.rollback,
        "rename": keeping.rename,
        "delete": keeping.delete,
        "undo": keeping.undo,
        "deleted": keeping.deleted,
        "purge": keeping.purge,
        "drop": drop,
        "discard": _discard,
        "backups": _backups,
        "restore": _restore,
        "push": mirror_push,
        "pull": mirror_pull,
        "mirror": mirror_list,
        "unmirror": mirror_remove,
    }
    return actions[arguments.action or "list"](arguments, session)


def _list(_arguments: Namespace, session: Session) -> Outcome:
    with Store(session.workspace.database) as store:
        records = store.datasets()
    if records:
        session.console.lines(
            table(
                DATASET_HEADS,
                dataset_rows(records),
                width=session.console.width,
                right=_NUMBER_COLUMNS,
                whole=_NAME_AND_TIME,
                spare=_MODE_THEN_TOKENS,
            )
        )
    else:
        session.console.say("No datasets yet. Make one with 'python -m src.main generate'.")
    return Outcome({"datasets": [dataset_facts(record) for record in records]})


def _show(arguments: Namespace, session: Session) -> Outcome:
    with Store(session.workspace.database) as store:
        record = find_version(store, arguments.name)
        examples = [stored.sample for stored in islice(store.samples(record.id), 3)]
    console = session.console
    console.heading(f"Dataset {record.name}")
    console.lines(pairs(_shown_facts(record), width=console.width))
    console.heading("First samples")
    for number, sample in enumerate(examples, start=1):
        console.lines(sample_lines(sample, number, width=console.width))
    return Outcome(
        {**dataset_facts(record), "config": record.config, "examples": [sample_facts(sample) for sample in examples]}
    )


def _shown_facts(record: DatasetRecord) -> list[tuple[str, str]]:
    facts = {
        **dataset_facts(record),
        "created_at": f"{record.created_at:%Y-%m-%d %H:%M} UTC",
        "rejected": rejected_text(record),
    }
    return [
        (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else value)
        for name, value in facts.items()
        if value not in {None, ""}
    ]


def _discard(arguments: Namespace, session: Session) -> Outcome:
    workspace, console = session.workspace, session.console
    with hold_workspace(workspace), Store(workspace.database) as store:
        record = store.find_unfinished(arguments.name)
        console.heading(f"Unfinished run {record.name}")
        console.lines(pairs(_shown_facts(record), width=console.width))
        console.say("It is forgotten and its name is free; answers that were paid for stay in the journal.")
        refusal = "Discarding removes an unfinished run, and nobody is there to ask."
        if not arguments.yes and not agreed(session, "Discard it (y/n)", refusal):
            console.warning("Nothing was changed.")
            return Outcome({"discarded": None}, ok=False)
        backup_database(workspace.database, workspace.backups)
        store.discard(record)
    console.success(f"Discarded {record.name}.")
    return Outcome({"discarded": record.name})


def _backups(_arguments: Namespace, session: Session) -> Outcome:
    found = list_backups(session.workspace.backups)
    place = session.workspace.database
    if isinstance(place, DatabaseAddress):
        session.console.warning(f"The {place} is not backed up by this program: use pg_dump, or what its host offers.")
    if not found:
        session.console.say("No backups yet: one is made before every run that writes.")
    else:
        rows = [
            (
                info.path.name,
                info.created_at.strftime("%Y-%m-%d %H:%M"),
                f"{info.datasets:,}",
                f"{info.samples:,}",
                f"{info.bytes / 1e6:.1f} MB",
                info.problem or "usable",
            )
            for info in found
        ]
        heads = ("backup", "made (UTC)", "datasets", "samples", "size", "state")
        session.console.lines(
            table(
                heads,
                rows,
                width=session.console.width,
                right=frozenset({2, 3, 4}),
                whole=_BACKUP_AND_TIME,
                spare=_SIZE_THEN_SAMPLES,
            )
        )
    return Outcome({"backups": [_backup_facts(info) for info in found]})


def _restore(arguments: Namespace, session: Session) -> Outcome:
    workspace = session.workspace
    backup = find_backup(workspace.backups, arguments.backup)
    preview = preview_restore(backup)
    _show_preview(session, preview)
    refusal = "Restoring replaces the database, and nobody is there to ask."
    if not arguments.yes and not agreed(session, "Restore it (y/n)", refusal):
        session.console.warning("Nothing was changed.")
        return Outcome({"restored": None}, ok=False)
    # not hold_workspace: it would open the database, which may be what is broken
    with hold_run_lock(workspace.run_lock):
        report = restore_backup(workspace.database, backup, workspace.backups)
    session.console.success(f"Restored {backup.name}: {preview.info.datasets:,} datasets.")
    kept = show_path(report.safety_copy, workspace.root) if report.safety_copy else None
    if kept:
        session.console.say(f"The former database is kept as {kept}")
    return Outcome({"restored": backup.name, "safety_copy": kept})


def _show_preview(session: Session, preview: BackupPreview) -> None:
    info = preview.info
    console = session.console
    console.heading(f"Backup {info.path.name}")
    names = ", ".join(preview.names[:_SHOWN_NAMES]) or "none"
    more = f" and {len(preview.names) - _SHOWN_NAMES} more" if len(preview.names) > _SHOWN_NAMES else ""
    rows = [
        ("Made", f"{info.created_at:%Y-%m-%d %H:%M} UTC"),
        ("Samples", f"{info.samples:,}"),
        ("Datasets", f"{info.datasets:,}: {names}{more}"),
    ]
    console.lines(pairs(rows, width=console.width))
    console.say("It takes the place of the present database, which is backed up first.")


def _backup_facts(info: BackupInfo) -> dict[str, object]:
    return {
        "name": info.path.name,
        "created_at": info.created_at.isoformat(timespec="seconds"),
        "datasets": info.datasets,
        "samples": info.samples,
        "bytes": info.bytes,
        "problem": info.problem,
    }
