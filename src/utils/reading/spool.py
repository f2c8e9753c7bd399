"""The text of a read file on disk: a folder with the text, its sections and a summary, written and read in batches."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from src.core.errors import InputFileError
from src.core.types import Field, RowFields, Section, SourceDocument, Span

_TEXT, _SECTIONS, _SUMMARY = "text.txt", "sections.jsonl", "summary.json"
_BATCH_SECTIONS = 500
_BATCH_S = 1.0
"""A slow file still shows that it moves: whoever watches looks at the size of the text."""
_MAX_TEXT_BYTES = 200_000_000
_MAX_TEXT_RATIO = 20
"""Text beyond the first figure plus this many times the file's own size: no document, but a file made to fill disks."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of a file that was read, or, with a ``cause``, refused. ``sha256`` is the hash of the text.

    ``scanned_pages`` is the number of pages of a PDF without a text layer, 0 for everything else. ``passing``: the
    cause does not lie in the file alone, another try may go well.
    """

    sha256: str = ""
    sections: int = 0
    characters: int = 0
    warnings: tuple[str, ...] = ()
    cause: str = ""
    fix: str = ""
    scanned_pages: int = 0
    passing: bool = False


class DamagedSpoolError(Exception):
    """A spool does not hold what was written to it."""


def write_sections(folder: Path, sections: Iterable[Section], source: Path) -> Summary:
    """Write ``sections`` of ``source`` into ``folder`` as they come; a few hundred are in memory at a time.

    Raises InputFileError when there is far more text than a file of that size can honestly hold.
    """
    limit = _MAX_TEXT_BYTES + _MAX_TEXT_RATIO * source.stat().st_size
    digest = hashlib.sha256()
    count = characters = written = 0
    with (folder / _TEXT).open("wb") as text_file, (folder / _SECTIONS).open("wb") as section_file:
        for batch in _batches(sections):
            text = "".join(section.text for section in batch)
            data = text.encode("utf-8")
            digest.update(data)
            text_file.write(data)
            text_file.flush()
            section_file.write(orjson.dumps([len(data), *_marks(batch)]) + b"\n")
            count, characters, written = count + len(batch), characters + len(text), written + len(data)
            if written > limit:
                raise InputFileError(
                    f"{source.name} holds more than {limit / 1e6:,.0f} MB of text, which no document of its size does.",
                    fix="If you trust the file, split it into smaller documents.",
                )
    return Summary(digest.hexdigest(), count, characters)


def write_summary(folder: Path, summary: Summary) -> None:
    """Finish a spool; without a summary it does not count."""
    (folder / _SUMMARY).write_bytes(orjson.dumps(asdict(summary)))


def text_size(folder: Path) -> int:
    """Bytes of text that were written so far."""
    try:
        return (folder / _TEXT).stat().st_size
    except OSError:
        return 0


class Spool:
    """A finished spool. Every method raises DamagedSpoolError when the folder is not what was written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            values: dict[str, Any] = orjson.loads((folder / _SUMMARY).read_bytes())
            self.summary = Summary(**{**values, "warnings": tuple(values["warnings"])})
        except (OSError, ValueError, TypeError, LookupError) as error:
            raise DamagedSpoolError(str(error)) from error

    @property
    def text_file(self) -> Path:
        """The whole text in UTF-8."""
        return self.folder / _TEXT

    def sections(self) -> Iterator[Section]:
        """The sections in order, one batch in memory at a time; after the last one the text's hash is compared."""
        digest = hashlib.sha256()
        try:
            with self.text_file.open("rb") as text_file, (self.folder / _SECTIONS).open("rb") as section_file:
                for line in section_file:
                    length, names, marks = orjson.loads(line)
                    data = text_file.read(length)
                    digest.update(data)
                    yield from _cut(data.decode("utf-8"), names, marks)
        except (OSError, ValueError, TypeError) as error:
            raise DamagedSpoolError(str(error)) from error
        if digest.hexdigest() != self.summary.sha256:
            raise DamagedSpoolError("the text is not the one that was written")

    def document(self, path: Path, name: str) -> SourceDocument:
        """The whole document, held in memory."""
        summary = self.summary
        return SourceDocument(path, name, tuple(self.sections()), summary.sha256, summary.warnings)


def _batches(sections: Iterable[Section]) -> Iterator[list[Section]]:
    batch: list[Section] = []
    began = time.monotonic()
    for section in sections:
        batch.append(section)
        if len(batch) >= _BATCH_SECTIONS or time.monotonic() - began > _BATCH_S:
            yield batch
            batch = []
            began = time.monotonic()
    if batch:
        yield batch


def _marks(batch: list[Section]) -> tuple[list[Sequence[str]], list[tuple[Any, ...]]]:
    """The names of columns that rows of the batch share, and for every section what is not in the text."""
    shapes: dict[tuple[str, ...], int] = {}
    marks = []
    shape, names = 0, None
    for section in batch:
        fields: int | list[tuple[str, int, int]]
        if isinstance(section.fields, RowFields):
            if section.fields.names is not names:  # rows of one table share the very list
                names = section.fields.names
                shape = shapes.setdefault(tuple(names), len(shapes))
            fields = shape
        else:
            fields = [(field.name, *field.span) for field in section.fields]
        marks.append((len(section.text), section.locator, section.kind, section.level, fields))
    return list(shapes), marks


def _cut(text: str, shapes: list[list[str]], marks: list[Any]) -> Iterator[Section]:
    start = 0
    for length, locator, kind, level, fields in marks:
        cut = text[start : start + length]
        named: Sequence[Field]
        if isinstance(fields, int):
            named = RowFields(shapes[fields], cut[:-1])
        else:
            named = tuple(Field(name, Span(first, last)) for name, first, last in fields)
        yield Section(cut, locator, kind, level, named)
        start += length
