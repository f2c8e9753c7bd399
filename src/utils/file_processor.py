"""From files to source documents: finds them, lets each be read, and reports those that cannot be read."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from src.core.errors import ConfigError, InputFileError
from src.core.names import path_inside, well_formed
from src.core.types import Rejection, SourceDocument
from src.utils.reading.reader import OnBytes, Reader


class InputFile(NamedTuple):
    """A file to be read; ``name`` is what samples call their source. ``refusal``: why it must not be read."""

    path: Path
    name: str
    refusal: ConfigError | InputFileError | None = None


def find_input_files(
    folder: Path, files: Sequence[str] = (), *, leave_out: Collection[Path] = ()
) -> tuple[InputFile, ...]:
    """The files below ``folder``, sorted by name; only ``files`` (relative to it) when given.

    Hidden files and folders are left out, and the folders ``leave_out`` below it; a link that leads outside, or to a
    folder, is found with its refusal. Raises InputFileError when the folder is missing or holds nothing, and
    ConfigError when a name of ``files`` leads outside of it.
    """
    return tuple(
        InputFile(path, well_formed(path.relative_to(folder).as_posix()), _refusal(folder, path))
        for path in _candidates(folder, files, leave_out)
    )


def read_input_files(
    files: Sequence[InputFile], reader: Reader, on_bytes: OnBytes
) -> Iterator[SourceDocument | Rejection]:
    """Every document, in the order of ``files``; one that cannot be read is a Rejection "unreadable_file" with cause
    and fix. Several are read at the same time."""
    spools = reader.read_all([file.path for file in files if file.refusal is None], on_bytes)
    for file in files:
        found = file.refusal or next(spools)
        if isinstance(found, ConfigError | InputFileError):
            yield Rejection("unreadable_file", f"{found} {found.fix}".strip(), source_file=file.name)
        else:
            yield reader.document(found, file.path, file.name)


def _candidates(folder: Path, files: Sequence[str], leave_out: Collection[Path]) -> tuple[Path, ...]:
    if folder.exists() and not folder.is_dir():
        raise InputFileError(
            f"The input folder {folder} is a file.",
            fix="Name the folder that it lies in as input.folder, and the file itself under input.files.",
        )
    if not folder.is_dir():
        raise InputFileError(
            f"The input folder {folder} is not there.", fix=f"Create it and put documents into {folder}/."
        )
    if files:
        return tuple(_named(folder, name) for name in dict.fromkeys(files))
    found = tuple(sorted(_walk(folder, leave_out), key=lambda path: path.relative_to(folder).as_posix()))
    if not found:
        raise InputFileError(
            f"The input folder {folder} holds no documents.",
            fix=f"Put PDF, DOCX, TXT, CSV, XLSX or PPTX files into {folder}/.",
        )
    return found


def _named(folder: Path, name: str) -> Path:
    path_inside(folder, name, "input.files")
    path = folder / name
    if not path.is_file():
        raise InputFileError(f"{folder}/{name} is not there or is no file.", fix="Check input.files in config.yaml.")
    return path


def _walk(folder: Path, leave_out: Collection[Path]) -> Iterable[Path]:
    left_out = {path.resolve() for path in leave_out}
    for parent, folders, names in os.walk(folder):
        folders[:] = [
            name for name in folders if not name.startswith(".") and (Path(parent) / name).resolve() not in left_out
        ]
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]
        yield from (Path(parent) / name for name in [*names, *linked] if not name.startswith("."))


def _refusal(folder: Path, path: Path) -> ConfigError | InputFileError | None:
    try:
        path_inside(folder, path.relative_to(folder).as_posix())
    except ConfigError as error:
        return error
    if path.is_dir():
        return InputFileError(
            f"{path.name} is a link to a folder.", fix="Put the files themselves into the input folder."
        )
    return None
