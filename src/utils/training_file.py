"""A training file against a model's rules: every line read, checked and counted, with bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

from src.core.jsonl import Row, read_rows
from src.core.types import Issue, ModelLimits, ProviderName, Sample, TokenCount, ValidationReport
from src.providers.limits import check_row, check_size, check_status, check_volume, find_model, provider_spec
from src.utils.formats.any_row import recognise_row
from src.utils.formats.reader import read_training_row
from src.utils.formats.shape import FormatError, UncheckedRowError
from src.utils.sample_checks import content_key, find_bad_character, worse_twin
from src.utils.token_counter import TokenCounter

MAX_ISSUES: Final = 1000
"""Findings that a report lists; more are counted, so that a file full of mistakes does not fill the memory."""

# Whether two turns of one role in a row stop a job: Bedrock and Together say they must alternate, Google and Mistral
# do not say, OpenAI takes any order (context_files/fine_tunable_llms_research.md, section 3).
_NOT_ALTERNATING: Final[dict[ProviderName, Literal["error", "warning"]]] = {
    "anthropic": "error",
    "llama": "error",
    "google": "warning",
    "mistral": "warning",
}


def validate_file(path: Path, provider_name: ProviderName, model: str) -> ValidationReport:
    """Check a JSONL training file for ``model`` of ``provider_name``; ``report.ok`` is False when a job would fail.

    Raises InputFileError when the file cannot be read, ConfigError for a model that the provider does not have.
    """
    limits = find_model(provider_name, model)
    return _FileCheck(limits).run(path)


class _FileCheck:
    """The running totals of one file."""

    def __init__(self, limits: ModelLimits) -> None:
        self._limits = limits
        self._counter = TokenCounter(limits.tokenizer)
        self._rows = 0
        self._pairs = 0
        self._tokens = 0
        self._exact = True
        self._issues: list[Issue] = []
        self._unlisted = 0
        self._unlisted_error = False
        self._first_rows: dict[int, int] = {}
        self._foreign: Counter[tuple[ProviderName, ...]] = Counter()

    def run(self, path: Path) -> ValidationReport:
        for row in read_rows(path):
            self._rows += 1
            for issue in self._check(row):
                self._add(issue)
        size_bytes = path.stat().st_size
        total = TokenCount(self._tokens, self._exact)
        whole = (
            *check_status(self._limits),
            *check_size(self._rows, self._limits),
            *check_volume(total, size_bytes, self._limits),
        )
        # a file for another provider is one mistake, not one per row
        foreign = tuple(self._tell_foreign())
        of_rows = foreign or (*self._issues, *self._tell_unlisted())
        issues = (*whole, *self._tell_mixed(), *of_rows)
        return ValidationReport(self._rows, *total, issues)

    def _check(self, row: Row) -> Iterator[Issue]:
        if row.value is None:
            yield Issue("error", "invalid_json", _sentence(row.error), row.number, "Each line is one JSON object.")
            return
        try:
            sample = read_training_row(self._limits.provider, row.value, self._limits.formats)
        except UncheckedRowError as error:
            yield Issue("warning", "not_checked", _sentence(str(error)), row.number, "Check this row by hand.")
            return
        except FormatError as error:
            self._count_foreign(row.value)
            yield Issue("error", "format", _sentence(str(error)), row.number, error.fix)
            return
        bad_character = find_bad_character(sample)
        if bad_character:
            yield Issue("error", bad_character.reason, bad_character.detail, row.number, "Remove the character.")
        yield from self._check_sample(sample, row.number)

    def _check_sample(self, sample: Sample, number: int) -> Iterator[Issue]:
        counted = self._counter.count_sample(sample)
        self._tokens += counted.tokens
        self._exact = self._exact and counted.exact
        yield from check_row(sample, counted, self._limits, number)
        twin = worse_twin(sample)
        if twin:
            self._pairs += 1
            yield from check_row(twin, self._counter.count_sample(twin), self._limits, number)
        severity = _NOT_ALTERNATING.get(self._limits.provider)
        if severity and _has_neighbours(sample):
            message = "Two turns of the same role follow each other."
            yield Issue(severity, "not_alternating", message, number, "Join them into one turn.")
        first = self._first_rows.setdefault(content_key(sample), number)
        if first != number:
            yield Issue("warning", "duplicate", f"The same as row {first}.", number, "Leave one of them out.")

    def _count_foreign(self, row: dict[str, Any]) -> None:
        """Remember whose format a row has that is not of this provider's."""
        try:
            found = recognise_row(row)
        except FormatError:
            return
        if self._limits.provider in found.providers or find_bad_character(found.sample):
            return
        self._foreign[found.providers] += 1
        counted = self._counter.count_sample(found.sample)
        self._tokens += counted.tokens
        self._exact = self._exact and counted.exact

    def _tell_foreign(self) -> Iterator[Issue]:
        """That every row has the format of one other provider."""
        for providers, rows in self._foreign.items():
            if rows == self._rows:
                titles = _listed([provider_spec(name).title for name in providers])
                message = (
                    f"This file is in the format of {titles}, not of {provider_spec(self._limits.provider).title}."
                )
                fix = (
                    f"Validate it with --provider {_listed(providers)} and --model, or make the dataset for this model."
                )
                yield Issue("error", "other_format", message, fix=fix)

    def _add(self, issue: Issue) -> None:
        if len(self._issues) < MAX_ISSUES:
            self._issues.append(issue)
        else:
            self._unlisted += 1
            self._unlisted_error = self._unlisted_error or issue.severity == "error"

    def _tell_mixed(self) -> Iterator[Issue]:
        """One training job takes conversations or preference pairs, never both."""
        if 0 < self._pairs < self._rows:
            message = f"{self._pairs:,} of {self._rows:,} rows are preference pairs, the others are not."
            yield Issue("error", "mixed_rows", message, fix="Put the pairs into a file of their own.")

    def _tell_unlisted(self) -> Iterator[Issue]:
        if self._unlisted:
            severity: Literal["error", "warning"] = "error" if self._unlisted_error else "warning"
            message = f"{self._unlisted:,} further findings are not listed."
            yield Issue(severity, "more_findings", message, fix="Mend the listed ones and check again.")


def _has_neighbours(sample: Sample) -> bool:
    roles = [message.role for message in sample.messages]
    return any(before == role for before, role in pairwise(roles))


def _listed(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")
