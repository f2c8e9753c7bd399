"""Dialogues that stand as JSON in a cell or value: ``[{"role": "user", "content": "..."}, ...]``."""

from __future__ import annotations

import json
import re

from src.core.types import Span
from src.utils.detection.structure.speakers import Said, behaves_like_dialogue, to_drafts
from src.utils.detection.types import Finding
from src.utils.detection.words.vocabulary import compact_key, json_keys

_OPENS = re.compile(r"\s*\[\s*\{\s*\"")
_OBJECT = re.compile(r"\{(?:[^{}\"]|\"(?:[^\"\\]|\\.)*+\")*+\}", re.DOTALL)
_STRING = re.compile(r"\"(?P<key>[^\"\\\n]{1,40})\"\s*:\s*\"(?P<value>(?:[^\"\\]|\\.)*+)\"", re.DOTALL)
_BREAK = re.compile(r"(?:\\r)?\\n")


def find_in_json(text: str) -> Finding | None:
    """The turns of a text that is one JSON list of objects with a speaker and words; None where it is not.

    Turns are slices of the text, and an escaped line break parts their pieces. Words with any other escape cannot be
    sliced as they were said, so such a list is left alone whole.
    """
    if not _OPENS.match(text):
        return None
    try:
        json.loads(text)
    except ValueError:
        return None
    entries = []
    for found in _OBJECT.finditer(text):
        values = {
            compact_key(one["key"]): Span(one.start("value"), one.end("value"))
            for one in _STRING.finditer(text, found.start(), found.end())
        }
        role = next((values[key] for key in json_keys("role") if key in values), None)
        said = next((values[key] for key in json_keys("text") if key in values), None)
        if role is None or said is None:
            return None
        pieces = _pieces(text, said)
        if any("\\" in text[slice(*piece)] for piece in pieces):
            return None
        entries.append(Said(text[slice(*role)], pieces, found.start()))
    if not behaves_like_dialogue(text, entries, trusted=False):
        return None
    return Finding("records of turns", to_drafts(entries), 0.97, f"a list of {len(entries)} turns in JSON")


def _pieces(text: str, said: Span) -> tuple[Span, ...]:
    pieces = []
    start = said.start
    for found in _BREAK.finditer(text, said.start, said.end):
        pieces.append(Span(start, found.start()))
        start = found.end()
    return (*pieces, Span(start, said.end))
