"""What takes the place of rejected slots: passages without a sample first, none beyond twice its share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from src.core.types import Task
from src.generation.planning.plan import Plan, Slot

ROUNDS = 3
"""Slots that one wished sample may cost at most, the first one counted."""
_ROUNDS_FOR_COVERAGE = 2
"""Of these, how many go to passages without a sample as long as there are such; of the rest they get half, the other
half goes to those that are known to carry one."""
_TRIES = 8
"""Slots after which a passage without any sample is taken to carry none."""
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
    share, whatever others fail to give.
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
        room = min(self.missing, ROUNDS * self._plan.size - self._used.total())
        if self.is_over() or room <= 0:
            return iter(())
        rounds = self._without_sample(room)
        rounds += self._with_samples(room - sum(map(len, rounds)))
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

    def _without_sample(self, room: int) -> list[list[int]]:
        """Passages without a sample, the least tried first, each once."""
        used = self._used.total()
        if used >= _ROUNDS_FOR_COVERAGE * self._plan.size:
            room = (room + used % 2) // 2  # of a single slot every other time
        hungry = [index for index in self._plan.order if not self._kept[index] and self._used[index] < _TRIES]
        return [sorted(hungry, key=lambda index: self._used[index])[:room]]

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
