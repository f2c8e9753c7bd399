"""The same activity of Gemini as a web page, which Takeout makes unless it is asked for JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Final, NamedTuple

from src.data_prep.chat_logs.cleaning import clean
from src.data_prep.chat_logs.formats.gemini import NAME, PRODUCT, Activity, conversations
from src.data_prep.chat_logs.types import Conversation

__all__ = ["NAME", "is_page", "read"]

_CARD: Final = re.compile(r'<div[^>]*\bclass="outer-cell\b')
_HEADER: Final = re.compile(r'<div[^>]*\bclass="header-cell\b[^>]*>(.*?)</div>', re.DOTALL)
_CONTENT: Final = re.compile(r'<div[^>]*\bclass="content-cell\b[^>]*>')
_DIV: Final = re.compile(r"<(/?)div\b[^>]*>", re.IGNORECASE)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]+>")
_CHAT: Final = re.compile(r"gemini\.google\.com/app/([\w-]+)")
_CLOCK: Final = re.compile(r"\b(\d{1,2})(?::(\d{2})(?::(\d{2}))?|\.(\d{2})\.(\d{2})(?!\d))\s*([ap]m\b)?", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_LONGEST_DATE: Final = 60
_FIRST_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_ATTACHED: Final = re.compile(r"^(?:attached \d+ files?\.?|[-–]\s.*)$", re.IGNORECASE)


def is_page(head: bytes) -> bool:
    """Whether a file that begins like this is a page of My Activity."""
    return b"<html" in head[:2000].lower() and b"mdl-" in head


def read(page: str, name: str) -> Iterator[Conversation]:
    """The conversations of a page, whose newest entry comes first."""
    yield from conversations(list(_activities(reversed(_cards(page)))), name)


def _cards(page: str) -> list[str]:
    starts = [match.start() for match in _CARD.finditer(page)]
    cards = [page[start:end] for start, end in zip(starts, [*starts[1:], len(page)], strict=True)]
    return [card for card in cards if (header := _HEADER.search(card)) and PRODUCT.search(_TAG.sub("", header[1]))]


class _Stamp(NamedTuple):
    day: str
    clock: timedelta


def _activities(cards: Iterable[str]) -> Iterator[Activity]:
    """Dates stand in the words of the account's language, so days are counted as they change and only the clock is
    read: enough to tell a pause."""
    day, days = "", 0
    for card in cards:
        parts = _BREAK.split(_content(card))
        stamps = [_stamp(part) for part in parts]
        place = next((index for index, stamp in enumerate(stamps) if stamp), 0)
        stamp = stamps[place] if stamps else None
        if stamp is None:
            continue
        days += stamp.day != day
        day = stamp.day
        lines = (clean(unescape(_TAG.sub("", part)).replace("\xa0", " ")) for part in parts[:place])
        title = clean("\n".join(line for line in lines if not _ATTACHED.match(line)))
        chat = _CHAT.search(card)
        answer = "<br>".join(parts[place + 1 :])
        yield Activity(_FIRST_DAY + timedelta(days=days) + stamp.clock, title, answer, chat[1] if chat else "")


def _content(card: str) -> str:
    """The HTML inside the first cell of content."""
    opened = _CONTENT.search(card)
    if opened is None:
        return ""
    depth = 1
    for tag in _DIV.finditer(card, opened.end()):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return card[opened.end() : tag.start()]
    return card[opened.end() :]


def _stamp(part: str) -> _Stamp | None:
    """The date of an entry, which stands on a line of its own."""
    text = unescape(_TAG.sub("", part)).replace("\u202f", " ").replace("\xa0", " ").strip()
    clock = _CLOCK.search(text) if len(text) <= _LONGEST_DATE and _YEAR.search(text) else None
    if clock is None:
        return None
    hour = int(clock[1])
    if clock[6]:
        hour = hour % 12 + (12 if clock[6].lower() == "pm" else 0)
    day = text[: clock.start()] + text[clock.end() :]
    minutes, seconds = int(clock[2] or clock[4]), int(clock[3] or clock[5] or 0)
    return _Stamp(day, timedelta(hours=hour, minutes=minutes, seconds=seconds))
