"""A training file against a model's rules: every line read, checked and counted, with bounded memory."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from src.core.jsonl import Row, open_lines, read_rows
from src.core.specs import ModelLimits
from src.core.types import Issue, ProviderName, TokenCount, ValidationReport
from src.providers.conversation import Conversation
from src.providers.limits import check_size, check_split, check_status, check_volume
from src.providers.lookup import find_model, provider_spec
from src.providers.row_rules import Severity
from src.utils.formats.any_row import AnyRow, recognise_row
from src.utils.formats.form import Format, sentence
from src.utils.formats.registry import formats_of, match_format
from src.utils.formats.shape import FormatError, UncheckedRowError
from src.utils.row_checks import RowCheck, row_key
from src.utils.token_counter import TokenCounter
from src.utils.tokens.templates import Spoken

MAX_ISSUES: Final = 1000
"""Errors that a report lists, and as many warnings; more are counted, so that a file full of mistakes does not fill the
memory."""

_BLOCK: Final = 100
"""Rows that are in memory at a time."""


_NOTHING: Final = TokenCount(0, True)


class _ReadRow(NamedTuple):
    number: int
    row: dict[str, Any]
    form: Format
    conversation: Conversation


class _PlainRow(NamedTuple):
    """A row of roles and texts alone, of which nothing is to be told, but for its length and that it is there twice."""

    row: Row
    form: Format
    said: Sequence[Spoken]
    texts: tuple[str, ...]


class SplitReports(NamedTuple):
    """What a provider would say of a training file and of the validation file beside it."""

    train: ValidationReport
    validation: ValidationReport


def validate_file(path: Path, provider_name: ProviderName, model: str) -> ValidationReport:
    """Check a JSONL training file for ``model`` of ``provider_name``; ``report.ok`` is False when a job would fail.

    Raises InputFileError when the file cannot be read, ConfigError for a model that the provider does not have.
    """
    limits = find_model(provider_name, model)
    return FileCheck(limits).run(path)


def validate_split(path: Path, held_out: Path, provider_name: ProviderName, model: str) -> SplitReports:
    """Check a training file and its validation file together: sizes beside each other, and rows that stand in both.

    Raises InputFileError when one cannot be read, ConfigError for a model that the provider does not have.
    """
    limits = find_model(provider_name, model)
    train = FileCheck(limits)
    train.read(path)
    validation = FileCheck(limits, beside=train)
    validation.read(held_out)
    return SplitReports(train.report(path, held_out=validation.rows), validation.report(held_out))


class FileCheck:
    """The running totals of one file; ``beside`` is the training file, for a validation file."""

    def __init__(self, limits: ModelLimits, *, beside: FileCheck | None = None) -> None:
        self.rows = 0
        self._limits = limits
        self._formats = formats_of(limits)
        self._form = self._formats[0]
        self._beside = beside
        self._rows = RowCheck(limits, TokenCounter(limits.tokenizer))
        self._of_format: Counter[str] = Counter()
        self._tokens = 0
        self._exact = True
        # apart, so that no flood of warnings hides an error
        self._issues: dict[Severity, list[Issue]] = {"error": [], "warning": []}
        self._unlisted: Counter[Severity] = Counter()
        self._foreign: Counter[tuple[str, tuple[ProviderName, ...]]] = Counter()

    def run(self, path: Path) -> ValidationReport:
        """Read and report a file that stands alone."""
        self.read(path)
        return self.report(path)

    def read(self, path: Path) -> None:
        """Check every row. Raises InputFileError."""
        with open_lines(path) as handle:
            if handle.read(len(BOM_UTF8)) == BOM_UTF8:
                message, fix = "The file begins with a byte order mark, which JSON does not allow.", "Remove it: --fix."
                self._add(Issue("error", "bom", message, 1, fix, "", "U+FEFF", "{", "RFC 8259"))
        rows = read_rows(path)
        # block by block: counting alone for a while is faster than counting between other work (caches of the CPU)
        while block := tuple(islice(rows, _BLOCK)):
            self._check_block(block)

    def report(self, path: Path, held_out: int = 0) -> ValidationReport:
        """What was found; ``held_out`` further examples stand in a validation file."""
        total = TokenCount(self._tokens, self._exact)
        volume = check_volume(total, path.stat().st_size, self._limits)
        whole: tuple[Issue, ...] = volume
        if self._beside is None:
            size = check_size(self.rows, self._limits, held_out)
            whole = (*check_status(self._limits), *size, *volume, *check_split(self.rows, held_out, self._limits))
        # a file for another provider is one mistake, not one per row
        listed = sorted((*self._issues["error"], *self._issues["warning"]), key=lambda issue: issue.row)
        of_rows = tuple(self._tell_foreign()) or (*listed, *self._tell_unlisted())
        return ValidationReport(self.rows, *total, (*whole, *self._tell_mixed(), *of_rows))

    def _check_block(self, block: tuple[Row, ...]) -> None:
        self.rows += len(block)
        read = [self._glance(row) or self._read(row) for row in block]
        counts = [self._count_row(item) for item in read]
        for item, counted in zip(read, counts, strict=True):
            if isinstance(item, _PlainRow):
                self._check_plain(item, counted)
            else:
                self._check(item, counted)

    def _count_row(self, item: _PlainRow | _ReadRow | Issue) -> TokenCount:
        if isinstance(item, _PlainRow):
            return self._rows.count_said(item.said)
        return self._rows.count(item.conversation) if isinstance(item, _ReadRow) else _NOTHING

    def _glance(self, row: Row) -> _PlainRow | None:
        """A row that is as nearly all rows are; None: it has to be read."""
        form = self._form
        said = form.glance(row.value) if row.value else None
        texts = self._rows.find_texts(said, form) if said else None
        return _PlainRow(row, form, said, texts) if said and texts else None

    def _read(self, row: Row) -> _ReadRow | Issue:
        """A row in one of the model's formats, or what is wrong with it."""
        if row.value is None:
            fix = "Each line is one JSON object."
            return Issue("error", "invalid_json", sentence(row.error), row.number, fix, "", "", "a JSON object")
        form = self._form if self._form.fits(row.value) else match_format(row.value, self._formats)
        if form is None:
            return self._no_format(row.value, row.number)
        self._form = form
        try:
            return _ReadRow(row.number, row.value, form, form.from_row(row.value))
        except UncheckedRowError as error:
            fix = "Check this row by hand."
            return Issue("warning", "not_checked", sentence(str(error)), row.number, fix, error.where)
        except FormatError as error:
            self._count_foreign(row.value)
            return form.shape_issue(error, row.number)

    def _check_plain(self, item: _PlainRow, counted: TokenCount) -> None:
        if not self._rows.is_short(counted):
            self._check(self._read(item.row), counted)
            return
        self._of_format[item.form.name] += 1
        self._count(counted)
        key = hash(item.texts)
        for issue in self._rows.find_repeat(key, item.row.number):
            self._add(issue)
        if self._beside:
            self._check_leak(self._beside, key, item.row.number)

    def _check(self, item: _ReadRow | Issue, counted: TokenCount) -> None:
        if isinstance(item, Issue):
            self._add(item)
            return
        self._of_format[item.form.name] += 1
        self._count(counted)
        for issue in self._rows.check(item.row, item.conversation, item.form, item.number, counted):
            self._add(issue)
        if self._beside:
            self._check_leak(self._beside, row_key(item.conversation), item.number)

    def _check_leak(self, train: FileCheck, key: int, number: int) -> None:
        known = train._rows.repeats(key)
        if known:
            message = f"The same as row {known} of the training file: the validation would measure what was learnt."
            self._add(Issue("error", "leak", message, number, "Leave it out of one file.", "", f"row {known}"))

    def _no_format(self, row: dict[str, Any], number: int) -> Issue:
        """A row that has the mark of none of the model's formats."""
        allowed = " or ".join(form.title for form in self._formats)
        found = self._count_foreign(row)
        if found is None:
            try:
                self._formats[0].from_row(row)
            except FormatError as error:
                return self._formats[0].shape_issue(error, number)
        title = found.form.title if found else "no known format"
        message = f"The row is in the format {title}; {self._limits.title} is tuned on {allowed}."
        fix = "Leave this row out, or convert the file."
        return Issue("error", "format", message, number, fix, "", title, allowed, self._limits.source)

    def _count_foreign(self, row: dict[str, Any]) -> AnyRow | None:
        """Remember whose format a row has that is not of this model's."""
        try:
            found = recognise_row(row)
        except FormatError:
            return None
        if found.form in self._formats or "\0" in "".join(turn.content for turn in found.conversation.turns):
            return None
        self._foreign[found.form.title, found.providers] += 1
        self._count(self._rows.count(found.conversation))
        return found

    def _count(self, counted: TokenCount) -> None:
        self._tokens += counted.tokens
        self._exact = self._exact and counted.exact

    def _tell_foreign(self) -> Iterator[Issue]:
        """That every row has the format of one other provider."""
        for (title, providers), rows in self._foreign.items():
            if rows == self.rows and self._limits.provider not in providers:
                titles = _listed([provider_spec(name).title for name in providers]) or title
                allowed = provider_spec(self._limits.provider).title
                message = f"This file is in the format of {titles}, not of {allowed}."
                fix = "Convert it: see 'python -m src.main convert --help'."
                if providers:
                    fix = f"Validate it with --provider {_listed(providers)} and --model, or convert it (see convert)."
                yield Issue("error", "other_format", message, 0, fix, "", title, allowed, self._limits.source)

    def _add(self, issue: Issue) -> None:
        listed = self._issues[issue.severity]
        if len(listed) < MAX_ISSUES:
            listed.append(issue)
        else:
            self._unlisted[issue.severity] += 1

    def _tell_mixed(self) -> Iterator[Issue]:
        """One training job takes rows of one format: never conversations beside preference pairs or plain texts."""
        if len(self._of_format) > 1:
            found = ", ".join(f"{rows:,} {name}" for name, rows in self._of_format.most_common())
            message = f"The rows are of more than one format: {found}."
            fix = "Put each format into a file of its own."
            yield Issue("error", "mixed_rows", message, 0, fix, "", found, "one format", self._limits.source)

    def _tell_unlisted(self) -> Iterator[Issue]:
        for severity, count in self._unlisted.items():
            message = f"{count:,} further {severity}s are not listed."
            yield Issue(severity, "more_findings", message, fix="Mend the listed ones and check again.")


def _listed(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
