"""Tells by its content in which format a file holds chats, if in any."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from src.core.errors import InputFileError
from src.core.jsonl import open_lines
from src.data_prep.chat_logs.formats import (
    aider,
    aistudio,
    chatgpt,
    claude_ai,
    claude_code,
    codex,
    cursor,
    gemini,
    gemini_html,
    lechat,
    rows,
    slack,
)
from src.data_prep.chat_logs.json_stream import read_values
from src.data_prep.chat_logs.types import Conversation
from src.persistence.blob_store import is_database

Records = Iterable[dict[str, Any]]
ReadRecords = Callable[[Records, str], Iterator[Conversation]]
ReadText = Callable[[str, str], Iterator[Conversation]]

_HEAD: Final = 1 << 16
_TRIED: Final = 20
"""So many records of a file are looked at: the first ones may be of a kind that several formats know."""


class RecordFormat(NamedTuple):
    """A format whose files hold records of JSON."""

    name: str
    is_record: Callable[[dict[str, Any]], bool]
    read: ReadRecords


class TextFormat(NamedTuple):
    """A format whose files are read as one text."""

    name: str
    read: ReadText


class Special(NamedTuple):
    """A format that is read by more than one file at a time, or by a database; ``own`` is what this program wrote."""

    name: str


Format = RecordFormat | TextFormat | Special

CURSOR: Final = Special(cursor.NAME)
SLACK: Final = Special(slack.NAME)
FEEDBACK: Final = Special("feedback")
OWN: Final = Special("own")

_RECORDS: Final = (
    *(
        RecordFormat(one.NAME, one.is_record, one.read)
        for one in (claude_ai, chatgpt, aistudio, codex, claude_code, lechat, gemini)
    ),
    *(RecordFormat(one.NAME, one.is_record, rows.read) for one in rows.LAYOUTS),
    RecordFormat(cursor.NAME, cursor.is_record, cursor.read_transcript),
)


def detect(stream: IO[bytes]) -> Format | None:
    """The format of a file, None for one that holds no chats. ``stream`` is rewound."""
    head = stream.read(_HEAD)
    stream.seek(0)
    if is_database(head):
        return CURSOR
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    found = _of_records(stream) if start in {b"{", b"["} else _of_text(head)
    stream.seek(0)
    return found


def is_log(path: Path) -> bool:
    """Whether the file at ``path`` holds chats that this program did not write. Raises InputFileError."""
    with open_lines(path) as stream:
        return detect(stream) not in {None, OWN}


def _of_text(head: bytes) -> TextFormat | None:
    if gemini_html.is_page(head):
        return TextFormat(gemini_html.NAME, gemini_html.read)
    if aider.is_history(head.decode("utf-8", "replace")):
        return TextFormat(aider.NAME, aider.read)
    if cursor.is_text(head.decode("utf-8", "replace")):
        return TextFormat(cursor.NAME, cursor.read_text)
    return None


def _of_records(stream: IO[bytes]) -> Format | None:
    records = [value for value in _first_values(stream) if isinstance(value, dict)]
    for record in records:
        if is_own(record):
            return OWN
        if slack.is_record(record):
            return SLACK
        if _is_feedback(record):
            return FEEDBACK
        for one in _RECORDS:
            if one.is_record(record):
                return one
    return None


def _first_values(stream: IO[bytes]) -> list[Any]:
    """The first values of a file; those before the place where it is broken."""
    values: list[Any] = []
    with suppress(InputFileError):
        values.extend(islice(read_values(stream), _TRIED))
    return values


def is_own(record: dict[str, Any]) -> bool:
    """Whether a row was made by data preparation: its folder may hold logs and results side by side."""
    meta = record.get("meta")
    return "messages" in record and isinstance(meta, dict) and {"id", "source", "group"} <= meta.keys()


def _is_feedback(record: dict[str, Any]) -> bool:
    return "rating" in record and "conversation_id" in record and "mapping" not in record
