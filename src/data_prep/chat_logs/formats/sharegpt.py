"""Conversations in the layout of ShareGPT: ``from`` and ``value``."""

from __future__ import annotations

import re
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
_BAR: Final = re.compile(r"^```[ \t]*\n([A-Za-z+#.-]{0,15})Copy code(?=\S)", re.MULTILINE)
"""What a page shows above code, which collectors of chats took for its first line."""
_PREFERRED: Final = "chosen"
"""Rows of preferences: the better of two answers stands apart from what was said before."""


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a conversation of ShareGPT."""
    return bool(_said(record))


def conversation(record: dict[str, Any], name: str) -> Conversation | None:
    """The conversation of a record, which has a ``name`` where it names itself not; None where it is no such record."""
    said = _said(record)
    if not said:
        return None
    said = said if _speaker(said[-1]) == "assistant" else [*said, *_chosen(record)]
    turns = (Turn(role, _text(one, role)) for one in said if (role := _speaker(one)))
    identity = text_at(record, "id") or name
    return Conversation(NAME, identity, tuple(turn for turn in turns if turn.text), identity)


def _said(record: dict[str, Any]) -> list[dict[str, Any]]:
    lists = (objects(record.get(key)) for key in _LISTS)
    return next((said for said in lists if said and all("from" in one and "value" in one for one in said)), [])


def _speaker(said: dict[str, Any]) -> Speaker | None:
    return _SPEAKERS.get(text_at(said, "from"))


def _chosen(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The better answer: what the assistant says there."""
    chosen = record.get(_PREFERRED)
    turns = objects(chosen if isinstance(chosen, list) else [chosen])
    return [one for one in turns if "value" in one and _speaker(one) == "assistant"]


def _text(said: dict[str, Any], role: Speaker) -> str:
    """The value; the first collections of this kind hold answers as pieces of web pages; a person's tags stay."""
    value = text_at(said, "value")
    if role == "user":
        return clean(value)
    return _BAR.sub(r"```\1\n", clean(html_to_markdown(value) if is_rendered(value) else value))
