"""Logs in the layouts of the programs that write them, with a question and an answer of our own, and what is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from src.data_prep.chat_logs.convert import convert
from src.data_prep.chat_logs.report import LogReport
from src.data_prep.chat_logs.settings import LogSettings

QUESTION = "The ferry timetable script stops with `KeyError: 'pier'`. Why?"
ANSWER = "No stop has that key: `stops.get('pier')` gives None, and the loop goes on."
SECOND = "And how do I find the stop that lacks it?"
REPLY = "Print the rows in which `'pier' not in stop`: the import skipped that column for the night ferries."

Dialogue = list[tuple[str, str]]
WHOLE: Dialogue = [("user", QUESTION), ("assistant", ANSWER), ("user", SECOND), ("assistant", REPLY)]
FIRST: Dialogue = WHOLE[:2]


def run(source: Path, **settings: Any) -> LogReport:
    """Convert ``source``; whatever the talk is about, and with names left in place, unless ``settings`` say more."""
    options = {"topics": (), "privacy": "off", **settings}
    return convert(LogSettings(source, source.parent / "out" / "rows.jsonl", **options), lambda _event: None)


def rows(source: Path, **settings: Any) -> list[dict[str, Any]]:
    """The rows that ``source`` gives; those of an earlier run are not left to be read."""
    out = source.parent / "out" / "rows.jsonl"
    out.unlink(missing_ok=True)
    run(source, **settings)
    lines = out.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def dialogues(source: Path, **settings: Any) -> list[Dialogue]:
    """The turns of every row, without the system message."""
    return [
        [(message["role"], message["content"]) for message in row["messages"][1:]] for row in rows(source, **settings)
    ]


def rejected(source: Path, **settings: Any) -> list[str]:
    """Why conversations of ``source`` give no row."""
    run(source, **settings)
    lines = (source.parent / "out" / "rows.rejects.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["reason"] for line in lines]


def logs(tmp_path: Path, name: str, content: Any) -> Path:
    """A folder with one file of logs: text as it stands, a list as JSON lines for .jsonl, else as JSON."""
    path = tmp_path / "logs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        path.write_text(content, encoding="utf-8")
    elif name.endswith(".jsonl"):
        path.write_text("".join(json.dumps(record) + "\n" for record in content), encoding="utf-8")
    else:
        path.write_text(json.dumps(content), encoding="utf-8")
    return tmp_path / "logs"


def claude_message(sender: str, text: str, uuid: str = "", parent: str = "", **more: Any) -> dict[str, Any]:
    """A message of claude.ai."""
    message: dict[str, Any] = {
        "uuid": uuid or text[:20],
        "sender": sender,
        "text": text,
        "content": [{"type": "text", "text": text}],
        "created_at": "2026-04-01T10:00:00Z",
    }
    return message | ({"parent_message_uuid": parent} if parent else {}) | more


def claude_talk(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A conversation of claude.ai."""
    return {"uuid": "talk-1", "name": "Ferries", "chat_messages": list(messages), **more}


ROOT = "00000000-0000-4000-8000-000000000000"


def code_line(uuid: str, parent: str | None, kind: str, content: Any, **more: Any) -> dict[str, Any]:
    """A line of a session of Claude Code."""
    message = {"role": kind, "content": content, **more.pop("message", {})}
    return {
        "type": kind,
        "uuid": uuid,
        "parentUuid": parent,
        "isSidechain": False,
        "sessionId": "session-1",
        "timestamp": f"2026-04-01T10:00:{len(uuid):02}Z",
        "message": message,
        **more,
    }


def said(text: str) -> list[dict[str, str]]:
    """The content of a message: one block of text."""
    return [{"type": "text", "text": text}]


def gpt_node(
    key: str, parent: str | None, role: str, text: str | list[Any] = "", kind: str = "text", **more: Any
) -> dict[str, Any]:
    """A node of a conversation of ChatGPT."""
    parts = text if isinstance(text, list) else [text]
    message = {
        "id": key,
        "author": {"role": role},
        "content": {"content_type": kind, "parts": parts},
        "recipient": "all",
        "status": "finished_successfully",
        "weight": 1.0,
        "metadata": {},
        "create_time": 1.0,
        **more,
    }
    return {"id": key, "parent": parent, "children": [], "message": message}


def gpt_talk(*nodes: dict[str, Any], current: str | None = None) -> dict[str, Any]:
    """A conversation of ChatGPT, open at ``current`` or at its last node."""
    mapping = {"root": {"id": "root", "parent": None, "message": None, "children": []}}
    mapping |= {node["id"]: node for node in nodes}
    return {"conversation_id": "talk-1", "mapping": mapping, "current_node": current or nodes[-1]["id"]}


def codex_line(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """A line of a session of Codex."""
    return {"timestamp": "2026-04-01T10:00:00Z", "type": kind, "payload": payload}


def codex_said(role: str, text: str) -> dict[str, Any]:
    """A message of a session of Codex."""
    kind = "output_text" if role == "assistant" else "input_text"
    return codex_line("response_item", {"type": "message", "role": role, "content": [{"type": kind, "text": text}]})


def gemini_entry(title: str, html: str = "", time: str = "2026-04-01T10:00:00Z", **more: Any) -> dict[str, Any]:
    """An entry of My Activity."""
    entry: dict[str, Any] = {"header": "Gemini Apps", "title": title, "time": time, "products": ["Gemini Apps"], **more}
    return entry | ({"safeHtmlItem": [{"html": html}]} if html else {})


def slack_message(ts: str, user: str, text: str, thread: str = "", **more: Any) -> dict[str, Any]:
    """A message of a Slack export."""
    return {
        "type": "message",
        "user": user,
        "text": text,
        "ts": ts,
        **({"thread_ts": thread} if thread else {}),
        **more,
    }
