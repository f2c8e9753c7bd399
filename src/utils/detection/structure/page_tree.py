"""The elements of a web page or book, read back from the paths of its texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from src.core.types import Section, Span
from src.utils.detection.words.moments import is_moment

STEPS = 1 << 16
"""Steps and paths whose reading is kept: each comes back again and again."""

_STEP = re.compile(r"(?P<tag>[^.@\[]+)(?P<classes>(?:\.[^.@\[]+)*)(?P<marks>(?:@[^@\[]+)*)\[(?P<place>\d+)\]")
_NESTED = re.compile(r"(/[ou]l/li)/[ou]l/li$")


@dataclass(slots=True)
class Element:
    """An element of the page: its texts, in order with those of its children, each with the steps below it."""

    texts: list[Span] = field(default_factory=list)
    children: dict[str, Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    tag: str
    classes: tuple[str, ...]
    marks: tuple[str, ...]
    place: str


Group = list[tuple[str, Element]]
"""Children of one element that have the same tag, each with its step."""


def read_tree(sections: Sequence[Section]) -> Element | None:
    """The elements of the page, of a book those of each chapter: a chapter counts its elements from the start."""
    root = Element()
    page, last = root.children.setdefault("page[1]", Element()), ""
    known: dict[str, Element] = {}
    position = 0
    for section in sections:
        if section.kind in ("text", "heading"):
            for value in section.fields:
                if last and value.name != last and _is_before(value.name, last):
                    page = root.children.setdefault(f"page[{len(root.children) + 1}]", Element())
                    known = {}
                last = value.name
                node = _element_at(value.name, page, known)
                node.texts.append(Span(position + value.span.start, position + value.span.end))
        position += len(section.text)
    return root if known else None


def _element_at(path: str, page: Element, known: dict[str, Element]) -> Element:
    """The element at the end of ``path``, with those on the way to it; ``known`` are those of the page so far."""
    node = known.get(path)
    if node is None:
        above, parted, step = path.rpartition("/")
        parent = _element_at(above, page, known) if parted else page
        node = known[path] = parent.children.setdefault(step, Element())
    return node


def _is_before(path: str, other: str) -> bool:
    """Whether an element stands before another: what comes later in a file does so only on a page of its own."""
    for step, last in zip(path.split("/"), other.split("/"), strict=False):
        if step != last:
            places = read_step(step).place, read_step(last).place
            return all(places) and int(places[0]) <= int(places[1])
    return False


def headings(sections: Sequence[Section]) -> list[int]:
    """Where headings stand; the days of a chat are none."""
    starts = []
    position = 0
    for section in sections:
        if section.kind == "heading" and not is_moment(section.text.strip()):
            starts.append(position)
        position += len(section.text)
    return starts


def read_blocks(root: Element) -> dict[str, list[Group]]:
    """Groups by the tags that lead to their blocks: those of one chapter, section or day each; lists inside an item of
    the same kind, as the answers to a comment stand, count as the outermost one."""
    found: dict[str, list[Group]] = defaultdict(list)
    waiting = [("", root)]
    while waiting:
        path, node = waiting.pop()
        groups: dict[str, Group] = defaultdict(list)
        for step, child in node.children.items():
            tag = f"{path}/{read_step(step).tag}"
            tag = _NESTED.sub(r"\1", tag) if tag.endswith("/li") else tag
            groups[tag].append((step, child))
            waiting.append((tag, child))
        for tag, group in groups.items():
            found[tag].append(group)
    return found


@lru_cache(maxsize=STEPS)
def read_step(step: str) -> Step:
    found = _STEP.fullmatch(step)
    if not found:
        return Step(step, (), (), "")
    return Step(
        found["tag"], tuple(found["classes"].split(".")[1:]), tuple(found["marks"].split("@")[1:]), found["place"]
    )
