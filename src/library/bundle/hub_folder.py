"""The folder of a stored dataset as the Hugging Face Hub lays one out: data/ with its shards, and the card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from src.core.errors import DatasetError
from src.core.types import DatasetRecord
from src.library.bundle.card import Terms, data_files, write_card
from src.library.bundle.rows import SIDES, flat_row
from src.library.bundle.shards import SHARD_BYTES, Kind, require_kind, write_shards
from src.library.bundle.staging import staged_folder
from src.library.bundle.summary import summarise
from src.persistence.places import SUMS
from src.persistence.sqlite_client import Store

CARD: Final = "README.md"
_SHARD: Final = re.compile(r"data/(train|validation)-\d{5}-of-\d{5}\.(parquet|jsonl)")


@dataclass(frozen=True, slots=True)
class HubFolder:
    """What lies in a folder: paths by name, with ``/`` between the parts of a name, and the rows of each side."""

    files: Mapping[str, Path]
    rows: Mapping[str, int]
    kind: Kind
    card: str


def write_hub_folder(
    store: Store,
    record: DatasetRecord,
    folder: Path,
    terms: Terms,
    kind: Kind,
    *,
    shard_bytes: int = SHARD_BYTES,
) -> HubFolder:
    """Write ``record``'s samples and card; the same dataset gives the same bytes. An earlier folder of this kind gives
    way. Raises DatasetError for a dataset without samples, MissingPackageError, StorageError."""
    require_kind(kind)
    summary = summarise(store.samples(record.id))
    if not summary.rows:
        raise DatasetError(f"Dataset {record.name} has no samples.", fix="Add documents and run again.")
    with staged_folder(folder, is_hub_file) as part:
        data = part / "data"
        data.mkdir()
        shards = {
            side: len(
                write_shards(map(flat_row, store.side(record.id, side)), data, side, kind, shard_bytes=shard_bytes)
            )
            for side in SIDES
        }
        card = write_card(record, summary, terms, data_files(shards, kind))
        (part / CARD).write_bytes(card.encode("utf-8"))
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    sides = summary.counts.sides
    rows = {"train": summary.rows - sides["validation"], "validation": sides["validation"]}
    return HubFolder(files, {side: count for side, count in rows.items() if count}, kind, card)


def is_hub_file(path: Path) -> bool:
    """Whether a path below a folder is one that is written there."""
    return path.as_posix() in {CARD, SUMS} or is_shard(path.as_posix())


def is_shard(name: str) -> bool:
    """Whether a name is that of a shard."""
    return _SHARD.fullmatch(name) is not None
