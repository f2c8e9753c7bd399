"""The record of a stage beside its output: hashes, counts, seconds, versions and costs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
from xxhash import xxh3_128

from src import VERSION
from src.core.errors import InputFileError
from src.core.jsonl import atomic_writer

_BLOCK: Final = 1 << 20
PACKAGES: Final = ("orjson", "numpy", "numba", "xxhash", "tiktoken")
"""The packages whose version may show in a result."""


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file as it was read or written. The hash tells changes; it takes a hundredth of the time of SHA-256, which
    stands beside what leaves this machine (``package``) or has come to it (``download``)."""

    name: str
    bytes: int
    xxh3_128: str


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the cost table: what was done, by whom, for how many USD (None: no price is known), tokens and
    answers of models."""

    component: str
    provider: str
    usd: float | None
    notes: str = ""
    tokens: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a stage: ``rows`` = ``kept`` + the sum of ``removed``; ``rejected`` are lines that
    are no rows. ``facts`` is what else the stage found out."""

    rows: int
    kept: int
    removed: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    costs: tuple[Cost, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """``key`` is the hash of all that the output depends on: stage, program, settings, inputs. ``inherited`` is what
    the stages before have cost, by their keys: what two inputs have in common was paid once."""

    stage: str
    key: str
    settings: Mapping[str, Any]
    inputs: tuple[FileFact, ...]
    outputs: tuple[FileFact, ...]
    counts: Counts
    seconds: float
    versions: Mapping[str, str]
    inherited: Mapping[str, tuple[Cost, ...]] = field(default_factory=dict)

    @property
    def costs_so_far(self) -> dict[str, tuple[Cost, ...]]:
        """What all stages up to this one have cost, by their keys."""
        own = {self.key: self.counts.costs} if self.counts.costs else {}
        return {**self.inherited, **own}


def manifest_path(out: Path) -> Path:
    """``rows.jsonl`` has ``rows.manifest.json`` beside it."""
    return out.with_name(f"{out.stem}.manifest.json")


def file_fact(path: Path) -> FileFact:
    """The size and the hash of a file. Raises InputFileError."""
    digest = xxh3_128()
    size = 0
    for block in _blocks(path):
        digest.update(block)
        size += len(block)
    return FileFact(path.name, size, digest.hexdigest())


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror}.", fix="Check the path.") from error


def stage_key(stage: str, settings: Mapping[str, Any], inputs: Sequence[FileFact]) -> str:
    """The same for the same work: names of files do not count, what they hold does."""
    asked = {"stage": stage, "program": VERSION, "settings": settings, "inputs": [one.xxh3_128 for one in inputs]}
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()


def write_manifest(out: Path, manifest: Manifest) -> Path:
    """Write the manifest of ``out`` beside it. Raises StorageError."""
    return write_facts(manifest_path(out), asdict(manifest))


def write_facts(path: Path, facts: Mapping[str, Any]) -> Path:
    """Write an object as indented JSON, whole or not at all. Raises StorageError."""
    with atomic_writer(path) as file:
        file.write(orjson.dumps(facts, option=orjson.OPT_INDENT_2) + b"\n")
    return path


def read_manifest(out: Path) -> Manifest | None:
    """The manifest of ``out``; None where there is none that this program has written."""
    try:
        found = orjson.loads(manifest_path(out).read_bytes())
        counts = found["counts"]
        return Manifest(
            found["stage"],
            found["key"],
            found["settings"],
            tuple(FileFact(**one) for one in found["inputs"]),
            tuple(FileFact(**one) for one in found["outputs"]),
            Counts(**{**counts, "costs": _read_costs(counts["costs"])}),
            found["seconds"],
            found["versions"],
            {key: _read_costs(costs) for key, costs in found.get("inherited", {}).items()},
        )
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return None  # the stage is done again


def _read_costs(found: Sequence[Mapping[str, Any]]) -> tuple[Cost, ...]:
    return tuple(Cost(**one) for one in found)
