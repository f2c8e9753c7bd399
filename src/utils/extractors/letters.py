"""Do the letters that a codec makes of bytes read as text? Few of them unassigned, of few scripts, no misread ASCII."""

from __future__ import annotations

import unicodedata

_ASCII_TEXT = frozenset(b"\t\n\r" + bytes(range(32, 127)))
_MAX_STRANGE = 0.05
_ESCAPE = "\x1b"
"""What begins a colour in the output of a terminal."""
_MIN_PAIRS, _MOST_PAIRS = 8, 0.9
"""Of Chinese signs, four of ten are such pairs by chance."""


def explains(head: bytes, codec: str) -> bool:
    """Whether a mark before text tells the truth: few of the letters that ``codec`` makes of the bytes are unassigned,
    and they are not pairs of ASCII letters taken for one sign each."""
    text = head[: len(head) // 4 * 4 or None].decode(codec, errors="replace").lstrip("\ufeff")
    strange = _strange(text) - text.count(_ESCAPE)
    return strange < _MAX_STRANGE * len(text) + 1 and not _is_misread_ascii(text)


def reads_as_words(head: bytes, codec: str) -> bool:
    text = head[: len(head) // 4 * 4].decode(codec, errors="replace").removesuffix("\ufffd")
    if not text:
        return False
    return _strange(text) < _MAX_STRANGE * len(text) and _few_scripts(text)


def is_east_asian(head: bytes, codec: str) -> bool:
    text = head[: len(head) // 4 * 4].decode(codec, errors="replace")
    return sum("\u3000" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7ff" for letter in text) > 0.7 * len(text)


def _strange(text: str) -> int:
    """How many of the letters are controls, unassigned, halves, or stand for bytes that are no letter."""
    strange = sum(unicodedata.category(letter) in {"Cc", "Cn", "Co", "Cs"} for letter in text if letter not in "\t\r\n")
    return strange + text.count("\ufffd")


def _few_scripts(text: str) -> bool:
    """Words fill few of Unicode's rows of 256 but for Chinese and Korean, whose signs all lie in two ranges."""
    rows = {ord(letter) >> 8 for letter in text}
    small = {row for row in rows if not (0x4E <= row <= 0x9F or 0xAC <= row <= 0xD7)}
    return len(small) <= 12


def _is_misread_ascii(text: str) -> bool:
    pairs = sum(_is_ascii_pair(ord(letter)) for letter in text)
    return len(text) >= _MIN_PAIRS and pairs > _MOST_PAIRS * len(text)


def _is_ascii_pair(code: int) -> bool:
    return all(byte in _ASCII_TEXT for byte in divmod(code, 256))
