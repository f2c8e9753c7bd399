"""Rows that wait on disk until it is known what becomes of them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self

import orjson

from src.core.errors import StorageError
from src.core.jsonl import dump_line


class Shelf:
    """Rows by number, from 0 in the order in which they were put there. A context manager: they are gone at its end."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._starts = array("Q", [0])

    def __enter__(self) -> Self:
        try:
            self._file = self._stack.enter_context(TemporaryFile())
        except OSError as error:
            fix = "Check the folder for temporary files, or name another one in TMPDIR."
            raise StorageError(f"No temporary file can be written: {error.strerror}.", fix=fix) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def put(self, row: dict[str, Any]) -> int:
        """Put a row there; returns its number."""
        line = dump_line(row)
        self._file.seek(self._starts[-1])
        self._file.write(line)
        self._starts.append(self._starts[-1] + len(line))
        return len(self) - 1

    def line(self, number: int) -> bytes:
        """A row as the line of a file."""
        self._file.seek(self._starts[number])
        return self._file.read(self._starts[number + 1] - self._starts[number])

    def row(self, number: int) -> dict[str, Any]:
        """A row."""
        value: dict[str, Any] = orjson.loads(self.line(number))
        return value

    def rows(self) -> Iterator[dict[str, Any]]:
        """All rows in order, one in memory at a time."""
        return map(self.row, range(len(self)))
