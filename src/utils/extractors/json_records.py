"""Reads JSON and JSON Lines: one section per record, its values as ``key: value`` lines, fields named by JSON paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.decode import read_lines, read_text
from src.utils.extractors.python_values import read_python_values
from src.utils.extractors.sections import Warn, clean_text, ignore_warning, record

_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMENT_OR_STRING = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?\*/", re.DOTALL)
_COMMA_OR_STRING = re.compile(rf"{_STRING}|,(?=\s*[\]}}])")
_INLINE_KINDS = frozenset(
    {"plain", "bold", "italic", "underline", "strikethrough", "spoiler", "link", "text_link", "mention", "mention_name"}
    | {"hashtag", "cashtag", "email", "phone", "bot_command", "custom_emoji", "code", "pre", "blockquote", "bank_card"}
)
"""How a part of a text looks, or where it leads."""
_HEARD_KINDS = frozenset({"text", "punct"})
_OPENING = "([{<\"'«“„‘‹（「『《"
_CLOSING = ".,;:!?…)]}>\"'»”“’›。，；：！？、）」』》"
_FIRST_LINES = 20
_LONGEST_WORD = len("false")
_ROLE_KEYS = frozenset({"role", "from", "speaker", "sender", "sender_name", "author", "user", "name"})
_TEXT_KEYS = frozenset({"content", "text", "value", "message", "body", "utterance"})


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a JSON document, of JSON Lines (streams), or of JSON values that follow each other.

    A list at the top gives one record per element, so does an object that only wraps a list of objects;
    everything else is one record. A line of JSON Lines that is no JSON is left out with a warning. Raises
    InputFileError naming the line when a document, or every line, is no JSON.
    """
    if path.suffix.lower() in {".jsonl", ".ndjson"} and _has_json_lines(path):
        yield from _json_lines(path, warn)
        return
    yield from value_sections(_values(path, read_text(path, warn), warn))


def value_sections(values: Iterable[Any]) -> Iterator[Section]:
    """The records of JSON values, or of what can be said as such."""
    for number, (prefix, element) in enumerate(chain.from_iterable(map(_records, values)), start=1):
        yield _section(element, f"record {number}", prefix)


def is_json(text: str, *, whole: bool = True) -> bool:
    """Whether ``text`` is one JSON object or list, or one a line; where it is not ``whole``, whether it begins so."""
    stripped = text.strip()
    if stripped[:1] not in ("{", "["):
        return False
    try:
        json.loads(stripped)
    except json.JSONDecodeError as error:
        if not whole and _is_cut_off(stripped, error):
            return True
    except (ValueError, RecursionError):
        pass
    else:
        return True
    return _is_json_lines(stripped if whole else stripped.rpartition("\n")[0])


def _is_cut_off(text: str, error: json.JSONDecodeError) -> bool:
    """Whether nothing is wrong with the text but that it ends too early."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(text) - _LONGEST_WORD


def _is_json_lines(text: str) -> bool:
    try:
        values = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return False
    return bool(values) and all(isinstance(value, dict | list) for value in values)


def _has_json_lines(path: Path) -> bool:
    """Whether one of the first lines is a whole value; else the values are spread over lines, or damaged."""
    filled = (line for line in map(clean_text, read_lines(path)) if line.strip())
    return any(_is_value(line) for line in islice(filled, _FIRST_LINES))


def _is_value(line: str) -> bool:
    try:
        json.loads(line, strict=False)
    except RecursionError:
        return True
    except ValueError:
        return False
    return line.strip()[:1] in ("{", "[", '"')


def _json_lines(path: Path, warn: Warn) -> Iterator[Section]:
    broken: list[str] = []
    for number, raw in enumerate(read_lines(path, warn), start=1):
        line = clean_text(raw).strip()
        if not line:
            continue
        try:
            value = json.loads(line, strict=False)
        except ValueError:
            broken.append(str(number))
        except RecursionError as error:
            raise _broken(path, number, "it is nested too deeply") from error
        else:
            yield _section(value, f"line {number}")
    if broken:
        more = f" and {len(broken) - 10} others" if len(broken) > 10 else ""
        warn(f"{path.name}: no valid JSON, left out: line {', '.join(broken[:10])}{more}.")


def _values(path: Path, text: str, warn: Warn) -> Iterator[Any]:
    try:
        yield from _strict_values(path, text)
    except InputFileError as error:
        # Configuration files and hand-made data often have comments and a comma after the last element.
        mended = _COMMENT_OR_STRING.sub(_keep_string, text)
        mended = _COMMA_OR_STRING.sub(_keep_string, mended)
        try:
            yield from _strict_values(path, mended)
            warn(f"{path.name} has comments or commas that JSON does not allow: they were left out.")
        except InputFileError as still:
            values = read_python_values(text)
            if not values:
                raise (error if mended == text else still) from None
            yield from values
            warn(f"{path.name} is no JSON, but holds values as Python writes them: they were read.")


def _keep_string(found: re.Match[str]) -> str:
    """What a pattern matched if it is a string, else its line breaks: line numbers stay right."""
    return found[0] if found[0].startswith('"') else "\n" * found[0].count("\n")


def _strict_values(path: Path, text: str) -> list[Any]:
    decoder = json.JSONDecoder(strict=False)
    values = []
    position = 0
    while (position := _skip_space(text, position)) < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except ValueError as error:
            line = getattr(error, "lineno", 0)
            raise _broken(path, line, str(getattr(error, "msg", error))) from error
        except RecursionError as error:
            raise _broken(path, 1, "it is nested too deeply") from error
        values.append(value)
    return values


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _broken(path: Path, line: int, cause: str) -> InputFileError:
    return InputFileError(
        f"{path.name} line {line} is no valid JSON: {cause}.",
        fix="Mend that line, or rename the file to .txt to read it as text.",
    )


def _records(value: Any) -> Iterator[tuple[str, Any]]:
    """(path, record). A list of turns is one conversation: it stays in one piece where an object holds it."""
    if isinstance(value, list) and any(isinstance(element, dict | list) for element in value):
        yield from ((f"[{index}]", element) for index, element in enumerate(value))
        return
    if isinstance(value, dict) and len(value) == 1:
        key, inner = next(iter(value.items()))
        if isinstance(inner, list) and all(isinstance(element, dict) and not _is_turn(element) for element in inner):
            yield from ((f"{key}[{index}]", element) for index, element in enumerate(inner))
            return
    yield "", value


def _is_turn(value: Any) -> bool:
    if not isinstance(value, dict) or _ROLE_KEYS.isdisjoint(value):
        return False
    return any(isinstance(value.get(key), str) for key in _TEXT_KEYS)


def _section(value: Any, locator: str, prefix: str = "") -> Section:
    # The index of a list at the top is the record's number: paths count from the record.
    path = "" if prefix.startswith("[") else prefix
    return record(_leaves(value, path, ""), locator, "turn" if _is_turn(value) else "record")


def _leaves(value: Any, path: str, key: str) -> Iterator[tuple[str, str, str]]:
    """(key, path, text) of every string and of numbers that a key names; bare lists of numbers are vectors, no text.

    A yes or no is told only of the elements of a list, and beside a text: which message a program wrote.
    """
    if isinstance(value, str):
        if value.strip():
            yield key, path, value.strip("\n")
    elif isinstance(value, dict):
        for name, child in value.items():
            inner = f"{path}.{name}" if path else str(name)
            if isinstance(child, int | float):
                if not isinstance(child, bool) or "[" in path or _holds_text(value):
                    yield str(name), inner, str(child).lower()
            else:
                yield from _leaves(child, inner, str(name))
    elif isinstance(value, list) and (runs := _runs(value)):
        yield from _leaves("".join(runs), path, key)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _leaves(child, f"{path}[{index}]", key)


def _holds_text(value: dict[str, Any]) -> bool:
    return any(isinstance(child, str) for child in value.values())


def _runs(value: list[Any]) -> list[str]:
    """The parts of a list that holds one text: cut into its lines (the cells of a notebook: all but the last end with
    a break), or into strings and objects that say how a part of it looks; [] for any other list."""
    if len(value) < 2:
        return []
    if all(isinstance(element, str) for element in value):
        cut = all(line.endswith("\n") and line.count("\n") == 1 for line in value[:-1])
        return value if cut else []
    runs = [element if isinstance(element, str) else _marked_run(element) for element in value]
    if not all(runs) or not any(map(_is_plain, value)):
        return []
    return runs if all(_runs_on(one, other) for one, other in pairwise(runs)) else []


def _is_plain(element: Any) -> bool:
    return isinstance(element, str) or element["type"] in ("plain", "text")


def _marked_run(element: Any) -> str:
    """The text of a run that is a link, bold or code: an object of such a ``type`` and a ``text``. The words and signs
    of a speech recogniser are values."""
    if not isinstance(element, dict):
        return ""
    kind = element.get("type")
    text = element.get("value" if kind in _HEARD_KINDS else "text")
    return text if isinstance(text, str) and isinstance(kind, str) and kind in _INLINE_KINDS | _HEARD_KINDS else ""


def _runs_on(one: str, other: str) -> bool:
    """Whether two parts of a text follow each other as words do: behind a space, before a comma, or in a script that
    sets none."""
    last, first = one[-1], other[0]
    if last.isspace() or first.isspace() or last in _OPENING or first in _CLOSING:
        return True
    return any(sign.isalpha() and sign.upper() == sign.lower() for sign in (last, first))
