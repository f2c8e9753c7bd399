"""Quizzes in Moodle's GIFT notation: ``::title:: question {=right ~wrong#remark}``.

Described at https://docs.moodle.org/en/GIFT_format. What is right is told, a question with a gap inside is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.core.types import Span
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import ends_as_question

_ITEM = re.compile(
    r"(?:::(?P<title>[^\n{}]{1,120}?)::[ \t]*\n?)?[ \t]*(?:\[(?:html|moodle|plain|markdown)\][ \t]*)?"
    r"(?P<asked>(?!//|\$CATEGORY:|::)[^\s{}](?:\\.|[^{}\\\n]|\n(?![ \t]*\n)){0,2000}?)(?<!\\)\{"
    r"(?P<told>(?:\\.|[^{}\\]){0,4000})\}(?P<behind>[^\n]*)"
)
_CHOICE = re.compile(
    r"(?P<mark>[=~])[ \t]*(?:%(?P<share>-?\d{1,3}(?:\.\d{1,5})?)%)?(?P<said>(?:\\.|[^=~#\\]|=(?=[ ]?>))*)"
)
_TRUTH = re.compile(r"\s*(?P<said>TRUE|FALSE|T|F)\s*(?:#[\s\S]*)?")
_FIGURE = re.compile(r"\s*#[ ]?(?P<said>-?\d[\d.,]{0,20})(?::[\d.,]{1,20}|\.\.-?[\d.,]{1,20})?\s*(?:#[\s\S]*)?")
_OPENS = re.compile(r"\{\s{0,20}(?:[=~#}]|T\b|TRUE\b|F\b|FALSE\b)")
_REMARK = re.compile(r"^(?://[^\n]*|\$CATEGORY:[^\n]*)$", re.MULTILINE)
_MIN_ITEMS = 2
_MOST = 0.6
_CONFIDENCE = 0.95
_MAX_ASKED = 2200
_GAP = re.compile(r"\n[ \t]*\n")
_REMARKS = re.compile(r"(?:(?://|\$CATEGORY:)[^\n]*\n|[ \t]*\n)*")
"""What stands above a question, and is none of it."""


def find_quiz(text: str) -> Finding | None:
    """Every question with what is right; None where braces hold something else, or most of the text is no quiz."""
    brace = text.find("{")
    if brace < 0 or not _OPENS.match(text, brace):
        return None
    items = []
    for item in _items(text):
        if not _is_choice(item["told"]):
            return None
        items.append(item)
    filled = len("".join(_REMARK.sub("", text).split()))
    if sum(len("".join(item[0].split())) for item in items) < _MOST * filled:
        return None
    if 2 * sum(bool(item["title"]) or ends_as_question(item["asked"]) for item in items) < len(items):
        return None
    drafts = tuple(_drafts(text, items))
    if len(drafts) < _MIN_ITEMS:
        return None
    return Finding("labelled pairs", drafts, _CONFIDENCE, f"{len(drafts)} questions of a quiz with what is right")


def _items(text: str) -> Iterator[re.Match[str]]:
    """The questions with their braces; each brace is looked back from once, to the first line of its paragraph."""
    position = 0
    while (brace := text.find("{", position)) >= 0:
        low = max(position, brace - _MAX_ASKED)
        first = max((gap.end() for gap in _GAP.finditer(text, low, brace)), default=_line_from(text, low))
        remarks = _REMARKS.match(text, first)
        found = _ITEM.match(text, remarks.end() if remarks else first)
        if found:
            yield found
        position = found.end() if found else brace + 1


def _line_from(text: str, place: int) -> int:
    """Where the line begins that begins at ``place`` or behind it."""
    return 0 if place == 0 else text.find("\n", place - 1) + 1 or len(text)


def _is_choice(told: str) -> bool:
    bare = told.strip()
    return not bare or bare[0] in "=~" or bool(_TRUTH.fullmatch(told) or _FIGURE.fullmatch(told))


def _drafts(text: str, items: list[re.Match[str]]) -> Iterator[Draft]:
    for item in items:
        asked = trimmed(text, *item.span("asked"))
        told = tuple(_told(text, item))
        if told and not item["behind"].strip():
            question = Utterance("question", "question", (asked,))
            yield Draft((question, Utterance("answer", "answer", told)), item.start())


def _told(text: str, item: re.Match[str]) -> Iterator[Span]:
    """What is right: of several ways to write it the first, but all pairs to match and all that earn a share."""
    begin, end = item.span("told")
    alone = _TRUTH.fullmatch(text, begin, end) or _FIGURE.fullmatch(text, begin, end)
    if alone:
        yield Span(*alone.span("said"))
        return
    choices = list(_CHOICE.finditer(text, begin, end))
    right = [choice for choice in choices if choice["mark"] == "=" and not (choice["share"] or "").startswith("-")]
    paired = [choice for choice in right if "->" in choice["said"]]
    shared = [choice for choice in choices if choice["share"] and float(choice["share"]) > 0]
    for choice in paired or right[:1] or shared:
        yield trimmed(text, *choice.span("said"))
