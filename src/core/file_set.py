"""Files that belong together: they change as one, and a process that dies within leaves no mixture of old and new."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from src.core.errors import StorageError
from src.core.jsonl import atomic_writer, remove_files, storage_error


class NewSet(NamedTuple):
    """Where the files of a set are written until they change: ``paths``, in the order of the set, and ``manifest``,
    which tells of the others."""

    paths: tuple[Path, ...]
    manifest: IO[bytes]


@contextmanager
def replace_together(paths: Sequence[Path], manifest: Path) -> Iterator[NewSet]:
    """A place for new files beside those at ``paths`` and ``manifest``; they take their names when the block ends well,
    and leave no trace when it does not. A file that the block does not write is missing afterwards.

    All earlier files are put aside before, and come back where a new one cannot take its name; the manifest comes last:
    whoever dies in between leaves a set in which files are missing, never one of two runs. Raises StorageError, also
    where another process is writing the same set, or a device stands in the place of a file.
    """
    targets = [path.resolve() for path in paths]
    manifest = manifest.resolve()
    for path in (manifest, *targets):
        if path.exists() and not path.is_file():
            raise StorageError(f"{path} is no file.", fix="Name another place: it would be replaced.")
    made = tuple(_beside(path, "new") for path in targets)
    former = {path: _beside(path, "former") for path in (manifest, *targets)}
    with atomic_writer(manifest) as sink:  # locked until the end: nobody else may begin in this set
        remove_files([*made, *former.values()])  # what a dead process has left
        try:
            yield NewSet(made, sink)
            sink.flush()
            os.fsync(sink.fileno())  # a full disk is met while the old set is whole
            _exchange(made, targets, former)
        finally:
            remove_files([*made, *former.values()])


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")


def _exchange(made: Sequence[Path], targets: Sequence[Path], former: Mapping[Path, Path]) -> None:
    """Put what is there aside and give the new files their names; where that fails all is as it was."""
    try:
        for path, aside in former.items():
            _rename(path, aside)
        for new, target in zip(made, targets, strict=True):
            _rename(new, target)
    except BaseException:
        for path, aside in former.items():
            if aside.exists():
                _rename(aside, path)
        raise


def _rename(path: Path, to: Path) -> None:
    """Give ``path`` another name; nothing where it is missing."""
    try:
        path.replace(to)
    except FileNotFoundError:
        return
    except OSError as error:
        raise storage_error(to, error) from error
