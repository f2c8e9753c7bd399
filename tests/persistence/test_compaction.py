"""Compaction: what was paid for stays, what nobody can ask for goes, and the file becomes smaller."""

from __future__ import annotations

import random

from src.core.types import ChatRequest, DatasetRecord, GenerationResult, Message
from src.persistence.compaction import compact
from src.persistence.connection import SqliteDatabase
from src.persistence.journal import Entry, Journal, journal_key
from src.persistence.sqlite_client import Store
from src.resume import journal_edition
from tests.persistence.rows import begin, make_record

ASK = ChatRequest("m", (Message("user", "What is a kiln?"),))


def pay(store: Store, edition: str, count: int = 3) -> list[str]:
    """Answers of 4,000 letters each in the journal; their keys."""
    text = random.Random(edition).randbytes(2000).hex()
    keys = [journal_key("openai", ASK, f"slot {number}", 0) for number in range(count)]
    Journal(store, edition).record_all([Entry(key, ASK, GenerationResult(text, "m")) for key in keys])
    return keys


def fresh_run(store: Store, name: str) -> DatasetRecord:
    return begin(store, make_record(name, reason="fresh"))


def test_answers_of_a_fresh_run_go_with_its_dataset_and_all_others_stay(store: Store) -> None:
    forgotten, other = fresh_run(store, "forgotten"), fresh_run(store, "other")
    editions = [journal_edition(forgotten), journal_edition(other), ""]
    keys = [pay(store, edition) for edition in editions]
    store.discard(forgotten)
    compact(store)
    counts = [len(Journal(store, edition).find_all(asked)) for edition, asked in zip(editions, keys, strict=True)]
    assert counts == [0, 3, 3]


def test_a_file_that_is_mostly_free_becomes_smaller_and_loses_nothing(store: Store) -> None:
    database = store.database
    keys = pay(store, "", 10)
    forgotten = fresh_run(store, "forgotten")
    pay(store, journal_edition(forgotten), 200)
    store.discard(forgotten)
    assert compact(store) == 0  # less is free than is worth the work
    freed = compact(store, min_free_bytes=100_000)
    assert len(Journal(store).find_all(keys)) == 10
    if isinstance(database, SqliteDatabase):  # a server reclaims space by itself
        assert freed > 500_000
        assert database.path.stat().st_size < 200_000
    assert compact(store, min_free_bytes=100_000) == 0
