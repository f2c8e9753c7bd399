"""Which files of a source may be used, and why the others may not."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from src.data_prep.fim.forms import HOLE
from src.data_prep.fim.languages import language_of, may_be_code
from src.data_prep.fim.licensing import Licences
from src.data_prep.fim.sentinels import forbidden_tokens, holds_control
from src.data_prep.fim.source_text import SourceText, read_source
from src.data_prep.fim.sources import CodeSource, Listed
from src.data_prep.fim.types import Candidate, FimSettings
from src.data_prep.fim.unwanted import reason_of_content, reason_of_path, reasons_of_path
from src.data_prep.git_attributes import Attributes, is_attributes
from src.utils.privacy.scan import holds_secret

_SMALLEST: Final = 100
"""Bytes: nothing can be asked about a shorter file."""
_KEY_FORM: Final = re.compile(r"AKIA[0-9A-Z]{16}")
"""The form of an access key of AWS: a file with one is left out even where the key is only an example."""


class Admission:
    """Lets the files of one source in, none twice; ``skipped`` counts the others by their reason."""

    def __init__(self, source: CodeSource, files: list[Listed], settings: FimSettings) -> None:
        self._source = source
        self._forbidden = forbidden_tokens(settings.model, "" if settings.form == "chat" else settings.family)
        self._licences = Licences(source, files, stated=settings.licence, copyleft=settings.copyleft)
        self._attributes = _read_attributes(source, files)
        self._seen: set[bytes] = set()
        self.skipped: Counter[str] = Counter()

    @property
    def licence(self) -> str:
        """What the repository says about its licence, or the user."""
        return self._licences.of_repository

    def named_well(self, files: Iterable[Listed]) -> list[Listed]:
        """The files that are not left out for their names: those worth reading."""
        return [file for file in files if not self._skips(self._reason_of_listed(file))]

    def admitted(self, files: list[Listed]) -> Iterator[Candidate | None]:
        """Each of ``files`` as it is read: ready to be cut, or None where it is left out for its content."""
        for file, content in zip(files, self._source.contents(files), strict=True):
            found = self._admit(file, content)
            if isinstance(found, str):
                self._skips(found)
                yield None
            else:
                yield found

    def _skips(self, reason: str) -> bool:
        if reason:
            self.skipped[reason] += 1
        return bool(reason)

    def _reason_of_listed(self, file: Listed) -> str:
        """Why a file is left out by its name: what the attributes of the repository say counts before our rules."""
        if file.reason or not may_be_code(file.path):
            return file.reason or reason_of_path(file.path) or "not_code"
        said = self._attributes.said_of(file.path)
        if said.marked:
            return "not_code" if said.marked == "docs" else said.marked
        return next((reason for reason in reasons_of_path(file.path) if reason not in said.denied), "")

    def _admit(self, file: Listed, content: bytes | None) -> Candidate | str:
        """The file ready to be cut, or why it is left out. What costs least is asked first."""
        if content is None:
            return "missing"
        language = language_of(file.path, content)
        if language is None:
            return "not_code"
        text = read_source(content)
        if isinstance(text, str):
            return text
        if len(text.data.strip()) < _SMALLEST:
            return "too_small"
        reason = reason_of_content(file.path, text.data, text.longest_line, text.lines)
        if reason:
            return reason
        licence = self._licences.of_file(file.path, text.data)
        if not self._licences.allows(licence) or self._licences.offers_copyleft(text.data):
            return "licence"
        return self._reason_of_text(file, text) or Candidate(file.path, language, text, licence)

    def _reason_of_text(self, file: Listed, text: SourceText) -> str:
        digest = hashlib.sha256(text.data).digest()
        if digest in self._seen:
            return "duplicate"
        self._seen.add(digest)
        written = text.written
        if HOLE in written or holds_control(written, self._forbidden) or holds_control(file.path, self._forbidden):
            return "control_tokens"
        return "secret" if _KEY_FORM.search(written) or holds_secret(written) else ""


def _read_attributes(source: CodeSource, files: Iterable[Listed]) -> Attributes:
    named = [file for file in files if not file.reason and is_attributes(file.path)]
    contents = source.contents(named)
    return Attributes({file.path: content or b"" for file, content in zip(named, contents, strict=True)})
