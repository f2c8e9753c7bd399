"""Rows of the database: lossless both ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.names import well_formed
from src.core.types import Message, Rejection, Sample
from src.persistence.models import (
    StoredSample,
    dataset_from_row,
    dataset_to_row,
    from_timestamp,
    join_keywords,
    make_dataset_id,
    make_sample_id,
    rejection_from_row,
    rejection_to_row,
    sample_from_row,
    sample_to_row,
    split_keywords,
    to_timestamp,
)
from tests.fakes import make_sample
from tests.persistence import rows


@given(sample=rows.samples, tokens=st.integers(0, 2**40), split=st.sampled_from(["train", "validation", None]))
def test_a_sample_comes_back_from_its_row_unchanged(sample, tokens, split):
    row = sample_to_row(StoredSample(sample, tokens, split), "d1", 7, rows.NOON)
    back = sample_from_row(row)
    assert back == StoredSample(sample, tokens, split, id=row["id"])
    assert back.sample.id == row["content_hash"]


@given(rejection=rows.rejections)
def test_a_rejection_comes_back_from_its_row_unchanged(rejection):
    assert rejection_from_row(rejection_to_row(rejection, "d1", 0)) == rejection


@given(keywords=st.lists(rows.words | rows.texts, max_size=5).map(tuple))
def test_keywords_with_commas_quotes_and_line_breaks_survive_the_column(keywords):
    assert split_keywords(join_keywords(keywords)) == keywords


def test_plain_keywords_are_separated_by_commas():
    assert join_keywords(("kiln", "clay", "glaze")) == "kiln,clay,glaze"


def test_a_dataset_record_comes_back_from_its_row_unchanged():
    record = rows.make_record(
        requested=10, proposed=9, rejected={"too_long": 2}, finished_at=rows.NOON, config='{"a":1}'
    )
    assert dataset_from_row(dataset_to_row(record)) == record


def test_times_are_stored_in_utc_whatever_zone_they_come_in():
    summer = datetime(2026, 7, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    assert to_timestamp(summer) == "2026-07-01 12:30:00.000000"
    assert from_timestamp(to_timestamp(summer)) == summer


def test_a_time_that_sqlite_wrote_itself_is_understood():
    assert from_timestamp("2026-07-01 12:30:00") == datetime(2026, 7, 1, 12, 30, tzinfo=UTC)


def test_the_same_sample_has_different_ids_in_two_datasets_and_one_content_hash():
    first, second = (sample_to_row(StoredSample(make_sample(), 5), name, 0, rows.NOON) for name in ("a", "b"))
    assert first["content_hash"] == second["content_hash"] == make_sample().id
    assert first["id"] != second["id"]
    assert first["id"] == make_sample_id("a", make_sample().id)


def test_dataset_ids_depend_on_name_and_configuration_only():
    assert make_dataset_id("pots", "x") == make_dataset_id("pots", "x")
    assert len({make_dataset_id("pots", "x"), make_dataset_id("pots-2", "x"), make_dataset_id("pots", "y")}) == 3


@pytest.mark.parametrize("content", ['{"messages": 3}', '"text"', "[1]", '[{"role": "user"}]', "not json", "[null]"])
def test_content_that_is_no_list_of_messages_is_refused(content):
    row = sample_to_row(StoredSample(make_sample(), 5), "d1", 0, rows.NOON) | {"content": content}
    with pytest.raises(ValueError):
        sample_from_row(row)


def test_a_file_name_that_is_not_utf8_is_stored_with_escapes():
    sample = make_sample(source="caf\udce9.txt")
    assert sample_to_row(StoredSample(sample, 5), "d1", 0, rows.NOON)["source_file"] == r"caf\udce9.txt"
    assert well_formed("café ☃") == "café ☃"


def test_a_sample_rejected_for_broken_unicode_can_be_stored():
    broken = Sample((Message("user", "hi \ud83d"), Message("assistant", "ho")), "generated")
    row = rejection_to_row(Rejection("bad_text", sample=broken, raw="\ud83d"), "d1", 0)
    back = rejection_from_row(row)
    assert back.raw == r"\ud83d"
    assert back.sample is not None
    assert back.sample.messages[0].content == r"hi \ud83d"
