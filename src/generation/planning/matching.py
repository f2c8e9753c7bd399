"""Which kinds of passages take how many of each task: as many as were wished, wherever passages suit them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from itertools import pairwise

from src.core.types import Task
from src.generation.planning.quotas import largest_remainder

Kind = frozenset[Task]
"""A kind of passage: the tasks that it suits."""
_Flow = dict[Kind, Counter[Task]]
_PORTIONS = 32


def match_tasks(room: Mapping[Kind, int], wished: Mapping[Task, int], fallback: Task) -> dict[Kind, Counter[Task]]:
    """Divide the slots of every kind of passage (``room``) among the tasks that it suits.

    As many of ``wished`` as can be placed at all are placed; what no passage suits becomes ``fallback``, so that every
    slot has a task. The sum of ``wished`` is that of ``room``. Tasks are placed portion by portion, so that those that
    compete for too few passages share them after their weights; where a place is taken, other tasks are moved along an
    augmenting path (Ford and Fulkerson 1956), which finds the largest matching.
    """
    flow: _Flow = {kind: Counter() for kind in room}
    left = dict(room)
    choice = {task: sum(count for kind, count in room.items() if task in kind) for task in wished}
    for portion in range(_PORTIONS):
        for task in sorted(wished, key=lambda task: choice[task]):
            count = wished[task] * (portion + 1) // _PORTIONS - wished[task] * portion // _PORTIONS
            count -= _place_evenly(flow, left, task, count)
            while count and (path := _find_path(flow, left, task)):
                count -= _follow(flow, left, path, count)
    for kind, count in left.items():
        flow[kind][fallback] += count
    return flow


def _place_evenly(flow: _Flow, left: dict[Kind, int], task: Task, count: int) -> int:
    """Place ``task`` where there is room for it, after the room that is left; returns how many."""
    suited = {kind: left[kind] for kind in left if task in kind}
    placed = largest_remainder(suited, min(count, sum(suited.values())))
    for kind, number in placed.items():
        flow[kind][task] += number
        left[kind] -= number
    return sum(placed.values())


_Path = list[tuple[Task, Kind]]


def _find_path(flow: _Flow, left: Mapping[Kind, int], task: Task) -> _Path:
    """Tasks and the kinds that they move to: ``task`` takes a place of the next one, and so on, until a kind with room;
    [] when there is none."""
    queue: deque[_Path] = deque([(task, kind)] for kind in flow if task in kind)
    seen = {path[-1][1] for path in queue}
    while queue:
        path = queue.popleft()
        here = path[-1][1]
        if left[here]:
            return path
        for other in sorted(task for task, count in flow[here].items() if count):
            for kind in flow:
                if other in kind and kind not in seen:
                    seen.add(kind)
                    queue.append([*path, (other, kind)])
    return []


def _follow(flow: _Flow, left: dict[Kind, int], path: _Path, wished: int) -> int:
    """Move as many as every step of ``path`` allows; returns how many."""
    steps = list(pairwise(path))
    count = min(wished, left[path[-1][1]], *(flow[here][task] for (_, here), (task, _) in steps))
    for task, kind in path:
        flow[kind][task] += count
    for (_, here), (task, _) in steps:
        flow[here][task] -= count
    left[path[-1][1]] -= count
    return count
