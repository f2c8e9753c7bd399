"""Open batches in the database: added whole, found by address and edition, closed when collected."""

from __future__ import annotations

import pytest

from src.core.types import ChatRequest, GenerationResult, Message
from src.persistence.batches import Batches, OpenBatch, list_open_batches
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.persistence.conftest import OpenStore

REQUEST = ChatRequest("m", (Message("user", "?"),))


def add(journal: Journal, name: str, *keys: str, endpoint: str = "") -> OpenBatch:
    """A batch that was sent and taken."""
    batches = Batches(journal)
    return batches.accept(batches.begin(f"tag of {name}", "openai", endpoint, "m", keys), name)


def test_what_was_sent_is_found_after_the_program_was_closed(open_store: OpenStore) -> None:
    with open_store() as store:
        added = [add(Journal(store), "b1", "k2", "k1"), add(Journal(store), "b2", "k3")]
    with open_store() as store:
        assert Batches(Journal(store)).open("openai", "") == added


def test_a_batch_belongs_to_one_address_and_one_edition(store: Store) -> None:
    add(Journal(store), "b1", "k")
    add(Journal(store, "2"), "b2", "k", endpoint="http://127.0.0.1:9/v1")
    assert not Batches(Journal(store)).open("mistral", "")
    assert not Batches(Journal(store)).open("openai", "http://127.0.0.1:9/v1")
    assert [one.id for one in Batches(Journal(store, "2")).open("openai", "http://127.0.0.1:9/v1")] == ["b2"]


@pytest.mark.parametrize("edition", ["", "2"])
def test_answers_that_are_in_the_journal_already_are_told_apart(store: Store, edition: str) -> None:
    journal = Journal(store, edition)
    add(journal, "b1", "k1", "k2")
    journal.record("k1", REQUEST, GenerationResult("a", "m"))
    Journal(store, "other").record("k2", REQUEST, GenerationResult("a", "m"))
    assert Batches(journal).open("openai", "")[0].answered == {"k1"}


def test_a_closed_batch_is_not_found_and_its_requests_are_forgotten(store: Store) -> None:
    added = add(Journal(store), "b1", "k1", "k2")
    assert [(one.id, one.requests) for one in list_open_batches(store)] == [("b1", 2)]
    Batches(Journal(store)).close(added)
    assert not Batches(Journal(store)).open("openai", "")
    assert not list_open_batches(store)
    assert not store.database.read("SELECT * FROM batch_requests")


def test_a_batch_that_was_begun_is_there_before_the_vendor_has_named_it(store: Store) -> None:
    begun = Batches(Journal(store)).begin("t1", "openai", "", "m", ["k1"])
    assert begun.id == ""
    assert Batches(Journal(store)).open("openai", "") == [begun]
    assert [(one.id, one.requests) for one in list_open_batches(store)] == [("", 1)]
