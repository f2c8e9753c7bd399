"""Writing that never takes the rows of an earlier run away for none: for commands that may find nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from src.core.jsonl import atomic_writer


@contextmanager
def keeping_writer(path: Path) -> Iterator[IO[bytes]]:
    """As ``atomic_writer``, but where nothing was written an earlier file with content stays as it is. Without one an
    empty file is made. Raises StorageError."""
    with keeping_writers([path]) as (file,):
        yield file


@contextmanager
def keeping_writers(paths: Sequence[Path]) -> Iterator[Sequence[IO[bytes]]]:
    """As ``keeping_writer``, of files that one run writes: earlier ones stay where nothing was written to any of them;
    else all are written anew, one after the other. Raises StorageError."""
    is_in_vain = False
    with ExitStack() as stack:
        files = [stack.enter_context(_written_unless(lambda: is_in_vain, path)) for path in paths]
        yield files
        is_in_vain = not any(map(_has_content, files))


def holds_rows(path: Path) -> bool:
    """Whether ``path`` is a file with something in it: what an earlier run left."""
    return path.is_file() and path.stat().st_size > 0


@contextmanager
def _written_unless(in_vain: Callable[[], bool], path: Path) -> Iterator[IO[bytes]]:
    with suppress(_NothingWrittenError), atomic_writer(path) as file:
        yield file
        if in_vain() and holds_rows(path):
            raise _NothingWrittenError


def _has_content(file: IO[bytes]) -> bool:
    """Whether something was written; of a pipe, which does not tell, that is taken for granted."""
    return not file.seekable() or file.tell() > 0


class _NothingWrittenError(Exception):
    """Ends the writing of a file without leaving a trace."""
