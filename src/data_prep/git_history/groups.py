"""Which commits belong together: one, what reverts it, what applies it again, and where it was picked to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from src.data_prep.git_history.commits import decode
from src.data_prep.git_history.patches import FilePatch
from src.data_prep.git_reading import GitRepository, split_records

_REFERS = re.compile(
    r"(?:[Tt]his (?:partially )?reverts commit|cherry[- ]picked from commit|[Rr]everts:?)\s+([0-9a-f]{40,64})\b"
)
_WORDS = ("reverts", "cherry picked from", "cherry-picked from")


class Groups:
    """Sets of names that belong together; they grow as links are found."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def join(self, one: str, other: str) -> None:
        """Let two names, and all that belong to them, belong together."""
        first, second = sorted((self.find(one), self.find(other)))
        if first != second:
            self._parents[second] = first

    def find(self, name: str) -> str:
        """The name that stands for all that belong together with ``name``."""
        while (parent := self._parents.get(name)) is not None:
            name = parent
        return name


def read_links(repository: GitRepository, revision: str, groups: Groups) -> None:
    """Join every commit with those that its message says it reverts or was picked from."""
    words = [f"--grep={word}" for word in _WORDS]
    command = ("log", "-z", "-i", "-F", *words, "--format=%H%x00%B%x00", "--end-of-options", revision, "--")
    with repository.stream(*command) as output:
        records = split_records(output)
        for record in records:
            message = decode(next(records))
            next(records, None)  # the end of the format itself
            for found in _REFERS.finditer(message):
                groups.join(record.decode("ascii"), found[1])


def patch_key(files: Iterable[FilePatch]) -> str:
    """A name for what changes, the same for a patch, its reverse and its copy elsewhere: lines count without blanks and
    places, as in `git patch-id`."""
    removed, added = (
        hashlib.sha256("\n".join("".join(line.split()) for file in files for line in getattr(file, side)).encode())
        for side in ("removed", "added")
    )
    return "patch:" + "".join(sorted((removed.hexdigest()[:16], added.hexdigest()[:16])))
