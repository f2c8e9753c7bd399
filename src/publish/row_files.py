"""The files of the rows of a stored dataset, in the format of its provider; what is left of an earlier split goes."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from src.core.jsonl import dump_line, remove_files
from src.core.types import QUALITY_SCORE, REJECTED, DatasetRecord, Message, ProviderName, Sample, SplitName
from src.dataset_files import SIDES, csv_path
from src.persistence.exporters import export_jsonl, export_lines, jsonl_path, write_csv, write_rejected
from src.persistence.sqlite_client import Store
from src.providers import load_provider
from src.providers.lookup import find_model
from src.providers.training_rows import has_preference_rows
from src.utils.formatter import LineFormatter, format_lines

PREFERENCE_SIDES = tuple(f"{side}_preference" for side in SIDES)


def publish_jsonl(store: Store, record: DatasetRecord, folder: Path) -> dict[str, Path]:
    """Write one JSONL per side that has samples, in the format of the dataset's provider, and beside it one with the
    preference pairs among them: these also stand in the first, with their better answer, which is trained on before.

    A file that an earlier split of the same dataset left for a side that is empty now is removed: its rows stand in
    the other file, and validating on them would leak.
    """
    has_pairs = has_preference_rows(find_model(_provider_name(record), record.model).formats)
    written = export_lines(folder, record.name, _training_lines(store, record, has_pairs=has_pairs))
    remove_unwritten(folder, record.name, (*SIDES, *(PREFERENCE_SIDES if has_pairs else ())), written)
    return {side: written[side] for side in (*SIDES, *PREFERENCE_SIDES) if side in written}


def publish_scored(store: Store, record: DatasetRecord, folder: Path, least: float) -> dict[str, Path]:
    """Write the samples that score ``least`` or more, in the format of the dataset's provider, beside its whole files:
    ``<name>_train_score_<least>.jsonl``. A sample without a score is left out."""

    def is_good(sample: Sample) -> bool:
        score = sample.metadata.get(QUALITY_SCORE)
        return isinstance(score, int | float) and score >= least

    sides = {f"{side}_score_{least:g}": _scored_lines(store, record, side, is_good) for side in SIDES}
    written = export_jsonl(folder, record.name, sides)
    remove_unwritten(folder, record.name, sides, written)
    return written


def publish_csv(store: Store, record: DatasetRecord, folder: Path) -> dict[str, Path]:
    """Write ``<name>.csv`` with one line per sample."""
    path = csv_path(folder, record.name)
    write_csv(path, store.samples(record.id))
    return {"csv": path}


def publish_rejected(store: Store, record: DatasetRecord, folder: Path) -> dict[str, Path]:
    """Write ``<name>_rejected.jsonl``, one line per rejected row with its reason; no file when there is none,
    and an earlier one is removed then."""
    path = jsonl_path(folder, record.name, "rejected")
    if write_rejected(path, store.rejections(record.id)):
        return {"rejected": path}
    remove_files([path])
    return {}


def remove_unwritten(folder: Path, name: str, sides: Iterable[str], written: Container[str]) -> None:
    """Remove the files of those ``sides`` that have no rows now. Raises StorageError."""
    remove_files(jsonl_path(folder, name, side) for side in sides if side not in written)


def _training_lines(store: Store, record: DatasetRecord, *, has_pairs: bool) -> Iterator[tuple[str, bytes]]:
    """Every line of every side, in one pass over the database."""
    provider = load_provider(_provider_name(record))(model=record.model)
    formatter = LineFormatter(provider)
    for roles, texts, side, worse in store.turns(record.id):
        yield side, formatter.line(roles, texts)
        if has_pairs and worse:
            pair = Sample(tuple(map(Message, roles, texts)), origin="generated", metadata={REJECTED: worse})
            yield f"{side}_preference", dump_line(provider.format_preference(pair))


def _scored_lines(
    store: Store, record: DatasetRecord, side: SplitName, wanted: Callable[[Sample], bool]
) -> Iterator[dict[str, Any]]:
    provider = load_provider(_provider_name(record))(model=record.model)
    samples = (row.sample for row in store.side(record.id, side))
    yield from format_lines(filter(wanted, samples), provider)


def _provider_name(record: DatasetRecord) -> ProviderName:
    return cast("ProviderName", record.provider)
