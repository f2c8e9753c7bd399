"""Where a turn ends: at the next label, or at a heading, a rule, a line at the margin that nobody says."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import Line, next_filled, starts_block
from src.utils.detection.words.moments import is_moment
from src.utils.detection.words.signs import SENTENCE_ENDS

_SERVICE = re.compile(r"(?:===|\*\*\*|-!-|-->|<--|--\s|\*\s|→|←)")
_STAMPED_START = re.compile(r"[\u200e\u200f]?[\[(]?\d{1,4}[-/.:]\d{1,2}[-/.:]?\d{0,4}")
_MIN_MARGIN = 2
_MIN_TIGHT = 6
_MAX_GAPS = 0.25
_MIN_HANGING = 3
_HANGING_SHARE = 0.9
_MAX_ASIDE = 300
_ASIDE_MARKS = frozenset({"()", "[]", "**", "__", "（）", "［］", "【】"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A label that was accepted as the start of a turn, and the index of its line."""

    index: int
    label: Label


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text sets its turns apart, told by all its labels.

    In ``pairs`` a heading or rule ends an answer; in a ``dialogue`` it does so only when a label (or nothing) follows
    it: people write headings in the middle of a message. ``headed``: some turns hold headings; ``ruled``: rules part
    the conversations; a line left of ``margin`` ends a turn; ``tight``: so does a blank line that no sentence follows;
    so does a paragraph left of ``hanging``, where turns run on, unless it begins where the labels do, as what they go
    on to say may.
    """

    dialogue: bool
    headed: bool
    ruled: bool
    margin: int
    tight: bool
    hanging: int


class Between(NamedTuple):
    """What stands between two turns: a rule, a heading, a division of the work, other text that nobody says."""

    rule: bool = False
    heading: bool = False
    division: bool = False
    gap: bool = False


def manner_of(text: str, lines: Sequence[Line], marks: Sequence[Mark], *, closed_pairs: bool) -> Manner:
    """The manner of the text in which ``marks`` are the labels."""
    return Manner(
        not closed_pairs,
        _headings_inside(lines, marks),
        _rules_part(lines, marks),
        _margin(text, lines, marks),
        _is_tight(lines, marks),
        0 if closed_pairs else _hanging(lines, marks),
    )


def turn_end(text: str, lines: Sequence[Line], mark: Mark, stop: int, manner: Manner) -> tuple[int, bool]:
    """The line before which a turn ends, ``stop`` at most; and whether text behind it is left out."""
    last = stop == len(lines)
    strict = not manner.dialogue or (last and not manner.headed)
    end = _first_end(text, lines, mark, stop, _Ends(strict, strict or manner.ruled, manner.margin, manner.hanging))
    if not manner.tight:
        return end, False
    paragraph = _paragraph_stop(text, lines, mark, end, last=last)
    return paragraph, paragraph < end


def find_asides(text: str, lines: Sequence[Line], begin: int, stop: int) -> list[int]:
    """Lines inside a turn that nobody says: times, and paragraphs wholly in brackets or italics (directions)."""
    found = []
    for index in range(begin, stop):
        line = lines[index]
        if line.blank or line.code or line.foreign or line.end - line.first > _MAX_ASIDE:
            continue
        first = text[line.first]
        if first.isalpha():
            continue
        if ((first.isdigit() or first in "[(-–—") and is_moment(text[line.first : line.end])) or (
            first + text[line.end - 1] in _ASIDE_MARKS
            and (_is_paragraph(lines, index) or _is_set_in(lines, index, lines[begin - 1].indent))
            and _wholly(text, line)
        ):
            found.append(index)
    return found


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
    filled = [index for index in range(blank, end) if not (lines[index].blank or lines[index].skip)]
    if not filled:
        return end
    said = any(text[lines[index].end - 1] in SENTENCE_ENDS for index in filled)
    return blank if last or not said else end


class _Ends(NamedTuple):
    """Whether every heading, every rule ends a turn; else only one that leads to the next label. A line left of
    ``margin`` ends one too, and a paragraph left of ``hanging``."""

    headings: bool
    rules: bool
    margin: int
    hanging: int


def _first_end(text: str, lines: Sequence[Line], mark: Mark, stop: int, ends: _Ends) -> int:
    begin = mark.index
    level = lines[begin].level
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
        if line.indent < ends.hanging and line.indent != lines[begin].indent and lines[index - 1].blank:
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


def _hanging(lines: Sequence[Line], marks: Sequence[Mark]) -> int:
    """The column where nearly all turns of several lines run on, deeper than their labels; else 0."""
    heads = {mark.index for mark in marks}
    running = [
        (mark.label.indent, lines[mark.index + 1])
        for mark in marks
        if not mark.label.alone and mark.index + 1 < len(lines) and mark.index + 1 not in heads
    ]
    columns = Counter(max(line.indent - indent, 0) and line.indent for indent, line in running if not line.blank)
    column, count = columns.most_common(1)[0] if columns else (0, 0)
    return column if count >= max(_MIN_HANGING, _HANGING_SHARE * columns.total()) else 0


def _is_paragraph(lines: Sequence[Line], index: int) -> bool:
    return starts_block(lines, index) and (index + 1 == len(lines) or lines[index + 1].blank)


def _is_set_in(lines: Sequence[Line], index: int, column: int) -> bool:
    """Whether a line is a paragraph where those begin with a space, at the ``column`` of the label, and run on at the
    margin."""
    after = index + 1 == len(lines) or lines[index + 1].blank or lines[index + 1].indent >= column
    return lines[index].indent == column >= _MIN_MARGIN and after


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
