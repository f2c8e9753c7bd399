"""Chat templates and tags of roles: ``<|im_start|>user``, ``<|user|>``, ``[INST]``, ``<user>...</user>``."""

from __future__ import annotations

import re
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Family, Finding, Utterance
from src.utils.detection.vocabulary import read_label

_TOKEN = re.compile(
    r"<[|｜]?(?:im_start|start_header_id|start_of_turn|turn)[|｜]?>[ \t]*(?P<inner>[A-Za-z]{2,20})"
    r"[ \t]*(?:<\|end_header_id\|>)?"
    r"|<[|｜](?P<name>[A-Za-z]{2,20})[|｜]>"
    r"|(?P<inst>\[/?INST\])|<<(?P<sys>SYS)>>"
    r"|(?P<end><[|｜]?/?(?:im_end|eot_id|end_of_turn|end|endoftext|eos|end_of_text)[|｜]?>|</?s>|<</SYS>>)",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"<(?P<tag>[a-z]{1,12})>[^<]{0,20000}</(?P=tag)>", re.IGNORECASE)
_MIN_TOKENS = 2


class _Mark(NamedTuple):
    family: Family | None
    start: int
    end: int


def find_tokens(text: str) -> Finding | None:
    """The turns between role tokens; ``</s>`` and a system turn begin a new conversation. One pass over the text."""
    if any(sign in text for sign in ("<|", "<｜", "[INST]", "<start_of_turn>")):
        found = _finding(text, _marks(text), "role tokens of a chat template")
        if found:
            return found
    return _finding(text, _tags(text), "tags of roles") if "</" in text else None


def _finding(text: str, marks: list[_Mark], what: str) -> Finding | None:
    families = {mark.family for mark in marks}
    if len(marks) < _MIN_TOKENS or not families & set(ASKERS) or not families & set(ANSWERERS):
        return None
    return Finding("chat template", tuple(_drafts(text, marks)), 0.97, f"{len(marks)} {what}")


def _tags(text: str) -> list[_Mark]:
    """``<user>...</user>``: elements named by a label word, opened and closed; their ends are marks without a role."""
    found = []
    for match in _CLOSED.finditer(text):
        family = read_label(match["tag"]).family if len(match["tag"]) > 1 or match["tag"] in "qaQA" else None
        if family is not None and not (match["tag"] == "a" and "<q>" not in text):
            found.append(_Mark(family, match.start(), match.end("tag") + 1))
            found.append(_Mark(None, match.end() - len(match["tag"]) - 3, match.end()))
    return found


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
        answered = bool(turns) and turns[-1].family in ANSWERERS
        fresh = (mark.family == "system" and any(turn.family != "system" for turn in turns)) or (
            mark.family == "question" and answered
        )
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
