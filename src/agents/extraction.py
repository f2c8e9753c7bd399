"""From a detected conversation to a verbatim sample: only cut and left out, never written."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from typing import Any

from src.core.types import Message, Rejection, Role, Sample, SourceDocument, Span
from src.utils.detection.types import Conversation, Turn

_MAX_LABEL_CHARS = 80
"""What stands before a turn on its line is a label up to this length; a longer line holds something else too."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document with its sections indexed: many conversations are cut from it, and its text is never joined."""

    document: SourceDocument
    section_starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, document: SourceDocument) -> SourceText:
        """Index a document."""
        lengths = (len(section.text) for section in document.sections)
        return cls(document, tuple(accumulate(lengths, initial=0)))

    @property
    def length(self) -> int:
        """Characters of the whole text."""
        return self.section_starts[-1]

    def locate(self, position: int) -> str:
        """The locator of the section that holds the character at ``position``; "" past the end."""
        index = bisect_right(self.section_starts, position) - 1
        sections = self.document.sections
        return sections[index].locator if 0 <= index < len(sections) else ""

    def cut(self, pieces: Iterable[Span]) -> str:
        """The pieces of the text, joined by line breaks."""
        return "\n".join([self.read(start, end) for start, end in pieces])

    def read(self, start: int, end: int) -> str:
        """The characters from ``start`` up to ``end``, as far as there are any."""
        starts, sections = self.section_starts, self.document.sections
        after = bisect_right(starts, start)
        if 0 < after < len(starts) and start <= end <= starts[after]:  # nearly every piece lies in one section
            begin = starts[after - 1]
            return sections[after - 1].text[start - begin : end - begin]
        first = max(0, after - 1)
        return "".join(
            section.text[max(0, start - begin) : max(0, end - begin)]
            for section, begin in zip(sections[first : bisect_left(starts, end)], starts[first:], strict=False)
        )


@dataclass(frozen=True, slots=True)
class Cutting:
    """How samples are cut: the shortest that count, with the ``context`` of a conversation or without, and whether a
    conversation stays ``whole`` where training could not use all of it."""

    min_turns: int
    context: bool = True
    whole: bool = False


def to_sample(source: SourceText, conversation: Conversation, cutting: Cutting) -> Sample | Rejection:
    """The sample of a conversation, or a Rejection (too_few_turns, not_verbatim).

    What training cannot use is left out, unless it is to stay whole: turns of the answering side before the first
    question, and a last turn that nobody answers; and turns of one side in a row become one turn of all their pieces.
    """
    name = source.document.name
    turns = conversation.turns if cutting.whole else _answered(_merged(conversation.turns))
    spoken = len(turns) - [role for role, _, _ in turns].count("system")
    if spoken < cutting.min_turns:
        detail = f"{spoken} of {len(conversation.turns)} turns can be used; min_turns is {cutting.min_turns}"
        return Rejection("too_few_turns", detail, None, name, conversation.span)
    sample = Sample(
        messages=tuple([Message(role, source.cut(pieces), pieces) for role, _, pieces in turns]),
        origin="extracted",
        source_file=name,
        span=conversation.span,
        group=group_name(source.document, conversation),
        locator=source.locate(turns[0].pieces[0].start),
        metadata=_metadata(source, conversation, len(turns), context=cutting.context),
    )
    problem = find_mismatch(sample, source)
    return Rejection("not_verbatim", problem, sample, name, conversation.span) if problem else sample


def find_mismatch(sample: Sample, source: SourceText) -> str:
    """Why a sample is not word for word what its source says; "" when it is.

    Every turn must have pieces, they must lie inside the text and nowhere twice, and cutting them again must give the
    content. They need not ascend: exports that begin with the newest message are read from their end.
    """
    for number, message in enumerate(sample.messages, start=1):
        if not message.pieces or not message.content.strip():
            return f"turn {number} is empty"
        if any(not 0 <= start <= end <= source.length for start, end in message.pieces):
            return f"turn {number} is cut outside of the text"
        if source.cut(message.pieces) != message.content:
            return f"turn {number} differs from its source"
    said = 0
    for start, end in sorted([piece for message in sample.messages for piece in message.pieces]):
        if start < said:
            return "two turns share a part of the source"
        said = end
    return ""


def _merged(turns: Iterable[Turn]) -> list[Turn]:
    merged: list[Turn] = []
    for role, group in groupby(turns, key=lambda turn: turn.role):
        same = list(group)
        merged.append(Turn(role, same[0].label, tuple(piece for turn in same for piece in turn.pieces)))
    return merged


def _answered(turns: list[Turn]) -> list[Turn]:
    """From the first user turn (and a system turn before it) to the last answer."""
    roles: list[Role] = [turn.role for turn in turns]
    if "user" not in roles or "assistant" not in roles:
        return []
    first, last = roles.index("user"), len(roles) - roles[::-1].index("assistant")
    system = [turns[0]] if roles[0] == "system" else []
    spoken = [turn for turn in turns[first:last] if turn.role != "system"]
    return system + _merged(spoken)


def group_name(document: SourceDocument, conversation: Conversation) -> str:
    """What a split must keep together: the windows of one long log, and everything that a model found in one document
    (its windows overlap by a turn); every other conversation stands alone."""
    return f"{document.name}#{conversation.thread.start}-{conversation.thread.end}"


def _metadata(source: SourceText, conversation: Conversation, kept_turns: int, *, context: bool) -> dict[str, Any]:
    roles: dict[str, str] = {}
    for role, label, _ in conversation.turns:
        if label and label not in roles:
            roles[label] = role
    found: dict[str, Any] = {
        "rule": conversation.rule,
        "confidence": conversation.confidence,
        "roles": roles,
        "text_sha256": source.document.sha256,
    }
    if kept_turns != len(conversation.turns):
        found["turns_in_source"] = len(conversation.turns)
    if context and conversation.context is not None:
        found["context"] = source.read(*conversation.context).strip()
    return found


def covered_span(source: SourceText, conversation: Conversation) -> Span:
    """Everything of the source that belongs to a conversation: its span, its pieces, and the rest of the lines where
    these begin and end (a label, a list mark, the border of a table)."""
    pieces = [conversation.span, *(piece for turn in conversation.turns for piece in turn.pieces)]
    start, end = min(piece.start for piece in pieces), max(piece.end for piece in pieces)
    before = source.read(max(0, start - _MAX_LABEL_CHARS), start)
    label = len(before) - before.rfind("\n") - 1
    rest = source.read(end, end + _MAX_LABEL_CHARS).find("\n")
    return Span(start - label if "\n" in before or len(before) == start else start, end + max(0, rest))
