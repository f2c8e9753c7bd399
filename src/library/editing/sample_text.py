"""One sample as a plain text that a person edits, read back strictly: what is not understood is an error with its line.

    # sample 3f9a02b1 of my_dataset
    keywords: dog, garden
    split: train

    <<< user >>>
    May I bring a dog?

    <<< assistant >>>
    Dogs are welcome in the garden.

Between a heading and the empty line before the next one everything is the text of that turn, to the letter. A line of
a text that begins like a heading has a backslash before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple, cast

from src.core.errors import DatasetError
from src.core.types import Message, Role, SplitName
from src.library.editing.revision import Editor, rewrite, with_labels
from src.persistence.models import StoredSample, join_keywords, split_keywords

_WORSE: Final = "worse answer"
_PARTS: Final = ("system", "user", "assistant", _WORSE)
_LABELS: Final = ("keywords", "split")
_SPLITS: Final[Mapping[str, SplitName | None]] = {"train": "train", "validation": "validation", "none": None}
_HEADING: Final = re.compile(r"<<< *(.*?) *>>> *\r?")
_LIKE_HEADING: Final = re.compile(r"\\*<<<")
_HEADINGS: Final = ", ".join(f"<<< {part} >>>" for part in _PARTS)


class SampleTextError(DatasetError):
    """A text that is no sample. ``line`` counts from 1."""

    def __init__(self, line: int, problem: str, *, fix: str) -> None:
        super().__init__(f"Line {line}: {problem}", fix=fix)
        self.line = line


class EditedSample(NamedTuple):
    """What a text says: the turns, the worse answer of a pair ("" for none), keywords and side."""

    messages: tuple[Message, ...]
    rejected: str
    keywords: tuple[str, ...]
    split: SplitName | None


def write_sample_text(row: StoredSample, dataset: str) -> str:
    """The text of a sample, with its labels before its turns."""
    sample = row.sample
    origin = ", ".join(part for part in (sample.source_file, sample.locator) if part)
    lines = [
        f"# sample {sample.id[:12]} of {dataset}{f', from {_one_line(origin)}' if origin else ''}",
        "# Each text stands below its heading, with an empty line before the next one.",
        f"keywords: {_one_line(join_keywords(sample.topic_keywords))}".rstrip(),
        f"split: {row.split or 'none'}",
    ]
    return "\n".join(lines) + "\n\n" + write_turns(sample.messages, sample.rejected)


def write_turns(messages: tuple[Message, ...], rejected: str = "") -> str:
    """The turns of a sample, each below its heading."""
    parts: list[tuple[str, str]] = [(message.role, message.content) for message in messages]
    if rejected:
        parts.append((_WORSE, rejected))
    return "\n".join(f"<<< {name} >>>\n{_guard(text)}\n" for name, text in parts)


def read_sample_text(text: str) -> EditedSample:
    """The sample of a text. Raises SampleTextError for the first line that cannot be understood."""
    lines = _lines_of(text)
    first = next((number for number, line in enumerate(lines) if line.startswith("<<<")), len(lines))
    labels = _read_labels(lines[:first])
    messages, rejected = _read_parts(lines, first)
    missing = next((name for name in _LABELS if name not in labels), None)
    if missing:
        raise SampleTextError(1, f"there is no line '{missing}:'.", fix=f"Write '{missing}: ' above the first heading.")
    words = tuple(dict.fromkeys(word.strip() for word in split_keywords(labels["keywords"]) if word.strip()))
    return EditedSample(messages, rejected, words, _SPLITS[labels["split"]])


def take_text(row: StoredSample, text: str, editor: Editor) -> StoredSample:
    """``row`` as ``text``, which was ``write_sample_text`` before a person changed it, says that it is to be. Raises
    SampleTextError."""
    edited, former = read_sample_text(text), read_sample_text(write_sample_text(row, ""))
    sample = rewrite(row.sample, edited.messages, editor, rejected=edited.rejected)
    # keywords of several lines are shown on one: who left them alone did not mean to change them
    same = edited.keywords == former.keywords
    return with_labels(replace(row, sample=sample), sample.topic_keywords if same else edited.keywords, edited.split)


def read_turns(text: str) -> tuple[tuple[Message, ...], str]:
    """The turns and the worse answer of ``write_turns``. Raises SampleTextError."""
    return _read_parts(_lines_of(text), 0)


def _lines_of(text: str) -> list[str]:
    """The lines of a text; where an editor ended every one of them in the manner of Windows, without that."""
    lines = text.removeprefix("\ufeff").split("\n")
    if len(lines) > 1 and all(line.endswith("\r") for line in lines[:-1]):
        return [line.removesuffix("\r") for line in lines]
    return lines


def _read_labels(lines: list[str]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or name not in _LABELS:
            raise SampleTextError(
                number, f"{line[:60]!r} stands before the first heading.", fix=f"Texts stand below {_HEADINGS}."
            )
        if name in labels:
            raise SampleTextError(number, f"'{name}:' stands there twice.", fix="Remove one of them.")
        if name == "split" and value not in _SPLITS:
            raise SampleTextError(number, f"there is no side {value!r}.", fix=f"Use {', '.join(_SPLITS)}.")
        if name == "keywords" and value.count('"') % 2:
            raise SampleTextError(number, "a quotation mark is not closed.", fix="A mark within a keyword is doubled.")
        labels[name] = value
    return labels


def _read_parts(lines: list[str], first: int) -> tuple[tuple[Message, ...], str]:
    starts = [number for number in range(first, len(lines)) if lines[number].startswith("<<<")]
    if not starts or any(line.strip() for line in lines[first : starts[0]]):
        raise SampleTextError(first + 1, "no heading stands above the text.", fix=f"Headings are {_HEADINGS}.")
    messages: list[Message] = []
    rejected = ""
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        heading = _HEADING.fullmatch(lines[start])
        name = heading[1] if heading else ""
        if name not in _PARTS:
            raise SampleTextError(
                start + 1,
                f"{lines[start][:60]!r} is no heading.",
                fix=f"Headings are {_HEADINGS}; a line of a text that begins with '<<<' needs a backslash before it.",
            )
        if rejected:
            raise SampleTextError(start + 1, "something stands behind the worse answer.", fix="Put it last.")
        body = _body(lines[start + 1 : end], is_last=end == len(lines))
        if name == _WORSE:
            if not body.strip():
                raise SampleTextError(start + 1, "the worse answer is empty.", fix="Write one, or remove its heading.")
            rejected = body
        else:
            messages.append(Message(cast("Role", name), body))
    return tuple(messages), rejected


def _body(lines: list[str], *, is_last: bool) -> str:
    """The text between two headings: without the empty line before the next one, or the line end of the file."""
    if len(lines) > (0 if is_last else 1) and not lines[-1]:
        lines = lines[:-1]
    return "\n".join(line[1:] if line.startswith("\\") and _LIKE_HEADING.match(line) else line for line in lines)


def _guard(text: str) -> str:
    return "\n".join(f"\\{line}" if _LIKE_HEADING.match(line) else line for line in text.split("\n"))


def _one_line(text: str) -> str:
    return " ".join(text.split())
