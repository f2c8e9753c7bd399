"""Which items belong together, when pairs say so one by one."""

from __future__ import annotations


class UnionFind:
    """Disjoint sets of the numbers 0 to ``size`` - 1."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def find(self, item: int) -> int:
        """The number that stands for the set of ``item``: its smallest member."""
        root = item
        while self._parents[root] != root:
            root = self._parents[root]
        while self._parents[item] != root:
            self._parents[item], item = root, self._parents[item]
        return root

    def union(self, first: int, second: int) -> None:
        """Put two items into one set."""
        low, high = sorted((self.find(first), self.find(second)))
        self._parents[high] = low

    def connected(self, first: int, second: int) -> bool:
        """Whether two items are in one set."""
        return self.find(first) == self.find(second)

    def groups(self) -> list[list[int]]:
        """All sets, each ascending, in order of their smallest members."""
        members: dict[int, list[int]] = {}
        for item in range(len(self._parents)):
            members.setdefault(self.find(item), []).append(item)
        return list(members.values())
