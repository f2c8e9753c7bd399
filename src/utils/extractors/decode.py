"""Finds the encoding of a text file and reads its lines, whatever it was saved as."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from src.core.errors import InputFileError
from src.utils.extractors.sections import Warn, clean_text, ignore_warning

_HEAD_BYTES = 200_000
_BLOCK_BYTES = 1 << 20
_SHORT_BYTES = 300

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL_BYTES = bytes([*range(9), *range(14, 27), *range(28, 32), 127])
"""Bytes that text does not hold; tab, line ends, form feed and ESC (used by ISO-2022) are left out."""


class Encoding(NamedTuple):
    """A codec. ``mixed``: lines that are UTF-8 are read as UTF-8, only the others by ``codec``."""

    codec: str
    mixed: bool = False


def detect_encoding(path: Path) -> Encoding:
    """The encoding of a text file: byte order mark, strict UTF-8, UTF-16 by its zero bytes, chardet, cp1252.

    Raises InputFileError when the bytes are no text.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return Encoding(codec)
    wide = _wide_codec(head)
    if wide and _control_share(head.decode(wide, errors="replace").encode("utf-8")) < 0.05:
        return Encoding(wide)
    valid = _is_utf8(path)
    if _control_share(head) > (0.1 if valid else 0.03):
        raise InputFileError(
            f"{path.name} is not text: it holds binary data.", fix="Give a document, or remove the file."
        )
    if valid:
        return Encoding("utf-8")
    return _legacy_encoding(path.read_bytes(), head)


def read_lines(path: Path, warn: Warn = ignore_warning) -> Iterator[str]:
    """The lines of a text file, each ending with a line feed but not cleaned; streams UTF-8 files of any size."""
    encoding = detect_encoding(path)
    if encoding.mixed:
        warn(f"{path.name} mixes UTF-8 and {encoding.codec}: each line was read by its own encoding.")
        for raw in path.read_bytes().splitlines(keepends=True):
            yield _decode_line(raw, encoding.codec).replace("\r\n", "\n").replace("\r", "\n")
        return
    replaced = 0
    with path.open(encoding=encoding.codec, errors="replace") as file:
        for line in file:
            replaced += line.count("\ufffd")
            yield line
    if replaced:
        warn(f"{path.name} was read as {encoding.codec}; {replaced} unreadable characters show as U+FFFD.")


def read_text(path: Path, warn: Warn = ignore_warning) -> str:
    """The whole text of a file, clean."""
    return clean_text("".join(read_lines(path, warn)))


def decode_bytes(data: bytes, declared: str = "") -> str:
    """Text of a part that may declare its charset (mail, HTML): UTF-8, then the declared one, then a guess."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if declared and _is_known(declared):
        return data.decode(declared, errors="replace")
    return data.decode(_guess(data[:_HEAD_BYTES]), errors="replace")


def _is_known(codec: str) -> bool:
    try:
        return codecs.lookup(codec)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _wide_codec(head: bytes) -> str:
    """UTF-32 or UTF-16 without a mark: zero bytes stand at every fourth or every second place."""
    if len(head) < 4 or b"\0" not in head:
        return ""
    share = [head[offset::4].count(0) * 4 / len(head) for offset in range(4)]
    if share[0] < 0.1 and min(share[2:]) > 0.9:
        return "utf-32-le"
    if share[3] < 0.1 and min(share[:2]) > 0.9:
        return "utf-32-be"
    even, odd = (share[0] + share[2]) / 2, (share[1] + share[3]) / 2
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    if even > 0.3 and odd < 0.05:
        return "utf-16-be"
    return ""


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _control_share(head: bytes) -> float:
    return (len(head) - len(head.translate(None, _CONTROL_BYTES))) / max(1, len(head))


def _legacy_encoding(data: bytes, head: bytes) -> Encoding:
    """One legacy codec for the file, or for those of its lines that are not UTF-8."""
    utf8_bytes = 0
    other: list[bytes] = []
    for line in data.splitlines():
        high = _high_bytes(line)
        if not high:
            continue
        try:
            line.decode("utf-8")
            utf8_bytes += high
        except UnicodeDecodeError:
            other.append(line)
    other_bytes = sum(_high_bytes(line) for line in other)
    # Legacy text is hardly ever valid UTF-8 by chance, a few short lines of it may be.
    if utf8_bytes > 0.3 * (utf8_bytes + other_bytes):
        return Encoding(_guess(b"\n".join(other)[:_HEAD_BYTES]), mixed=True)
    return Encoding(_guess(head))


def _high_bytes(data: bytes) -> int:
    return len(data) - len(data.translate(None, bytes(range(128, 256))))


def _guess(data: bytes) -> str:
    """chardet's answer where it has enough to go on; short, mostly ASCII text is Western (cp1252)."""
    import chardet

    if len(data) <= _SHORT_BYTES and _high_bytes(data) < 0.3 * len(data):
        return "cp1252"
    codec = chardet.detect(data)["encoding"] or "cp1252"
    return codec if _is_known(codec) and codec.lower() != "ascii" else "cp1252"


def _decode_line(line: bytes, codec: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(codec, errors="replace")
