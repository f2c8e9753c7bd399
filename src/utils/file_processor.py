"""From files to source documents: finds them, reads each by its format, and reports those that cannot be read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from src.core.errors import ConfigError, InputFileError
from src.core.names import path_inside
from src.core.types import Field, Rejection, Section, SourceDocument, Span
from src.utils.extractors.sections import Warn, clean_text, ignore_warning
from src.utils.extractors.sniff import find_format, load_extractor

OnFile = Callable[[Path], None]


def find_input_files(folder: Path, files: Sequence[str] = ()) -> tuple[Path, ...]:
    """The files below ``folder``, sorted by name; only ``files`` (relative to it) when given.

    Hidden files and folders are left out. Raises InputFileError when the folder is missing or holds nothing, and
    ConfigError when a name of ``files``, or a link, leads outside of the folder.
    """
    return tuple(path for path in _candidates(folder, files) if _inside(folder, path) is None)


def read_folder(
    folder: Path, files: Sequence[str] = (), *, on_file: OnFile | None = None
) -> Iterator[SourceDocument | Rejection]:
    """Read every input file in turn; one that cannot be read becomes a Rejection "unreadable_file" with cause and fix.

    ``on_file`` is called with each path before it is read. Raises as ``find_input_files`` does.
    """
    for path in _candidates(folder, files):
        if on_file is not None:
            on_file(path)
        name = path.relative_to(folder).as_posix()
        refusal = _inside(folder, path)
        if refusal is not None:
            yield _rejection(name, refusal)
            continue
        try:
            document = read_file(path, name)
        except InputFileError as error:
            yield _rejection(name, error)
        else:
            yield document


def read_file(path: Path, name: str = "") -> SourceDocument:
    """The text of one file in sections. ``name`` is what samples call their source; default: the file's name.

    Raises InputFileError when the file is missing, empty, damaged, protected or of an unknown kind.
    """
    warnings: list[str] = []
    sections = tuple(iter_sections(path, warnings.append))
    digest = hashlib.sha256()
    for section in sections:
        digest.update(section.text.encode("utf-8"))
    return SourceDocument(path, name or path.name, sections, digest.hexdigest(), tuple(warnings))


def iter_sections(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """The sections of one file as they are read: clean text, each ending with a line break, none empty.

    Raises InputFileError as ``read_file`` does; also when the file holds no text at all.
    """
    if not path.is_file():
        raise InputFileError(f"{path} is not there or is no file.", fix="Check the path.")
    empty = True
    for section in _read_guarded(path, warn):
        if section.text.strip():
            empty = False
            yield _guarantee(section)
    if empty:
        raise InputFileError(f"{path.name} holds no text.", fix="Remove it, or save its content again.")


def _read_guarded(path: Path, warn: Warn) -> Iterator[Section]:
    extract = load_extractor(find_format(path))
    try:
        yield from extract(path, warn)
    except OSError as error:
        raise InputFileError(
            f"{path.name} cannot be read: {error}.", fix="Check the disk and the permissions."
        ) from error
    except (MemoryError, RecursionError) as error:
        raise InputFileError(
            f"{path.name} is too large or nested too deeply to be read.", fix="Split it into parts."
        ) from error


def _guarantee(section: Section) -> Section:
    """What every reader of documents may rely on, whatever an extractor did."""
    text = clean_text(section.text)
    if text != section.text:
        fields = tuple(Field(field.name, _moved(section.text, field.span)) for field in section.fields)
        section = replace(section, text=text, fields=fields)
    if not text.endswith("\n"):
        section = replace(section, text=f"{text}\n")
    return section


def _moved(text: str, span: Span) -> Span:
    return Span(len(clean_text(text[: span.start])), len(clean_text(text[: span.end])))


def _candidates(folder: Path, files: Sequence[str]) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise InputFileError(
            f"The input folder {folder} is not there.", fix=f"Create it and put documents into {folder}/."
        )
    if files:
        return tuple(_named(folder, name) for name in dict.fromkeys(files))
    found = tuple(sorted(_walk(folder), key=lambda path: path.relative_to(folder).as_posix()))
    if not found:
        raise InputFileError(
            f"The input folder {folder} holds no documents.",
            fix=f"Put PDF, DOCX, TXT, CSV, XLSX or PPTX files into {folder}/.",
        )
    return found


def _named(folder: Path, name: str) -> Path:
    path_inside(folder, name)
    path = folder / name
    if not path.is_file():
        raise InputFileError(f"{folder}/{name} is not there or is no file.", fix="Check input.files in config.yaml.")
    return path


def _walk(folder: Path) -> Iterable[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]
        yield from (Path(parent) / name for name in [*names, *linked] if not name.startswith("."))


def _inside(folder: Path, path: Path) -> ConfigError | InputFileError | None:
    """Why a path that was found must not be read: a link that leads outside, or to a folder."""
    try:
        path_inside(folder, path.relative_to(folder).as_posix())
    except ConfigError as error:
        return error
    if path.is_dir():
        return InputFileError(
            f"{path.name} is a link to a folder.", fix="Put the files themselves into the input folder."
        )
    return None


def _rejection(name: str, error: ConfigError | InputFileError) -> Rejection:
    return Rejection("unreadable_file", f"{error} {error.fix}".strip(), source_file=name)
