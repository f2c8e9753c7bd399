"""Prompts in one line: roles behind hash signs (``### Human: Hi### Assistant: Hello``), or in capitals between the
tokens that end a sequence (``USER: Hi ASSISTANT: Hello</s>USER: ...``)."""

from __future__ import annotations

import re
from itertools import pairwise

from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Finding, Utterance
from src.utils.detection.words.vocabulary import read_label

_MARK = re.compile(r"#{2,4}[ ]?(?P<word>[^\W\d_]{2,20}(?:[ ][^\W\d_]{2,12})?)[ ]?[:：][ \t]*")
_SEQUENCE = re.compile(
    r"(?:USER|HUMAN): (?P<asked>(?:(?!ASSISTANT: |USER: |HUMAN: |</s>).)+)"
    r"ASSISTANT: (?P<told>(?:(?!ASSISTANT: |USER: |HUMAN: |</s>).)+)</s>\s*",
    re.DOTALL,
)
_MAX_PROMPT = 400
_END = "</s>"
_QUOTES = "`\"'“‘«("
_FENCE = "```"
_CONFIDENCE = 0.95


def find_hashed_roles(text: str) -> Finding | None:
    """The turns of a text that begins with such a role, where others run on behind what was said. Marks that
    mostly begin lines are headings, which other rules read; so do texts that only tell of the format."""
    if "ASSISTANT: " in text and _END in text:
        return _in_capitals(text)
    start = len(text) - len(text.lstrip())
    if not text.startswith("##", start):
        return None
    found = [
        (match, family)
        for match in _MARK.finditer(text, start)
        if (family := read_label(match["word"]).family) and not _is_quoted(text, match.start())
    ]
    families = {family for _, family in found}
    if families.isdisjoint(ASKERS) or families.isdisjoint(ANSWERERS) or found[0][0].start() != start:
        return None
    if 2 * sum(text[match.start() - 1] not in "\n " for match, _ in found[1:]) < len(found) - 1:
        return None
    stops = [*(match.start() for match, _ in found[1:]), len(text)]
    turns = [
        Utterance(match["word"].casefold(), family, (piece,))
        for (match, family), stop in zip(found, stops, strict=True)
        if (piece := trimmed(text, match.end(), stop)).end > piece.start
    ]
    if not any(one.family in ASKERS and other.family in ANSWERERS for one, other in pairwise(turns)):
        return None
    draft = Draft(tuple(turns), start)
    return Finding("chat template", (draft,), _CONFIDENCE, f"{len(turns)} turns behind hash signs that run on")


def _is_quoted(text: str, mark: int) -> bool:
    """Whether a mark is told of: behind a quotation mark, or in a span of code, which the end of a fence opens not."""
    return text[max(0, mark - 1) : mark] in tuple(_QUOTES) and text[max(0, mark - 3) : mark] != _FENCE


def _in_capitals(text: str) -> Finding | None:
    """The sequences that fill the text, each of a question and an answer; what stands before the first is the system's
    prompt."""
    found = list(_SEQUENCE.finditer(text))
    if not found or any(one.end() != other.start() for one, other in pairwise(found)) or found[-1].end() < len(text):
        return None
    prompt = trimmed(text, 0, found[0].start())
    if prompt.end - prompt.start > _MAX_PROMPT or "\n" in text[slice(*prompt)]:
        return None
    turns = [Utterance("system", "system", (prompt,))] if prompt.end > prompt.start else []
    for match in found:
        turns.append(Utterance("user", "user", (trimmed(text, *match.span("asked")),)))
        turns.append(Utterance("assistant", "assistant", (trimmed(text, *match.span("told")),)))
    reason = f"{len(found)} sequences of roles in capitals"
    return Finding("chat template", (Draft(tuple(turns), found[0].start()),), _CONFIDENCE, reason)
