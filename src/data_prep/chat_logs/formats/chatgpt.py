"""Conversations of ChatGPT: trees of messages, of which the branch down to the current node was on the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import clean, text_at
from src.data_prep.chat_logs.trees import path_to
from src.data_prep.chat_logs.types import Conversation, Mark, Turn

NAME: Final = "chatgpt"

_SHOWN: Final = frozenset({"text", "multimodal_text"})
"""Kinds of content that hold words of the two sides; all others are calls, results, thoughts and settings."""
_CITED: Final = re.compile(r"[ \t]*\ue200(?!entity)[^\ue200\ue201]*(?:\ue201|$)")
_ENTITY: Final = re.compile(r"\ue200entity\ue202(\[[^\ue201]*\])\ue201")
_PRIVATE_USE: Final = re.compile(r"[\ue200-\ue206]")
_OLD_CITATION: Final = re.compile(r"[ \t]*(?:【[^】]*†[^】]*】|:contentReference\[oaicite:\d+\](?:\{[^}]*\})?)")
_TOO_LONG: Final = "max_tokens"
_CUT: Final = frozenset({"interrupted", _TOO_LONG})
_UNFINISHED: Final = frozenset({"in_progress", "finished_partial_completion"})


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a conversation of ChatGPT."""
    return isinstance(record.get("mapping"), dict)


def read(
    records: Iterable[dict[str, Any]], _name: str, disliked: frozenset[str] = frozenset()
) -> Iterator[Conversation]:
    """One conversation a record. ``disliked`` are the ids of messages that got a thumb down: they stand elsewhere."""
    for record in records:
        if is_record(record):
            messages = [node.get("message") for node in _branch(record)]
            shown = [message for message in messages if isinstance(message, dict) and _is_shown(message)]
            turns = [_turn(parts, disliked) for parts in _wholes(shown)]
            identity = text_at(record, "conversation_id") or text_at(record, "id")
            yield Conversation(NAME, identity, tuple(turn for turn in turns if turn.text), identity)


def _branch(record: dict[str, Any]) -> list[dict[str, Any]]:
    nodes = {key: node for key, node in record["mapping"].items() if isinstance(node, dict)}
    leaf: str | None = text_at(record, "current_node")
    if leaf not in nodes:
        leaf = max(nodes, key=lambda key: _time_of(nodes[key]), default=None)
    return path_to(leaf, nodes, lambda node: text_at(node, "parent"))


def _time_of(node: dict[str, Any]) -> float:
    message = node.get("message")
    time = message.get("create_time") if isinstance(message, dict) else None
    return time if isinstance(time, int | float) else float("-inf")


def _is_shown(message: dict[str, Any]) -> bool:
    metadata = message.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return (
        text_at(message, "author", "role") in {"user", "assistant"}
        and text_at(message, "recipient") in {"", "all"}
        and message.get("channel") != "analysis"
        and message.get("weight") != 0
        and text_at(message, "content", "content_type") in _SHOWN
        and not metadata.get("is_visually_hidden_from_conversation")
        and not metadata.get("is_user_system_message")
    )


def _wholes(messages: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Each message; an answer that grew too long together with those in which it was told to go on."""
    whole: list[dict[str, Any]] = []
    for message in messages:
        if whole and not _goes_on(whole[-1], message):
            yield whole
            whole = []
        whole.append(message)
    if whole:
        yield whole


def _goes_on(before: dict[str, Any], message: dict[str, Any]) -> bool:
    both_answer = text_at(before, "author", "role") == text_at(message, "author", "role") == "assistant"
    metadata = message.get("metadata")
    says_so = isinstance(metadata, dict) and bool(metadata.get("is_continuation"))
    return both_answer and (says_so or _finish(before) == _TOO_LONG)


def _finish(message: dict[str, Any]) -> str:
    return text_at(message, "metadata", "finish_details", "type")


def _turn(messages: Sequence[dict[str, Any]], disliked: frozenset[str]) -> Turn:
    """What the ``messages`` of one whole say: where an answer was cut, its words may be too."""
    text = "".join(map(_text, messages))
    last = messages[-1]
    if text_at(last, "author", "role") == "user":
        return Turn("user", clean(text))
    is_disliked = any(text_at(message, "id") in disliked for message in messages)
    is_cut = _finish(last) in _CUT or text_at(last, "status") in _UNFINISHED
    mark: Mark = "disliked" if is_disliked else "abandoned" if is_cut else ""
    return Turn("assistant", clean(_without_citations(text)), mark)


def _text(message: dict[str, Any]) -> str:
    parts = message["content"].get("parts")
    return "\n".join(filter(None, map(_part, parts))) if isinstance(parts, list) else ""


def _part(part: Any) -> str:
    """A string is text; of the objects (images, sound) those that write down what was said."""
    if isinstance(part, dict):
        return text_at(part, "text") if part.get("content_type") == "audio_transcription" else ""
    return part if isinstance(part, str) else ""


def _without_citations(text: str) -> str:
    if _PRIVATE_USE.search(text):
        text = _PRIVATE_USE.sub("", _CITED.sub("", _ENTITY.sub(_entity_name, text)))
    if "†" in text or "oaicite" in text:
        text = _OLD_CITATION.sub("", text)
    return text


def _entity_name(mark: re.Match[str]) -> str:
    """The word that the page shows for ``["kind", "name", "description"]``."""
    try:
        name = json.loads(mark[1])[1]
    except (ValueError, IndexError):
        return ""
    return name if isinstance(name, str) else ""
