"""The order of messages in a record: as listed, by time where they stand newest first, or along a tree of replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def in_time(items: Sequence[Item], moments: Sequence[str], *, listed: bool) -> list[Item]:
    """``items`` by their ``moments`` where every item has one. A list (``listed``) keeps its order unless it runs
    backwards throughout; the values of an object have no order of their own."""
    keys = comparable(moments)
    if keys is None:
        return list(items)
    order = sorted(range(len(items)), key=keys.__getitem__)
    falls = keys[0] != keys[-1] and [keys[index] for index in reversed(order)] == keys
    if listed:
        return list(reversed(items)) if falls else list(items)
    return [items[index] for index in order]


def comparable(moments: Sequence[str]) -> list[float] | list[str] | None:
    """The moments as numbers, or as they are where all are written alike from the year down; None otherwise."""
    if len(moments) < 2 or not all(moments):
        return None
    try:
        return [float(moment) for moment in moments]
    except ValueError:
        pass
    same_form = len({len(moment) for moment in moments}) == 1 and all(moment[:4].isdigit() for moment in moments)
    return list(moments) if same_form else None


def along_replies(nodes: Mapping[str, str], wanted: Sequence[str], current: str = "") -> list[str] | None:
    """The ids of ``wanted`` from the first message to the last reply, by the parent of every node; None where the
    parents do not form a tree. Of several branches the one that ends with ``current`` is taken, else the longest, of
    equal ones the last."""
    known = sum(nodes.get(node, "") in nodes for node in wanted)
    if len(wanted) < 2 or known < len(wanted) - 1:
        return None
    parents = {nodes[node] for node in nodes}
    leaves = [node for node in wanted if node not in parents]
    paths = [path for leaf in leaves if (path := _path(nodes, leaf))]
    if not paths:
        return None
    branch = _path(nodes, current) if current in leaves else max(reversed(paths), key=len)
    chosen = set(wanted)
    return [node for node in branch if node in chosen]


def _path(nodes: Mapping[str, str], leaf: str) -> list[str]:
    path = [leaf]
    while nodes.get(path[-1], "") in nodes:
        if len(path) > len(nodes):
            return []
        path.append(nodes[path[-1]])
    return path[::-1]
