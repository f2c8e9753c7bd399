"""What stands around the text of a page and no turn says: page numbers, running titles, headers, footers, notes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from src.core.types import Section
from src.utils.detection.lines.lines import Line
from src.utils.detection.words.vocabulary import words

_PAGE = re.compile(r"page (\d+)")
_MARGIN = re.compile(r"(?:header|footer)\b.*")
_NOTE = re.compile(r"(?:footnote|endnote|comment)\b.*")
_BELOW_BODY = re.compile(r"html[^/]*/body[^/]*/(?:footer|nav)\b")
"""What a web page sets around all of its text; further down such an element may belong to one article."""
_WORDS = re.compile(r"[^\W\d_]+")
_OF_PAGES = r"(?P<page>\d{1,4})\s?(?:/|[^\W\d_]{1,6})\s?(?P<all>\d{1,4})"
_COUNTED = (re.compile(rf"(?<![\d/]){_OF_PAGES}\s?[.)\]]?\Z"), re.compile(rf"[(\[]?{_OF_PAGES}(?![\d/])"))
"""``3 / 7``, ``page 3 of 7`` where a line ends or begins."""
_TITLED_PAGE = re.compile(
    r"[^\n]{2,80}?\s(?:(?P<sign>[-–—|·•])|(?P<word>[^\W\d_]{1,12})\.?)\s(?P<page>\d{1,4})\s?[-–—|]?"
)
"""``Guide for guests - 1``, ``Parish paper page 2``"""
_CLASSES = re.compile(r"(?<=\.)[^/@\[]+")
"""The classes of a step of a path: ``div.msg.left@bot[3]``."""
_PLACE = re.compile(r"\[\d+\]")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_MAX_LENGTH = 120
_MIN_PAGES = 3
_FEW_WORDS = 3
_FEW_TEXTS = 3


def mask_page_furniture(sections: Sequence[Section], lines: Sequence[Line]) -> None:
    """Skip the lines of sections that only number their page, or head (or end) most pages with the same words, and of
    a document's headers and footers. Its notes stand behind the text: each ends what is said before it."""
    masked = _numbers(sections) | _running(sections) | _of_kind(sections, _MARGIN)
    masked |= _around_pages(sections) | _beside_text(sections)
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


def _beside_text(sections: Sequence[Section]) -> set[int]:
    """The texts of small elements that a class calls a foot, a pager, the reactions to a message: one with little in
    it, or several of one make-up with a few words each; unless they are what the page consists of."""
    members: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, section in enumerate(sections):
        if section.kind == "text" and section.fields:
            around = _furniture_around(section.fields[0].name)
            if around:
                members[_PLACE.sub("", around)][around].append(index)
    small = [elements for elements in members.values() if _are_small(sections, list(elements.values()))]
    found = {index for elements in small for indexes in elements.values() for index in indexes}
    return found if 2 * sum(len(sections[index].text) for index in found) < sum(map(_length, sections)) else set()


def _are_small(sections: Sequence[Section], elements: Sequence[Sequence[int]]) -> bool:
    """Whether one element has a few texts and little in all, or many texts have a few words each."""
    if len(elements) == 1 and len(elements[0]) <= _FEW_TEXTS:
        return sum(len(sections[index].text) for index in elements[0]) <= _MAX_LENGTH
    return all(len(sections[index].text.split()) <= _FEW_WORDS for indexes in elements for index in indexes)


def _length(section: Section) -> int:
    return len(section.text)


@lru_cache(maxsize=1 << 14)
def _furniture_around(path: str) -> str:
    """The path down to the first element whose classes call it furniture; "" where none does."""
    found = next((match for match in _CLASSES.finditer(path) if _calls_furniture(match[0])), None)
    return path[: path.find("]", found.start()) + 1] if found else ""


@lru_cache(maxsize=1 << 12)
def _calls_furniture(classes: str) -> bool:
    return any(part.casefold() in words("page_furniture") for part in _PARTS.findall(classes))


def _edges(sections: Sequence[Section]) -> dict[int, list[int]]:
    """Page -> the sections that stand first and last on it."""
    pages: dict[int, list[int]] = defaultdict(list)
    for index, section in enumerate(sections):
        found = _PAGE.fullmatch(section.locator)
        if found and section.kind in ("text", "heading"):
            pages[int(found[1])].append(index)
    return {page: [indexes[0], indexes[-1]] for page, indexes in pages.items() if len(indexes) > 1}


def _numbers(sections: Sequence[Section]) -> set[int]:
    """Sections that hold the number of their page, perhaps with the number of all pages, and at most one word; or a
    line that counts both."""
    found = set()
    edges = _edges(sections)
    last = max(edges, default=0)
    for page, indexes in edges.items():
        for index in indexes:
            text = sections[index].text.strip()
            if len(text) <= _MAX_LENGTH and (_counts_pages(text, page, last) or _ends_with_page(text, page)):
                found.add(index)
            numbers = re.findall(r"\d+", text[:40])
            if len(text) <= 40 and numbers[:1] == [str(page)] and len(numbers) <= 2 and len(_WORDS.findall(text)) <= 2:
                found.add(index)
    return found


def _counts_pages(text: str, page: int, last: int) -> bool:
    """Whether a line ends or begins with this page and the last one; a single page must be called so by a word."""
    if "\n" in text or (last < 2 and words("pages").isdisjoint(_WORDS.findall(text.casefold()))):
        return False
    found = (match for form in _COUNTED if (match := form.search(text) if form is _COUNTED[0] else form.match(text)))
    return any(match["page"] == str(page) and match["all"] == str(last) for match in found)


def _ends_with_page(text: str, page: int) -> bool:
    """Whether a title is followed by the number of its page, behind a word for one or a sign between spaces."""
    found = _TITLED_PAGE.fullmatch(text)
    if not found or found["page"] != str(page):
        return False
    return bool(found["sign"]) or found["word"].casefold() in words("pages")


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
    found = {index for index, content in words.items() if content and counts[content] >= least}
    return found | _running_over(sections, list(edges.values())) if len(edges) == _MIN_PAGES - 1 else found


def _running_over(sections: Sequence[Section], edges: Sequence[Sequence[int]]) -> set[int]:
    """Sections of several words that stand at the same edge of every page."""
    found: set[int] = set()
    for beside in zip(*edges, strict=True):
        contents = {" ".join(_WORDS.findall(sections[index].text)) for index in beside}
        short = all(len(sections[index].text) <= _MAX_LENGTH for index in beside)
        if short and len(contents) == 1 and " " in contents.pop():
            found.update(beside)
    return found
