"""Labelled lines among those of speakers that nobody says: decisions and signatures of minutes, tasks of a lesson."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from src.utils.detection.lines.lines import Line, next_filled, starts_block
from src.utils.detection.lines.name_forms import are_capitalised
from src.utils.detection.lines.speech import leaves_blanks
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import Cut, cut_turns
from src.utils.detection.words.asking import asks
from src.utils.detection.words.signs import SENTENCE_ENDS
from src.utils.detection.words.vocabulary import words

_MAX_NAME_WORDS = 4
_MAX_OPENING = 0.5
_MIN_SIGNED = 2
_MIN_PERIOD = 3
_ENDED_SHARE = 0.6
_MAX_TITLE = 40
_CYCLIC_SHARE = 0.8
_NUMBER = re.compile(r"[ ](?:[^\W\d_]{1,3}[.°º]?[ ]?|#|№[ ]?)?\d{1,4}(?:[/.-]\d{1,4}){0,2}$")
"""The number of a decision: ``Decision 17/2026``, ``Beschluss Nr. 4``."""
_BRACKETS = re.compile(r"[(\[][^()\[\]\n]{0,40}[)\]]")


class Parted(NamedTuple):
    """The labels of those who speak, those that nobody says, and those of exercises, which part two dialogues."""

    said: list[Mark]
    unsaid: list[Mark]
    between: list[Mark]


def without_unsaid(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> Parted:
    """``marks`` without those that name nobody who speaks: a word of minutes, a paragraph of names to sign, a task
    below the last heading, an exercise between dialogues whose turns follow line on line."""
    counts = Counter(mark.label.word.key for mark in marks)
    between = _exercises(text, lines, marks, counts) if are_close(marks, counts) else []
    aside = {mark.index for mark in between}
    signed = _signed(text, lines, marks)
    decided = _decided(text, marks, counts)
    foot = {mark.index for mark in _tasks_at_the_foot(text, lines, marks, counts)}
    unsaid = [
        mark
        for mark in marks
        if mark.index not in aside
        and (mark.index in foot or mark.label.word.key in signed or mark.label.word.key in decided)
    ]
    aside |= {mark.index for mark in unsaid}
    return Parted([mark for mark in marks if mark.index not in aside], unsaid, between)


def are_close(marks: Sequence[Mark], counts: Counter[str]) -> bool:
    """Whether the turns of those who come back follow line on line, and hardly open paragraphs."""
    again = [mark for mark in marks if counts[mark.label.word.key] > 1]
    return sum(mark.label.opens_block for mark in again) < _MAX_OPENING * len(again)


def come_round(keys: Sequence[str], period: int) -> bool:
    """Three or more labels that come round in the same order are the fields of records."""
    if period < _MIN_PERIOD or len(keys) < 2 * period:
        return False
    same = sum(
        keys[index] == keys[index - period] and len(set(keys[index - period : index])) == period
        for index in range(period, len(keys))
    )
    return same >= _CYCLIC_SHARE * (len(keys) - period)


def cut_said(
    text: str, lines: Sequence[Line], marks: Sequence[Mark], unsaid: Sequence[Mark], between: Sequence[Mark]
) -> list[Cut]:
    """The turns of ``marks``, each of which ends at the latest where one of ``unsaid`` or ``between`` stands; the
    latter part two dialogues whose turns follow line on line."""
    taken = {mark.index for mark in marks}
    close = are_close(marks, Counter(mark.label.word.key for mark in marks))
    parting = {mark.index for mark in between} - taken if close else set()
    aside = {mark.index: mark for mark in (*unsaid, *between) if mark.index not in taken}
    ordered = sorted([*marks, *aside.values()], key=lambda mark: mark.index)
    cuts: list[Cut] = []
    parted = False
    for mark, cut in zip(ordered, cut_turns(text, lines, ordered, closed_pairs=False), strict=True):
        if mark.index in aside:
            parted = parted or mark.index in parting
            continue
        cuts.append(cut._replace(after=cut.after._replace(gap=cut.after.gap or parted)))
        parted = False
    return cuts


def _exercises(text: str, lines: Sequence[Line], marks: Sequence[Mark], counts: Counter[str]) -> list[Mark]:
    """The labels that stand once and open a paragraph with no other label in it, where they lead something to fill in,
    or a title above a text, and most others lead sentences."""
    heads = {mark.index for mark in marks}
    ended = sum(_is_sentence(text[mark.label.text_start : mark.label.text_end]) for mark in marks)
    if ended < _ENDED_SHARE * len(marks):
        return []
    found = []
    for mark in marks:
        if counts[mark.label.word.key] > 1 or not mark.label.opens_block:
            continue
        end = _paragraph_end(lines, mark.index)
        if not heads.isdisjoint(range(mark.index + 1, end)):
            continue
        content = text[mark.label.text_start : mark.label.text_end]
        above_text = mark.index + 1 < end and not text[lines[mark.index + 1].first].islower()
        titled = above_text and len(content) <= _MAX_TITLE and not _is_sentence(content)
        if titled or leaves_blanks(content):
            found.append(mark)
    return found


def _is_sentence(content: str) -> bool:
    return content.rstrip()[-1:] in tuple(SENTENCE_ENDS) and not leaves_blanks(content)


def _signed(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> set[str]:
    """The labels of the last paragraph, where each of its lines is one that never leads anything but a name: who
    signs, who wrote and took pictures. Who has spoken before speaks there, too."""
    first = next((place for place in range(len(marks) - 1, -1, -1) if marks[place].label.opens_block), 0)
    last = list(marks[first:])
    lines_of_paragraph = range(last[0].index, _paragraph_end(lines, last[0].index)) if last else ()
    if len(last) < _MIN_SIGNED or [mark.index for mark in last] != list(lines_of_paragraph):
        return set()
    keys = {mark.label.word.key for mark in last}
    return keys if all(_is_name(_behind(text, mark)) for mark in marks if mark.label.word.key in keys) else set()


def _decided(text: str, marks: Sequence[Mark], counts: Counter[str]) -> set[str]:
    """The labels that are words of minutes, where they never ask, and two others come back."""
    found = {key for key in counts if _NUMBER.sub("", key) in words("minutes")}
    found -= {mark.label.word.key for mark in marks if mark.label.word.key in found and asks(_behind(text, mark))}
    others = sum(count > 1 for key, count in counts.items() if key not in found)
    return found if others > 1 else set()


def _tasks_at_the_foot(text: str, lines: Sequence[Line], marks: Sequence[Mark], counts: Counter[str]) -> Sequence[Mark]:
    """The labels below a heading behind the last name that comes back, where no name leads a sentence: a task, the
    fields of a foot. In the next division of a work somebody may speak once."""
    tail = list(itertools.takewhile(lambda mark: counts[mark.label.word.key] == 1, reversed(marks)))
    if not tail or len(tail) == len(marks):
        return []
    between = lines[marks[-len(tail) - 1].index + 1 : tail[-1].index]
    if not any(line.level for line in between) or any(line.division for line in between):
        return []
    return [mark for mark in tail if not _speaks(text, lines, mark)]


def _speaks(text: str, lines: Sequence[Line], mark: Mark) -> bool:
    """Whether the label may be a name, and the paragraph that it leads ends as a sentence."""
    if " " in mark.label.name and not are_capitalised(mark.label.name):
        return False
    first = next_filled(lines, mark.index + 1) if mark.label.alone else mark.index
    return first < len(lines) and _is_sentence(text[lines[first].start : lines[_paragraph_end(lines, first) - 1].end])


def _behind(text: str, mark: Mark) -> str:
    return _BRACKETS.sub("", text[mark.label.text_start : mark.label.text_end]).strip()


def _is_name(content: str) -> bool:
    """Whether two words or a few more all begin with capitals, and end no sentence."""
    parts = content.split()
    return 1 < len(parts) <= _MAX_NAME_WORDS and all(part[0].isupper() for part in parts) and are_capitalised(content)


def _paragraph_end(lines: Sequence[Line], index: int) -> int:
    end = index + 1
    while end < len(lines) and not lines[end].blank and not starts_block(lines, end):
        end += 1
    return end
