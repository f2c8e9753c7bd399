"""Whether messages with times are a talk: a timetable, a log and a history of changes are none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from src.utils.detection.lines.speech import is_personal
from src.utils.detection.types import Draft

_ADDRESS = re.compile(r"<[^<>\s]{1,60}@[^<>\s]{1,60}>")
_QUESTION = re.compile(r"[^\s/&=][ \u00a0\u202f]?[?？؟՞](?=[\s\"'”’»)\]!?*_]|[^\x00-\x7f]|$)")
"""A question mark at the end of words, not one inside an address."""
_ENDS = ".!。！…)😀"
_MANY = 20
"""Messages of a chat that need no full stops: fewer may be the points of an agenda."""
_PER_NAME = 4
_FAMILIAR_SHARE = 0.3
"""The share of those who speak to each other, among few people who write short lines without full stops."""
_FACE = re.compile("[\U0001f440-\U0001f450\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a\u2764]")
"""Faces, hands and hearts; tools and animals also stand in work logs."""
_LIVELY = "!！…😀"


def is_spoken(text: str, drafts: Sequence[Draft], *, ranged: bool) -> bool:
    """Whether people talk here: they ask, or few of them say sentences in turns; a timetable or a log does neither.

    ``ranged``: the headers give a beginning and an end, as only transcripts do."""
    turns = [turn for draft in drafts for turn in draft.utterances]
    contents = ["\n".join(text[piece.start : piece.end] for piece in turn.pieces[:3])[:400] for turn in turns]
    if len(contents) < 2:
        return False
    if sum(_ADDRESS.match(content) is not None for content in contents) * 2 > len(contents):
        return False  # the heads of a file of changes
    asking = sum(_QUESTION.search(content) is not None for content in contents)
    ended = sum(_is_ended(content) for content in contents)
    names = Counter(turn.speaker for turn in turns)
    if asking:
        personal = is_personal(contents, _FAMILIAR_SHARE) if _are_few(names, contents) else is_personal(contents)
        return asking * 25 >= len(contents) and (
            ended * 4 >= len(contents) or asking * 6 >= len(contents) >= _MANY or personal
        )
    returning = sum(count > 1 for count in names.values())
    lively = any(mark in content for content in contents for mark in _LIVELY)
    sentences = sum(content.rstrip()[-1:] in ".!。！…" for content in contents)
    if len(contents) >= _MANY:
        return returning > 0 and is_personal(contents)
    return ranged or (returning > 0 and (lively or sentences * 2 >= len(contents)))


def _is_ended(content: str) -> bool:
    """Whether words end as people end them: with a sentence, a question, a face or a hand."""
    last = content.rstrip("\ufe0f\u200d\n ")[-1:]
    return last in _ENDS or _FACE.fullmatch(last) is not None or _QUESTION.search(content) is not None


def _are_few(names: Counter[str], contents: Sequence[str]) -> bool:
    """Whether a few people write most of many messages."""
    return len(contents) >= _MANY and len(names) * _PER_NAME <= len(contents)


def is_talk(text: str, drafts: Sequence[Draft]) -> bool:
    """Whether the messages below fields are meant for each other, as those of a history of changes are not."""
    turns = [turn for draft in drafts for turn in draft.utterances]
    contents = ["\n".join(text[piece.start : piece.end] for piece in turn.pieces[:3])[:400] for turn in turns]
    return is_personal(contents)
