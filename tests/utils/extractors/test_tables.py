"""Tables of any format: which row names the columns, and what the fields are called."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.utils.extractors.tables import TableRow, column_letter, find_header, table_sections


def rows(*lines: str) -> list[TableRow]:
    return [TableRow(line.split("|")) for line in lines]


def test_the_first_full_row_of_labels_is_the_header():
    assert find_header(rows("Plant|Days", "Kale|110")) == 0
    assert find_header(rows("Sowing plan|", "Plant|Days|Note", "Kale|110|sweet")) == 1


@pytest.mark.parametrize(
    "lines",
    [
        ["Anna|Hello there.", "Ben|Hi."],  # a sentence is no label
        ["Anna|Hello", "Ben|Hi", "Anna|Bye"],  # a label does not recur below
        ["2024|2025", "1|2"],
        ["same|same", "1|2"],
        ["only row|here"],
        ["one", "two"],
        [f"{'long ' * 20}|b", "1|2"],
    ],
)
def test_data_is_not_mistaken_for_a_header(lines):
    assert find_header(rows(*lines)) is None


def test_rows_above_the_header_have_no_fields_and_cells_without_label_get_letters():
    found = list(table_sections(rows("Sowing plan|", "Plant|Days|", "Kale|110|extra", " | | ")))
    assert [section.text for section in found] == ["Sowing plan\t\n", "Plant\tDays\t\n", "Kale\t110\textra\n"]
    assert [len(section.fields) for section in found] == [0, 0, 3]
    assert [field.name for field in found[2].fields] == ["Plant", "Days", "C"]


def test_letters_go_on_after_z():
    assert [column_letter(number) for number in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


CELLS = st.text("ab1 .\n\r\0\t", max_size=5)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8))
def test_every_field_spans_its_cell(table):
    entries = [TableRow(cells) for cells in table]
    for section in table_sections(entries):
        assert section.text.endswith("\n")
        spans = [field.span for field in section.fields]
        assert all(first.end < second.start + 1 for first, second in pairwise(spans))
        assert not section.fields or "\t".join(section.text[slice(*span)] for span in spans) + "\n" == section.text
