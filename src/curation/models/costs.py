"""What asking models about a set is expected to cost, said before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from src.core.types import Usage
from src.curation.dedupe_files import plain_file
from src.curation.records import as_pair, read_rows
from src.generation.team import Member

_CHARS_PER_TOKEN: Final = 4


@dataclass(frozen=True, slots=True)
class ModelEstimate:
    """``usd`` is None where a price is not known."""

    requests: int
    usage: Usage
    usd: float | None


def estimate(source: Path, members: Sequence[Member], prompt_chars: int, answer_tokens: int) -> ModelEstimate:
    """One request a row: its texts and ``prompt_chars`` of the prompt, four characters a token. Raises
    InputFileError."""
    rows = characters = 0
    with TemporaryDirectory() as folder:
        for row in read_rows(plain_file(source, Path(folder)), str(source), []):
            rows += 1
            characters += sum(map(len, as_pair(row.value)))
    usage = Usage((characters + rows * prompt_chars) // _CHARS_PER_TOKEN, rows * answer_tokens, estimated=True)
    whole = sum(member.weight for member in members)
    usd: float | None = 0.0
    for member in members:
        cost = member.price.of(usage) if member.price else None
        usd = None if cost is None or usd is None else usd + cost * member.weight / whole
    return ModelEstimate(rows, usage, usd)
