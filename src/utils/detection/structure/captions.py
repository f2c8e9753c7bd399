"""Captions whose cues name their speakers."""

from __future__ import annotations

from collections.abc import Sequence

from src.core.types import Section, Span
from src.utils.detection.structure.speakers import Said, to_drafts
from src.utils.detection.types import Finding


def find_in_captions(sections: Sequence[Section]) -> Finding | None:
    """The dialogue of all cues that name a speaker: sections of kind "turn" whose fields are named by the speaker."""
    entries: list[Said] = []
    position = 0
    for section in sections:
        names = {field.name for field in section.fields}
        if section.kind == "turn" and len(names) == 1 and names != {"text"}:
            pieces = (Span(position + field.span.start, position + field.span.end) for field in section.fields)
            entries.append(Said(names.pop(), tuple(pieces), position))
        position += len(section.text)
    if len({entry.speaker for entry in entries}) < 2:
        return None
    return Finding("captions", to_drafts(entries), 0.97, f"{len(entries)} captions with named speakers")
