"""A set in wished shares: of each category, or of each source, the best rows, as many as the shares allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

from xxhash import xxh3_64_intdigest

from src.core.errors import DatasetError, UsageError
from src.core.jsonl import atomic_writer, dump_line
from src.core.types import ProgressEvent
from src.curation.dedupe_files import plain_file, work_folder, write_rejected
from src.curation.records import CuratedObject, as_pair, read_rows, source_of
from src.curation.row_table import RejectedLine
from src.curation.select.categories import classify
from src.curation.stages.frame import side_files
from src.curation.stages.manifest import Counts

Report = Callable[[ProgressEvent], None]
By = Literal["category", "source"]

SEED_MIX: Final = {"general": 50.0, "code": 25.0, "reasoning_math": 15.0, "creative": 6.0, "other": 4.0}
"""Shares in percent of the five categories."""
REST: Final = "*"
"""In a mix: everything that it does not name."""


@dataclass(frozen=True, slots=True)
class Mix:
    """``shares`` are weights by name; ``*`` is everything else, and without it everything else is left out. ``size``
    is how many rows are wished, 0: as many as there can be in exactly these shares. With ``sources``, weights of
    sources in the same way, each of them is to have the shares: a row counts to its name and its source."""

    shares: Mapping[str, float]
    by: By = "category"
    size: int = 0
    sources: Mapping[str, float] = field(default_factory=dict)

    @property
    def weights(self) -> dict[str, Fraction]:
        """What each name, or each name of each source, weighs."""
        own = {name: Fraction(str(weight)) for name, weight in self.shares.items()}
        if not self.sources:
            return own
        of_sources = {name: Fraction(str(weight)) for name, weight in self.sources.items()}
        return {_cell(name, one): own[name] * of_sources[one] for name in own for one in of_sources}


def parse_mix(text: str) -> dict[str, float]:
    """``general=50,code=25`` as weights; ``seed`` is SEED_MIX. Raises UsageError."""
    if text.strip() == "seed":
        return dict(SEED_MIX)
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, separator, number = part.rpartition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = -1.0
        if not separator or not name.strip() or not 0 < weight < float("inf") or name.strip() in shares:
            raise UsageError(
                f"The mix {part.strip()!r} cannot be read.", fix="As in general=50,code=25,*=25; or: seed."
            )
        shares[name.strip()] = weight
    return shares


def plan_mix(available: Mapping[str, int], mix: Mix) -> dict[str, int]:
    """How many rows of each name are taken.

    Without a size, the largest set in which every share is held, to a row; names without any row are left out of it.
    With a size, each share of it, or all that there is. Raises DatasetError when none of the names has a row.
    """
    weights = {name: weight for name, weight in mix.weights.items() if available.get(name)}
    if not weights:
        named = ", ".join(sorted(available)) or "none"
        raise DatasetError("No row has a name of the mix.", fix=f"There are: {named}.")
    whole = sum(weights.values())
    size = Fraction(mix.size) if mix.size else min(available[name] * whole / weights[name] for name in weights)
    return {name: min(available[name], int(size * weights[name] / whole)) for name in weights}


def balance(source: Path, out: Path, mix: Mix, report: Report) -> Counts:
    """Write the rows that the mix takes, in their order; of each name those with the best ``quality_score``, ties by
    the hash of their texts. Raises InputFileError, DatasetError, StorageError."""
    with work_folder(out) as folder:
        plain = plain_file(source, folder)
        rejected: list[RejectedLine] = []
        ranked: dict[str, list[tuple[float, int, int]]] = {}
        for row in read_rows(plain, str(source), rejected):
            ranked.setdefault(_name(row.value, mix), []).append(_rank(row.value, row.line))
        taken = plan_mix({name: len(rows) for name, rows in ranked.items() if name}, mix)
        lines = {line for name, count in taken.items() for _, _, line in sorted(ranked[name])[:count]}
        rows = sum(map(len, ranked.values()))
        _write(plain, out, lines, report)
        write_rejected(side_files(out)[2], rejected)
    removed = {"beyond_the_mix": rows - len(lines)} if rows > len(lines) else {}
    kinds = Counter(one.kind for one in rejected)
    return Counts(rows, len(lines), removed, dict(kinds), facts={"mix": taken})


def _name(row: CuratedObject, mix: Mix) -> str:
    """What of the mix a row counts to; "" for nothing."""
    own = _named(classify(row) if mix.by == "category" else source_of(row), mix.shares)
    if not mix.sources:
        return own
    source = _named(source_of(row), mix.sources)
    return _cell(own, source) if own and source else ""


def _named(own: str, shares: Mapping[str, float]) -> str:
    return own if own in shares else REST if REST in shares else ""


def _cell(name: str, source: str) -> str:
    return f"{name} of {source}"


def _rank(row: CuratedObject, line: int) -> tuple[float, int, int]:
    score = row.get("quality_score")
    return (-score if score is not None else 0.0, xxh3_64_intdigest("\n".join(as_pair(row)).encode()), line)


def _write(plain: Path, out: Path, lines: set[int], report: Report) -> None:
    ignored: list[RejectedLine] = []
    kept_path, removed_path, _ = side_files(out)
    with atomic_writer(kept_path) as kept, atomic_writer(removed_path) as removed:
        for row in read_rows(plain, plain.name, ignored):
            if row.line in lines:
                kept.write(dump_line(row.value))
            else:
                removed.write(dump_line({"reason": "beyond_the_mix", "row": row.value}))
            if row.line % 10_000 == 0:
                report(ProgressEvent("save", row.line, None))
