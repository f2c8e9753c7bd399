"""Labelled lines among those of speakers that nobody says: decisions and signatures of minutes, tasks of a lesson."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.name_forms import are_capitalised
from src.utils.detection.lines.speech import leaves_blanks
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import Cut, cut_turns
from src.utils.detection.words.signs import SENTENCE_ENDS
from src.utils.detection.words.vocabulary import words

_MAX_NAME_WORDS = 4
_MAX_OPENING = 0.5
_MIN_PERIOD = 3
_ENDED_SHARE = 0.6
_MAX_TITLE = 40
_CYCLIC_SHARE = 0.8
_BRACKETS = re.compile(r"[(\[][^()\[\]\n]{0,40}[)\]]")


class Parted(NamedTuple):
    """The labels of those who speak, and those that nobody says."""

    said: list[Mark]
    unsaid: list[Mark]


def without_unsaid(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> Parted:
    """``marks`` without those that name nobody who speaks: a word of minutes, the same name behind it each time, a
    paragraph of names to sign, a lone paragraph between dialogues whose turns follow line on line."""
    counts = Counter(mark.label.word.key for mark in marks)
    lonely = _lonely(text, lines, marks, counts) if are_close(marks, counts) else []
    aside = {mark.index for mark in [*_signed(text, lines, marks), *lonely]}
    keys = words("minutes") | _constant(text, marks, counts)
    unsaid = [mark for mark in marks if mark.index in aside or mark.label.word.key in keys]
    aside |= {mark.index for mark in unsaid}
    return Parted([mark for mark in marks if mark.index not in aside], unsaid)


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
    text: str, lines: Sequence[Line], marks: Sequence[Mark], unsaid: Sequence[Mark], tasks: Sequence[Mark] = ()
) -> list[Cut]:
    """The turns of ``marks``, each of which ends at the latest where one of ``unsaid`` stands. Between turns that
    follow line on line so does one of ``tasks``, the exercises of a lesson; and both part two dialogues there."""
    close = are_close(marks, Counter(mark.label.word.key for mark in marks))
    taken = {mark.index for mark in marks}
    aside = {mark.index: mark for mark in (*unsaid, *(tasks if close else ())) if mark.index not in taken}
    ordered = sorted([*marks, *aside.values()], key=lambda mark: mark.index)
    cuts: list[Cut] = []
    parted = False
    for mark, cut in zip(ordered, cut_turns(text, lines, ordered, closed_pairs=False), strict=True):
        if mark.index in aside:
            parted = close
            continue
        cuts.append(cut._replace(after=cut.after._replace(gap=cut.after.gap or parted)))
        parted = False
    return cuts


def _lonely(text: str, lines: Sequence[Line], marks: Sequence[Mark], counts: Counter[str]) -> list[Mark]:
    """The labels that stand once and open a paragraph with no other label in it, where they lead no sentence but a
    title, or something to fill in, and most others lead sentences."""
    heads = {mark.index for mark in marks}
    ended = sum(_is_sentence(text[mark.label.text_start : mark.label.text_end]) for mark in marks)
    if ended < _ENDED_SHARE * len(marks):
        return []
    return [
        mark
        for mark in marks
        if counts[mark.label.word.key] == 1
        and mark.label.opens_block
        and (
            mark.label.text_end - mark.label.text_start <= _MAX_TITLE
            or mark.index + 1 == _paragraph_end(lines, mark.index)
        )
        and not _is_sentence(text[mark.label.text_start : mark.label.text_end])
        and heads.isdisjoint(range(mark.index + 1, _paragraph_end(lines, mark.index)))
    ]


def _is_sentence(content: str) -> bool:
    return content.rstrip()[-1:] in tuple(SENTENCE_ENDS) and not leaves_blanks(content)


def _signed(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> list[Mark]:
    """The labels of the last paragraph, where each of its lines is one with a name behind it: who signs."""
    first = next((place for place in range(len(marks) - 1, -1, -1) if marks[place].label.opens_block), 0)
    last = list(marks[first:])
    lines_of_paragraph = range(last[0].index, _paragraph_end(lines, last[0].index)) if last else ()
    alike = [mark.index for mark in last] == list(lines_of_paragraph)
    return last if len(last) > 1 and alike and all(_is_name(_behind(text, mark)) for mark in last) else []


def _constant(text: str, marks: Sequence[Mark], counts: Counter[str]) -> set[str]:
    """The labels that come back with the same name behind them."""
    told: dict[str, set[str]] = {}
    for mark in marks:
        if counts[mark.label.word.key] > 1:
            told.setdefault(mark.label.word.key, set()).add(_behind(text, mark))
    return {key for key, contents in told.items() if len(contents) == 1 and _is_name(*contents)}


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
