"""The pages in which a service lists what somebody did: what was asked of an assistant, when, and its answer below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from src.core.types import Section, Span
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.moments import is_moment
from src.utils.detection.words.vocabulary import words

_MIN_ENTRIES = 2
_MIN_ANSWERED = 0.5
_MAX_PREFIX = 4
_PROMPT = "prompt"
_COLON = ":： \u00a0\u202f"
_CONFIDENCE = 0.95


class _Entry(NamedTuple):
    """What was asked, with the word before it, and the paragraphs below the date in the same element."""

    asked: Span
    answer: tuple[Span, ...]


def find_activity(text: str, sections: Sequence[Section]) -> Finding | None:
    """The entries that all begin with the same word for asking, above a date of their own and an answer."""
    entries = list(_entries(sections))
    if len(entries) < _MIN_ENTRIES:
        return None
    prefix = _common_prefix([text[slice(*entry.asked)] for entry in entries])
    if not prefix or not _tells_of_asking(prefix):
        return None
    drafts = [_draft(entry, len(prefix)) for entry in entries if entry.answer]
    if len(drafts) < max(_MIN_ENTRIES, _MIN_ANSWERED * len(entries)):
        return None
    return Finding("blocks of a page", tuple(drafts), _CONFIDENCE, f"{len(drafts)} dated prompts with their answers")


def _entries(sections: Sequence[Section]) -> Iterator[_Entry]:
    """Paragraphs that end with a date on a line of its own, each with what stands below it in the same element."""
    places = _places(sections)
    for index, (section, start) in enumerate(places):
        content = section.text.rstrip()
        said, parted, date = content.rpartition("\n")
        if not parted or section.kind != "text" or not section.fields or not is_moment(date.strip()):
            continue
        around = f"{section.fields[0].name}/"
        below = takewhile(lambda place, around=around: _is_inside(place[0], around), places[index + 1 :])  # type: ignore[misc]
        answer = tuple(Span(begin, begin + len(other.text.rstrip())) for other, begin in below)
        yield _Entry(Span(start, start + len(said)), answer)


def _places(sections: Sequence[Section]) -> list[tuple[Section, int]]:
    places = []
    position = 0
    for section in sections:
        places.append((section, position))
        position += len(section.text)
    return places


def _is_inside(section: Section, around: str) -> bool:
    """Whether a paragraph stands in an element; a list or a table says no place, and goes on with what is above."""
    return not section.fields or section.kind == "row" or section.fields[0].name.startswith(around)


def _common_prefix(texts: Sequence[str]) -> str:
    """The words with which all texts begin, up to a colon if one is there, and the space behind them."""
    shared: list[str] = []
    for column in zip(*(text.split(" ")[:_MAX_PREFIX] for text in texts), strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
        if column[0].endswith((":", "：")):
            break
    return "".join(f"{word} " for word in shared)


def _tells_of_asking(prefix: str) -> bool:
    bare = prefix.rstrip(_COLON).casefold()
    is_label = any(colon in prefix[len(bare) :] for colon in ":：")
    return bare in words("asked_of") or (is_label and bare.split()[-1:] == [_PROMPT])


def _draft(entry: _Entry, skipped: int) -> Draft:
    asked = Span(entry.asked.start + skipped, entry.asked.end)
    answer = (Span(entry.answer[0].start, entry.answer[-1].end),)
    turns = (Utterance("user", "user", (asked,)), Utterance("assistant", "assistant", answer))
    return Draft(turns, entry.asked.start)
