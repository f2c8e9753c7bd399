"""The samples of a JSONL file in any training format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from src.core.errors import InputFileError
from src.core.jsonl import read_rows
from src.core.types import Sample
from src.utils.formats.any_row import read_any_row
from src.utils.formats.shape import FormatError


def read_samples(path: Path) -> Iterator[Sample]:
    """Every row of ``path`` as a sample, one in memory at a time. Raises InputFileError for a file that cannot be read
    or holds nothing, and for the first row that is no training example."""
    number = 0
    for number, value, error in read_rows(path):
        if value is None:
            raise _unreadable(path, number, error)
        try:
            yield read_any_row(value)
        except FormatError as problem:
            raise _unreadable(path, number, str(problem)) from problem
    if not number:
        raise InputFileError(f"{path} holds no rows.", fix="Name a file with one training example a line.")


def _unreadable(path: Path, number: int, why: str) -> InputFileError:
    return InputFileError(f"{path}, row {number}: {why}.", fix=f"See 'python -m src.main validate {path}'.")
