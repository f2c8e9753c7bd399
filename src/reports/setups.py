"""How datasets were made, and what of it differs from one to the next: settings and prompts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

UNKNOWN: Final = "-"
_SHOWN_DIGITS: Final = 12
_EMPTY: Final = "(empty)"


class Setup(NamedTuple):
    """``settings`` are those that make another dataset, as nested JSON values; ``prompts`` the hashes of the prompts by
    their paths, empty where no model was asked or nothing was recorded."""

    settings: Mapping[str, Any]
    prompts: Mapping[str, str]


class Difference(NamedTuple):
    """A setting, or a prompt, with its value for every contender: ``-`` where it has none."""

    name: str
    values: tuple[str, ...]


def find_differences(setups: Sequence[Setup | None]) -> tuple[Difference, ...]:
    """What differs among those that are known; None is a file of which nobody knows how it was made. Prompts are
    compared where all known ones have recorded them."""
    known = [setup for setup in setups if setup is not None]
    found = list(_walk("", [setup.settings for setup in known]))
    if all(setup.prompts for setup in known):
        names = sorted({name for setup in known for name in setup.prompts})
        hashes = [(f"prompts/{name}", [setup.prompts.get(name) for setup in known]) for name in names]
        found += [(name, [value and value[:_SHOWN_DIGITS] for value in values]) for name, values in hashes]
    different = [(name, values) for name, values in found if any(value != values[0] for value in values)]
    return tuple(Difference(name, _in_places(setups, values)) for name, values in different)


def _walk(path: str, values: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Every setting with its values; a section is walked through, also where one of them has nothing in it."""
    if any(isinstance(value, Mapping) and value for value in values):
        sections = [value if isinstance(value, Mapping) else {} for value in values]
        for key in sorted({key for section in sections for key in section}):
            yield from _walk(f"{path}.{key}" if path else key, [section.get(key) for section in sections])
    else:
        yield path, list(values)


def _in_places(setups: Sequence[Setup | None], values: Sequence[Any]) -> tuple[str, ...]:
    told = iter(values)
    return tuple(UNKNOWN if setup is None else _shown(next(told)) for setup in setups)


def _shown(value: Any) -> str:
    if value is None:
        return UNKNOWN
    return (value or _EMPTY) if isinstance(value, str) else orjson.dumps(value).decode()
