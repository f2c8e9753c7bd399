"""Chat templates and tags of roles: ``<|im_start|>user``, ``<|user|>``, ``[INST]``, ``<user>...</user>``."""

from __future__ import annotations

import re
from typing import NamedTuple

from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Family, Finding, Utterance
from src.utils.detection.words.vocabulary import read_label

_ROLE = r"[A-Za-z]{1,20}"
_ENDING = r"/?[a-z_▁]{0,20}(?:end|eos|eot|eom|eoh|eoa|return|begin)[a-z_▁]{0,20}"
_TOKEN = re.compile(
    r"<[|｜]?(?:[a-z_▁]{0,12}start[a-z_▁]{0,16}|turn)[|｜]?>[ \t]*(?:<[|｜])?(?P<inner>"
    + _ROLE
    + r")(?:_token)?(?:[|｜]>)?"
    r"[ \t]*(?:<[|｜]channel[|｜]>(?P<channel>[a-z]{1,20}))?"
    r"(?:<[|｜](?:end_header_id|end_of_role|message|im_middle)[|｜]>)?"
    r"|[<\[][|｜](?P<name>" + _ROLE + r")(?:_token)?[|｜][>\]](?::(?=\s|[^\W\d_]{2}))?"
    r"|(?P<inst>\[/?INST\])|<<(?P<sys>SYS)>>"
    r"|(?P<end><[|｜]?" + _ENDING + r"[|｜]?>|</?s>|<</SYS>>)",
    re.IGNORECASE,
)
_END = re.compile(rf"<[|｜]{_ENDING}[|｜]>", re.IGNORECASE)
"""A token that ends something, with bars like those of a role."""
_BREAKS = ("<|endoftext|>", "<|end_of_text|>", "<|begin_of_text|>")
_CLOSED = re.compile(r"<(?P<tag>[a-z]{1,12})>[^<]{0,20000}</(?P=tag)>", re.IGNORECASE)
_THINKING = "analysis"
"""The channel of what a model thinks before it answers."""
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
            thinks = match["channel"] == _THINKING
            family = None if thinks else family
            if family is None and not thinks and not _END.fullmatch(match[0]):
                continue
        elif match[0].casefold() == "<</sys>>":
            family = "user"
        found.append(_Mark(family, match.start(), match.end()))
    return found


def _drafts(text: str, marks: list[_Mark]) -> list[Draft]:
    drafts: list[Draft] = []
    turns: list[Utterance] = []
    start = 0
    usual = _usual_gap(text, marks)
    breaks = _breaks(text, marks)
    for number, mark in enumerate(marks):
        stop = marks[number + 1].start if number + 1 < len(marks) else len(text)
        closes = number in breaks
        answered = bool(turns) and turns[-1].family in ANSWERERS
        parted = answered and mark.family in ASKERS and _is_parted(text, marks, number, usual)
        fresh = (
            parted
            or (mark.family == "system" and any(turn.family != "system" for turn in turns))
            or (mark.family == "question" and answered)
        )
        if turns and (closes or fresh):
            drafts.append(Draft(tuple(turns), start))
            turns = []
        piece = trimmed(text, mark.end, stop)
        if mark.family is not None and piece.end > piece.start:
            start = start if turns else mark.start
            turns.append(Utterance(mark.family, mark.family, (piece,)))
    if turns:
        drafts.append(Draft(tuple(turns), start))
    return drafts


def _breaks(text: str, marks: list[_Mark]) -> frozenset[int]:
    """The tokens that end a conversation; none where the same tokens also end the turn of an asker."""
    found = [
        number
        for number, mark in enumerate(marks)
        if mark.family is None and text[mark.start : mark.end].casefold() in _BREAKS
    ]
    ends_turns = any(number and marks[number - 1].family in ASKERS for number in found)
    return frozenset(() if ends_turns else found)


def _gap(text: str, marks: list[_Mark], number: int) -> int:
    """Line breaks between what was said before and the role token ``number``, closing tokens left out."""
    first = number
    while first and marks[first - 1].family is None:
        first -= 1
    closers = [text[mark.start : mark.end] for mark in marks[first:number]]
    between = text[marks[first].start : marks[number].start]
    for closer in closers:
        between = between.replace(closer, "", 1)
    low = marks[first].start
    while low and text[low - 1].isspace():
        low -= 1
    return between.count("\n") + text.count("\n", low, marks[first].start)


def _usual_gap(text: str, marks: list[_Mark]) -> int:
    """The smallest number of line breaks before a role token: how the turns of one conversation are set."""
    gaps = [_gap(text, marks, number) for number, mark in enumerate(marks) if number and mark.family is not None]
    return min(gaps, default=0)


def _is_parted(text: str, marks: list[_Mark], number: int, usual: int) -> bool:
    """Whether more line breaks than inside a conversation stand before a new question."""
    return _gap(text, marks, number) > max(usual, 1 if text[marks[number].end : marks[number].end + 1] == "\n" else 0)
