"""import-csv: a table that was edited in a spreadsheet, shown as the changes that it makes."""

from __future__ import annotations

from argparse import Namespace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from src.cli.actions.making_versions import Agree, agreement, editor_of, show_and_make
from src.cli.screens import counted, fold
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import DatasetError

if TYPE_CHECKING:
    from src.core.types import DatasetRecord
    from src.library.editing.table_changes import TableChanges
    from src.persistence.sqlite_client import Store

_SHOWN = 10


def import_csv(arguments: Namespace, session: Session) -> Outcome:
    """Take over an edited table, as one new version."""
    return import_table(session, arguments, agreement(arguments, session))


def import_table(session: Session, arguments: Namespace, agree: Agree) -> Outcome:
    """Read the table, show what of it cannot be read and what changes, ask ``agree``, and make the version."""
    from src.stored.revising import Edit

    path = Path(arguments.file).expanduser()
    changes = _read(session, arguments, path)
    console = session.console
    if changes.ignored:
        console.remark(f"Columns that mean nothing here: {', '.join(changes.ignored)}.")
    if changes.unreadable:
        console.heading(f"{counted(len(changes.unreadable), 'row')} of {path.name} cannot be taken")
        for row in changes.unreadable[:_SHOWN]:
            where = ", ".join(part for part in (f"line {row.line}", row.column) if part)
            console.lines(fold(f"  {where}: {row.problem}", console.width, limit=3))
    if changes.newer and not changes.is_foreign:
        console.remark(
            f"{counted(len(changes.newer), 'sample')} that {path.name} lacks stay: they came in with later versions, "
            "and it does not say of which version it is. Only the table of 'edit --table' can remove them."
        )
    edit = Edit(
        reason=f"edited table {path.name}",
        author=arguments.author,
        revise=changes.revise,
        added=tuple(changes.added),
        leave_bad=arguments.leave_bad,
    )
    refused = bool(changes.unreadable) and not arguments.leave_bad
    outcome = show_and_make(session, arguments.dataset, edit, agree, only_show=arguments.plan or refused)
    facts = {**(outcome.facts or {}), "unreadable": [row._asdict() for row in changes.unreadable]}
    if refused and not arguments.plan:
        raise DatasetError(
            f"{counted(len(changes.unreadable), 'row')} of {path.name} cannot be taken: nothing was changed.",
            fix="Mend these rows, or add --leave-bad: their samples stay as they are.",
        )
    return Outcome(facts, ok=outcome.ok)


def _read(session: Session, arguments: Namespace, path: Path) -> TableChanges:
    from src.library.editing.table import read_table
    from src.library.editing.table_changes import read_changes
    from src.persistence.sample_lookup import find_by_hash
    from src.persistence.sqlite_client import Store

    with Store(session.workspace.database) as store:
        record = store.find(arguments.dataset)
        first = next(store.samples(record.id), None)
        changes = read_changes(
            read_table(path),
            partial(find_by_hash, store, record.id),
            editor_of(arguments, "import-csv"),
            is_split=first is not None and first.split is not None,
            keep_missing=arguments.keep_missing,
        )
        if not arguments.keep_missing:
            _spare_newer(changes, store, record, path.name)
        return changes


def _spare_newer(changes: TableChanges, store: Store, record: DatasetRecord, file: str) -> None:
    """See to it that nothing is removed for being newer than the table. Raises DatasetError for a table that says that
    it was written from another version."""
    from src.library.editing.table import version_mark
    from src.persistence.sample_lookup import find_by_hash
    from src.persistence.versions import versions_of

    present = version_mark(record)
    if mark := changes.stale_mark(present):
        raise DatasetError(
            f"{file} was written from version {mark}, and {record.name!r} is in version {present} now: what came in "
            "since does not stand in it, and would be removed.",
            fix=f"Write it anew with 'edit {record.name} --table FILE', or add --keep-missing.",
        )
    oldest = versions_of(store, record.name)[0]
    if changes.marks or oldest.id == record.id:
        return
    for row in store.samples(record.id):  # the CSV of 'export' names no version: it may be of any
        if changes.lacks(row) and find_by_hash(store, oldest.id, row.sample.id) is None:
            changes.newer.add(bytes.fromhex(row.sample.id))
