"""Files become texts of which every byte can be had back, or are refused with the reason."""

from __future__ import annotations

import pytest

from src.data_prep.fim.source_text import SourceText, read_source


def read(content: bytes) -> SourceText:
    text = read_source(content)
    assert isinstance(text, SourceText)
    return text


def test_line_breaks_stay_as_they_are() -> None:
    text = read(b"one\r\ntwo\nthree")
    assert text.data == b"one\r\ntwo\nthree"
    assert text.starts == [0, 5, 9, 14]
    assert (text.lines, text.longest_line) == (3, 5)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read(b"\xef\xbb\xbfx = 1\n").data == b"x = 1\n"


def test_western_european_letters_are_decoded() -> None:
    assert (
        read("# Zählung der Glocken für Noël\n".encode("latin-1")).data == "# Zählung der Glocken für Noël\n".encode()
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x7fELF\x00\x01\x02", "binary"),
        ("x = 1\n".encode("utf-16"), "binary"),
        ("// колокол\n".encode("koi8-r"), "encoding"),
        ("// \u949f\u697c\u7684\u58f0\u97f3\n".encode("gb2312"), "encoding"),
        ("// \u201cbells\u201d\n".encode("cp1252"), "encoding"),
    ],
)
def test_what_cannot_be_decoded_for_sure_is_refused(content: bytes, reason: str) -> None:
    assert read_source(content) == reason


def test_an_empty_file_has_no_lines() -> None:
    assert read(b"") == SourceText(b"", "", [0], 0)
