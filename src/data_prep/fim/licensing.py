"""Under which licence each file of a repository stands, and whether code under it may be trained on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from src.data_prep.fim.sources import CodeSource, Listed
from src.data_prep.licences import all_of, is_allowed, spdx_lines, spdx_of_header
from src.data_prep.repository_licence import licence_of_folder, may_say_licence

_HEADER_BYTES: Final = 3_000
_LICENCE_WORDS: Final = (b"licen", b"redistribut", b"permission is hereby")
_COMMENTS: Final = re.compile(
    rb"(?:\s*(?:(?:#|//|--|;|%|!|<\?php).*|/\*(?:(?!\*/)[\s\S])*\*/|<!--(?:(?!-->)[\s\S])*-->"
    rb"|\(\*(?:(?!\*\))[\s\S])*\*\)|\{-(?:(?!-\})[\s\S])*-\}|(?P<q>\"\"\"|''')(?:(?!(?P=q))[\s\S])*(?P=q)))*"
)
"""The comments that a file begins with, in most languages."""
_SPDX: Final = b"spdx-license-identifier"
_GPL_LINE: Final = re.compile(rb"SPDX-License-Identifier:[^\n\r]{0,200}?GPL", re.IGNORECASE)
_ROOT: Final = ""


class Licences:
    """The licences of a source's files: what the header of a file says, else what the nearest folder above it says.

    ``stated`` is what the user says, in place of the licence files; ``copyleft`` allows licences that bind works
    made from the code.
    """

    def __init__(
        self, source: CodeSource, files: Iterable[Listed], *, stated: str = "", copyleft: bool = False
    ) -> None:
        self._stated = stated
        self._copyleft = copyleft
        self._of_folder = {} if stated else _read_licences(source, files)

    @property
    def of_repository(self) -> str:
        """What the root says, or the user; "unknown" for a licence that cannot be told, "" where nothing is said."""
        return self._of_folder.get(_ROOT, self._stated)

    def of_file(self, path: str, data: bytes) -> str:
        """The SPDX expression for one file; "unknown" or "" as above. Every SPDX line counts, wherever it stands."""
        said = _of_head(data[:_HEADER_BYTES]) or self._of_folders_above(path)
        lines = spdx_lines(data.decode("utf-8", "replace")) if _SPDX in data.lower() else []
        return said if said == all_of(lines) else all_of([said, *lines])

    def allows(self, licence: str) -> bool:
        """Whether code under ``licence`` may be used. Code of which nothing is said is taken to be the user's own."""
        return not licence or is_allowed(licence, copyleft=self._copyleft)

    def offers_copyleft(self, data: bytes) -> bool:
        """Whether a file names the GPL in an SPDX line, be it as one of several choices, and none is asked for."""
        return not self._copyleft and _SPDX in data.lower() and bool(_GPL_LINE.search(data))

    def _of_folders_above(self, path: str) -> str:
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self._of_folder:
                return self._of_folder[folder]
        return self._stated


def _of_head(head: bytes) -> str:
    comments = _COMMENTS.match(head)
    block = comments[0] if comments else b""
    if _speaks_of_licences(block) and (said := _of_header(block)):
        return said
    return _of_header(head) if _speaks_of_licences(head[len(block) :]) else ""


def _speaks_of_licences(text: bytes) -> bool:
    lower = text.lower()
    return any(word in lower for word in _LICENCE_WORDS)


@lru_cache(maxsize=256)
def _of_header(head: bytes) -> str:
    """What a header says; the files of a repository mostly begin with the same one."""
    return spdx_of_header(head.decode("utf-8", "replace")) or ""


def _read_licences(source: CodeSource, files: Iterable[Listed]) -> dict[str, str]:
    """The licence of each folder that says one."""
    named = [file for file in files if not file.reason and _may_say_licence(file.path)]
    folders: dict[str, dict[str, str]] = {}
    for file, content in zip(named, source.contents(named), strict=True):
        folder, _, name = file.path.rpartition("/")
        folders.setdefault(folder, {})[name] = (content or b"").decode("utf-8", "replace")
    found = {folder: licence_of_folder(texts) for folder, texts in folders.items()}
    return {folder: licence for folder, licence in found.items() if licence}


def _may_say_licence(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    # the README of a part mostly points to the licence of the whole
    return may_say_licence(name) and not (folder and name.lower().startswith("readme"))
