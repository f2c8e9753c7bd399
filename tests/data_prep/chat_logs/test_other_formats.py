"""AI Studio, Le Chat, Cursor, rows of messages, ShareGPT: what of them was said."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.data_prep.chat_logs.makers import ANSWER, FIRST, QUESTION, REPLY, SECOND, WHOLE, dialogues, logs, rejected


def studio(tmp_path: Path, *chunks: dict[str, Any], name: str = "Ferries") -> Path:
    prompt = {
        "runSettings": {"model": "models/x"},
        "systemInstruction": {"text": "hidden"},
        "chunkedPrompt": {"chunks": list(chunks), "pendingInputs": [{"text": "hidden", "role": "user"}]},
    }
    return logs(tmp_path, name, prompt)


USER = {"text": QUESTION, "role": "user", "tokenCount": 9}
MODEL = {"text": ANSWER, "role": "model", "finishReason": "STOP"}


@pytest.mark.parametrize(
    "chunk",
    [
        {"text": "hidden", "role": "model", "isThought": True},
        {"driveDocument": {"id": "x"}, "role": "user"},
        {"driveImage": {"id": "x"}, "role": "user"},
        {"executableCode": {"code": "hidden"}, "role": "model"},
        {"codeExecutionResult": {"output": "hidden"}, "role": "model"},
        {"text": "", "role": "user"},
        {"text": "hidden", "role": "system"},
    ],
    ids=lambda chunk: next(iter(chunk)),
)
def test_chunks_of_ai_studio_that_nobody_said_are_left_out(tmp_path: Path, chunk: dict[str, Any]) -> None:
    assert dialogues(studio(tmp_path, USER, chunk, MODEL)) == [FIRST]


def test_an_answer_of_ai_studio_may_stand_in_parts(tmp_path: Path) -> None:
    parts = [{"text": "hidden", "thought": True}, {"text": ANSWER[:30]}, {"text": ANSWER[30:]}]
    assert dialogues(studio(tmp_path, USER, {"role": "model", "parts": parts})) == [FIRST]


@pytest.mark.parametrize(("finish", "reason"), [("MAX_TOKENS", "abandoned"), ("SAFETY", "refused")])
def test_an_answer_of_ai_studio_that_did_not_end_is_left_out(tmp_path: Path, finish: str, reason: str) -> None:
    assert rejected(studio(tmp_path, USER, {**MODEL, "finishReason": finish})) == [reason]


def mistral(role: str, text: str, minute: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"m{minute}",
        "version": 0,
        "chatId": "chat-1",
        "content": text,
        "contentChunks": None,
        "role": role,
        "createdAt": f"2026-04-01T10:{minute:02}:00Z",
        "reaction": "neutral",
        "files": [],
        **more,
    }


def test_messages_of_le_chat_come_in_the_order_of_their_times(tmp_path: Path) -> None:
    messages = [mistral("assistant", REPLY, 3), mistral("user", QUESTION, 0), mistral("user", SECOND, 2)]
    assert dialogues(logs(tmp_path, "chat-1.json", [*messages, mistral("assistant", ANSWER, 1)])) == [WHOLE]


def test_times_of_le_chat_may_name_other_zones(tmp_path: Path) -> None:
    question = mistral("user", QUESTION, 0, createdAt="2026-04-01T11:59:00.000+02:00")
    assert dialogues(logs(tmp_path, "chat-1.json", [mistral("assistant", ANSWER, 0), question])) == [FIRST]


def test_of_messages_of_le_chat_with_one_time_the_question_comes_first(tmp_path: Path) -> None:
    messages = [mistral("assistant", ANSWER, 0), mistral("user", QUESTION, 0)]
    assert dialogues(logs(tmp_path, "chat-1.json", messages)) == [FIRST]


@pytest.mark.parametrize(
    "times",
    [
        [None] * 4,
        ["noon"] * 4,
        ["2026-04-01T10:00:00Z"] * 4,
        [0] * 4,
        [10**400, 2, 3, 4],
        ["2026-04-01T10:00:00Z", None, "2026-04-01T10:02:00Z", "2026-04-01T10:03:00Z"],
        ["2026-04-01T10:00:00Z", "20260401", "2026-04-01T10:02:00Z", "2026-04-01T10:03:00Z"],
        ["2026-04-01T10:00:00Z", 5, "2026-04-01T10:02:00Z", "2026-04-01T10:03:00Z"],
        ["2026-04-01T10:00:00Z", "2026-04-01T10:01:00Z", "2026-04-01T10:01:00Z", "2026-04-01T10:03:00Z"],
        [1.5, 2, 3, 4],
    ],
)
def test_messages_of_le_chat_without_times_that_order_them_stay_as_they_are(tmp_path: Path, times: list[Any]) -> None:
    words = [QUESTION, ANSWER, SECOND, REPLY]
    roles = ["user", "assistant"] * 2
    messages = [mistral(role, text, 0, createdAt=time) for role, text, time in zip(roles, words, times, strict=True)]
    assert dialogues(logs(tmp_path, "chat-1.json", messages)) == [WHOLE]


def test_of_the_chunks_of_le_chat_the_texts_count(tmp_path: Path) -> None:
    chunks = [
        {"type": "tool_call", "name": "web", "publicResult": "hidden"},
        {"type": "text", "text": ANSWER[:30]},
        {"type": "reference", "referenceIds": [0]},
        {"type": "text", "text": ANSWER[30:]},
        {"type": "custom_element", "text": "hidden"},
        {"type": "image_url", "imageUrl": "hidden"},
    ]
    answer = mistral("assistant", "a copy of the text [REF]", 1, contentChunks=chunks)
    assert dialogues(logs(tmp_path, "chat-1.json", [mistral("user", QUESTION, 0), answer])) == [FIRST]


def test_the_content_of_le_chat_may_be_blocks(tmp_path: Path) -> None:
    blocks = [{"type": "thinking", "thinking": [{"type": "text", "text": "hidden"}]}, {"type": "text", "text": ANSWER}]
    messages = [mistral("user", QUESTION, 0), mistral("assistant", "", 1, content=blocks)]
    assert dialogues(logs(tmp_path, "chat-1.json", messages)) == [FIRST]


def test_of_versions_of_an_answer_of_le_chat_the_last_counts(tmp_path: Path) -> None:
    versions = [mistral("assistant", "A first version.", 1), mistral("assistant", ANSWER, 2, version=1)]
    assert dialogues(logs(tmp_path, "chat-1.json", [mistral("user", QUESTION, 0), *versions])) == [FIRST]


def test_a_disliked_answer_of_le_chat_is_left_out(tmp_path: Path) -> None:
    answer = mistral("assistant", ANSWER, 1, reaction="dislike")
    assert rejected(logs(tmp_path, "chat-1.json", [mistral("user", QUESTION, 0), answer])) == ["disliked"]


def write_chat(database: sqlite3.Connection, *blobs: Any) -> None:
    database.execute("CREATE TABLE blobs (id TEXT PRIMARY KEY, data BLOB)")
    database.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")
    for number, blob in enumerate(blobs):
        data = blob if isinstance(blob, bytes) else json.dumps(blob).encode()
        database.execute("INSERT INTO blobs VALUES (?, ?)", (f"{number:x}", data))
    database.commit()


def cursor(path: Path, *blobs: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        write_chat(database, *blobs)


CHAT: list[Any] = [
    {"role": "system", "content": "hidden"},
    {"role": "user", "content": [{"type": "text", "text": "<user_info>\nhidden\n</user_info>"}]},
    b"\x0a\x04\x08\x01",
    {
        "role": "user",
        "content": [
            {
                "type": "text",
                "text": f"<attached_files>hidden</attached_files>\n<user_query>\n{QUESTION}\n</user_query>",
            }
        ],
    },
    {
        "role": "assistant",
        "content": [{"type": "redacted-reasoning", "data": "x"}, {"type": "text", "text": "I look."}],
    },
    {"role": "assistant", "content": [{"type": "tool-call", "toolCallId": "1", "args": {"path": "hidden"}}]},
    {"role": "tool", "content": [{"type": "tool-result", "result": "hidden"}]},
    b"{broken",
    {
        "role": "assistant",
        "content": [{"type": "reasoning", "text": "hidden"}, {"type": "text", "text": f"{ANSWER} [REDACTED]"}],
    },
]
SAID = [[FIRST[0], ("assistant", f"I look.\n\n{ANSWER}")]]


def test_a_store_of_cursor_is_read_and_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "5d41" / "session" / "store.db"
    cursor(path, *CHAT)
    before = path.read_bytes()
    assert dialogues(tmp_path / "logs") == SAID
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == ["store.db"]


def test_a_store_of_cursor_is_read_from_an_archive(tmp_path: Path) -> None:
    cursor(tmp_path / "store.db", *CHAT)
    (tmp_path / "logs").mkdir()
    with zipfile.ZipFile(tmp_path / "logs" / "chats.zip", "w") as archive:
        archive.write(tmp_path / "store.db", "a/b/store.db")
    assert dialogues(tmp_path / "logs") == SAID


@contextmanager
def running(path: Path) -> Iterator[None]:
    """A chat of Cursor that goes on: all of it stands in the file beside ``path``, none in the database."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA wal_autocheckpoint = 0")
        write_chat(database, *CHAT)
        yield


def test_a_store_of_cursor_is_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "session" / "store.db"
    with running(path):
        before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
        assert before["store.db-wal"]
        assert dialogues(tmp_path / "logs") == SAID
        assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == before


def test_a_link_to_a_store_of_cursor_leads_to_what_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "session" / "store.db"
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "chat.db").symlink_to(path)
    with running(path):
        assert dialogues(tmp_path / "logs") == SAID


def test_a_text_in_a_store_of_cursor_that_is_no_utf8_is_lost_alone(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "session" / "store.db"
    cursor(path, *CHAT)
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO blobs VALUES ('x', CAST(x'7bfffe' AS TEXT))")
        database.execute("UPDATE blobs SET data = CAST(data AS TEXT) WHERE data LIKE '{\"role%'")
        database.commit()
    assert dialogues(tmp_path / "logs") == SAID


def test_a_store_of_cursor_that_was_copied_while_it_was_written_is_read_from_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "session" / "store.db"
    (tmp_path / "logs").mkdir()
    with running(path), zipfile.ZipFile(tmp_path / "logs" / "chats.zip", "w") as archive:
        archive.write(path, "a/store.db")
        archive.write(f"{path}-wal", "a/store.db-wal")
        archive.write(f"{path}-wal", "b/store.db-wal")
    assert dialogues(tmp_path / "logs") == SAID


def test_a_database_of_something_else_is_told_and_does_not_stop_the_rest(tmp_path: Path) -> None:
    folder = studio(tmp_path, USER, MODEL)
    with closing(sqlite3.connect(folder / "other.db")) as database:
        database.execute("CREATE TABLE things (x)")
        database.commit()
    assert dialogues(folder) == [FIRST]
    assert rejected(folder) == ["unreadable"]


ROW = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": ANSWER}]


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "system", "content": "hidden"}, *ROW],
        [{"role": "developer", "content": "hidden"}, *ROW],
        [
            ROW[0],
            {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
            {"role": "tool", "content": "hidden"},
            ROW[1],
        ],
        [ROW[0], {"role": "function", "name": "f", "content": "hidden"}, ROW[1]],
        [{"role": "assistant", "content": "hidden"}, *ROW],
        [*ROW, {"role": "user", "content": "hidden"}],
        [{"role": "user", "content": [{"type": "image_url"}, {"type": "text", "text": QUESTION}]}, ROW[1]],
        [
            ROW[0],
            {"role": "assistant", "content": f"<think>\nhidden\n</think>\n\n{ANSWER}", "reasoning_content": "hidden"},
        ],
        [{"role": "user", "content": "superseded"}, *ROW],
    ],
)
def test_rows_of_messages_keep_what_the_two_sides_say(tmp_path: Path, messages: list[dict[str, Any]]) -> None:
    folder = logs(tmp_path, "data.jsonl", [{"messages": messages}, {"messages": []}])
    assert dialogues(folder) == [FIRST]
    (folder / "data.jsonl").unlink()
    assert dialogues(logs(tmp_path, "data.json", [{"messages": messages}])) == [FIRST]


@pytest.mark.parametrize(
    "said",
    [
        f"{QUESTION} <system-reminder>hidden</system-reminder>",
        f"<system-reminder>hidden</system-reminder>\n{QUESTION}",
        f"{QUESTION}\n<local-command-stdout>hidden</local-command-stdout>",
    ],
)
def test_what_programs_write_into_the_turns_of_rows_goes(tmp_path: Path, said: str) -> None:
    result = {"role": "user", "content": "<tool_response>\nhidden\n</tool_response>"}
    messages = [{"role": "user", "content": said}, ROW[1], result]
    assert dialogues(logs(tmp_path, "data.jsonl", [{"messages": messages}])) == [FIRST]


def test_a_row_may_have_an_empty_list_beside_its_messages(tmp_path: Path) -> None:
    assert dialogues(logs(tmp_path, "data.jsonl", [{"messages": [], "conversations": ROW}])) == [FIRST]


@pytest.mark.parametrize("key", ["conversation", "conversations"])
def test_rows_may_keep_their_messages_under_other_names(tmp_path: Path, key: str) -> None:
    rows = [{"id": "r0", key: []}, {"id": "r1", "messages": None, key: ROW}]
    assert dialogues(logs(tmp_path, "data.jsonl", rows)) == [FIRST]


def test_a_list_under_such_a_name_that_holds_no_messages_is_no_row(tmp_path: Path) -> None:
    assert dialogues(logs(tmp_path, "data.jsonl", [{"conversation": [*ROW, "a word"]}])) == []


def test_a_row_with_a_refusal_is_left_out(tmp_path: Path) -> None:
    refused = {"role": "assistant", "content": None, "refusal": "I cannot say which pier it is, `pier` or not."}
    assert rejected(logs(tmp_path, "data.jsonl", [{"messages": [ROW[0], refused]}])) == ["refused"]


def test_rows_that_this_program_made_are_not_read_again(tmp_path: Path) -> None:
    row = {"messages": ROW, "meta": {"id": "x", "source": "claude_logs", "group": "g", "lang": "chat"}}
    assert dialogues(logs(tmp_path, "train.clean.jsonl", [row])) == []


def share(*said: tuple[str, str], key: str = "conversations") -> dict[str, Any]:
    return {"id": "s1", key: [{"from": speaker, "value": text} for speaker, text in said]}


@pytest.mark.parametrize(
    "record",
    [
        share(("human", QUESTION), ("gpt", ANSWER)),
        share(("system", "hidden"), ("human", QUESTION), ("gpt", ANSWER)),
        share(("gpt", "hidden"), ("human", QUESTION), ("gpt", ANSWER), ("human", "hidden")),
        share(("user", QUESTION), ("assistant", ANSWER)),
        share(("human", QUESTION), ("function_call", "hidden"), ("observation", "hidden"), ("chatgpt", ANSWER)),
        share(("human", QUESTION), ("gpt", f'<div class="markdown prose"><p>{ANSWER}</p></div>')),
        share(("human", QUESTION), ("gpt", f"<think>hidden</think>{ANSWER}")),
        share(("human", QUESTION), ("gpt", ANSWER), key="items"),
    ],
)
def test_sharegpt_keeps_what_the_two_sides_say(tmp_path: Path, record: dict[str, Any]) -> None:
    assert dialogues(logs(tmp_path, "share.json", [record])) == [FIRST]
    assert dialogues(logs(tmp_path, "share.json", json.dumps(record))) == [FIRST]


@pytest.mark.parametrize(
    ("speaker", "value"),
    [
        ("human", "<div class='markdown'>Why does this box not close?</div>"),
        ("human", "<p>Why is this `List<String>`?</p>"),
        ("gpt", '<div id="pier">\n  <button>Close the `pier`</button>\n</div>'),
        ("gpt", "<p>is the tag of a paragraph; `pier` needs none."),
        ("gpt", "<p>one</p> and this is text outside of it, see `pier`"),
    ],
)
def test_tags_that_somebody_wrote_stay(tmp_path: Path, speaker: str, value: str) -> None:
    said_ = {"human": QUESTION, "gpt": ANSWER} | {speaker: value}
    record = share(("human", said_["human"]), ("gpt", said_["gpt"]))
    assert dialogues(logs(tmp_path, "share.json", [record])) == [
        [("user", said_["human"]), ("assistant", said_["gpt"])]
    ]


def test_blocks_of_a_row_are_set_apart(tmp_path: Path) -> None:
    content = [{"type": "text", "text": "Here is the fix"}, {"type": "text", "text": "stops.get('pier')"}]
    row = {"messages": [ROW[0], {"role": "assistant", "content": content}]}
    assert dialogues(logs(tmp_path, "data.jsonl", [row]))[0][1][1] == "Here is the fix\n\nstops.get('pier')"


def test_of_two_answers_of_le_chat_the_one_that_was_preferred_stays(tmp_path: Path) -> None:
    passed_over = mistral("assistant", "The other answer.", 1) | {"id": "other"}
    preferred = mistral("assistant", ANSWER, 2) | {"preferenceOver": ["other"]}
    assert dialogues(logs(tmp_path, "chat-1.json", [mistral("user", QUESTION, 0), passed_over, preferred])) == [FIRST]


def test_a_store_of_cursor_is_read_as_its_last_state_names_it(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "session" / "store.db"
    left = {"role": "assistant", "content": "Taken back."}
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as database:
        write_chat(database)
        blobs = [CHAT[3], left, CHAT[4], CHAT[-1]]
        keys = [f"{number + 1:02x}" * 32 for number in range(len(blobs))]
        database.executemany("INSERT INTO blobs VALUES (?, ?)", zip(keys, map(dumped, blobs), strict=True))
        state = b"".join(b"\n " + bytes.fromhex(key) for key in (keys[0], keys[2], keys[3]))
        database.execute("INSERT INTO blobs VALUES (?, ?)", ("ff" * 32, state))
        meta = json.dumps({"latestRootBlobId": "ff" * 32}).encode().hex()
        database.execute("INSERT INTO meta VALUES ('0', ?)", (meta,))
        database.commit()
    assert dialogues(tmp_path / "logs") == SAID


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_transcripts_of_cursor_are_read(tmp_path: Path) -> None:
    asked = f"<timestamp>hidden</timestamp>\n<user_query>\n{QUESTION}\n</user_query>"
    told = "<system_notification>\nhidden\n</system_notification>"
    lines = [("user", asked), ("assistant", f"{ANSWER}\n\n[REDACTED]"), ("user", told)]
    records = [{"role": role, "message": {"content": [{"type": "text", "text": text}]}} for role, text in lines]
    assert dialogues(logs(tmp_path, "agent-transcripts/a/a.jsonl", records)) == [FIRST]


def test_of_rows_of_preferences_the_better_answer_is_read(tmp_path: Path) -> None:
    asked, answered = ROW
    row = {"input": {"messages": [asked]}, "preferred_output": [answered], "non_preferred_output": [asked]}
    assert dialogues(logs(tmp_path, "data.jsonl", [row])) == [FIRST]
    pair = share(("human", QUESTION)) | {
        "chosen": {"from": "gpt", "value": ANSWER},
        "rejected": {"from": "gpt", "value": "Worse."},
    }
    assert dialogues(logs(tmp_path, "share.json", [pair])) == [FIRST, FIRST]


def test_rows_of_both_layouts_may_stand_in_one_file(tmp_path: Path) -> None:
    asked = {"messages": [{"role": "user", "content": SECOND}, {"role": "assistant", "content": REPLY}]}
    mixed = [share(("human", QUESTION), ("gpt", ANSWER)), asked]
    assert dialogues(logs(tmp_path, "rows.jsonl", mixed)) == [FIRST, WHOLE[2:]]
    assert dialogues(logs(tmp_path, "rows.jsonl", mixed[::-1])) == [WHOLE[2:], FIRST]


def test_the_bar_above_code_is_no_line_of_it(tmp_path: Path) -> None:
    value = "Ask it for the key:\n\n```\npythonCopy codestops.get('pier')\n```"
    said_ = dialogues(logs(tmp_path, "share.json", [share(("human", QUESTION), ("gpt", value))]))
    assert said_[0][1][1] == "Ask it for the key:\n\n```python\nstops.get('pier')\n```"


def test_a_talk_that_ends_with_its_answer_gets_no_second_one(tmp_path: Path) -> None:
    talk = share(("human", QUESTION), ("gpt", ANSWER)) | {"chosen": {"from": "gpt", "value": REPLY}}
    assert dialogues(logs(tmp_path, "share.json", [talk])) == [FIRST]


def test_an_answer_of_le_chat_that_was_stopped_gives_way_to_the_next(tmp_path: Path) -> None:
    stopped = mistral("assistant", "A first attempt.", 1, generationStatus="cancelled")
    asked = mistral("user", QUESTION, 0)
    assert dialogues(logs(tmp_path, "chat-1.json", [asked, stopped, mistral("assistant", ANSWER, 2)])) == [FIRST]
    assert rejected(logs(tmp_path, "chat-1.json", [asked, stopped])) == ["abandoned"]


def test_a_word_of_le_chat_that_a_reference_divides_is_whole(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": ANSWER[:5]}, {"type": "tool_reference"}, {"type": "text", "text": ANSWER[5:]}]
    assert ANSWER[4:6].isalpha()
    answer = mistral("assistant", "", 1, contentChunks=parts)
    assert dialogues(logs(tmp_path, "chat-1.json", [mistral("user", QUESTION, 0), answer])) == [FIRST]
