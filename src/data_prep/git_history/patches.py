"""The second pass: both versions of the code files that a commit changes, and how they differ."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

from src.data_prep.git_history.commits import NO_OBJECT, Change, Commit
from src.data_prep.git_history.file_text import ChangedPart, changed_part, lines_of
from src.data_prep.git_history.line_diff import Block, changed_blocks
from src.data_prep.git_history.paths import language_of
from src.data_prep.git_reading import GitRepository, ObjectInfo
from src.data_prep.languages import Language

MAX_FILE_BYTES: Final = 500_000
"""Larger source files are generated or hold data."""
MISSING: Final = "object_missing"
"""The reason for a commit of which the repository does not hold every object."""
_COMMITS_AT_ONCE: Final = 1_000
_BYTES_AT_ONCE: Final = 5_000_000
_BINARY_HEAD: Final = 8_000
_ALIKE: Final = 0.5
"""The share of its lines that a file must keep under another name for the two to be one file that moved."""


@dataclass(frozen=True)
class FilePatch:
    """One code file before and after, in UTF-8 and with ``\\n`` at the ends of lines. ``old_path`` differs where the
    file was moved. A side on which there is no file is empty."""

    path: str
    old_path: str
    old_data: bytes
    new_data: bytes
    language: Language

    @cached_property
    def old(self) -> list[str]:
        """The lines before, without their ends (the last one says where its end is missing)."""
        return lines_of(self.old_data)

    @cached_property
    def new(self) -> list[str]:
        """The lines after, likewise."""
        return lines_of(self.new_data)

    @cached_property
    def _part(self) -> ChangedPart:
        return changed_part(self.old_data, self.new_data)

    @cached_property
    def blocks(self) -> list[Block]:
        """The lines that differ."""
        first, old, new = self._part
        return [Block(*(line + first for line in block)) for block in changed_blocks(old, new)]

    @cached_property
    def removed(self) -> list[str]:
        """The lines that only the old version has."""
        first, old, _ = self._part
        return [line for block in self.blocks for line in old[block.old_start - first : block.old_end - first]]

    @cached_property
    def added(self) -> list[str]:
        """The lines that only the new version has."""
        first, _, new = self._part
        return [line for block in self.blocks for line in new[block.new_start - first : block.new_end - first]]


class CommitPatch(NamedTuple):
    """A commit with what it does to its code files. ``reason`` says why there is nothing where a file could not be
    read."""

    commit: Commit
    files: tuple[FilePatch, ...]
    reason: str = ""


class _Work(NamedTuple):
    """A commit and the changes of it that are read."""

    commit: Commit
    changes: list[Change]

    def ids(self) -> Iterator[str]:
        """The versions of its files."""
        for change in self.changes:
            yield from {change.old_id, change.new_id} - NO_OBJECT


@dataclass
class _Batch:
    """Commits whose files fit into memory together."""

    works: list[_Work] = field(default_factory=list)
    ids: dict[str, None] = field(default_factory=dict)
    size: int = 0


class _Read(NamedTuple):
    """Commits with what git knows of the files of their chunk, and the texts of theirs by id."""

    works: list[_Work]
    infos: dict[str, ObjectInfo]
    texts: dict[str, bytes | str]


def read_patches(repository: GitRepository, commits: Iterable[Commit]) -> Iterator[CommitPatch]:
    """The code files of ``commits``, in order, without those that are larger than MAX_FILE_BYTES, binary or not UTF-8.
    Where none is left, or an object is missing or damaged, the commit comes with the reason instead."""
    rest = iter(commits)
    while chunk := [_Work(commit, code_changes(commit)) for commit in islice(rest, _COMMITS_AT_ONCE)]:
        for read in _made_ahead(_read(repository, chunk)):
            for work in read.works:
                yield _patch_of(work, read.infos, read.texts)


def _read(repository: GitRepository, chunk: Sequence[_Work]) -> Generator[_Read, None, None]:
    ids = list(dict.fromkeys(identity for work in chunk for identity in work.ids()))
    infos = dict(zip(ids, repository.objects(ids), strict=True))
    batches = list(_in_batches(chunk, infos))
    # one process for all: what git unpacks for a version it needs for the next one too
    texts = map(_text, repository.contents([identity for batch in batches for identity in batch.ids]))
    for batch in batches:
        yield _Read(batch.works, infos, dict(zip(batch.ids, texts, strict=False)))


def _made_ahead(items: Generator[_Read, None, None]) -> Iterator[_Read]:
    """``items``, each made in a thread while the one before it is worked on: git reads meanwhile."""
    with closing(items), ThreadPoolExecutor(max_workers=1) as maker:
        following = maker.submit(next, items, None)
        while (item := following.result()) is not None:
            following = maker.submit(next, items, None)
            yield item


def code_changes(commit: Commit) -> list[Change]:
    """The changes of ``commit`` that touch the content of its code."""
    return [
        change
        for change in commit.changes
        if change.old_id != change.new_id and change.is_file and change.kind == "code"
    ]


def _in_batches(works: Iterable[_Work], infos: dict[str, ObjectInfo]) -> Iterator[_Batch]:
    batch = _Batch()
    for work in works:
        ids = [identity for identity in work.ids() if _is_readable(infos[identity])]
        batch.works.append(work)
        batch.size += sum(infos[identity].size for identity in ids if identity not in batch.ids)
        batch.ids.update(dict.fromkeys(ids))
        if batch.size > _BYTES_AT_ONCE:
            yield batch
            batch = _Batch()
    yield batch


def _is_readable(info: ObjectInfo) -> bool:
    return info.kind == "blob" and info.size <= MAX_FILE_BYTES


def _text(content: bytes | None) -> bytes | str:
    """The text of a file, or why there is none. The ends of lines are ``\\n`` whatever they were."""
    if content is None:
        return MISSING
    if b"\0" in content[:_BINARY_HEAD]:
        return "binary"
    try:
        content.isascii() or content.decode("utf-8")
    except UnicodeDecodeError:
        return "not_utf8"
    text = content.removeprefix(codecs.BOM_UTF8)
    return text.replace(b"\r\n", b"\n") if b"\r" in text else text  # one byte is looked for ten times faster


def _patch_of(work: _Work, infos: dict[str, ObjectInfo], texts: dict[str, bytes | str]) -> CommitPatch:
    """A file that is no text is left out, a commit of which an object is missing is not half read."""
    files, reasons = [], []
    for change in work.changes:
        old, new = (_side(identity, infos, texts) for identity in (change.old_id, change.new_id))
        if isinstance(old, bytes) and isinstance(new, bytes):
            files.append(_file_patch(change, old, new))
        else:
            reasons += [side for side in (old, new) if isinstance(side, str)]
    if MISSING in reasons:
        return CommitPatch(work.commit, (), MISSING)
    kept = tuple(file for file in _join_moved(files) if file.blocks)
    return CommitPatch(work.commit, kept, reasons[0] if reasons and not kept else "")


def _side(identity: str, infos: dict[str, ObjectInfo], texts: dict[str, bytes | str]) -> bytes | str:
    """The text of one version of a file, or why there is none."""
    if identity in NO_OBJECT:
        return b""
    return texts[identity] if identity in texts else _unread(infos[identity])


def _unread(info: ObjectInfo) -> str:
    """Why an object was not read."""
    if info.kind != "blob":
        return MISSING
    return "file_too_large" if info.size > MAX_FILE_BYTES else MISSING


def _file_patch(change: Change, old: bytes, new: bytes) -> FilePatch:
    language = language_of(change.path)
    assert language is not None
    return FilePatch(change.path, change.path, old, new, language)


def _join_moved(files: list[FilePatch]) -> list[FilePatch]:
    """A file that is gone and one that is new and mostly the same as one file that moved."""
    gone = [file for file in files if file.old_data and not file.new_data]
    joined = []
    for file in files:
        source = next((one for one in gone if not file.old_data and _is_alike(one.old, file.new)), None)
        if source:
            gone.remove(source)
            file = FilePatch(file.path, source.path, source.old_data, file.new_data, file.language)  # noqa: PLW2901
        joined.append(file)
    moved = {file.old_path for file in joined if file.old_path != file.path}
    return [file for file in joined if not (file.path in moved and not file.new_data)]


def _is_alike(old: Sequence[str], new: Sequence[str]) -> bool:
    common = (Counter(old) & Counter(new)).total()
    return common >= _ALIKE * max(len(old), len(new))
