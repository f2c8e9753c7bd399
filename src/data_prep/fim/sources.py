"""Where code comes from: the HEAD of a git repository, or a plain folder. Symbolic links are never followed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from src.core.errors import InputFileError
from src.data_prep.git_reading import GitRepository, find_git_dir

MAX_BYTES: Final = 500_000
"""Larger files are data or generated: they are not read."""


class Listed(NamedTuple):
    """A file as a source lists it. ``key`` finds its content again; ``reason`` is why it cannot be read, "" when it
    can."""

    path: str
    key: str
    reason: str = ""


class CodeSource(Protocol):
    """A place that holds code. ``name`` is what its rows are grouped under, ``commit`` "" outside of git."""

    name: str
    commit: str

    def files(self) -> Iterator[Listed]:
        """Every file, in the order of its paths."""
        ...

    def contents(self, files: Iterable[Listed]) -> Iterator[bytes | None]:
        """What stands in each of ``files``, in their order; None where it is missing."""
        ...


def open_source(path: Path) -> CodeSource:
    """The repository at ``path``, or the folder where there is none. Raises InputFileError and MissingPackageError."""
    if not path.is_dir():
        raise InputFileError(f"{path} is not a folder.", fix="Name a git repository or a folder with code.")
    try:
        find_git_dir(path)
    except InputFileError:
        return FolderSource(path)
    return GitSource(path)


class GitSource:
    """The files of HEAD, read from git's objects: what lies uncommitted in the folder does not count."""

    def __init__(self, path: Path) -> None:
        self._repository = GitRepository(path)
        self.name = _name_of(path)
        self.commit = self._repository.resolve("HEAD")

    def files(self) -> Iterator[Listed]:
        """See CodeSource; submodules and objects that were never fetched are listed with their reason."""
        for entry in self._repository.tree(self.commit):
            reason = ""
            if not _is_readable(entry.path):
                reason = "path"
            elif entry.kind != "blob":
                reason = "submodule"
            elif not entry.is_file:
                reason = "symlink"
            elif entry.size is None:
                reason = "missing"
            elif entry.size > MAX_BYTES:
                reason = "too_large"
            yield Listed(entry.path, entry.id, reason)

    def contents(self, files: Iterable[Listed]) -> Iterator[bytes | None]:
        """See CodeSource; of ``files`` that have no reason the sizes are known."""
        return self._repository.contents([file.key for file in files])


class FolderSource:
    """The files of a folder; hidden folders are left out."""

    commit = ""

    def __init__(self, path: Path) -> None:
        self._root = path
        self.name = _name_of(path)

    def files(self) -> Iterator[Listed]:
        """See CodeSource."""
        for folder, folders, names in os.walk(self._root, onerror=_refuse):
            links = {name for name in folders if Path(folder, name).is_symlink()}
            folders[:] = sorted(name for name in folders if name not in links and not name.startswith("."))
            for name in sorted({*names, *links}):
                yield self._listed(Path(folder, name))

    def contents(self, files: Iterable[Listed]) -> Iterator[bytes | None]:
        """See CodeSource. A file that went away in between, or that may not be read, is missing."""
        for file in files:
            try:
                yield Path(file.key).read_bytes()
            except OSError:
                yield None

    def _listed(self, file: Path) -> Listed:
        written = file.relative_to(self._root).as_posix()
        path = written.encode("utf-8", "replace").decode("utf-8")
        if not _is_readable(written):
            return Listed(path, str(file), "path")
        if file.is_symlink():
            return Listed(path, str(file), "symlink")
        if not file.is_file():
            return Listed(path, str(file), "no_plain_file")
        return Listed(path, str(file), "too_large" if file.stat().st_size > MAX_BYTES else "")


def _is_readable(path: str) -> bool:
    """Whether a path can be shown in a row: UTF-8 on the disk, and without signs that steer a terminal."""
    return path.isprintable() and "\ufffd" not in path


def _name_of(path: Path) -> str:
    """What people call a repository: the name of its folder, without the `.git` of a bare one."""
    resolved = path.resolve()
    folder = resolved.parent if resolved.name == ".git" else resolved
    return folder.name.removesuffix(".git") or "code"


def _refuse(error: OSError) -> None:
    raise InputFileError(f"{error.filename} cannot be read: {error.strerror}.", fix="Check its permissions.")
