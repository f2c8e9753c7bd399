"""Messages with times behind heads that are known: one line each as it stands, longer ones by their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from src.core.types import Span
from src.utils.detection.lines.lines import index_part
from src.utils.detection.long_texts.heads import Head, Heads
from src.utils.detection.long_texts.plain_turns import one_lines
from src.utils.detection.messages.message_lines import is_placeholder
from src.utils.detection.messages.stamped import Message, pieces_of
from src.utils.detection.types import Draft, Utterance, make_all

_NEAR = 4
"""Heads below a message among which the next speaker is."""


@dataclass(frozen=True, slots=True)
class RegularChat:
    """A chat whose heads are known."""

    heads: Heads

    def read(self, text: str) -> Sequence[Draft]:
        """The messages of ``text``, one conversation; each ends at the next head, or at a line of the program."""
        heads = [*self.heads.find(text), Head(len(text), len(text), None, None)]
        starts, stops = [head.text_start for head in heads[:-1]], [head.start for head in heads[1:]]
        turns = [
            (word.key, word.family, said or _said_in_lines(text, head, word.key, heads[number : number + _NEAR]))
            for number, (head, said) in enumerate(zip(heads, one_lines(text, starts, stops), strict=False), start=1)
            if (word := head.word)
        ]
        spoken = tuple(make_all(Utterance, [turn for turn in turns if turn[2] and not is_placeholder(text, turn[2])]))
        return [Draft(spoken, next(head.start for head in heads if head.word))] if spoken else []


def _said_in_lines(text: str, head: Head, speaker: str, following: Sequence[Head]) -> tuple[Span, ...]:
    stop = following[0].start
    behind = text.find("\n", stop) + 1 or len(text)
    lines = index_part(text, head.start, behind if stop < len(text) else stop)
    below = head.text_start >= lines[0].end
    message = Message(speaker, 0, int(below), head.text_start, len(lines) - (stop < len(text)))
    return pieces_of(text, lines, message, next((other.word.key for other in following if other.word), ""))
