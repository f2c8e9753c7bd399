"""Cuts a document into lines and says of each what it is: heading, rule, code, front matter, table row or text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from src.core.types import Section, SourceDocument

_TAB = 8
_HEADING_MARK = re.compile(
    r"(?:\d{1,4}[.)][ \t]+(?=#))?(?:(#{1,6})|(={1,6})|=head([1-4])|h([1-6])\.|(!{1,3}))[ \t]+(?=\S)"
    r"|(?:@(?:top|chapter|unnumbered|appendix)|\\(?:part|chapter)\*?\{)[ \t]*(?P<chapter>(?=\S))"
    r"|(?:@(?:section|unnumberedsec|heading)|\\section\*?\{)[ \t]*(?P<sec>(?=\S))"
    r"|(?:@(?:subsection|unnumberedsubsec|subheading)|\\(?:sub)+section\*?\{)[ \t]*(?P<sub>(?=\S))"
)
_COMMAND_LEVEL = {"chapter": 1, "sec": 2, "sub": 3}
COUNTED_RULE = r"\*{5,}[ ]\d{1,9}\. row[ ]\*{5,}"
"""What a database client draws above each row: ``***** 1. row *****``."""
_RULE = re.compile(rf"(?:%|([-*_=~#+—–―─━═•·.])(?:[ \t]?\1){{2,}}|[-=_]{{5,}}[<>][-=_]{{0,3}}|{COUNTED_RULE})")
_HTML_RULE = re.compile(r"<hr\b[^<>]{0,80}>", re.IGNORECASE)
_FENCE = re.compile(r"(`{3,}|~{3,})")
_UNDERLINE = re.compile(r"([=\-~^#*\"'+])\1{2,}")
_MAX_FRONT_MATTER = 200
_MAX_UNDERLINED = 200
_LONG_RULE = 10
_PLAIN_START = re.compile(r"(?!h[1-6]\.)[^\W\d_]")
"""What neither a heading's mark nor a rule begins with."""
_PLAIN = Section("")
_LISTING_MARKS = ("----", "....", "====", "````")


@dataclass(slots=True)
class Line:
    """One line ``[start, end)`` without its break and trailing space.

    ``first`` is its first character that is no space, ``body`` the first one after a heading's mark, ``indent`` the
    column of ``first`` (tabs to eight). ``level`` > 0 marks a heading. ``code``: inside a fence. ``skip``: no text of
    its own (front matter, underline of a heading). ``foreign``: part of a table or record.
    ``division``: a heading that parts a work (act, scene, lesson). ``blank``: nothing stands in it.
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
    blank: bool = False


def index_lines(document: SourceDocument, text: str) -> list[Line]:
    """Every line of ``document``, whose joined text is ``text``, in order."""
    return _with_masks(text, list(_make_lines(document, text)))


def index_part(text: str, start: int, end: int) -> list[Line]:
    """The lines of plain ``text[start:end]``, with their places in ``text``; ``start`` is where a line begins."""
    return _with_masks(text, list(_lines_of(text, text[start:end], start, _PLAIN, marked=True)))


def _with_masks(text: str, lines: list[Line]) -> list[Line]:
    marked = [
        index for index, line in enumerate(lines) if not (line.blank or line.foreign or text[line.first].isalnum())
    ]
    if marked:
        _mask_front_matter(lines, text)
        _mask_fences(lines, text, marked)
        _mark_underlined(lines, text, marked)
        _mask_listings(lines, text, marked)
    return lines


def _make_lines(document: SourceDocument, text: str) -> Iterator[Line]:
    """A line ends at a line break or at the end of its section."""
    marked = not any(section.kind == "heading" for section in document.sections)
    position = 0
    for number, section in enumerate(document.sections):
        for line in _lines_of(text, section.text, position, section, marked=marked):
            line.section = number
            yield line
        position += len(section.text)


def _lines_of(text: str, content: str, start: int, section: Section, *, marked: bool) -> Iterator[Line]:
    """The lines of ``content``, which stands in ``text`` at ``start`` and is of the kind of ``section``."""
    foreign = _is_foreign(section)
    level = section.level if section.kind == "heading" else 0
    for own in content.removesuffix("\n").split("\n") if content else ():
        filled = own.strip()
        if not filled:
            yield Line(start, start, start, start, 0, foreign=foreign, blank=True)
        else:
            line = _make_line(own, filled, start)
            line.foreign = foreign
            if not foreign and (level or not _PLAIN_START.match(filled)):
                _classify(line, text, level, marked)
                level = 0  # the other lines of the section are none
            yield line
        start += len(own) + 1


def _make_line(content: str, filled: str, start: int) -> Line:
    indent = content.find(filled)
    first = start + indent
    columns = len(content[:indent].expandtabs(_TAB)) if indent else 0
    return Line(start, first, first, first + len(filled), columns)


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


def _classify(line: Line, text: str, level: int, marked: bool) -> None:
    """``marked``: the document names no headings itself, so a mark (``##``, ``==``, ``=head2``) makes one."""
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


def _mask_front_matter(lines: Sequence[Line], text: str) -> None:
    if not lines or text[lines[0].first : lines[0].end] not in ("---", "+++"):
        return
    for index, line in enumerate(lines[1:_MAX_FRONT_MATTER], start=1):
        if text[line.first : line.end] in ("---", "...", "+++"):
            for inner in lines[: index + 1]:
                inner.skip, inner.level, inner.rule = True, 0, False
            return


def _mask_fences(lines: Sequence[Line], text: str, marked: Sequence[int]) -> None:
    """Mark the lines of fenced code; a fence that never closes opens nothing."""
    opened = -1
    mark = ""
    for index in marked:
        line = lines[index]
        fence = _FENCE.match(text, line.first, line.end)
        if not fence or _underlines(lines, text, index):
            continue
        if opened < 0:
            opened, mark = index, fence[1]
        elif fence[1].startswith(mark) and fence.end() == line.end:
            for inner in lines[opened : index + 1]:
                inner.code, inner.level, inner.rule, inner.body = True, 0, False, inner.first
            opened = -1


def _underlines(lines: Sequence[Line], text: str, index: int) -> bool:
    """Whether tildes stand right under a paragraph of one line and are about as long: a heading, not a fence."""
    line = lines[index]
    if text[line.first] != "~" or not index or lines[index - 1].blank or (index > 1 and not lines[index - 2].blank):
        return False
    open_below = index + 1 < len(lines) and not lines[index + 1].blank
    width, above = line.end - line.first, lines[index - 1].end - lines[index - 1].first
    return not open_below and text[line.first : line.end].strip("~") == "" and width > 3 and abs(width - above) <= 3


def _mask_listings(lines: Sequence[Line], text: str, marked: Sequence[int]) -> None:
    """AsciiDoc listings: two lines of exactly four marks, with text right inside them, are a fence."""
    opened = -1
    for index in marked:
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


def _drawn_again(lines: Sequence[Line], text: str, marked: Sequence[int]) -> set[str]:
    """Long rules that mostly stand below what no underline marks: a blank line, a paragraph of several lines. They part
    entries wherever they stand."""
    rules = [index for index in marked if lines[index].rule and lines[index].end - lines[index].first >= _LONG_RULE]
    framing = {index for above in rules if _frames_title(lines, text, above) for index in (above, above + 2)}
    apart = Counter(
        text[lines[index].first : lines[index].end]
        for index in rules
        if index not in framing and (index < 2 or lines[index - 1].blank or not lines[index - 2].blank)
    )
    times = Counter(text[lines[index].first : lines[index].end] for index in rules)
    return {rule for rule, count in apart.items() if count > 1 and 2 * count > times[rule]}


def _frames_title(lines: Sequence[Line], text: str, above: int) -> bool:
    """Whether the rule ``above``, set off by a blank line, and one like it two lines below stand around a title."""
    below = above + 2
    if below >= len(lines) or lines[above + 1].blank or lines[above + 1].rule or not lines[below].rule:
        return False
    return (above == 0 or lines[above - 1].blank) and _same(text, lines[above], lines[below])


def _same(text: str, one: Line, other: Line) -> bool:
    return text[one.first : one.end] == text[other.first : other.end]


def _mark_underlined(lines: Sequence[Line], text: str, marked: Sequence[int]) -> None:
    """A line of marks right under a paragraph of one line makes it a heading (setext, reStructuredText, AsciiDoc)."""
    levels: dict[str, int] = {}
    drawn = _drawn_again(lines, text, marked)
    for index in marked:
        if index == 0 or text[lines[index].first : lines[index].end] in drawn:
            continue
        line, above = lines[index], lines[index - 1]
        if line.code or line.skip or above.blank or above.code or above.rule or above.skip:
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
