"""The tasks of a plan: how often each is wanted, which passages suit it, and the form of its answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple, get_args

from src.core.errors import ConfigError
from src.core.types import Task
from src.generation.answer_parser import Shape
from src.generation.planning.traits import Trait, find_traits

Variety = Literal["low", "medium", "high"]
TASKS: tuple[Task, ...] = get_args(Task)
"""All of them, the easiest first."""
EASIEST: Task = "question_answer"
"""What is asked for where a passage suits nothing that was wished, or where the rest has failed."""


class TaskRule(NamedTuple):
    """``weight`` is how often the task is asked for when the user names no mix; ``needs`` are the traits that a passage
    must have for it."""

    weight: float
    shape: Shape
    needs: frozenset[Trait] = frozenset()


RULES: Mapping[Task, TaskRule] = {
    "question_answer": TaskRule(5, "pair"),
    "conversation": TaskRule(3, "turns", frozenset(["statements"])),
    "explanation": TaskRule(3, "pair"),
    "summary": TaskRule(2, "pair", frozenset(["statements", "length"])),
    "extraction": TaskRule(2, "records", frozenset(["figures"])),
    "how_to": TaskRule(2, "steps", frozenset(["steps"])),
    "comparison": TaskRule(2, "comparison", frozenset(["contrast"])),
    "reasoning": TaskRule(2, "steps", frozenset(["premises"])),
    "refusal": TaskRule(1, "pair"),
    "preference": TaskRule(2, "preference"),
}
_USED: Mapping[Variety, int] = {"low": 1, "medium": 4, "high": len(TASKS)}


def resolve_mix(wished: Mapping[Task, float], variety: Variety, *, has_preferences: bool) -> dict[Task, float]:
    """The tasks of a run with their weights: what the user names, or else the first few of them for ``variety``.

    ``has_preferences``: the training format of the model knows preference pairs. Raises ConfigError when the user wants
    them of one that does not.
    """
    if not wished:
        used = TASKS[: _USED[variety]]
        return {task: RULES[task].weight for task in used if has_preferences or task != "preference"}
    if wished.get("preference") and not has_preferences:
        raise ConfigError(
            "agent.create.task_mix asks for preference pairs, and the training format of this model has none.",
            fix="Take preference out of agent.create.task_mix, or choose a model that is tuned on preferences, as "
            "openai gpt-4.1-mini.",
        )
    return {task: wished[task] for task in TASKS if wished.get(task)}


def suited_tasks(text: str, mix: Collection[Task]) -> frozenset[Task]:
    """Those tasks of ``mix`` that a passage can carry, judged by its traits."""
    traits = find_traits(text)
    return frozenset(task for task in mix if RULES[task].needs <= traits)
