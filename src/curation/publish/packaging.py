"""A finished set copied to a folder or a store, and read back: what arrived has the hash of what was sent."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Protocol

from src.core.errors import DatasetError, MissingPackageError, UsageError
from src.core.jsonl import atomic_writer, make_folder, storage_error
from src.core.types import ProgressEvent
from src.curation.stages.manifest import file_fact, manifest_path, read_manifest, sha256_of

Report = Callable[[ProgressEvent], None]
SUMS: Final = "SHA256SUMS"
_BLOCK: Final = 1 << 20


class Target(Protocol):
    """Where a package goes."""

    def put(self, name: str, source: IO[bytes]) -> None:
        """Write a file whole. Raises StorageError."""

    def sha256(self, name: str) -> str:
        """The hash of what lies there now. Raises StorageError."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of a package."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Package:
    """What was copied, and where to."""

    target: str
    files: tuple[Packed, ...]


def package(source: Path, to: str, report: Report) -> Package:
    """Copy a set, its manifest, its card and the hashes of all to ``to``: a folder, or an address that fsspec opens
    (``s3://bucket/set``, ``hf://datasets/name/set``). Every copy is read back and compared.

    Raises DatasetError when the set is no longer what its manifest says, or a copy is not what was sent; StorageError;
    MissingPackageError for an address without fsspec or the package for its kind.
    """
    facts = [Packed(path.name, sha256_of(path)) for path in _checked(source)]
    target = open_target(to)
    sums = "".join(f"{fact.sha256}  {fact.name}\n" for fact in facts)
    for number, fact in enumerate(facts, start=1):
        with (source.parent / fact.name).open("rb") as file:
            target.put(fact.name, file)
        if target.sha256(fact.name) != fact.sha256:
            raise DatasetError(f"{fact.name} arrived at {to} with another hash.", fix="Run package again.")
        report(ProgressEvent("save", number, len(facts) + 1))
    target.put(SUMS, io.BytesIO(sums.encode("utf-8")))
    return Package(to, tuple(facts))


def _checked(source: Path) -> list[Path]:
    """The files that belong to a set. Raises DatasetError where the manifest says another hash."""
    manifest = read_manifest(source)
    if manifest is not None:
        said = next((one for one in manifest.outputs if one.name == source.name), None)
        if said != file_fact(source):
            raise DatasetError(
                f"{source} was changed since its manifest was written.", fix="Run curate again, or remove the manifest."
            )
    beside = (manifest_path(source), source.with_name(f"{source.stem}.report.json"), card_path(source))
    return [source, *(path for path in beside if path.exists())]


def card_path(source: Path) -> Path:
    """``rows.jsonl`` has ``rows.card.md`` beside it."""
    return source.with_name(f"{source.stem}.card.md")


def open_target(to: str) -> Target:
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
                self._files.makedirs(self._root, exist_ok=True)
            return self._files.open(place, mode)
        except OSError as error:
            raise storage_error(Path(place), error) from error
