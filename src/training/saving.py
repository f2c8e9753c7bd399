"""Failed writes of the libraries, each of which reports a full disk in its own way, as the program's own error."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from src.core.errors import BuilderError, StorageError
from src.core.jsonl import storage_error

_OF_THE_SYSTEM: Final = re.compile(r"\bcode: (\d+)|\(os error (\d+)\)")
"""How safetensors, which is written in Rust, quotes the number of the system's error."""
_OF_TORCH: Final = re.compile(r"PytorchStreamWriter|inline_container")
"""Where torch writes its archives; it tells no number."""
_NO_ROOM: Final = 16_000_000


@contextmanager
def saving_to(place: Path) -> Iterator[None]:
    """Raises StorageError with a fix for whatever says that ``place``, or a file below it, cannot be written."""
    try:
        yield
    except BuilderError:
        raise
    except OSError as error:
        raise _storage_error(place, error) from error
    except Exception as error:
        number = _number_in(str(error), place)
        if number is None:
            raise
        raise _storage_error(place, OSError(number, os.strerror(number))) from error


def _storage_error(place: Path, error: OSError) -> StorageError:
    return storage_error(Path(error.filename) if isinstance(error.filename, str) else place, error)


def _number_in(said: str, place: Path) -> int | None:
    """The number of the system's error in the words of a library; None where they speak of something else."""
    found = _OF_THE_SYSTEM.search(said)
    if found:
        return int(found[1] or found[2])
    if not _OF_TORCH.search(said):
        return None
    return errno.ENOSPC if _is_full(place) else errno.EIO


def _is_full(place: Path) -> bool:
    there = next((folder for folder in (place, *place.absolute().parents) if folder.exists()), None)
    return there is not None and shutil.disk_usage(there).free < _NO_ROOM
