"""A list of things to do, ticked from what was found done."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from src.core.errors import BuilderError, ConfigError
from src.core.jsonl import atomic_writer
from src.training.measured import Judged, Measured
from src.training.mix import KnownRow, count_kinds, find_faults, read_known_rows
from src.training.settings import SEED_PRESET

TODO_NAME: Final = "todo.md"
_ITEM: Final = re.compile(r"^(?P<head>\s*- \[)[ x](?P<text>\] .*<!-- (?P<check>.+?) -->\s*)$", re.MULTILINE)
_VERDICTS: Final = {"loss": 0, "polite": 1, "facts": 2, "refusals": 3, "complete": 4}
_PINNED: Final = re.compile(r"^[\w.\[\]-]+==\S+$")


class Ticked(NamedTuple):
    """How many of all items are done."""

    ticked: int
    all: int


class Ground(NamedTuple):
    """What items are checked against: the runs, the shown one first, its verdicts, the folder, the report's text."""

    runs: Sequence[Measured]
    judged: Judged
    folder: Path
    report: str


def tick_file(todo: Path, runs: Sequence[Measured], judged: Judged, report: Path) -> Ticked:
    """Tick in ``todo`` what is done and untick what is not. Raises ConfigError for an item with an unknown check."""
    ground = Ground(runs, judged, todo.parent, report.read_text(encoding="utf-8"))
    text = tick(todo.read_text(encoding="utf-8"), ground)
    with atomic_writer(todo) as file:
        file.write(text.encode())
    return Ticked(text.count("- [x]"), len(_ITEM.findall(text)))


def tick(text: str, ground: Ground) -> str:
    """``text`` with every item ticked or not by the check in the comment at its end: a name and what it is about."""

    def one(found: re.Match[str]) -> str:
        name, _, about = found["check"].partition(" ")
        if name not in _CHECKS:
            raise ConfigError(f"{TODO_NAME}: no check is called {name!r}.", fix=f"Known: {', '.join(sorted(_CHECKS))}.")
        return f"{found['head']}{'x' if _CHECKS[name](ground, about) else ' '}{found['text']}"

    return _ITEM.sub(one, text)


def _has_rows(ground: Ground, about: str) -> bool:
    if about == "trained":
        return all(one.run.report.plan.rows > 0 for one in ground.runs)
    kind, _, number = about.partition(" ")
    return _known(ground, lambda rows: count_kinds(rows)[kind] == int(number))


def _has_good_data(ground: Ground, about: str) -> bool:
    return _known(ground, lambda rows: about == "form" or not find_faults(rows))


def _has_extended(ground: Ground, _about: str) -> bool:
    def is_extended(rows: Sequence[KnownRow]) -> bool:
        kinds = count_kinds(rows)
        return len(rows) >= 200 and min(kinds["refusal"], kinds["length"]) >= 40 and not find_faults(rows)

    return _known(ground, is_extended, "dataset.extended.jsonl")


def _known(ground: Ground, holds: Callable[[Sequence[KnownRow]], bool], name: str = "dataset.jsonl") -> bool:
    try:
        return holds(read_known_rows(ground.folder / name))
    except BuilderError:  # what cannot be read is not done: the item stays open
        return False


def _is_seed(ground: Ground, about: str) -> bool:
    """Whether one of the runs was made with the settings of the project's description, in full or the adapter's."""
    names = ("rank", "alpha", "dropout", "targets")
    for one in ground.runs:
        settings = one.run.report.settings
        if about == "lora" and all(getattr(settings, name) == getattr(SEED_PRESET, name) for name in names):
            return True
        if settings == replace(SEED_PRESET, base=settings.base, seed=settings.seed, threads=settings.threads):
            return True
    return False


def _was_asked(ground: Ground, about: str) -> bool:
    shown = ground.runs[0].run
    return all(shown.base.replies.get(name) and shown.tuned.replies.get(name) for name in about.split())


def _has_all_answers(ground: Ground, _about: str) -> bool:
    wanted = {prompt.id for prompt in ground.runs[0].run.prompts.all}
    return all(one.run.base.replies.keys() >= wanted <= one.run.tuned.replies.keys() for one in ground.runs)


def _has_heading(text: str, title: str) -> bool:
    return any(line.lstrip("# ").startswith(title) for line in text.splitlines() if line.startswith("#"))


def _in_readme(ground: Ground, about: str) -> bool:
    path = ground.folder / "README.md"
    return path.is_file() and _has_heading(path.read_text(encoding="utf-8"), about.lstrip("# "))


def _explains(ground: Ground, about: str) -> bool:
    """Whether the table of troubleshooting in README.md has a line with these words."""
    path = ground.folder / "README.md"
    if not path.is_file():
        return False
    _, _, part = path.read_text(encoding="utf-8").partition("## Troubleshooting")
    return any(about.lower() in line.lower() for line in part.splitlines() if line.startswith("|"))


def _is_pinned(ground: Ground, _about: str) -> bool:
    path = ground.folder / "requirements.txt"
    if not path.is_file():
        return False
    lines = [line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    wanted = [line for line in lines if line]
    return bool(wanted) and all(_PINNED.match(line) for line in wanted)


# "open": only a person can tell, so it is never ticked
_CHECKS: Final[Mapping[str, Callable[[Ground, str], bool]]] = {
    "folder": lambda ground, _: ground.folder.is_dir(),
    "file": lambda ground, about: (ground.folder / about).is_file(),
    "trained": lambda ground, _: all(one.run.report.steps > 0 for one in ground.runs),
    "device": lambda ground, _: bool(ground.runs[0].run.report.plan.device),
    "base": lambda ground, _: bool(ground.runs[0].run.report.settings.base),
    "adapter": lambda ground, _: all(one.run.report.adapter is not None for one in ground.runs),
    "rows": _has_rows,
    "data": _has_good_data,
    "extended": _has_extended,
    "seed": _is_seed,
    "asked": _was_asked,
    "answered": _has_all_answers,
    "section": lambda ground, about: _has_heading(ground.report, about),
    "readme": _in_readme,
    "pins": _is_pinned,
    "explains": _explains,
    "open": lambda *_: False,
    "verdict": lambda ground, about: ground.judged.criteria[_VERDICTS[about]].result == "met",
}
