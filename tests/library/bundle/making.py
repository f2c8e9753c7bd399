"""Datasets that the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from src.core.types import DatasetRecord, Message, Rejection, RunFacts, Sample, Span
from src.persistence.models import StoredSample
from src.persistence.sqlite_client import Store
from tests.persistence.rows import NOON, make_record

CONFIG = '{"mode":"identify","output_name":"bells"}'


def make_rows(count: int = 12) -> list[StoredSample]:
    """Every fourth on the validation side; the last third with spans, the last one a preference pair."""
    return [StoredSample(_sample(n, count), 20 + n, "validation" if n % 4 == 3 else "train") for n in range(count)]


def _sample(number: int, count: int) -> Sample:
    turns = (
        Message("user", f"When does bell number {number} ring, and who is the one that rings it?"),
        Message("assistant", f"Bell number {number} is rung at noon by the keeper of the tower, as it was before."),
    )
    return Sample(
        turns,
        "extracted" if number % 2 else "generated",
        "tower|log [1].txt" if number % 3 else "bells.md",
        Span(number, number + 5) if number >= 2 * count // 3 else None,
        ("bell", "tower, old"),
        group=f"g{number}",
        locator=f"line {number}",
        metadata={"rejected": "Nobody knows."} if number == count - 1 else {"task": "question_answer"},
    )


@contextmanager
def stored(folder: Path, rows: list[StoredSample] | None = None) -> Iterator[tuple[Store, DatasetRecord]]:
    """A database with one finished dataset named bells, in its second version."""
    rows = make_rows() if rows is None else rows
    rejections = [Rejection("too_short", "two words", source_file="bells.md")]
    with Store(folder / "bells.db", clock=lambda: NOON) as store:
        first = _fill(store, replace(make_record("bells"), config=CONFIG), rows, rejections)
        second = _fill(store, store.derive(first, "split anew"), rows, rejections)
        yield store, second


def _fill(store: Store, record: DatasetRecord, rows: list[StoredSample], rejections: list[Rejection]) -> DatasetRecord:
    writer = store.begin(record)
    writer.add(rows)
    writer.reject(rejections)
    facts = RunFacts(writer="openai gpt-6-luna", privacy={"policy": "report", "samples": 1, "found": {"EMAIL": 2}})
    ended = writer.end(facts)
    sides = [(side, [n for n, row in enumerate(rows) if row.split == side]) for side in ("train", "validation")]
    store.arrange(ended, sides)
    return store.mark_finished(ended)
