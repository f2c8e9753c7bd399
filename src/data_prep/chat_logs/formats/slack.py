"""Threads of a Slack export: who opens one asks, everybody else answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, Final, NamedTuple

from src.data_prep.chat_logs.cleaning import clean, objects, text_at
from src.data_prep.chat_logs.types import Conversation, Speaker, Turn

NAME: Final = "slack"

_SAID: Final = frozenset({"", "thread_broadcast", "file_share", "me_message", "reply_broadcast"})
"""Kinds of messages in which somebody speaks; the others report joins, topics, bots and deletions."""
_ENTITY: Final = re.compile(r"<([@#!]|[a-z][a-z0-9+.-]*:(?=//)|mailto:|tel:)([^<>|\n]*)(?:\|([^<>\n]*))?>")
_CALLED: Final = re.compile(
    r"(?m)^[ \t]*(?:<@\w+(?:\|[^<>\n]*)?>[ \t]*[,:]?[ \t]*)+|[ \t]*(?:<@\w+(?:\|[^<>\n]*)?>[ \t]*)+$"
)
"""Somebody who is called at the beginning or the end of a line: no part of what is said."""
_SMILEYS: Final = re.compile(r"(?:\s*:[a-z0-9_+'-]{1,60}:)+\s*")
"""A message of nothing else says nothing."""
_DIGITS: Final = re.compile(r"[0-9]{1,20}")
_SLACKBOT: Final = "USLACKBOT"
_DISLIKED: Final = frozenset({"-1", "thumbsdown"})


class Message(NamedTuple):
    """A message of a channel, and the file that it stands in."""

    source: str
    record: dict[str, Any]


class Thread(NamedTuple):
    """A conversation, and the file in which it begins."""

    source: str
    conversation: Conversation


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a message of Slack."""
    return (
        isinstance(record.get("ts"), str) and "text" in record and bool({"user", "bot_id", "subtype"} & record.keys())
    )


def read(messages: Iterable[Message], channel: str) -> Iterator[Thread]:
    """The threads of one channel, whose messages may come from the files of many days and in any order."""
    threads: dict[str, dict[str, Message]] = {}
    for message in messages:
        if is_record(message.record):
            started = text_at(message.record, "thread_ts") or message.record["ts"]
            threads.setdefault(started, {}).setdefault(message.record["ts"], message)
    for started, by_time in threads.items():
        ordered = [by_time[time] for time in sorted(by_time, key=_seconds)]
        identity = f"{channel}:{started}"
        if started in by_time and len(ordered) > 1:
            turns = tuple(_turns([message.record for message in ordered]))
            yield Thread(by_time[started].source, Conversation(NAME, identity, turns, identity))


def _seconds(time: str) -> tuple[int, int]:
    """A time stamp is the key of a message too: as a float it would lose its last digits."""
    seconds, _, fraction = time.partition(".")
    return _number(seconds), _number(fraction)


def _number(digits: str) -> int:
    return int(digits) if _DIGITS.fullmatch(digits) else 0


def _turns(records: list[dict[str, Any]]) -> list[Turn]:
    """What the one who opened the thread writes is asked; a question in several messages is one question. A thread that
    a program opened has nobody who asks."""
    asker = text_at(records[0], "user")
    turns: list[Turn] = []
    for record in records:
        text = clean(_plain(text_at(record, "text"))) if _is_said(record) else ""
        if not text or _SMILEYS.fullmatch(text):
            continue
        role: Speaker = "user" if text_at(record, "user") == asker else "assistant"
        if role == "user" and turns and turns[-1].role == "user":
            turns[-1] = Turn("user", f"{turns[-1].text}\n\n{text}")
        else:
            turns.append(Turn(role, text, "disliked" if role == "assistant" and _is_disliked(record) else ""))
    return turns


def _is_said(record: dict[str, Any]) -> bool:
    return (
        text_at(record, "subtype") in _SAID
        and not record.get("bot_id")
        and not record.get("hidden")
        and text_at(record, "user") not in {"", _SLACKBOT}
    )


def _is_disliked(record: dict[str, Any]) -> bool:
    return any(text_at(reaction, "name") in _DISLIKED for reaction in objects(record.get("reactions")))


def _plain(text: str) -> str:
    return unescape(_ENTITY.sub(_shown, _CALLED.sub("", text)))


def _shown(entity: re.Match[str]) -> str:
    """What the screen shows for a link, a channel or a person; people have no names here."""
    kind, target, label = entity[1], entity[2], entity[3]
    if kind == "@":
        return "@user"
    if kind == "#":
        return f"#{label or 'channel'}"
    if kind == "!":
        return label if label else f"@{target}" if target in {"here", "channel", "everyone"} else ""
    if kind in {"mailto:", "tel:"}:
        return label or target
    address = kind + target
    if label == target.removeprefix("//"):
        return label  # a name with a dot in it that Slack took for an address
    return address if not label or label in address else f"{label} ({address})"
