"""A folder to work in with what the commands of data preparation begin with: exported chats and a small repository."""

from __future__ import annotations

import json
import subprocess
import uuid
from pathlib import Path
from typing import Any

LICENCE = (
    "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software and "
    "associated documentation files, to deal in the Software without restriction. The above copyright notice and this "
    "permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS "
    'PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.\n'
)
_GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@quay.invalid", "-c", "commit.gpgsign=false")
_THINGS = ("pier", "crane", "ferry", "buoy", "dock", "sluice", "barge", "winch")


def make_exports(folder: Path) -> None:
    """An export of claude.ai with eight conversations about errors, two of them with follow-ups."""
    chats = [_chat(number, thing) for number, thing in enumerate(_THINGS)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conversations.json").write_text(json.dumps(chats), encoding="utf-8")


def make_repository(folder: Path) -> Path:
    """A repository under the MIT licence: a file of Python for every thing, and a repair of each."""
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", "-b", "main")
    (folder / "LICENSE").write_text(LICENCE, encoding="utf-8")
    for number, thing in enumerate(_THINGS):
        (folder / f"{thing}.py").write_text(_code(thing, number, "<"), encoding="utf-8")
    _commit(folder, "Add the harbour")
    for number, thing in enumerate(_THINGS):
        (folder / f"{thing}.py").write_text(_code(thing, number, "<="), encoding="utf-8")
        body = f"The last {thing} was left out of the plan, because the comparison excluded the limit."
        _commit(folder, f"Fix the limit of the {thing} schedule\n\n{body}")
    return folder


def _chat(number: int, thing: str) -> dict[str, Any]:
    turns = [(_question(thing, number), _answer(thing, number))]
    if number % 4 == 0:
        reply = (
            f"Because `{thing}_row.get()` gives back `None` where the column is missing. Use `{thing}_row['load']` "
            f"and the `KeyError` names the column at once, in line {number + 3} of `{thing}_plan.py`."
        )
        turns.append((f"Why does the {thing} loader not raise `KeyError` itself then?", reply))
    messages = [
        {"uuid": str(uuid.uuid4()), "sender": sender, "text": text, "content": [{"type": "text", "text": text}]}
        for pair in turns
        for sender, text in zip(("human", "assistant"), pair, strict=True)
    ]
    stamped = [{**one, "created_at": f"2025-03-0{number + 1}T10:0{place}:00Z"} for place, one in enumerate(messages)]
    return {"uuid": str(uuid.uuid4()), "name": thing, "account": {"uuid": "a"}, "chat_messages": stamped}


def _question(thing: str, number: int) -> str:
    return (
        f"My {thing} planner stops:\n\nTraceback (most recent call last):\n"
        f'  File "{thing}_plan.py", line {number + 12}, in plan_{thing}\n'
        f"    total += {thing}_row['load'] * {number + 2}\nKeyError: '{thing}_load'\n\nHow do I find and fix it?"
    )


def _answer(thing: str, number: int) -> str:
    return (
        f"The row of the {thing} has no column `{thing}_load`: the import renames it only for files of season "
        f"{number + 4}.\n\n1. Print `sorted({thing}_row)` in line {number + 11} to see what it is called.\n"
        f"2. Read it under both names:\n\n```python\nload = {thing}_row.get('{thing}_load', {number})\n```\n\n"
        f"3. Add a test with one {thing} of each season, so that the next rename of {thing} files is noticed."
    )


def _code(thing: str, number: int, sign: str) -> str:
    functions = "\n\n".join(
        f"def {thing}_{verb}(loads: list[float], limit: float = {number + 3}.5) -> float:\n"
        f'    """How much a {thing} can {verb} in {number + place} hours."""\n'
        f"    total = {number * 7 + place}.0\n"
        f"    for turn, load in enumerate(loads):\n"
        f"        if load * {place + 2} {sign} limit + {number}:\n"
        f"            total += load / (turn + {number + place + 1})\n"
        f"    return round(total, {place + 1})\n"
        for place, verb in enumerate(("lift", "carry", "turn", "hold"))
    )
    return f'"""Plans of the {thing}."""\n\nfrom __future__ import annotations\n\n\n{functions}'


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", message, "--date", "2025-03-01T10:00:00Z")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run([*_GIT, *arguments], cwd=folder, check=True, capture_output=True)
