"""The prompt of a slot: the text of the mode, the section of the task, and how it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from src.core.types import Task
from src.generation.planning.axes import Axes
from src.generation.planning.plan import Slot
from src.generation.planning.tasks import TASKS
from src.utils.prompt_loader import Prompt, read_prompt


def task_prompt_name(task: Task) -> str:
    """The file below prompts/ that says what a task is and shows its form."""
    return f"system/tasks/{task}.txt"


def all_prompt_text(prompts: Path, prompt_name: str) -> str:
    """Everything that the prompts of a run may say: the text of the mode and the sections of all tasks. Raises
    ConfigError when one is missing."""
    return "\n".join(read_prompt(prompts, name) for name in (prompt_name, *map(task_prompt_name, TASKS)))


class SlotPrompts:
    """Puts slots into words; every file is read once."""

    def __init__(self, prompts: Path, prompt_name: str, values: Mapping[str, str], axes: Axes | None) -> None:
        """``values`` are the ``$names`` that do not change from slot to slot. Raises ConfigError as ``Prompt`` does."""
        self._prompts = prompts
        self._text = Prompt(prompts, prompt_name)
        self._values = values
        self._axes = axes
        self._sections: dict[Task, str] = {}

    def fill(self, slot: Slot) -> str:
        """The prompt of ``slot``. Raises ConfigError when the file has lost one of its ``$names``."""
        return self._text.fill(
            **self._values,
            **self._asked(slot),
            number=str(slot.number),
            heading=slot.passage.heading or "(none)",
            passage=slot.passage.text.strip() or "(none)",
        )

    def _asked(self, slot: Slot) -> dict[str, str]:
        if slot.task is None or slot.manner is None or self._axes is None:
            return {}
        return {"task": self._section(slot.task), **self._axes.explain(slot.manner)}

    def _section(self, task: Task) -> str:
        if task not in self._sections:
            self._sections[task] = read_prompt(self._prompts, task_prompt_name(task)).strip()
        return self._sections[task]
