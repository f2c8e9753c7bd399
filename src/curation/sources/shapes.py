"""Rows of other people's sets in one shape: id, instruction and response (or messages), source, score, category.

Alpaca and its relatives (instruction, input, output), Anthropic's HH (chosen and rejected transcripts), WizardLM and
ShareGPT (conversations), OpenAssistant (trees of replies), chats (messages), prompt and completion, question and
answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from src.curation.records import CuratedObject
from src.curation.rows import RowError, check_object

_ROLES: Final = {
    "user": "user",
    "human": "user",
    "prompter": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
    "chatgpt": "assistant",
    "system": "system",
}
_TURN: Final = re.compile(r"(?:^|\n\n)(Human|Assistant): ?")
_PAIRS: Final = (
    ("instruction", "response"),
    ("instruction", "output"),
    ("instruction", "completion"),
    ("instruction", "answer"),
    ("prompt", "completion"),
    ("prompt", "response"),
    ("prompt", "output"),
    ("prompt", "answer"),
    ("question", "answer"),
    ("question", "response"),
    ("query", "response"),
    ("query", "answer"),
    ("problem", "solution"),
    ("input", "output"),
    ("inputs", "targets"),
)
_IDS: Final = ("id", "message_tree_id", "conversation_id", "uuid")
_EXTRAS: Final = frozenset(
    {"source", "category", "quality_score", "teacher", "licence", "scored_by", "scores", "provenance"}
)

Turns = list[dict[str, str]]


def standardise(raw: CuratedObject, source: str) -> CuratedObject:
    """The row that stands in ``raw``; ``source`` is where it comes from unless it says so itself. One question with
    one answer is ``instruction`` and ``response``, everything longer is ``messages``. Raises RowError."""
    read = next((read for fits, read in _SHAPES if fits(raw)), None)
    if read is None:
        raise RowError(
            "unknown_shape", f"no known pair of fields among {', '.join(sorted(map(str, raw))[:8]) or 'none'}"
        )
    texts = read(raw)
    row: CuratedObject = {}
    known = next((raw[name] for name in _IDS if raw.get(name) is not None), None)
    if known is not None:
        row["id"] = known
    row |= texts
    row["source"] = raw.get("source") or source
    for name in ("quality_score", "category"):
        if raw.get(name) is not None:
            row[name] = raw[name]
    row |= {name: raw[name] for name in sorted(_EXTRAS & raw.keys()) if name not in row and raw[name] is not None}
    check_object(row)
    if not _has_answer(row):
        raise RowError("empty_answer", "the answer is empty")
    return row


def _has_answer(row: CuratedObject) -> bool:
    if "messages" in row:
        return bool(row["messages"][-1]["content"].strip())
    return bool(row["response"].strip())


def _from_turns(turns: Sequence[dict[str, str]]) -> CuratedObject:
    """Turns from the first of the user to the last of the assistant."""
    kept = [turn for turn in turns if turn["content"].strip() or turn["role"] == "assistant"]
    while kept and kept[-1]["role"] != "assistant":
        kept.pop()
    roles = [turn["role"] for turn in kept]
    if "user" not in roles:
        raise RowError("no_conversation", "there is no turn of a user with an answer")
    if roles == ["user", "assistant"]:
        return {"instruction": kept[0]["content"], "response": kept[1]["content"]}
    return {"messages": kept}


def _turn(entry: Any, role_names: tuple[str, ...], text_names: tuple[str, ...]) -> dict[str, str]:
    if type(entry) is not dict:
        raise RowError("wrong_type", "a turn is not an object")
    role = next((entry[name] for name in role_names if name in entry), None)
    text = next((entry[name] for name in text_names if name in entry), None)
    if type(role) is not str or role.lower() not in _ROLES:
        raise RowError("wrong_type", f"a turn has the role {role!r}")
    if type(text) is not str:
        raise RowError("wrong_type", "the text of a turn is not a text")
    return {"role": _ROLES[role.lower()], "content": text}


def _chat(raw: CuratedObject) -> CuratedObject:
    turns = next(raw[name] for name in ("messages", "conversations", "conversation") if type(raw.get(name)) is list)
    return _from_turns([_turn(entry, ("role", "from"), ("content", "value", "text")) for entry in turns])


def _preference(raw: CuratedObject) -> CuratedObject:
    """The chosen answer; the last turn of the rejected one is kept beside it."""
    chosen, rejected = _transcript(raw["chosen"], raw), _transcript(raw.get("rejected"), raw)
    row = _from_turns(chosen)
    if rejected and rejected[-1]["role"] == "assistant" and rejected[-1]["content"].strip():
        row["rejected"] = rejected[-1]["content"]
    return row


def _transcript(value: Any, raw: CuratedObject) -> Turns:
    """The turns of a transcript, of a list of messages, or of an answer to the ``prompt`` of the row."""
    if type(value) is list:
        return [_turn(entry, ("role", "from"), ("content", "value")) for entry in value]
    if type(value) is not str:
        return []
    parts = _TURN.split(value)
    if len(parts) > 1:
        pairs = zip(parts[1::2], parts[2::2], strict=True)
        return [{"role": _ROLES[name.lower()], "content": text.strip()} for name, text in pairs]
    prompt = raw.get("prompt", raw.get("question"))
    if type(prompt) is not str:
        raise RowError("no_conversation", "chosen is no transcript, and there is no prompt")
    return [{"role": "user", "content": prompt}, {"role": "assistant", "content": value}]


def _tree(raw: CuratedObject) -> CuratedObject:
    """The path of the best replies: by ``rank``, 0 first, else as they stand."""
    turns: Turns = []
    node: Any = raw["prompt"]
    while type(node) is dict:
        turns.append(_turn(node, ("role",), ("text",)))
        replies = [one for one in node.get("replies") or [] if type(one) is dict and not one.get("deleted")]
        node = min(replies, key=_rank) if replies else None
    return _from_turns(turns)


def _rank(reply: dict[str, Any]) -> float:
    rank = reply.get("rank")
    return rank if type(rank) is int else float("inf")


def _pair(raw: CuratedObject) -> CuratedObject:
    question, answer = _pair_of(raw)
    for name in (question, answer):
        if type(raw[name]) is not str:
            raise RowError("wrong_type", f"{name} is not a text")
    text = raw[question]
    extra = raw.get("input", raw.get("context")) if question == "instruction" else None
    if type(extra) is str and extra.strip():
        text = f"{text}\n\n{extra}"
    return {"instruction": text, "response": raw[answer]}


def _pair_of(raw: CuratedObject) -> tuple[str, str]:
    return next(((first, second) for first, second in _PAIRS if first in raw and second in raw), ("", ""))


_SHAPES: Final[tuple[tuple[Callable[[CuratedObject], bool], Callable[[CuratedObject], CuratedObject]], ...]] = (
    (lambda raw: "instruction" in raw and "response" in raw, _pair),
    (lambda raw: any(type(raw.get(name)) is list for name in ("messages", "conversations", "conversation")), _chat),
    (lambda raw: "chosen" in raw, _preference),
    (lambda raw: type(raw.get("prompt")) is dict, _tree),
    (lambda raw: _pair_of(raw) != ("", ""), _pair),
)
