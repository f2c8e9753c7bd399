"""Where a run can be taken up again: what it was begun with, and the last state that was written whole."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any, Final

import orjson

from src.core.errors import UsageError
from src.core.jsonl import atomic_writer, make_folder
from src.training.outcome import ADAPTER, CHECKPOINTS, CURVE_FILE, METRICS_FILE, REPORT_FILE
from src.training.settings import Row, TrainSettings

_RUN_FILE: Final = "run.json"
_STATE_FILE: Final = "trainer_state.json"
"""The last file that the trainer writes into a checkpoint: without it the checkpoint is half written."""
_OF_A_RUN: Final = (REPORT_FILE, METRICS_FILE, CURVE_FILE, _RUN_FILE)


def run_facts(settings: TrainSettings, rows: Sequence[Row], held_out: Sequence[Row]) -> dict[str, Any]:
    """What decides the losses of a run. The number of threads does not belong to it: it changes the last digits."""
    facts = {name: value for name, value in asdict(settings).items() if name != "threads"}
    facts["targets"] = list(settings.targets)
    return facts | {"rows": _digest(rows), "held-out rows": _digest(held_out)}


def find_unfinished(out: Path) -> Path | None:
    """The last whole checkpoint in ``out``; None where there is none."""
    folders = sorted((out / CHECKPOINTS).glob("checkpoint-*"), key=step_of, reverse=True)
    return next((folder for folder in folders if _is_whole(folder)), None)


def is_finished(out: Path, facts: dict[str, Any]) -> bool:
    """Whether the very same run has come to its end in ``out``."""
    return (out / REPORT_FILE).is_file() and not _changes(out, facts)


def place_of(folder: Path, facts: dict[str, Any]) -> Path:
    """Where a run is kept that nobody named a place for: ``folder``, else ``folder-2`` ..., the first that holds this
    very run, or neither another one nor anything that would be in its way."""
    places = (folder if number == 1 else folder.with_name(f"{folder.name}-{number}") for number in count(1))
    return next(place for place in places if not _foreign(place) and not (_is_run(place) and _changes(place, facts)))


def begin_run(out: Path, facts: dict[str, Any], *, resume: bool) -> Path | None:
    """Make ``out`` ready and give the checkpoint to go on from, None for a run from the start.

    A run from the start removes what an earlier one has left there. With ``resume`` it raises UsageError where the one
    to be taken up again, or the finished one that lies there, was begun with something else, and where what would be
    removed is not known to be of a run.
    """
    if resume:
        _require_own(out)
    checkpoint = find_unfinished(out) if resume else None
    if checkpoint is not None or (resume and (out / REPORT_FILE).is_file()):
        _require_same(out, facts)
    if checkpoint is not None:
        return checkpoint
    make_folder(out)
    for folder in (CHECKPOINTS, ADAPTER):
        shutil.rmtree(out / folder, ignore_errors=True)
    for name in _OF_A_RUN:
        (out / name).unlink(missing_ok=True)
    with atomic_writer(out / _RUN_FILE) as file:
        file.write(orjson.dumps(facts, option=orjson.OPT_INDENT_2))
    return None


def end_run(out: Path) -> None:
    """The adapter is there: nothing has to be taken up again."""
    shutil.rmtree(out / CHECKPOINTS, ignore_errors=True)


def _is_run(out: Path) -> bool:
    return (out / _RUN_FILE).is_file()


def _foreign(out: Path) -> list[str]:
    """What lies where a run would write, though no run was begun there."""
    return [] if _is_run(out) else [name for name in (ADAPTER, CHECKPOINTS, *_OF_A_RUN) if (out / name).exists()]


def _require_own(out: Path) -> None:
    found = _foreign(out)
    if found:
        raise UsageError(
            f"{out} holds {', '.join(found)}, but no {_RUN_FILE}: nobody knows which run that is of.",
            fix="Name another --out; with --again it is removed.",
        )


def _require_same(out: Path, facts: dict[str, Any]) -> None:
    changed = _changes(out, facts)
    if changed:
        raise UsageError(
            f"The run in {out} was begun with something else: {', '.join(changed)}.",
            fix="Repeat it with what it was begun with, name another --out, or begin anew with --again.",
        )


def _changes(out: Path, facts: dict[str, Any]) -> list[str]:
    """What differs from that with which the run in ``out`` was begun."""
    try:
        begun = orjson.loads((out / _RUN_FILE).read_bytes())
    except (OSError, ValueError):
        begun = {}
    return [name.replace("_", " ") for name in facts if begun.get(name) != facts[name]]


def _is_whole(folder: Path) -> bool:
    try:
        state = orjson.loads((folder / _STATE_FILE).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(state, dict) and state.get("global_step") == step_of(folder)


def step_of(folder: Path) -> int:
    """The step after which a checkpoint was written; -1 for a folder of another name."""
    number = folder.name.rpartition("-")[2]
    return int(number) if number.isdecimal() else -1


def _digest(rows: Sequence[Row]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(orjson.dumps(row, option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()[:16]
