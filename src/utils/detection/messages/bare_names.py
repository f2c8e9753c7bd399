"""Chats that set nothing but a space behind a name: ``19:02 ida anyone at the yard?`` Only few people who ask and
answer each other tell such names from the first words of a timetable or a diary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from src.utils.detection.lines.speech import asks, is_personal
from src.utils.detection.messages.headers import BARE, Header
from src.utils.detection.types import Draft
from src.utils.detection.words.vocabulary import words

_MIN_MESSAGES = 6
_PER_NAME = 3
_MIN_ASKED = 2
_COVER = 0.9


def are_bare_names(headers: Sequence[Header], stamped: int) -> bool:
    """Whether the first words behind nearly all of the times are a few that all come back, and no pronouns."""
    names = Counter(header.name.casefold() for header in headers)
    if len(headers) < max(_MIN_MESSAGES, _COVER * stamped) or len(names) * _PER_NAME > len(headers):
        return False
    said = words("first_person") | words("second_person") | words("going_on") | words("replies")
    return min(names.values()) > 1 and said.isdisjoint(names)


def ask_each_other(text: str, drafts: Sequence[Draft]) -> bool:
    """Whether questions are left to others, and many messages are said to somebody even without them."""
    turns = [turn for draft in drafts for turn in draft.utterances if turn.pieces]
    contents = [text[turn.pieces[0].start : turn.pieces[-1].end] for turn in turns]
    asked = sum(
        asks(content) and one.speaker != other.speaker
        for (one, content), (other, _) in pairwise(zip(turns, contents, strict=True))
    )
    rest = [content for content in contents if not asks(content)]
    return asked >= _MIN_ASKED and is_personal(rest)


def is_bare(shape: str) -> bool:
    """Whether the headers of this shape end with a name and a space."""
    return shape.endswith(BARE)
