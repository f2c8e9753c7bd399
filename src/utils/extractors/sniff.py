"""Finds out what a file is: by its content first, by its suffix where the content is plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.binary_names import require_promise
from src.utils.extractors.decode import read_blocks
from src.utils.extractors.encoding import decode_bytes
from src.utils.extractors.package import Package, local_name
from src.utils.extractors.sections import Warn, clean_text

Extractor = Callable[[Path, Warn], Iterator[Section]]

_HEAD_BYTES = 4096
_MAX_JSON_CHARS = 1_000_000
"""What is JSON that far is taken for JSON."""

_EXTRACTORS = {
    "pdf": "pdf:extract",
    "docx": "docx:extract",
    "xlsx": "xlsx:extract",
    "pptx": "pptx:extract",
    "epub": "epub:extract",
    "txt": "text:extract",
    "md": "markdown:extract",
    "csv": "delimited:extract",
    "json": "json_records:extract",
    "html": "html:extract",
    "xml": "xml:extract",
    "captions": "captions:extract",
    "eml": "mail:extract",
    "mbox": "mail:extract_mailbox",
}

_SUFFIXES = {
    ".md": "md",
    ".markdown": "md",
    ".mdx": "md",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".xml": "xml",
    ".vtt": "captions",
    ".srt": "captions",
    ".eml": "eml",
    ".mbox": "mbox",
}

_ROOTS = {"document": "docx", "workbook": "xlsx", "presentation": "pptx"}

_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0",
        "is password protected, or an old Office file (.doc, .xls, .ppt)",
        "Open it, remove the password, and save it as .docx, .xlsx or .pptx.",
    ),
    (b"{\\rtf", "is a Rich Text file", "Save it as .docx."),
    (b"\x1f\x8b", "is a gzip archive", "Unpack it first."),
    (b"BZh", "is a bzip2 archive", "Unpack it first."),
    (b"\xfd7zXZ", "is an xz archive", "Unpack it first."),
    (b"7z\xbc\xaf", "is a 7z archive", "Unpack it first."),
    (b"Rar!", "is a RAR archive", "Unpack it first."),
    (b"\x89PNG", "is a picture", "Run it through an OCR program first; reading pictures is not included."),
    (b"\xff\xd8\xff", "is a picture", "Run it through an OCR program first; reading pictures is not included."),
    (b"GIF8", "is a picture", "Run it through an OCR program first; reading pictures is not included."),
    (b"II*\0", "is a picture", "Run it through an OCR program first; reading pictures is not included."),
    (b"MM\0*", "is a picture", "Run it through an OCR program first; reading pictures is not included."),
    (b"RIFF", "is a sound, a film or a picture", "Give its text, for example its captions as .vtt or .srt."),
    (b"OggS", "is a sound or a film", "Give its text, for example its captions as .vtt or .srt."),
    (b"ID3", "is a sound", "Give its text, for example its captions as .vtt or .srt."),
    (b"\x7fELF", "is a program", "Remove it from the input folder."),
    (b"SQLite format 3\0", "is a database", "Export its tables as CSV."),
)

_HTML_START = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XML_START = re.compile(r"\s*<\?xml\s")
_MAIL_START = re.compile(
    r"(?:(?:From|To|Subject|Date|Received|Return-Path|Delivered-To|Message-ID|MIME-Version): .*\n(?:[ \t].*\n)*){3}"
)
_MBOX_START = re.compile(r"From \S+ .*\d{4}.*\n(?:[\w-]+: .*\n)")


def find_format(path: Path) -> str:
    """The format of a file, a key of ``load_extractor``. Raises InputFileError when it is empty or no document."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise InputFileError(
            f"{path.name} cannot be read: {error.strerror}.", fix="Check the path and its permissions."
        ) from error
    if not head.strip():
        raise InputFileError(f"{path.name} is empty.", fix="Remove it, or save its content again.")
    for magic, cause, fix in _REFUSED:
        if head.startswith(magic):
            raise InputFileError(f"{path.name} {cause}.", fix=fix)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zip_format(path)
    require_promise(path, head, is_whole=len(head) < _HEAD_BYTES)
    return _text_format(path, head)


def load_extractor(file_format: str) -> Extractor:
    """The ``extract`` function of a format; its module is imported on first use."""
    module_name, _, function = _EXTRACTORS[file_format].partition(":")
    extractor: Extractor = getattr(import_module(f"src.utils.extractors.{module_name}"), function)
    return extractor


def _zip_format(path: Path) -> str:
    with Package(path) as package:
        if package.has("META-INF/container.xml"):
            return "epub"
        if package.has("content.xml") and package.has("mimetype"):
            raise package.error("is an OpenDocument file", fix="Save it as .docx, .xlsx or .pptx.")
        main = package.main_part()
        found = _ROOTS.get(local_name(package.xml(main)), "") if main.endswith(".xml") else ""
        if not found:
            raise package.error(
                "is a zip file, but no Word, Excel, PowerPoint or EPUB document", fix="Unpack it first."
            )
        return found


def _text_format(path: Path, head: bytes) -> str:
    """The format of a file of text."""
    start = decode_bytes(head).lstrip("\ufeff")
    by_content = _format_by_start(start)
    by_suffix = _SUFFIXES.get(path.suffix.lower(), "")
    if by_content in {"captions", "html", "mbox", "xml"} and by_suffix in {"", by_content}:
        return by_content
    if by_suffix:
        return by_suffix
    if by_content == "eml":
        return "eml"
    if start.lstrip()[:1] in ("{", "[") and _is_json(path):
        return "json"
    return "txt"


def _format_by_start(start: str) -> str:
    if start.startswith("WEBVTT"):
        return "captions"
    if _HTML_START.match(start):
        return "html"
    if _XML_START.match(start):
        return "xml"
    if _MBOX_START.match(start):
        return "mbox"
    if _MAIL_START.match(start):
        return "eml"
    return ""


def _is_json(path: Path) -> bool:
    from src.utils.extractors.json_records import is_json

    text = ""
    for block in read_blocks(path):
        text += block
        if len(text) > _MAX_JSON_CHARS:
            return is_json(clean_text(text), whole=False)
    return is_json(clean_text(text))
