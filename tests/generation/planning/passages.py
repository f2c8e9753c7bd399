"""Passages for the tests of the plan, rich and poor ones, in our own words."""

from __future__ import annotations

from pathlib import Path

from src.core.types import Span, Task
from src.generation.planning.axes import read_axes
from src.generation.planning.plan import PlanRules
from src.generation.planning.tasks import Variety, resolve_mix
from src.utils.chunker import Passage

PROMPTS = Path(__file__).parents[3] / "prompts"
POOR = "Slip is liquid clay."
RICH = """Mixing slip

1. Weigh 5 kg of dry clay.
2. Add 2.5 litres of water, more than the clay can take up at once.
3. Wait 24 hours.

Slip for casting is thinner than slip for painting. It is strained twice.
"""


def make_passages(*counts: int, text: str = POOR) -> list[Passage]:
    """``counts`` passages of one source after the other."""
    return [
        Passage(
            f"file{source}.txt", text, Span(place, place + 1), "", f"Title > Part {place // 4}", f"{source}-{place}"
        )
        for source, count in enumerate(counts)
        for place in range(count)
    ]


def make_rules(mix: dict[Task, float] | None = None, variety: Variety = "high", seed: int = 42) -> PlanRules:
    """The shipped axes, and ``mix`` or else what ``variety`` takes of all tasks."""
    return PlanRules(seed, mix or resolve_mix({}, variety, has_preferences=True), read_axes(PROMPTS, variety))
