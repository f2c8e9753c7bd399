"""Which texts must not be parted: those that share a name, those that are alike, and whatever these connect."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from src.utils.similarity.exact_join import near_duplicate_clusters
from src.utils.similarity.union_find import UnionFind


class Linked(NamedTuple):
    """A text, and the names of what it belongs to: a conversation, a file, a commit."""

    text: str
    names: Sequence[Hashable] = ()


class Links:
    """Which items share a name. They are numbered from 0 in the order in which they come; what they are called is kept
    once per name."""

    def __init__(self) -> None:
        self._count = 0
        self._pairs: list[tuple[int, int]] = []
        self._first: dict[Hashable, int] = {}

    def add(self, names: Sequence[Hashable]) -> None:
        """The next item, with its names."""
        for name in names:
            first = self._first.setdefault(name, self._count)
            if first != self._count:
                self._pairs.append((first, self._count))
        self._count += 1

    def groups(self, clusters: Iterable[Sequence[int]]) -> list[list[int]]:
        """All items in groups that share a name or a cluster, each ascending, in order of their first members."""
        together = UnionFind(self._count)
        for first, second in self._pairs:
            together.union(first, second)
        for members in clusters:
            for member in members[1:]:
                together.union(members[0], member)
        return together.groups()


def link_groups(items: Iterable[Linked], threshold: float) -> list[list[int]]:
    """All items by number in groups that share a name or are alike: a Jaccard similarity of ``threshold`` or more.
    ``items`` are read once, one at a time. Raises ValueError for a threshold that is not in (0, 1]."""
    links = Links()

    def texts() -> Iterator[str]:
        for item in items:
            links.add(item.names)
            yield item.text

    clusters = near_duplicate_clusters(texts(), threshold)
    return links.groups(clusters)
