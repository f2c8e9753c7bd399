"""One line of a curated set: what is compared, what it is ranked by, and what is wrong with it."""

from __future__ import annotations

from math import isfinite
from typing import Any, Final, NamedTuple

import orjson

from src.curation.heuristic_score import heuristic_score
from src.curation.spans import LONGEST_LINE

RowId = str | int | None
_TEXTS: Final = ("source", "category", "teacher", "licence", "scored_by")


class RowError(Exception):
    """Why a line is no row: ``kind`` is what it is counted under, the text what the person reads."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class CuratedRow(NamedTuple):
    """``id`` is None where the row has none; ``quality`` is its ``quality_score``, or else the heuristic score."""

    id: RowId
    quality: float
    texts: tuple[str, ...]


def read_row(line: bytes | None, fields: tuple[str, ...] = ()) -> CuratedRow:
    """The row that stands in a line; see ``check_row``. Raises RowError."""
    return check_row(read_object(line), fields)


def read_object(line: bytes | None) -> dict[str, Any]:
    """The JSON object that stands in a line, None for a line that was too long to be read. Raises RowError."""
    if line is None:
        raise RowError("line_too_long", f"the line is longer than {LONGEST_LINE // 1_000_000} MB")
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        if not line.strip():
            raise RowError("empty_line", "the line is empty") from error
        raise RowError("malformed_json", f"not valid JSON at character {error.colno}: {error.msg}") from error
    if type(row) is not dict:
        raise RowError("not_an_object", f"a JSON {_kind(row)} where an object is expected")
    return row


def check_object(row: dict[str, Any]) -> None:
    """What every row of a set must be: see ``check_row``, and texts where texts belong. Raises RowError."""
    check_row(row)
    for name in _TEXTS:
        value = row.get(name)
        if value is not None and type(value) is not str:
            raise RowError("wrong_type", f"{name} is {_kind(value)}, not a text")


def check_row(row: dict[str, Any], fields: tuple[str, ...] = ()) -> CuratedRow:
    """What is compared and ranked of an object. The texts are what ``fields`` hold; without fields, the instruction
    and the response, or what is spoken in ``messages``. Raises RowError for what is missing or of another type."""
    number = row.get("id")
    if number is not None and type(number) is not str and type(number) is not int:
        raise RowError("wrong_type", f"id is {_kind(number)}, not a text or a whole number")
    texts = _texts(row, fields)
    quality = row.get("quality_score")
    if quality is None:
        quality = heuristic_score(texts)
    elif type(quality) is not float and type(quality) is not int:
        raise RowError("wrong_type", f"quality_score is {_kind(quality)}, not a number")
    elif not isfinite(quality):
        raise RowError("wrong_type", "quality_score is not a finite number")
    return CuratedRow(number, quality, texts)


def _texts(row: dict[str, Any], fields: tuple[str, ...]) -> tuple[str, ...]:
    if fields:
        return tuple([_field(row, name) for name in fields])
    if "instruction" not in row and "messages" in row:
        return (_spoken(row["messages"]),)
    return _field(row, "instruction"), _field(row, "response")


def _field(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if type(value) is str:
        return value
    if name == "messages" and value is not None:
        return _spoken(value)
    if name in row:
        raise RowError("wrong_type", f"{name} is {_kind(value)}, not a text")
    raise RowError("missing_field", f"{name} is missing")


def _spoken(messages: Any) -> str:
    """What is said in a conversation. A system text, which many rows share, would make all of them alike."""
    if type(messages) is not list or not messages:
        raise RowError("wrong_type", "messages is not a list of messages")
    said = []
    for message in messages:
        content = message.get("content") if type(message) is dict else None
        if type(content) is not str:
            raise RowError("wrong_type", "messages holds one whose content is not a text")
        if message.get("role") != "system":
            said.append(content)
    return "\n".join(said)


def _kind(value: Any) -> str:
    names = {dict: "object", list: "list", str: "text", bool: "truth value", int: "number", float: "number"}
    return names.get(type(value), "null")
