"""CSV and TSV: the delimiter is found, quoted cells stay whole, columns get their names."""

from __future__ import annotations

import pytest

from src.utils.extractors.delimited import extract, find_delimiter


def sections(tmp_path, content: str | bytes, name: str = "a.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return list(extract(path))


def test_cells_are_fields_of_their_row(tmp_path):
    found = sections(tmp_path, 'question,answer\n"What, then?","Line one\nline ""two"""\n')
    assert found[0].fields == ()
    assert found[1].text == 'What, then?\tLine one\nline "two"\n'
    assert [(field.name, found[1].text[slice(*field.span)]) for field in found[1].fields] == [
        ("question", "What, then?"),
        ("answer", 'Line one\nline "two"'),
    ]
    assert found[1].locator == "line 2"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_common_delimiter_is_found(tmp_path, delimiter):
    rows = [["name", "note"], ["kale", "a, b; c"], ["leek", "d"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert find_delimiter(text.splitlines(keepends=True)) == delimiter
    assert [field.name for field in sections(tmp_path, text)[1].fields] == ["name", "note"]


def test_prose_in_one_column_stays_in_one_column(tmp_path):
    assert [section.text for section in sections(tmp_path, "one\ntwo\n\nthree\n")] == ["one\n", "two\n", "three\n"]


def test_columns_without_a_header_are_named_by_letters(tmp_path):
    found = sections(tmp_path, "Anna,Hello there.\nBen,Hi.\nAnna,How are you?\n")
    assert [field.name for field in found[0].fields] == ["A", "B"]


def test_rows_wider_than_the_header_keep_their_cells(tmp_path):
    found = sections(tmp_path, "name,note\nkale,green,extra\n")
    assert [field.name for field in found[1].fields] == ["name", "note", "C"]


def test_zero_bytes_and_huge_cells_are_no_obstacle(tmp_path):
    found = sections(tmp_path, b"a,b\n1,x\0y\n2," + b"word " * 40_000 + b"end\n")
    assert found[1].text == "1\txy\n"
    assert found[2].text.endswith("end\n")


def test_a_row_after_a_quoted_line_break_knows_its_line(tmp_path):
    assert [s.locator for s in sections(tmp_path, 'a,b\n"x\ny",1\nz,2\n')] == ["line 1", "line 2", "line 4"]


def test_a_quote_that_is_never_closed_costs_only_its_row(tmp_path):
    found = sections(tmp_path, 'name,note\nkale,"tall\nleek,"thin, long"\nbean,5" high\n')
    assert [section.text for section in found] == [
        "name\tnote\n",
        'kale\t"tall\n',
        "leek\tthin, long\n",
        'bean\t5" high\n',
    ]
    assert found[2].locator == "line 3"


def test_the_delimiter_that_the_first_line_names_is_used(tmp_path):
    found = sections(tmp_path, "sep=;\nname;note\nkale;a, b, c\n")
    assert [section.text for section in found] == ["name\tnote\n", "kale\ta, b, c\n"]
