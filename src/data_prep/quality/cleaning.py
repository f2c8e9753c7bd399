"""Files in, rows that can be learned from out: without what is broken, without what repeats another row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from src.core.errors import DatasetError
from src.core.jsonl import atomic_writer, dump_line
from src.core.types import ProgressEvent
from src.data_prep.quality.broken import DEFAULT_MODEL, check_row
from src.data_prep.quality.reading import Line, Origin, id_of, read_conversation, read_lines, spoken
from src.data_prep.quality.shelf import Shelf
from src.data_prep.rows import row_id
from src.utils.similarity.code_text import spell_marks
from src.utils.similarity.exact_join import DUPLICATE_THRESHOLD
from src.utils.similarity.repeats import Example, Repeat, find_repeats

Report = Callable[[ProgressEvent], None]

_REPORT_EVERY: Final = 2_000


@dataclass(frozen=True, slots=True)
class CleaningSettings:
    """``threshold`` is the Jaccard similarity of near-duplicates; ``model`` says which control tokens count."""

    threshold: float = DUPLICATE_THRESHOLD
    model: str = DEFAULT_MODEL


class Reject(NamedTuple):
    """A line that does not stay. ``witness`` is the row that it repeats, where it does."""

    origin: Origin
    id: str
    reason: str
    detail: str = ""
    witness: Origin | None = None
    witness_id: str = ""
    row: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Cleaned:
    """The rows on ``shelf`` that are not broken, where each one stood, and the numbers of those that stay."""

    shelf: Shelf
    origins: list[Origin] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    lines: int = 0

    @property
    def reasons(self) -> dict[str, int]:
        """How many lines were rejected, by reason, the most frequent first."""
        return dict(Counter(reject.reason for reject in self.rejects).most_common())

    def reject(self, number: int, reason: str, detail: str) -> Reject:
        """The row ``number`` as a reject."""
        row = self.shelf.row(number)
        return Reject(self.origins[number], id_of(row), reason, detail, row=row)


def clean(sources: Sequence[Path], shelf: Shelf, settings: CleaningSettings, report: Report) -> Cleaned:
    """Read all files, put what is not broken on ``shelf`` and find the repeats; the first of several stays. A row
    without an id gets the hash of its messages under ``meta.id``.

    Raises InputFileError, DatasetError without a single row, ConfigError for a model of no known family.
    """
    cleaned = Cleaned(shelf)
    for line in read_lines(sources):
        cleaned.lines += 1
        _take(line, cleaned, settings)
        if cleaned.lines % _REPORT_EVERY == 0:
            report(ProgressEvent("rows", cleaned.lines, rejected=len(cleaned.rejects)))
    report(ProgressEvent("rows", cleaned.lines, rejected=len(cleaned.rejects)))
    if not len(shelf):
        names = ", ".join(map(str, sources))
        why = ", ".join(f"{reason} {count}" for reason, count in cleaned.reasons.items()) or "no lines"
        raise DatasetError(
            f"{names}: no row that can be used ({why}).", fix='Name files of rows such as {"messages": [...]}.'
        )
    report(ProgressEvent("compare", 0, len(shelf)))
    repeats = find_repeats(_texts(shelf), lambda number: comparable(shelf.row(number)), settings.threshold)
    cleaned.rejects += [_repeat(cleaned, number, repeat) for number, repeat in repeats.items()]
    cleaned.kept = [number for number in range(len(shelf)) if number not in repeats]
    report(ProgressEvent("compare", len(shelf), len(shelf), rejected=len(cleaned.rejects)))
    return cleaned


def comparable(row: dict[str, Any]) -> Example:
    """The texts of a good row as similarity is measured on them."""
    example = spoken(read_conversation(row))
    return Example(spell_marks(example.text), spell_marks(example.answer))


def write_rejects(path: Path, rejects: Sequence[Reject]) -> None:
    """One line per reject with its reason, and its row where it could be read; no file when there is none. Raises
    StorageError."""
    if not rejects:
        if path.is_file():
            path.unlink()
        return
    with atomic_writer(path) as sink:
        for reject in rejects:
            sink.write(dump_line(_as_object(reject)))


def _texts(shelf: Shelf) -> Iterator[Example]:
    return map(comparable, shelf.rows())


def _take(line: Line, cleaned: Cleaned, settings: CleaningSettings) -> None:
    if line.value is None:
        cleaned.rejects.append(Reject(line.origin, "", "malformed_json", line.error))
        return
    verdict = check_row(line.value, settings.model)
    if verdict.keep:
        cleaned.shelf.put(_with_id(line.value))
        cleaned.origins.append(line.origin)
    else:
        cleaned.rejects.append(Reject(line.origin, id_of(line.value), verdict.reason, verdict.detail, row=line.value))


def _with_id(row: dict[str, Any]) -> dict[str, Any]:
    if id_of(row):
        return row
    meta = row.get("meta")
    known = meta if isinstance(meta, dict) else {}
    return {**row, "meta": {**known, "id": row_id(row["messages"])}}


def _repeat(cleaned: Cleaned, number: int, repeat: Repeat) -> Reject:
    reason = "exact_duplicate" if repeat.exact else "near_duplicate"
    reject = cleaned.reject(number, reason, f"similarity {repeat.similarity:.2f}")
    witness_id = id_of(cleaned.shelf.row(repeat.witness))
    return reject._replace(witness=cleaned.origins[repeat.witness], witness_id=witness_id)


def _as_object(reject: Reject) -> dict[str, Any]:
    found: dict[str, Any] = {"file": reject.origin.file, "line": reject.origin.line, "id": reject.id}
    found |= {"reason": reject.reason, "detail": reject.detail}
    if reject.witness:
        found["duplicate_of"] = {**reject.witness._asdict(), "id": reject.witness_id}
    return {**found, "row": reject.row} if reject.row is not None else found
