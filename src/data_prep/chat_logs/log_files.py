"""The files below a folder that may hold chat logs, those inside zip archives among them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from types import TracebackType
from typing import IO, Final, Self

from src.core.errors import InputFileError

_NOT_LOGS: Final = frozenset({".git", "node_modules", "__pycache__", ".venv"})
_NO_TEXT: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".svg", ".mp3", ".mp4", ".m4a", ".wav", ".webm", ".mov"}
    | {".pdf", ".docx", ".xlsx", ".pptx", ".css", ".js", ".dat"}
)
"""What exports hold beside the conversations: never opened."""
_ZIP: Final = b"PK\x03\x04"
_MAX_RATIO: Final = 200
"""Chats pack to a tenth of their size; what is made to fill memory comes to a thousand."""
_ALWAYS_UNPACKED: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file, or a member of a zip archive.

    ``source`` is its path below the folder that was asked for, with slashes; a member has that of its archive.
    ``member`` is the path of the member in the archive, "" for a file.
    """

    path: Path
    source: str
    size: int
    member: str = ""

    @property
    def name(self) -> str:
        """What tells it from all other files."""
        return f"{self.source}!{self.member}" if self.member else self.source

    @property
    def folder(self) -> str:
        """Where it lies: files of one folder may belong together."""
        return self.name.rpartition("/")[0] if "/" in self.member or not self.member else self.source

    @property
    def folder_name(self) -> str:
        """The name of that folder alone, which is the same in an archive and beside it; "" for the outermost one."""
        return PurePosixPath(self.member or self.source).parent.name


def find_paths(source: Path, without: frozenset[Path] = frozenset()) -> list[Path]:
    """``source`` itself, or the files below it in the order of their paths, but for those of ``without``.

    Links to folders are not followed. Raises InputFileError where there is nothing.
    """
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise InputFileError(f"{source} is not there.", fix="Name the folder or the file of the export with --src.")
    found: list[Path] = []
    for folder, inner, names in os.walk(source):
        inner[:] = [name for name in inner if name not in _NOT_LOGS]
        paths = (Path(folder, name) for name in names)
        # a link that leads back to itself is no file, and cannot be resolved
        candidates = (path for path in paths if path.suffix.lower() not in _NO_TEXT and path.is_file())
        found += [path for path in candidates if not _is_one_of(path, without)]
    return sorted(found)


def _is_one_of(path: Path, others: frozenset[Path]) -> bool:
    """Whether the file at ``path`` is one of ``others``, which are resolved. All but links are told by their names
    first: to resolve them would take longer than to read a short chat."""
    may_be = path.name in {other.name for other in others} or path.is_symlink()
    return may_be and path.resolve() in others


class Shelf:
    """Opens log files; the archive that was used last stays open. A context manager."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._archive: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    def files(self, path: Path, source: str) -> list[LogFile]:
        """The log file at ``path``, or the members of the archive that it is. Raises InputFileError."""
        with _explained():
            with path.open("rb") as handle:
                is_archive = handle.read(len(_ZIP)) == _ZIP
            if not is_archive:
                return [LogFile(path, source, path.stat().st_size)]
            members = sorted(self._opened(path).infolist(), key=lambda member: member.filename)
            _require_bounded(path, members)
            return [
                LogFile(path, source, member.file_size, member.filename)
                for member in members
                if not member.is_dir() and Path(member.filename).suffix.lower() not in _NO_TEXT
            ]

    @contextmanager
    def open(self, file: LogFile) -> Iterator[IO[bytes]]:
        """The content of ``file``. Raises InputFileError where it cannot be read."""
        with _explained(), self._stream(file) as stream:
            yield stream

    def unpack(self, file: LogFile, folder: Path, beside: Sequence[str]) -> Path:
        """Where a member lies on the disk, once it is written into ``folder`` together with the members whose names are
        its own with one of the endings ``beside``. Raises InputFileError."""
        path = folder / Path(file.member).name
        with _explained():
            archive = self._opened(file.path)
            known = set(archive.namelist())
            for ending in ("", *beside):
                if file.member + ending in known:
                    with (
                        archive.open(file.member + ending) as stream,
                        path.with_name(path.name + ending).open("wb") as copy,
                    ):
                        copyfileobj(stream, copy)
        return path

    def _stream(self, file: LogFile) -> IO[bytes]:
        return self._opened(file.path).open(file.member) if file.member else file.path.open("rb")

    def _opened(self, path: Path) -> zipfile.ZipFile:
        if self._archive is None or self._path != path:
            self._close()
            self._archive, self._path = zipfile.ZipFile(path), path
        return self._archive

    def _close(self) -> None:
        if self._archive is not None:
            self._archive.close()
        self._archive = self._path = None


def _require_bounded(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    """Raise InputFileError for an archive that is made to fill memory; no more comes out than it says."""
    if sum(member.file_size for member in members) > _ALWAYS_UNPACKED + _MAX_RATIO * path.stat().st_size:
        raise InputFileError(f"the archive unpacks to more than {_MAX_RATIO} times its size.", fix="Leave it out.")


@contextmanager
def _explained() -> Iterator[None]:
    """Raises InputFileError for what the disk, or the archive, says."""
    try:
        yield
    except OSError as error:
        raise InputFileError(f"it cannot be read: {error.strerror or error}.", fix="Check its permissions.") from error
    except (zipfile.BadZipFile, EOFError) as error:
        raise InputFileError(f"the archive is damaged: {error}.", fix="Download the export again.") from error
    except RecursionError as error:  # a RuntimeError too
        raise InputFileError("it is nested too deep.", fix="Leave it out.") from error
    except RuntimeError as error:  # zipfile's words for a password and an unknown packing
        raise InputFileError(f"the archive cannot be unpacked: {error}.", fix="Unpack it first.") from error
