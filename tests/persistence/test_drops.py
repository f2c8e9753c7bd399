"""Samples that a person does not want are marked beside their dataset, in all of its versions."""

from __future__ import annotations

import pytest

from src.core.errors import DatasetError
from src.persistence.drops import drop_samples, dropped_samples, take_back
from src.persistence.sqlite_client import Store
from tests.persistence.rows import make_record, make_rows, store_dataset


def test_marks_are_by_content_and_stay_with_a_later_version(store: Store) -> None:
    record = store_dataset(store, make_record(), make_rows(3))
    first, second, _ = store.samples(record.id)
    assert drop_samples(store, record, [first.id[:8], second.sample.id[:8]], "dull") == 2
    assert drop_samples(store, record, [first.id], "wrong") == 0
    assert dropped_samples(store, record) == {first.sample.id: "wrong", second.sample.id: "dull"}
    version = store.begin(store.derive(record, "split anew"))
    version.add(store.samples(record.id))
    later = store.mark_finished(version.end(record.run))
    assert dropped_samples(store, later) == dropped_samples(store, record)
    assert take_back(store, later, [second.sample.id]) == 1
    assert take_back(store, later, [second.sample.id]) == 0
    assert dropped_samples(store, record) == {first.sample.id: "wrong"}


@pytest.mark.parametrize(
    ("sample_id", "said"), [("zzzz", "no id"), ("abc", "no id"), ("0" * 64, "no sample"), ("%", "no id")]
)
def test_unknown_id_is_an_error_and_marks_nothing(store: Store, sample_id: str, said: str) -> None:
    record = store_dataset(store, make_record(), make_rows(2))
    known = next(iter(store.samples(record.id))).id
    with pytest.raises(DatasetError, match=said):
        drop_samples(store, record, [known, sample_id])
    assert not dropped_samples(store, record)


def test_dataset_that_was_refined_is_still_there_under_its_name(store: Store) -> None:
    first = store_dataset(store, make_record(), make_rows(2))
    child = make_record("pots-refined", parent=first.id, reason="refined")
    store.begin(child)
    unfinished = store.unfinished("cafe")
    assert unfinished is not None
    assert unfinished.name == "pots-refined"
    store.discard(unfinished)
    refined = store_dataset(store, child, make_rows(3))
    assert {record.name for record in store.datasets()} == {"pots", "pots-refined"}
    assert store.find("pots-refined").parent == first.id
    with pytest.raises(DatasetError, match="already"):
        store.begin(make_record("POTS", id="other", parent=refined.id))
