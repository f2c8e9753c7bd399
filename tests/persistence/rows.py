"""Records, samples and hypothesis strategies that the tests of this room share."""

from __future__ import annotations

import sqlite3
import string
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from src.core.database_address import DatabaseAddress, DatabasePlace, parse_database_url
from src.core.types import DatasetRecord, Message, Rejection, Sample, Span
from src.persistence.models import StoredSample, make_dataset_id
from src.persistence.sqlite_client import Store
from tests.fakes import make_sample

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def make_record(name: str = "pots", *, minutes: int = 0, config_hash: str = "cafe", **changes) -> DatasetRecord:
    return DatasetRecord(
        id=changes.pop("id", make_dataset_id(name, config_hash)),
        name=name,
        provider="google",
        model="gemini-3.5-flash-lite",
        mode="hybrid",
        created_at=NOON + timedelta(minutes=minutes),
        config_hash=config_hash,
        **changes,
    )


def make_rows(count: int, *, split="train") -> list[StoredSample]:
    return [
        StoredSample(make_sample(f"Question {number}?", f"Answer {number}."), number + 1, split)
        for number in range(count)
    ]


def begin(store: Store, record: DatasetRecord) -> DatasetRecord:
    """A run that is begun and holds nothing yet."""
    return store.begin(record).record


def store_dataset(
    store: Store, record: DatasetRecord, samples: Iterable[StoredSample], rejections: Iterable[Rejection] = ()
) -> DatasetRecord:
    """A finished dataset of ``samples`` in ``store``."""
    writer = store.begin(record)
    writer.add(samples)
    writer.reject(rejections)
    return store.mark_finished(writer.end(record.run))


def as_argument(place: DatabasePlace) -> str:
    """A database on the command line of another process."""
    return place.url if isinstance(place, DatabaseAddress) else str(place)


def from_argument(text: str) -> DatabasePlace:
    """The database of ``as_argument``."""
    return parse_database_url(text) if "://" in text else Path(text)


def fill(place: DatabasePlace, name: str = "pots", count: int = 3, *, minutes: int = 0) -> DatasetRecord:
    """A database at ``place`` with one finished dataset more."""
    with Store(place, clock=lambda: NOON) as store:
        return store_dataset(store, make_record(name, minutes=minutes), make_rows(count))


def names_in(path: Path) -> list[str]:
    with Store(path) as store:
        return sorted(record.name for record in store.datasets())


def quick_check(path: Path) -> str:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA quick_check").fetchone()[0]


def damage(path: Path, *, start: int = 4096) -> None:
    """Overwrite a database file from ``start`` to its end, as a failing disk would."""
    size = path.stat().st_size
    with path.open("r+b") as handle:
        handle.seek(start)
        handle.write(b"\xa5" * (size - start))


texts = st.text(st.characters(codec="utf-8"), max_size=30)
words = st.text(string.ascii_letters + ",\"'\n\r ;=", max_size=8)
spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 10**9), st.integers(0, 10**6))
messages = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant"]),
    content=texts,
    pieces=st.lists(spans, max_size=3).map(tuple),
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
samples = st.builds(
    Sample,
    messages=st.lists(messages, min_size=1, max_size=4).map(tuple),
    origin=st.sampled_from(["extracted", "generated"]),
    source_file=texts,
    span=st.none() | spans,
    topic_keywords=st.lists(words | texts, max_size=4).map(tuple),
    group=texts,
    locator=texts,
    metadata=st.dictionaries(texts, json_values, max_size=3),
)
rejections = st.builds(
    Rejection,
    reason=st.sampled_from(["too_long", "duplicate", "malformed"]),
    detail=texts,
    sample=st.none() | samples,
    source_file=texts,
    span=st.none() | spans,
    raw=texts,
)


def names_of(folder):
    """The names of what is in ``folder``; none where it is missing."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
