"""A training file in another format: row by row, and nothing lost that was not named before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from src.core.errors import DatasetError, InputFileError
from src.core.jsonl import atomic_writer, dump_line
from src.providers.conversation import Conversation
from src.providers.row_rules import first_error
from src.utils.descriptions import describe_for_llama_factory, read_descriptions
from src.utils.formats.form import Format
from src.utils.formats.losses import MEANINGS, Loss, fit, same_content
from src.utils.formats.registry import detect_format, known_part
from src.utils.formats.row_file import read_file_rows
from src.utils.formats.shape import FormatError
from src.utils.formats.sharegpt import LLAMA_FACTORY

DETECTED_BY: Final = 200
"""Rows at the head of a file by which its format is told."""


class LostRows(NamedTuple):
    """How many rows one loss concerns, and the first of them."""

    loss: Loss
    meaning: str
    rows: int
    first: int
    reason: str = ""


@dataclass(slots=True)
class ConversionReport:
    """What became of the rows of a file; ``read == written + left_out``."""

    source: Format
    target: Format
    read: int = 0
    written: int = 0
    left_out: int = 0
    _first: dict[Loss, tuple[int, str]] = field(default_factory=dict)
    _counts: Counter[Loss] = field(default_factory=Counter)

    def add(self, loss: Loss, number: int, reason: str = "") -> None:
        """One row that ``loss`` concerns."""
        self._counts[loss] += 1
        self._first.setdefault(loss, (number, reason))

    @property
    def losses(self) -> tuple[LostRows, ...]:
        """Every loss, the commonest first."""
        return tuple(
            LostRows(loss, MEANINGS[loss], rows, *self._first[loss]) for loss, rows in self._counts.most_common()
        )


def convert_file(
    path: Path, out: Path | None, target: Format, source: Format | None = None, *, allow_loss: bool = False
) -> ConversionReport:
    """Write the rows of ``path`` to ``out`` in ``target``; ``source`` None: told by its rows. Without ``out`` only the
    report is made: a preview.

    ``out`` appears whole or not at all, for LLaMA-Factory with ``dataset_info.json`` beside it. Raises InputFileError
    for a row that is not of the format it should have, with its number; DatasetError when something would be lost and
    ``allow_loss`` is False, or when nothing is left; StorageError.
    """
    report = ConversionReport(source or detect_file(path), target)
    rows = _convert(path, report)
    if out is None:
        for _row in rows:
            pass
        return report
    if target is LLAMA_FACTORY:
        read_descriptions(out.parent)  # before anything is written
    with atomic_writer(out) as handle:
        for row in rows:
            # after the first loss that nobody allowed, rows are only counted: the error tells of all of them
            if allow_loss or not report.losses:
                handle.write(dump_line(row))
        _refuse(report, allow_loss=allow_loss)
    if target is LLAMA_FACTORY:
        describe_for_llama_factory(out)
    return report


def detect_file(path: Path) -> Format:
    """The format that the first rows of a file have. Raises InputFileError when it is none."""
    try:
        return detect_format(_objects(path, DETECTED_BY))
    except FormatError as error:
        fix = error.fix or "Name the format with --from, or check the file with validate."
        raise InputFileError(f"{path.name}: the format cannot be told: {error}.", fix=fix) from error


def convert_conversations(conversations: Iterable[Conversation], report: ConversionReport) -> Iterator[dict[str, Any]]:
    """The row of each conversation in ``report.target``; what it cannot hold is counted in ``report``."""
    for conversation in conversations:
        report.read += 1
        row = _convert_one(conversation, report)
        if row is None:
            report.left_out += 1
        else:
            report.written += 1
            yield row


def require_no_loss(report: ConversionReport, *, allow_loss: bool) -> None:
    """Raises DatasetError naming every loss, unless they are allowed."""
    if report.losses and not allow_loss:
        told = "; ".join(_tell_loss(lost) for lost in report.losses)
        message = f"{report.target.title} cannot hold all of it: {told}."
        raise DatasetError(message, fix="Add --allow-loss to go ahead, or choose another format.")


def _tell_loss(lost: LostRows) -> str:
    reason = f": {lost.reason}" if lost.reason else ""
    return f"{lost.meaning}{reason} ({lost.rows:,} rows, first row {lost.first})"


def _refuse(report: ConversionReport, *, allow_loss: bool) -> None:
    require_no_loss(report, allow_loss=allow_loss)
    if not report.written:
        raise DatasetError("No row is left to write.", fix="Choose another format, or check the file with validate.")


def _convert(path: Path, report: ConversionReport) -> Iterator[dict[str, Any]]:
    def conversations() -> Iterator[Conversation]:
        for row in read_file_rows(path):
            if row.value is None:
                raise InputFileError(f"{path.name}, row {row.number}: {row.error}.", fix="Mend this row.")
            known = known_part(row.value, report.source)
            if len(known) < len(row.value):
                report.add("keys_dropped", row.number)
            try:
                yield report.source.from_row(known)
            except FormatError as error:
                message = f"{path.name}, row {row.number} is not in the format {report.source.title}: {error}."
                raise InputFileError(
                    message, fix=error.fix or "Mend this row, or name the format with --from."
                ) from error

    return convert_conversations(conversations(), report)


def _convert_one(conversation: Conversation, report: ConversionReport) -> dict[str, Any] | None:
    form, number = report.target, report.read
    fitted = fit(conversation, form)
    for loss in dict.fromkeys(fitted.losses):
        report.add(loss, number, fitted.reason)
    if fitted.conversation is None:
        return None
    try:
        row = form.to_row(fitted.conversation)
        read = form.from_row(row)
        problem = first_error(read, form.rules)
        folded = not {"system_folded", "turns_folded"}.isdisjoint(fitted.losses)
        if problem is None and (folded or same_content(fitted.conversation, read, form.rules)):
            return row
        reason = problem.message if problem else "it would be read back differently"
    except ValueError as error:
        reason = str(error)
    report.add("unfit", number, reason)
    return None


def _objects(path: Path, most: int) -> Iterator[dict[str, Any]]:
    for row in islice(read_file_rows(path), most):
        if row.value is not None:
            yield row.value
