"""What the .gitattributes of a repository say of its files: generated, vendored, documentation, or binary.

Read as gitattributes(5) has it but for macros of one's own (``[attr]``), patterns in quotation marks, and patterns that
begin with ``!``, which git forbids: these lines are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fnmatch import translate
from typing import Final, Literal, NamedTuple

from src.data_prep.git_reading import GitError, GitRepository, TreeEntry

NAME: Final = ".gitattributes"
Mark = Literal["vendored", "generated", "docs", "binary"]

_MARKS: Final[tuple[tuple[str, Mark], ...]] = (
    ("linguist-vendored", "vendored"),
    ("linguist-generated", "generated"),
    ("gitlab-generated", "generated"),
    ("linguist-documentation", "docs"),
)
_NO_DIFF: Final = "diff"
"""git shows no difference of a file whose ``diff`` is unset, as the macro ``binary`` does: it is no text."""
_UNSET: Final = frozenset({"false", "0", "no"})
_ANY_FOLDERS: Final = "**"
_LONGEST_LINE: Final = 2_048
"""git leaves out longer lines too."""


class _Rule(NamedTuple):
    """``parts`` are patterns for folders and name of a file below ``folder``, None for any number of folders."""

    folder: str
    parts: tuple[re.Pattern[str] | None, ...]
    settings: Mapping[str, bool | None]

    def fits(self, path: str) -> bool:
        """Whether the file at ``path`` lies below the rule's folder and is meant by it."""
        last = self.parts[-1]
        if last and not last.match(path[path.rfind("/") + 1 :]):  # nearly always enough
            return False
        return path.startswith(self.folder) and _fits(self.parts, path[len(self.folder) :].split("/"))


class Said(NamedTuple):
    """What is said of a file: the kind it is ``marked`` as, None where nothing is said, and the kinds that it is said
    not to be (``linguist-vendored=false``)."""

    marked: Mark | None
    denied: frozenset[Mark]


class Attributes:
    """The attributes that tell what files are, from all .gitattributes of a repository; most have none, which is
    false."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """``files``: the path of every .gitattributes, and its content."""
        shallow_first = sorted(files, key=lambda path: path.count("/"))
        self._rules = [rule for path in shallow_first for rule in _read_rules(path, files[path])]

    def __bool__(self) -> bool:
        return bool(self._rules)

    def said_of(self, path: str) -> Said:
        """What is said of the file at ``path``."""
        settings = self._settings_of(path)
        marks = {mark: settings[name] for name, mark in reversed(_MARKS) if name in settings}
        is_binary = settings.get(_NO_DIFF) is False
        first = "binary" if is_binary else next((mark for _, mark in _MARKS if marks.get(mark)), None)
        return Said(first, frozenset(mark for mark, is_set in marks.items() if not is_set))

    def _settings_of(self, path: str) -> dict[str, bool]:
        settings: dict[str, bool | None] = {}
        for rule in self._rules:  # later lines and deeper folders win
            if rule.fits(path):
                settings.update(rule.settings)
        return {name: is_set for name, is_set in settings.items() if is_set is not None}


def read_attributes(repository: GitRepository, revision: str) -> Attributes:
    """The attributes of ``repository`` as they stand at ``revision``; of folders whose objects are missing nothing is
    known, as nothing is of the files in them."""
    found: list[TreeEntry] = []
    with suppress(GitError):
        found.extend(entry for entry in repository.tree(revision) if entry.is_file and is_attributes(entry.path))
    contents = repository.blobs(entry.id for entry in found)
    return Attributes({entry.path: content or b"" for entry, (_, content) in zip(found, contents, strict=True)})


def is_attributes(path: str) -> bool:
    """Whether the file at ``path`` is a .gitattributes."""
    return path.rpartition("/")[2] == NAME


def _read_rules(path: str, content: bytes) -> Iterable[_Rule]:
    folder = path.removesuffix(NAME)
    for line in content.decode("utf-8-sig", "replace").splitlines():
        words = line.split()
        if len(words) < 2 or len(line) > _LONGEST_LINE or words[0].startswith(("#", "!", "[attr]", '"')):
            continue
        settings = {name: value for word in words[1:] for name, value in _setting(word)}
        if settings and not words[0].endswith("/"):
            with suppress(re.error):  # a range from z to a
                yield _Rule(folder, tuple(_parts(words[0])), settings)


def _parts(pattern: str) -> Iterator[re.Pattern[str] | None]:
    """A pattern of gitignore(5) in parts. Those of fnmatch never take long."""
    if "/" not in pattern:
        yield None
    parts = pattern.removeprefix("/").split("/")
    for part in [*parts, *(["*"] if parts[-1] == _ANY_FOLDERS else [])]:  # behind the last one there is a file
        yield None if part == _ANY_FOLDERS else re.compile(translate(part.replace("[^", "[!")))


def _fits(parts: Sequence[re.Pattern[str] | None], names: Iterable[str]) -> bool:
    """Whether ``names`` can be divided among ``parts``: all places that may be reached are followed at once."""
    places = _with_skipped({0}, parts)
    for name in names:
        reached = set()
        for place in places:
            if place < len(parts):
                part = parts[place]
                if part is None:
                    reached.add(place)
                elif part.match(name):
                    reached.add(place + 1)
        places = _with_skipped(reached, parts)
    return len(parts) in places


def _with_skipped(places: set[int], parts: Sequence[re.Pattern[str] | None]) -> set[int]:
    """Any number of folders may be none."""
    return places | {place + 1 for place in places if place < len(parts) and parts[place] is None}


def _setting(word: str) -> Iterable[tuple[str, bool | None]]:
    """``name``, ``-name`` or ``name=value`` where it is one that is known; None for ``!name``, which takes back what
    was said before."""
    name, _, value = word.removeprefix("-").removeprefix("!").partition("=")
    is_set = None if word.startswith("!") else not word.startswith("-") and value.lower() not in _UNSET
    if name == "binary":
        return ((_NO_DIFF, None if is_set is None else not is_set),)
    return ((name, is_set),) if name == _NO_DIFF or name in dict(_MARKS) else ()
