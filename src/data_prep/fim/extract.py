"""Fill-in-the-middle rows from the code of one source: files are chosen, spans cut out, windows made to fit."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, NamedTuple

from src.core.jsonl import write_jsonl
from src.core.types import ProgressEvent
from src.data_prep.fim import enry_rules
from src.data_prep.fim.balance import balanced
from src.data_prep.fim.forms import HOLE, Form, FormWriter, Place
from src.data_prep.fim.gauge import Gauge
from src.data_prep.fim.languages import language_of, may_be_code
from src.data_prep.fim.licensing import Licences
from src.data_prep.fim.mix import Mix, kind_of
from src.data_prep.fim.sentinels import DEFAULT_FAMILY, forbidden_tokens, holds_control
from src.data_prep.fim.source_text import SourceText, read_source
from src.data_prep.fim.sources import CodeSource, Listed, open_source
from src.data_prep.fim.spans import LONGEST, Span, SpanPicker
from src.data_prep.fim.syntax import load_parser, parse
from src.data_prep.fim.unwanted import reason_of_content, reason_of_path, reasons_of_path
from src.data_prep.fim.windows import Window, cut_window
from src.data_prep.git_attributes import Attributes, is_attributes
from src.data_prep.languages import Language
from src.data_prep.quality.broken import DEFAULT_MODEL
from src.utils.privacy.scan import holds_secret

_SMALLEST: Final = 100
"""Bytes: nothing can be asked about a shorter file."""
_KEY_FORM: Final = re.compile(r"AKIA[0-9A-Z]{16}")
"""The form of an access key of AWS: a file with one is left out even where the key is only an example."""
_SHRINKS: Final = (1.0, 0.8, 0.6, 0.4, 0.25)
_TELL_EVERY: Final = 20
Tell = Callable[[ProgressEvent], None]


@dataclass(frozen=True, slots=True)
class FimSettings:
    """What a run makes. ``per_file`` is a maximum, ``max_len`` counts tokens of ``model`` for the whole row;
    ``licence`` stands in for what licence files say."""

    per_file: int = 6
    max_len: int = 1600
    form: Form = "chat"
    family: str = DEFAULT_FAMILY
    model: str = DEFAULT_MODEL
    balance: Literal["", "language"] = ""
    seed: int = 42
    licence: str = ""
    copyleft: bool = False


@dataclass(slots=True)
class FimReport:
    """What a run did: ``files`` = ``used`` + the sum of ``skipped``. ``before`` counts rows of each language as they
    were made, ``rows`` as they were written."""

    source: str
    commit: str
    licence: str
    exact: bool
    needs: str
    enry: bool
    files: int = 0
    used: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    too_long: int = 0
    before: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    first: Mapping[str, Any] | None = None


class _Candidate(NamedTuple):
    file: Listed
    language: Language
    text: SourceText
    licence: str


class _Cut(NamedTuple):
    """A span of a text, how many tokens a row of its file has without any code, and whether it can hold all of it."""

    text: SourceText
    span: Span
    around: int
    fits: bool


def extract(path: Path, out: Path, settings: FimSettings, tell: Tell) -> FimReport:
    """Write the rows of the repository or folder at ``path`` to ``out``, whole or not at all.

    Raises InputFileError where there is no code to be read, MissingPackageError without git or the grammars,
    ConfigError, UsageError and StorageError.
    """
    load_parser("python")  # says at once what is missing
    source = open_source(path)
    files = list(source.files())
    maker = _RowMaker(source, files, settings)
    rows: Iterable[dict[str, Any]] = maker.rows(files, tell)
    if settings.balance:
        rows = balanced(rows, settings.seed, maker.report.before)
    write_jsonl(out, _counted(rows, maker.report))
    if not settings.balance:
        maker.report.before = Counter(maker.report.rows)
    return maker.report


def _counted(rows: Iterable[dict[str, Any]], report: FimReport) -> Iterator[dict[str, Any]]:
    for row in rows:
        report.rows[row["meta"]["lang"]] += 1
        report.kinds[row["fim"]["kind"]] += 1
        report.first = report.first or row
        yield row


class _RowMaker:
    """Makes the rows of one source, and counts what it leaves out."""

    def __init__(self, source: CodeSource, files: list[Listed], settings: FimSettings) -> None:
        self._source = source
        self._settings = settings
        self._gauge = Gauge(settings.model, settings.max_len)
        self._writer = FormWriter(settings.form, settings.family)
        self._forbidden = forbidden_tokens(settings.model, "" if self._writer.is_chat else settings.family)
        self._licences = Licences(source, files, stated=settings.licence, copyleft=settings.copyleft)
        self._attributes = _read_attributes(source, files)
        self._mix = Mix()
        self._seen: set[bytes] = set()
        self.report = FimReport(
            source.name,
            source.commit,
            self._licences.of_repository,
            self._gauge.exact,
            self._gauge.needs,
            enry_rules.load_enry() is not None,
            files=len(files),
        )

    def rows(self, files: Iterable[Listed], tell: Tell) -> Iterator[dict[str, Any]]:
        """The rows of every file that may be used, in the order of the files."""
        wanted = [file for file in files if not self._skips(self._reason_of_listed(file))]
        made = 0
        for done, (file, content) in enumerate(zip(wanted, self._source.contents(wanted), strict=True), start=1):
            candidate = self._admit(file, content)
            if isinstance(candidate, str):
                self._skips(candidate)
            else:
                rows = list(self._rows_of(candidate))
                made += len(rows)
                self._count_used(rows)
                yield from rows
            if done % _TELL_EVERY == 0 or done == len(wanted):
                tell(ProgressEvent("files", done, len(wanted), kept=made))

    def _count_used(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.report.used += 1
        else:
            self.report.skipped["no_span"] += 1

    def _skips(self, reason: str) -> bool:
        if reason:
            self.report.skipped[reason] += 1
        return bool(reason)

    def _reason_of_listed(self, file: Listed) -> str:
        """Why a file is left out by its name: what the attributes of the repository say counts before our rules."""
        if file.reason or not may_be_code(file.path):
            return file.reason or reason_of_path(file.path) or "not_code"
        said = self._attributes.said_of(file.path)
        if said.marked:
            return "not_code" if said.marked == "docs" else said.marked
        return next((reason for reason in reasons_of_path(file.path) if reason not in said.denied), "")

    def _admit(self, file: Listed, content: bytes | None) -> _Candidate | str:
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
        return self._reason_of_text(file, text) or _Candidate(file, language, text, licence)

    def _reason_of_text(self, file: Listed, text: SourceText) -> str:
        digest = hashlib.sha256(text.data).digest()
        if digest in self._seen:
            return "duplicate"
        self._seen.add(digest)
        written = text.written
        if HOLE in written or holds_control(written, self._forbidden) or holds_control(file.path, self._forbidden):
            return "control_tokens"
        return "secret" if _KEY_FORM.search(written) or holds_secret(written) else ""

    def _rows_of(self, candidate: _Candidate) -> Iterator[dict[str, Any]]:
        file, language, text, licence = candidate
        rng = Random(f"{self._settings.seed}:{file.path}")  # noqa: S311 - a draw that can be repeated, no secret
        meta = {"path": file.path, "licence": licence or "none stated", "commit": self._source.commit}
        place = Place(file.path, language, f"{self._source.name}:{file.path}", meta)
        around = self._gauge.count_around(self._writer.draft(Window("", "", ""), place, rng))
        budget = self._gauge.budget(around)
        fits = len(text.data) <= budget and self._gauge.fits_surely([text.written], around)
        picker = SpanPicker(text, parse(language.grammar, text.data), min(LONGEST, budget // 2), rng)
        for span in picker.pick(self._settings.per_file, self._mix):
            row = self._row(_Cut(text, span, around, fits), place, rng)
            if row is None:
                self.report.too_long += 1
            else:
                yield row

    def _row(self, cut: _Cut, place: Place, rng: Random) -> dict[str, Any] | None:
        """The row with the widest window that fits; None where not even the lines of the span do."""
        span = cut.span
        spanned = place._replace(meta={**place.meta, "node": span.node}) if span.node else place
        budget = self._gauge.budget(cut.around)
        for share in _SHRINKS:
            window = cut_window(cut.text, span, int(budget * share))
            if window is None:
                return None
            draft = self._writer.draft(window, spanned, rng)
            if cut.fits or self._gauge.fits(draft, window, cut.around):
                return self._writer.row(draft, window, spanned, kind_of(span.wish))
        return None


def _read_attributes(source: CodeSource, files: Iterable[Listed]) -> Attributes:
    named = [file for file in files if not file.reason and is_attributes(file.path)]
    contents = source.contents(named)
    return Attributes({file.path: content or b"" for file, content in zip(named, contents, strict=True)})
