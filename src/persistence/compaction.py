"""Keeps the database from growing for nothing: drops answers that no run can ask for, gives free space back."""

from __future__ import annotations

import shutil

from src.persistence.connection import SqliteDatabase
from src.persistence.sqlite_client import Store

FREE_SHARE = 0.25
MIN_FREE_BYTES = 16_000_000
"""Less free space than this, or than this share of the file, is left to be filled again."""
_HASH_LENGTH = 64
"""A journal key is a hash; what stands before it, with a colon, names the fresh run that it belongs to."""


def compact(store: Store, *, min_free_bytes: int = MIN_FREE_BYTES) -> int:
    """Bytes by which the database file became smaller. Call it while no other run writes.

    Paid answers are kept for ever, but those of a fresh run only as long as its dataset: nobody else may take them.
    0 on PostgreSQL, which reclaims space by itself.
    """
    _drop_unreachable(store)
    database = store.database
    if not isinstance(database, SqliteDatabase):
        return 0
    page_bytes, pages, free = (
        int(database.read(f"PRAGMA {name}")[0][0]) for name in ("page_size", "page_count", "freelist_count")
    )
    if free * page_bytes < min_free_bytes or free < FREE_SHARE * pages:
        return 0
    needed = 2 * page_bytes * (pages - free)  # the new file, and once more in the write-ahead log
    if shutil.disk_usage(database.path.parent).free < needed:
        return 0
    database.vacuum()
    return page_bytes * (pages - int(database.read("PRAGMA page_count")[0][0]))


def _drop_unreachable(store: Store) -> None:
    with store.database.transaction() as db:
        db.execute(
            """DELETE FROM requests WHERE length(key) > :hash
                 AND substr(key, 1, length(key) - :hash - 1) NOT IN (SELECT id || ' ' || created_at FROM datasets)""",
            {"hash": _HASH_LENGTH},
        )
