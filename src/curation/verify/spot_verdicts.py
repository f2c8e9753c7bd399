"""What people have said of the rows that were drawn for them: read from the sheet beside a set."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from src.core.errors import InputFileError


def sheet_stem(source: Path) -> Path:
    """``rows.jsonl`` has its sheet in ``rows_spot_check.csv`` and ``.html`` beside it."""
    name = source.name.removesuffix(".gz")
    return source.with_name(f"{Path(name).stem}_spot_check")


def table_path(stem: Path) -> Path:
    """The sheet as a table."""
    return stem.with_name(f"{stem.name}.csv")


def read_verdicts(path: Path) -> Counter[str]:
    """How often each verdict stands in a sheet, in lower case, "" for rows without one; empty where there is no sheet.
    Raises InputFileError where it cannot be read."""
    if not path.exists():
        return Counter()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return Counter((row.get("verdict") or "").strip().lower() for row in csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFileError(
            f"{path} cannot be read: {error}.", fix="Save it as CSV in UTF-8, or remove it."
        ) from error


def quoted_verdicts(source: Path) -> str:
    """One line on the verdicts in the sheet of a set, "" where there is no sheet. Raises InputFileError where it cannot
    be read."""
    path = table_path(sheet_stem(source))
    if not path.exists():
        return ""
    found = read_verdicts(path)
    kept, dropped, total = found["keep"], found["drop"], found.total()
    return f"Spot checks: {kept} kept, {dropped} dropped, {total - kept - dropped} of {total} without a verdict"
