"""The manifest of a release bundle: what is in it, byte for byte, and what it was made of and by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from src.core.errors import DatasetError
from src.core.fingerprints import versions
from src.core.types import DatasetRecord
from src.core.workspace import PROGRAM_ROOT
from src.library.bundle.summary import Summary, provenance

MANIFEST: Final = "manifest.json"
IDS: Final = "ids.txt"
KIND: Final = "dataset-builder release bundle"
_REQUIREMENT: Final = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", re.MULTILINE)


class BundleFile(BaseModel):
    """A file of a bundle. ``rows`` is the number of lines of a JSONL file, None for every other one."""

    model_config = ConfigDict(frozen=True, strict=True)
    path: Annotated[str, Field(min_length=1, max_length=1_000)]
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    rows: Annotated[int, Field(ge=0)] | None = None


class BundleDataset(BaseModel):
    """What the check needs to know of the dataset."""

    model_config = ConfigDict(frozen=True)
    name: str
    version: int
    samples: int


class BundleManifest(BaseModel):
    """The parts of a manifest that are checked; everything else in it is for people."""

    model_config = ConfigDict(frozen=True)
    kind: Literal["dataset-builder release bundle"]
    format: Literal[1]
    dataset: BundleDataset
    files: Annotated[tuple[BundleFile, ...], Field(max_length=10_000)]


def write_manifest(
    record: DatasetRecord, former: Sequence[DatasetRecord], summary: Summary, files: Sequence[BundleFile]
) -> bytes:
    """The manifest as indented JSON: the same bytes for the same dataset, program and packages."""
    value = {
        "kind": KIND,
        "format": 1,
        "dataset": {
            "id": record.id,
            "name": record.name,
            "version": record.version,
            "reason": record.reason,
            "author": record.author,
            "content_hash": record.content_hash,
            "provider": record.provider,
            "model": record.model,
            "mode": record.mode,
            "created_at": _moment(record.created_at),
            "finished_at": _moment(record.finished_at),
            "requested": record.requested,
            "proposed": record.proposed,
            "samples": summary.rows,
            "tokens": record.total_tokens,
        },
        "versions_before": [
            {
                "id": one.id,
                "name": one.name,
                "version": one.version,
                "reason": one.reason,
                "author": one.author,
                "content_hash": one.content_hash,
                "created_at": _moment(one.created_at),
                "samples": one.total_samples,
            }
            for one in former
        ],
        "provenance": provenance(record, summary),
        "made_by": _made_by(),
        "files": [one.model_dump(exclude_none=True) for one in files],
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_manifest(content: bytes) -> BundleManifest:
    """The manifest of a bundle that somebody gave us. Raises DatasetError for anything else."""
    try:
        return BundleManifest.model_validate(orjson.loads(content))
    except orjson.JSONDecodeError as error:
        raise DatasetError(f"{MANIFEST} is no JSON: {error.msg}.", fix="Fetch the bundle again.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "it"
        raise DatasetError(
            f"{MANIFEST} is none of this program: {place}: {first['msg']}.",
            fix="Name a bundle that 'bundle' has made; a newer program may write another format.",
        ) from error


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


@cache
def _made_by() -> dict[str, str]:
    """This program, Python, and every installed package that the requirements name, but for the developers' tools."""
    paths = [path for path in sorted(PROGRAM_ROOT.glob("requirements*.txt")) if path.stem != "requirements-dev"]
    names = {name for path in paths for name in _REQUIREMENT.findall(path.read_text(encoding="utf-8"))}
    return versions(sorted(names))
