"""Finds the encoding of bytes: byte order mark, UTF-16 by its zero bytes, strict UTF-8, what is declared, chardet."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import NamedTuple

from src.utils.extractors.letters import is_east_asian, reads_as_words

HEAD_BYTES = 200_000
"""What is looked at of a file where the whole of it is not needed."""

_SHORT_BYTES = 300
_MAX_STRAYS = 20
"""A line of UTF-8 may hold this many bytes that are none; with more it is a line of another encoding."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HALF_LETTERS = re.compile(rb"(?:\xed[\xa0-\xbf][\x80-\xbf])+")
"""Halves of letters beyond the first plane, each written as UTF-8 (CESU-8, as Java and old databases do)."""

_WORD = re.compile(r"[^\W\d_]+")
_EASTERN = re.compile("[\u0370-\u052f\u0590-\u06ff]")
_ESCAPES = (b"\x1b$", b"\x1b(", b"~{")
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_kr", "hz", "utf-7"})
"""Encodings of ASCII bytes only: their text is valid UTF-8, and wrong as such."""

_SHOWN = frozenset({"utf-8", "utf-16", "utf-32"})
"""Their bytes, or a byte order mark, show them: a claim or a guess adds nothing, and they fail without a mark."""

_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
"""Python's name of a codec -> what files that claim it hold in truth (WHATWG Encoding Standard, section 4.2)."""

_WESTERN = frozenset({"cp1250", "cp1252", "cp1254", "cp1257", "iso8859-2", "iso8859-15", "mac-roman"})
"""In text of these encodings no letters stand beside each other that happen to be UTF-8."""


class Encoding(NamedTuple):
    """A codec. ``mixed``: lines that are UTF-8 are read as UTF-8, only the others by ``codec``."""

    codec: str
    mixed: bool = False


def marked_encoding(head: bytes, declared: str = "") -> Encoding | None:
    """The encoding that the first bytes announce (byte order mark) or show (zero bytes, escape sequences), if any."""
    for mark, codec in _BOMS:
        if head.startswith(mark) and mark != codecs.BOM_UTF8:
            return Encoding(codec)
    codec = _wide_codec(head) or _seven_bit_codec(head, declared)
    return Encoding(codec) if codec else None


def survey(blocks: Iterable[bytes], declared: str = "") -> Encoding:
    """The encoding of unmarked text given in blocks of whole lines.

    UTF-8 where it is, else ``declared`` where that explains all bytes, else a guess.
    """
    utf8_bytes = other_bytes = 0
    others: list[bytes] = []
    has_strays = False
    for block in blocks:
        if block.isascii():
            continue
        if _is_utf8(block):
            utf8_bytes += _high_bytes(block)
            continue
        for line in block.splitlines(keepends=True):
            pieces = utf8_pieces(line)
            if pieces is not None:
                has_strays = has_strays or not all(is_utf8 for _, is_utf8 in pieces)
                utf8_bytes += _high_bytes(line)
                continue
            if sum(map(len, others)) < HEAD_BYTES:
                others.append(line)
            other_bytes += _high_bytes(line)
    if not others:
        return Encoding("cp1252", mixed=True) if has_strays else Encoding("utf-8")
    codec = _legacy_codec(b"".join(others), declared)
    # Legacy text is hardly ever valid UTF-8 by chance, a few short lines of it may be.
    by_chance = 0.0 if codec in _WESTERN else 0.3
    return Encoding(codec, mixed=utf8_bytes > by_chance * (utf8_bytes + other_bytes))


def decode_bytes(data: bytes, declared: str = "") -> str:
    """Text of a part that may declare its charset (mail, HTML); what the bytes show counts more than what is declared.

    Bytes that no encoding explains become U+FFFD.
    """
    marked = marked_encoding(data[:HEAD_BYTES], declared)
    if marked is not None:
        return data.decode(marked.codec, errors="replace")
    data = data.removeprefix(codecs.BOM_UTF8)
    encoding = survey([data], declared)
    if encoding.mixed:
        return decode_mixed(data, encoding.codec)
    return data.decode(encoding.codec, errors="replace")


def decode_mixed(data: bytes, codec: str) -> str:
    """Whole lines of text: UTF-8 where they are, else ``codec``. Line ends stay as they are."""
    return "".join(_decode_line(line, codec) for line in data.splitlines(keepends=True))


def utf8_pieces(line: bytes) -> list[tuple[bytes, bool]] | None:
    """A line cut into (bytes, whether they are UTF-8); None when it is not a line of UTF-8 with a few stray bytes."""
    pieces: list[tuple[bytes, bool]] = []
    letters = strays = 0
    while line:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            half = _HALF_LETTERS.match(line, error.start)
            end = half.end() if half else error.end
            good, bad, line = line[: error.start], line[error.start : end], line[end:]
            letters += len(good.decode("utf-8")) - _ascii_bytes(good) + (half is not None)
            strays += half is None
            if strays > _MAX_STRAYS:
                return None
            cut_off = error.reason == "unexpected end of data"
            pieces += [(good, True), ("\ufffd".encode(), True) if cut_off else (bad, False)]
        else:
            letters += len(text) - _ascii_bytes(line)
            pieces.append((line, True))
            break
    return pieces if letters > strays or not strays else None


def normal_name(codec: str) -> str:
    """Python's name of a text codec, widened to what files of that name hold; "" for an unknown one."""
    try:
        found = codecs.lookup(codec.strip().strip("\"'") or "?")
    except (LookupError, ValueError):
        return ""
    return _SUPERSETS.get(found.name, found.name) if found._is_text_encoding else ""


def control_share(data: bytes) -> float:
    """The share of bytes that text does not hold; tab, line ends, form feed and ESC (ISO-2022) are left out."""
    return (len(data) - len(data.translate(None, _CONTROL_BYTES))) / max(1, len(data))


_CONTROL_BYTES = bytes([*range(9), *range(14, 27), *range(28, 32), 127])
_HIGH_BYTES = bytes(range(128, 256))


def _decode_line(line: bytes, codec: str) -> str:
    pieces = utf8_pieces(line)
    if pieces is None:
        return line.decode(codec, errors="replace")
    return "".join(piece.decode("utf-8") if is_utf8 else _decode_stray(piece, codec) for piece, is_utf8 in pieces)


def _decode_stray(stray: bytes, codec: str) -> str:
    if not _HALF_LETTERS.fullmatch(stray):
        return stray.decode(codec, errors="replace")
    halves = stray.decode("utf-8", errors="surrogatepass")
    return halves.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")


def _wide_codec(head: bytes) -> str:
    """UTF-32 or UTF-16 without a mark: zero bytes stand at the same of every four or two places, the rest is words."""
    if len(head) < 4 or b"\0" not in head:
        return ""
    zeros = [head[offset::4].count(0) for offset in range(4)]
    share = [count * 4 / len(head) for count in zeros]
    candidates = []
    if share[0] < 0.1 and min(share[2:]) > 0.9:
        candidates.append("utf-32-le")
    if share[3] < 0.1 and min(share[:2]) > 0.9:
        candidates.append("utf-32-be")
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if even + odd >= 0.15 * len(head) or not _is_text_with_zeros(head):
        candidates += ["utf-16-le"] * (even * 20 <= odd) + ["utf-16-be"] * (odd * 20 <= even)
        # Common Chinese signs have a zero byte, too, on the other side than line ends.
        candidates += [codec for codec in ("utf-16-le", "utf-16-be") if is_east_asian(head, codec)]
    return next((codec for codec in candidates if reads_as_words(head, codec)), "")


def _is_text_with_zeros(head: bytes) -> bool:
    """Text of one byte a letter, or UTF-8, that some program put zero bytes into."""
    kept = head.replace(b"\0", b"")
    return control_share(kept) < 0.03 and utf8_pieces(kept[:4096]) is not None


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _high_bytes(data: bytes) -> int:
    return len(data) - _ascii_bytes(data)


def _ascii_bytes(data: bytes) -> int:
    return len(data.translate(None, _HIGH_BYTES))


def _seven_bit_codec(head: bytes, declared: str) -> str:
    """The codec of ASCII bytes that stand for other letters."""
    if not head.isascii() or b"\0" in head:
        return ""
    known = normal_name(declared)
    if known in _SEVEN_BIT and _decodes(head, known):
        return known
    if not any(mark in head for mark in _ESCAPES):
        return ""
    guess = normal_name(_ask_chardet(head))
    return guess if guess in _SEVEN_BIT - {"utf-7"} and _decodes(head, guess) else ""


def _legacy_codec(data: bytes, declared: str) -> str:
    """What is declared, if it explains all bytes; else chardet's answer; short, mostly ASCII text is Western."""
    known = normal_name(declared)
    if known and known not in _SHOWN | _SEVEN_BIT and _decodes(data, known):
        return known
    if len(data) <= _SHORT_BYTES and _high_bytes(data) < 0.3 * len(data):
        return "cp1252"
    guess = normal_name(_ask_chardet(data[:HEAD_BYTES]))
    if not guess or guess in _SHOWN | _SEVEN_BIT or _mixes_alphabets(data[:HEAD_BYTES].decode(guess, "replace")):
        return "cp1252"
    return guess


def _mixes_alphabets(text: str) -> bool:
    """Whether most words with letters beyond ASCII mix Latin letters and Cyrillic or Greek ones, as no words do."""
    words = [word for word in _WORD.findall(text) if not word.isascii() and len(word) > 1]
    mixed = sum(any(letter.isascii() for letter in word) and bool(_EASTERN.search(word)) for word in words)
    return mixed > len(words) / 2


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _ask_chardet(data: bytes) -> str:
    import chardet

    return chardet.detect(data)["encoding"] or ""
