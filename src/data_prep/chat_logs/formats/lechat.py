"""Chats of Mistral's Le Chat: one file for each, a list of messages in no order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import NO_TIME, block_texts, clean, instant, is_dislike, join_blocks, text_at
from src.data_prep.chat_logs.types import Conversation, Mark, Turn

NAME: Final = "lechat"

_STATES: Final = ("status", "generationStatus")
_STOPPED: Final = frozenset({"cancelled", "canceled", "aborted", "interrupted", "stopped"})


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
        yield Conversation(NAME, identity, tuple(_turns(_in_order(messages))), identity)


def _in_order(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages by their times, those of one time as the file has them. Where these begin with an answer to none
    before, questions and answers that were stored together stand the wrong way round."""
    ordered: list[dict[str, Any]] = []
    timed = sorted(zip(_times(messages), messages, strict=True), key=itemgetter(0))
    for time, group in groupby(timed, itemgetter(0)):
        together = [message for _, message in group]
        is_answered = not ordered or ordered[-1].get("role") != "user"
        if time != NO_TIME and is_answered and together[0].get("role") != "user":
            for place in range(1, len(together), 2):
                if together[place].get("role") == "user":
                    together[place - 1 : place + 1] = together[place], together[place - 1]
        ordered += together
    return ordered


def _times(messages: list[dict[str, Any]]) -> list[float]:
    """The times of ``messages``; one that is missing, or written in another way than most are, is that of the message
    before."""
    written = [message.get("createdAt") for message in messages]
    told = [(_way(one), instant(one)) for one in written]
    ways = Counter(way for way, time in told if time != NO_TIME)
    usual = ways.most_common(1)[0][0] if ways else None
    known = [time if way == usual else NO_TIME for way, time in told]
    first = next((time for time in known if time != NO_TIME), NO_TIME)
    return list(accumulate(known, lambda before, time: before if time == NO_TIME else time, initial=first))[1:]


def _way(value: Any) -> tuple[type, bool]:
    """How a time is written: as a number, a day or a time of day."""
    return type(value), isinstance(value, str) and ":" in value


def _turns(messages: list[dict[str, Any]]) -> list[Turn]:
    """The turns in their order. Of several versions of an answer the last one was on the screen, as was the one behind
    an answer that was stopped; of two that were shown side by side the one that was preferred stays."""
    turns: list[Turn] = []
    version = None
    passed_over = {one for message in messages for one in _passed_over(message)}
    for message in messages:
        turn = _turn(message)
        if not turn.text or text_at(message, "id") in passed_over:
            continue
        is_again = bool(turns) and turns[-1].role == turn.role == "assistant"
        if is_again and (message.get("version") != version or turns[-1].mark == "abandoned"):
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
    is_stopped = any(text_at(message, key).lower() in _STOPPED for key in _STATES)
    mark: Mark = "disliked" if is_dislike(message.get("reaction")) else "abandoned" if is_stopped else ""
    return Turn("assistant", text, mark)


def _passed_over(message: dict[str, Any]) -> list[str]:
    """The answers that ``message`` was preferred to."""
    named = message.get("preferenceOver")
    return [one for one in (named if isinstance(named, list) else [named]) if isinstance(one, str)]


def _is_reference(chunk: Any) -> bool:
    return text_at(chunk, "type").endswith("reference")


def _content(message: dict[str, Any], chunks: Any) -> str:
    """The plain copy of the text, where the chunks hold none."""
    return "" if chunks else clean(join_blocks(block_texts(message.get("content"), ("text",))))
