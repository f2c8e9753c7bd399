"""Reads WebVTT and SubRip captions: one turn per cue, with its speaker where the file names one."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from src.core.errors import InputFileError
from src.core.types import Field, Section, Span
from src.utils.extractors.decode import read_lines
from src.utils.extractors.sections import Warn, clean_text, ignore_warning, record

_TIMING = re.compile(r"\s*((?:\d+:)?\d{1,2}:\d{2}(?:[.,:]\d{1,3})?)\s*-+>\s*(?:\d+:)?\d{1,2}:\d{2}\b")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>", re.IGNORECASE)
_NAMED_NUMBER = re.compile(r'\d+\s+"([^"<>]+)"(?:\s+\(\d+\))?')
_NAMED_LINE = re.compile(
    r"(?P<change>>{2,3}\s*|[-–—]\s*)?"
    r"(?:(?P<open>[(\[])(?P<inside>[^\W\d_][^:<>()\[\]]{0,40})[)\]][:：]?|(?P<name>[^\W\d_][^:：<>]{0,40})[:：])"
    r"\s+(?=\S)"
)
"""A name before what is said: ``Ann Lee: Hello``, ``>> ANN LEE: Hello``, ``(ANN) Hello``, ``[SPEAKER_00] Hello``."""
_CHANGE = re.compile(r">{2,3}\s*")
_SOUND = re.compile(r"[\[(♪].*[\])♪]", re.DOTALL)
_NOBODY = "text"
_SAMPLE_CUES = 500
_NAMED_LINES = 4
_NAMED_SHARE = 0.3
_SET_OFF_SHARE = 0.03
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
    voiced = ((start, _with_voices(cue, names) if names else cue) for start, cue in chain(sample, cues))
    turns = chain.from_iterable(_turns(cue, start) for start, cue in voiced)
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


class _Names(NamedTuple):
    """The names of a file's speakers, and the forms of lines (``_form``) that name one whoever it is."""

    known: frozenset[str]
    forms: frozenset[str]

    def read(self, line: str) -> tuple[str, str]:
        """(who speaks, what is said); ("", line) for a line that names none of them."""
        found = _NAMED_LINE.match(line)
        if found and (_name(found) in self.known or _form(found) in self.forms):
            return _name(found), line[found.end() :]
        return "", line


def _written_names(cues: Sequence[list[str]]) -> _Names | None:
    """The names that stand before what is said; None where there is no dialogue of them.

    Names that come back are some; behind a sign, in brackets or in capitals fewer are enough, and one may come once.
    """
    found = [match for cue in cues for line in cue[:_NAMED_LINES] if (match := _NAMED_LINE.match(line))]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for match in found:
        counts[_form(match)][_name(match)] += 1
    known: set[str] = set()
    forms = set()
    for form, names in counts.items():
        again = {name for name, count in names.items() if count > 1}
        least = _SET_OFF_SHARE if form else _NAMED_SHARE
        if len(again) > 1 and sum(names[name] for name in again) >= least * len(cues):
            known |= again
            if form and len(again) * 2 >= len(names):
                forms.add(form)
    return _Names(frozenset(known), frozenset(forms)) if known else None


def _name(found: re.Match[str]) -> str:
    return (found["name"] or found["inside"]).strip()


def _form(found: re.Match[str]) -> str:
    """How a name is set off from what is said: by a sign before it, brackets, capitals; "" by the colon alone."""
    change = (found["change"] or "").strip()
    capitals = "A" if _name(found).isupper() and len(_name(found)) > 1 else ""
    if found["open"] and _name(found).islower():
        return ""  # "(laughs)"
    return change[:1] + (found["open"] or capitals)


def _with_voices(cue: list[str], names: _Names) -> list[str]:
    """The lines of a cue with the speakers that they name as voices."""
    read = (names.read(line) for line in cue)
    return [f"<v {name}>{said}" if name else said for name, said in read]


def _continued(turns: Iterable[Section]) -> Iterator[Section]:
    """Who was named last goes on in a cue that names nobody, unless that tells of a sound; a bare ``>>`` hands over to
    the one who spoke before."""
    speaker = other = ""
    for section in turns:
        name, span = section.fields[0]
        change = _CHANGE.match(section.text) if name == _NOBODY else None
        if name not in (_NOBODY, speaker):
            speaker, other = name, speaker
        elif change and other:
            speaker, other = other, speaker
            span = Span(change.end(), span.end)
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
