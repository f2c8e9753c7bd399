"""Names that promise a binary format: what lies under one and has none of its marks is text only where that is sure."""

from __future__ import annotations

import codecs
from pathlib import Path

from src.core.errors import InputFileError
from src.utils.extractors.encoding import control_share

_PROMISED = {
    "PDF": "pdf",
    "Word document": "docx docm dotx dotm",
    "Excel workbook": "xlsx xlsm xltx xltm xlsb",
    "PowerPoint presentation": "pptx pptm potx ppsx",
    "OpenDocument file": "odt ods odp odg",
    "EPUB book": "epub",
    "e-book": "mobi azw azw3 djvu",
    "picture": "png jpg jpeg jpe gif bmp tif tiff webp heic ico psd",
    "sound or film": "mp3 mp4 m4a m4v wav ogg oga ogv opus flac aac wma avi mov mkv webm mpg mpeg",
    "archive": "zip gz tgz bz2 xz 7z rar tar jar zst",
    "program": "exe dll so dylib bin class pyc wasm",
    "database": "db sqlite sqlite3 mdb parquet",
    "font": "ttf otf woff woff2",
}
"""What a suffix promises. Not .doc, .xls, .ppt and .rtf: programs export text and web pages under them."""

_KINDS = {f".{suffix}": kind for kind, suffixes in _PROMISED.items() for suffix in suffixes.split()}
_MAX_CONTROLS = 0.03


def require_promise(path: Path, head: bytes, *, is_whole: bool) -> None:
    """Let pass what begins with ``head`` (or is it), has the marks of no binary format, and is text in spite of its
    name: UTF-8. Raises InputFileError for other bytes under the name of a binary format: any encoding would make
    letters of them."""
    kind = _KINDS.get(path.suffix.lower())
    if kind is None or (_is_utf8(head, is_whole=is_whole) and control_share(head) < _MAX_CONTROLS):
        return
    raise InputFileError(
        f"{path.name} is no readable {kind}: it has none of the marks of one.",
        fix="Open it in its program and save it again, or remove it. If it is text, give it a name in .txt.",
    )


def _is_utf8(head: bytes, *, is_whole: bool) -> bool:
    """Whether the bytes are UTF-8; the last letter of a part may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=is_whole)
    except UnicodeDecodeError:
        return False
    return True
