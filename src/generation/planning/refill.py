"""What takes the place of rejected slots: passages without a sample first, none beyond twice its share."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from src.core.types import Task
from src.generation.planning.plan import Plan, Slot

ROUNDS = 3
"""Slots that one wished sample may cost at most on the average, the first one counted: what a person is told before."""
MOST_TRIES = 12
"""Slots after which a passage without any sample is taken to carry none, whatever the others do. Where more answers
pass it takes fewer: as many as leave a passage that could carry one out once in ``_RARELY`` runs."""
FEWEST_TRIES = 5
"""Slots that every such passage gets, however well the others do."""
_RARELY = 20
_EASIER_AFTER = 3
"""Slots after which a passage without any sample is asked for the easiest task of the mix."""
_HOPELESS_AFTER = 10
"""Slots after which a task of which none has been kept is given up: other tasks take its place."""
_EXHAUSTED_AFTER = 50
"""A run ends when this many slots in a row were rejected, and every passage could have had two of them: more of the
same would be paid for and rejected too (a size far beyond what the passages carry)."""


class Refill:
    """How a run over a plan stands, and what it asks for next.

    A passage's share is the size divided by the number of passages, one at least. No passage gets more than twice its
    share, whatever others fail to give; and as long as a passage has none and may still carry one, its sample is not
    given to another.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._kept: Counter[int] = Counter()
        self._used: Counter[int] = Counter()
        self._kept_tasks: Counter[Task] = Counter()
        self._used_tasks: Counter[Task] = Counter()
        self._rejected_in_a_row = 0
        self._patience = max(_EXHAUSTED_AFTER, 2 * len(plan.passages))
        self._cap = most_per_passage(plan.size, len(plan.passages))

    @property
    def missing(self) -> int:
        """Samples that are still wished."""
        return self._plan.size - self._kept.total()

    def is_over(self) -> bool:
        """True when nothing is missing, or so many slots in a row failed that no more is to be had."""
        return self.missing <= 0 or self._rejected_in_a_row >= self._patience

    def count(self, slot: Slot, *, passed: bool) -> None:
        """Take down what came of a slot."""
        self._used[slot.index] += 1
        self._used_tasks.update([slot.task] if slot.task else [])
        if not passed:
            self._rejected_in_a_row += 1
            return
        self._rejected_in_a_row = 0
        self._kept[slot.index] += 1
        self._kept_tasks.update([slot.task] if slot.task else [])

    def next_slots(self) -> Iterator[Slot]:
        """Slots for what is missing now; none when nothing more may or can be asked for."""
        if self.is_over():
            return iter(())
        affordable = max(0, ROUNDS * self._plan.size - self._used.total())
        hungry = self._without_sample(0, self.most_tries)
        rounds = [hungry[: min(self.missing, affordable)]]
        room = min(self.missing, affordable) - len(rounds[0])
        hardly = self._without_sample(self.most_tries, MOST_TRIES)
        to_spare = affordable - len(rounds[0]) - room
        half = (room + self._used.total() % 2) // 2  # of a single slot every other time
        rounds.append(hardly[: max(0, min(half, to_spare))])
        rounds += self._with_samples(room - len(rounds[1]))
        easier = {index for index, used in self._used.items() if used >= _EASIER_AFTER and not self._kept[index]}
        return self._plan.further([chosen for chosen in rounds if chosen], self._missing_tasks(), self._used, easier)

    def _missing_tasks(self) -> dict[Task, int]:
        """What the kept samples lack of the planned tasks, but for those that have cost their share of slots already
        or never work out: there are models and passages that cannot do a task at all."""
        missing = self._plan.tasks - self._kept_tasks
        return {task: n for task, n in missing.items() if self._used_tasks[task] < self._limit(task)}

    def _limit(self, task: Task) -> int:
        """Slots that a task may have."""
        planned = ROUNDS * self._plan.tasks[task]
        return planned if self._kept_tasks[task] else min(planned, _HOPELESS_AFTER)

    def _without_sample(self, least: int, tries: int) -> list[int]:
        """Passages without a sample that had at ``least`` so many slots and fewer than ``tries``, the least tried
        first."""
        order = self._plan.order
        hungry = [index for index in order if not self._kept[index] and least <= self._used[index] < tries]
        return sorted(hungry, key=lambda index: self._used[index])

    @property
    def most_tries(self) -> int:
        """Slots after which a passage without a sample has no sample kept for it any more, and shares what is left with
        those that carry one: the more of the answers for these were rejected, the more often it may be chance."""
        tried = sum(self._used[index] for index, kept in self._kept.items() if kept)
        if not tried:
            return ROUNDS
        rejected = 1 - self._kept.total() / tried
        if not rejected:
            return FEWEST_TRIES
        by_chance = 1 / (_RARELY * max(1, len(self._plan.passages)))
        return min(MOST_TRIES, max(FEWEST_TRIES, math.ceil(math.log(by_chance) / math.log(rejected))))

    def given_up(self) -> dict[int, int]:
        """The passages (indexes) that were tried often enough and carry no sample, with how often they were."""
        tries = self.most_tries
        return {index: used for index, used in sorted(self._used.items()) if used >= tries and not self._kept[index]}

    def _with_samples(self, room: int) -> list[list[int]]:
        """Passages that gave something, those with the fewest samples first, to their cap."""
        carrying = [index for index in self._plan.order if 0 < self._kept[index] < self._cap]
        rounds: list[list[int]] = []
        level = min((self._kept[index] for index in carrying), default=self._cap)
        while room > 0 and level < self._cap:
            chosen = [index for index in carrying if self._kept[index] <= level][:room]
            rounds.append(chosen)
            room -= len(chosen)
            level += 1
        return rounds


def most_per_passage(size: int, passages: int) -> int:
    """Samples that one passage may have: twice its share, which is one at least."""
    return max(2, 2 * size // passages) if passages else 0
