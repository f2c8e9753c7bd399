"""What asking models about a set is expected to cost, said before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from src.core.types import Usage
from src.curation.dedupe_files import plain_file
from src.curation.records import CuratedObject, Parse, as_pair, parse_object, read_span
from src.curation.rows import read_object
from src.curation.sources.shapes import standardise
from src.curation.spans import split_file
from src.generation.team import Member

_CHARS_PER_TOKEN: Final = 4
_SPAN_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelEstimate:
    """``usd`` is None where a price is not known."""

    requests: int
    usage: Usage
    usd: float | None


def parse_raw(line: bytes | None) -> CuratedObject:
    """A line of a set of any known shape as a row. Raises RowError."""
    return standardise(read_object(line), "")


def estimate(
    source: Path, members: Sequence[Member], prompt_chars: int, answer_tokens: int, parse: Parse = parse_object
) -> ModelEstimate:
    """One request a row, as ``parse`` reads it: its texts and ``prompt_chars`` of the prompt, four characters a token.
    Raises InputFileError."""
    rows = characters = 0
    with TemporaryDirectory() as folder:
        for span in split_file(plain_file(source, Path(folder)), str(source), _SPAN_BYTES):
            found = read_span(span, parse).rows
            rows += len(found)
            characters += sum(len(half) for row in found for half in as_pair(row.value))
    usage = Usage((characters + rows * prompt_chars) // _CHARS_PER_TOKEN, rows * answer_tokens, estimated=True)
    whole = sum(member.weight for member in members)
    usd: float | None = 0.0
    for member in members:
        cost = member.price.of(usage) if member.price else None
        usd = None if cost is None or usd is None else usd + cost * member.weight / whole
    return ModelEstimate(rows, usage, usd)
