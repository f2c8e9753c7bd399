"""Cuts a document into passages: verbatim spans of bounded size that follow its headings, paragraphs and sentences."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, pairwise, takewhile
from typing import NamedTuple

from src.core.types import Section, SourceDocument, Span

_EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_CUTS = (
    re.compile(r"\n[ \t]*\n\s*"),
    re.compile(r"\n"),
    re.compile(r"[.!?…][\"'”’)\]]*\s+|[。！？][」』”）]*"),
    re.compile(r"\s+"),
)
"""Where a block that is too long may be cut, best first: paragraphs, lines, sentences, words."""

_TOKEN_MARGIN = 0.9
"""Parts of a text differ in tokens per character: a little less than what fits on average."""

CountTokens = Callable[[str], int]

_SPACE = re.compile(r"\s+")
_VISIBLE = re.compile(r"\S")

_EARLIEST_CUT = 3
"""A better kind of cut counts only beyond the first third of the limit, or passages become crumbs."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document. ``text`` is ``document.text[span.start:span.end]``; ``heading`` its headings, top first.

    ``id`` is a short hash of the source's name and the span; ``text_sha256`` is that of the whole document's text, to
    which the span refers ("" where there is no document).
    """

    source_file: str
    text: str
    span: Span
    locator: str
    heading: str
    id: str
    text_sha256: str = ""


class _Block(NamedTuple):
    """A paragraph, row or heading of the document. ``level`` is 0 but for headings."""

    start: int
    end: int
    level: int = 0


_Part = tuple[_Block, int, int]
"""A block and what of it no excluded span covers."""


@dataclass(slots=True)
class _Chunk:
    """What is gathered for the next passage."""

    start: int
    end: int
    heading: str
    has_body: bool


@dataclass(slots=True)
class _Packer:
    text: str
    max_chars: int
    chunks: list[_Chunk] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)

    def add(self, block: _Block, start: int, end: int) -> None:
        """Put the free part ``[start, end)`` of a block into the current chunk or into new ones."""
        if block.level:
            self._enter(block)
        while start < end:
            cut = self._joining_part(start, end, is_heading=block.level > 0)
            if cut is None:
                self.chunks.append(_Chunk(start, start, self._chain(), has_body=False))
                cut = _find_cut(self.text, start, end, self.max_chars)
            chunk = self.chunks[-1]
            chunk.end = cut
            if not block.level:
                chunk.has_body = True
                chunk.heading = self._chain()
            start = cut

    def _enter(self, block: _Block) -> None:
        self.headings = [entry for entry in self.headings if entry[0] < block.level]
        self.headings.append((block.level, _title(self.text[block.start : block.end])))

    def _joining_part(self, start: int, end: int, *, is_heading: bool) -> int | None:
        """The end of what of ``[start, end)`` goes into the current chunk; None when a new chunk must begin."""
        last = self.chunks[-1] if self.chunks else None
        if last is None or last.end != start or (is_heading and last.has_body):
            return None
        room = self.max_chars - (start - last.start)
        if _fits(self.text, start, end, room):
            return end
        # What follows a heading is cut to stay with it, as long as a readable piece has room.
        if last.has_body or room <= self.max_chars // 4:
            return None
        cut = _find_cut(self.text, start, end, room)
        return cut if _fits(self.text, start, cut, room) else None

    def _chain(self) -> str:
        return " > ".join(title for _, title in self.headings)


def make_passages(
    document: SourceDocument,
    *,
    max_chars: int = 2000,
    exclude: Sequence[Span] = (),
    count_tokens: CountTokens | None = None,
    max_tokens: int = 600,
) -> tuple[Passage, ...]:
    """The passages of a document in order, none longer than ``max_chars`` characters unless a single word is.

    With ``count_tokens`` none has more than ``max_tokens`` either: the same number of characters is twice as many
    tokens in a table of numbers as in prose, and four times as many in some scripts.
    A heading starts a passage and stays with what follows; a fenced code block is cut only when it does not fit.
    ``exclude`` names spans (in any order) that no passage may touch; nor does any the routing of a mail. Pieces
    without letters, and headings with nothing below them, give no passage. Raises ValueError when ``max_chars`` is
    below 1.
    """
    if max_chars < 1:
        raise ValueError("max_chars must be at least 1")
    text = document.text
    starts = list(accumulate((len(section.text) for section in document.sections), initial=0))
    routing = (
        Span(start, start + len(section.text))
        for start, section in zip(starts, document.sections, strict=False)
        if section.kind == "routing"
    )
    gaps = sorted(span for span in (*exclude, *routing) if span.start < span.end)
    parts = list(_free_parts(_blocks(document.sections, text, max_chars), gaps))
    chunks = _pack(text, parts, max_chars)
    if count_tokens is not None:
        chunks = [small for chunk in chunks for small in _lightened(text, parts, chunk, max_tokens, count_tokens)]
    with_body = [chunk for chunk in chunks if chunk.has_body]
    passages = (_passage(document, text, starts, chunk) for chunk in with_body or chunks)
    return tuple(passage for passage in passages if any(letter.isalpha() for letter in passage.text))


def _pack(text: str, parts: Iterable[_Part], max_chars: int) -> list[_Chunk]:
    packer = _Packer(text, max_chars)
    for block, start, end in parts:
        packer.add(block, start, end)
    return packer.chunks


def _lightened(
    text: str, parts: Sequence[_Part], chunk: _Chunk, max_tokens: int, count_tokens: CountTokens
) -> Iterator[_Chunk]:
    """The chunk, or smaller ones in its place when it has too many tokens; a single word stays whole."""
    content = text[chunk.start : chunk.end].strip()
    tokens = count_tokens(content)
    if tokens <= max_tokens:
        yield chunk
        return
    first = bisect_right(parts, chunk.start, key=lambda part: part[2])
    inside = takewhile(lambda part: part[1] < chunk.end, islice(parts, first, None))
    clipped = [(block, max(start, chunk.start), min(end, chunk.end)) for block, start, end in inside]
    smaller = max(1, int(len(content) * max_tokens / tokens * _TOKEN_MARGIN))
    for small in _pack(text, clipped, smaller):
        small.heading = chunk.heading
        if (small.start, small.end) == (chunk.start, chunk.end):  # it cannot be cut
            yield chunk
        else:
            yield from _lightened(text, parts, small, max_tokens, count_tokens)


def _blocks(sections: Sequence[Section], text: str, max_chars: int) -> Iterator[_Block]:
    """Paragraphs, rows, headings, and fenced code blocks that fit: those are parted nowhere inside."""
    fences = [fence for fence in _fences(text) if fence.end - fence.start <= max_chars]
    begins = [fence.start for fence in fences]
    levels = {edge: 0 for fence in fences for edge in fence}
    for edge, level in _edges(sections):
        index = bisect_right(begins, edge) - 1
        if index < 0 or not fences[index].start < edge < fences[index].end:
            levels[edge] = level
    edges = sorted(edge for edge in levels if edge < len(text))
    for start, end in pairwise([*edges, len(text)]):
        yield _Block(start, end, levels[start])


def _edges(sections: Sequence[Section]) -> Iterator[tuple[int, int]]:
    """(start, heading level) of every block that the sections and their empty lines make."""
    offset = 0
    for section in sections:
        end = offset + len(section.text)
        yield offset, max(1, section.level) if section.kind == "heading" else 0
        if section.kind == "text":
            for gap in _EMPTY_LINES.finditer(section.text):
                if offset + gap.end() < end:
                    yield offset + gap.end(), 0
        offset = end


def _fences(text: str) -> Iterator[Span]:
    """Fenced code blocks; one that is never closed ends with the text (CommonMark 4.5)."""
    mark = ""
    start = 0
    for found in _FENCE.finditer(text):
        if not mark:
            mark, start = found[1], found.start()
        elif found[1].startswith(mark):
            line_end = text.find("\n", found.end())
            yield Span(start, len(text) if line_end < 0 else line_end + 1)
            mark = ""


def _free_parts(blocks: Iterator[_Block], gaps: Sequence[Span]) -> Iterator[_Part]:
    """The parts of the blocks that no gap covers; ``gaps`` are sorted and may overlap."""
    index = 0
    for block in blocks:
        start = block.start
        while index < len(gaps) and gaps[index].end <= start:
            index += 1
        for gap in gaps[index:]:
            if gap.start >= block.end:
                break
            if gap.start > start:
                yield block, start, gap.start
            start = max(start, gap.end)
        if start < block.end:
            yield block, start, block.end


def _find_cut(text: str, start: int, end: int, room: int) -> int:
    """The best place to cut, at most ``room`` visible characters after ``start``; past the word if that is longer."""
    if _fits(text, start, end, room):
        return end
    stop = min(end, start + room + 1)  # one more: the space after the last word that fits
    for earliest in (room // _EARLIEST_CUT, 0):
        for pattern in _CUTS:
            places = [found.end() for found in pattern.finditer(text, start, stop)]
            fitting = [place for place in places if start + earliest < place and _fits(text, start, place, room)]
            if fitting:
                return fitting[-1]
    following = _SPACE.search(text, start + room, end)
    return following.end() if following else end


def _fits(text: str, start: int, end: int, room: int) -> bool:
    """Whether ``[start, end)`` holds at most ``room`` characters; white space at its end is not counted."""
    return end - start <= room or _VISIBLE.search(text, start + max(0, room), end) is None


def _title(text: str) -> str:
    """A heading without Markdown marks, on one line."""
    lines = text.strip().splitlines()
    if len(lines) > 1 and not lines[-1].strip("=- \t"):
        lines.pop()
    line = " ".join(" ".join(lines).split())
    return re.sub(r"^#{1,6}\s+|\s+#+$", "", line)


def _passage(document: SourceDocument, text: str, starts: Sequence[int], chunk: _Chunk) -> Passage:
    raw = text[chunk.start : chunk.end]
    start = chunk.start + len(raw) - len(raw.lstrip())
    span = Span(start, start + len(raw.strip()))
    section = min(bisect_right(starts, span.start) - 1, len(document.sections) - 1)
    digest = hashlib.sha256(f"{document.name}\0{span.start}-{span.end}".encode()).hexdigest()
    return Passage(
        document.name,
        text[span.start : span.end],
        span,
        document.sections[section].locator,
        chunk.heading,
        digest[:12],
        document.sha256,
    )
