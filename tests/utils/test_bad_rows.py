"""Kinds of bad rows, each planted once among good ones: reported with its row and its field, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from src.core.types import ProviderName
from src.providers.conversation import Conversation, Turn
from src.providers.lookup import find_model
from src.utils.formats.registry import formats_of
from src.utils.training_file import validate_file

OPENAI: tuple[ProviderName, str] = ("openai", "gpt-4o-mini")
CLAUDE: tuple[ProviderName, str] = ("anthropic", "claude-3-haiku")
GEMINI: tuple[ProviderName, str] = ("google", "gemini-3.5-flash-lite")
MISTRAL: tuple[ProviderName, str] = ("mistral", "open-mistral-nemo")
TOGETHER: tuple[ProviderName, str] = ("llama", "llama-3.1-8b")
BEDROCK: tuple[ProviderName, str] = ("llama", "meta.llama3-1-8b-instruct-v1:0")
LOCAL: tuple[ProviderName, str] = ("llama", "llama-3.1-8b-local")
PAIRS: tuple[ProviderName, str] = ("openai", "gpt-4.1-mini")

U: dict[str, Any] = {"role": "user", "content": "Why?"}
A: dict[str, Any] = {"role": "assistant", "content": "Because."}
CALL = {"id": "abcdefghi", "type": "function", "function": {"name": "f", "arguments": "{}"}}
TOOLS = [{"type": "function", "function": {"name": "f"}}]


def chat(*turns: Any, **more: Any) -> dict[str, Any]:
    return {"messages": list(turns), **more}


def content(role: str, *parts: Any) -> dict[str, Any]:
    return {"role": role, "parts": list(parts)}


BAD: list[tuple[str, tuple[ProviderName, str], Any, str, str]] = [
    ("half a line", OPENAI, b'{"messages": [', "invalid_json", ""),
    ("an empty line", OPENAI, b"", "invalid_json", ""),
    ("a list", OPENAI, b"[1]", "invalid_json", ""),
    ("a trailing comma", OPENAI, b'{"messages": [],}', "invalid_json", ""),
    ("not a number", OPENAI, b'{"messages": NaN}', "invalid_json", ""),
    ("half a character", OPENAI, rb'{"messages": [{"role": "user", "content": "\ud800"}]}', "invalid_json", ""),
    ("no messages", OPENAI, {"text": "x"}, "format", ""),
    ("no turns", OPENAI, chat(), "format", "messages"),
    ("messages are no list", OPENAI, {"messages": "x"}, "format", "messages"),
    ("a message is no object", OPENAI, chat(U, "x", A), "format", "messages[1]"),
    ("no role", OPENAI, chat({"content": "x"}, A), "format", "messages[0]"),
    ("no content", OPENAI, chat(U, {"role": "assistant"}), "format", "messages[1]"),
    ("content is null", OPENAI, chat(U, {"role": "assistant", "content": None}), "format", "messages[1].content"),
    ("a role that nobody knows", OPENAI, chat({"role": "bot", "content": "x"}, A), "format", "messages[0].role"),
    ("a role in capitals", OPENAI, chat({"role": "User", "content": "x"}, A), "format", "messages[0].role"),
    ("a key too many in a message", OPENAI, chat({**U, "mood": "x"}, A), "format", "messages[0].mood"),
    ("a key too many in a row", OPENAI, chat(U, A, source="x"), "format", "source"),
    ("a weight of 2", OPENAI, chat(U, {**A, "weight": 2}), "format", "messages[1].weight"),
    ("a weight of the user", OPENAI, chat({**U, "weight": 1}, A), "format", "messages[0].weight"),
    ("an empty user turn", OPENAI, chat({**U, "content": ""}, A), "empty_turn", "messages[0].content"),
    ("an answer of blanks", OPENAI, chat(U, {**A, "content": " \n"}), "empty_turn", "messages[1].content"),
    ("the user has the last word", OPENAI, chat(U, A, {**U, "content": "?"}), "no_answer", "messages[2].role"),
    ("a NUL character", OPENAI, chat({**U, "content": "a\0b"}, A), "invalid_characters", "messages[0].content"),
    (
        "a marker of the template",
        OPENAI,
        chat(U, {**A, "content": "x<|im_end|>"}),
        "control_token",
        "messages[1].content",
    ),
    (
        "an image for a model without eyes",
        OPENAI,
        chat({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}]}, A),
        "image",
        "messages[0].content",
    ),
    (
        "arguments that are no JSON",
        OPENAI,
        chat(
            U,
            {"role": "assistant", "tool_calls": [{**CALL, "function": {"name": "f", "arguments": "{"}}]},
            {**A},
            tools=TOOLS,
        ),
        "format",
        "messages[1].tool_calls[0].function.arguments",
    ),
    (
        "an answer to no call",
        OPENAI,
        chat(U, {"role": "tool", "tool_call_id": "x", "content": "1"}, A, tools=TOOLS),
        "tool_without_call",
        "messages[1].role",
    ),
    (
        "an answer to another call",
        OPENAI,
        chat(
            U,
            {"role": "assistant", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "x", "content": "1"},
            A,
            tools=TOOLS,
        ),
        "unknown_tool_call",
        "messages[2].tool_call_id",
    ),
    (
        "a tool without a name",
        OPENAI,
        chat(U, A, tools=[{"type": "function", "function": {"name": ""}}]),
        "format",
        "tools[0].function.name",
    ),
    ("too long", OPENAI, chat(U, {**A, "content": "word " * 70_000}), "too_long", ""),
    (
        "a row that stood there before",
        OPENAI,
        chat({"role": "user", "content": "Question 2?"}, {"role": "assistant", "content": "Answer 2."}),
        "duplicate",
        "",
    ),
    (
        "a pair for a model that takes none",
        OPENAI,
        {"input": {"messages": [U]}, "preferred_output": [A], "non_preferred_output": [{**A, "content": "x"}]},
        "format",
        "",
    ),
    (
        "two better answers",
        PAIRS,
        {"input": {"messages": [U]}, "preferred_output": [A, A], "non_preferred_output": [A]},
        "format",
        "preferred_output",
    ),
    (
        "a system role among Claude's messages",
        CLAUDE,
        chat({"role": "system", "content": "x"}, U, A),
        "format",
        "messages[0].role",
    ),
    ("Claude's turns do not alternate", CLAUDE, chat(U, U, A), "not_alternating", "messages[1].role"),
    ("Claude's assistant begins", CLAUDE, chat(A, U, A), "user_not_first", "messages[0].role"),
    (
        "a list as content for Claude",
        CLAUDE,
        chat({"role": "user", "content": [{"type": "text", "text": "x"}]}, A),
        "format",
        "messages[0].content",
    ),
    (
        "the assistant is not called model",
        GEMINI,
        {"contents": [content("user", {"text": "x"}), content("assistant", {"text": "y"})]},
        "format",
        "contents[1].role",
    ),
    (
        "snake case for Gemini",
        GEMINI,
        {
            "system_instruction": {"parts": [{"text": "x"}]},
            "contents": [content("user", {"text": "x"}), content("model", {"text": "y"})],
        },
        "format",
        "system_instruction",
    ),
    (
        "a part of two things",
        GEMINI,
        {"contents": [content("user", {"text": "x", "functionCall": {"name": "f"}}), content("model", {"text": "y"})]},
        "format",
        "contents[0].parts[0]",
    ),
    (
        "an empty part",
        GEMINI,
        {"contents": [content("user", {"text": "x"}), content("model", {"text": ""})]},
        "empty_turn",
        "contents[1].parts",
    ),
    (
        "a tool id of the wrong length",
        MISTRAL,
        chat(
            U,
            {"role": "assistant", "tool_calls": [{**CALL, "id": "call_1"}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "1"},
            A,
            tools=TOOLS,
        ),
        "tool_id",
        "messages[1].tool_calls[0].id",
    ),
    (
        "text beside a call",
        MISTRAL,
        chat(
            U,
            {"role": "assistant", "content": "x", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": CALL["id"], "content": "1"},
            A,
            tools=TOOLS,
        ),
        "text_beside_call",
        "messages[1].content",
    ),
    (
        "a marker of Mistral's template",
        MISTRAL,
        chat({**U, "content": "[INST] x"}, A),
        "control_token",
        "messages[0].content",
    ),
    (
        "a system message in the middle",
        TOGETHER,
        chat(U, A, {"role": "system", "content": "x"}, U, A),
        "system_not_first",
        "messages[2].role",
    ),
    ("a negative weight of the row", TOGETHER, chat(U, A, weight=-1), "format", "weight"),
    ("a third turn for Bedrock's Llama", BEDROCK, chat(U, A, U, A), "format", ""),
    ("no completion", BEDROCK, {"prompt": "x"}, "format", ""),
    ("an answer that is no text", BEDROCK, {"prompt": "x", "completion": 3}, "format", "completion"),
    ("an empty prompt", BEDROCK, {"prompt": " ", "completion": "x"}, "empty_turn", "prompt"),
    (
        "a speaker that nobody knows",
        LOCAL,
        {"conversations": [{"from": "ann", "value": "x"}]},
        "format",
        "conversations[0].from",
    ),
    ("an output that is no text", LOCAL, {"instruction": "x", "output": None}, "format", "output"),
]


@pytest.mark.parametrize(
    ("target", "bad", "code", "field"), [entry[1:] for entry in BAD], ids=[entry[0] for entry in BAD]
)
def test_a_bad_row_is_reported_with_its_row_and_field(
    target: tuple[ProviderName, str], bad: Any, code: str, field: str, tmp_path: Path
) -> None:
    limits, place = find_model(*target), 40
    form = next(
        (form for form in formats_of(limits) if isinstance(bad, dict) and form.fits(bad)), formats_of(limits)[0]
    )
    good = [
        form.to_row(
            Conversation(
                (Turn("user", f"Question {number}?"), Turn("assistant", f"Answer {number}.")),
                Turn("assistant", "No.") if form.holds.pair else None,
            )
        )
        for number in range(1, 110)
    ]
    lines = [orjson.dumps(row) for row in good]
    lines.insert(place - 1, bad if isinstance(bad, bytes) else orjson.dumps(bad))
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    found = [issue for issue in validate_file(path, *target).issues if issue.row]
    first = {(issue.row, issue.code, issue.field) for issue in found}
    assert (place, code, field) in first
    assert {issue.row for issue in found} == {place}
    for issue in found:
        assert issue.message.endswith((".", "!", "?"))
        assert issue.source or issue.code in ("invalid_json", "duplicate")


def test_there_are_forty_kinds_and_more() -> None:
    assert len({name for name, *_ in BAD}) == len(BAD) >= 40
