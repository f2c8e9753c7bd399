"""The programming languages that are known, and which of them a file may be written in by its name."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import yaml

from src.data_prep.data import read_data

Pairs = tuple[tuple[str, str], ...]


class Language(NamedTuple):
    """A language of ``data/languages.yaml``, which says what its columns mean; "" and () where it has none."""

    name: str
    grammar: str = ""
    fence: str = ""
    line: tuple[str, ...] = ()
    block: Pairs = ()
    docstrings: bool = False
    indented: bool = False

    @property
    def label(self) -> str:
        """How rows and tables call it."""
        return self.name.lower()

    @property
    def has_comments(self) -> bool:
        """Whether it is known how its comments are written."""
        return bool(self.line or self.block)


def languages_by_ending(ending: str) -> tuple[Language, ...]:
    """The languages whose files end in ``.ending``, the most common first."""
    return _table().by_ending.get(ending, ())


def language_by_name(name: str) -> Language | None:
    """The language of a file that is known by its whole name, as ``Makefile``."""
    return _table().by_name.get(name)


def language_by_interpreter(program: str) -> Language | None:
    """The language of a script that ``program`` runs."""
    return _table().by_interpreter.get(program)


class _Table(NamedTuple):
    by_ending: dict[str, tuple[Language, ...]]
    by_name: dict[str, Language]
    by_interpreter: dict[str, Language]


@cache
def _table() -> _Table:
    table = _Table({}, {}, {})
    for entry in yaml.safe_load(read_data("languages.yaml")):
        language = _make_language(entry)
        for ending in entry["endings"]:
            table.by_ending[ending] = (*table.by_ending.get(ending, ()), language)
        table.by_name.update(dict.fromkeys(entry.get("names", ()), language))
        table.by_interpreter.update(dict.fromkeys(entry.get("interpreters", ()), language))
    return table


def _make_language(entry: dict[str, Any]) -> Language:
    name, grammar = entry["name"], entry.get("grammar", "")
    return Language(
        name,
        grammar,
        entry.get("fence") or grammar or name.lower(),
        tuple(entry.get("line", ())),
        tuple((opens, closes) for opens, closes in entry.get("block", ())),
        entry.get("docstrings", False),
        entry.get("indented", False),
    )
