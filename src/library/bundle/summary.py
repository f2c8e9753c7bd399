"""What the papers of a dataset say of it, gathered in one pass over its samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from src.core.types import EDITED, DatasetRecord
from src.generation.gates.language import detect_language
from src.persistence.models import StoredSample
from src.reports.tally import Tally, sum_sides

_JUDGED: Final = 500
"""Samples whose language is looked at: it settles with far fewer."""
_LEAST_SHARE: Final = 0.1
"""Of the samples whose language can be told; a quotation does not make a dataset bilingual."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A dataset in counts. ``languages`` are codes of ISO 639-1, the most frequent first; none where they cannot be
    told. ``edited`` are samples that a person changed, ``pairs`` those with a better and a worse answer."""

    counts: Tally
    languages: tuple[str, ...]
    edited: int
    pairs: int

    @property
    def rows(self) -> int:
        return self.counts.sides.total()

    @property
    def sources(self) -> dict[str, int]:
        """Samples by source file."""
        return dict(sorted(sum_sides(self.counts.sources).items()))


def summarise(rows: Iterable[StoredSample]) -> Summary:
    """Count ``rows``, which are consumed one at a time."""
    counts, languages = Tally(), Counter[str]()
    edited = pairs = 0
    for number, row in enumerate(rows):
        counts.add(row)
        edited += EDITED in row.sample.metadata
        pairs += bool(row.sample.rejected)
        if number < _JUDGED:
            languages[detect_language(row.sample.messages[-1].content).code] += 1
    del languages[""]
    told = languages.total()
    spoken = tuple(code for code, count in languages.most_common() if count >= _LEAST_SHARE * told)
    return Summary(counts, spoken, edited, pairs)


def provenance(record: DatasetRecord, summary: Summary) -> dict[str, Any]:
    """Where the samples come from, in counts that add up to their number, and who wrote them."""
    return {
        "rows": summary.rows,
        "origins": dict(sorted(summary.counts.origins.items())),
        "sources": summary.sources,
        "writer": record.run.writer,
        "edited_by_hand": summary.edited,
        "rejected": dict(sorted(record.rejected.items())),
        "privacy": dict(record.run.privacy),
    }
