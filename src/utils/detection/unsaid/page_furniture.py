"""What stands around the text of a page and no turn says: page numbers, running titles, headers, footers, notes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from src.core.types import Section
from src.utils.detection.lines.lines import Line

_PAGE = re.compile(r"page (\d+)")
_MARGIN = re.compile(r"(?:header|footer)\b.*")
_NOTE = re.compile(r"(?:footnote|endnote|comment)\b.*")
_BELOW_BODY = re.compile(r"html[^/]*/body[^/]*/(?:footer|nav)\b")
"""What a web page sets around all of its text; further down such an element may belong to one article."""
_WORDS = re.compile(r"[^\W\d_]+")
_MAX_LENGTH = 120
_MIN_PAGES = 3


def mask_page_furniture(sections: Sequence[Section], lines: Sequence[Line]) -> None:
    """Skip the lines of sections that only number their page, or head (or end) most pages with the same words, and of
    a document's headers and footers. Its notes stand behind the text: each ends what is said before it."""
    masked = _numbers(sections) | _running(sections) | _of_kind(sections, _MARGIN) | _around_pages(sections)
    notes = _of_kind(sections, _NOTE)
    if not masked and not notes:
        return
    for line in lines:
        if line.section in masked:
            line.skip, line.level, line.rule = True, 0, False
        elif line.section in notes and not line.blank:
            line.division = True
            notes.remove(line.section)


def _of_kind(sections: Sequence[Section], locator: re.Pattern[str]) -> set[int]:
    return {index for index, section in enumerate(sections) if locator.fullmatch(section.locator)}


def _around_pages(sections: Sequence[Section]) -> set[int]:
    return {
        index
        for index, section in enumerate(sections)
        if section.kind == "text" and section.fields and _BELOW_BODY.match(section.fields[0].name)
    }


def _edges(sections: Sequence[Section]) -> dict[int, list[int]]:
    """Page -> the sections that stand first and last on it."""
    pages: dict[int, list[int]] = defaultdict(list)
    for index, section in enumerate(sections):
        found = _PAGE.fullmatch(section.locator)
        if found and section.kind in ("text", "heading"):
            pages[int(found[1])].append(index)
    return {page: [indexes[0], indexes[-1]] for page, indexes in pages.items() if len(indexes) > 1}


def _numbers(sections: Sequence[Section]) -> set[int]:
    """Sections that hold the number of their page, perhaps with the number of all pages, and at most one word."""
    found = set()
    for page, indexes in _edges(sections).items():
        for index in indexes:
            text = sections[index].text.strip()
            numbers = re.findall(r"\d+", text[:40])
            if len(text) <= 40 and numbers[:1] == [str(page)] and len(numbers) <= 2 and len(_WORDS.findall(text)) <= 2:
                found.add(index)
    return found


def _running(sections: Sequence[Section]) -> set[int]:
    """Sections at the edge of a page whose words stand at the edge of most pages."""
    edges = _edges(sections)
    words = {
        index: " ".join(_WORDS.findall(sections[index].text))
        for indexes in edges.values()
        for index in indexes
        if len(sections[index].text) <= _MAX_LENGTH
    }
    counts = Counter(words.values())
    least = max(_MIN_PAGES, len(edges) // 2)
    return {index for index, content in words.items() if content and counts[content] >= least}
