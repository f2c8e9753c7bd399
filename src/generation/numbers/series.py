"""Times of a regular series: 11.10 where something leaves every two hours from 9.10 to 19.10."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from src.generation.gates.texts import split_sentences
from src.generation.numbers.figures import Figure, is_firm
from src.generation.numbers.measures import TIME_OF_DAY, find_quantities
from src.generation.numbers.working import Working
from src.generation.wordlists import read_word_sets

_WORD = re.compile(r"[^\W\d_]+")
_HOUR, _MINUTE, _DAY = 60, 60_000, 24 * 60
_SEVERAL, _SHORTEST = 3, 5
"""Minutes between two times of a series, from which on another one is seldom hit by chance."""


class _Series(NamedTuple):
    start: int
    end: int
    step: Fraction


def is_of_series(figure: Figure, working: Working, source: str) -> bool:
    """Whether it is a time of day that a sentence of ``source`` has by saying how often something is from when on, and
    the answer shows that or lists several."""
    time = TIME_OF_DAY.fullmatch(figure.words.partition(" ")[0])
    if time is None or (is_firm(figure) and figure.kind != "@clock"):
        return False
    if len(TIME_OF_DAY.findall(working.answer)) < _SEVERAL and not working.is_shown(figure.place):
        return False
    minutes = _minutes(*time.groups())
    return any(one.start <= minutes <= one.end and (minutes - one.start) % one.step == 0 for one in _series(source))


@lru_cache(maxsize=64)
def _series(source: str) -> tuple[_Series, ...]:
    return tuple(one for sentence in split_sentences(source) for one in _in_sentence(sentence))


def _in_sentence(sentence: str) -> Iterator[_Series]:
    """What a sentence says comes back, each from the next time behind it on, or else from the last one before."""
    often = read_word_sets("working_words.txt")["series"]
    for word in _WORD.finditer(sentence):
        if word.group().casefold() in often:
            behind = list(TIME_OF_DAY.finditer(sentence, word.end()))
            times = behind[:2] or list(TIME_OF_DAY.finditer(sentence, 0, word.start()))[-1:]
            between = sentence[word.start() : behind[0].start() if behind else None]
            yield from _from_times([_minutes(*time.groups()) for time in times], between)


def _from_times(times: Sequence[int], text: str) -> Iterator[_Series]:
    steps = {one.value / _MINUTE for one in find_quantities(text) if one.measures == "time"}
    if times and len(steps) == 1 and (step := steps.pop()) >= _SHORTEST:
        yield _Series(times[0], times[1] if len(times) > 1 else _DAY, step)


def _minutes(hour: str, minute: str) -> int:
    return int(hour) * _HOUR + int(minute)
