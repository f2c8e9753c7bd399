"""The plan of a run: every passage its share, every task its weight, the rest of the manner in turn."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from src.core.types import Task
from src.generation.planning.axes import Axes, Manner
from src.generation.planning.matching import Kind, match_tasks
from src.generation.planning.quotas import largest_remainder, pick_evenly
from src.generation.planning.sequence import coprime_step, scattered, spread
from src.generation.planning.tasks import EASIEST, TASKS, suited_tasks
from src.generation.planning.topics import find_topics
from src.utils.chunker import Passage


@dataclass(frozen=True, slots=True)
class Slot:
    """One sample to be written. ``number`` counts the slots of its passage from 1; ``id`` names the slot in the journal
    and is the same in every run with the same documents. Without ``task`` and ``manner`` the prompt alone says what is
    wanted (free mode)."""

    id: str
    index: int
    passage: Passage
    number: int
    task: Task | None = None
    manner: Manner | None = None


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What a plan is made after: the weights of its tasks, its axes, and the seed. Without ``axes`` it decides only how
    often each passage is written about."""

    seed: int
    mix: Mapping[Task, float] = field(default_factory=dict)
    axes: Axes | None = None


class Plan:
    """``size`` slots over ``passages``; the slots themselves are never held in memory.

    Every passage gets ``size // len(passages)`` slots; the remainder, or a size smaller than the number of passages, is
    shared out evenly among the sources and then among the topics of each. The tasks of all slots together follow the
    weights to the last one (largest remainder), as far as passages suit them; a slot whose passage suits nothing that
    is left is asked for as question_answer. The order is such that every beginning of the plan is a small one of the
    whole: it lies evenly over the input, and its tasks are near the mix.
    """

    def __init__(self, passages: Sequence[Passage], size: int, rules: PlanRules) -> None:
        self.passages = passages
        self.size = size if passages else 0
        self.rules = rules
        self.topics = find_topics(passages)
        self.suited: list[Kind] = [suited_tasks(passage.text, rules.mix) for passage in passages]
        self._manners = rules.axes.manners(rules.seed) if rules.axes else []
        # it has no divisor in common with their number: a passage gets none twice before it had all
        self._step = coprime_step(max(1, len(self._manners)))
        self._order = scattered(len(passages), rules.seed)
        self._rounds, rest = divmod(self.size, len(passages)) if passages else (0, 0)
        chosen = set(pick_evenly(self.labels, rest))
        self._last = [index for index in self._order if index in chosen]

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Source and topic of every passage."""
        return [(passage.source_file, topic) for passage, topic in zip(self.passages, self.topics, strict=True)]

    @property
    def order(self) -> Sequence[int]:
        """The indexes of the passages in the order in which each round comes to them."""
        return self._order

    @cached_property
    def quotas(self) -> list[int]:
        """How many slots every passage has."""
        extra = set(self._last)
        return [self._rounds + (index in extra) for index in range(len(self.passages))]

    @cached_property
    def wished(self) -> dict[Task, int]:
        """How many samples of every task the weights ask for."""
        return largest_remainder(self.rules.mix, self.size)

    @cached_property
    def tasks(self) -> Counter[Task]:
        """How many samples of every task are asked for: as wished, but for what no passage suits."""
        return sum(self._matched.values(), Counter())

    @cached_property
    def _matched(self) -> dict[Kind, Counter[Task]]:
        if not self.rules.mix:
            return {}
        room: Counter[Kind] = Counter()
        for kind, quota in zip(self.suited, self.quotas, strict=True):
            room[kind] += quota
        return match_tasks(room, self.wished, EASIEST)

    def slots(self) -> Iterator[Slot]:
        """Every slot, round by round over the passages."""
        rounds: Iterator[Sequence[int]] = (
            self._order if turn < self._rounds else self._last for turn in range(self._rounds + 1)
        )
        return self._lay_out(rounds, self.suited, self._matched, Counter())

    def further(
        self, rounds: Sequence[Sequence[int]], tasks: Mapping[Task, int], used: Counter[int], easier: Collection[int]
    ) -> Iterator[Slot]:
        """Slots in place of rejected ones, for the passages (indexes) of ``rounds``: tasks in the proportions of
        ``tasks``, but the easiest one of the mix for the passages of ``easier``, and for all where no task is named.
        ``used`` counts the slots that a passage had."""
        if not self.rules.mix:
            return self._lay_out(rounds, self.suited, {}, used)
        easiest = min(self.rules.mix, key=TASKS.index)
        suited = [frozenset([easiest]) if index in easier else kind for index, kind in enumerate(self.suited)]
        indexes = [index for chosen in rounds for index in chosen]
        easy = sum(index in easier for index in indexes)
        wished = largest_remainder(tasks if any(tasks.values()) else {easiest: 1}, len(indexes) - easy)
        wished[easiest] = wished.get(easiest, 0) + easy
        room = Counter(suited[index] for index in indexes)
        return self._lay_out(rounds, suited, match_tasks(room, wished, EASIEST), used)

    def _lay_out(
        self,
        rounds: Iterable[Sequence[int]],
        suited: Sequence[Kind],
        matched: Mapping[Kind, Mapping[Task, int]],
        used: Mapping[int, int],
    ) -> Iterator[Slot]:
        hands = {kind: spread(counts, f"{self.rules.seed} {sorted(kind)}") for kind, counts in matched.items()}
        numbers = Counter(used)
        for turn, chosen in enumerate(rounds):
            rng = random.Random(f"{self.rules.seed} {turn}")  # noqa: S311 - a plan, not a secret
            dealt = _deal(chosen, suited, hands, rng) if hands else {}
            for index in chosen:
                numbers[index] += 1
                yield self.slot_at(index, numbers[index], dealt.get(index))

    def slot_at(self, index: int, number: int, task: Task | None) -> Slot:
        """The slot ``number`` (from 1) of the passage at ``index``, in the manner that the plan has for it."""
        passage = self.passages[index]
        manner = None
        if self._manners:
            manner = self._manners[(self._rank[index] + (number - 1) * self._step) % len(self._manners)]
        return Slot(f"{passage.id}/{number}", index, passage, number, task, manner)

    @cached_property
    def _rank(self) -> list[int]:
        """At which place of the first round every passage comes; behind it, those that do not come in it."""
        first = self._order if self._rounds else self._last
        order = dict.fromkeys([*first, *self._order])
        ranks = [0] * len(order)
        for place, index in enumerate(order):
            ranks[index] = place
        return ranks


def _deal(
    chosen: Sequence[int], suited: Sequence[Kind], hands: Mapping[Kind, Iterator[Task]], rng: random.Random
) -> dict[int, Task]:
    """The tasks of one round: every kind of passage takes the next ones of its own, beginning somewhere in them, so
    that a passage does not get the same task in every round."""
    members: dict[Kind, list[int]] = {}
    for index in chosen:
        members.setdefault(suited[index], []).append(index)
    dealt: dict[int, Task] = {}
    for kind, indexes in members.items():
        tasks = list(islice(hands[kind], len(indexes)))
        start = rng.randrange(len(tasks))
        for place, index in enumerate(indexes):
            dealt[index] = tasks[(place + start) % len(tasks)]
    return dealt
