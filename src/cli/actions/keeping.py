"""The actions of ``datasets`` that keep the library in order: rename, delete, undo, purge, versions, rollback."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from src.cli.agreeing import agreed
from src.cli.progress import Progress
from src.cli.screens import counted, pairs, table
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.facts import dataset_facts, report_facts
from src.cli.views.results import show_report
from src.persistence.removal import deleted_datasets, find_deleted
from src.persistence.sqlite_client import Store
from src.persistence.versions import versions_of

if TYPE_CHECKING:
    from src.core.types import DatasetRecord
    from src.stored.keeping import Deletion

_HASH_DIGITS = 12
_VERSION_SPARE = (5, 2, 4)
_DELETED_HEADS = ("name", "samples", "versions", "deleted (UTC)", "gone for good")


def rename(arguments: Namespace, session: Session) -> Outcome:
    """Another name for a dataset and its files."""
    from src.stored.keeping import rename as rename_stored

    record = rename_stored(session.config(), _parts(session), arguments.name, arguments.new_name)
    session.console.success(f"{arguments.name} is {record.name} now, and so are its files in output_datasets/.")
    return Outcome({"renamed": arguments.name, "name": record.name})


def delete(arguments: Namespace, session: Session) -> Outcome:
    """A dataset out of sight, after a preview and a question."""
    from src.stored.keeping import delete as delete_stored
    from src.stored.keeping import preview_deletion

    deletion = preview_deletion(session.workspace, arguments.name)
    show_deletion(session, deletion)
    refusal = "Deleting takes a dataset away, and nobody is there to ask."
    if not arguments.yes and not agreed(session, "Delete it (y/n)", refusal):
        session.console.warning("Nothing was changed.")
        return Outcome({"deleted": None}, ok=False)
    return tell_deleted(session, delete_stored(_parts(session), arguments.name))


def show_deletion(session: Session, deletion: Deletion) -> None:
    """What would be taken away."""
    from src.stored.keeping import KEPT_DAYS

    record, console = deletion.record, session.console
    console.heading(f"Dataset {record.name}")
    files = ", ".join(path.name for path in deletion.files) or "none"
    rows = [
        ("Samples", f"{record.total_samples:,}"),
        ("Versions", f"{len(deletion.versions):,}"),
        ("Files", files),
    ]
    console.lines(pairs(rows, width=console.width))
    console.say(
        f"All of it goes out of sight; for {KEPT_DAYS} days 'datasets undo {record.name}' brings it back. "
        "Its name stays taken as long. Answers that were paid for stay in the journal."
    )


def tell_deleted(session: Session, deletion: Deletion) -> Outcome:
    """It is done."""
    name = deletion.record.name
    session.console.success(f"Deleted {name}. 'datasets undo {name}' brings it back.")
    return Outcome(_deletion_facts("deleted", deletion))


def undo(arguments: Namespace, session: Session) -> Outcome:
    """A deleted dataset back in its place."""
    from src.stored.keeping import undo_deletion

    found = undo_deletion(_parts(session), arguments.name)
    console = session.console
    console.success(f"{found.record.name} is back, with {counted(len(found.files), 'file')}.")
    if not found.files:
        console.say(f"Write its files with: export {found.record.name}")
    return Outcome(_deletion_facts("restored", found))


def deleted(_arguments: Namespace, session: Session) -> Outcome:
    """What can be brought back."""
    from src.stored.keeping import KEPT_DAYS

    with Store(session.workspace.database) as store:
        records = deleted_datasets(store)
        rows = [_deleted_row(record, len(versions_of(store, record.name)), KEPT_DAYS) for record in records]
    console = session.console
    if rows:
        console.lines(table(_DELETED_HEADS, rows, width=console.width, right=frozenset({1, 2}), whole=frozenset({0})))
    else:
        console.say("No deleted datasets.")
    return Outcome({"deleted": [{**dataset_facts(record), **_deleted_at(record)} for record in records]})


def _deleted_row(record: DatasetRecord, versions: int, days: int) -> tuple[str, ...]:
    from datetime import timedelta

    moment = record.deleted_at
    assert moment is not None
    gone = moment + timedelta(days=days)
    return (record.name, f"{record.total_samples:,}", f"{versions:,}", f"{moment:%Y-%m-%d %H:%M}", f"{gone:%Y-%m-%d}")


def _deleted_at(record: DatasetRecord) -> dict[str, Any]:
    return {"deleted_at": record.deleted_at.isoformat(timespec="seconds") if record.deleted_at else None}


def purge(arguments: Namespace, session: Session) -> Outcome:
    """Deleted datasets away for good, after a question."""
    from src.stored.keeping import purge as purge_deleted

    console = session.console
    with Store(session.workspace.database) as store:
        records = (find_deleted(store, arguments.name),) if arguments.name else deleted_datasets(store)
    if not records:
        console.say("No deleted datasets.")
        return Outcome({"purged": []})
    console.heading("For good, with all of their versions and files")
    console.lines(f"  {record.name}, {counted(record.total_samples, 'sample')}" for record in records)
    console.say("Only a backup of the database brings them back. Answers that were paid for stay in the journal.")
    refusal = "Purging removes datasets for good, and nobody is there to ask."
    if not arguments.yes and not agreed(session, "Remove (y/n)", refusal):
        console.warning("Nothing was changed.")
        return Outcome({"purged": []}, ok=False)
    names = [record.name for record in purge_deleted(_parts(session), arguments.name or "")]
    console.success(f"Removed {', '.join(names)}.")
    return Outcome({"purged": names})


def versions(arguments: Namespace, session: Session) -> Outcome:
    """How a dataset became what it is."""
    with Store(session.workspace.database) as store:
        record = store.find(arguments.name)
        found = versions_of(store, record.name)
        hashes = [one.content_hash or store.hash_content(one.id) for one in found]
    show_versions(session, record.name, found, hashes)
    return Outcome(
        {"dataset": record.name, "versions": [version_facts(*pair) for pair in zip(found, hashes, strict=True)]}
    )


def show_versions(session: Session, name: str, found: Sequence[DatasetRecord], hashes: Sequence[str]) -> None:
    """The versions of a dataset as a table."""
    console = session.console
    console.heading(f"Versions of {name}")
    rows = [
        (
            f"{one.version}",
            f"{one.created_at:%Y-%m-%d %H:%M}",
            one.author,
            f"{one.total_samples:,}",
            one_hash[:_HASH_DIGITS],
            one.parent or "",
            one.reason or "made by a run",
        )
        for one, one_hash in zip(found, hashes, strict=True)
    ]
    heads = ("version", "made (UTC)", "author", "samples", "content", "parent", "reason")
    console.lines(
        table(heads, rows, width=console.width, right=frozenset({0, 3}), whole=frozenset({0, 1}), spare=_VERSION_SPARE)
    )
    console.say()
    console.remark(f"'{name}@1' names version 1, as in 'diff {name}@1 {name}'; 'datasets rollback {name} 1' goes back.")


def version_facts(record: DatasetRecord, content_hash: str) -> dict[str, Any]:
    """One version without its samples."""
    return {**dataset_facts(record), "content_hash": content_hash}


def rollback(arguments: Namespace, session: Session) -> Outcome:
    """A new version that is equal to an old one."""
    from src.stored.keeping import roll_back

    with Progress(session.console) as progress:
        report = roll_back(
            session.config(), session.parts(progress), arguments.name, arguments.version, arguments.author
        )
    show_report(session, report, told=progress.noted)
    session.console.say(f"This is version {report.record.version}, equal to version {arguments.version}.")
    facts = {"version": report.record.version, "equal_to": arguments.version}
    return Outcome({**report_facts(report, session.workspace.root), **facts})


def _parts(session: Session) -> Any:
    return session.parts(lambda _event: None)


def _deletion_facts(done: str, deletion: Deletion) -> dict[str, Any]:
    return {
        done: deletion.record.name,
        "versions": len(deletion.versions),
        "samples": deletion.record.total_samples,
        "files": [path.name for path in deletion.files],
    }
