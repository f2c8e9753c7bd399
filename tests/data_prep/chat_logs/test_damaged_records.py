"""Records with values of other kinds than any program writes: they give less, and never a crash."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from src.data_prep.chat_logs.dialogue import exchanges
from src.data_prep.chat_logs.formats import (
    aistudio,
    chatgpt,
    claude_ai,
    claude_code,
    codex,
    cursor,
    gemini,
    lechat,
    openai_messages,
    rows,
    sharegpt,
    slack,
)
from src.data_prep.chat_logs.types import Conversation
from tests.data_prep.chat_logs.makers import (
    ANSWER,
    QUESTION,
    ROOT,
    claude_message,
    claude_talk,
    code_line,
    codex_line,
    codex_said,
    gemini_entry,
    gpt_node,
    gpt_talk,
    said,
    slack_message,
)

JUNK: list[Any] = [None, 0, 3.5, True, "", "x", [], {}, [None], {"a": 1}, [["y"]], {"type": []}, ["text"]]
ROW = [{"role": "user", "content": said(QUESTION)}, {"role": "assistant", "content": ANSWER}]
T = "1775037600.000100"

Read = Callable[[list[dict[str, Any]]], list[Conversation]]


def read_slack(records: list[dict[str, Any]]) -> list[Conversation]:
    return [one.conversation for one in slack.read([slack.Message("day", record) for record in records], "channel")]


def reader(module: Any) -> Read:
    read = rows.read if module in rows.LAYOUTS else module.read
    return lambda records: [one for one in read(records, "name") if [module.is_record(r) for r in records]]


CASES: dict[str, tuple[Read, list[dict[str, Any]]]] = {
    "claude.ai": (
        reader(claude_ai),
        [
            claude_talk(
                claude_message("human", QUESTION, "q", ROOT, attachments=[{"extracted_content": "x"}]),
                claude_message("assistant", ANSWER, "a", "q", chat_feedback={"type": "upvote"}, stop_reason="end_turn"),
                current_leaf_message_uuid="a",
            )
        ],
    ),
    "claude code": (
        reader(claude_code),
        [
            code_line("1", None, "user", QUESTION, cwd="/srv"),
            code_line("2", "1", "assistant", said(ANSWER), message={"id": "m", "model": "x"}),
            {"type": "system", "uuid": "3", "parentUuid": None, "logicalParentUuid": "2", "sessionId": "session-1"},
            code_line("4", "3", "user", said(QUESTION), isMeta=False, isSidechain=False),
        ],
    ),
    "chatgpt": (
        reader(chatgpt),
        [gpt_talk(gpt_node("q", "root", "user", QUESTION), gpt_node("a", "q", "assistant", ANSWER))],
    ),
    "codex": (
        reader(codex),
        [
            codex_line("session_meta", {"id": "s", "cwd": "/srv", "source": {"custom": 1}}),
            codex_said("user", QUESTION),
            codex_line("event_msg", {"type": "thread_rolled_back", "num_turns": 0}),
            codex_said("assistant", ANSWER),
            {"session": {"id": "x"}, "items": [{"role": "user", "content": []}]},
        ],
    ),
    "gemini": (
        reader(gemini),
        [
            gemini_entry(
                f"Prompted {QUESTION}", f"<p>{ANSWER}</p>", titleUrl="x/app/1", subtitles=[{"name": "x", "value": "y"}]
            )
        ],
    ),
    "ai studio": (
        reader(aistudio),
        [
            {
                "chunkedPrompt": {
                    "chunks": [{"role": "user", "text": QUESTION}, {"role": "model", "parts": [{"text": ANSWER}]}]
                }
            }
        ],
    ),
    "le chat": (
        reader(lechat),
        [
            {
                "chatId": "c",
                "role": "assistant",
                "content": "x",
                "contentChunks": said(ANSWER),
                "createdAt": "x",
                "version": 0,
            }
        ],
    ),
    "messages": (reader(openai_messages), [{"messages": ROW}]),
    "sharegpt": (
        reader(sharegpt),
        [{"conversations": [{"from": "human", "value": QUESTION}, {"from": "gpt", "value": ANSWER}]}],
    ),
    "slack": (
        read_slack,
        [slack_message(T, "U1", QUESTION, T, reactions=[{"name": "-1"}]), slack_message("2.0", "U2", ANSWER, T)],
    ),
    "cursor": (lambda records: list(cursor.read(records, "name")), ROW),
}


def places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield before
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*before, key))


def damaged(records: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    copy = json.loads(json.dumps(records))
    *path, last = chance.choice([place for place in places(copy) if place])
    target = copy
    for key in path:
        target = target[key]
    target[last] = json.loads(json.dumps(chance.choice(JUNK)))
    return [record for record in copy if isinstance(record, dict)]


@pytest.mark.parametrize("name", CASES)
def test_damaged_records_give_less_and_never_crash(name: str) -> None:
    read, records = CASES[name]
    chance = random.Random(name)
    for _ in range(300):
        for conversation in read(damaged(records, chance)):
            assert all(isinstance(turn.text, str) for turn in conversation.turns)
            exchanges(conversation.turns)
