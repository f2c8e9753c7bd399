"""A record as a tree of its paths, and the cells of the tables that stand in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from src.core.types import Section, Span
from src.utils.detection.structure.columns import Row
from src.utils.detection.structure.record_keys import read_leaf

_STEP = re.compile(r"\[\d+\]|[^.\[\]]+")


@dataclass(slots=True)
class Node:
    """A value of a record: a leaf with its span, or an object or list with its children by key or position."""

    span: Span | None = None
    children: dict[str, Node] = field(default_factory=dict)

    def is_list(self) -> bool:
        return bool(self.children) and all(step.startswith("[") for step in self.children)


def are_wrapped(sections: Sequence[Section]) -> bool:
    """Whether the records are the elements of one list under one key (``items[0]``, ``items[1]``)."""
    steps = [_STEP.findall(section.fields[0].name)[:2] for section in sections if section.fields]
    return all(len(step) == 2 and step[1] == f"[{index}]" for index, step in enumerate(steps)) and len(steps) > 1


def tree_of(section: Section, position: int) -> Node:
    root = Node()
    for value in section.fields:
        leaf = read_leaf(value.name, value.span, position)
        if leaf:
            node = root
            for step in leaf.path:
                node = node.children.setdefault(step, Node())
            node.span = leaf.span
    return root


def texts_of(node: Node) -> Iterator[tuple[Span, ...]]:
    """The bare texts of a list that holds nothing else."""
    if node.is_list() and all(child.span for child in node.children.values()):
        yield tuple(child.span for child in node.children.values() if child.span)


def rows_of_lists(node: Node, place: str) -> Iterator[Row]:
    """Lists of equal length beside each other are the columns of a table."""
    if node.is_list():
        return
    columns: dict[int, dict[str, list[Span]]] = defaultdict(dict)
    for key, child in node.children.items():
        for spans in texts_of(child):
            columns[len(spans)][key] = list(spans)
        for inner, leaves in _object_columns(child):
            columns[len(leaves)][f"{key}/{inner}"] = leaves
    for length, lists in columns.items():
        if len(lists) > 1 and length > 1:
            for index in range(length):
                cells: dict[str, tuple[Span, ...]] = {key: (spans[index],) for key, spans in lists.items()}
                yield Row(min(pieces[0].start for pieces in cells.values()), cells, place)


def _object_columns(node: Node) -> Iterator[tuple[str, list[Span]]]:
    """The columns of a list of objects that are all alike and hold texts alone, by their keys."""
    members = list(node.children.values())
    if not node.is_list() or len({frozenset(member.children) for member in members}) > 1:
        return
    for inner in members[0].children:
        spans = [leaf for member in members if (leaf := member.children[inner].span)]
        if len(spans) == len(members):
            yield inner, spans


def cells_of(node: Node) -> dict[str, tuple[Span, ...]]:
    """All values below an object by their path; positions in lists count as one, so that parts of a text stay one."""
    cells: dict[str, list[Span]] = defaultdict(list)
    stack: list[tuple[str, Node]] = [("", node)]
    while stack:
        path, current = stack.pop()
        if current.span:
            cells[path].append(current.span)
        for step, child in reversed(current.children.items()):
            stack.append((f"{path}/{'*' if step.startswith('[') else step}", child))
    return {path: tuple(spans) for path, spans in cells.items()}


def cells_of_pair(node: Node) -> dict[str, tuple[Span, ...]]:
    """A short list of texts inside a list is a row itself: ``["Ann", "Hello"]``."""
    spans = next(texts_of(node), ())
    return {str(index): (span,) for index, span in enumerate(spans)} if 2 <= len(spans) <= 4 else {}
