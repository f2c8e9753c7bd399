"""The text of a source file: decoded so that every byte of it can be had back, with the borders of its lines."""

from __future__ import annotations

import codecs
import re
from itertools import accumulate
from typing import Final, NamedTuple

# ISO 8859-1 has letters above 0x9f, alone or in pairs within words of ASCII; control codes below that, or longer runs,
# are another encoding, whose letters would come out as others.
_NO_LATIN: Final = re.compile(rb"[\x80-\x9f]|[\xa0-\xff]{3}")
_NO_CONTROLS: Final = bytes(byte for byte in range(256) if byte >= 32 or byte in b"\t\n\v\f\r\x1b")
"""What a text may hold: deleting it is the fastest way to see whether anything else is there."""


class SourceText(NamedTuple):
    """``data`` is the text in UTF-8 without a byte order mark, ``written`` the same in characters; ``starts`` are the
    offsets of its lines, and at last its length. Line breaks are as they stand in the file. ``longest_line`` is in
    bytes, with its break."""

    data: bytes
    written: str
    starts: list[int]
    longest_line: int

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.starts) - 1


def read_source(content: bytes) -> SourceText | str:
    """The text of a file, or why it is none: binary, or in an encoding that cannot be told for sure."""
    data = content.removeprefix(codecs.BOM_UTF8)
    if data.translate(None, _NO_CONTROLS):
        return "binary"
    try:
        written = data.decode("utf-8")
    except UnicodeDecodeError:
        if _NO_LATIN.search(data):
            return "encoding"
        written = data.decode("latin-1")
        data = written.encode("utf-8")
    lengths = list(map(len, data.splitlines(keepends=True)))
    return SourceText(data, written, list(accumulate(lengths, initial=0)), max(lengths, default=0))
