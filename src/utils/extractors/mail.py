"""Reads mail: single messages (EML) and mailboxes (MBOX); subject and sender first, then the text of the body."""

from __future__ import annotations

import codecs
import email
import email.errors
import email.header
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.encoding import decode_bytes
from src.utils.extractors.html import declared_charset, text_html_sections
from src.utils.extractors.sections import Warn, clean_text, ignore_warning, record
from src.utils.extractors.text import text_sections

_ENVELOPE = re.compile(rb"From \S.* (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\d:\d\d.*\d{4}")
_QUOTED_FROM = re.compile(rb">+From ")
_STUB = 300
_FULLER = 4
"""A plain body of fewer characters, with an HTML body of so many times as many beside it, is no body."""

_SHOWN_HEADERS = ("Subject", "From", "To", "Cc", "Date")


def extract(path: Path, _warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of one mail. Raises InputFileError when the file has neither headers nor text."""
    data = path.read_bytes().removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")
    yield from _message(email.message_from_bytes(data), path.name, "mail")


def extract_mailbox(path: Path, _warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of all mails of an MBOX file, in file order. Raises InputFileError when it holds no mail."""
    count = 0
    for count, (envelope, data) in enumerate(_split_mailbox(path), start=1):
        yield from _message(email.message_from_bytes(data), path.name, f"mail {count}", envelope)
    if not count:
        raise InputFileError(f"{path.name} holds no mail.", fix="A mailbox begins with a line 'From sender date'.")


def _split_mailbox(path: Path) -> Iterator[tuple[str, bytes]]:
    """(envelope, message) of every mail; a line "From sender date" begins one (RFC 4155).

    Where no empty line stands before it, only a whole date shows that it is no sentence.
    """
    envelope: str | None = None
    lines: list[bytes] = []
    after_empty = True
    with path.open("rb") as file:
        for line in file:
            if line.startswith(b"From ") and (after_empty or _ENVELOPE.match(line)):
                if envelope is not None:
                    yield envelope, b"".join(lines)
                envelope, lines = line[5:].decode("utf-8", errors="replace").strip(), []
            elif envelope is not None:
                lines.append(line[1:] if _QUOTED_FROM.match(line) else line)
            after_empty = not line.strip()
    if envelope is not None:
        yield envelope, b"".join(lines)


def _message(message: Message, name: str, locator: str, envelope: str = "") -> Iterator[Section]:
    headers = {title: _header(message, title) for title in _SHOWN_HEADERS}
    headers["From"] = headers["From"] or envelope
    shown = [(title, title, value) for title, value in headers.items() if value]
    if shown:
        yield record(shown, locator)
    if route := _headers(message, "Received"):
        hops = clean_text("\n".join(f"Received: {hop}" for hop in route))
        yield Section(f"{hops}\n\n", f"{locator} route", "routing")
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
    else:
        yield from _attachment(part, locator)
        if part.get_content_maintype() in {"text", "application"}:
            yield from _text(part, name, locator)


def _best_alternative(parts: list[Message], name: str, locator: str) -> Iterator[Section]:
    """The plain one; the richer one where the plain one is missing or only says that it cannot be shown."""
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    richer = [part for part in parts if part.is_multipart()] + [part for part in parts if _is_html(part)]
    found = [list(_body(part, name, locator)) for part in (*plain, *richer, *parts[:1])]
    sizes = [sum(len(section.text.strip()) for section in sections) for sections in found]
    best = next((index for index, size in enumerate(sizes) if size), None)
    if best is None:
        return
    if best < len(plain) and sizes[best] < _STUB and max(sizes) > _FULLER * sizes[best]:
        best = sizes.index(max(sizes))
    yield from found[best]


def _is_html(part: Message) -> bool:
    return part.get_content_type() == "text/html"


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _text(part: Message, name: str, locator: str) -> Iterator[Section]:
    """The text of a leaf part. An attachment of a type of its own counts when its bytes are UTF-8 text."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if part.get_content_maintype() != "text" and not _is_plain(data):
        return
    if _is_html(part):
        text = clean_text(decode_bytes(data, part.get_content_charset() or declared_charset(data)))
        yield from text_html_sections(text, name, locator)
        return
    for section in text_sections([clean_text(decode_bytes(data, part.get_content_charset() or ""))]):
        yield Section(section.text, f"{locator} {section.locator}")


def _attachment(part: Message, locator: str) -> Iterator[Section]:
    """The name of an attached file, whether or not it can be read."""
    title = " ".join(clean_text(_decoded(part.get_filename() or "")).split())
    if title:
        yield record([("Attachment", "Attachment", title)], locator)


def _is_plain(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return clean_text(text) == text.replace("\r\n", "\n")


def _header(message: Message, title: str) -> str:
    """The first header of a name in plain words, "" where there is none."""
    return next(iter(_headers(message, title)), "")


def _headers(message: Message, title: str) -> list[str]:
    """All headers of a name in plain words, each on one line."""
    found = [str(value) for name, value in message.raw_items() if name.casefold() == title.casefold()]
    # Bytes beyond ASCII come as halves of letters: mail programs write them although no standard allows it.
    unfolded = (value.encode("utf-8", errors="surrogateescape") for value in found)
    return [" ".join(_decoded(decode_bytes(value)).split()) for value in unfolded]


def _decoded(text: str) -> str:
    """``text`` with its encoded words (RFC 2047) decoded; as it stands where they are damaged."""
    try:
        pieces = email.header.decode_header(text)
    except (email.errors.HeaderParseError, ValueError):
        return text
    return "".join(
        decode_bytes(piece, charset or "") if isinstance(piece, bytes) and charset else _as_text(piece)
        for piece, charset in pieces
    )


def _as_text(piece: bytes | str) -> str:
    return piece if isinstance(piece, str) else piece.decode("raw-unicode-escape", errors="replace")
