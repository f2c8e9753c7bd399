"""A session with a coding assistant as its terminal shows it: ``> `` before what was typed, ``⏺ `` before each thing
said or done, ``⎿ `` before what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile
from typing import NamedTuple

from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import collect
from src.utils.detection.types import Draft, Finding, Utterance

_PROMPTS = (">", "❯", "›")
_RESULT_BELOW = {"⏺": "⎿", "●": "⎿", "•": "└"}
"""The bullets, each with the sign before what came of what it tells."""
_PLAIN = "•"
"""A bullet that any list has; beside it only the prompt that no quotation has tells a session."""
_RESULTS = tuple(set(_RESULT_BELOW.values()))
_OTHERS = ("✻", "✽", "✶", "✢", "∴", "╭", "│", "╰", "─", "!")
"""What the program tells of itself, boxes and rules."""
_CONFIDENCE = 0.95


class _Block(NamedTuple):
    """Lines from one sign at the margin to the next: what was typed, said, or done with a result."""

    sign: str
    begin: int
    stop: int
    done: bool


def find_terminal_session(text: str, lines: Sequence[Line]) -> Finding | None:
    """The conversation of a session, without what was done; None where nothing was done, or nobody typed first."""
    if not any(result in text for result in _RESULTS):
        return None
    blocks = list(_blocks(text, lines))
    signs = {block.sign for block in blocks}
    bullets = signs.intersection(_RESULT_BELOW)
    done = sum(block.done and block.sign in bullets for block in blocks)
    if not done or not signs.intersection(_PROMPTS) or (bullets == {_PLAIN} and "›" not in signs):
        return None
    turns = tuple(dropwhile(lambda turn: turn.family == "assistant", _turns(text, lines, blocks)))
    if {turn.family for turn in turns} != {"user", "assistant"}:
        return None
    reason = f"{len(turns)} turns of a session at a terminal"
    return Finding("terminal session", (Draft(turns, turns[0].pieces[0].start),), _CONFIDENCE, reason)


def _blocks(text: str, lines: Sequence[Line]) -> Iterator[_Block]:
    sign, begin, done = "", 0, False
    for index, line in enumerate(lines):
        if line.blank or line.code:
            continue
        opened = text[line.first]
        behind = text[line.first + 1 : line.first + 2]
        if line.indent == 0 and opened in (*_PROMPTS, *_RESULT_BELOW, *_OTHERS) and behind in ("", " ", "\u00a0", "─"):
            if sign:
                yield _Block(sign, begin, index, done)
            sign, begin, done = opened, index, False
        elif opened == _RESULT_BELOW.get(sign):
            done = True
    if sign:
        yield _Block(sign, begin, len(lines), done)


def _turns(text: str, lines: Sequence[Line], blocks: Sequence[_Block]) -> Iterator[Utterance]:
    for block in blocks:
        typed = block.sign in _PROMPTS
        start = min(lines[block.begin].first + 2, lines[block.begin].end)
        if block.sign in _OTHERS or (block.done and not typed) or (typed and text.startswith("/", start)):
            continue
        stop = block.stop
        if typed:  # what a command shows stands below it
            filled = (index for index in range(block.begin, stop) if not lines[index].blank)
            stop = next((index for index in filled if text[lines[index].first] in _RESULTS), stop)
        pieces = collect(text, lines, block.begin, stop, start)
        if pieces:
            yield Utterance("user", "user", pieces) if typed else Utterance("assistant", "assistant", pieces)
