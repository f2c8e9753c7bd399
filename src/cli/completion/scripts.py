"""The completion scripts: a template per shell, filled with the table."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

from src.cli.completion.table import Place, Word

Shell = Literal["bash", "zsh", "fish"]
SHELLS: Final[tuple[Shell, ...]] = ("bash", "zsh", "fish")
_MARK: Final = re.compile(r"^@([A-Z]+)@$", re.MULTILINE)
_SUMMARY: Final = 70


def completion_script(shell: Shell, places: Iterable[Place], python: str) -> str:
    """The script for a shell. ``python`` is the interpreter that is asked for the names of stored datasets."""
    found = list(places)
    write = _WRITERS[shell]
    parts = {
        "FOLLOWING": [write(place.path, place.following) for place in found if place.following],
        "OPTIONS": [write(place.path, [word for one in place.options for word in one.words]) for place in found],
        "VALUES": [
            write(f"{place.path} {word.text}".strip(), [Word(value, "") for value in option.values])
            for place in found
            for option in place.options
            for word in option.words
            if option.takes_value
        ],
        "DATASETS": [write(path, [Word("yes", "")]) for place in found for path in _paths_of_datasets(place)],
    }
    template = (Path(__file__).parent / f"{shell}.template").read_text(encoding="utf-8")
    quote = _fish_quote if shell == "fish" else shlex.quote
    return _MARK.sub(lambda match: "\n".join(parts[match[1]]), template).replace("@PYTHON@", quote(python))


def _paths_of_datasets(place: Place) -> Iterator[str]:
    """Behind what the name of a dataset may stand: the words so far, or an option."""
    if place.takes_dataset:
        yield place.path
    for option in place.options:
        if option.takes_dataset:
            yield from (f"{place.path} {word.text}".strip() for word in option.words)


def _bash(path: str, words: Iterable[Word]) -> str:
    return f"    {shlex.quote(path)}) printf '%s\\n'{_joined(shlex.quote(word.text) for word in words)} ;;"


def _zsh(path: str, words: Iterable[Word]) -> str:
    shown = (shlex.quote(f"{word.text}:{_short(word)}" if word.help else word.text) for word in words)
    return f"    {shlex.quote(path)}) print -rl --{_joined(shown)} ;;"


def _fish(path: str, words: Iterable[Word]) -> str:
    shown = (_fish_quote(f"{word.text}\t{_short(word)}" if word.help else word.text) for word in words)
    return f"        case {_fish_quote(path)}\n            printf '%s\\n'{_joined(shown)}"


_WRITERS: Final[dict[Shell, Callable[[str, Iterable[Word]], str]]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}


def _joined(words: Iterable[str]) -> str:
    return "".join(f" {word}" for word in words)


def _short(word: Word) -> str:
    """The help in one line that a list can show."""
    text = " ".join(word.help.replace("%%", "%").split())
    return text if len(text) <= _SUMMARY else f"{text[: _SUMMARY - 3]}..."


def _fish_quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
