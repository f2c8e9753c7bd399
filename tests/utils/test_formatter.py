"""Rows of a training file, one per sample, in order."""

from __future__ import annotations

import pytest

from src.core.types import Message, Sample
from src.providers import load_provider
from src.utils.formatter import format_lines
from tests.fakes import make_sample


def test_every_sample_becomes_one_row_in_order():
    provider = load_provider("google")()
    rows = list(format_lines((make_sample(f"Question {number}?") for number in range(3)), provider))
    assert [row["contents"][0]["parts"][0]["text"] for row in rows] == ["Question 0?", "Question 1?", "Question 2?"]


def test_rows_are_made_one_at_a_time():
    def samples():
        yield make_sample()
        raise AssertionError("the second sample was asked for")

    assert next(format_lines(samples(), load_provider("openai")()))["messages"]


def test_a_sample_that_does_not_fit_is_named():
    silent = Sample((Message("user", "Hello?"),), origin="extracted")
    with pytest.raises(ValueError, match=r"sample 2 \(.{12}\) does not fit the format"):
        list(format_lines([make_sample(), silent], load_provider("mistral")()))
