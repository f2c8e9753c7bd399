"""Spans to cut out of a file: none overlaps another, none says the same twice, none begins or ends with blanks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from random import Random
from typing import Final, NamedTuple

from src.data_prep.fim.mix import Mix, Wish
from src.data_prep.fim.source_text import SourceText
from src.data_prep.fim.syntax import Piece, Tree

SHORTEST: Final = 8
LONGEST: Final = 1_500
"""Characters of a span."""
_BYTES_PER_SPAN: Final = 400
"""Shorter files give fewer spans: rows that are nearly the same teach nothing new."""
_TRIES: Final = 4
_PLAIN: Final = ("line", "char")
"""The kinds that need no syntax."""
_MEAN_LINES: Final = 3.0
_NO_WORD_BYTES: Final = bytes(byte for byte in range(128) if not chr(byte).isalnum())
_MIN_WORD_BYTES: Final = 4
_ASCII: Final = 128
_WORD_BYTES: Final = frozenset(b"_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


class Span(NamedTuple):
    """Bytes of the text, what kind was wished for, and the type of the node where there is one."""

    start: int
    end: int
    wish: Wish
    node: str = ""


class SpanPicker:
    """Picks the spans of one file. ``longest`` is in bytes, ``tree`` None where there is no grammar; the same ``rng``
    gives the same spans."""

    def __init__(self, text: SourceText, tree: Tree | None, longest: int, rng: Random) -> None:
        self._text = text
        self._tree = tree
        self._longest = min(longest, len(text.data) // 2)
        self._rng = rng
        self._taken: list[Span] = []
        self._said: set[bytes] = set()

    def pick(self, most: int, mix: Mix) -> Iterator[Span]:
        """At most ``most`` spans, of the kinds that ``mix`` wishes for as far as the file has them."""
        for _ in range(min(most, 1 + len(self._text.data) // _BYTES_PER_SPAN)):
            span = self._find([wish for wish in mix.wishes() if self._tree or wish in _PLAIN])
            if span is None:
                return
            self._taken.append(span)
            self._said.add(self._text.data[span.start : span.end])
            mix.count(span.wish)
            yield span

    def _find(self, wishes: list[Wish]) -> Span | None:
        """A span of the first kind that can be had in a few places, else of the next one that these places hold, else
        one without syntax."""
        first, *others = wishes
        pieces: list[Piece] = []
        if first in _PLAIN:
            if found := self._try_places(first):
                return found
        else:
            for _ in range(_TRIES):
                there = self._pieces_at(self._free_place())
                pieces += there
                if found := self._first_good(there, first):
                    return found
        whole = (self._first_good(pieces, other) for other in others)
        plain = (self._try_places(other) for other in others if other in _PLAIN)
        return next(filter(None, chain(whole, plain)), None)

    def _try_places(self, wish: Wish) -> Span | None:
        """A span of lines or characters."""
        for _ in range(_TRIES):
            place = self._free_place()
            span = self._lines_from(place) if wish == "line" else self._characters_from(place)
            if self._is_good(span):
                return span
        return None

    def _pieces_at(self, place: int) -> list[Piece]:
        pieces = self._tree.pieces_at(place, self._longest) if self._tree else []
        draw = self._rng.random  # a shuffle draws several times for each
        return sorted(pieces, key=lambda _: draw())

    def _first_good(self, pieces: list[Piece], wish: Wish) -> Span | None:
        if self._tree is None:
            return None
        for piece in pieces:
            if piece.shape == wish:
                span = Span(*self._tree.ends_of(piece, self._longest), wish, piece.kind)
                if self._is_good(span):
                    return span
        return None

    def _free_place(self) -> int:
        """A byte that no span has taken, as far as a few draws find one."""
        place = 0
        for _ in range(_TRIES):
            place = int(self._rng.random() * len(self._text.data))
            if not any(span.start <= place < span.end for span in self._taken):
                break
        return place

    def _lines_from(self, place: int) -> Span:
        starts = self._text.starts
        first = bisect_right(starts, place) - 1
        last = min(first + 1 + int(self._rng.expovariate(1 / _MEAN_LINES)), self._text.lines)
        return self._trimmed(starts[first], starts[last], "line")

    def _characters_from(self, place: int) -> Span:
        # as many of every order of magnitude: a cursor's gap is a word as often as a paragraph
        length = int(SHORTEST * max(1.0, self._longest / SHORTEST) ** self._rng.random())
        data = self._text.data
        return self._trimmed(_character_at(data, place), _character_at(data, min(place + length, len(data))), "char")

    def _trimmed(self, start: int, end: int, wish: Wish) -> Span:
        """Without blanks at the ends: a trainer that strips messages then changes nothing."""
        cut = self._text.data[start:end]
        start += len(cut) - len(cut.lstrip())
        return Span(start, start + len(cut.strip()), wish)

    def _is_good(self, span: Span) -> bool:
        data = self._text.data[span.start : span.end]
        return (
            SHORTEST <= len(data) <= self._longest
            and not any(span.start < other.end and other.start < span.end for other in self._taken)
            and (span.wish == "char" or self._is_whole(span))
            and len(data.decode("utf-8")) >= SHORTEST
            and data not in self._said
            and data == data.strip()
            and len(data.translate(None, _NO_WORD_BYTES)) >= _MIN_WORD_BYTES
        )

    def _is_whole(self, span: Span) -> bool:
        """Whether no word is cut in two at its ends."""
        return not (self._cuts_word(span.start) or self._cuts_word(span.end))

    def _cuts_word(self, place: int) -> bool:
        data = self._text.data
        if not 0 < place < len(data):
            return False
        first, second = data[place - 1], data[place]
        if first < _ASCII and second < _ASCII:
            return first in _WORD_BYTES and second in _WORD_BYTES
        before = data[_character_at(data, place - 1) : place].decode("utf-8")
        after = data[place : _next_character(data, place)].decode("utf-8")
        return _is_word(before) and _is_word(after)


def _is_word(char: str) -> bool:
    return char == "_" or char.isalnum()


def _character_at(data: bytes, place: int) -> int:
    """Where the character begins that the byte ``place`` belongs to."""
    while 0 < place < len(data) and data[place] & 0xC0 == 0x80:
        place -= 1
    return place


def _next_character(data: bytes, place: int) -> int:
    place += 1
    while place < len(data) and data[place] & 0xC0 == 0x80:
        place += 1
    return place
