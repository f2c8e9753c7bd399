"""A finished set copied to a folder or a store with its manifest, its report and its card."""

from __future__ import annotations

from pathlib import Path

from src.core.errors import DatasetError
from src.curation.stages.manifest import file_fact, manifest_path, read_manifest
from src.persistence.places import Package, Report, copy_files


def package(source: Path, to: str, report: Report) -> Package:
    """Copy a set and its papers to ``to``; see ``copy_files``, whose errors it raises. Raises DatasetError when the
    set is no longer what its manifest says."""
    return copy_files({path.name: path for path in _checked(source)}, to, report)


def _checked(source: Path) -> list[Path]:
    """The files that belong to a set. Raises DatasetError where the manifest says another hash."""
    manifest = read_manifest(source)
    if manifest is not None:
        said = next((one for one in manifest.outputs if one.name == source.name), None)
        if said != file_fact(source):
            raise DatasetError(
                f"{source} was changed since its manifest was written.", fix="Run curate again, or remove the manifest."
            )
    beside = (manifest_path(source), source.with_name(f"{source.stem}.report.json"), card_path(source))
    return [source, *(path for path in beside if path.exists())]


def card_path(source: Path) -> Path:
    """``rows.jsonl`` has ``rows.card.md`` beside it."""
    return source.with_name(f"{source.stem}.card.md")
