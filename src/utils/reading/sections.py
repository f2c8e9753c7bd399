"""The sections of one file, read in this process: clean text, whatever an extractor did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Field, Section, Span
from src.utils.extractors.sections import Warn, clean_text, ignore_warning
from src.utils.extractors.sniff import find_format, load_extractor
from src.utils.reading.job import require_file


def iter_sections(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """The sections of one file as they are read: clean text, each ending with a line break, none empty.

    Raises InputFileError when the file is missing, empty, damaged, protected, of an unknown kind or without text.
    """
    require_file(path)
    empty = True
    # rows are made clean: tables have millions of them
    for section in _read_guarded(path, warn):
        if section.text and not section.text.isspace():
            empty = False
            yield section if section.kind == "row" else _guarantee(section)
    if empty:
        raise InputFileError(f"{path.name} holds no text.", fix="Remove it, or save its content again.")


def _read_guarded(path: Path, warn: Warn) -> Iterator[Section]:
    try:
        yield from load_extractor(find_format(path))(path, warn)
    except OSError as error:
        raise InputFileError(
            f"{path.name} cannot be read: {error}.", fix="Check the disk and the permissions."
        ) from error
    except (MemoryError, RecursionError) as error:
        raise InputFileError(
            f"{path.name} is too large or nested too deeply to be read.", fix="Split it into parts."
        ) from error


def _guarantee(section: Section) -> Section:
    """What every reader of documents may rely on."""
    text = clean_text(section.text)
    if text != section.text:
        fields = tuple(Field(field.name, _moved(section.text, field.span)) for field in section.fields)
        section = section._replace(text=text, fields=fields)
    if not text.endswith("\n"):
        section = section._replace(text=f"{text}\n")
    return section


def _moved(text: str, span: Span) -> Span:
    return Span(len(clean_text(text[: span.start])), len(clean_text(text[: span.end])))
