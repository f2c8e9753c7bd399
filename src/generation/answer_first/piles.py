"""What every passage still has to offer, and whose turn it is: sources share, and openings that are rare come first."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from src.generation.answer_first.facts import FoundPair
from src.generation.answer_first.question_parts import Form, Target
from src.utils.chunker import Passage

_HEADING, _NOTHING = "", "\0"
"""In the place of an opening: a question that the source asks itself, and a passage without any."""


@dataclass(slots=True)
class Item:
    """A fact of a passage (its number among all facts) and the ways to ask for it that are left."""

    number: int
    targets: list[Target]
    kept: int = 0


@dataclass(slots=True)
class Pile:
    """What a passage still has to offer."""

    passage: Passage
    pairs: list[FoundPair]
    items: list[Item]
    is_barren: bool
    room: int | None = None
    """Samples that it may still give; None: any number."""

    @property
    def is_spent(self) -> bool:
        return self.room == 0 or not (self.pairs or self.items)

    @property
    def openings(self) -> set[str]:
        """The first words of the questions that it can be asked."""
        if self.pairs:
            return {_HEADING}
        found = {form.opening for item in self.items for target in item.targets for form in target.forms}
        return found or {_NOTHING}


def take_turns(piles: Sequence[Pile], used: Counter[str]) -> Iterator[Pile]:
    """Every pile once, one of each source after the other; of a source the one that can be asked with the opening that
    is the rarest in ``used`` at that moment, questions of the source before all others."""
    sources: dict[str, _Source] = {}
    for pile in piles:
        sources.setdefault(pile.passage.source_file, _Source()).add(pile)
    left = list(sources.values())
    while left:
        for source in left:
            yield source.take(used)
        left = [source for source in left if source.size]


def rarest(target: Target, used: Counter[str]) -> Form:
    """The form of a target whose opening is the rarest in ``used``; of several the plainest."""
    return min(target.forms, key=lambda form: used[form.opening])


class _Source:
    """The piles of one source by what they can be asked with."""

    def __init__(self) -> None:
        self.size = 0
        self._piles: dict[str, deque[Pile]] = {}
        self._taken: set[int] = set()

    def add(self, pile: Pile) -> None:
        self.size += 1
        for opening in pile.openings:
            self._piles.setdefault(opening, deque()).append(pile)

    def take(self, used: Counter[str]) -> Pile:
        """The next pile; each is given once, however many openings it has."""
        while True:
            opening = min(self._piles, key=lambda one: (one == _NOTHING, one != _HEADING, used[one], one))
            pile = self._piles[opening].popleft()
            if not self._piles[opening]:
                del self._piles[opening]
            if id(pile) not in self._taken:
                self._taken.add(id(pile))
                self.size -= 1
                return pile
