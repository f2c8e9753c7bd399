"""The documents of a run: read several at once within the configured limits, from the cache where it knows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import orjson

from src.core.config import RunConfig
from src.core.errors import ConfigError, InputFileError
from src.core.names import path_inside
from src.core.types import NO_LABEL, DatasetRecord, ProgressEvent, Rejection, SourceDocument
from src.core.wording import is_skipped, of_file
from src.core.workspace import Workspace
from src.persistence.cache import ReadingCache
from src.utils.chunker import make_passages
from src.utils.file_processor import InputFile, find_input_files, read_input_files
from src.utils.keywords import KeywordExtractor
from src.utils.reading.reader import Reader, ReadingLimits

OnEvent = Callable[[ProgressEvent], None]


@dataclass(frozen=True, slots=True)
class Documents:
    """The input files that could be read, and those that could not."""

    documents: tuple[SourceDocument, ...]
    rejections: tuple[Rejection, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line per unreadable file and per remark of a reader."""
        skipped = [is_skipped(rejection.source_file, rejection.detail) for rejection in self.rejections]
        remarks = [of_file(document.name, warning) for document in self.documents for warning in document.warnings]
        return (*skipped, *remarks)


class PassageCounts(NamedTuple):
    """Passages by source file and by first keyword: what a split would divide before there is a dataset."""

    sources: Counter[str]
    keywords: Counter[str]


def count_passages(documents: Documents) -> PassageCounts:
    """The passages that the documents would be cut into."""
    passages = [passage for document in documents.documents for passage in make_passages(document)]
    extractor = KeywordExtractor(passage.text for passage in passages)
    keywords = Counter(next(iter(extractor.keywords(passage.text, 1)), NO_LABEL) for passage in passages)
    return PassageCounts(Counter(passage.source_file for passage in passages), keywords)


def open_reader(config: RunConfig, cache_folder: Path | None = None) -> Reader:
    """A reader with the configured limits. Without ``cache_folder``, or with a cache of 0 MB, it remembers nothing."""
    settings = config.input
    limits = ReadingLimits(settings.file_seconds, settings.file_memory_mb, settings.ocr)
    cached = cache_folder is not None and settings.cache_mb > 0
    return Reader(limits, ReadingCache(cache_folder, settings.cache_mb) if cached and cache_folder else None)


def read_folder(config: RunConfig, workspace: Workspace, on_event: OnEvent) -> Documents:
    """Read the input folder; an unreadable file becomes a rejection. Raises InputFileError when nothing is left,
    except in free mode, which can work from the instructions alone."""
    folder = path_inside(workspace.root, config.input.folder, "input.folder")
    try:
        files = find_input_files(folder, config.input.files, leave_out=workspace.own_folders)
    except InputFileError:
        if config.mode != "free":
            raise
        files = ()
    found = tuple(read_files(files, config, workspace, on_event))
    documents = tuple(item for item in found if isinstance(item, SourceDocument))
    rejections = tuple(item for item in found if isinstance(item, Rejection))
    if not documents and config.mode != "free":
        raise InputFileError(
            f"No file in {config.input.folder}/ can be read: "
            + "; ".join(f"{rejection.source_file}: {rejection.detail}" for rejection in rejections[:3]),
            fix=f"Put readable documents into {config.input.folder}/.",
        )
    return Documents(documents, rejections)


def read_again(record: DatasetRecord, config: RunConfig, workspace: Workspace) -> Iterator[SourceDocument | Rejection]:
    """The documents that a stored dataset was made from, as they are now, one at a time, and from the cache where it
    knows them. A folder that is gone is a rejection: the dataset is none the worse for it."""
    made_with = orjson.loads(record.config).get("input", {})
    name, wanted = made_with.get("folder", config.input.folder), made_with.get("files", ())
    try:
        folder = path_inside(workspace.root, name, "input.folder")
        there = [file for file in wanted if (folder / file).is_file()]
        files = () if wanted and not there else find_input_files(folder, there, leave_out=workspace.own_folders)
    except (ConfigError, InputFileError) as error:
        yield Rejection("unreadable_file", str(error), source_file=name)
        return
    yield from read_files(files, config, workspace, lambda _event: None)


def read_files(
    files: Sequence[InputFile], config: RunConfig, workspace: Workspace, on_event: OnEvent
) -> Iterator[SourceDocument | Rejection]:
    """Read ``files`` in their order; tells of every step, counted in bytes, and of every file that is skipped."""
    done, total, kept, rejected = 0, 0, 0, 0

    def tell(note: str = "") -> None:
        on_event(ProgressEvent("read", done, total, kept=kept, rejected=rejected, note=note, unit="bytes"))

    def count(done_bytes: int, total_bytes: int) -> None:
        nonlocal done, total
        done, total = done_bytes, total_bytes
        tell()

    with open_reader(config, workspace.reading_cache) as reader:
        for item in read_input_files(files, reader, count):
            if isinstance(item, SourceDocument):
                kept += 1
                tell()
            else:
                rejected += 1
                tell(is_skipped(item.source_file, item.detail))
            yield item
