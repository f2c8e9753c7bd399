"""What kinds of spans are cut out, and in which shares: 70 % by syntax, 20 % whole lines, 10 % anywhere."""

from __future__ import annotations

from collections import Counter
from typing import Final, Literal

Kind = Literal["ast", "line", "char"]
Wish = Literal["block", "expression", "node", "line", "char"]

# Spans that are whole in the grammar teach most (AST-FIM, arXiv 2506.00204), lines are what an editor asks for most
# often (FIM-SE, 2405.17103), and a cursor can stand anywhere (2207.14255).
SHARES: Final[dict[Wish, float]] = {"block": 0.4, "expression": 0.2, "node": 0.1, "line": 0.2, "char": 0.1}


class Mix:
    """Keeps the shares of what was cut out near SHARES: the kind that is furthest behind is wished for next."""

    def __init__(self) -> None:
        self._cut: Counter[Wish] = Counter()

    def wishes(self) -> list[Wish]:
        """The kinds, the one most behind its share first."""
        total = sum(self._cut.values()) + 1
        return sorted(SHARES, key=lambda wish: self._cut[wish] - SHARES[wish] * total)

    def count(self, wish: Wish) -> None:
        """One more of that kind was cut out."""
        self._cut[wish] += 1


def kind_of(wish: Wish) -> Kind:
    """The kind that rows name."""
    return wish if wish in ("line", "char") else "ast"
