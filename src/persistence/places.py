"""Files copied to a folder or a store, and read back: what arrived has the hash of what was sent."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Protocol

from src.core.errors import DatasetError, MissingPackageError, UsageError
from src.core.fingerprints import sha256_of
from src.core.jsonl import atomic_writer, make_folder, storage_error
from src.core.types import ProgressEvent

Report = Callable[[ProgressEvent], None]
SUMS: Final = "SHA256SUMS"
_BLOCK: Final = 1 << 20


class Place(Protocol):
    """Where files go."""

    def put(self, name: str, source: IO[bytes]) -> None:
        """Write a file whole; ``name`` may have folders. Raises StorageError."""

    def sha256(self, name: str) -> str:
        """The hash of what lies there now. Raises StorageError."""


class Package(NamedTuple):
    """What was copied, and where to: names and hashes."""

    target: str
    files: Mapping[str, str]


def copy_files(files: Mapping[str, Path], to: str, report: Report) -> Package:
    """Copy ``files`` under their names, and a list of their hashes, to ``to``: a folder, or an address that fsspec
    opens (``s3://bucket/set``, ``hf://datasets/name/set``). Every copy is read back and compared.

    Raises DatasetError when a copy is not what was sent; InputFileError, StorageError; MissingPackageError for an
    address without fsspec or the package for its kind.
    """
    hashes = {name: sha256_of(path) for name, path in files.items()}
    place = open_place(to)
    for number, (name, path) in enumerate(files.items(), start=1):
        with path.open("rb") as file:
            place.put(name, file)
        if place.sha256(name) != hashes[name]:
            raise DatasetError(f"{name} arrived at {to} with another hash.", fix="Run package again.")
        report(ProgressEvent("save", number, len(files) + 1))
    place.put(SUMS, io.BytesIO("".join(f"{found}  {name}\n" for name, found in hashes.items()).encode("utf-8")))
    return Package(to, hashes)


def open_place(to: str) -> Place:
    """A folder, or a store behind an address. Raises UsageError and MissingPackageError."""
    kind, separator, rest = to.partition("://")
    if not separator:
        return _Folder(Path(to).expanduser())
    if kind == "file":
        return _Folder(Path(rest))
    return _Store(kind, to)


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        make_folder(folder)

    def put(self, name: str, source: IO[bytes]) -> None:
        with atomic_writer(self._folder / name) as file:
            while block := source.read(_BLOCK):
                file.write(block)

    def sha256(self, name: str) -> str:
        return sha256_of(self._folder / name)


class _Store:
    """Any file system that fsspec knows."""

    def __init__(self, kind: str, address: str) -> None:
        try:
            import fsspec
        except ModuleNotFoundError as error:
            raise MissingPackageError(
                f"package --to {kind}:// needs the package fsspec.", fix="pip install -r requirements-hub.txt"
            ) from error
        try:
            self._files, self._root = fsspec.core.url_to_fs(address)
        except ImportError as error:
            raise MissingPackageError(
                f"package --to {kind}:// needs one more package: {error}.", fix="pip install -r requirements-hub.txt"
            ) from error
        except ValueError as error:
            raise UsageError(
                f"{kind}:// is no kind of store that fsspec knows.", fix="As in s3://bucket/set, or a folder."
            ) from error

    def put(self, name: str, source: IO[bytes]) -> None:
        with self._opened(name, "wb") as file:
            while block := source.read(_BLOCK):
                file.write(block)

    def sha256(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._opened(name, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def _opened(self, name: str, mode: str) -> Any:
        place = f"{self._root}/{name}"
        try:
            if mode == "wb":
                self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
            return self._files.open(place, mode)
        except OSError as error:
            raise storage_error(Path(place), error) from error
