"""Patches as text: unified diffs, and the code around a change up to the function that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from src.data_prep.git_history.file_text import NO_NEWLINE, data_of
from src.data_prep.git_history.line_diff import Block
from src.data_prep.git_history.patches import FilePatch

CONTEXT_LINES: Final = 3
_FAR: Final = 40
"""A function that begins or ends further away is not shown whole."""
_DEFINES = re.compile(
    r"^\s*(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|pub(?:\(\w+\))?|unsafe|"
    r"extern|const|inline|virtual|override|open|suspend|local|@\w+)\s++)*+"
    r"(?:def|class|func|fn|function|fun|impl|trait|struct|enum|interface|module|namespace|sub|proc|type|let|defp|"
    r"defmodule|method|macro|record|object|protocol|extension|component)\b|"
    r"^[A-Za-z_$][^;=]*\)\s*+(?:const\b|noexcept\b|throws [\w., ]++|->.*|:\s*+[\w<>\[\]| ]++)?+\s*+\{?+\s*+$|"
    r"^\s++(?:[\w<>\[\],*&:?.]++\s++){0,6}(?!if\b|for\b|while\b|switch\b|catch\b|return\b|else\b|elif\b|with\b|match\b|when\b)"
    r"[\w$]++\s*+\([^;]*\)\s*+(?:const\b|throws [\w., ]++|->.*(?=\{)|:\s*+[\w<>\[\]| ]++)?+\s*+\{\s*+$"
)
_CLOSING = re.compile(r"^\s*(?:[)\]}]+[;,]?|end\b)\s*$")
_LONGEST_HEAD: Final = 300
"""Characters: a longer line is no definition that a reader would be shown."""


class Region(NamedTuple):
    """Lines ``[start, end)`` of the old version of a file."""

    start: int
    end: int


def unified_diff(files: Iterable[FilePatch], context: int = CONTEXT_LINES) -> str:
    """The patch of ``files`` as `git apply` takes it, without modes and ids."""
    return "\n".join(line for file in files for line in _file_diff(file, context))


def old_regions(file: FilePatch, context: int | None) -> list[Region]:
    """What of the old version a reader needs to see: ``context`` lines around each change, or the function that it
    stands in where it is None."""
    regions: list[Region] = []
    for block in file.blocks:
        region = _around(file.old, block, context) if context is not None else _scope(file.old, block)
        if regions and region.start <= regions[-1].end:
            regions[-1] = Region(min(regions[-1].start, region.start), max(regions[-1].end, region.end))
        else:
            regions.append(region)
    return [region for region in regions if region.start < region.end]


def old_code(file: FilePatch, regions: Iterable[Region]) -> str:
    """The lines of ``regions``, with a line of dots where some are left out."""
    return "\n...\n".join("\n".join(file.old[start:end]).replace(NO_NEWLINE, "") for start, end in regions)


def fenced(text: str, language: str) -> str:
    """``text`` in a Markdown fence that it does not close itself."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def greatest_changes(file: FilePatch, max_characters: int) -> FilePatch | None:
    """``file`` with its greatest changes alone, as many as fit into ``max_characters``; None where none does, or
    all do."""
    chosen: list[Block] = []
    left = max_characters
    for hunk in sorted(_hunks(file.blocks, CONTEXT_LINES), key=_changed_lines, reverse=True):
        size = sum(map(len, (line for block in hunk for line in _lines_of(file, block))))
        if size <= left:
            chosen += hunk
            left -= size
    if not chosen or len(chosen) == len(file.blocks):
        return None
    return replace(file, new_data=data_of(_apply(file, sorted(chosen))))


def _changed_lines(blocks: Sequence[Block]) -> int:
    return sum(block.old_end - block.old_start + block.new_end - block.new_start for block in blocks)


def _lines_of(file: FilePatch, block: Block) -> Sequence[str]:
    return (*file.old[block.old_start : block.old_end], *file.new[block.new_start : block.new_end])


def _apply(file: FilePatch, blocks: Sequence[Block]) -> list[str]:
    """The old version with some of the changes made."""
    lines: list[str] = []
    done = 0
    for block in blocks:
        lines += file.old[done : block.old_start]
        lines += file.new[block.new_start : block.new_end]
        done = block.old_end
    return [*lines, *file.old[done:]]


def _file_diff(file: FilePatch, context: int) -> Iterator[str]:
    yield f"--- a/{file.old_path}" if file.old else "--- /dev/null"
    yield f"+++ b/{file.path}" if file.new else "+++ /dev/null"
    for blocks in _hunks(file.blocks, context):
        old_start, new_start = (max(0, first - context) for first in (blocks[0].old_start, blocks[0].new_start))
        old_end = min(len(file.old), blocks[-1].old_end + context)
        new_end = min(len(file.new), blocks[-1].new_end + context)
        yield f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@{_section(file.old, old_start)}"
        yield from _hunk_lines(file, blocks, old_start, old_end)


def _hunk_lines(file: FilePatch, blocks: Sequence[Block], start: int, end: int) -> Iterator[str]:
    for block in blocks:
        yield from (f" {line}" for line in file.old[start : block.old_start])
        yield from (f"-{line}" for line in file.old[block.old_start : block.old_end])
        yield from (f"+{line}" for line in file.new[block.new_start : block.new_end])
        start = block.old_end
    yield from (f" {line}" for line in file.old[start:end])


def _hunks(blocks: Sequence[Block], context: int) -> Iterator[list[Block]]:
    """Blocks whose contexts touch belong to one hunk."""
    hunk: list[Block] = []
    for block in blocks:
        if hunk and block.old_start - hunk[-1].old_end > 2 * context:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def _range(start: int, end: int) -> str:
    """A range as diffs write it: counted from 1, an empty one by the line before it."""
    return f"{start + 1 if end > start else start},{end - start}"


def _section(lines: Sequence[str], start: int) -> str:
    """What stands behind the second @@: the definition above the hunk."""
    for index in range(start - 1, max(-1, start - 500), -1):
        if _is_definition(lines[index]):
            return f" {lines[index].strip()[:80]}"
    return ""


def _around(lines: Sequence[str], block: Block, context: int) -> Region:
    return Region(max(0, block.old_start - context), min(len(lines), block.old_end + context))


def _scope(lines: Sequence[str], block: Block) -> Region:
    """The function around a block, as indentation tells it; what is too far away is cut to a few lines."""
    near = _around(lines, block, 2 * CONTEXT_LINES)
    header = _header(lines, block.old_start)
    if header is None:
        return near
    indent = _indent(lines[header])
    end = min(block.old_end, len(lines))
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
        end += 1
    end += end < len(lines) and bool(_CLOSING.match(lines[end]))
    while end > block.old_end and not lines[end - 1].strip():
        end -= 1
    is_far = end - block.old_end > _FAR
    return Region(header, near.end if is_far else max(end, block.old_end))


def _header(lines: Sequence[str], start: int) -> int | None:
    """The line above ``start`` that begins its function or class; None where there is none near."""
    limit = next((_indent(line) for line in lines[start : start + 5] if line.strip()), 0)
    for index in range(min(start, len(lines)) - 1, max(-1, start - _FAR), -1):
        line = lines[index]
        if not line.strip() or _indent(line) >= limit:
            continue
        limit = _indent(line)
        if _is_definition(line):
            return index
    return None


def _is_definition(line: str) -> bool:
    return len(line) <= _LONGEST_HEAD and bool(_DEFINES.match(line))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
