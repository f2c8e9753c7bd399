"""LLaMA-Factory's ``dataset_info.json``: what the files of rows beside it hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from src.core.errors import InputFileError
from src.core.jsonl import atomic_writer
from src.utils.formats.sharegpt import LLAMA_FACTORY, llama_factory_info

_NAME: Final = "dataset_info.json"


def describe_for_llama_factory(out: Path) -> None:
    """Add the file to the ``dataset_info.json`` beside it, which may describe other files already."""
    _write(out.parent, {**_without_lost(out.parent, read_descriptions(out.parent)), **_entry(out)})


def read_descriptions(folder: Path) -> Mapping[str, Any]:
    """What LLaMA-Factory's ``dataset_info.json`` in a folder describes; nothing where there is none. Raises
    InputFileError where it is no JSON object."""
    path = folder / _NAME
    if not path.exists():
        return {}
    fix = "Mend it, or move it away."
    try:
        known = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise InputFileError(f"{path} is not JSON: {error}.", fix=fix) from error
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror}.", fix=fix) from error
    if not isinstance(known, dict):
        raise InputFileError(f"{path} holds no JSON object.", fix=fix)
    return known


def bring_up_to_date(folder: Path, there: Iterable[Path] = ()) -> None:
    """Drop what ``dataset_info.json`` says of files that were removed or renamed since, and describe those ``there``
    that are LLaMA-Factory's. A description that a person wrote, or changed, stays; so does a file that cannot be read:
    nothing of it is ours to judge. Raises StorageError."""
    try:
        known = read_descriptions(folder)
    except InputFileError:
        return
    wanted = _without_lost(folder, known)
    for path in there:
        if path.name.endswith(f"_{LLAMA_FACTORY.name}.jsonl"):
            wanted |= _entry(path)
    if wanted != known:
        _write(folder, wanted)


def _entry(path: Path) -> dict[str, Any]:
    return {path.stem: llama_factory_info(path.name)}


def _without_lost(folder: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    """``known`` without those descriptions of ours whose file is gone."""
    return {name: value for name, value in known.items() if not _is_lost(folder, name, value)}


def _is_lost(folder: Path, name: str, value: Any) -> bool:
    is_ours = value == llama_factory_info(f"{name}.jsonl")
    return is_ours and not (folder / f"{name}.jsonl").exists()


def _write(folder: Path, content: Mapping[str, Any]) -> None:
    with atomic_writer(folder / _NAME) as handle:
        handle.write(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
