"""Reads text files of any encoding and any size, block by block."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from src.core.errors import InputFileError
from src.utils.extractors.encoding import (
    HEAD_BYTES,
    Encoding,
    control_share,
    decode_mixed,
    marked_encoding,
    survey,
)
from src.utils.extractors.letters import explains
from src.utils.extractors.sections import Warn, clean_text, ignore_warning

_BLOCK_BYTES = 1 << 20


def detect_encoding(path: Path) -> Encoding:
    """The encoding of a text file; reads it once, in blocks. Raises InputFileError when the bytes are no text."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    encoding = marked_encoding(head)
    if encoding is not None:
        is_text = explains(head, encoding.codec)
    else:
        encoding = survey(_line_blocks(path))
        # Bytes that happen to be UTF-8 are text more surely than others.
        is_text = control_share(head) <= (0.1 if encoding.codec == "utf-8" else 0.03)
    if not is_text:
        raise InputFileError(
            f"{path.name} is not text: it holds binary data.", fix="Give a document, or remove the file."
        )
    return encoding


def read_blocks(path: Path, warn: Warn = ignore_warning) -> Iterator[str]:
    """The text of a file in blocks of about a megabyte; every line end is a line feed, the rest is not cleaned."""
    encoding = detect_encoding(path)
    if encoding.mixed:
        warn(f"{path.name} mixes UTF-8 and {encoding.codec}: each line was read by its own encoding.")
    elif encoding.codec != "utf-8":
        warn(f"{path.name} was read as {encoding.codec}.")
    blocks = _mixed_blocks(path, encoding.codec) if encoding.mixed else _plain_blocks(path, encoding.codec)
    unreadable = 0
    for block in blocks:
        if encoding.codec != "utf-8":
            unreadable += block.count("\ufffd")
        yield block
    if unreadable:
        warn(f"{path.name}: {unreadable} unreadable characters show as U+FFFD.")


def read_lines(path: Path, warn: Warn = ignore_warning) -> Iterator[str]:
    """The lines of a text file, each ending with a line feed (but perhaps the last) and not cleaned."""
    rest = ""
    for block in read_blocks(path, warn):
        lines = (rest + block).split("\n")
        rest = lines.pop()
        for line in lines:
            yield f"{line}\n"
    if rest:
        yield rest


def read_text(path: Path, warn: Warn = ignore_warning) -> str:
    """The whole text of a file, clean."""
    return clean_text("".join(read_blocks(path, warn)))


def _plain_blocks(path: Path, codec: str) -> Iterator[str]:
    codec = "utf-8-sig" if codec == "utf-8" else codec
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(codec)(errors="replace"), translate=True)
    with path.open("rb") as file:
        while raw := file.read(_BLOCK_BYTES):
            yield decoder.decode(raw)
        yield decoder.decode(b"", final=True)


def _mixed_blocks(path: Path, codec: str) -> Iterator[str]:
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    for block in _line_blocks(path):
        yield newlines.decode(decode_mixed(block, codec))
    yield newlines.decode("", final=True)


def _line_blocks(path: Path) -> Iterator[bytes]:
    """Blocks of whole lines, without the UTF-8 mark; a line longer than a block is cut between two characters."""
    rest = b""
    first = True
    with path.open("rb") as file:
        while read := file.read(_BLOCK_BYTES):
            block = rest + (read.removeprefix(codecs.BOM_UTF8) if first else read)
            first = False
            cut = block.rfind(b"\n") + 1 or _last_start(block)
            rest = block[cut:]
            yield block[:cut]
    if rest:
        yield rest


def _last_start(block: bytes) -> int:
    """Where the last character begins, if it is one of several bytes; the end of the block otherwise."""
    for back in range(1, min(4, len(block)) + 1):
        if block[-back] >= 0xC0:
            return len(block) - back
        if block[-back] < 0x80:
            break
    return len(block)
