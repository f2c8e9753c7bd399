"""Folders as archives whose bytes depend on nothing but what is in them, and archives of strangers read with care."""

from __future__ import annotations

import gzip
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISLNK, S_ISREG
from typing import IO, Final, Literal, NamedTuple, cast

from src.core.errors import InputFileError
from src.core.jsonl import atomic_writer

Form = Literal["folder", "zip", "tar"]
_OLDEST_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_LEVEL: Final = 6
"""9, the default of gzip, takes three times as long for a file that is hardly smaller."""
_BLOCK: Final = 1 << 20
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_MAX_RATIO: Final = 200
"""How many times its own size an archive may unpack to: JSON Lines reach 10 to 30, a bomb 1,000."""
_ALWAYS_ALLOWED: Final = 16_000_000
"""Bytes that any archive may unpack to, however small it is."""
BROKEN: Final = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError)
"""What a damaged archive, or one of a kind that is not read, raises."""


class Entry(NamedTuple):
    """A file of a bundle. ``problem`` says why it is not safe to be unpacked: then it cannot be opened."""

    name: str
    size: int
    problem: str
    open: Callable[[], IO[bytes]]


class UnsafeArchiveError(InputFileError):
    """An archive that must not be read on."""


def form_of(path: Path) -> Form:
    """What a bundle of that name is: by its ending, a folder without one."""
    name = path.name.lower()
    return "zip" if name.endswith(".zip") else "tar" if name.endswith((".tar.gz", ".tgz")) else "folder"


def write_archive(path: Path, form: Form, top: str, folder: Path, names: Sequence[str]) -> None:
    """Write the files ``names`` of ``folder`` in that order below ``top``, without times and owners: the same files
    give the same bytes. Raises StorageError."""
    with atomic_writer(path) as file:
        (_write_zip if form == "zip" else _write_tar)(file, top, folder, names)


def _write_tar(file: IO[bytes], top: str, folder: Path, names: Sequence[str]) -> None:
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in names:
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size = (folder / name).stat().st_size
            member.mode = 0o644
            with (folder / name).open("rb") as content:
                archive.addfile(member, content)


def _write_zip(file: IO[bytes], top: str, folder: Path, names: Sequence[str]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in names:
            member = zipfile.ZipInfo(f"{top}/{name}", _OLDEST_ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o100644 << 16
            member.create_system = 3  # Unix, wherever it is written
            size = (folder / name).stat().st_size
            with (folder / name).open("rb") as content, archive.open(member, "w", force_zip64=size > 1 << 31) as out:
                while block := content.read(_BLOCK):
                    out.write(block)


@contextmanager
def open_entries(path: Path, first: str) -> Iterator[Iterator[Entry]]:
    """The files of a folder or an archive, with nothing unpacked to the disk; ``first`` comes first.

    Each must be read before the next one is asked for. Names are those below the folder in which ``first`` lies. Raises
    InputFileError for what cannot be read, UnsafeArchiveError for an archive that unpacks to far more than it is.
    """
    try:
        if path.is_dir():
            yield _folder_entries(path, first)
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield _zip_entries(archive, first, _Allowance.of(path))
        else:
            with path.open("rb") as file, gzip.GzipFile(fileobj=file) as packed:
                counted = _Counted(cast("IO[bytes]", packed), _Allowance.of(path))
                with tarfile.open(fileobj=cast("IO[bytes]", counted), mode="r|") as archive:
                    yield _tar_entries(archive, first)
    except UnsafeArchiveError:
        raise
    except BROKEN as error:
        raise InputFileError(
            f"{path} is no bundle that can be read, or is damaged: {error}.",
            fix="Name a folder, a .zip or a .tar.gz that 'bundle' has made, or fetch it again.",
        ) from error
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror or error}.", fix="Check the path.") from error


class _Allowance:
    """How much may still come out of an archive."""

    def __init__(self, left: int) -> None:
        self.left = left

    @classmethod
    def of(cls, path: Path) -> _Allowance:
        return cls(_ALWAYS_ALLOWED + _MAX_RATIO * path.stat().st_size)

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise UnsafeArchiveError(
                f"the archive unpacks to more than {_MAX_RATIO} times its size.",
                fix="Do not unpack it: it may be made to fill the disk.",
            )


class _Counted:
    """A stream that ends with an error where too much comes out of it."""

    def __init__(self, stream: IO[bytes], allowance: _Allowance) -> None:
        self._stream = stream
        self._allowance = allowance

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(_BLOCK if size < 0 else min(size, _BLOCK))
        self._allowance.take(len(content))
        return content

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def _folder_entries(folder: Path, first: str) -> Iterator[Entry]:
    """Links are named and not followed."""
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    for path in sorted(paths, key=lambda path: path.relative_to(folder).as_posix() != first):
        status = path.lstat()
        problem = "is a link" if S_ISLNK(status.st_mode) else "" if S_ISREG(status.st_mode) else "is no plain file"
        yield Entry(path.relative_to(folder).as_posix(), status.st_size, problem, lambda path=path: path.open("rb"))  # type: ignore[misc]


def _zip_entries(archive: zipfile.ZipFile, first: str, allowance: _Allowance) -> Iterator[Entry]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    members.sort(key=lambda member: member.filename.rpartition("/")[2] != first or member.filename.count("/") > 1)
    top = _top_of(members[0].filename, first) if members else ""
    for member in members:
        name, problem = _placed(member.orig_filename, top)
        kind = member.external_attr >> 16
        if S_ISLNK(kind):
            problem = problem or "is a link"
        if member.flag_bits & 1:
            problem = problem or "is encrypted"
        yield Entry(
            name,
            member.file_size,
            problem,
            lambda member=member: cast("IO[bytes]", _Counted(archive.open(member), allowance)),  # type: ignore[misc]
        )


def _tar_entries(archive: tarfile.TarFile, first: str) -> Iterator[Entry]:
    top: str | None = None
    for member in archive:
        if member.isdir():
            continue
        top = _top_of(member.name, first) if top is None else top
        name, problem = _placed(member.name, top)
        if member.issym() or member.islnk():
            problem = problem or f"is a link to {member.linkname}"
        elif not member.isreg() or member.issparse():
            problem = problem or "is no plain file"
        yield Entry(name, member.size, problem, lambda member=member: cast("IO[bytes]", archive.extractfile(member)))  # type: ignore[misc]


def _top_of(name: str, first: str) -> str:
    """The folder in which ``first`` lies, with its slash; "" where it lies in none."""
    top, separator, rest = name.partition("/")
    return f"{top}/" if separator and rest == first else ""


def _placed(name: str, top: str) -> tuple[str, str]:
    """The name below ``top``, and why it leads elsewhere."""
    parts = name.split("/")
    if name.startswith("/") or _DRIVE.match(name):
        return name, "has an absolute path"
    if ".." in parts:
        return name, "leads out of the folder"
    if "\\" in name or "" in parts or "." in parts or not name.isprintable():
        return name, "has a name that not every system takes for the same file"
    if not name.startswith(top):
        return name, f"lies outside of {top}"
    return name.removeprefix(top), ""
