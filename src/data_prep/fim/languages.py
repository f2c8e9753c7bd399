"""In which programming language a file is written: by its name, its first line, and enry where that is not enough."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from src.data_prep.fim import enry_rules

_SHEBANG: Final = re.compile(
    rb"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+|\w+=\S*[ \t]+)*(?:\S*/)?)?([A-Za-z]+)[0-9.]*"
)


class Language(NamedTuple):
    """``name`` as linguist writes it; ``grammar`` of tree-sitter-language-pack."""

    name: str
    grammar: str

    @property
    def label(self) -> str:
        """How rows and tables call it."""
        return self.name.lower()


class _Table(NamedTuple):
    by_ending: dict[str, tuple[Language, ...]]
    by_name: dict[str, Language]
    by_interpreter: dict[str, Language]


def may_be_code(path: str) -> bool:
    """Whether ``language_of`` might know a file of that name: by its ending, or for want of one."""
    name, ending = _name_and_ending(path)
    table = _table()
    return name in table.by_name or not ending or ending in table.by_ending


def language_of(path: str, content: bytes) -> Language | None:
    """The language of a file; None for data, prose and languages without a grammar."""
    table = _table()
    name, ending = _name_and_ending(path)
    if named := table.by_name.get(name):
        return named
    if not ending:
        shebang = _SHEBANG.match(content)
        return table.by_interpreter.get(shebang[1].decode("ascii")) if shebang else None
    found = table.by_ending.get(ending, ())
    if len(found) < 2:
        return found[0] if found else None
    told = enry_rules.language_among(path, content, tuple(one.name for one in found))
    return next((one for one in found if one.name == told), found[0])


def _name_and_ending(path: str) -> tuple[str, str]:
    """The name of a file, and its ending without the dot in small letters; ``.bashrc`` has none."""
    name = path.rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    return name, ending.lower() if stem else ""


@cache
def _table() -> _Table:
    table = _Table({}, {}, {})
    text = (Path(__file__).parent / "data" / "languages.yaml").read_text(encoding="utf-8")
    for entry in yaml.safe_load(text):
        language = Language(entry["name"], entry["grammar"])
        for ending in entry["endings"]:
            table.by_ending[ending] = (*table.by_ending.get(ending, ()), language)
        table.by_name.update(dict.fromkeys(entry.get("names", ()), language))
        table.by_interpreter.update(dict.fromkeys(entry.get("interpreters", ()), language))
    return table
