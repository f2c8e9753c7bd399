"""Reads WebVTT and SubRip captions: one turn per cue, with its speaker where the file names one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.decode import read_lines
from src.utils.extractors.sections import Warn, ignore_warning, record

_TIMING = re.compile(r"\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}")


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a .vtt or .srt file. Raises InputFileError when no cue has a timing."""
    found = False
    for start, lines in _cues(read_lines(path, warn)):
        found = True
        yield from _turns(lines, start)
    if not found:
        raise InputFileError(
            f"{path.name} holds no captions.", fix="Check the file: every caption needs a line 00:01 --> 00:02."
        )


def _cues(lines: Iterator[str]) -> Iterator[tuple[str, list[str]]]:
    """(start time, lines of the cue); a cue ends at an empty line or at the next timing."""
    start = ""
    cue: list[str] = []
    for line in lines:
        timing = _TIMING.match(line)
        if timing:
            if start:
                yield start, cue[:-1] if cue and cue[-1].strip().isdigit() else cue
            start, cue = timing[1], []
        elif not line.strip():
            if start:
                yield start, cue
            start, cue = "", []
        elif start:
            cue.append(line.rstrip("\n"))
    if start:
        yield start, cue


def _turns(lines: list[str], start: str) -> Iterator[Section]:
    """A cue may hold several voices; each is a turn with a field named by the speaker."""
    pieces = _VOICE.split("\n".join(lines))
    voices = zip(pieces[1::2], pieces[2::2], strict=True)
    for speaker, text in [("", pieces[0]), *voices]:
        plain = html.unescape(_TAG.sub("", text)).strip()
        if plain:
            name = html.unescape(speaker).strip()
            yield record([(name, name, plain)] if name else [("", "text", plain)], start, "turn")
