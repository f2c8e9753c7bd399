"""Reads WebVTT and SubRip captions: one turn per cue, with its speaker where the file names one."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Field, Section
from src.utils.extractors.decode import read_lines
from src.utils.extractors.sections import Warn, clean_text, ignore_warning, record

_TIMING = re.compile(r"\s*((?:\d+:)?\d{1,2}:\d{2}(?:[.,:]\d{1,3})?)\s*-+>\s*(?:\d+:)?\d{1,2}:\d{2}\b")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>", re.IGNORECASE)
_NAMED_NUMBER = re.compile(r'\d+\s+"([^"<>]+)"(?:\s+\(\d+\))?')
_NAMED_LINE = re.compile(r"([^\W\d_][^:<>]{0,40}):\s+(?=\S)")
_SOUND = re.compile(r"[\[(♪].*[\])♪]", re.DOTALL)
_NOBODY = "text"
_SAMPLE_CUES = 500
_NAMED_SHARE = 0.3
"""Programs that cut a long turn into several cues name its speaker in the first of them only."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}")


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a .vtt or .srt file. Raises InputFileError when no cue has a timing."""
    lines = read_lines(path, warn)
    first = clean_text(next(lines, ""))
    # An empty line ends a WebVTT cue, and notes may follow; SubRip files have empty lines inside cues, too.
    cues = _cues(chain([first], lines), gap_ends=first.startswith("WEBVTT"))
    sample = list(islice(cues, _SAMPLE_CUES))
    names = _written_names([cue for _, cue in sample])
    turns = chain.from_iterable(_turns(_with_voice(cue, names), start) for start, cue in chain(sample, cues))
    yield from _continued(turns) if names else turns
    if not sample:
        raise InputFileError(
            f"{path.name} holds no captions.", fix="Check the file: every caption needs a line 00:01 --> 00:02."
        )


def _cues(lines: Iterable[str], *, gap_ends: bool) -> Iterator[tuple[str, list[str]]]:
    """(start time, lines of the cue); a cue ends at the next timing, and at an empty line where ``gap_ends``.

    A name that stands in the number of the cue, as in ``7 "Ann Lee" (2041)``, becomes its voice.
    """
    start = before = ""
    cue: list[str] = []
    for line in lines:
        timing = _TIMING.match(line)
        if timing:
            if start:
                yield start, _without_number(cue)
            named = _NAMED_NUMBER.fullmatch(before.strip())
            start, cue = timing[1], [f"<v {named[1]}>"] if named else []
        elif gap_ends and not line.strip():
            if start:
                yield start, cue
            start, cue = "", []
        elif start:
            cue.append(line.strip())
        before = line
    if start:
        yield start, cue


def _without_number(cue: list[str]) -> list[str]:
    """A cue without the number of the next one, which stands alone before its timing."""
    while cue and not cue[-1]:
        cue.pop()
    return cue[:-1] if cue and (cue[-1].isdigit() or _NAMED_NUMBER.fullmatch(cue[-1])) else cue


def _written_names(cues: Sequence[list[str]]) -> frozenset[str]:
    """The names that stand before what is said, as in ``Ann Lee: Hello``; none where there is no dialogue of them."""
    counts = Counter(found[1] for cue in cues if (found := _NAMED_LINE.match(next(iter(cue), ""))))
    names = frozenset(name for name, count in counts.items() if count > 1)
    enough = sum(counts[name] for name in names) >= _NAMED_SHARE * len(cues)
    return names if len(names) > 1 and enough else frozenset()


def _with_voice(cue: list[str], names: frozenset[str]) -> list[str]:
    found = _NAMED_LINE.match(cue[0]) if names and cue else None
    if found is None or found[1] not in names:
        return cue
    return [f"<v {found[1]}>{cue[0][found.end() :]}", *cue[1:]]


def _continued(turns: Iterable[Section]) -> Iterator[Section]:
    """Who was named last goes on in a cue that names nobody, unless that tells of a sound."""
    speaker = ""
    for section in turns:
        name, span = section.fields[0]
        if name != _NOBODY:
            speaker = name
        goes_on = name == _NOBODY and speaker and not _SOUND.fullmatch(section.text.strip())
        yield section._replace(fields=(Field(speaker, span),)) if goes_on else section


def _turns(lines: list[str], start: str) -> Iterator[Section]:
    """A cue may hold several voices; each is a turn with a field named by the speaker."""
    pieces = _VOICE.split("\n".join(filter(None, lines)))
    voices = zip(pieces[1::2], pieces[2::2], strict=True)
    for speaker, text in [("", pieces[0]), *voices]:
        plain = html.unescape(_TAG.sub("", text)).strip()
        if plain:
            name = html.unescape(speaker).strip()
            yield record([(name, name, plain)] if name else [("", _NOBODY, plain)], start, "turn")
