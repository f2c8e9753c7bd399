"""Conversations of claude.ai: the export of an account, or one conversation as the web page fetches it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import block_texts, clean, is_dislike, join_blocks, objects, text_at
from src.data_prep.chat_logs.trees import path_to
from src.data_prep.chat_logs.types import Conversation, Mark, Turn

NAME: Final = "claude.ai"

# What the export writes into ``text`` where a thought or a tool call stood.
_NOT_SUPPORTED: Final = re.compile(
    r"(?:^|\n)[ \t]*`{3,}[^\n]*\n\s*This block is not supported on your current device[^\n]*\n\s*`{3,}[ \t]*(?=\n|$)"
)
_HIDDEN: Final = re.compile(r"<antThinking>.*?</antThinking>\s*", re.DOTALL)
_ARTIFACT: Final = re.compile(r"<antArtifact\b([^>]*)>\n?(.*?)\n?</antArtifact>", re.DOTALL)
_LANGUAGE: Final = re.compile(r'\blanguage="([\w+#.-]+)"')
_CUT: Final = frozenset({"user_canceled", "max_tokens", "message_limit", "error"})


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a conversation of claude.ai."""
    return isinstance(record.get("chat_messages"), list)


def read(records: Iterable[dict[str, Any]], _name: str) -> Iterator[Conversation]:
    """One conversation a record: of the messages those of the selected branch."""
    for record in records:
        if is_record(record):
            turns = _last_answers(_turn(message) for message in _selected(record))
            identity = text_at(record, "uuid")
            yield Conversation(NAME, identity, tuple(turns), identity)


def _selected(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages from the first to the selected leaf. Without parents, which the official export may lack, and where
    the leaf leads nowhere: all, in their order. A root has no parent either, and a first question that was edited is a
    second root."""
    messages = objects(record["chat_messages"])
    with_parent = [message for message in messages if message.get("parent_message_uuid")]
    if not with_parent:
        return messages
    by_uuid = {text_at(message, "uuid"): message for message in messages}
    leaf = text_at(record, "current_leaf_message_uuid")
    roots = [message for message in messages if not message.get("parent_message_uuid")]
    are_questions = leaf in by_uuid and all(message.get("sender") == "human" for message in roots)
    if len(roots) > 1 and not are_questions:
        return messages
    if leaf not in by_uuid:
        newest = max(reversed(with_parent), key=lambda message: text_at(message, "created_at"))
        leaf = text_at(newest, "uuid")
    path = path_to(leaf, by_uuid, lambda message: text_at(message, "parent_message_uuid"))
    starts_at_root = bool(path) and path[0].get("sender") == "human"
    return path if starts_at_root else messages


def _turn(message: dict[str, Any]) -> Turn:
    is_human = message.get("sender") == "human"
    blocks = block_texts(message.get("content"), ("text",))
    text = _visible(join_blocks(blocks)) or _visible(text_at(message, "text"))
    return Turn("user", text or _pasted(message)) if is_human else Turn("assistant", text, _mark(message))


def _mark(message: dict[str, Any]) -> Mark:
    if any(is_dislike(message[key]) for key in ("chat_feedback", "feedback") if key in message):
        return "disliked"
    reason = text_at(message, "stop_reason")
    return "abandoned" if reason in _CUT else "refused" if reason == "refusal" else ""


def _visible(text: str) -> str:
    text = clean(text)
    if "This block is not supported" in text:
        text = _NOT_SUPPORTED.sub("", text)
    if "<ant" in text:
        text = _ARTIFACT.sub(_fenced, _HIDDEN.sub("", text))
    return text.strip()


def _fenced(artifact: re.Match[str]) -> str:
    language = _LANGUAGE.search(artifact[1])
    return f"```{language[1] if language else ''}\n{artifact[2]}\n```"


def _pasted(message: dict[str, Any]) -> str:
    """What was pasted instead of a text: the page makes an attachment of it."""
    pasted = (text_at(attachment, "extracted_content") for attachment in objects(message.get("attachments")))
    return clean("\n\n".join(text for text in pasted if text))


def _last_answers(turns: Iterable[Turn]) -> list[Turn]:
    """Of answers in a row the last one: each is a whole message, the others were asked for again."""
    kept: list[Turn] = []
    for turn in turns:
        if turn.role == "assistant" and kept and kept[-1].role == "assistant":
            if turn.text:
                kept[-1] = turn
        elif turn.text:
            kept.append(turn)
    return kept
