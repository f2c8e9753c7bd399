"""The first pass: every commit with its message and the files it touches, without reading any file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, NamedTuple

from src.data_prep.git_history.paths import PathKind, kind_of
from src.data_prep.git_reading import GitError, GitRepository, split_records

NO_OBJECT: Final = frozenset({"0" * 40, "0" * 64})
"""The id of a file on the side of a change where there is none."""
_FILE_MODES: Final = frozenset({"100644", "100755", "000000"})
"""Plain files, and the side of a change where there is none."""

# Fields end with NUL, which no message can hold: a line of a message that looks like git's own output stays message.
_FIELDS: Final = ("%H", "%P", "%an", "%ae", "%B")
_FORMAT: Final = "%x00".join(_FIELDS) + "%x00"
_SAFE: Final = ("--no-ext-diff", "--no-textconv")
_WITH_CHANGES: Final = ("--raw", "--no-abbrev", "--no-renames")


class Change(NamedTuple):
    """What a commit does to one file; modes and ids as git gives them, ``status`` A, D, M or T. ``marked`` is the kind
    of file that the attributes of the repository say it is, None where they say nothing."""

    old_mode: str
    new_mode: str
    old_id: str
    new_id: str
    status: str
    path: str
    marked: PathKind | None = None

    @property
    def kind(self) -> PathKind:
        """What the file is for."""
        return self.marked or kind_of(self.path)

    @property
    def is_file(self) -> bool:
        """Plain files on both sides, or on the only one: no symbolic link, no submodule."""
        return self.old_mode in _FILE_MODES and self.new_mode in _FILE_MODES


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as the first pass sees it. Of merges git names no changes, of one that is not whole neither."""

    id: str
    parents: tuple[str, ...]
    author: str
    email: str
    message: str
    changes: tuple[Change, ...]
    is_whole: bool = True

    @property
    def subject(self) -> str:
        """The first line of the message that says anything."""
        return self.message.lstrip().partition("\n")[0].strip()

    @property
    def body(self) -> str:
        """What follows the subject."""
        return self.message.lstrip().partition("\n")[2].strip()


def read_commits(repository: GitRepository, revision: str, limit: int | None = None) -> Iterator[Commit]:
    """The commits that ``revision`` can reach, newest first, merges too. One of which a folder's object is missing or
    damaged is not ``is_whole``. Raises GitError where commits themselves are missing."""
    count = () if limit is None else (f"--max-count={limit}",)
    done = 0
    try:
        for commit in _log(repository, *_WITH_CHANGES, *count, "--end-of-options", revision, "--"):
            done += 1
            yield commit
    except GitError:  # git gives up at a missing tree
        ids = repository.run("rev-list", *count, "--end-of-options", revision, "--").decode("ascii").split()
        yield from _read_on(repository, ids[done:])


def _read_on(repository: GitRepository, ids: Sequence[str]) -> Iterator[Commit]:
    """The commits of ``ids`` where git ended at the first of them, or just behind it."""
    while ids:
        try:
            yield from list(_log(repository, *_WITH_CHANGES, "--no-walk", ids[0], "--"))
        except GitError:
            yield from (replace(commit, is_whole=False) for commit in _log(repository, "--no-walk", ids[0], "--"))
        ids = ids[1:]
        done = 0
        try:
            for commit in _log(repository, *_WITH_CHANGES, "--no-walk=unsorted", "--stdin", lines=ids) if ids else ():
                done += 1
                yield commit
        except GitError:
            ids = ids[done:]
        else:
            return


def _log(repository: GitRepository, *arguments: str, lines: Sequence[str] | None = None) -> Iterator[Commit]:
    """What git tells of commits; the last one before it fails may be incomplete and is held back. Raises GitError."""
    command = ("log", "-z", *_SAFE, f"--format={_FORMAT}", *arguments)
    fields: list[bytes] = []
    changes: list[tuple[bytes, bytes]] = []
    with repository.stream(*command, lines=lines) as output:
        records = split_records(output)
        record = next(records, None)
        while record:
            if fields:
                yield _commit(fields, changes)
            fields = [record, *islice(records, len(_FIELDS))]  # one more: the line break that ends a format
            changes = []
            while (record := next(records, None)) is not None and record.lstrip(b"\n").startswith(b":"):
                changes.append((record, next(records, b"")))
    if fields:
        yield _commit(fields, changes)


def count_commits(repository: GitRepository, revision: str) -> int:
    """How many commits ``revision`` can reach."""
    return int(repository.run("rev-list", "--count", "--end-of-options", revision, "--"))


def decode(text: bytes) -> str:
    """Text of a commit: git has brought it to UTF-8 where its header names an encoding, else it is taken as Latin-1,
    which fits every byte."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _commit(fields: Sequence[bytes], changes: Iterable[tuple[bytes, bytes]]) -> Commit:
    identity, parents, author, email, message, *_ = fields
    return Commit(
        identity.decode("ascii"),
        tuple(parents.decode("ascii").split()),
        decode(author),
        decode(email),
        decode(message),
        tuple(_change(facts, path) for facts, path in changes),
    )


def _change(facts: bytes, path: bytes) -> Change:
    old_mode, new_mode, old_id, new_id, status = facts.decode("ascii").lstrip("\n")[1:].split(" ")
    return Change(old_mode, new_mode, old_id, new_id, status[0], path.decode("utf-8", "replace"))
