"""A folder that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from src.core.errors import StorageError
from src.core.jsonl import storage_error


@contextmanager
def staged_folder(target: Path, is_ours: Callable[[Path], bool]) -> Iterator[Path]:
    """An empty folder that becomes ``target`` when the block ends well, and leaves no trace when it does not.

    An earlier ``target`` gives way only if ``is_ours`` says so of every file in it. Raises StorageError for one that
    holds anything else, before anything is written, and where the disk does not take it.
    """
    _refuse_foreign(target, is_ours)
    part, former = (target.with_name(f"{target.name}.{kind}.part") for kind in ("new", "old"))
    try:
        for left in (part, former):
            if left.exists():
                shutil.rmtree(left)  # of a call that was killed
        part.mkdir(parents=True)
        yield part
        for path in part.rglob("*"):
            _sync(path)
        if target.exists():
            target.replace(former)
        part.replace(target)
        shutil.rmtree(former, ignore_errors=True)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise storage_error(target, error) from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _refuse_foreign(target: Path, is_ours: Callable[[Path], bool]) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise StorageError(f"{target} is no folder.", fix="Choose another place.")
    for path in sorted(target.rglob("*")) if target.exists() else ():
        if path.is_symlink() or (path.is_file() and not is_ours(path.relative_to(target))):
            raise StorageError(
                f"{target} holds {path.relative_to(target)}, which this program has not written there.",
                fix="Name an empty folder, or one that this command made.",
            )


def _sync(path: Path) -> None:
    if path.is_file():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
