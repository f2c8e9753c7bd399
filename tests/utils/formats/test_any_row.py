"""Rows whose provider nobody named."""

from __future__ import annotations

import pytest

from src.core.types import Sample
from src.providers import load_provider
from src.utils.formats.any_row import read_any_row, recognise_row
from src.utils.formats.shape import FormatError
from tests.fakes import make_sample


def turns(sample: Sample) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in sample.messages]


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google", "mistral", "llama"])
def test_rows_of_every_provider_are_read_back(provider):
    sample = make_sample("How hot?", "Very hot.")
    row = load_provider(provider)().format_example(sample)
    assert turns(read_any_row(row)) == turns(sample)


def test_pairs_and_system_prompts_are_read():
    assert turns(read_any_row({"prompt": "How hot?", "completion": "Very."})) == [
        ("user", "How hot?"),
        ("assistant", "Very."),
    ]
    row = {"system": "Be brief.", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
    assert turns(read_any_row(row))[0] == ("system", "Be brief.")


def test_notes_beside_a_row_are_not_looked_at():
    row = {
        "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}],
        "source_file": "x.txt",
    }
    assert turns(read_any_row(row)) == [("user", "a"), ("assistant", "b")]


def test_a_pair_of_texts_as_trl_writes_it_is_read():
    sample = read_any_row({"prompt": "How hot?", "chosen": "Very.", "rejected": "Not at all."})
    assert turns(sample) == [("user", "How hot?"), ("assistant", "Very.")]
    assert sample.rejected == "Not at all."


def test_the_first_format_that_reads_a_row_has_it_and_a_row_that_none_reads_says_why():
    row = {"messages": [{"role": "user", "content": "a", "train": False}, {"role": "assistant", "content": "b"}]}
    assert recognise_row(row).form.name == "axolotl"
    with pytest.raises(FormatError, match=r"messages\[0\].content"):
        recognise_row({"messages": [{"role": "user", "content": 3}]})


def test_row_of_no_format_is_refused():
    with pytest.raises(FormatError, match="no key of a training row"):
        read_any_row({"texts": "a"})
