"""The stored datasets as a list: rows of a table, and the latest of them."""

from __future__ import annotations

from collections.abc import Sequence

from src.cli.session import Session
from src.core.errors import DatasetError
from src.core.types import DatasetRecord
from src.persistence.sqlite_client import Store

DATASET_HEADS = ("name", "mode", "for", "status", "samples", "tokens", "made (UTC)")


def dataset_rows(records: Sequence[DatasetRecord]) -> list[tuple[str, ...]]:
    """One row per dataset, under DATASET_HEADS."""
    return [
        (
            record.name,
            record.mode,
            record.model,
            "unfinished" if record.status == "running" else record.status,  # it may have been killed long ago
            f"{record.total_samples:,}",
            f"{record.total_tokens:,}",
            record.created_at.strftime("%Y-%m-%d %H:%M"),
        )
        for record in records
    ]


def latest_name(session: Session) -> str:
    """The name of the newest finished dataset. Raises DatasetError when there is none."""
    with Store(session.workspace.database) as store:
        latest = store.latest()
    if latest is None:
        raise DatasetError("There is no dataset yet.", fix="Make one with 'python -m src.main generate', or menu 2.")
    return latest.name
