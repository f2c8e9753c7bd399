"""Finished datasets copied to Supabase and back: in batches, each of them safe to send again, so that what was
interrupted goes on where it stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

import orjson

from src.core.errors import BuilderError, DatasetError, StorageError
from src.core.parts import Parts
from src.core.types import DatasetRecord, ProgressEvent
from src.persistence.mirror_rows import Fingerprint, dataset_row, fingerprint, record_of, sample_of, sample_rows
from src.persistence.models import StoredSample, make_dataset_id
from src.persistence.removal import deleted_datasets
from src.persistence.sqlite_client import Store
from src.persistence.supabase import Mirror

_BATCH_ROWS = 500
_BATCH_BYTES = 1_000_000
_DELETED_AT_ONCE = 5_000
"""Rows per request to remove: a project ends a statement that takes more than a few seconds."""

Progress = Callable[[int, int], None]
"""Is told how many samples of how many have gone."""


class Pushed(NamedTuple):
    """What a push did: samples sent now, samples of the dataset; ``sent`` is 0 where all was there already."""

    sent: int
    samples: int


class Mirrored(NamedTuple):
    """A dataset in the mirror; ``complete`` is False while an upload has not come to its end."""

    record: DatasetRecord
    uploaded: int
    complete: bool


def push(
    store: Store, record: DatasetRecord, mirror: Mirror, on_progress: Progress = lambda _done, _total: None
) -> Pushed:
    """Make the mirror hold a finished dataset as it is here. A push that was interrupted goes on where it stopped, and
    one of what is there already changes nothing. Raises StorageError."""
    whole = fingerprint(sample_rows(store.samples(record.id), record.id))
    row = {**dataset_row(record), "fingerprint": whole.value()}
    there = next(iter(mirror.datasets(id=record.id)), None)
    is_same = there is not None and there["fingerprint"] == whole.value()
    start = there["uploaded"] if there and is_same else 0
    if there and is_same and there["complete"]:
        if not _says_the_same(there, row):
            mirror.save_dataset({**row, "uploaded": whole.rows, "complete": True})
        return Pushed(0, whole.rows)
    mirror.save_dataset({**row, "uploaded": start, "complete": False})
    done = start
    for batch in _batches(islice(sample_rows(store.samples(record.id), record.id), start, None)):
        mirror.save_samples(batch)
        done += len(batch)
        mirror.change_dataset(record.id, uploaded=done)
        on_progress(done, whole.rows)
    mirror.cut_samples(record.id, whole.rows)
    mirror.change_dataset(record.id, complete=True)
    return Pushed(done - start, whole.rows)


def mirror_finished(store: Store, record: DatasetRecord, parts: Parts) -> tuple[str, ...]:
    """Push a dataset that was just finished, where a project is configured. What a person should know when that failed:
    the dataset itself is whole and stored."""
    try:
        project = parts.secrets.supabase()
        if project is None:
            return ()
        with Mirror(project) as mirror:
            push(store, record, mirror, lambda done, total: parts.on_event(ProgressEvent("mirror", done, total)))
    except BuilderError as error:
        logging.getLogger(__name__).warning("%s was not copied to Supabase", record.name, exc_info=error)
        again = f"The dataset is stored here; copy it later with: python -m src.main datasets push {record.name}"
        return (f"Not copied to Supabase: {parts.secrets.redact(f'{error} {error.fix}')} {again}",)
    return ()


def pull(store: Store, mirror: Mirror, name_or_id: str) -> DatasetRecord:
    """Bring a dataset of the mirror into the store, in its latest version that is complete; one that is here already
    is given back as it is. Raises DatasetError when there is none, or its name belongs to another one here, and
    StorageError when the mirror does not hold what was sent to it."""
    row = _find(mirror, name_or_id)
    record = _read(record_of, row)
    known = {held.id: held for held in store.datasets()}
    if record.id in known and known[record.id].status == "finished":
        return known[record.id]
    _refuse_deleted(store, record)
    namesakes = [held for held in known.values() if held.name == record.name and held.id != record.id]
    namesake = min(namesakes, key=lambda held: held.status != "finished", default=None)
    parent = record.parent if record.parent in known else None
    if namesake is not None:
        _require_older(namesake, record)
        parent = namesake.id  # the versions between the two are not here
    writer = store.begin(replace(record, parent=parent))
    arrived = Fingerprint()
    writer.add(_arriving(mirror, record.id, arrived))
    if arrived.value() != row["fingerprint"]:
        store.discard(writer.record)
        raise StorageError(
            f"The mirror does not hold {record.name!r} as it was sent: {arrived.rows:,} of "
            f"{record.total_samples:,} samples came, or some have changed.",
            fix="Push it again from where it was made.",
        )
    ended = writer.end(record.run)
    return store.mark_finished(
        replace(ended, total_tokens=record.total_tokens, proposed=record.proposed, rejected=record.rejected)
    )


def remove(mirror: Mirror, name_or_id: str) -> tuple[DatasetRecord, ...]:
    """Remove a dataset from the mirror in all of its versions, or only that of an id; what is here stays. Returns what
    was removed. Raises DatasetError when there is none."""
    rows = _rows(mirror, name_or_id)
    for row in rows:
        mirror.change_dataset(row["id"], complete=False)
        for start in range(row["uploaded"] // _DELETED_AT_ONCE * _DELETED_AT_ONCE, -1, -_DELETED_AT_ONCE):
            mirror.cut_samples(row["id"], start)
        mirror.delete_dataset(row["id"])
    return tuple(_read(record_of, row) for row in rows)


def list_mirrored(mirror: Mirror) -> tuple[Mirrored, ...]:
    """Every version of every dataset in the mirror, by name, the newest version first."""
    return tuple(map(_mirrored, mirror.datasets()))


def find_mirrored(mirror: Mirror, name_or_id: str) -> tuple[Mirrored, ...]:
    """The versions of a dataset in the mirror, the newest first, or the one of an id. Raises DatasetError when there is
    none."""
    return tuple(map(_mirrored, _rows(mirror, name_or_id)))


def _refuse_deleted(store: Store, record: DatasetRecord) -> None:
    for held in deleted_datasets(store):
        if held.name == record.name or held.id == record.id:
            raise DatasetError(
                f"Dataset {held.name!r} is here, but deleted, and keeps its name.",
                fix=f"Bring it back with 'python -m src.main datasets undo {held.name}', or remove it for good with "
                f"'datasets purge {held.name}'; then pull again.",
            )


def _require_older(here: DatasetRecord, there: DatasetRecord) -> None:
    """Raises DatasetError unless ``there`` is a later version of what is here under its name."""
    if _leads_to(there, here):
        raise DatasetError(
            f"{here.name!r} is here in version {here.version}, which is newer than version {there.version}, the latest "
            "in the mirror.",
            fix=f"There is nothing to pull; 'python -m src.main datasets push {here.name}' brings the mirror up to "
            "date.",
        )
    if here.status != "finished":
        raise DatasetError(
            f"A dataset {here.name!r} is begun here and not finished.",
            fix=f"Let it end, or give it up with 'python -m src.main datasets discard {here.name}'; then pull again.",
        )
    if not _leads_to(here, there):
        raise DatasetError(
            f"There is another dataset named {here.name!r} here.", fix="Rename it, then pull again: both are kept."
        )


def _leads_to(older: DatasetRecord, newer: DatasetRecord) -> bool:
    """Whether ``newer`` is a later version of ``older``: its id follows from it, whichever versions are known between
    them (``Store.derive``)."""
    reached = older.id
    for number in range(older.version + 1, newer.version + 1):
        reached = make_dataset_id(reached, str(number))
    return newer.version > older.version and reached == newer.id


def _mirrored(row: dict[str, Any]) -> Mirrored:
    return Mirrored(_read(record_of, row), row["uploaded"], row["complete"])


def _find(mirror: Mirror, name_or_id: str) -> dict[str, Any]:
    """The row of the latest version that is complete."""
    whole = [row for row in _rows(mirror, name_or_id) if row["complete"]]
    if not whole:
        raise DatasetError(
            f"{name_or_id!r} has not arrived whole in the mirror.", fix="Push it again from where it was made."
        )
    return whole[0]


def _rows(mirror: Mirror, name_or_id: str) -> list[dict[str, Any]]:
    found = mirror.datasets(name=name_or_id) or mirror.datasets(id=name_or_id)
    if found:
        return found
    names = ", ".join(dict.fromkeys(repr(row["name"]) for row in mirror.datasets()))
    fix = f"There are: {names}." if names else "It holds none yet: see 'python -m src.main datasets push'."
    raise DatasetError(f"The mirror has no dataset {name_or_id!r}.", fix=fix)


def _arriving(mirror: Mirror, dataset_id: str, arrived: Fingerprint) -> Iterator[StoredSample]:
    while rows := mirror.samples(dataset_id, arrived.rows):
        for row in rows:
            arrived.add(row)
            yield _read(sample_of, row)


def _read(read_row: Callable[[dict[str, Any]], Any], row: dict[str, Any]) -> Any:
    try:
        return read_row(row)
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"A row of the mirror cannot be understood ({error!r}).",
            fix="Push the dataset again from where it was made.",
        ) from error


def _says_the_same(there: dict[str, Any], row: dict[str, Any]) -> bool:
    return bool(record_of(there) == record_of(row))


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows in lists of at most 500 and, but for a single large one, a megabyte."""
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        grown = size + len(orjson.dumps(row))
        if batch and (len(batch) == _BATCH_ROWS or grown > _BATCH_BYTES):
            yield batch
            batch, grown = [], grown - size
        batch.append(row)
        size = grown
    if batch:
        yield batch
