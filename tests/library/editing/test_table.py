"""An edited table: as spreadsheets save it, in any encoding; what it changes, and what of it cannot be read."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.errors import InputFileError
from src.core.types import EDITED
from src.library.editing.revision import Editor
from src.library.editing.table import TABLE_COLUMNS, read_table, write_table
from src.library.editing.table_changes import TableChanges, read_changes
from src.persistence.exporters import bare_cell, safe_cell, write_csv
from src.persistence.models import StoredSample
from tests.fakes import make_sample

ANNA = Editor("anna", "import-csv")
ROWS = [
    StoredSample(make_sample("May I bring a dog?", "Dogs are welcome.", keywords=("dog", "a, b")), 9, "train"),
    StoredSample(make_sample("=2+2 is what?", "It is 4.\n- or so\n;=x", source="-odd name.txt"), 9, "train"),
    StoredSample(
        make_sample("Wie heißt der Turm?", "Er heißt „Grüner Turm“ – seit 1874.", source="t.txt"), 9, "validation"
    ),
]
Cells = list[dict[str, str]]


def changes_of(path: Path, *, rows: Sequence[StoredSample] = ROWS, **options) -> TableChanges:
    by_id = {row.sample.id: row for row in rows}
    return read_changes(read_table(path), by_id.get, ANNA, is_split=True, **options)


def edited(
    path: Path, change: Callable[[Cells], None], *, delimiter: str = ",", encoding: str = "utf-8", end: str = "\n"
) -> Path:
    """Open a table, change it, and save it as a spreadsheet does."""
    content = path.read_bytes().decode("utf-8-sig")
    cells: Cells = list(csv.DictReader(io.StringIO(content, newline="")))
    columns = list(cells[0])
    change(cells)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(cells)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    write_table(tmp_path / "t.csv", ROWS)
    return tmp_path / "t.csv"


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    write_csv(tmp_path / "e.csv", ROWS)
    return tmp_path / "e.csv"


def set_cell(number: int, column: str, text: str) -> Callable[[Cells], None]:
    def change(cells: Cells) -> None:
        cells[number][column] = text

    return change


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("=+-@'\"; \t\n")), max_size=30))
def test_a_guarded_cell_is_bare_again(text: str) -> None:
    assert bare_cell(safe_cell(text)) == text or "'" in text  # an apostrophe of one's own before a sign is one too many
    if "'" not in text:
        assert bare_cell(safe_cell(text)) == text


@pytest.mark.parametrize(
    ("delimiter", "encoding", "end"),
    [
        (",", "utf-8", "\n"),
        (",", "utf-8-sig", "\r\n"),
        (";", "cp1252", "\r\n"),
        ("\t", "utf-16", "\r\n"),
        (";", "utf-8-sig", "\n"),
    ],
)
@pytest.mark.parametrize("kind", ["table", "exported"])
def test_a_table_that_was_only_saved_again_changes_nothing(
    kind: str, delimiter: str, encoding: str, end: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(kind)
    changes = changes_of(edited(path, lambda _cells: None, delimiter=delimiter, encoding=encoding, end=end))
    assert (changes.changed, changes.added, changes.unreadable) == ({}, [], [])
    assert [changes.revise(row).row for row in ROWS] == ROWS


def test_keywords_sides_and_texts_are_taken_and_a_missing_row_is_removed(table: Path) -> None:
    def change(cells: Cells) -> None:
        cells[0] |= {"topic_keywords": "dog,garden", "split": "Validation"}
        cells[1]["content"] = cells[1]["content"].replace("It is 4.", "It is four.")
        cells[1]["token_length"] = "999"
        del cells[2]

    changes = changes_of(edited(table, change, delimiter=";", encoding="cp1252"))
    first, second, third = (changes.revise(row) for row in ROWS)
    assert first.row is not None
    assert second.row is not None
    assert (first.row.sample.topic_keywords, first.row.split) == (("dog", "garden"), "validation")
    assert EDITED not in first.row.sample.metadata
    assert second.row.sample.messages[-1].content == "It is four.\n- or so\n;=x"
    assert second.row.sample.messages[0].content == "=2+2 is what?"
    assert second.row.sample.metadata[EDITED] == {"of": ROWS[1].sample.id, "by": "anna", "how": "import-csv"}
    assert (third.row, third.reason) == (None, "dropped_by_user")
    assert changes_of(table, keep_missing=True).revise(ROWS[2]).row == ROWS[2]


def test_a_row_without_an_id_is_a_new_sample(table: Path) -> None:
    new = dict.fromkeys(TABLE_COLUMNS, "") | {
        "content": "<<< user >>>\nHot?\n\n<<< assistant >>>\nYes.",
        "topic_keywords": "'=heat",
    }
    changes = changes_of(edited(table, lambda cells: cells.append(new)))
    (row,) = changes.added
    assert [turn.content for turn in row.sample.messages] == ["Hot?", "Yes."]
    assert (row.split, row.sample.topic_keywords) == ("train", ("=heat",))
    assert row.sample.metadata[EDITED] == {"by": "anna", "how": "import-csv"}


@pytest.mark.parametrize(
    ("kind", "change", "column", "problem"),
    [
        ("exported", set_cell(0, "content_preview", "May I bring a cat?"), "content_preview", "'edit --table'"),
        ("table", set_cell(0, "source_file", "other.txt"), "source_file", "cannot be changed"),
        ("table", set_cell(0, "split", "test"), "split", "no side 'test'"),
        ("table", set_cell(0, "split", ""), "split", "no side is named"),
        ("table", set_cell(0, "content", "<<< usr >>>\nHi"), "content", "line 1: '<<< usr >>>' is no heading"),
        ("table", set_cell(0, "sample_id", "ab" * 32), "sample_id", "no sample of this id"),
        ("table", set_cell(0, "sample_id", "3.2E+12"), "sample_id", "no sample of this id"),
        ("table", lambda cells: cells.append(cells[0]), "sample_id", "twice"),
        ("exported", set_cell(0, "sample_id", ""), "content", "needs a text"),
    ],
)
def test_what_cannot_be_taken_is_named_by_line_and_column(
    kind: str, change: Callable[[Cells], None], column: str, problem: str, request: pytest.FixtureRequest
) -> None:
    changes = changes_of(edited(request.getfixturevalue(kind), change))
    (bad,) = changes.unreadable
    assert bad.column == column
    assert problem in bad.problem
    assert bad.line > 1
    assert not changes.changed
    assert not changes.added


def test_letters_that_the_spreadsheet_lost_are_no_edit(tmp_path: Path) -> None:
    rows = [StoredSample(make_sample("窯とは何ですか", "粘土を焼く炉です。"), 9, "train")]
    write_table(tmp_path / "t.csv", rows)
    content = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    (tmp_path / "t.csv").write_bytes(content.encode("cp1252", "replace"))
    changes = changes_of(tmp_path / "t.csv", rows=rows)
    assert [(bad.column, "letters were lost" in bad.problem) for bad in changes.unreadable] == [("content", True)]
    assert changes.revise(rows[0]).row == rows[0]


def test_a_text_that_the_spreadsheet_cut_is_no_edit(tmp_path: Path) -> None:
    rows = [StoredSample(make_sample("Long?", "word " * 8000), 9, "train")]
    assert write_table(tmp_path / "t.csv", rows) == 1
    changes = changes_of(
        edited(tmp_path / "t.csv", lambda cells: cells[0].update(content=cells[0]["content"][:32767])), rows=rows
    )
    assert "cut the text" in changes.unreadable[0].problem


def test_a_row_of_other_width_is_unreadable_and_columns_of_ones_own_are_ignored(exported: Path) -> None:
    lines = exported.read_text(encoding="utf-8").splitlines()
    lines = [f"{line},note" for line in lines]
    lines[1] += ",more"
    exported.write_text("\n".join(lines), encoding="utf-8")
    changes = changes_of(exported)
    assert changes.ignored == ("note",)
    assert [(bad.line, bad.problem) for bad in changes.unreadable] == [(2, "8 cells where there are 7 columns")]
    assert changes.revise(ROWS[0]).row == ROWS[0]


def test_a_first_line_that_announces_the_delimiter_is_no_row(exported: Path) -> None:
    edited(exported, lambda _cells: None, delimiter=";")
    exported.write_bytes(codecs.BOM_UTF8 + b"sep=;\r\n" + exported.read_bytes())
    assert not changes_of(exported).unreadable


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("name,text\na,b\n", "no column 'sample_id'"),
        ("", "no column 'sample_id'"),
        ("sample_id,split,split\n", "two columns 'split'"),
        (f'sample_id,split\n{ROWS[0].sample.id},train\n{ROWS[1].sample.id},"train\n', "from line 3 on"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "x.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputFileError, match=problem):
        changes_of(tmp_path / "x.csv")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="cannot be read"):
        read_table(tmp_path / "none.csv")


def test_a_table_of_another_version_is_known_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_table(path, ROWS, "v3-12e456789012")
    changes = changes_of(edited(path, lambda cells: cells.pop(0), delimiter=";", encoding="cp1252"))
    assert changes.stale_mark("v4-ffffffffffff") == "v3-12e456789012"
    assert changes.stale_mark("v5-12e456789012") == ""  # rolled back: it holds the same again
    assert changes.ignored == ()


def test_a_table_with_samples_that_are_gone_removes_nothing(exported: Path) -> None:
    changes = changes_of(exported, rows=ROWS[1:])
    assert [row.column for row in changes.unreadable] == ["sample_id"]
    new = StoredSample(make_sample("May I bring a cat?", "Cats are welcome."), 9, "train")
    assert changes.revise(new).row == new


def test_samples_that_are_newer_than_any_table_stay(exported: Path) -> None:
    changes = changes_of(edited(exported, lambda cells: cells.pop(0)))
    new = StoredSample(make_sample("May I bring a cat?", "Cats are welcome."), 9, "train")
    changes.newer.add(bytes.fromhex(new.sample.id))
    assert changes.revise(new).row == new
    assert changes.revise(ROWS[0]).row is None
