"""Reads WebVTT and SubRip captions: one turn per cue, with its speaker where the file names one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.decode import read_lines
from src.utils.extractors.sections import Warn, clean_text, ignore_warning, record

_TIMING = re.compile(r"\s*((?:\d+:)?\d{1,2}:\d{2}(?:[.,:]\d{1,3})?)\s*-+>\s*(?:\d+:)?\d{1,2}:\d{2}\b")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}")


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a .vtt or .srt file. Raises InputFileError when no cue has a timing."""
    found = False
    lines = read_lines(path, warn)
    first = clean_text(next(lines, ""))
    # An empty line ends a WebVTT cue, and notes may follow; SubRip files have empty lines inside cues, too.
    for start, cue in _cues(chain([first], lines), gap_ends=first.startswith("WEBVTT")):
        found = True
        yield from _turns(cue, start)
    if not found:
        raise InputFileError(
            f"{path.name} holds no captions.", fix="Check the file: every caption needs a line 00:01 --> 00:02."
        )


def _cues(lines: Iterable[str], *, gap_ends: bool) -> Iterator[tuple[str, list[str]]]:
    """(start time, lines of the cue); a cue ends at the next timing, and at an empty line where ``gap_ends``."""
    start = ""
    cue: list[str] = []
    for line in lines:
        timing = _TIMING.match(line)
        if timing:
            if start:
                yield start, _without_number(cue)
            start, cue = timing[1], []
        elif gap_ends and not line.strip():
            if start:
                yield start, cue
            start, cue = "", []
        elif start:
            cue.append(line.strip())
    if start:
        yield start, cue


def _without_number(cue: list[str]) -> list[str]:
    """A cue without the number of the next one, which stands alone before its timing."""
    while cue and not cue[-1]:
        cue.pop()
    return cue[:-1] if cue and cue[-1].isdigit() else cue


def _turns(lines: list[str], start: str) -> Iterator[Section]:
    """A cue may hold several voices; each is a turn with a field named by the speaker."""
    pieces = _VOICE.split("\n".join(filter(None, lines)))
    voices = zip(pieces[1::2], pieces[2::2], strict=True)
    for speaker, text in [("", pieces[0]), *voices]:
        plain = html.unescape(_TAG.sub("", text)).strip()
        if plain:
            name = html.unescape(speaker).strip()
            yield record([(name, name, plain)] if name else [("", "text", plain)], start, "turn")
