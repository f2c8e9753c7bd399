"""The files of a job: written anew of what a dataset stores, in the format of the model to be tuned, or given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

from src.core.errors import DatasetError, InputFileError, UsageError
from src.core.specs import ModelLimits
from src.core.types import DatasetRecord, SplitName
from src.persistence.exporters import export_jsonl, jsonl_path
from src.persistence.sqlite_client import Store
from src.providers import load_provider
from src.utils.formatter import format_lines

SIDES: tuple[SplitName, ...] = ("train", "validation")
_MAX_SLUG = 40


class Source(NamedTuple):
    """What is trained on: a stored dataset, or files of the user. ``name`` is what a person calls it."""

    name: str
    record: DatasetRecord | None = None
    train: Path | None = None
    validation: Path | None = None


def find_source(text: str, validation: str, store: Store) -> Source:
    """The dataset or file that ``text`` names. Raises DatasetError, InputFileError, UsageError."""
    path = Path(text).expanduser()
    if path.suffix.lower() != ".jsonl" and not path.is_file():
        if validation:
            raise UsageError(
                "--validation goes with a training file.", fix="Leave it out: a stored dataset brings its own."
            )
        record = store.find(text)
        return Source(record.name, record)
    return Source(path.stem, None, _existing(path), _existing(Path(validation).expanduser()) if validation else None)


def gather_files(source: Source, target: ModelLimits, store: Store, folder: Path) -> dict[SplitName, Path]:
    """The training file and, where there is one, the validation file; those of a stored dataset are written into
    ``folder``. Raises DatasetError for a sample that the model's format cannot hold, StorageError."""
    if source.record is None:
        given = {"train": source.train, "validation": source.validation}
        return {side: path for side in SIDES if (path := given[side]) is not None}
    record = source.record
    rows: dict[str, Iterator[dict[str, Any]]] = {side: _lines(store, record, side, target) for side in SIDES}
    try:
        written = export_jsonl(folder, record.name, rows)
    except ValueError as error:
        raise DatasetError(
            f"Dataset {record.name} cannot be written for {target.title}: {error}.",
            fix="Choose another model, or leave this sample out.",
        ) from error
    for side in SIDES:
        if side not in written:
            jsonl_path(folder, record.name, side).unlink(missing_ok=True)
    if "train" not in written:
        raise DatasetError(f"Dataset {record.name} has no training samples.", fix="Split it anew, or add documents.")
    return {side: written[side] for side in SIDES if side in written}


def slug(name: str) -> str:
    """``name`` as every vendor takes it in the name of a model: lower-case ASCII letters, digits, single hyphens."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_SLUG].rstrip("-") or "dataset"


def _lines(store: Store, record: DatasetRecord, side: SplitName, target: ModelLimits) -> Iterator[dict[str, Any]]:
    provider = load_provider(target.provider)(model=target.id)
    yield from format_lines((row.sample for row in store.side(record.id, side)), provider)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InputFileError(f"There is no file {path}.", fix="Check the path, or name a stored dataset.")
    return path
