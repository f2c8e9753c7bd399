"""Cuts conversations to rows of a length: between exchanges, never inside an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from src.core.types import Message
from src.data_prep.chat_logs.types import Exchange
from src.utils.token_counter import TokenCounter

_EARLIER: Final = "Where this conversation began:\n\n{first}\n\nNow:\n\n{question}"
_LEFT_OUT: Final = "\n[... {count} lines left out ...]\n"
_MARKERS: Final = 8
"""Tokens that a chat template puts around a message at most."""
_LETTERS: Final = bytes(ord("a") if chr(code).isalpha() and code < 128 else code for code in range(256))
"""The table that makes every letter of ASCII an "a"."""
_REMEMBERED: Final = 64
"""Exchanges whose sizes are kept: those of a long conversation are asked for again where it goes on, and for pieces."""
_SHARE_OF_HEAD: Final = 0.5
_LEAST_LINES: Final = 20
"""A question of fewer lines is no paste that could lose some."""


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive exchanges that fit. ``altered`` says how the first question was changed: "" not at all."""

    exchanges: tuple[Exchange, ...]
    altered: str = ""


class Cutter:
    """Cuts to ``max_len`` tokens, the system message included. ``counter`` says whether its counts are exact."""

    def __init__(self, counter: TokenCounter, system: str, max_len: int) -> None:
        self._counter = counter
        self._max_len = max_len
        self._system = Message("system", system)
        self._size = lru_cache(_REMEMBERED)(self._counted)

    def windows(self, exchanges: Sequence[Exchange]) -> Iterator[Window]:
        """The rows of a conversation, in order: as many exchanges each as fit.

        A later window begins with the first question of the conversation, which says what it is about, where that
        fits. Of a paste that alone is too long the middle is left out; an exchange whose answer does not fit is left
        out whole: the windows together hold fewer exchanges then.
        """
        if self._surely_fit(exchanges):
            yield Window(tuple(exchanges))
            return
        sizes = [self._size(exchange) for exchange in exchanges]
        start = 0
        while start < len(exchanges):
            first, altered = self._first_of_window(exchanges, start, sizes[start])
            room = self._max_len - self._base - (self._size(first) if altered else sizes[start])
            end = start + 1
            if room >= 0:
                while end < len(exchanges) and sizes[end] <= room:
                    room -= sizes[end]
                    end += 1
                yield Window((first, *exchanges[start + 1 : end]), altered)
            start = end

    def _surely_fit(self, exchanges: Sequence[Exchange]) -> bool:
        """Whether the bounds of all texts are within the limit: most conversations are told without counting."""
        texts = [
            self._system.content,
            *(text for exchange in exchanges for text in (exchange.question, exchange.answer)),
        ]
        longest = len(texts) * _MARKERS + 4 * sum(map(len, texts))
        return longest <= self._max_len or sum(map(_bound_of, texts)) <= self._max_len

    @cached_property
    def _base(self) -> int:
        """Tokens of the system message; counting loads a vocabulary, which short conversations never need."""
        return self._counter.count_turns([self._system]).tokens

    def _counted(self, exchange: Exchange) -> int:
        return self._counter.count_turns(_turns(exchange)).tokens

    def _fits(self, exchange: Exchange) -> bool:
        return self._base + self._size(exchange) <= self._max_len

    def _first_of_window(self, exchanges: Sequence[Exchange], start: int, size: int) -> tuple[Exchange, str]:
        """The exchange at ``start`` as it opens a window, and how it was altered; itself where it cannot be helped."""
        first = exchanges[start]
        if self._base + size > self._max_len:
            shortened = self._shortened(first)
            return (shortened, "paste_shortened") if shortened else (first, "")
        if start:
            carried = first._replace(question=_EARLIER.format(first=exchanges[0].question, question=first.question))
            if self._fits(carried):
                return carried, "carries_first_question"
        return first, ""

    def _shortened(self, exchange: Exchange) -> Exchange | None:
        """``exchange`` with as many lines of its question as fit, from both ends; None where none fit."""
        lines = exchange.question.split("\n")
        if len(lines) < _LEAST_LINES:
            return None
        low, high = 0, len(lines) - 1
        best = None
        while low < high:
            kept = (low + high + 1) // 2
            candidate = exchange._replace(question=_without_middle(lines, kept))
            if self._fits(candidate):
                best, low = candidate, kept
            else:
                high = kept - 1
        return best if low >= _LEAST_LINES // 2 else None


def _without_middle(lines: Sequence[str], kept: int) -> str:
    head = int(kept * _SHARE_OF_HEAD)
    tail = kept - head
    return "\n".join(lines[:head]) + _LEFT_OUT.format(count=len(lines) - kept) + "\n".join(lines[len(lines) - tail :])


def follow_ups(exchanges: Sequence[Exchange], most: int) -> Iterator[tuple[Exchange, ...]]:
    """Pieces of a conversation with at least two and at most ``most`` exchanges, which together hold all of it. A
    single one that would be left over takes the one before it along."""
    if len(exchanges) < 2:
        return
    for start in range(0, len(exchanges), most):
        piece = exchanges[start : start + most]
        yield tuple(piece if len(piece) > 1 else exchanges[start - 1 : start + 1])


def messages_of(system: str, exchanges: Sequence[Exchange]) -> list[Message]:
    """A row's messages: the system message, then question and answer in turn."""
    return [Message("system", system), *(turn for exchange in exchanges for turn in _turns(exchange))]


def _turns(exchange: Exchange) -> list[Message]:
    return [Message("user", exchange.question), Message("assistant", exchange.answer)]


def _bound_of(text: str) -> int:
    """Tokens of a message at most, without counting: a token is a byte or more, and a blank goes with the letter behind
    it in all vocabularies that are counted with."""
    if not text.isascii():
        return _MARKERS + 4 * len(text)
    return _MARKERS + len(text) - text.encode("ascii").translate(_LETTERS).count(b" a")
