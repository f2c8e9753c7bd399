"""Files that belong together: they change as one, and a process that dies within leaves no mixture of old and new."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from src.core.jsonl import atomic_writer, storage_error


class NewSet(NamedTuple):
    """Where the files of a set are written until they change: ``paths``, in the order of the set, and ``manifest``,
    which tells of the others."""

    paths: tuple[Path, ...]
    manifest: IO[bytes]


@contextmanager
def replace_together(paths: Sequence[Path], manifest: Path) -> Iterator[NewSet]:
    """A place for new files beside those at ``paths`` and ``manifest``; they take their names when the block ends well,
    and leave no trace when it does not. A file that the block does not write is missing afterwards.

    All earlier files but the first are taken away before, and the manifest comes last: whoever dies in between leaves a
    set in which files are missing, never one of two runs. Raises StorageError, also where another process is writing
    the same set.
    """
    targets = [path.resolve() for path in paths]
    manifest = manifest.resolve()
    made = tuple(path.with_name(f"{path.name}.new") for path in targets)
    with atomic_writer(manifest) as sink:  # locked until the end: nobody else may begin in this set
        _remove(made)  # what a dead process has left
        try:
            yield NewSet(made, sink)
            sink.flush()
            os.fsync(sink.fileno())  # a full disk is met while the old set is whole
            _remove([manifest, *targets[1:]])
            for new, target in zip(made, targets, strict=True):
                _rename(new, target)
        finally:
            _remove(made)


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(path, error) from error


def _rename(new: Path, target: Path) -> None:
    try:
        new.replace(target)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(target, error) from error
