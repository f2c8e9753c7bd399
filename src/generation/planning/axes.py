"""What a plan mixes beside the tasks: who asks, how, how hard, and how long the answer is. Names stand in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from src.core.errors import ConfigError
from src.generation.planning.sequence import scattered
from src.generation.planning.tasks import Variety
from src.utils.prompt_loader import read_prompt

AXES_FILE = "system/axes.yaml"
_FIX = f"Restore prompts/{AXES_FILE}: each axis holds lines of the form name: what it means."


class Manner(NamedTuple):
    """One name of every axis: how one sample is asked for."""

    persona: str
    style: str
    difficulty: str
    length: str


AXES = Manner._fields
DOUBT = "doubt"
"""The style whose questions say what the asker believes: it may be wrong, and name what the source does not have."""
_USED: Mapping[Variety, int | None] = {"low": 1, "medium": 2, "high": None}


@dataclass(frozen=True, slots=True)
class Axes:
    """The names of every axis with their meanings, as many of them as are used."""

    names: Mapping[str, Mapping[str, str]]

    def manners(self, seed: int) -> list[Manner]:
        """Every combination of one name of each axis, in an order of which every part has about as many of each."""
        mixed = [Manner(*names) for names in product(*(self.names[axis] for axis in AXES))]
        return [mixed[number] for number in scattered(len(mixed), seed)]

    def explain(self, manner: Manner) -> dict[str, str]:
        """The names of ``manner`` with their meanings, as ``newcomer: has never heard ...``."""
        return {axis: f"{name}: {self.names[axis][name]}" for axis, name in zip(AXES, manner, strict=True)}


def read_axes(prompts: Path, variety: Variety) -> Axes:
    """The axes of ``prompts/system/axes.yaml``: the first name of each for low variety, two for medium, all for high.
    Raises ConfigError when the file is not what it should be."""
    try:
        found: Any = yaml.safe_load(read_prompt(prompts, AXES_FILE))
    except yaml.YAMLError as error:
        raise ConfigError(f"prompts/{AXES_FILE} is not valid YAML.", fix=_FIX) from error
    if not isinstance(found, dict) or set(found) != set(AXES):
        raise ConfigError(f"prompts/{AXES_FILE} must hold the axes {', '.join(AXES)}.", fix=_FIX)
    return Axes({axis: dict(list(_names(axis, found[axis]))[: _USED[variety]]) for axis in AXES})


def _names(axis: str, value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict) or not value:
        raise ConfigError(f"prompts/{AXES_FILE}: {axis} has no names.", fix=_FIX)
    for name, meaning in value.items():
        if not isinstance(name, str) or not isinstance(meaning, str) or not meaning.strip():
            raise ConfigError(f"prompts/{AXES_FILE}: {axis}: {name!r} needs a text that says what it means.", fix=_FIX)
        yield name, " ".join(meaning.split())
