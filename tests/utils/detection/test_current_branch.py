"""Of an answer that was made anew, the one that was on the screen last is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

ASKED, FIRST, SECOND = "Why is the sky blue?", "Because of the ice in it.", "Because air scatters blue light more."


def node(name: str, parent: str | None, role: str, said: str, time: int) -> dict[str, Any]:
    message = {"author": {"role": role}, "create_time": time, "content": {"content_type": "text", "parts": [said]}}
    return {"id": name, "parent": parent, "children": [], "message": message}


def talk(current: dict[str, str]) -> str:
    nodes = [node("a", None, "user", ASKED, 1), node("b", "a", "assistant", FIRST, 2)]
    nodes.append(node("c", "a", "assistant", SECOND, 3))
    return json.dumps([{"title": "x", **current, "mapping": {one["id"]: one for one in nodes}}])


@pytest.mark.parametrize(
    ("current", "answer"), [({"current_node": "c"}, SECOND), ({"current_node": "b"}, FIRST), ({}, SECOND)]
)
def test_the_branch_that_the_record_names_is_read_else_the_last(read, current: dict[str, str], answer: str) -> None:
    assert read(talk(current), "conversations.json") == [[ASKED, answer]]
