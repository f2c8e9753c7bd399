"""What detection finds: turns as spans of the text, conversations, and the decision about a document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from src.core.types import Role, Span

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

    def moved(self, by: int) -> Conversation:
        """The same conversation in a text that has ``by`` characters more before it."""
        turns = tuple(
            [
                Turn(turn.role, turn.label, tuple([Span(start + by, end + by) for start, end in turn.pieces]))
                for turn in self.turns
            ]
        )
        context = _moved(self.context, by) if self.context else None
        return replace(self, turns=turns, span=_moved(self.span, by), context=context, thread=_moved(self.thread, by))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


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
