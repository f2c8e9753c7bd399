"""What to ask before the first call: every passage gets its share, and every slot its task, asker and style."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import gcd
from typing import Literal, NamedTuple

from src.generation.answer_parser import Shape
from src.utils.chunker import Passage

Variety = Literal["low", "medium", "high"]


class Axes(NamedTuple):
    """The kinds that a plan mixes. What each name means stands in prompts/system/create_mode.txt."""

    tasks: tuple[str, ...]
    personas: tuple[str, ...]
    styles: tuple[str, ...]

    def combinations(self, seed: int) -> list[tuple[str, str, str]]:
        """Every task with every persona and style, shuffled by ``seed``."""
        mixed = list(product(self.tasks, self.personas, self.styles))
        random.Random(seed).shuffle(mixed)  # noqa: S311 - a plan, not a secret
        return mixed


_TASKS = ("question_answer", "explanation", "how_to", "comparison", "summary", "conversation")
_PERSONAS = ("newcomer", "practitioner", "expert", "decision_maker")
_STYLES = ("plain", "precise", "brief")
_USED: dict[Variety, tuple[int, int, int]] = {"low": (1, 1, 1), "medium": (3, 2, 2), "high": (6, 4, 3)}


def axes(variety: Variety) -> Axes:
    """The first few names of every axis for low and medium variety, all of them for high: 1, 12 or 72 combinations."""
    tasks, personas, styles = _USED[variety]
    return Axes(_TASKS[:tasks], _PERSONAS[:personas], _STYLES[:styles])


@dataclass(frozen=True, slots=True)
class Slot:
    """One sample to be written. ``number`` counts the slots of its passage from 1; ``id`` names the slot in the journal
    and is the same in every run with the same documents, size, variety and seed."""

    id: str
    passage: Passage
    task: str
    persona: str
    style: str
    number: int = 1

    @property
    def shape(self) -> Shape:
        """The form of the answer that is asked for."""
        return "turns" if self.task == "conversation" else "pair"


def plan_slots(
    passages: Sequence[Passage], size: int, *, seed: int, variety: Variety, earlier_turns: int = 0
) -> Iterator[Slot]:
    """``size`` slots, round by round over the passages, none held in memory; nothing without passages.

    Every passage gets ``size // len(passages)`` slots; the remainder, or a size smaller than the number of passages, is
    spread evenly over the sources and within each source evenly over its length. A passage does not get the same
    combination of task, persona and style twice before it had all of them. A further plan over some of the passages
    says in ``earlier_turns`` how many slots a passage may have had already: its slots are numbered from there.
    """
    if not passages:
        return
    mixed = _Mixture(axes(variety).combinations(seed), len(passages))
    rounds, rest = divmod(size, len(passages))
    chosen = pick_evenly([passage.source_file for passage in passages], rest)
    for turn in range(earlier_turns, earlier_turns + rounds + 1):
        indexes: Sequence[int] = range(len(passages)) if turn < earlier_turns + rounds else chosen
        for place, index in enumerate(indexes):
            task, persona, style = mixed.pick(place, index, turn)
            passage = passages[index]
            yield Slot(f"{passage.id}/{turn + 1}", passage, task, persona, style, turn + 1)


@dataclass(frozen=True, slots=True)
class _Mixture:
    """Hands the combinations out in turn over all slots, so that each is used about equally often."""

    combinations: Sequence[tuple[str, str, str]]
    passages: int

    def pick(self, place: int, index: int, turn: int) -> tuple[str, str, str]:
        """For the ``place``-th slot of round ``turn``, which belongs to passage ``index``. They differ in a round that
        some passages only take part in; the passage then takes what its own place would give, if it had this before."""
        kind = self._kind(place, turn)
        if place != index:
            before = range(max(0, turn - len(self.combinations) + 1), turn)
            if kind in {self._kind(index, earlier) for earlier in before}:
                kind = self._kind(index, turn)
        return self.combinations[kind]

    def _kind(self, place: int, turn: int) -> int:
        # Counting on from round to round brings a passage back to the same kinds after `period` rounds: then all of
        # them move on by one, so that it has had every kind before any comes again.
        total = len(self.combinations)
        period = total // gcd(total, self.passages)
        return (place + turn * self.passages + turn // period) % total


def pick_evenly(sources: Sequence[str], count: int) -> tuple[int, ...]:
    """The indexes of ``count`` items, in order: every source gets the same number (one that has fewer gives all of its
    own, and the others share the rest), and within a source the chosen ones lie evenly from its start to its end."""
    members: dict[str, list[int]] = {}
    for index, source in enumerate(sources):
        members.setdefault(source, []).append(index)
    quotas = _share({source: len(indexes) for source, indexes in members.items()}, count)
    chosen = [
        indexes[(2 * place + 1) * len(indexes) // (2 * quotas[source])]
        for source, indexes in members.items()
        for place in range(quotas[source])
    ]
    return tuple(sorted(chosen))


def _share(room: dict[str, int], count: int) -> dict[str, int]:
    """Divide ``count`` among sources: smallest first, each takes an equal share of what is left or all it has."""
    quotas: dict[str, int] = {}
    left = min(count, sum(room.values()))
    smallest_first = sorted(room, key=lambda source: room[source])
    for place, source in enumerate(smallest_first):
        quotas[source] = min(room[source], left // (len(room) - place))
        left -= quotas[source]
    return quotas
