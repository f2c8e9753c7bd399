"""Where one dialogue of named speakers ends and the next begins: at rules, divisions, gaps, and with other people."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from src.utils.detection.lines.turns import Cut
from src.utils.detection.types import Draft, Utterance

_MIN_OF_CAST = 6
_MIN_TURNS_OF_DIVISION = 4
_MOST_PER_RULE = 8
"""Turns for each rule, where rules part dialogues."""
_RULED_SHARE = 0.75
_LETTER_ROWS = ("abcd", "абвг", "αβγδ", "甲乙丙丁", "가나다라")
_FIRST_LETTERS = frozenset(row[0] for row in _LETTER_ROWS)
"""Letters that tell speakers apart and name nobody."""


class _Part(NamedTuple):
    """The turns between two headings: where they begin, who speaks, and how many they are."""

    begin: int
    speakers: set[str]
    turns: int


def named_drafts(cuts: Sequence[Cut]) -> list[Draft]:
    """Turns of speakers; other people below a heading, divisions and rules begin another dialogue."""
    splits = sum(cut.after.rule for cut in cuts)
    by_rules = splits * _MOST_PER_RULE >= len(cuts) and splits < _RULED_SHARE * len(
        cuts
    )  # above nearly all, rules part turns
    others = _starts_of_other_casts(cuts)
    by_divisions = sum(cut.after.division for cut in cuts) * _MIN_TURNS_OF_DIVISION <= len(cuts)
    drafts: list[list[Utterance]] = []
    starts: list[int] = []
    for number, cut in enumerate(cuts):
        apart = (
            number in others
            or (by_divisions and cut.after.division)
            or (by_rules and cut.after.rule)
            or (cut.after.gap and bool(drafts) and len(drafts[-1]) >= _MIN_TURNS_OF_DIVISION)
        )
        if not drafts or apart:
            drafts.append([])
            starts.append(cut.start)
        drafts[-1].append(cut.turn)
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True)]


def _starts_of_other_casts(cuts: Sequence[Cut]) -> set[int]:
    """The turns below a heading with which other people begin to talk: at most one of them spoke above it, or letters
    that name nobody (the dialogues of a lesson) begin again with the first."""
    heads = [0, *(number for number, cut in enumerate(cuts) if number and cut.after.heading)]
    parts = [
        _Part(begin, {cut.turn.speaker for cut in cuts[begin:stop]}, stop - begin)
        for begin, stop in itertools.pairwise([*heads, len(cuts)])
    ]
    return {other.begin for one, other in itertools.pairwise(parts) if _are_apart(cuts, one, other)}


def _are_apart(cuts: Sequence[Cut], one: _Part, other: _Part) -> bool:
    fewer = min(one.turns, other.turns)
    if fewer >= _MIN_OF_CAST and len(one.speakers & other.speakers) <= 1:
        return True
    return fewer > 1 and _begin_again(cuts[one.begin].turn, cuts[other.begin].turn, one.speakers | other.speakers)


def _begin_again(one: Utterance, other: Utterance, speakers: set[str]) -> bool:
    """Whether two dialogues of the same places in the alphabet both begin with its first letter."""
    return one.speaker == other.speaker in _FIRST_LETTERS and any(speakers <= set(row) for row in _LETTER_ROWS)
