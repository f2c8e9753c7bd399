"""Which lines differ between two versions of a file: common ends cut off, then lines that are unique on both sides as
anchors (patience diff), then difflib for what is left. Commits change little, so most lines are only compared once."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_MAX_PRODUCT: Final = 20_000
"""Above so many pairs of lines difflib takes long: the whole stretch then counts as replaced."""


_STEP: Final = 64
"""Lines that are compared at once."""


class Block(NamedTuple):
    """Lines ``[old_start, old_end)`` became lines ``[new_start, new_end)``; one of the two may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


class _Anchors(NamedTuple):
    """Lines of both sides that are the same, pair by pair."""

    old: list[int]
    new: list[int]


def changed_blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The changes that make ``new`` of ``old``, in order, with unchanged lines between them."""
    found: list[Block] = []
    _find(old, new, Block(0, len(old), 0, len(new)), found)
    return list(_join(found))


def _find(old: Sequence[str], new: Sequence[str], whole: Block, found: list[Block]) -> None:
    """Add the differences within ``whole`` to ``found``, in order."""
    block = _trim(old, new, whole)
    old_start, old_end, new_start, new_end = block
    if old_start == old_end or new_start == new_end:
        if old_start != old_end or new_start != new_end:
            found.append(block)
        return
    anchors = _anchors(old, new, block)
    if not anchors.old:
        found += _small_differences(old, new, block)
        return
    for old_line, new_line in zip([*anchors.old, old_end], [*anchors.new, new_end], strict=True):
        if old_line != old_start or new_line != new_start:
            if old_line == old_start or new_line == new_start:
                found.append(Block(old_start, old_line, new_start, new_line))
            elif old[old_start:old_line] != new[new_start:new_line]:  # lines that stand twice, as empty ones, do
                _find(old, new, Block(old_start, old_line, new_start, new_line), found)
        old_start, new_start = old_line + 1, new_line + 1


def _trim(old: Sequence[str], new: Sequence[str], block: Block) -> Block:
    old_start, old_end, new_start, new_end = block
    size = min(old_end - old_start, new_end - new_start)
    head = 0
    while head + _STEP <= size and _same(old, old_start + head, new, new_start + head):
        head += _STEP
    while head < size and old[old_start + head] == new[new_start + head]:
        head += 1
    tail, size = 0, size - head
    while tail + _STEP <= size and _same(old, old_end - tail - _STEP, new, new_end - tail - _STEP):
        tail += _STEP
    while tail < size and old[old_end - tail - 1] == new[new_end - tail - 1]:
        tail += 1
    return Block(old_start + head, old_end - tail, new_start + head, new_end - tail)


def _same(old: Sequence[str], old_start: int, new: Sequence[str], new_start: int) -> bool:
    return old[old_start : old_start + _STEP] == new[new_start : new_start + _STEP]


def _anchors(old: Sequence[str], new: Sequence[str], block: Block) -> _Anchors:
    """The longest run of pairs of equal lines, each unique on its side, that is in order on both."""
    olds, news = _unique(old, block.old_start, block.old_end), _unique(new, block.new_start, block.new_end)
    shared = list(filter(news.__contains__, olds))
    anchors = _Anchors(list(map(olds.__getitem__, shared)), list(map(news.__getitem__, shared)))
    if anchors.new == sorted(anchors.new):
        return anchors
    run = _longest_run(anchors.new)
    return _Anchors([anchors.old[index] for index in run], [anchors.new[index] for index in run])


def _longest_run(places: Sequence[int]) -> list[int]:
    """Where the longest part of ``places`` stands that rises."""
    tails: list[int] = []  # what ends the best run of each length
    ends: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(tails, place)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [index]
        before.append(ends[length - 1] if length else -1)
    run = []
    index = ends[-1]
    while index >= 0:
        run.append(index)
        index = before[index]
    return run[::-1]


def _unique(lines: Sequence[str], start: int, end: int) -> dict[str, int]:
    """Where each line stands that stands there once; in their order."""
    part = lines[start:end]
    places = dict(zip(part, range(start, end), strict=True))
    if len(places) == len(part):
        return places
    for text in [text for text, count in Counter(part).items() if count > 1]:
        del places[text]
    return places


def _small_differences(old: Sequence[str], new: Sequence[str], block: Block) -> Iterator[Block]:
    old_lines, new_lines = old[block.old_start : block.old_end], new[block.new_start : block.new_end]
    if len(old_lines) * len(new_lines) > _MAX_PRODUCT or set(old_lines).isdisjoint(new_lines):
        yield block
        return
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old_lines, new_lines, False).get_opcodes():
        if tag != "equal":
            yield Block(
                block.old_start + old_start,
                block.old_start + old_end,
                block.new_start + new_start,
                block.new_start + new_end,
            )


def _join(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks that touch as one."""
    last: Block | None = None
    for block in blocks:
        if last and last.old_end == block.old_start and last.new_end == block.new_start:
            last = Block(last.old_start, block.old_end, last.new_start, block.new_end)
            continue
        if last:
            yield last
        last = block
    if last:
        yield last
