"""The frame of a stage: done before or to be done, checked, hashed, and recorded in a manifest that is written last."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from src.core.errors import DatasetError
from src.core.fingerprints import versions
from src.curation.records import read_rows
from src.curation.row_table import RejectedLine
from src.curation.stages.manifest import (
    PACKAGES,
    Cost,
    Counts,
    Manifest,
    file_fact,
    manifest_path,
    read_manifest,
    stage_key,
    write_manifest,
)

Work = Callable[[str], Counts]
"""Writes the output, whole or not at all, and tells what became of the rows. The text is the key of the stage: what a
killed run has left is good for the same key only."""

Check = Callable[[Path, str, Counts], None]
"""Raises DatasetError where what a stage has written is not what it has counted."""


def run_stage(
    stage: str,
    inputs: Sequence[Path],
    out: Path,
    settings: Mapping[str, Any],
    work: Work,
    made_of: Sequence[Path] = (),
    check: Check | None = None,
) -> Manifest:
    """Do ``work`` unless a manifest says that it was done with the same inputs and settings and nothing was changed
    since. What was written is checked, by ``check_rows`` unless there is another ``check``, before the manifest is:
    whoever finds a manifest finds a sound output. The manifest carries on what the inputs have cost, or those of them
    that the output is ``made_of``.

    Raises InputFileError, StorageError, and DatasetError when the output is not sound.
    """
    read = tuple(file_fact(path) for path in inputs)
    key = stage_key(stage, settings, read)
    done = read_manifest(out)
    inherited = _inherited(made_of or inputs)
    if done is not None and done.key == key and _is_unchanged(out.parent, done):
        return _with_inherited(out, done, inherited)
    manifest_path(out).unlink(missing_ok=True)
    began = time.monotonic()
    counts = work(key)
    (check or check_rows)(out, stage, counts)
    written = tuple(file_fact(path) for path in side_files(out) if path.exists())
    seconds = round(time.monotonic() - began, 3)
    manifest = Manifest(stage, key, settings, read, written, counts, seconds, versions(PACKAGES), inherited)
    write_manifest(out, manifest)
    return manifest


def side_files(out: Path) -> tuple[Path, Path, Path]:
    """The output, the rows that a stage took out, and the lines that it could not read."""
    return out, out.with_name(f"{out.stem}_removed.jsonl"), out.with_name(f"{out.stem}_rejected.jsonl")


def check_rows(out: Path, stage: str, counts: Counts) -> None:
    """Raises DatasetError where the output of a stage holds a line that is no row, an id twice, or another number of
    rows than was counted."""
    _check_sum(stage, counts)
    rejected: list[RejectedLine] = []
    found = sum(1 for _ in read_rows(out, str(out), rejected))
    if rejected:
        first = rejected[0]
        raise DatasetError(
            f"{stage} wrote a line that is no row: {out}, line {first.line}: {first.reason}.",
            fix="Check the disk and run again.",
        )
    _check_number(out, stage, counts, found)


def check_lines(out: Path, stage: str, counts: Counts) -> None:
    """The check of a stage whose output are lines of its input as they stood: raises DatasetError where there are more
    or fewer than were counted."""
    _check_sum(stage, counts)
    with out.open("rb") as file:
        _check_number(out, stage, counts, sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")))


def _check_sum(stage: str, counts: Counts) -> None:
    if counts.rows != counts.kept + sum(counts.removed.values()):
        raise DatasetError(f"{stage}: {counts.rows} rows do not add up: {counts}.", fix="This is a defect: report it.")


def _check_number(out: Path, stage: str, counts: Counts, found: int) -> None:
    if found != counts.kept:
        raise DatasetError(
            f"{stage} wrote {found:,} rows to {out}, not {counts.kept:,}.", fix="Check the disk and run again."
        )


def _inherited(inputs: Sequence[Path]) -> dict[str, tuple[Cost, ...]]:
    found: dict[str, tuple[Cost, ...]] = {}
    for path in inputs:
        manifest = read_manifest(path)
        if manifest is not None:
            found.update(manifest.costs_so_far)
    return found


def _with_inherited(out: Path, done: Manifest, inherited: Mapping[str, tuple[Cost, ...]]) -> Manifest:
    """Stages before may have cost more since: the same bytes were made once more."""
    whole = {**done.inherited, **inherited}
    if whole == done.inherited:
        return done
    manifest = replace(done, inherited=whole)
    write_manifest(out, manifest)
    return manifest


def _is_unchanged(folder: Path, manifest: Manifest) -> bool:
    paths = [folder / one.name for one in manifest.outputs]
    return all(path.exists() for path in paths) and tuple(file_fact(path) for path in paths) == manifest.outputs
