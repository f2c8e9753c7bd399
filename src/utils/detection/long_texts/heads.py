"""The heads of the turns of a long text as one pattern: the times and marks that those of its beginning share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.turns import bare_speaker
from src.utils.detection.messages.stamped_names import may_name
from src.utils.detection.types import Family, Utterance, make_all
from src.utils.detection.words.vocabulary import LabelWord, read_label

_MAX_HEAD = 100
_MAX_SHAPES = 8
_NAME = r"([^\s:：<>\[(*_#][^\n\t:：<>]{0,47}?)"
_TOKEN = re.compile(r"(?P<figures>\d+)|(?P<letters>[^\W\d_]+)|(?P<other>.)", re.DOTALL)
_FIGURES, _LETTERS = r"\d{1,9}", r"[^\W\d_]{1,14}"
_TELLING = re.compile(r"[^\w\s]|\d|[\t\u3000]|[ ]{2}")
"""What tells a head from the beginning of a sentence: a mark, a figure or a wide gap."""


class Head(NamedTuple):
    """One head: where its line begins, where the text behind it does, and who speaks. Without ``name`` it is a line of
    the program that begins as heads do; without ``word`` nobody is known by the name."""

    start: int
    text_start: int
    name: str | None
    word: LabelWord | None


class _Shape(NamedTuple):
    """What stands before and behind the name in a head, as patterns."""

    before: str
    behind: str


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of a text: their pattern, and the families of the names seen so far. In a chat ``with_times`` anybody
    may speak, elsewhere only who has spoken. The pattern takes the line break before a head, which a search leaps to;
    its groups are all of that, and the name."""

    pattern: re.Pattern[str]
    families: dict[str, Family | None]
    with_times: bool

    def find(self, text: str) -> list[Head]:
        """The heads of ``text`` in order; a name that nobody is known by gives a head without a word."""
        parts = self.pattern.split(f"\n{text}")  # [text, head, name, text, head, name, ..., text]
        names = parts[2::3]
        del parts[2::3]
        ends = list(accumulate(map(len, parts)))
        words = {name: self._read(name) if name else None for name in set(names)}
        rows = zip(ends[0:-1:2], [end - 1 for end in ends[1::2]], names, map(words.get, names), strict=True)
        return list(make_all(Head, rows))

    def begin_in(self, text: str, least: int) -> bool:
        """Whether ``least`` turns of somebody known begin in ``text``."""
        known = (found for found in self.pattern.finditer(f"\n{text}") if found[2] and self._read(found[2]))
        return sum(1 for _ in islice(known, least)) == least

    def _read(self, name: str) -> LabelWord | None:
        word = read_label(name.strip().casefold())
        bare = bare_speaker(word.key)
        if bare in self.families:
            return word._replace(family=self.families[bare])
        return word if self.with_times and may_name(name) else None


def learn_heads(text: str, turns: Sequence[Utterance], *, with_times: bool) -> Heads | None:
    """The heads of ``turns``, which stand in ``text``; None where they share no few shapes."""
    shapes: Counter[_Shape] = Counter()
    families: dict[str, Family | None] = {}
    for turn in turns:
        shape = _shape_of(text, turn, with_times=with_times)
        bare = bare_speaker(turn.speaker)
        if shape is None or families.setdefault(bare, turn.family) != turn.family:
            return None
        shapes[shape] += 1
    if not 0 < len(shapes) <= _MAX_SHAPES:
        return None
    before = _any_of({shape.before for shape in shapes})
    behind = _any_of({shape.behind for shape in shapes})
    rest = f"{_NAME}(?:{behind})"
    program = with_times and all(_FIGURES in shape.before for shape in shapes)
    named = f"(?:{before})(?:{rest})?" if program else f"(?:{before}){rest}"
    return Heads(re.compile(f"(\\n{named})", re.MULTILINE), families, with_times)


def _shape_of(text: str, turn: Utterance, *, with_times: bool) -> _Shape | None:
    first = turn.pieces[0].start
    begin = text.rfind("\n", 0, first) + 1
    end = first
    below = not text[begin:first].strip()
    if below:
        end = begin
        while end > 0 and text[end - 1].isspace():
            end -= 1
        begin = text.rfind("\n", 0, end) + 1
    head = text[begin:end]
    places = _places(head, turn.speaker) if 0 < len(head) <= _MAX_HEAD else []
    if not places:
        return None
    start, stop = places[-1] if with_times and not head[0].isalpha() else places[0]
    if not _TELLING.search(head[:start] + "\n" + head[stop:]):
        return None
    behind = head[stop:].rstrip(" \t")
    gap = "[ \\t]*$" if below else _gap(head[stop + len(behind) :])
    return _Shape(_as_pattern(head[:start]), _as_pattern(behind) + gap)


def _places(head: str, speaker: str) -> list[Span]:
    """Where the name of the speaker, which is casefolded, stands in ``head`` as a word of its own."""
    origins = [place for place, letter in enumerate(head) for _ in letter.casefold()]
    found = re.finditer(rf"(?<![^\W_]){re.escape(speaker)}(?![^\W_])", head.casefold())
    return [Span(origins[one.start()], origins[one.end() - 1] + 1) for one in found]


def _gap(space: str) -> str:
    """Space behind a head, as a pattern: a wide one is wide everywhere."""
    if "\t" in space:
        return "[ ]*\\t[ \\t]*"
    return "" if not space else "(?:[ ]+|$)" if len(space) == 1 else "(?:[ ]{2,}|$)"


def _any_of(patterns: set[str]) -> str:
    return "|".join(sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))


def _as_pattern(part: str) -> str:
    """Figures and letters stand for any others, marks for themselves."""
    return "".join(
        _FIGURES if token["figures"] else _LETTERS if token["letters"] else re.escape(token[0])
        for token in _TOKEN.finditer(part)
    )
