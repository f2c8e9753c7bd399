"""What a file is: its content decides, then its name; what is no document is refused with a way out."""

from __future__ import annotations

import random
import shutil
import zipfile

import pytest

from src.core.errors import InputFileError
from src.utils.extractors import package
from src.utils.extractors.package import Package
from src.utils.extractors.sniff import find_format, load_extractor
from tests.fixtures.make_documents import (
    make_bee_course,
    make_garden_plan,
    make_handbook,
    make_observatory_guide,
    write_zip,
)
from tests.utils.extractors.office import paragraph, write_docx, write_package


def write(tmp_path, name: str, content: bytes | str):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("make", "expected"),
    [(make_handbook, "docx"), (make_garden_plan, "xlsx"), (make_bee_course, "pptx"), (make_observatory_guide, "pdf")],
)
def test_content_decides_under_any_name(tmp_path, make, expected):
    make(tmp_path / "right")
    for name in ("a.txt", "a.csv", "a"):
        shutil.copy(tmp_path / "right", tmp_path / name)
        assert find_format(tmp_path / name) == expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "words", "txt"),
        ("a.unknown", "words", "txt"),
        ("notes", "words", "txt"),
        ("a.MD", "# words", "md"),
        ("a.csv", "a,b", "csv"),
        ("a.tsv", "a\tb", "csv"),
        ("a.json", "broken {", "json"),
        ("a.jsonl", "{}", "json"),
        ("a.txt", '{"a": 1}', "json"),
        ("a.txt", "{not json}", "txt"),
        ("a.html", "<p>x</p>", "html"),
        ("a.txt", "<!-- saved --><!DOCTYPE html><html>", "html"),
        ("a.xml", "<a/>", "xml"),
        ("a.txt", "<?xml version='1.0'?><a/>", "xml"),
        ("a.txt", "<?xml version='1.0'?><html/>", "html"),
        ("a.log", "WEBVTT\n\n", "captions"),
        ("a.srt", "1\n", "captions"),
        ("a.eml", "words", "eml"),
        ("a.txt", "Subject: x\nFrom: y\n z\nDate: now\n\nbody", "eml"),
        ("a.txt", "From a@b Mon Jun 1 10:00:00 2026\nSubject: x\n\nbody", "mbox"),
        ("a.csv", "<html>,b", "csv"),
        ("a.pdf", "plain words under a wrong name", "txt"),
    ],
)
def test_text_is_told_by_its_beginning_and_its_name(tmp_path, name, content, expected):
    assert find_format(write(tmp_path, name, content)) == expected


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"\xd0\xcf\x11\xe0rest", "password protected, or an old Office file"),
        (b"{\\rtf1 words}", "Rich Text"),
        (b"\x1f\x8bxx", "gzip"),
        (b"\x89PNG....", "a picture"),
        (b"II*\0....", "a picture"),
        (b"RIFF....WAVE", "a sound"),
        (b"BZh91AY", "bzip2"),
        (b"PK\x03\x04 cut off", "damaged zip"),
    ],
)
def test_what_is_no_document_is_refused_with_a_fix(tmp_path, content, cause):
    with pytest.raises(InputFileError, match=cause) as caught:
        find_format(write(tmp_path, "a.docx", content))
    assert caught.value.fix


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("a.pdf", b"\xff\xfe\0bad", "no readable PDF"),
        ("a.PDF", b"\x93caf\xe9 \x80\x81", "no readable PDF"),
        ("a.docx", b"\x00\x01\x02words", "no readable Word document"),
        ("a.docm", "words".encode("utf-16"), "no readable Word document"),
        ("a.xlsx", b"\x8f\x02\x19", "no readable Excel workbook"),
        ("a.pptx", b"\x8f\x02\x19", "no readable PowerPoint presentation"),
        ("a.epub", b"caf\xe9", "no readable EPUB book"),
        ("a.png", b"\x8f\x02\x19", "no readable picture"),
        ("a.mp3", b"\xff\xfb\x90\x44", "no readable sound or film"),
        ("a.zip", b"\xe9\xe8", "no readable archive"),
    ],
)
def test_bytes_under_the_name_of_a_binary_format_are_no_text(tmp_path, name, content, cause):
    with pytest.raises(InputFileError, match=cause) as caught:
        find_format(write(tmp_path, name, content))
    assert ".txt" in caught.value.fix


@pytest.mark.parametrize("name", ["a.docx", "a.epub", "a.xlsx", "a.PDF"])
def test_utf8_text_under_any_name_is_text(tmp_path, name):
    assert find_format(write(tmp_path, name, "Grüße\n\tund Wörter")) == "txt"


def test_a_table_exported_under_an_old_name_is_read(tmp_path):
    assert find_format(write(tmp_path, "a.xls", b"<html><table><tr><td>caf\xe9</td></tr></table></html>")) == "html"
    assert find_format(write(tmp_path, "b.xls", b"caf\xe9;th\xe9\n")) == "txt"


def test_a_zip_that_is_no_document_is_refused(tmp_path):
    write_zip(tmp_path / "a.docx", [("hello.txt", b"x")])
    with pytest.raises(InputFileError, match="no Word, Excel, PowerPoint or EPUB"):
        find_format(tmp_path / "a.docx")
    with pytest.raises(InputFileError, match="no Word, Excel, PowerPoint or EPUB"):
        find_format(write_package(tmp_path / "b.docx", "x/y.xml", {"x/y.xml": "<drawing/>"}))


def test_a_book_is_told_by_its_container(tmp_path):
    write_zip(tmp_path / "a.zip", [("META-INF/container.xml", b"<c/>")])
    assert find_format(tmp_path / "a.zip") == "epub"


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(InputFileError, match="cannot be read"):
        find_format(tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    "name", ["pdf", "docx", "xlsx", "pptx", "epub", "txt", "md", "csv", "json", "html", "captions", "eml", "mbox"]
)
def test_every_format_has_its_extractor(name):
    assert callable(load_extractor(name))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    write_zip(tmp_path / "bomb.docx", [("word/document.xml", b"\0" * 30_000_000)])
    with pytest.raises(InputFileError, match="would unpack to 30 MB"):
        Package(tmp_path / "bomb.docx")


def test_too_many_parts_are_refused(tmp_path):
    write_zip(tmp_path / "many.docx", [(f"part{number}", b"") for number in range(package.MAX_MEMBERS + 1)])
    with pytest.raises(InputFileError, match="more than a document needs"):
        Package(tmp_path / "many.docx")


def test_a_zip_with_a_damaged_directory_is_read_without_the_nameless_part(tmp_path):
    write_zip(tmp_path / "a.zip", [("", b"x"), ("kept.xml", b"<a/>")])
    with Package(tmp_path / "a.zip") as opened:
        assert opened.read("kept.xml") == b"<a/>"


def test_films_in_a_large_file_are_no_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(package, "MAX_TOTAL_BYTES", 1000)
    write_zip(tmp_path / "film.zip", [("film.mp4", bytes(random.Random(1).randbytes(5000)))])
    with Package(tmp_path / "film.zip") as opened:
        assert opened.has("film.mp4")


def test_an_open_document_is_named_as_such(tmp_path):
    write_zip(tmp_path / "a.odt", [("mimetype", b"application/x"), ("content.xml", b"<a/>")])
    with pytest.raises(InputFileError, match="OpenDocument"):
        find_format(tmp_path / "a.odt")


def test_an_encrypted_zip_is_named_as_such(tmp_path):
    write_zip(tmp_path / "a.docx", [("a", b"x")])
    raw = bytearray((tmp_path / "a.docx").read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # the flag of the central directory that a part is encrypted
    (tmp_path / "a.docx").write_bytes(raw)
    with pytest.raises(InputFileError, match="password protected"):
        Package(tmp_path / "a.docx")


def test_damaged_and_missing_parts_are_named(tmp_path):
    path = write_docx(tmp_path / "a.docx", paragraph("words " * 200))
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("word/document.xml")
    raw = bytearray(path.read_bytes())
    middle = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    raw[middle : middle + 8] = b"\xff" * 8
    path.write_bytes(raw)
    with Package(path) as opened:
        with pytest.raises(InputFileError, match=r"damaged part word/document\.xml"):
            opened.read("word/document.xml")
        with pytest.raises(InputFileError, match=r"lacks its part nothing\.xml"):
            opened.read("nothing.xml")


def test_a_part_whose_place_is_wrong_is_damaged(tmp_path):
    path = write_docx(tmp_path / "a.docx", paragraph("x"))
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"PK\x03\x04", b"PK\x03\x05").replace(b"PK\x03\x05", b"PK\x03\x04", 1))
    with Package(path) as opened, pytest.raises(InputFileError, match="damaged part"):
        opened.read("word/document.xml")


def test_names_of_parts_are_compared_without_case(tmp_path):
    write_zip(tmp_path / "a.zip", [("Word\\Document.xml", b"<x/>")])
    with Package(tmp_path / "a.zip") as opened:
        assert opened.read("/word/document.XML") == b"<x/>"
        assert opened.main_part() == ""


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ('{"notes": [' + '"wind", ' * 30, "json"),
        ('[{"text": "' + "wind " * 50, "json"),
        ('{"a": 1}\n' * 30, "json"),
        ("[note] " * 60, "txt"),
        ('{"a": 1} and then words ' * 30, "txt"),
    ],
)
def test_a_long_file_is_taken_for_json_by_its_beginning(tmp_path, monkeypatch, start, expected):
    monkeypatch.setattr("src.utils.extractors.sniff._MAX_JSON_CHARS", 100)
    assert find_format(write(tmp_path, "a.txt", start + "\n")) == expected
