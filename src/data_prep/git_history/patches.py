"""The second pass: both versions of the code files that a commit changes, and how they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

from src.data_prep.git_history.commits import NO_OBJECT, Change, Commit
from src.data_prep.git_history.line_diff import Block, changed_blocks
from src.data_prep.git_history.paths import kind_of, language_of
from src.data_prep.git_reading import GitRepository, ObjectInfo
from src.data_prep.languages import Language

MAX_FILE_BYTES: Final = 500_000
"""Larger source files are generated or hold data."""
MISSING: Final = "object_missing"
"""The reason for a commit of which the repository does not hold every object."""
_COMMITS_AT_ONCE: Final = 250
_BYTES_AT_ONCE: Final = 5_000_000
NO_NEWLINE: Final = "\n\\ No newline at end of file"
"""Ends the last line of a file that ends without a line break: as diffs write it, and so that it counts as changed."""
_BINARY_HEAD: Final = 8_000
_ALIKE: Final = 0.5
"""The share of its lines that a file must keep under another name for the two to be one file that moved."""


@dataclass(frozen=True)
class FilePatch:
    """One code file before and after: lines without their ends (the last one says where its end is missing).
    ``old_path`` differs where the file was moved. A side on which there is no file has no lines."""

    path: str
    old_path: str
    old: Sequence[str]
    new: Sequence[str]
    language: Language

    @cached_property
    def blocks(self) -> list[Block]:
        """The lines that differ."""
        return changed_blocks(self.old, self.new)

    @cached_property
    def removed(self) -> list[str]:
        """The lines that only the old version has."""
        return [line for block in self.blocks for line in self.old[block.old_start : block.old_end]]

    @cached_property
    def added(self) -> list[str]:
        """The lines that only the new version has."""
        return [line for block in self.blocks for line in self.new[block.new_start : block.new_end]]


class CommitPatch(NamedTuple):
    """A commit with what it does to its code files. ``reason`` says why there is nothing where a file could not be
    read."""

    commit: Commit
    files: tuple[FilePatch, ...]
    reason: str = ""


@dataclass
class _Batch:
    """Commits whose files fit into memory together."""

    commits: list[Commit] = field(default_factory=list)
    ids: dict[str, None] = field(default_factory=dict)
    size: int = 0


def read_patches(repository: GitRepository, commits: Iterable[Commit]) -> Iterator[CommitPatch]:
    """The code files of ``commits``, in order, without those that are larger than MAX_FILE_BYTES, binary or not UTF-8.
    Where none is left, or an object is missing or damaged, the commit comes with the reason instead."""
    rest = iter(commits)
    while chunk := list(islice(rest, _COMMITS_AT_ONCE)):
        ids = list(dict.fromkeys(identity for commit in chunk for identity in _ids_of(commit)))
        infos = dict(zip(ids, repository.objects(ids), strict=True))
        for batch in _in_batches(chunk, infos):
            wanted = list(batch.ids)
            texts = dict(zip(wanted, map(_lines, repository.contents(wanted)), strict=True))
            for commit in batch.commits:
                yield _patch_of(commit, infos, texts)


def code_changes(commit: Commit) -> list[Change]:
    """The changes of ``commit`` that touch the content of its code."""
    return [
        change
        for change in commit.changes
        if change.old_id != change.new_id and change.is_file and kind_of(change.path) == "code"
    ]


def _ids_of(commit: Commit) -> Iterator[str]:
    for change in code_changes(commit):
        yield from {change.old_id, change.new_id} - NO_OBJECT


def _in_batches(commits: Iterable[Commit], infos: dict[str, ObjectInfo]) -> Iterator[_Batch]:
    batch = _Batch()
    for commit in commits:
        ids = [identity for identity in _ids_of(commit) if _is_readable(infos[identity])]
        batch.commits.append(commit)
        batch.size += sum(infos[identity].size for identity in ids if identity not in batch.ids)
        batch.ids.update(dict.fromkeys(ids))
        if batch.size > _BYTES_AT_ONCE:
            yield batch
            batch = _Batch()
    yield batch


def _is_readable(info: ObjectInfo) -> bool:
    return info.kind == "blob" and info.size <= MAX_FILE_BYTES


def _lines(content: bytes | None) -> Sequence[str] | str:
    """The lines of a file, or why there are none. The ends of lines are ``\\n`` whatever they were."""
    if content is None:
        return MISSING
    if b"\0" in content[:_BINARY_HEAD]:
        return "binary"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "not_utf8"
    if not text:
        return ()
    lines = (text.replace("\r\n", "\n") if "\r" in text else text).split("\n")
    if lines[-1]:
        lines[-1] += NO_NEWLINE
    else:
        lines.pop()
    return lines


def _patch_of(commit: Commit, infos: dict[str, ObjectInfo], texts: dict[str, Sequence[str] | str]) -> CommitPatch:
    """A file that is no text is left out, a commit of which an object is missing is not half read."""
    files, reasons = [], []
    for change in code_changes(commit):
        sides = [_side(identity, infos, texts) for identity in (change.old_id, change.new_id)]
        unread = [side for side in sides if isinstance(side, str)]
        reasons += unread
        if not unread:
            files.append(_file_patch(change, *sides))
    if MISSING in reasons:
        return CommitPatch(commit, (), MISSING)
    kept = tuple(file for file in _join_moved(files) if file.blocks)
    return CommitPatch(commit, kept, reasons[0] if reasons and not kept else "")


def _side(identity: str, infos: dict[str, ObjectInfo], texts: dict[str, Sequence[str] | str]) -> Sequence[str] | str:
    """The lines of one version of a file, or why there are none."""
    if identity in NO_OBJECT:
        return ()
    return texts[identity] if identity in texts else _unread(infos[identity])


def _unread(info: ObjectInfo) -> str:
    """Why an object was not read."""
    if info.kind != "blob":
        return MISSING
    return "file_too_large" if info.size > MAX_FILE_BYTES else MISSING


def _file_patch(change: Change, old: Sequence[str], new: Sequence[str]) -> FilePatch:
    language = language_of(change.path)
    assert language is not None
    return FilePatch(change.path, change.path, old, new, language)


def _join_moved(files: list[FilePatch]) -> list[FilePatch]:
    """A file that is gone and one that is new and mostly the same as one file that moved."""
    gone = [file for file in files if file.old and not file.new]
    joined = []
    for file in files:
        source = next((one for one in gone if not file.old and _is_alike(one.old, file.new)), None)
        if source:
            gone.remove(source)
            file = FilePatch(file.path, source.path, source.old, file.new, file.language)  # noqa: PLW2901
        joined.append(file)
    moved = {file.old_path for file in joined if file.old_path != file.path}
    return [file for file in joined if not (file.path in moved and not file.new)]


def _is_alike(old: Sequence[str], new: Sequence[str]) -> bool:
    common = (Counter(old) & Counter(new)).total()
    return common >= _ALIKE * max(len(old), len(new))
