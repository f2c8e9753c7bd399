"""Who asked or answered, and when: lines at the edges of questions and answers that are no part of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from src.core.types import Span
from src.utils.detection.lines.name_forms import are_capitalised
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Family, Finding, Utterance
from src.utils.detection.words.moments import find_moment
from src.utils.detection.words.signs import SENTENCE_ENDS

_KEY = re.compile(r"[*_]{0,2}(?P<key>[^\W\d_][^\n:：|]{0,24}?)[ ]?[*_]{0,2}[:：]")
_HOUR = re.compile(r"\d{1,2}[:h]\d{2}(?::\d{2})?", re.IGNORECASE)
_CLOSERS = " \t*_\"'”’»)）"
_MAX_LENGTH = 80
_MAX_WORDS = 7
_MIN_TURNS = 3
_SHARE = 0.75
_RULES = ("labelled", "questions as")
"""The beginnings of the rules whose questions and answers people send in."""


def without_bylines(text: str, finding: Finding) -> Finding:
    """``finding`` without the lines that open its questions with the same word, a colon and a date, and without the
    names below most of its answers and questions: where both are signed, or a few names come back below one side. A
    line in capitals may as well be a place or the title that was asked for."""
    if not finding.rule.startswith(_RULES):
        return finding
    drafts = list(finding.drafts)
    asked, told = (
        [turn for draft in drafts for turn in draft.utterances if turn.family in side and turn.pieces]
        for side in (ASKERS, ANSWERERS)
    )
    key = _common_key(text, asked)
    both = bool(_names_below(text, asked) and _names_below(text, told))
    for side, turns in ((ASKERS, asked), (ANSWERERS, told)):
        names = _names_below(text, turns)
        signed = bool(names) and (both or len(set(names)) * 2 <= len(names) + 1)
        if signed:
            drafts = _with_last_cut(text, drafts, turns[-1], set(names))
        opening = key if side is ASKERS else ""
        if opening or signed:
            drafts = [
                draft._replace(
                    utterances=tuple(_cut(text, turn, side, opening, signed=signed) for turn in draft.utterances)
                )
                for draft in drafts
            ]
    return replace(finding, drafts=tuple(drafts))


def _names_below(text: str, turns: Sequence[Utterance]) -> list[str]:
    """The names in the last lines of ``turns``, where most have one; else nothing."""
    names = [_last_line(text, turn) for turn in turns if _signature(text, turn) >= 0]
    return names if len(names) >= max(_MIN_TURNS, _SHARE * len(turns)) else []


def _with_last_cut(text: str, drafts: list[Draft], final: Utterance, names: Collection[str]) -> list[Draft]:
    """The drafts, the last turn of which, where it is ``final``, ends at the first of ``names`` that a gap follows: the
    foot of the page stands below it."""
    *before, last = drafts[-1].utterances
    if last != final:
        return drafts
    start, stop = last.pieces[0].start, last.pieces[-1].end
    ends = [place + len(name) + 1 for name in names if (place := text.find(f"\n{name}\n\n", start, stop)) >= 0]
    if not ends:
        return drafts
    pieces = tuple(Span(piece.start, min(piece.end, *ends)) for piece in last.pieces if piece.start < min(ends))
    return [*drafts[:-1], drafts[-1]._replace(utterances=(*before, last._replace(pieces=pieces)))]


def _last_line(text: str, turn: Utterance) -> str:
    start, stop = turn.pieces[0].start, turn.pieces[-1].end
    return text[text.rfind("\n", start, stop) + 1 : stop]


def _cut(text: str, turn: Utterance, side: Sequence[Family], key: str, *, signed: bool) -> Utterance:
    if turn.family not in side:
        return turn
    begin = _behind_byline(text, turn, key) if key else -1
    end = _signature(text, turn) if signed else -1
    pieces = turn.pieces
    if begin >= 0:
        pieces = tuple(Span(max(piece.start, begin), piece.end) for piece in pieces if piece.end > begin)
    if end >= 0:
        pieces = tuple(Span(piece.start, min(piece.end, end)) for piece in pieces if piece.start < end)
    return turn._replace(pieces=pieces) if pieces else turn


def _common_key(text: str, turns: Sequence[Utterance]) -> str:
    """The word before the colon in the first lines of most ``turns``, where a date stands in each; else ""."""
    keys = Counter(found["key"].casefold() for turn in turns if (found := _byline(text, turn)))
    usual, count = keys.most_common(1)[0] if keys else ("", 0)
    return usual if count >= max(_MIN_TURNS, _SHARE * len(turns)) else ""


def _byline(text: str, turn: Utterance) -> re.Match[str] | None:
    """The key of a first line that holds a date, where more lines follow. A time alone may be when a train leaves."""
    end = _first_end(text, turn)
    found = _KEY.match(text, turn.pieces[0].start, end) if end >= 0 else None
    moment = find_moment(text, found.end(), end, end) if found else None
    return found if moment and not _HOUR.fullmatch(text, *moment) else None


def _behind_byline(text: str, turn: Utterance, key: str) -> int:
    found = _byline(text, turn)
    if not found or found["key"].casefold() != key:
        return -1
    place = _first_end(text, turn)
    while text[place].isspace():
        place += 1
    return place


def _first_end(text: str, turn: Utterance) -> int:
    """Where the first line of a turn of several lines ends; -1 where it has only one, or a long one."""
    if not turn.pieces:
        return -1
    start, stop = turn.pieces[0].start, turn.pieces[-1].end
    end = text.find("\n", start, stop)
    return end if 0 < end - start <= 2 * _MAX_LENGTH else -1


def _signature(text: str, turn: Utterance) -> int:
    """Where what is said ends above a last line that is a name; -1 where there is none."""
    if not turn.pieces:
        return -1
    start, stop = turn.pieces[0].start, turn.pieces[-1].end
    line = text.rfind("\n", start, stop) + 1
    if line <= start or not _is_name(text[line:stop].strip(" \t*_")):
        return -1
    above = text[start:line].rstrip()
    return start + len(above) if above.rstrip(_CLOSERS).endswith(tuple(SENTENCE_ENDS)) else -1


def _is_name(content: str) -> bool:
    """Whether a few words, most with capitals, are a name and perhaps what somebody is, or a place: no sentence."""
    parts = content.split()
    return (
        len(content) <= _MAX_LENGTH
        and 1 < len(parts) <= _MAX_WORDS
        and content[0].isupper()
        and sum(part[0].isalpha() for part in parts) == len(parts)
        and are_capitalised(content)
    )
