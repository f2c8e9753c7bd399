"""JSON Lines and whole files: strict reading, and writing that appears whole or not at all."""

from __future__ import annotations

import errno
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from src.core.errors import InputFileError, StorageError
from src.core.file_lock import lock_where_possible

_WRITTEN_AT_ONCE = 1 << 18
_LOCKED_BYTE = 1_000_000_000  # far behind most content
_IS_WINDOWS = os.name == "nt"


class Row(NamedTuple):
    """One line of a JSONL file. ``value`` is None and ``error`` says why when the line is not a JSON object."""

    number: int
    value: dict[str, Any] | None
    error: str = ""


def dump_line(value: Any) -> bytes:
    """One compact line of UTF-8 JSON with its line break. Raises ValueError for what JSON cannot hold."""
    try:
        return orjson.dumps(value) + b"\n"
    except TypeError as error:
        raise ValueError(str(error)) from error


def read_rows(path: Path) -> Iterator[Row]:
    """Every line of ``path`` as a Row, one in memory at a time. Empty lines are reported, not skipped, except at the
    end of the file. Raises InputFileError when the file cannot be opened."""
    with open_lines(path) as handle:
        for number, line in enumerate(handle, start=1):
            yield _parse(number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)


def open_lines(path: Path) -> IO[bytes]:
    """``path`` to be read. Raises InputFileError when it cannot be opened."""
    try:
        return path.open("rb")
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror}.", fix="Check the path.") from error


def _parse(number: int, line: bytes) -> Row:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        if not line.strip():
            return Row(number, None, "the line is empty")
        return Row(number, None, f"not valid JSON at character {error.colno}: {error.msg}")
    if not isinstance(value, dict):
        return Row(number, None, f"a JSON {type(value).__name__} where an object is expected")
    return Row(number, value)


@contextmanager
def atomic_writer(path: Path) -> Iterator[IO[bytes]]:
    """A binary file that becomes ``path`` when the block ends well and leaves no trace when it does not.

    A link stays one: what it leads to is replaced. A device or a pipe is written to as it is. Raises StorageError with
    a fix when the disk is full, the folder cannot be written, or another process is writing the same file.
    """
    is_stream = _is_stream(path)  # what /dev/stdout leads to may be a pipe without a path
    path = path.resolve() if path.is_symlink() and not is_stream else path
    part = part_of(path)
    try:
        if is_stream:
            with path.open("wb") as stream:
                yield stream
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with _claim(part, path) as handle:
            # Ctrl-C may come in the moment in which this block is left: then only the end of the process tidies up
            unfinished = weakref.finalize(handle, _discard, part)
            try:
                yield handle
                handle.flush()
                os.fsync(handle.fileno())
                if not _IS_WINDOWS:
                    part.replace(path)  # still locked: nobody else may begin in this file now
            except BaseException:
                _discard(part)
                raise
            finally:
                unfinished.detach()
        if _IS_WINDOWS:  # where an open file cannot be renamed
            part.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error


def part_of(path: Path) -> Path:
    """Where ``atomic_writer`` writes what is to become ``path``."""
    return path.with_name(f"{path.name}.part")


def _is_stream(path: Path) -> bool:
    return path.exists() and not (path.is_file() or path.is_dir())


def _claim(part: Path, path: Path) -> IO[bytes]:
    """``part``, empty and locked. Raises StorageError when another process has it."""
    while True:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        with ExitStack() as opened:
            handle = opened.enter_context(os.fdopen(descriptor, "wb", buffering=_WRITTEN_AT_ONCE))
            if not lock_where_possible(handle, byte=_LOCKED_BYTE):
                raise StorageError(
                    f"{path} is being written by another process.", fix="Wait until it has ended, then try again."
                )
            if _is_at(handle, part):  # else whoever had it has renamed or removed it since it was opened
                handle.truncate(0)
                opened.pop_all()
                return handle


def _is_at(handle: IO[bytes], path: Path) -> bool:
    """Whether ``path`` is the file that ``handle`` is."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _discard(part: Path) -> None:
    with suppress(OSError):
        part.unlink()


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write ``rows`` as JSONL, whole or not at all; returns how many."""
    return write_lines(path, map(dump_line, rows))


def write_lines(path: Path, lines: Iterable[bytes]) -> int:
    """As ``write_jsonl``, of lines that ``dump_line`` has made."""
    count = 0
    with atomic_writer(path) as handle:
        for line in lines:
            handle.write(line)
            count += 1
    return count


def make_folder(folder: Path) -> None:
    """Create ``folder`` and its parents where they are missing. Raises StorageError with a fix."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(folder, error) from error


def remove_files(paths: Iterable[Path]) -> None:
    """Remove those of ``paths`` that are there. Raises StorageError with a fix."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(path, error) from error


def storage_error(path: Path, error: OSError) -> StorageError:
    """The error of a failed write, with what to do about it."""
    fixes = {
        errno.ENOSPC: "The disk is full: free some space and run again; nothing that was finished is lost.",
        errno.EDQUOT: "The disk quota is used up: free some space and run again.",
        errno.EACCES: "Check the permissions of the folder.",
        errno.EPERM: "Check the permissions of the folder.",
        errno.EROFS: "The folder is read-only: choose another place.",
        errno.EFBIG: "The file is larger than this system allows: raise the limit (ulimit -f) and run again.",
        errno.EEXIST: "A file stands where a folder is needed: rename that file.",
        errno.ENOTDIR: "A file stands where a folder is needed: rename that file.",
        errno.EISDIR: "A folder stands where a file is needed: rename that folder.",
        errno.ENAMETOOLONG: "Choose a shorter output_name.",
    }
    fix = fixes.get(error.errno or 0, "Check the folder and the disk, then run again.")
    return StorageError(f"{path} cannot be written: {error.strerror or error}.", fix=fix)
