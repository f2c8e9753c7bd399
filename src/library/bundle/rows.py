"""The rows that leave the library: flat ones for whoever trains, whole ones that lose nothing."""

from __future__ import annotations

from typing import Any, Final

from src.core.names import well_formed
from src.core.types import SplitName
from src.persistence.models import StoredSample, rejected_sample

SIDES: Final[tuple[SplitName, ...]] = ("train", "validation")
COLUMNS: Final = (
    ("id", "string"),
    ("messages", "messages"),
    ("rejected", "string"),
    ("origin", "string"),
    ("source_file", "string"),
    ("locator", "string"),
    ("span_start", "int64"),
    ("span_end", "int64"),
    ("topic_keywords", "strings"),
    ("tokens", "int64"),
)
"""Name and kind of every column of a flat row: the same for every dataset, so that a reader need not guess."""


def flat_row(stored: StoredSample) -> dict[str, Any]:
    """A sample in ``COLUMNS``. ``rejected`` is the worse answer of a preference pair, null for every other sample; the
    span counts characters of the source's text, null where there is none."""
    sample = stored.sample
    start, end = sample.span or (None, None)
    return {
        "id": sample.id,
        "messages": [{"role": turn.role, "content": turn.content} for turn in sample.messages],
        "rejected": sample.rejected or None,
        "origin": sample.origin,
        "source_file": well_formed(sample.source_file),
        "locator": well_formed(sample.locator),
        "span_start": start,
        "span_end": end,
        "topic_keywords": [well_formed(keyword) for keyword in sample.topic_keywords],
        "tokens": stored.token_length,
    }


def whole_row(stored: StoredSample) -> dict[str, Any]:
    """A sample with its id and everything that the library knows of it."""
    return {"id": stored.sample.id, **rejected_sample(stored.sample), "tokens": stored.token_length}
