"""Writing that never takes the rows of an earlier run away for none: for commands that may find nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from src.core.jsonl import atomic_writer


@contextmanager
def keeping_writer(path: Path) -> Iterator[IO[bytes]]:
    """As ``atomic_writer``, but where nothing was written an earlier file with content stays as it is. Without one an
    empty file is made. Raises StorageError."""
    with suppress(_NothingWrittenError), atomic_writer(path) as file:
        yield file
        if holds_rows(path) and not file.tell():
            raise _NothingWrittenError


def holds_rows(path: Path) -> bool:
    """Whether ``path`` is a file with something in it: what an earlier run left."""
    return path.is_file() and path.stat().st_size > 0


class _NothingWrittenError(Exception):
    """Ends the writing of a file without leaving a trace."""
