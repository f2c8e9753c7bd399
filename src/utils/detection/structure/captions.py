"""Captions whose cues name their speakers."""

from __future__ import annotations

from collections.abc import Sequence

from src.core.types import Section, Span
from src.utils.detection.structure.speakers import Said, to_drafts
from src.utils.detection.types import Finding


def find_in_captions(sections: Sequence[Section]) -> Finding | None:
    """The dialogue of all cues that name a speaker: sections of kind "turn" with one field, named by the speaker."""
    entries: list[Said] = []
    position = 0
    for section in sections:
        if section.kind == "turn" and len(section.fields) == 1 and section.fields[0].name != "text":
            field = section.fields[0]
            entries.append(Said(field.name, (Span(position + field.span.start, position + field.span.end),), position))
        position += len(section.text)
    if len({entry.speaker for entry in entries}) < 2:
        return None
    return Finding("captions", to_drafts(entries), 0.97, f"{len(entries)} captions with named speakers")
