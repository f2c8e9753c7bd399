"""A release bundle: a version of a dataset with everything that is needed to check, to read and to make it again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO, cast

import orjson

from src.core.errors import DatasetError, StorageError
from src.core.fingerprints import sha256_of
from src.core.jsonl import storage_error, write_jsonl
from src.core.types import DatasetRecord, ProviderName, SplitName
from src.library.bundle.archive import form_of, write_archive
from src.library.bundle.card import Terms, write_card
from src.library.bundle.hub_folder import CARD
from src.library.bundle.manifest import IDS, MANIFEST, BundleFile, write_manifest
from src.library.bundle.rows import SIDES, whole_row
from src.library.bundle.staging import staged_folder
from src.library.bundle.summary import Summary, summarise
from src.persistence.exporters import write_rejected
from src.persistence.sqlite_client import Store
from src.persistence.versions import ancestors
from src.providers import load_provider
from src.utils.formatter import format_lines
from src.utils.prompt_loader import INSTRUCTIONS

DATA: Final = "data"
TRAINING: Final = "training"
_CONFIG: Final = "config.json"
_REJECTED: Final = "rejected.jsonl"
_PROMPTS: Final = "prompts"
_PARTS: Final = frozenset({MANIFEST, IDS, CARD, _CONFIG, _REJECTED, DATA, TRAINING, _PROMPTS})


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written. ``sha256`` is the hash of the manifest: who knows it knows all the others."""

    path: Path
    sha256: str
    files: tuple[BundleFile, ...]
    rows: int


def write_bundle(
    store: Store, record: DatasetRecord, target: Path, terms: Terms, prompts: Path, *, with_rejected: bool = False
) -> Bundle:
    """Write a bundle to ``target``: an archive where its name ends with .zip or .tar.gz, else a folder. An earlier one
    gives way. The same dataset, program and prompts give the same bytes. How many were rejected for which reason is
    always told; ``with_rejected`` also puts them in, with the whole texts of what a person did not want.

    Raises DatasetError for a dataset without samples, or one that its provider's format cannot hold; StorageError.
    """
    summary = summarise(store.samples(record.id))
    if not summary.rows:
        raise DatasetError(f"Dataset {record.name} has no samples.", fix="Add documents and run again.")
    form = form_of(target)
    folder = target if form == "folder" else target.with_name(f"{target.name}.files")
    if form != "folder" and target.is_dir():
        raise StorageError(f"{target} is a folder.", fix="Rename it, or choose another name.")
    with staged_folder(folder, lambda path: path.parts[0] in _PARTS) as part:
        rows = _write_rows(store, record, part)
        if with_rejected:
            rows |= _write_rejected(store, record, part)
        files, digest = _fill(store, record, summary, part, terms, prompts, rows)
    if form != "folder":
        try:
            write_archive(target, form, record.name, folder, [MANIFEST, *(one.path for one in files)])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return Bundle(target, digest, files, summary.rows)


def _fill(
    store: Store,
    record: DatasetRecord,
    summary: Summary,
    folder: Path,
    terms: Terms,
    prompts: Path,
    rows: Mapping[str, int],
) -> tuple[tuple[BundleFile, ...], str]:
    """Write the papers of ``rows`` (by file name) into the folder in which they lie, the manifest last."""
    listed = [{"split": side, "path": f"{DATA}/{side}.jsonl"} for side in SIDES if f"{DATA}/{side}.jsonl" in rows]
    (folder / CARD).write_text(write_card(record, summary, terms, listed, flat=False), encoding="utf-8", newline="\n")
    config = orjson.dumps(orjson.loads(record.config), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    (folder / _CONFIG).write_bytes(config)
    for name in _prompts_of(record, prompts):
        (folder / _PROMPTS / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prompts / name, folder / _PROMPTS / name)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    names.sort(key=lambda name: name != IDS)
    files = tuple(
        BundleFile(
            path=name, bytes=(folder / name).stat().st_size, sha256=sha256_of(folder / name), rows=rows.get(name)
        )
        for name in names
    )
    manifest = folder / MANIFEST
    manifest.write_bytes(write_manifest(record, ancestors(store, record), summary, files))
    return files, sha256_of(manifest)


def _write_rows(store: Store, record: DatasetRecord, folder: Path) -> dict[str, int]:
    """The data whole with the list of its ids, and the same samples in the format of their provider: rows by file name;
    no file is left for a side without any."""
    rows: dict[str, int] = {}
    with (folder / IDS).open("w", encoding="ascii", newline="\n") as ids:
        for side in SIDES:
            whole = f"{DATA}/{side}.jsonl"
            rows[whole] = write_jsonl(folder / whole, _whole_rows(store, record, side, ids))
            training = f"{TRAINING}/{side}.jsonl"
            try:
                rows[training] = write_jsonl(folder / training, _training_rows(store, record, side))
            except ValueError as error:
                raise DatasetError(
                    f"Dataset {record.name} cannot be written for {record.model}: {error}.", fix="Drop that sample."
                ) from error
    for name in [name for name, count in rows.items() if not count]:
        (folder / name).unlink()
        del rows[name]
    return rows


def _write_rejected(store: Store, record: DatasetRecord, folder: Path) -> dict[str, int]:
    rejected = write_rejected(folder / _REJECTED, store.rejections(record.id))
    return {_REJECTED: rejected} if rejected else {}


def _whole_rows(store: Store, record: DatasetRecord, side: SplitName, ids: TextIO) -> Iterator[dict[str, Any]]:
    for stored in store.side(record.id, side):
        row = whole_row(stored)
        ids.write(f"{row['id']}\n")
        yield row


def _training_rows(store: Store, record: DatasetRecord, side: SplitName) -> Iterator[dict[str, Any]]:
    provider = load_provider(cast("ProviderName", record.provider))(model=record.model)
    return format_lines((row.sample for row in store.side(record.id, side)), provider)


def _prompts_of(record: DatasetRecord, prompts: Path) -> list[str]:
    """The prompts that a dataset of this kind is written with, as they are now; none where no model wrote. Raises
    StorageError where they are not there."""
    if not record.run.writer:
        return []
    folders = ["system", *(["local"] if record.run.writer.startswith("local") else [])]
    try:
        found = [path for folder in folders for path in (prompts / folder).rglob("*") if path.is_file()]
    except OSError as error:
        raise storage_error(prompts, error) from error
    names = [path.relative_to(prompts).as_posix() for path in found]
    return sorted([*names, *([INSTRUCTIONS] if record.mode == "free" else [])])
