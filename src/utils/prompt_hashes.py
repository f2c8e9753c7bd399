"""The hashes of the prompts that a run uses: what a dataset that was made with another prompt is told by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from src.core.types import Mode
from src.utils.prompt_loader import INSTRUCTIONS

_FOLDERS = ("system", "local")
_OF_MODES = {
    "create": frozenset({"create_mode"}),
    "identify": frozenset({"identify_mode"}),
    "hybrid": frozenset({"hybrid_mode", "identify_mode"}),
    "free": frozenset({"free_mode"}),
}
_SUFFIXES = frozenset({".txt", ".yaml"})


def hash_prompts(prompts: Path, mode: Mode) -> dict[str, str]:
    """The SHA-256 of every prompt that a run in ``mode`` may use, by its path below prompts/. Kinds of line ends do not
    count."""
    return {name: _hash(prompts / name) for name in _names(prompts, mode) if (prompts / name).is_file()}


def _names(prompts: Path, mode: Mode) -> Iterator[str]:
    for folder in _FOLDERS:
        for path in sorted((prompts / folder).rglob("*")):
            if path.suffix in _SUFFIXES and (not path.stem.endswith("_mode") or path.stem in _OF_MODES[mode]):
                yield path.relative_to(prompts).as_posix()
    if mode == "free":
        yield INSTRUCTIONS


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
