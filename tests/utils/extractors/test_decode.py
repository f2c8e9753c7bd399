"""Encodings: whatever a text was saved as, its letters come back; bytes that are no text are refused."""

from __future__ import annotations

import pytest

from src.core.errors import InputFileError
from src.utils.extractors.decode import detect_encoding, read_text
from src.utils.extractors.encoding import decode_bytes
from src.utils.extractors.sections import clean_text

MIXED = "Café — naïve “quotes” €12 and Zoë’s résumé"
RUSSIAN = "Пчёлы собирают нектар с ранней весны и до поздней осени, пока цветут травы и деревья. " * 5
JAPANESE = "蜂は春の初めから秋の終わりまで花の蜜を集めます。巣箱の中には女王蜂が一匹だけいます。" * 5
CHINESE = "蜜蜂从早春到深秋采集花蜜，只要还有花草树木在开放。每个蜂箱里只有一只蜂王。" * 5


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (MIXED, "utf-8"),
        (MIXED, "utf-8-sig"),
        (MIXED, "utf-16"),
        (MIXED, "utf-32"),
        (MIXED * 5, "utf-16-le"),
        (MIXED * 5, "utf-16-be"),
        (MIXED * 5, "utf-32-le"),
        (MIXED * 5, "utf-32-be"),
        (MIXED, "cp1252"),
        ("L'été, les abeilles de la ruche récoltent le nectar près du château. " * 30, "latin-1"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (CHINESE, "gb18030"),
    ],
)
def test_text_comes_back_from_its_encoding(tmp_path, text, codec):
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(codec))
    assert read_text(path) == text


def test_lines_of_two_encodings_are_each_read_by_their_own(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(("UTF-8 line: café\n".encode() + "other line: déjà vu\r\n".encode("cp1252")) * 4)
    warnings: list[str] = []
    assert read_text(path, warnings.append) == "UTF-8 line: café\nother line: déjà vu\n" * 4
    assert "mixes UTF-8 and cp1252" in warnings[0]


def test_every_kind_of_line_end_becomes_a_line_feed(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"unix\ndos\r\nmac\rpage\x0cend")
    assert read_text(path) == "unix\ndos\nmac\npage\nend"


def test_binary_data_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(range(256)) * 30)
    with pytest.raises(InputFileError, match="holds binary data"):
        detect_encoding(path)
    path.write_bytes(b"\0\1\2\3" * 50 + b"some words")
    with pytest.raises(InputFileError, match="holds binary data"):
        detect_encoding(path)


def test_a_file_cut_within_a_letter_loses_that_letter_only(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes((RUSSIAN.strip() + "ы").encode()[:-1])
    warnings: list[str] = []
    assert read_text(path, warnings.append).startswith(RUSSIAN.strip())
    assert warnings


def test_unreadable_characters_are_counted_in_a_warning(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"na\xefve \x81 caf\xe9")  # 0x81 means nothing in cp1252
    warnings: list[str] = []
    assert read_text(path, warnings.append) == "naïve \ufffd café"
    assert "1 unreadable characters" in warnings[0]


def test_a_declared_charset_is_believed_after_utf8():
    assert decode_bytes("café".encode(), "latin-1") == "café"
    assert decode_bytes("булка".encode("koi8-r"), "koi8-r") == "булка"
    assert decode_bytes("café".encode("cp1252"), "base64") == "café"
    assert decode_bytes("café".encode("utf-16")) == "café"


def test_cleaning_keeps_words_and_tabs_and_is_idempotent():
    dirty = "\ufeffa\0b\tc\r\nd\re\x0bf\ud800g\x7f"
    assert clean_text(dirty) == "ab\tc\nd\ne\nf\ufffdg"
    assert clean_text(clean_text(dirty)) == clean_text(dirty)
