"""Running text without the line breaks of its source: those that stand only because a line was full."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from src.core.types import Span

_OWN = re.compile(r"\s*(?:[-*+•‣–—#>]|\(?\w{1,3}[.)]\s)")
"""A line that goes on with none: an item of a list, a heading, a quotation."""
_ROW = re.compile(r"\s*(?:`{3}|~{3})|.*(?:\t|\||\S {3,}\S)")
"""A row of a table, or the fence of code."""
_CODE = re.compile(r"[{}\\]|[;(\[]$|^[$)\]]|^[\w.]+ ?=")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*$|[。！？：；][”’」』）]*$")
_VERSE_END = re.compile(r"[,—–-]$|[，、]$")
_SPACELESS = re.compile("[\u0e00-\u0eff\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_MIN_WIDTH = 45
"""Shorter lines are not broken because they were full."""


def unwrap(text: str, pieces: Sequence[Span]) -> str:
    """The lines ``pieces`` of ``text`` (their places in it), joined where one sentence goes on from line to line.

    Lists, tables, code and verse keep their lines, and so does what begins anew after a sentence in a line that was not
    full. Words are joined by a space, but for scripts that write none.
    """
    return "\n".join(_join_block(text, block) for block in _blocks(text, pieces))


def _blocks(text: str, pieces: Sequence[Span]) -> Iterator[list[Span]]:
    """Pieces that may be running text together: a line of its own, or with another indentation, begins a block."""
    block: list[Span] = []
    for piece in pieces:
        line = _line(text, piece)
        if block and (_OWN.match(line) or _is_moved(_line(text, block[-1]), line)):
            yield block
            block = []
        block.append(piece)
    if block:
        yield block


def _is_moved(before: str, line: str) -> bool:
    return _indent(before) != _indent(line) and not _OWN.match(before)


def _join_block(text: str, block: Sequence[Span]) -> str:
    lines = [_cut(text, piece) for piece in block]
    width = max(len(_line(text, piece).rstrip()) for piece in block)
    full = [width >= _MIN_WIDTH and _is_full(text, *two, width) for two in pairwise(block)]
    joined = lines[0]
    is_kept = _keeps_lines(lines, full)
    for was_full, (before, after) in zip(full, pairwise(lines), strict=True):
        goes_on = was_full or not _SENTENCE_END.search(before)
        joined += ("\n" if is_kept or not goes_on or before.endswith("-") else _joint(before, after)) + after
    return joined


def _keeps_lines(lines: Sequence[str], full: Sequence[bool]) -> bool:
    """Whether lines are no running text: a table, code, or verse, whose lines are short and begin with a capital or end
    with a mark."""
    if any(map(_ROW.match, lines)) or 2 * sum(bool(_CODE.search(line)) for line in lines) >= len(lines) > 1:
        return True
    within = [(before, after) for before, after in pairwise(lines) if not _SENTENCE_END.search(before)]
    is_like_verse = all(after[0].isupper() for _, after in within) or (
        len(within) > 1 and 2 * sum(bool(_VERSE_END.search(before)) for before, _ in within) > len(within)
    )
    return not any(full) and bool(within) and is_like_verse


def _is_full(text: str, before: Span, after: Span, width: int) -> bool:
    """Whether the first word of the line ``after`` had no room in the line ``before``."""
    first = _cut(text, after)
    word = 1 if _SPACELESS.match(first) else 1 + len(first.split(maxsplit=1)[0])
    return len(_line(text, before).rstrip()) + word > width


def _joint(first: str, second: str) -> str:
    return "" if _SPACELESS.match(first[-1]) and _SPACELESS.match(second) else " "


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _cut(text: str, piece: Span) -> str:
    return text[piece.start : piece.end]


def _line(text: str, piece: Span) -> str:
    """The whole line that a piece lies in."""
    end = text.find("\n", piece.end)
    return text[text.rfind("\n", 0, piece.start) + 1 : end if end >= 0 else len(text)]
