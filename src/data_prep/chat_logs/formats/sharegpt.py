"""Conversations in the layout of ShareGPT: ``from`` and ``value``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import clean, objects, text_at
from src.data_prep.chat_logs.html_markdown import html_to_markdown
from src.data_prep.chat_logs.rendered import is_rendered
from src.data_prep.chat_logs.types import Conversation, Speaker, Turn

NAME: Final = "sharegpt"

_SPEAKERS: Final[dict[str, Speaker]] = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "bing": "assistant",
    "bard": "assistant",
}
_LISTS: Final = ("conversations", "conversation", "items")
_PREFERRED: Final = "chosen"
"""Rows of preferences: the better of two answers stands apart from what was said before."""


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a conversation of ShareGPT."""
    return bool(_said(record))


def read(records: Iterable[dict[str, Any]], name: str) -> Iterator[Conversation]:
    """One conversation a record."""
    for number, record in enumerate(records, start=1):
        said = _said(record)
        if said:
            said = [*said, *_chosen(record)]
            turns = (Turn(role, _text(one, role)) for one in said if (role := _SPEAKERS.get(text_at(one, "from"))))
            identity = text_at(record, "id") or f"{name}:{number}"
            yield Conversation(NAME, identity, tuple(turn for turn in turns if turn.text), identity)


def _said(record: dict[str, Any]) -> list[dict[str, Any]]:
    lists = (objects(record.get(key)) for key in _LISTS)
    return next((said for said in lists if said and all("from" in one and "value" in one for one in said)), [])


def _chosen(record: dict[str, Any]) -> list[dict[str, Any]]:
    chosen = record.get(_PREFERRED)
    turns = objects(chosen if isinstance(chosen, list) else [chosen])
    return [one for one in turns if "from" in one and "value" in one]


def _text(said: dict[str, Any], role: Speaker) -> str:
    """The value; the first collections of this kind hold answers as pieces of web pages; a person's tags stay."""
    value = text_at(said, "value")
    if role == "user":
        return clean(value)
    return clean(html_to_markdown(value) if is_rendered(value) else value)
