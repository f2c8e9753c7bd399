"""Git, started so that nothing of a repository that is read can run: no hook, filter, driver, pager or fetch.

A repository names programs in its configuration and attributes, and git starts them even for `git diff`. So objects are
read through an empty git directory of ours, which has a configuration of its own and borrows the objects; only the
names of commits are looked up in the repository itself. The flags and variables below hold even so.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Final, NamedTuple

from src.core.errors import InputFileError, MissingPackageError
from src.core.secrets import environment_without
from src.data_prep.git_folder import EmptyGitFolder

MAX_BLOB_BYTES: Final = 1_000_000
"""Larger files are data or generated: their content is not read."""
_BATCH: Final = 1_000
_START_TIMEOUT_S: Final = 60

# `core.quotePath` keeps line breaks out of the headers of patches; the limits bound what git maps of its packs, which
# counts as its memory.
_SETTINGS: Final = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.quotePath=true",
    "core.packedGitWindowSize=1m",
    "core.packedGitLimit=32m",
    "core.deltaBaseCacheLimit=24m",
    "log.showSignature=false",
    "protocol.allow=never",
)
# The last two stand in for GIT_NO_LAZY_FETCH, which git before 2.45 does not know.
_ENVIRONMENT: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_SSH_COMMAND": "false",
    "LC_ALL": "C",
}


class TreeEntry(NamedTuple):
    """One entry of a tree: ``kind`` is blob, tree, or commit for a submodule. ``size`` in bytes is None where the
    object is missing. Characters of ``path`` that are not UTF-8 are replaced: content is found by ``id``."""

    mode: str
    kind: str
    id: str
    size: int | None
    path: str

    @property
    def is_file(self) -> bool:
        """A plain file: neither a symbolic link nor a submodule."""
        return self.mode in {"100644", "100755"}


class ObjectInfo(NamedTuple):
    """What git knows of an object without reading it; ``kind`` is "" where it is missing."""

    id: str
    kind: str
    size: int


class GitError(InputFileError):
    """A git process ended badly: ``message`` holds the end of what it said."""


class GitRepository:
    """A repository to be read, never written. ``path`` is the folder with ``.git`` or a bare repository.

    Raises InputFileError where there is none, MissingPackageError without git.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.git_dir = find_git_dir(path)
        facts = self._ask("--show-object-format", "--path-format=absolute", "--git-path", "objects")
        object_format, _, objects = os.fsdecode(facts).rstrip("\n").partition("\n")
        shallow = self._ask("--path-format=absolute", "--git-path", "shallow").rstrip(b"\n")
        self._shallow = Path(os.fsdecode(shallow))
        self._empty = EmptyGitFolder(object_format, self._shallow)
        self._variables = {**_environment(), "GIT_OBJECT_DIRECTORY": objects}

    @cached_property
    def shallow_ids(self) -> frozenset[str]:
        """The commits at which the history was cut when the repository was cloned: what came before is not there."""
        return frozenset(self._shallow.read_text(encoding="ascii").split()) if self._shallow.is_file() else frozenset()

    def resolve(self, revision: str = "HEAD") -> str:
        """The id of the commit that ``revision`` names. Raises InputFileError where there is none."""
        if revision.startswith("-"):
            raise InputFileError(f"{revision!r} is no name of a commit.", fix="Names do not begin with a hyphen.")
        try:
            return self._ask("--verify", "--end-of-options", revision).decode("ascii").strip()
        except GitError as error:
            if revision == "HEAD":
                raise InputFileError(
                    f"{self.path} has no commits.", fix="Commit something first, or name another branch."
                ) from error
            raise InputFileError(
                f"{self.path} has no commit {revision!r}.", fix=f"See 'git -C {self.path} branch -a'."
            ) from error

    def run(self, *arguments: str) -> bytes:
        """All that a git command prints. Raises GitError."""
        with self.stream(*arguments) as output:
            return output.read()

    @contextmanager
    def stream(self, *arguments: str, lines: Iterable[str] | None = None) -> Iterator[IO[bytes]]:
        """What a git command prints, to be read as it comes; ``lines`` are what it reads. The process ends with the
        block. Raises GitError when it was read to its end and the process had failed."""
        command = [*_command(self._empty.path), *arguments]
        with tempfile.TemporaryFile() as fed, tempfile.TemporaryFile() as complaints:
            # a file, not a pipe: two full pipes would wait for each other
            fed.writelines(f"{line}\n".encode() for line in lines or ())
            fed.seek(0)
            with _start(command, self._variables, fed, complaints) as process:
                output = process.stdout
                assert output is not None
                try:
                    yield output
                    code = process.wait() if not output.read(1) else 0
                finally:
                    process.kill()
            if code:
                raise _failure(arguments, complaints)

    def tree(self, revision: str, *, recursive: bool = True) -> Iterator[TreeEntry]:
        """The entries of a commit's tree, with the folders walked or as entries. Raises GitError where trees are
        missing."""
        depth = ("-r",) if recursive else ()
        with self.stream("ls-tree", *depth, "-l", "-z", "--full-tree", revision) as output:
            for record in split_records(output):
                facts, _, path = record.partition(b"\t")
                mode, kind, identity, size = facts.decode("ascii").split()
                yield TreeEntry(
                    mode, kind, identity, int(size) if size.isdigit() else None, path.decode("utf-8", "replace")
                )

    def objects(self, ids: Iterable[str]) -> Iterator[ObjectInfo]:
        """Kind and size of objects, in the order of ``ids``; what is missing is said, not fetched."""
        with self.stream("cat-file", "--batch-check", "--buffer", lines=ids) as output:
            for line in output:
                identity, kind, *size = line.decode("ascii").split()
                yield ObjectInfo(identity, kind, int(size[0])) if size else ObjectInfo(identity, "", 0)

    def blobs(self, ids: Iterable[str], max_bytes: int = MAX_BLOB_BYTES) -> Iterator[tuple[str, bytes | None]]:
        """The contents of files, in the order of ``ids``; None where one is missing, damaged, longer than ``max_bytes``
        or no file. Sizes are asked for before anything is read."""
        rest = iter(ids)
        while batch := list(islice(rest, _BATCH)):
            readable = [one.kind == "blob" and one.size <= max_bytes for one in self.objects(batch)]
            wanted = [identity for identity, is_readable in zip(batch, readable, strict=True) if is_readable]
            contents = self.contents(wanted)
            for identity, is_readable in zip(batch, readable, strict=True):
                yield identity, next(contents) if is_readable else None

    def contents(self, ids: Sequence[str]) -> Iterator[bytes | None]:
        """The contents of objects that are known to be of bearable size; None where one is missing or damaged."""
        done = 0
        while done < len(ids):
            try:
                with self.stream("cat-file", "--batch", "--buffer", lines=ids[done:]) as output:
                    for content in _contents(output):
                        done += 1
                        yield content
            except GitError:  # git gives up at a damaged object: go on behind it
                pass
            if done < len(ids):
                done += 1
                yield None

    def _ask(self, *arguments: str) -> bytes:
        """What `rev-parse` says of the repository itself: it reads the configuration and starts nothing."""
        with tempfile.TemporaryFile() as complaints:
            command = [*_command(self.git_dir), "rev-parse", *arguments]
            with _start(command, _environment(), subprocess.DEVNULL, complaints) as process:
                try:
                    answer, _ = process.communicate(timeout=_START_TIMEOUT_S)
                except subprocess.TimeoutExpired as error:
                    process.kill()
                    raise GitError(
                        f"git does not answer in {self.path}.", fix="Look at its .git/config, or clone it anew."
                    ) from error
            if process.returncode:
                raise _failure(("rev-parse",), complaints)
            return bytes(answer)


def find_git_dir(path: Path) -> Path:
    """Where the git directory of the repository at ``path`` lies. Raises InputFileError."""
    if not path.is_dir():
        raise InputFileError(f"{path} is not a folder.", fix="Name the folder of a git repository.")
    found = _git_dir_at(path)
    if found is not None:
        return found
    above = next((folder for folder in path.resolve().parents if _git_dir_at(folder)), None)
    hint = f"It is part of the repository {above}: name that." if above else "Name the folder that holds .git."
    raise InputFileError(f"{path} is not a git repository.", fix=hint)


def _git_dir_at(folder: Path) -> Path | None:
    beside = folder / ".git"
    if beside.is_file():  # a linked work tree or a submodule: one line that says where
        target = beside.read_text(encoding="utf-8", errors="surrogateescape").partition("gitdir:")[2].strip()
        beside = folder / target
    for candidate in (beside, folder):
        if (candidate / "HEAD").is_file() and ((candidate / "objects").is_dir() or (candidate / "commondir").is_file()):
            return candidate
    return None


def split_records(output: IO[bytes], end: bytes = b"\0", chunk: int = 1 << 16) -> Iterator[bytes]:
    """The records of a stream, each closed by ``end``; what stands behind the last one is a record too."""
    rest = b""
    while block := output.read(chunk):
        *records, rest = (rest + block).split(end)
        yield from records
    if rest:
        yield rest


def _contents(output: IO[bytes]) -> Iterator[bytes | None]:
    while header := output.readline():
        words = header.split()
        if len(words) != 3:  # "<id> missing"
            yield None
            continue
        size = int(words[2])
        content = output.read(size + 1)
        if len(content) <= size:
            return  # git died within it
        yield content[:size]


def _command(git_dir: Path) -> list[str]:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "--no-pager", f"--git-dir={git_dir}", *settings]


def _environment() -> dict[str, str]:
    """The variables of this process without those that speak to git, which may come from a hook that started us."""
    return environment_without("GIT_") | _ENVIRONMENT


def _start(
    command: Sequence[str], variables: dict[str, str], fed: IO[bytes] | int, complaints: IO[bytes]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - a list, no shell, and options are ended before names
            command, stdin=fed, stdout=subprocess.PIPE, stderr=complaints, env=variables
        )
    except FileNotFoundError as error:
        raise MissingPackageError("git is not installed.", fix="Install git 2.31 or newer.") from error


def _failure(arguments: Sequence[str], complaints: IO[bytes]) -> GitError:
    complaints.seek(0)
    said = complaints.read()[-500:].decode("utf-8", "replace").strip() or "no reason given"
    return GitError(f"git {arguments[0]}: {said}", fix="Check the repository with 'git fsck', or clone it anew.")
