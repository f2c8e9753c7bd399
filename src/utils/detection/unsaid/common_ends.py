"""What a page or program sets below every message: ``Reply · Share``, the writer's name and number of posts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from src.core.types import Span
from src.utils.detection.types import Finding, Utterance
from src.utils.detection.words.signs import SENTENCE_ENDS

_FIGURES = re.compile(r"\d+")
_FENCE = re.compile(r"^[ \t>]*(?:`{3}|~{3})", re.MULTILINE)
_MAX_LENGTH = 60
_MIN_TURNS = 4
_SHARE = 0.75
_MAX_ROUNDS = 4
_SPEAKER = "@"


def without_common_ends(text: str, finding: Finding) -> Finding:
    """``finding`` without the last lines that most of its turns share, figures and the speaker's own name aside."""
    turns = [turn for draft in finding.drafts for turn in draft.utterances]
    if len(turns) < _MIN_TURNS or finding.rule == "mail thread":  # a mail is signed by its writer
        return finding
    top = ""
    for _ in range(_MAX_ROUNDS):
        ends = [_end(text, turn) for turn in turns]
        counts = Counter(end for end in ends if end)
        common, count = counts.most_common(1)[0] if counts else ("", 0)
        if count < _SHARE * len(turns):
            break
        turns = [_cut(text, turn) if end == common else turn for turn, end in zip(turns, ends, strict=True)]
        top = common
    if not top:
        return finding
    return _with_turns(finding, [*turns[:-1], _cut_below(text, turns[-1], top)])


def _cut_below(text: str, turn: Utterance, common: str) -> Utterance:
    """The last turn, below whose common end the foot of the page may stand, up to that end."""
    for place in range(len(turn.pieces) - 1, -1, -1):
        piece = turn.pieces[place]
        stop = piece.end
        while stop > piece.start:
            start = max(text.rfind("\n", piece.start, stop) + 1, piece.start)
            line = text[start:stop].strip()
            if (place or start > piece.start) and _form(line, turn.speaker) == common:
                kept = piece.start + len(text[piece.start : start].rstrip())
                own = (Span(piece.start, kept),) if kept > piece.start else ()
                return turn._replace(pieces=(*turn.pieces[:place], *own))
            stop = start - 1
    return turn


def _end(text: str, turn: Utterance) -> str:
    """The form of the last line of a turn of several lines; "" where it has only one, or it stands in code."""
    start = _last_line(text, turn.pieces)
    if start < 0 or len(_FENCE.findall(text, turn.pieces[0].start, start)) % 2:
        return ""
    return _form(text[start : turn.pieces[-1].end].strip(), turn.speaker)


def _form(line: str, speaker: str) -> str:
    """A line by which the ends of turns are compared; "" where it is long, holds no letter or is a sentence."""
    if line and line.casefold() == speaker:
        return _SPEAKER
    if len(line) > _MAX_LENGTH or line.endswith(tuple(SENTENCE_ENDS)) or not any(map(str.isalpha, line)):
        return ""
    return _FIGURES.sub("0", line)


def _last_line(text: str, pieces: Sequence[Span]) -> int:
    """Where the last line of a turn begins; -1 where it is the only one."""
    if not pieces:
        return -1
    start, end = pieces[-1]
    found = text.rfind("\n", start, end)
    return found + 1 if found >= 0 else start if len(pieces) > 1 else -1


def _cut(text: str, turn: Utterance) -> Utterance:
    start = _last_line(text, turn.pieces)
    *before, (begin, _) = turn.pieces
    while start > begin and text[start - 1].isspace():
        start -= 1
    pieces = (*before, Span(begin, start)) if start > begin else tuple(before)
    return turn._replace(pieces=pieces)


def _with_turns(finding: Finding, turns: Sequence[Utterance]) -> Finding:
    left = iter(turns)
    drafts = tuple(draft._replace(utterances=tuple(next(left) for _ in draft.utterances)) for draft in finding.drafts)
    return replace(finding, drafts=drafts)
