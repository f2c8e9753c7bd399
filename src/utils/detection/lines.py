"""Cuts a document into lines and says of each what it is: heading, rule, code, front matter, table row or text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from src.core.types import Section, SourceDocument, Span
from src.utils.detection.line_starts import SPACE, LineStarts

_TAB = 8
_NOT_SPACE = re.compile(r"\S")
_HEADING_MARK = re.compile(
    r"(?:\d{1,4}[.)][ \t]+(?=#))?(?:(#{1,6})|(={1,6})|=head([1-4])|h([1-6])\.|(!{1,3}))[ \t]+(?=\S)"
    r"|(?:@(?:top|chapter|unnumbered|appendix)|\\(?:part|chapter)\*?\{)[ \t]*(?P<chapter>(?=\S))"
    r"|(?:@(?:section|unnumberedsec|heading)|\\section\*?\{)[ \t]*(?P<sec>(?=\S))"
    r"|(?:@(?:subsection|unnumberedsubsec|subheading)|\\(?:sub)+section\*?\{)[ \t]*(?P<sub>(?=\S))"
)
_COMMAND_LEVEL = {"chapter": 1, "sec": 2, "sub": 3}
_RULE = re.compile(r"(?:%|([-*_=~#+—–─━═•·.])(?:[ \t]?\1){2,}|[-=_]{5,}[<>][-=_]{0,3})")
_HTML_RULE = re.compile(r"<hr\b[^<>]{0,80}>", re.IGNORECASE)
_FENCE = re.compile(r"(`{3,}|~{3,})")
_UNDERLINE = re.compile(r"([=\-~^#*\"'+])\1{2,}")
_MAX_FRONT_MATTER = 200
_MAX_UNDERLINED = 200
_PARTS_TEXT = rf"{SPACE}(?:[\n%\-*_=~#+—–─━═•·.<!@\\\d]|h[1-6]\.)"
_PLAIN_START = re.compile(r"(?!h[1-6]\.)[^\W\d_]")
"""What neither a heading's mark nor a rule begins with."""
_PLAIN_LINE = re.compile(rf"{SPACE}(?=[\"“”„«»‘’'「『(¿¡]|{_PLAIN_START.pattern})")
_LISTING_MARKS = ("----", "....", "====", "````")


@dataclass(slots=True)
class Line:
    """One line ``[start, end)`` without its break and trailing space.

    ``first`` is its first character that is no space, ``body`` the first one after a heading's mark, ``indent`` the
    column of ``first`` (tabs to eight). ``level`` > 0 marks a heading. ``code``: inside a fence. ``skip``: no text of
    its own (front matter, underline of a heading). ``foreign``: part of a table or record.
    ``division``: a heading that parts a work (act, scene, lesson).
    """

    start: int
    first: int
    body: int
    end: int
    indent: int
    level: int = 0
    rule: bool = False
    code: bool = False
    skip: bool = False
    foreign: bool = False
    section: int = 0
    division: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing stands in the line."""
        return self.first >= self.end


class Lines(Sequence[Line]):
    """The lines of a document, each made when it is first asked for: most lines of prose never are."""

    def __init__(self, document: SourceDocument, text: str) -> None:
        self._text = text
        self._sections = document.sections
        self._has_headings = any(section.kind == "heading" for section in document.sections)
        self._marked = not self._has_headings
        self._foreign = frozenset(number for number, section in enumerate(document.sections) if _is_foreign(section))
        self._starts = LineStarts(text, [section.text for section in document.sections])
        self._count = len(self._starts)
        self._made: dict[int, Line] = {}
        self._parted: list[int] = []

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...

    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        line = self._made.get(index) if type(index) is int else None
        if line is not None:
            return line
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._count))]
        if index < 0:
            index += self._count
        if not 0 <= index < self._count:
            raise IndexError(index)
        line = self._made[index] = self._make(index)
        return line

    def __iter__(self) -> Iterator[Line]:
        return (self[index] for index in range(len(self)))

    def at(self, position: int) -> int:
        """The index of the line that holds the character at ``position``."""
        return self._starts.at(position)

    def begin(self, index: int) -> int:
        """Where the text of a line begins; nothing is made for it that is not there yet."""
        start, stop = self._starts.bounds(index)
        found = _NOT_SPACE.search(self._text, start, stop)
        return found.start() if found else start

    def starting(self, pattern: str) -> Iterator[int]:
        """In order the first line and every line whose beginning fits ``pattern``, found in one pass over the text."""
        return self._starts.starting(pattern)

    def noted(self) -> set[int]:
        """The lines that were found to be headings, rules or no text, and those of sections that are headings; any
        other is none unless it begins with a mark."""
        headings = (number for number, section in enumerate(self._sections) if section.kind == "heading")
        found = {index for index, line in self._made.items() if line.level or line.rule or line.skip}
        return found.union(*(self._starts.of_section(number) for number in headings))

    def opening(self) -> list[int]:
        """In order all lines that may open a paragraph (``starts_block`` tells): the first, those of a new section, and
        those below a blank line, a heading, or what may be a rule."""
        if not self._parted:
            below = (index + 1 for index in self.starting(_PARTS_TEXT))
            self._parted = sorted({0, *below, *self._starts.first_of_sections()})
        found = {*self._parted, *(index + 1 for index in self.noted())}
        return sorted(index for index in found if index < self._count)

    def filled(self, index: int) -> Span | None:
        """Where the text of a line stands when nothing but letters and signs of running text can begin a paragraph
        there: no heading, rule, code or record, below a blank line. None: look at the line itself."""
        if not self._starts.searched or index in self._made or index - 1 in self._made or self._foreign or not index:
            return None
        start, stop = self._starts.bounds(index)
        found = _PLAIN_LINE.match(self._text, start, stop)
        above = self._starts.bounds(index - 1)
        return Span(found.end(), stop) if found and above[0] == above[1] else None

    def _make(self, index: int) -> Line:
        start, stop = self._starts.bounds(index)
        line = _make_line(self._text, start, stop)
        if not self._foreign and _PLAIN_START.match(self._text, line.first, line.end) and not self._has_headings:
            line.section = self._starts.section(index)
            return line
        line.section = self._starts.section(index)
        line.foreign = line.section in self._foreign
        if not line.foreign and not line.blank:
            section = self._sections[line.section]
            opens = section.kind == "heading" and self._is_first_filled(index, line.section)
            _classify(line, self._text, section.level if opens else 0, self._marked)
        return line

    def _is_first_filled(self, index: int, section: int) -> bool:
        first = self._starts.of_section(section).start
        return not any(self._text[slice(*self._starts.bounds(above))].strip() for above in range(first, index))


def index_lines(document: SourceDocument, text: str) -> Lines:
    """Every line of ``document``, whose joined text is ``text``, in order."""
    lines = Lines(document, text)
    _mask_front_matter(lines, text)
    _mask_fences(lines, text)
    _mark_underlined(lines, text)
    _mask_listings(lines, text)
    return lines


def next_filled(lines: Sequence[Line], index: int) -> int:
    """The index of the first line from ``index`` on that holds text; ``len(lines)`` when there is none."""
    while index < len(lines) and (lines[index].blank or lines[index].skip):
        index += 1
    return index


def starts_block(lines: Sequence[Line], index: int) -> bool:
    """Whether the line opens a paragraph: after nothing, a blank line, a heading, a rule or another section."""
    if index == 0:
        return True
    before = lines[index - 1]
    return before.blank or before.skip or before.rule or before.level > 0 or before.section != lines[index].section


def _is_foreign(section: Section) -> bool:
    return section.kind in ("row", "record", "routing") or (section.kind == "turn" and _is_named(section))


def _is_named(section: Section) -> bool:
    return any(field.name != "text" for field in section.fields)


def _make_line(text: str, start: int, stop: int) -> Line:
    first = _NOT_SPACE.search(text, start, stop)
    if first is None:
        return Line(start, start, start, start, 0)
    begin = first.start()
    end = stop if not text[stop - 1].isspace() else start + len(text[start:stop].rstrip())
    return Line(start, begin, begin, end, len(text[start:begin].expandtabs(_TAB)) if begin > start else 0)


def _classify(line: Line, text: str, level: int, marked: bool) -> None:
    """``marked``: the document names no headings itself, so a mark (``##``, ``==``, ``=head2``) makes one."""
    if not level and _PLAIN_START.match(text, line.first, line.end):
        return
    mark = _HEADING_MARK.match(text, line.first, line.end)
    numbered = bool(mark and text[line.first].isdigit())
    if level or (mark and line.indent <= 3 and (marked or numbered)):
        line.level = level or (_level_of(mark) if mark else 0)
        line.body = mark.end() if mark else line.first
        return
    if line.end - line.first <= _MAX_UNDERLINED:
        line.rule = bool(
            _RULE.fullmatch(text, line.first, line.end) or _HTML_RULE.fullmatch(text, line.first, line.end)
        )


def _level_of(mark: re.Match[str]) -> int:
    if mark.lastgroup:
        return _COMMAND_LEVEL[mark.lastgroup]
    return next((int(group) if group.isdigit() else len(group) for group in mark.groups() if group), 1)


def _mask_front_matter(lines: Lines, text: str) -> None:
    if not lines or text[lines[0].first : lines[0].end] not in ("---", "+++"):
        return
    for index, line in enumerate(lines[1:_MAX_FRONT_MATTER], start=1):
        if text[line.first : line.end] in ("---", "...", "+++"):
            for inner in lines[: index + 1]:
                inner.skip, inner.level, inner.rule = True, 0, False
            return


def _mask_fences(lines: Lines, text: str) -> None:
    """Mark the lines of fenced code; a fence that never closes opens nothing."""
    opened = -1
    mark = ""
    for index in lines.starting(rf"{SPACE}(?:```|~~~)"):
        line = lines[index]
        fence = None if line.blank or line.foreign else _FENCE.match(text, line.first, line.end)
        if not fence:
            continue
        if opened < 0:
            opened, mark = index, fence[1]
        elif fence[1].startswith(mark) and fence.end() == line.end:
            for inner in lines[opened : index + 1]:
                inner.code, inner.level, inner.rule, inner.body = True, 0, False, inner.first
            opened = -1


def _mask_listings(lines: Lines, text: str) -> None:
    """AsciiDoc listings: two lines of exactly four marks, with text right inside them, are a fence."""
    opened = -1
    for index in lines.starting(rf"{SPACE}(?:----|\.\.\.\.|====|````)"):
        line = lines[index]
        if not line.rule or text[line.first : line.end] not in _LISTING_MARKS:
            continue
        closes = opened >= 0 and not lines[index - 1].blank and _same(text, lines[opened], line)
        if closes:
            for inner in lines[opened : index + 1]:
                inner.code, inner.level, inner.rule, inner.body = True, 0, False, inner.first
            opened = -1
        elif index + 1 < len(lines) and not lines[index + 1].blank:
            opened = index


def _same(text: str, one: Line, other: Line) -> bool:
    return text[one.first : one.end] == text[other.first : other.end]


def _mark_underlined(lines: Lines, text: str) -> None:
    """A line of marks right under a paragraph of one line makes it a heading (setext, reStructuredText, AsciiDoc)."""
    levels: dict[str, int] = {}
    for index in lines.starting(rf"(?:{_UNDERLINE.pattern}){SPACE}\n"):
        if index == 0:
            continue
        line, above = lines[index], lines[index - 1]
        if (
            line.blank
            or line.code
            or line.foreign
            or line.skip
            or above.blank
            or above.code
            or above.rule
            or above.skip
        ):
            continue
        found = _UNDERLINE.fullmatch(text, line.first, min(line.end, line.first + _MAX_UNDERLINED))
        if not found or found.end() != line.end or line.indent or above.indent > 3:
            continue
        if index > 1 and _same(text, lines[index - 2], line) and text[line.first : line.end] in _LISTING_MARKS:
            continue  # a listing of one line, no banner
        alone = index == 1 or lines[index - 2].blank or lines[index - 2].skip or lines[index - 2].rule
        if alone and abs((line.end - line.first) - (above.end - above.first)) <= 3 + (above.end - above.first) // 2:
            above.level = above.level or levels.setdefault(found[1], len(levels) + 1)
            line.skip, line.rule = True, False
