"""Which files a dataset has, and the lock under which they change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from src.core.types import SplitName
from src.core.workspace import Workspace
from src.persistence.exporters import jsonl_path
from src.persistence.former_files import is_left_over, restore_former
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store
from src.utils.formats.registry import FORMATS

SIDES: tuple[SplitName, ...] = ("train", "validation")


@contextmanager
def hold_workspace(workspace: Workspace) -> Iterator[str]:
    """Hold the lock of the run while the block changes datasets. What a killed program has left half replaced is put
    back first; yields the name of that dataset, "" where there was nothing to do.

    Raises StorageError when another run is writing, or when files cannot be put back.
    """
    with hold_run_lock(workspace.run_lock):
        restored = ""
        if is_left_over(workspace):
            with Store(workspace.database) as store:
                restored = restore_former(store, workspace, files_of)
        yield restored


def csv_path(folder: Path, name: str) -> Path:
    """Where the samples of a dataset lie as a table."""
    return folder / f"{name}.csv"


def stats_path(folder: Path, name: str) -> Path:
    """Where the statistics of a dataset lie."""
    return folder / f"{name}_stats.json"


def report_path(folder: Path, name: str) -> Path:
    """Where the report of a dataset lies."""
    return folder / f"{name}_report.html"


def files_of(folder: Path, name: str) -> tuple[Path, ...]:
    """The files of a dataset of that name that lie in ``folder``, whatever wrote them: a run or an export."""
    others = (csv_path(folder, name), stats_path(folder, name), report_path(folder, name))
    kinds = ("", "_preference", *(f"_{form}" for form in FORMATS))
    lines = [jsonl_path(folder, name, f"{side}{kind}") for side in SIDES for kind in kinds]
    scored = (path for side in SIDES for path in folder.glob(f"{escape(name)}_{side}_score_*.jsonl"))
    candidates = (*lines, *sorted(scored), jsonl_path(folder, name, "rejected"), *others)
    return tuple(path for path in candidates if path.is_file())


def has_files(folder: Path, name: str) -> bool:
    """Whether files of a dataset of that name lie in ``folder``."""
    others = (csv_path(folder, name), stats_path(folder, name), report_path(folder, name))
    return any(path.exists() for path in (*(jsonl_path(folder, name, side) for side in SIDES), *others))
