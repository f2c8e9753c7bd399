"""Chats of Mistral's Le Chat: one file for each, a list of messages in no order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import block_texts, clean, instant, is_dislike, join_blocks, text_at
from src.data_prep.chat_logs.types import Conversation, Mark, Turn

NAME: Final = "lechat"


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a message of Le Chat."""
    return "chatId" in record and "role" in record and ("contentChunks" in record or "content" in record)


def read(records: Iterable[dict[str, Any]], _name: str) -> Iterator[Conversation]:
    """One conversation for each chat that the file names."""
    chats: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        if is_record(record):
            chats.setdefault(text_at(record, "chatId"), []).append(record)
    for identity, messages in chats.items():
        messages.sort(key=_place)
        yield Conversation(NAME, identity, tuple(_turns(messages)), identity)


def _place(message: dict[str, Any]) -> tuple[float, bool]:
    """What a chat is ordered by: of a question and its answer that were stored together the question comes first."""
    return instant(message.get("createdAt")), message.get("role") != "user"


def _turns(messages: list[dict[str, Any]]) -> list[Turn]:
    """The turns in their order. Of several versions of an answer the last one was on the screen."""
    turns: list[Turn] = []
    version = None
    for message in messages:
        turn = _turn(message)
        if not turn.text:
            continue
        is_new_version = turns and turns[-1].role == turn.role == "assistant" and message.get("version") != version
        if is_new_version:
            turns[-1] = turn
        else:
            turns.append(turn)
        version = message.get("version")
    return turns


def _turn(message: dict[str, Any]) -> Turn:
    chunks = message.get("contentChunks")
    # a reference is a number behind a word: it lies between no two texts
    chunks = [one for one in chunks if not _is_reference(one)] if isinstance(chunks, list) else chunks
    text = clean(join_blocks(block_texts(chunks, ("text",)))) or _content(message, chunks)
    if message.get("role") == "user":
        return Turn("user", text)
    if message.get("role") != "assistant":
        return Turn("assistant", "")
    mark: Mark = "disliked" if is_dislike(message.get("reaction")) else ""
    return Turn("assistant", text, mark)


def _is_reference(chunk: Any) -> bool:
    return isinstance(chunk, dict) and chunk.get("type") == "reference"


def _content(message: dict[str, Any], chunks: Any) -> str:
    """The plain copy of the text, where the chunks hold none."""
    return "" if chunks else clean(join_blocks(block_texts(message.get("content"), ("text",))))
