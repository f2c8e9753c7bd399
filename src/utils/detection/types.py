"""What detection finds: turns as spans of the text, conversations, and the decision about a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple, TypeVar

from src.core.types import Role, Span

_Named = TypeVar("_Named", bound=tuple[Any, ...])

Family = Literal["question", "answer", "user", "assistant", "system"]
"""What a label word says of its turn: question and answer stand in pairs, user and assistant talk on."""

ASKERS: tuple[Family, ...] = ("question", "user")
ANSWERERS: tuple[Family, ...] = ("answer", "assistant")

ROLE_OF_FAMILY: dict[Family, Role] = {
    "question": "user",
    "user": "user",
    "answer": "assistant",
    "assistant": "assistant",
    "system": "system",
}


_MAX_TURN_WEIGHT = 4000
"""One long turn must not outweigh many short ones: a stray label "covers" all the text below it."""


def make_all(kind: type[_Named], rows: Iterable[tuple[Any, ...]]) -> Iterator[_Named]:
    """Named tuples of one kind from their values: long logs have millions, and a call for each takes three times as
    long."""
    return map(partial(tuple.__new__, kind), rows)


class Turn(NamedTuple):
    """One turn. Its content is the ``pieces`` of the document's text joined by line breaks; labels lie between them."""

    role: Role
    label: str
    pieces: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns that belong together. ``context`` is the nearest heading above, or else the passage before.

    ``rule`` names the rule that found it, ``confidence`` (0 to 1) how often such a rule is right. ``thread`` is the
    dialogue that it was cut from: the windows of one long log share it, any other conversation has its own span.
    """

    turns: tuple[Turn, ...]
    span: Span
    context: Span | None
    rule: str
    confidence: float
    thread: Span


@dataclass(frozen=True, slots=True)
class Detection:
    """The decision about one document. ``undecided`` means: may hold a dialogue, but no rule could cut it."""

    conversations: tuple[Conversation, ...]
    decision: str
    reasons: tuple[str, ...]
    undecided: bool


class Utterance(NamedTuple):
    """A turn before its role is decided: who speaks, and what the label says of the role."""

    speaker: str
    family: Family | None
    pieces: tuple[Span, ...]


class Draft(NamedTuple):
    """A conversation before roles are decided. ``start`` is where its first label begins, for the context."""

    utterances: tuple[Utterance, ...]
    start: int


def _at_most(size: int) -> int:
    return min(size, _MAX_TURN_WEIGHT)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found in a document, and why."""

    rule: str
    drafts: tuple[Draft, ...]
    confidence: float
    reason: str

    @property
    def weight(self) -> int:
        """Characters of content: what competing rules are compared by."""
        sizes = [sum([end - start for start, end in turn.pieces]) for draft in self.drafts for turn in draft.utterances]
        return sum(sizes) if not sizes or max(sizes) <= _MAX_TURN_WEIGHT else sum(map(_at_most, sizes))

    @property
    def turns(self) -> int:
        """Turns in all drafts."""
        return sum(len(draft.utterances) for draft in self.drafts)
