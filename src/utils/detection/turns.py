"""Cuts labelled text into turns: where each ends, what lies between conversations, answers on the question's line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.labels import Label
from src.utils.detection.lines import Line, next_filled, starts_block
from src.utils.detection.moments import is_moment
from src.utils.detection.pieces import collect
from src.utils.detection.types import Utterance
from src.utils.detection.vocabulary import letter_pairs, read_label

_INLINE = re.compile(
    r"(?:(?<=\s)|(?<=[?？!.。]))[*_]{0,2}(?P<name>[^\W\d_]{1,14}\s?\d{0,3})[*_]{0,2}\s?[:：][*_]{0,2}\s*"
)
_SERVICE = re.compile(r"(?:===|\*\*\*|-!-|-->|<--|--\s|\*\s|→|←)")
_STAMPED_START = re.compile(r"[\u200e\u200f]?[\[(]?\d{1,4}[-/.:]\d{1,2}[-/.:]?\d{0,4}")
_MIN_MARGIN = 2
_MIN_TIGHT = 6
_MAX_GAPS = 0.25
_SENTENCE_ENDS = ".!?…。！？؟।"
_MAX_ASIDE = 300
_ASIDE_MARKS = frozenset({"()", "[]", "**", "__", "（）", "［］", "【】"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A label that was accepted as the start of a turn, and the index of its line."""

    index: int
    label: Label


@dataclass(frozen=True, slots=True)
class Cut:
    """One turn of the text with what stands before it: a rule, a heading, a division of the work, other text that
    nobody says, or none of them."""

    mark: Mark
    pieces: tuple[Span, ...]
    after_rule: bool
    after_heading: bool
    after_division: bool
    after_gap: bool = False


def cut_turns(text: str, lines: Sequence[Line], marks: Sequence[Mark], *, closed_pairs: bool) -> list[Cut]:
    """One turn per mark. In ``closed_pairs`` a heading or rule ends an answer; in a dialogue it does so only when
    a label (or nothing) follows it: people write headings in the middle of a message."""
    headed = _headings_inside(lines, marks)
    ruled = _rules_part(lines, marks)
    margin = _margin(text, lines, marks)
    asides = frozenset() if closed_pairs else _asides(text, lines, marks)
    tight = _is_tight(lines, marks)
    cuts: list[Cut] = []
    rule = heading = division = gap = False
    for number, mark in enumerate(marks):
        last = number + 1 == len(marks)
        stop = len(lines) if last else marks[number + 1].index
        begin = mark.index
        strict = closed_pairs or (last and not headed)
        end = _turn_end(text, lines, mark, begin, stop, _Ends(strict, strict or ruled, margin))
        whole, end = end, _paragraph_stop(text, lines, mark, end, last=last) if tight else end
        was_parted = end < whole
        if mark.label.alone and begin + 1 <= end:
            pieces = collect(text, lines, begin + 1, end, without=asides)
        else:
            pieces = collect(
                text, lines, begin, max(end, begin + 1), mark.label.text_start, mark.label.text_end, asides
            )
        cuts.append(Cut(mark, pieces, rule, heading, division, gap))
        gap = was_parted
        rule = any(line.rule for line in lines[end:stop])
        heading = any(line.level for line in lines[end:stop])
        division = any(line.division for line in lines[end:stop])
    return cuts


def whole_turn(cut: Cut) -> Utterance:
    """A cut as one utterance of its speaker."""
    return Utterance(cut.mark.label.word.key, cut.mark.label.word.family, cut.pieces)


def split_inline(text: str, cut: Cut) -> list[Utterance]:
    """The turn, or, where an answer label stands inside its text (``Q: ... A: ...`` on one line), all turns in it."""
    label = cut.mark.label
    found: list[Utterance] = []
    speaker, family = label.word.key, label.word.family
    pieces: list[Span] = []
    for piece in cut.pieces:
        start = piece.start
        for inner in _INLINE.finditer(text, piece.start, piece.end):
            word = read_label(inner["name"])
            if word.family not in ("question", "answer") or word.family == family or inner.start() == piece.start:
                continue
            if word.family == "question" and bare_speaker(word.key) != bare_key(label):
                continue
            pieces.append(Span(start, _before_space(text, start, inner.start())))
            found.append(Utterance(speaker, family, tuple(pieces)))
            speaker, family, pieces, start = word.key, word.family, [], inner.end()
        pieces.append(Span(start, piece.end))
    found.append(Utterance(speaker, family, tuple(pieces)))
    return found


def holds_inline_answer(text: str, mark: Mark) -> bool:
    """Whether an answer label stands inside the first line of a question's text."""
    for inner in _INLINE.finditer(text, mark.label.text_start, min(mark.label.text_end, mark.label.text_start + 4000)):
        if read_label(inner["name"]).family == "answer":
            return True
    return False


def bare_key(label: Label) -> str:
    """The word of a label without its number."""
    return bare_speaker(label.word.key)


def bare_speaker(key: str) -> str:
    """A label's key without its number."""
    return key.rstrip("0123456789 .#")


def is_option(text: str, lines: Sequence[Line], mark: Mark) -> bool:
    """Whether a letter is one of lettered options: its neighbour in the alphabet begins the line above or below.

    Letters that ask and answer each other may be neighbours too (P and O): those are none.
    """
    key = mark.label.word.key
    if len(key) != 1 or mark.label.form not in ("dot", "colon", "bracket"):
        return False
    below = next_filled(lines, mark.index + 1)
    above = mark.index - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    after, before = chr(ord(key) + 1), chr(ord(key) - 1)
    follows = below < len(lines) and _option_letter(text, lines[below]) == after and not _are_partners(key, after)
    precedes = above >= 0 and _option_letter(text, lines[above]) == before and not _are_partners(key, before)
    return follows or precedes


def _are_partners(one: str, other: str) -> bool:
    return (one, other) in letter_pairs() or (other, one) in letter_pairs()


def _option_letter(text: str, line: Line) -> str:
    head = text[line.first : min(line.end, line.first + 8)].lstrip("-*+•([ \t_").casefold()
    return head[:1] if head[1:2] in (".", ")", ":", "]") else ""


def _before_space(text: str, low: int, end: int) -> int:
    while end > low and text[end - 1].isspace():
        end -= 1
    return end


def _is_tight(lines: Sequence[Line], marks: Sequence[Mark]) -> bool:
    """Whether hardly any turn is followed by a blank line: there one ends what is said."""
    if len(marks) < _MIN_TIGHT:
        return False
    gaps = sum(
        any(lines[index].blank for index in range(mark.index + 1, following.index))
        for mark, following in itertools.pairwise(marks)
    )
    return gaps <= _MAX_GAPS * (len(marks) - 1)


def _paragraph_stop(text: str, lines: Sequence[Line], mark: Mark, end: int, *, last: bool) -> int:
    """Where the paragraph of a turn ends, if what follows it up to ``end`` is no sentence, or the turn is the last."""
    first = next_filled(lines, mark.index + 1) if mark.label.alone else mark.index
    blank = next((index for index in range(first, end) if lines[index].blank), end)
    filled = [index for index in range(blank, end) if not lines[index].blank]
    if not filled:
        return end
    said = any(text[lines[index].end - 1] in _SENTENCE_ENDS for index in filled)
    return blank if last or not said else end


class _Ends(NamedTuple):
    """Whether every heading, every rule ends a turn; else only one that leads to the next label. A line left of
    ``margin`` ends one too."""

    headings: bool
    rules: bool
    margin: int


def _turn_end(text: str, lines: Sequence[Line], mark: Mark, begin: int, stop: int, ends: _Ends) -> int:
    level = lines[mark.index].level
    service = mark.label.form == "angle"
    above = lines[mark.index - 1] if mark.index else lines[mark.index]
    quoted = text[lines[mark.index].first] == ">" == text[above.first : above.end]
    for index in range(begin + 1, stop):
        line = lines[index]
        if line.blank or line.code:
            continue
        if quoted and text[line.first] != ">":
            return index
        if line.division or (line.indent < ends.margin and not line.foreign):
            return index
        if line.rule or (line.level and (not level or line.level <= level)):
            if (ends.rules if line.rule else ends.headings) or _leads_to_stop(lines, index, stop):
                return index
        elif (service and _is_service(text, line)) or (line.foreign and mark.label.word.family is None):
            return index
    return stop


def _margin(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> int:
    """The column where the dialogue of a script or record begins; what stands left of it (action, chapters) is no part
    of a turn. 0 where labels stand at the edge, or where most turns run on at the edge."""
    if not marks:
        return 0
    columns = []
    run_on = 0
    for mark in marks:
        column = mark.label.indent
        index = next_filled(lines, mark.index + 1) if mark.label.alone else mark.index + 1
        below = lines[index] if index < len(lines) else None
        if mark.label.alone:
            column = min(column, below.indent) if below else column
        elif below and not below.blank and below.indent < column:
            run_on += text[below.end - 1] != ":"
        columns.append(column)
    margin = sorted(columns)[len(columns) // 10]
    return margin if margin >= _MIN_MARGIN and run_on * 8 < len(marks) else 0


def _asides(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> frozenset[int]:
    """Lines inside a dialogue that nobody says: times, and paragraphs wholly in brackets or italics (directions)."""
    found: set[int] = set()
    heads = {mark.index for mark in marks}
    for index in range(marks[0].index + 1 if marks else 0, len(lines)):
        line = lines[index]
        if line.blank or line.code or line.foreign or index in heads or line.end - line.first > _MAX_ASIDE:
            continue
        first, last = text[line.first], text[line.end - 1]
        if ((first.isdigit() or first in "[(-–—") and is_moment(text[line.first : line.end])) or (
            first + last in _ASIDE_MARKS and _is_paragraph(lines, index) and _wholly(text, line)
        ):
            found.add(index)
    return frozenset(found)


def _is_paragraph(lines: Sequence[Line], index: int) -> bool:
    return starts_block(lines, index) and (index + 1 == len(lines) or lines[index + 1].blank)


def _wholly(text: str, line: Line) -> bool:
    """Whether the mark that opens the line closes only at its end."""
    inner = text[line.first + 1 : line.end - 1].strip("*_")
    return text[line.end - 1] not in inner and text[line.first] not in inner


def _leads_to_stop(lines: Sequence[Line], index: int, stop: int) -> bool:
    """Whether only headings, rules and blank lines stand from ``index`` to the next label."""
    if stop == len(lines):
        return all(line.blank or line.rule or line.level > 0 or line.skip for line in lines[index : index + 6])
    return all(line.blank or line.rule or line.level > 0 or line.skip for line in lines[index : min(stop, index + 40)])


def _is_service(text: str, line: Line) -> bool:
    """A line of the program itself: somebody joined, left, or was added."""
    return bool(_SERVICE.match(text, line.first, line.end) or _STAMPED_START.match(text, line.first, line.end))


def _rules_part(lines: Sequence[Line], marks: Sequence[Mark]) -> bool:
    """Whether rules stand before so many labels that they part the conversations of the document."""
    parted = 0
    for mark in marks:
        above = mark.index - 1
        while above >= 0 and lines[above].blank:
            above -= 1
        parted += above >= 0 and lines[above].rule
    return parted > 1 and parted * 8 >= len(marks)


def _headings_inside(lines: Sequence[Line], marks: Sequence[Mark]) -> bool:
    """Whether some turn but the last has a heading inside its text."""
    for mark, following in itertools.pairwise(marks):
        for index in range(mark.index + 1, following.index):
            if lines[index].level and not _leads_to_stop(lines, index, following.index):
                return True
    return False
