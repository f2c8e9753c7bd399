"""Which model wrote an answer, as far as its row tells."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from src.curation.records import CuratedObject, source_of

UNKNOWN: Final = ""
"""A row that does not tell; such rows never count as a teacher."""
_PARTS: Final = re.compile(r"[-_ :.]+")
_VERSION: Final = re.compile(r"[va]?\d[0-9a-z]{0,7}")


def teacher_of(row: CuratedObject) -> str:
    """The ``teacher`` of a row. A ``source`` is mostly a set or a file, with answers of anyone: it is the teacher only
    where it is the name of a model, or of a set that is known to have one teacher. Else UNKNOWN."""
    return row.get("teacher") or _named_by(source_of(row))


@lru_cache(maxsize=4096)
def _named_by(source: str) -> str:
    known = _known()
    name = source.rpartition("/")[2].lower()
    teacher: str | None = known["sets"].get(name)
    if teacher:
        return teacher
    family = next((one for one in known["families"] if name.startswith(one)), None)
    if family is None:
        return UNKNOWN
    rest = [part for part in _PARTS.split(name.removeprefix(family)) if part]
    is_model = all(part in known["words"] or _VERSION.fullmatch(part) for part in rest)
    return source if is_model else UNKNOWN


@cache
def _known() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("teachers.yaml").read_text("utf-8"))
    return content
