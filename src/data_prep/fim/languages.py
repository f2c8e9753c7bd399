"""In which programming language a file is written: by its name, its first line, and enry where that is not enough."""

from __future__ import annotations

import re
from typing import Final

from src.data_prep.fim import enry_rules
from src.data_prep.languages import Language, language_by_interpreter, language_by_name, languages_by_ending

_SHEBANG: Final = re.compile(
    rb"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+|\w+=\S*[ \t]+)*(?:\S*/)?)?([A-Za-z]+)[0-9.]*"
)


def may_be_code(path: str) -> bool:
    """Whether ``language_of`` might know a file of that name: by its ending, or for want of one."""
    name, ending = _name_and_ending(path)
    return bool(language_by_name(name) or not ending or _with_grammar(ending))


def language_of(path: str, content: bytes) -> Language | None:
    """The language of a file; None for data, prose and languages without a grammar."""
    name, ending = _name_and_ending(path)
    if named := language_by_name(name):
        return named
    if not ending:
        shebang = _SHEBANG.match(content)
        return language_by_interpreter(shebang[1].decode("ascii")) if shebang else None
    found = _with_grammar(ending)
    if len(found) < 2:
        return found[0] if found else None
    told = enry_rules.language_among(path, content, tuple(one.name for one in found))
    return next((one for one in found if one.name == told), found[0])


def _with_grammar(ending: str) -> tuple[Language, ...]:
    return tuple(one for one in languages_by_ending(ending) if one.grammar)


def _name_and_ending(path: str) -> tuple[str, str]:
    """The name of a file, and its ending without the dot in small letters; ``.bashrc`` has none."""
    name = path.rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    return name, ending.lower() if stem else ""
