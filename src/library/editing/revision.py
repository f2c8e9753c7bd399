"""What a change makes of one stored sample, and the mark that it leaves on the sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from src.core.types import EDITED, EVIDENCE, JUDGED, OBJECTION, QUALITY_SCORE, REJECTED, Message, Sample, SplitName
from src.persistence.models import StoredSample

_OF_THE_FORMER_TEXT: Final = frozenset({QUALITY_SCORE, "scores", "scored_by", OBJECTION, JUDGED, EVIDENCE})
"""Keys of metadata by which somebody judged the text: they say nothing about another one."""


class Editor(NamedTuple):
    """Who changes samples, and by which command (``edit``, ``clean``, ``import-csv``, ``review``)."""

    name: str
    how: str


class Revision(NamedTuple):
    """What becomes of one sample: the row as it is to be stored; None: it is dropped, for ``reason``."""

    row: StoredSample | None
    reason: str = ""
    detail: str = ""


Revise = Callable[[StoredSample], Revision]
"""Asked twice about each sample, once to show what would happen: it must say the same both times."""


def keep(row: StoredSample) -> Revision:
    """The revision that changes nothing."""
    return Revision(row)


def rewrite(sample: Sample, messages: Sequence[Message], editor: Editor, *, rejected: str | None = None) -> Sample:
    """``sample`` with other turns, and with another worse answer where ``rejected`` is given; itself when both are what
    they were.

    A turn that keeps its words keeps the places that they were cut from; a changed one has none, and the sample says
    that it was edited. Where it came from stays: its file, span, group and the hash of that file's text. What was
    judged of the former text is taken off.
    """
    worse = sample.rejected if rejected is None else rejected
    turns = tuple(_with_pieces(message, place, sample.messages) for place, message in enumerate(messages))
    if _said(turns) == _said(sample.messages) and worse == sample.rejected:
        return sample
    metadata = {key: value for key, value in sample.metadata.items() if key not in _OF_THE_FORMER_TEXT}
    if worse != sample.rejected:
        metadata.pop("flaw", None)
    metadata.pop(REJECTED, None)
    metadata |= {REJECTED: worse} if worse else {}
    first = sample.metadata.get(EDITED, {}).get("of", sample.id)
    return replace(
        sample, messages=turns, metadata={**metadata, EDITED: {"of": first, "by": editor.name, "how": editor.how}}
    )


def is_same_text(before: Sample, after: Sample) -> bool:
    """Whether two samples say the same, worse answer included."""
    return _said(before.messages) == _said(after.messages) and before.rejected == after.rejected


def is_same(before: StoredSample, after: StoredSample) -> bool:
    """Whether nothing of a sample changed that a version would store."""
    return before.sample == after.sample and before.split == after.split


def with_labels(row: StoredSample, keywords: Sequence[str], split: SplitName | None) -> StoredSample:
    """``row`` under other keywords and on another side."""
    return replace(row, sample=replace(row.sample, topic_keywords=tuple(keywords)), split=split)


def _with_pieces(message: Message, place: int, former: Sequence[Message]) -> Message:
    was = former[place] if place < len(former) else None
    same = was is not None and was.content == message.content
    return replace(message, pieces=was.pieces if was is not None and same else ())


def _said(messages: Sequence[Message]) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in messages]
