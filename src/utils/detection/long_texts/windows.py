"""Cuts a long text into windows that are read one after the other: memory stays bounded, and prose is never read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from src.core.types import Section, SourceDocument
from src.utils.detection.long_texts.screen import may_hold_conversation

_WHOLE = 100_000
"""Characters of a document that is always read whole."""

_WINDOW = 400_000
_BLOCK = 16_000
_FORMAT = re.compile(r"\s*(?:#(?:separator|html):|@(?:UTF8|Begin)\s|# aider chat started at \d|title:\t)")
"""What opens cards to learn from, a transcript in tiers, the history of a program or an issue of a tracker: only this
first line tells how every other is read."""


class Window(NamedTuple):
    """A part of a document that is read as a document of its own. ``start`` is where it begins in the whole text;
    ``goes_on``: it ends only because it is large enough."""

    document: SourceDocument
    start: int
    goes_on: bool


class Windows:
    """The windows of a document in order: parts that may hold a conversation, and some text around each.

    Records, tables, pages with structure and texts whose head names their format are one window whatever their size.
    After a window that goes on, the next begins where ``resume`` says, else where that one ended.
    """

    def __init__(self, document: SourceDocument) -> None:
        self._document = document
        self._resume = 0
        self.goes_on_in: Callable[[str], bool] | None = None
        """Whether a piece of text surely holds more of the same, where that is known."""

    def resume(self, position: int) -> None:
        """Read again from ``position`` (of the window's text, where a line begins)."""
        self._resume = position

    def __iter__(self) -> Iterator[Window]:
        sections = self._document.sections
        size = sum(len(section.text) for section in sections)
        structured = any(section.fields or section.kind not in ("text", "heading") for section in sections)
        if size <= _WHOLE or structured or _FORMAT.match(sections[0].text.lstrip("\ufeff")):
            yield Window(self._document, 0, goes_on=False)
            return
        held: list[Section] = []
        before: list[Section] = []
        start = position = 0
        silent = False
        for block in _blocks(sections):
            if self._holds_something(block):
                if not held:
                    held, start = before, position - _size(before)
                held, silent = [*held, *block], False
            elif held and not silent:  # what was said may run on
                held, silent = [*held, *block], True
            elif held:
                yield self._window(held, start, goes_on=False)
                held = []
            before = block
            position += _size(block)
            if position - start >= _WINDOW and held:
                yield self._window(held, start, goes_on=True)
                held, before = _after(held, self._resume), []
                start = position - _size(held)
        if held:
            yield self._window(held, start, goes_on=False)

    def _holds_something(self, block: list[Section]) -> bool:
        more = self.goes_on_in
        if more and more("".join(section.text for section in block)):
            return True
        return may_hold_conversation(block)

    def _window(self, sections: Sequence[Section], start: int, *, goes_on: bool) -> Window:
        self._resume = _size(sections)
        return Window(replace(self._document, sections=tuple(sections)), start, goes_on)


def _blocks(sections: Sequence[Section]) -> Iterator[list[Section]]:
    block: list[Section] = []
    size = 0
    for section in sections:
        block.append(section)
        size += len(section.text)
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _size(sections: Sequence[Section]) -> int:
    return sum(len(section.text) for section in sections)


def _after(sections: Sequence[Section], position: int) -> list[Section]:
    """What stands from ``position`` on."""
    rest = []
    for section in sections:
        if position <= 0:
            rest.append(section)
        elif position < len(section.text):
            rest.append(Section(section.text[position:], section.locator))
        position -= len(section.text)
    return rest
