"""Chat templates: role tokens such as ``<|im_start|>user``, ``<|user|>``, ``[INST]`` or ``<start_of_turn>model``."""

from __future__ import annotations

import re
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.types import Draft, Family, Finding, Utterance
from src.utils.detection.vocabulary import read_label

_TOKEN = re.compile(
    r"<[|｜]?(?:im_start|start_header_id|start_of_turn|turn)[|｜]?>[ \t]*(?P<inner>[A-Za-z]{2,20})[ \t]*(?:<\|end_header_id\|>)?"
    r"|<[|｜](?P<name>[A-Za-z]{2,20})[|｜]>"
    r"|(?P<inst>\[/?INST\])|<<(?P<sys>SYS)>>"
    r"|(?P<end><[|｜]?/?(?:im_end|eot_id|end_of_turn|end|endoftext|eos|end_of_text)[|｜]?>|</?s>|<</SYS>>)",
    re.IGNORECASE,
)
_MIN_TOKENS = 2


class _Mark(NamedTuple):
    family: Family | None
    start: int
    end: int


def find_tokens(text: str) -> Finding | None:
    """The turns between role tokens; ``</s>`` and a system turn begin a new conversation. One pass over the text."""
    if "<|" not in text and "[INST]" not in text and "<start_of_turn>" not in text and "<｜" not in text:
        return None
    marks = _marks(text)
    families = {mark.family for mark in marks}
    if sum(mark.family is not None for mark in marks) < _MIN_TOKENS or not {"user", "assistant"} <= families:
        return None
    drafts = _drafts(text, marks)
    return Finding("chat template", tuple(drafts), 0.97, f"{len(marks)} role tokens of a chat template")


def _marks(text: str) -> list[_Mark]:
    found = []
    for match in _TOKEN.finditer(text):
        family: Family | None = None
        if match["inst"]:
            family = "assistant" if "/" in match["inst"] else "user"
        elif match["sys"]:
            family = "system"
        elif not match["end"]:
            family = read_label(match["inner"] or match["name"]).family
            family = {"question": "user", "answer": "assistant"}.get(family or "", family)  # type: ignore[assignment]
            if family is None:
                continue
        elif match[0].casefold() == "<</sys>>":
            family = "user"
        found.append(_Mark(family, match.start(), match.end()))
    return found


def _drafts(text: str, marks: list[_Mark]) -> list[Draft]:
    drafts: list[Draft] = []
    turns: list[Utterance] = []
    start = 0
    for number, mark in enumerate(marks):
        stop = marks[number + 1].start if number + 1 < len(marks) else len(text)
        closes = mark.family is None and text[mark.start : mark.end].casefold() in ("</s>", "<s>", "<|endoftext|>")
        fresh = mark.family == "system" and any(turn.family != "system" for turn in turns)
        if turns and (closes or fresh):
            drafts.append(Draft(tuple(turns), start))
            turns = []
        piece = _trimmed(text, mark.end, stop)
        if mark.family is not None and piece.end > piece.start:
            start = start if turns else mark.start
            turns.append(Utterance(mark.family, mark.family, (piece,)))
    if turns:
        drafts.append(Draft(tuple(turns), start))
    return drafts


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
