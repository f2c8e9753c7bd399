"""What people have said of the rows that were drawn for them: read from the sheet beside a set."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from src.core.errors import InputFileError


def sheet_stem(source: Path) -> Path:
    """``rows.jsonl`` has its sheet in ``rows_spot_check.csv`` and ``.html`` beside it."""
    return source.with_name(f"{source.name.partition('.')[0]}_spot_check")


def quoted_verdicts(source: Path) -> str:
    """One line on the verdicts in the sheet of a set, "" where there is no sheet. Raises InputFileError where it cannot
    be read."""
    path = sheet_stem(source).with_suffix(".csv")
    if not path.exists():
        return ""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = Counter((row.get("verdict") or "").strip().lower() for row in csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFileError(
            f"{path} cannot be read: {error}.", fix="Save it as CSV in UTF-8, or remove it."
        ) from error
    kept, dropped, total = found["keep"], found["drop"], found.total()
    return f"Spot checks: {kept} kept, {dropped} dropped, {total - kept - dropped} of {total} without a verdict"
