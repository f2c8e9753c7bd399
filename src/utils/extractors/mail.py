"""Reads mail: single messages (EML) and mailboxes (MBOX); subject and sender first, then the text of the body."""

from __future__ import annotations

import email
import email.header
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.encoding import decode_bytes
from src.utils.extractors.html import text_html_sections
from src.utils.extractors.sections import Warn, clean_text, ignore_warning, record
from src.utils.extractors.text import text_sections

_SHOWN_HEADERS = ("Subject", "From", "To", "Cc", "Date")


def extract(path: Path, _warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of one mail. Raises InputFileError when the file has neither headers nor text."""
    with path.open("rb") as file:
        yield from _message(email.message_from_binary_file(file), path.name, "mail")


def extract_mailbox(path: Path, _warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of all mails of an MBOX file, in file order. Raises InputFileError when it holds no mail."""
    count = 0
    for count, (envelope, data) in enumerate(_split_mailbox(path), start=1):
        yield from _message(email.message_from_bytes(data), path.name, f"mail {count}", envelope)
    if not count:
        raise InputFileError(f"{path.name} holds no mail.", fix="A mailbox begins with a line 'From sender date'.")


def _split_mailbox(path: Path) -> Iterator[tuple[str, bytes]]:
    """(envelope, message) of every mail; "From " after an empty line begins one (RFC 4155)."""
    envelope: str | None = None
    lines: list[bytes] = []
    after_empty = True
    with path.open("rb") as file:
        for line in file:
            if after_empty and line.startswith(b"From "):
                if envelope is not None:
                    yield envelope, b"".join(lines)
                envelope, lines = line[5:].decode("utf-8", errors="replace").strip(), []
            elif envelope is not None:
                lines.append(line[1:] if line.startswith(b">From ") else line)
            after_empty = not line.strip()
    if envelope is not None:
        yield envelope, b"".join(lines)


def _message(message: Message, name: str, locator: str, envelope: str = "") -> Iterator[Section]:
    headers = {title: _header(message, title) for title in _SHOWN_HEADERS}
    headers["From"] = headers["From"] or envelope
    shown = [(title, title, value) for title, value in headers.items() if value]
    if shown:
        yield record(shown, locator)
    yield from _body(message, name, locator)


def _body(part: Message, name: str, locator: str) -> Iterator[Section]:
    """The text of one part; of alternatives the plain one."""
    if part.get_content_type() == "multipart/alternative":
        yield from _best_alternative(_parts(part), name, locator)
    elif part.get_content_type() == "message/rfc822":
        for inner in _parts(part):
            yield from _message(inner, name, f"{locator} attached")
    elif part.is_multipart():
        for inner in _parts(part):
            yield from _body(inner, name, locator)
    elif part.get_content_maintype() in {"text", "application"}:
        yield from _text(part, name, locator)


def _best_alternative(parts: list[Message], name: str, locator: str) -> Iterator[Section]:
    for wanted in ("text/plain", "", "text/html"):
        for part in parts:
            fits = part.get_content_type() == wanted or (not wanted and part.is_multipart())
            sections = list(_body(part, name, locator)) if fits else []
            if any(section.text.strip() for section in sections):
                yield from sections
                return


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _text(part: Message, name: str, locator: str) -> Iterator[Section]:
    """The text of a leaf part. An attachment of a type of its own counts when its bytes are UTF-8 text."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if part.get_content_maintype() != "text" and not _is_plain(data):
        return
    text = clean_text(decode_bytes(data, part.get_content_charset() or ""))
    if part.get_content_subtype() == "html":
        yield from text_html_sections(text, name, locator)
        return
    for section in text_sections([text]):
        yield Section(section.text, f"{locator} {section.locator}")


def _is_plain(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return clean_text(text) == text.replace("\r\n", "\n")


def _header(message: Message, title: str) -> str:
    """A header in plain words; unknown charsets and broken encodings are shown as they stand."""
    raw = message.get(title)
    if raw is None:
        return ""
    try:
        return " ".join(str(email.header.make_header(email.header.decode_header(raw))).split())
    except (LookupError, ValueError):
        return " ".join(str(raw).split())
