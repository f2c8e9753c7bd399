"""The nouns of chat logs: what was said in a conversation, and question with answer once the noise is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Speaker = Literal["user", "assistant"]
Mark = Literal["", "interrupt", "hidden", "refused", "disliked", "abandoned"]
"""What a turn is beside its text. ``interrupt`` and ``hidden`` mark turns of the user that hold no text to keep: the
answer before was stopped; the answer that follows replies to something the log does not show. The others mark answers:
the model declined, the user disliked it, it was not finished."""


class Turn(NamedTuple):
    """What one side said, cleaned of the program's own noise."""

    role: Speaker
    text: str
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one conversation in their order, of the branch that was last open.

    ``id`` is the log's own name for it, "" where it has none. ``root`` names what branches and copies of it share.
    ``places`` are the folders in which it took place: they may hold the name of an account.
    """

    format: str
    id: str
    turns: tuple[Turn, ...]
    root: str = ""
    places: tuple[str, ...] = ()


class Exchange(NamedTuple):
    """A question and its answer; ``flaw`` is why nobody should learn from it, "" for nothing."""

    question: str
    answer: str
    flaw: str = ""


INTERRUPT = Turn("user", "", "interrupt")
HIDDEN = Turn("user", "", "hidden")
