"""Walks from the leaf that was last open to the root: what lies on other branches was edited away or answered anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

Node = TypeVar("Node")
Key = TypeVar("Key", bound=Hashable)


def path_to(leaf: Key | None, nodes: dict[Key, Node], parent_of: Callable[[Node], Key | None]) -> list[Node]:
    """The nodes from the root to ``leaf``. It ends at a parent that is not there, and where it would go in circles."""
    path = []
    seen = set()
    while leaf is not None and leaf in nodes and leaf not in seen:
        seen.add(leaf)
        path.append(nodes[leaf])
        leaf = parent_of(nodes[leaf])
    return path[::-1]
