"""JSON as models write it: fences and prose around it, trailing commas, other quotes; repaired only without loss."""

from __future__ import annotations

import re
from typing import Any

import orjson

_MAX_DEPTH = 32
_MAX_STARTS = 200
_OPENING = re.compile(r"[{\[]")
_SPACE = re.compile(r"\s*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z]+")
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_CLOSING_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“”", "‘": "’"}
_AFTER_STRING = re.compile(r"\s*(?:[:,}\]]|$|```)")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/", "'": "'"}
_HEX4 = re.compile(r"[0-9a-fA-F]{4}")
_WHOLE_END = re.compile(r"(?:[}\]]|[.!?…。！？؟।][\"'”’»)\]`*]*)\Z")
_THOUGHTS = re.compile(r"\s*<think>.*?</think>", re.DOTALL)


class JsonError(Exception):
    """Text that is no JSON and cannot be made JSON without guessing. ``cut_short``: it ends in the middle."""

    def __init__(self, message: str, *, cut_short: bool = False) -> None:
        super().__init__(message)
        self.cut_short = cut_short


def read_values(text: str) -> tuple[Any, ...]:
    """The JSON objects and arrays of ``text``, outermost ones, in order; prose and code fences around them are skipped.

    Repaired: byte order mark, a leading <think> block, trailing commas, single and typographic quotes around strings,
    raw line breaks in strings, Python's True, False and None, and brackets missing at the very end after a closed
    bracket or a whole sentence. Raises JsonError where text would be lost or invented: a string, name or number that
    ends with the text, a comma with nothing after it, a last string that stops in the middle of a sentence (an
    answer that was cut may have been given its closing quote afterwards).
    """
    text = _THOUGHTS.sub("", text.removeprefix("\ufeff"), count=1)
    try:
        return (orjson.loads(text),)
    except orjson.JSONDecodeError:
        return _scan(text)


def _scan(text: str) -> tuple[Any, ...]:
    values: list[Any] = []
    first_error: JsonError | None = None
    position = 0
    for _ in range(_MAX_STARTS):
        start = _OPENING.search(text, position)
        if start is None:
            break
        reader = _Reader(text, start.start())
        try:
            values.append(reader.read_value(0))
            position = reader.position
        except JsonError as error:
            if error.cut_short:
                raise
            first_error = first_error or error
            position = start.end()
    if not values:
        raise first_error or JsonError("there is no JSON object in it")
    return tuple(values)


class _Reader:
    """A JSON parser with the repairs named above; ``position`` is where it stands in ``text``."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position

    def read_value(self, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise JsonError("it is nested too deeply")
        self._skip_space()
        mark = self.text[self.position : self.position + 1]
        if mark == "{":
            return self._read_object(depth)
        if mark == "[":
            return self._read_array(depth)
        if mark in _CLOSING_QUOTES:
            return self._read_string()
        return self._read_plain()

    def _read_object(self, depth: int) -> dict[str, Any]:
        self.position += 1
        found: dict[str, Any] = {}
        while not self._closes("}", empty=not found):
            if self.text[self.position] not in _CLOSING_QUOTES:
                raise JsonError(f"a quoted name is expected at character {self.position + 1}")
            name = self._read_string()
            if name in found:
                raise JsonError(f"the name {name!r} stands in one object twice")
            self._skip_space()
            if not self.text.startswith(":", self.position):
                raise JsonError(f"a colon is expected at character {self.position + 1}", cut_short=self._at_end())
            self.position += 1
            found[name] = self.read_value(depth + 1)
            self._skip_comma("}")
        return found

    def _read_array(self, depth: int) -> list[Any]:
        self.position += 1
        found: list[Any] = []
        while not self._closes("]", empty=not found):
            found.append(self.read_value(depth + 1))
            self._skip_comma("]")
        return found

    def _closes(self, bracket: str, *, empty: bool) -> bool:
        """Step over ``bracket``; the end of the text closes too, where what stands before it is whole."""
        self._skip_space()
        if self.text.startswith(bracket, self.position):
            self.position += 1
            return True
        if not self._at_end():
            return False
        if empty or not _WHOLE_END.search(self.text[: self.position].rstrip()[-8:]):
            raise JsonError("it ends before its brackets are closed", cut_short=True)
        return True

    def _skip_comma(self, bracket: str) -> None:
        self._skip_space()
        if self.text.startswith(",", self.position):
            self.position += 1
            self._skip_space()
            if self._at_end():
                raise JsonError("it ends after a comma", cut_short=True)
        elif not self._at_end() and not self.text.startswith(bracket, self.position):
            raise JsonError(f"a comma or {bracket} is expected at character {self.position + 1}")

    def _read_string(self) -> str:
        """A plain double quote always closes; other quotes only where JSON can go on, for they are apostrophes too."""
        text, opening = self.text, self.text[self.position]
        closing = _CLOSING_QUOTES[opening]
        parts: list[str] = []
        position = self.position + 1
        while position < len(text):
            character = text[position]
            if character in closing and (opening == '"' or _AFTER_STRING.match(text, position + 1)):
                self.position = position + 1
                return _join_surrogates("".join(parts))
            if character == "\\":
                part, position = _read_escape(text, position)
                parts.append(part)
            else:
                parts.append(character)
                position += 1
        raise JsonError("it ends within a text", cut_short=True)

    def _read_plain(self) -> Any:
        if self._at_end():
            raise JsonError("it ends where a value is expected", cut_short=True)
        number = _NUMBER.match(self.text, self.position)
        word = _WORD.match(self.text, self.position)
        if number:
            self.position = number.end()
            return _parse_number(number.group())
        if word and word.group() in _WORDS:
            self.position = word.end()
            return _WORDS[word.group()]
        raise JsonError(f"a value is expected at character {self.position + 1}")

    def _skip_space(self) -> None:
        match = _SPACE.match(self.text, self.position)
        self.position = match.end() if match else self.position

    def _at_end(self) -> bool:
        return self.position >= len(self.text) or self.text.startswith("```", self.position)


def _parse_number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _read_escape(text: str, position: int) -> tuple[str, int]:
    """The character of the escape at ``position`` and the position after it. An unknown escape (a regular expression,
    LaTeX) keeps its backslash."""
    mark = text[position + 1 : position + 2]
    if mark == "u" and _HEX4.match(text, position + 2):
        return chr(int(text[position + 2 : position + 6], 16)), position + 6
    if mark in _ESCAPES:
        return _ESCAPES[mark], position + 2
    return "\\", position + 1


def _join_surrogates(text: str) -> str:
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:
        raise JsonError("it holds half a character (an unpaired surrogate)") from error
