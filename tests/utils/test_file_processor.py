"""Finding and reading input files: every document or its reason, in a fixed order, nothing outside the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import ConfigError, InputFileError
from src.core.types import Rejection, SourceDocument
from src.utils.file_processor import find_input_files, read_input_files
from src.utils.reading.reader import Reader, ReadingLimits
from tests.documents import read_document
from tests.fixtures.make_documents import make_all

SAMPLES = Path(__file__).parents[2] / "input_files"


@pytest.fixture
def folder(tmp_path):
    inbox = tmp_path / "inbox"
    (inbox / "deeper").mkdir(parents=True)
    (inbox / "b.txt").write_text("second", encoding="utf-8")
    (inbox / "a.txt").write_text("first", encoding="utf-8")
    (inbox / "deeper" / "c.txt").write_text("third", encoding="utf-8")
    return inbox


def names(folder, files=()):
    return [file.name for file in find_input_files(folder, files) if file.refusal is None]


def read_folder(folder):
    with Reader(ReadingLimits(60, 1000)) as reader:
        yield from read_input_files(find_input_files(folder), reader, lambda done, total: None)


def test_files_are_found_in_every_subfolder_in_a_fixed_order(folder):
    assert names(folder) == ["a.txt", "b.txt", "deeper/c.txt"]


def test_hidden_files_and_folders_are_left_out(folder):
    (folder / ".gitkeep").touch()
    (folder / ".cache").mkdir()
    (folder / ".cache" / "x.txt").touch()
    assert names(folder) == ["a.txt", "b.txt", "deeper/c.txt"]


def test_folders_to_leave_out_are_not_entered(folder):
    found = find_input_files(folder, leave_out=[folder / "deeper", folder / "missing"])
    assert [file.name for file in found] == ["a.txt", "b.txt"]


def test_only_the_named_files_are_taken_each_once(folder):
    assert names(folder, ["deeper/c.txt", "a.txt", "a.txt"]) == ["deeper/c.txt", "a.txt"]


def test_a_named_file_that_is_missing_or_outside_is_an_error(folder):
    with pytest.raises(InputFileError, match=r"z\.txt is not there"):
        find_input_files(folder, ["z.txt"])
    with pytest.raises(ConfigError, match="leads outside"):
        find_input_files(folder, ["../secret.txt"])


def test_a_missing_or_empty_folder_is_an_error_that_names_it(tmp_path):
    with pytest.raises(InputFileError, match="nowhere is not there") as caught:
        find_input_files(tmp_path / "nowhere")
    assert "nowhere" in caught.value.fix
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".gitkeep").touch()
    with pytest.raises(InputFileError, match="empty holds no documents") as caught:
        list(read_folder(tmp_path / "empty"))
    assert "empty" in caught.value.fix


def test_links_that_lead_outside_are_rejected_and_links_within_are_read(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "same.txt").symlink_to(folder / "a.txt")
    (folder / "linked_folder").symlink_to(tmp_path / "elsewhere")
    (folder / "inner_folder").symlink_to(folder / "deeper")
    assert names(folder) == ["a.txt", "b.txt", "deeper/c.txt", "same.txt"]
    results = {
        result.name if isinstance(result, SourceDocument) else result.source_file: result
        for result in read_folder(folder)
    }
    assert results["same.txt"].text == "first\n"
    for name, cause in (
        ("link.txt", "leads outside"),
        ("linked_folder", "leads outside"),
        ("inner_folder", "link to a folder"),
    ):
        assert isinstance(results[name], Rejection)
        assert cause in results[name].detail


def test_one_bad_file_is_reported_with_its_fix_and_the_others_are_read(folder):
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 nonsense")
    (folder / "empty.docx").touch()
    results = list(read_folder(folder))
    documents = [result.name for result in results if isinstance(result, SourceDocument)]
    rejections = [result for result in results if isinstance(result, Rejection)]
    assert documents == ["a.txt", "b.txt", "deeper/c.txt"]
    assert [(rejection.source_file, rejection.reason) for rejection in rejections] == [
        ("bad.pdf", "unreadable_file"),
        ("empty.docx", "unreadable_file"),
    ]
    assert "damaged" in rejections[0].detail
    assert "save it again" in rejections[0].detail


def test_the_shipped_samples_are_read_clean_and_are_small(tmp_path):
    documents = list(read_folder(SAMPLES))
    suffixes = {Path(document.name).suffix for document in documents if isinstance(document, SourceDocument)}
    assert suffixes >= {".pdf", ".docx", ".txt", ".csv", ".xlsx", ".pptx", ".md"}
    for document in documents:
        assert isinstance(document, SourceDocument)
        assert document.warnings == ()
        assert len(document.text.split()) >= 150
        assert document.path.stat().st_size < 42_000


def test_the_binary_samples_can_be_rebuilt_byte_for_byte(tmp_path):
    make_all(tmp_path)
    built = sorted(tmp_path.iterdir())
    assert len(built) == 4
    for path in built:
        assert read_document(path).text == read_document(SAMPLES / path.name).text
    first = {path.name: path.read_bytes() for path in built}
    make_all(tmp_path)
    assert {path.name: path.read_bytes() for path in sorted(tmp_path.iterdir())} == first
