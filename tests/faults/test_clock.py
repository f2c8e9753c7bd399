"""Clocks that jump: versions, resumed runs, backups and answers keep their order by what they are, not by the hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from src.core.config import RunConfig, with_values
from src.core.secrets import Secrets
from src.core.types import DatasetRecord, SplitName
from src.core.workspace import Workspace
from src.persistence.backup import backup_database, list_backups
from src.persistence.sqlite_client import Store
from src.pipeline import Parts, build_dataset
from src.stored.exporting import export_stored, resplit
from tests.cli.driver import add_documents
from tests.persistence.rows import make_record, make_rows, store_dataset
from tests.stub_server import StubServer
from tests.truthful import answer_truthfully

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
JUMPS = (timedelta(days=-400), timedelta(hours=-1), timedelta(0), timedelta(days=4000))


class Clock:
    """Says what it is set to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store(tmp_path / "memory.db", clock=clock) as opened:
        yield opened


def derive_and_finish(store: Store, former: DatasetRecord) -> DatasetRecord:
    writer = store.begin(store.derive(former, "split anew"))
    writer.add(store.samples(former.id))
    record = writer.end(former.run)
    sides: tuple[tuple[SplitName | None, range], ...] = (("train", range(record.total_samples)),)
    store.arrange(record, sides)
    return store.mark_finished(record)


@pytest.mark.parametrize("jump", JUMPS)
def test_newest_version_is_the_last_one_made_whatever_the_clock_says(store: Store, clock: Clock, jump) -> None:
    first = store_dataset(store, make_record(), make_rows(3))
    clock.now = NOON + jump
    second = derive_and_finish(store, first)
    clock.now = NOON + 2 * jump
    third = derive_and_finish(store, second)
    assert store.find("pots") == third
    assert [record.version for record in store.datasets()] == [3]


@pytest.mark.parametrize("jump", JUMPS)
def test_version_whose_process_died_is_begun_anew_at_any_hour(store: Store, clock: Clock, jump) -> None:
    first = store_dataset(store, make_record(), make_rows(3))
    dead = store.begin(store.derive(first, "split anew"))
    dead.add(store.samples(first.id))
    clock.now = NOON + jump
    assert store.find("pots") == first
    second = derive_and_finish(store, first)
    assert store.find("pots") == second
    assert [row.sample for row in store.samples(second.id)] == [row.sample for row in store.samples(first.id)]


def test_backup_of_an_earlier_hour_pushes_no_other_out_before_it_is_full(store: Store, clock: Clock, tmp_path) -> None:
    store_dataset(store, make_record(), make_rows(3))
    for hours in (0, -5, 3, -48):
        made = backup_database(tmp_path / "memory.db", tmp_path / "backups", keep=4, now=NOON + timedelta(hours=hours))
        assert made
        assert made.exists()
    assert len(list_backups(tmp_path / "backups")) == 4


def test_run_resumes_splits_and_exports_with_a_clock_that_went_back(
    workspace: Workspace, stub: StubServer, clock: Clock
) -> None:
    add_documents(workspace)
    stub.responder = answer_truthfully
    config = with_values(
        RunConfig(),
        {
            "mode": "create",
            "dataset_size": 2,
            "system.agentic_llm": "openai",
            "endpoints.openai": stub.url("openai"),
            "agent.create.gates": "report",
        },
    )
    parts = Parts(workspace, Secrets({"OPENAI_API_KEY": "test-key"}), clock=clock)
    first = build_dataset(config, parts)
    paid = len(stub.calls)
    clock.now = NOON - timedelta(days=30)
    again = build_dataset(config, parts)
    assert len(stub.calls) == paid, "answers are found by what was asked, not by when"
    assert (first.record.name, again.record.name) == ("my_dataset", "my_dataset-2")
    version = resplit(config, parts, "my_dataset")
    assert (version.record.version, version.record.parent) == (2, first.record.id)
    assert export_stored(config, parts, "my_dataset")["train"].exists()
