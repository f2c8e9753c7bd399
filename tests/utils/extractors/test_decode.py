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
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
        ("蜜蜂從早春到深秋採集花蜜，只要還有花草樹木在開放。每個蜂箱裡只有一隻蜂王。" * 5, "big5"),
        (CHINESE + "\n", "utf-16-le"),
        (RUSSIAN, "utf-16-be"),
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
    assert warnings == ["a.txt was read as cp1252.", "a.txt: 1 unreadable characters show as U+FFFD."]


def test_a_stray_byte_in_utf8_spoils_no_other_letter(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Žluťoučký kůň ".encode() + b"\x96 a caf\xe9\n" + "ještě\n".encode())
    assert read_text(path) == "Žluťoučký kůň – a café\nještě\n"


def test_a_few_lines_of_utf8_in_a_western_file_are_read_as_such(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("déjà vu à la plage\n".encode("cp1252") * 40 + "crème brûlée\n".encode())
    assert read_text(path).endswith("plage\ncrème brûlée\n")


def test_letters_that_first_appear_far_into_the_file_decide_its_encoding(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"plain words\n" * 200_000 + RUSSIAN.encode("cp1251"))
    assert read_text(path).endswith(RUSSIAN)


def test_halves_of_letters_written_as_utf8_are_put_together(tmp_path):
    path = tmp_path / "a.txt"
    halves = "caf\u00e9 \ud83d\ude00 and \ud83d alone, d\u00e9j\u00e0\n"
    path.write_bytes(halves.encode("utf-8", errors="surrogatepass"))
    assert read_text(path) == "café 😀 and \ufffd alone, déjà\n"


def test_a_line_longer_than_a_block_is_cut_between_letters(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(("x" + "ж" * 1_500_000).encode())
    assert read_text(path) == "x" + "ж" * 1_500_000


def test_a_declared_charset_is_believed_after_utf8():
    assert decode_bytes("café".encode(), "latin-1") == "café"
    assert decode_bytes("булка".encode("koi8-r"), "koi8-r") == "булка"
    assert decode_bytes("café".encode("cp1252"), "base64") == "café"
    assert decode_bytes("café".encode("utf-16")) == "café"


@pytest.mark.parametrize(
    ("text", "written", "declared"),
    [
        ("“naïve” – café", "cp1252", "iso-8859-1"),  # what browsers know: the name means its superset
        ("蜂は花の蜜", "iso2022_jp", "iso-2022-jp"),
        ("髙﨑①", "cp932", "Shift_JIS"),
        ("朱镕基", "gb18030", "gb2312"),
        ("Straße und Café", "cp1252", "us-ascii"),
        ("déjà vu à la plage", "cp1252", "utf-8"),
        ("déjà vu", "utf-8", "iso-8859-1"),
    ],
)
def test_a_declared_charset_is_taken_for_what_it_means_in_practice(text, written, declared):
    assert decode_bytes(text.encode(written), declared) == text


def test_cleaning_keeps_words_and_tabs_and_is_idempotent():
    dirty = "\ufeffa\0b\tc\r\nd\re\x0bf\ud800g\x7f"
    assert clean_text(dirty) == "ab\tc\nd\ne\nf\ufffdg"
    assert clean_text(clean_text(dirty)) == clean_text(dirty)


def test_a_guess_of_utf_16_without_its_mark_is_no_encoding(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"question,answ-1hat i\xff\xfes it?" * 20)
    assert "question" in read_text(path)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe" + b"plain words after a wrong mark, all of them letters. ",
        b"\xfe\xff" + b"plain words after a wrong mark, all of them letters. ",
        b"\xff\xfe" + bytes(range(0, 256, 3)) * 4,
        b"\xff\xfe\0\0" + b"words and more words",
    ],
)
def test_a_mark_before_bytes_that_it_does_not_explain_makes_no_text(tmp_path, content):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match="is not text"):
        read_text(path)


@pytest.mark.parametrize(
    "text", ["人在家里看书，天气很好，大家都在喝茶。\n" * 3, "ab", "한국어 글입니다.\n", "𝛼 ≤ 𝛽 → 😀\n"]
)
@pytest.mark.parametrize("codec", ["utf-16", "utf-32"])
def test_marked_text_of_every_script_is_read(tmp_path, text, codec):
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(codec))
    assert read_text(path).strip() == text.strip()


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_colours_of_a_terminal_are_text_behind_a_mark(tmp_path, codec):
    lines = "\r\n".join(f"\x1b[32mok\x1b[0m \x1b[90mtest {number}\x1b[0m" for number in range(60))
    path = tmp_path / "a.txt"
    path.write_bytes(f"\ufeff{lines}".encode(codec))
    assert "test 59" in read_text(path)
