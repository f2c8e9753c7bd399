"""What a person is asked about in a review: samples that only just stayed, and pairs that say nearly the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

from src.core.specs import ModelLimits
from src.core.types import OBJECTION, QUALITY_SCORE, Sample
from src.generation.refinement.borderline import find_doubt
from src.library.editing.drafts import Drafts
from src.library.editing.preview import Rows
from src.persistence.models import StoredSample
from src.utils.similarity.exact_join import near_duplicate_clusters
from src.utils.similarity.overlap import jaccard
from src.utils.similarity.shingles import Shingler

NEAR_LIMIT: Final = 0.9
"""Share of the longest example that a model takes from which a sample is nearly too long."""
_ALL_PAIRS: Final = 12
"""Members of a group of similar samples up to which each is put beside each; more are put beside the first one."""


class Item(NamedTuple):
    """One question of a review. ``number`` counts from 0 in the order of the files; ``twin`` is the sample that it is
    like, None where there is none. ``key`` is what a decision about it is noted under."""

    key: str
    why: str
    number: int
    id: str
    twin: int | None = None
    twin_id: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is borderline: a score within ``margin`` of ``score``; texts that are alike from ``alike`` on (Jaccard
    similarity; 0: nobody looks)."""

    score: float = 7.0
    margin: float = 1.0
    alike: float = 0.6


def build_queue(rows: Rows, wanted: Wanted, limits: ModelLimits) -> list[Item]:
    """Everything to be asked: borderline samples in the order of the files, then similar pairs, the most similar first.
    ``rows`` is read twice where pairs are looked for."""
    queue = [
        Item(row.sample.id, why, number, row.sample.id)
        for number, row in enumerate(rows())
        if (why := why_borderline(row, wanted, limits))
    ]
    return [*queue, *(similar_pairs(rows, wanted.alike) if wanted.alike else ())]


def why_borderline(row: StoredSample, wanted: Wanted, limits: ModelLimits) -> str:
    """Why a sample only just stayed; "" for one that nothing speaks against."""
    metadata = row.sample.metadata
    score = metadata.get(QUALITY_SCORE)
    if isinstance(score, int | float) and abs(score - wanted.score) <= wanted.margin:
        return f"its score is {score:g}, near {wanted.score:g}"
    doubt = find_doubt(row.sample, None)
    if doubt is not None:
        return "a check was not sure of it: " + doubt.reason.replace("_", " ")
    if metadata.get(OBJECTION):
        return "a check spoke against it: " + str(metadata[OBJECTION]).replace("_", " ")
    limit = limits.max_example_tokens
    if limit and row.token_length >= NEAR_LIMIT * limit:
        return f"it has {row.token_length:,} of {limit:,} tokens"
    return ""


def similar_pairs(rows: Rows, threshold: float) -> list[Item]:
    """Pairs of samples whose questions and answers are alike from ``threshold`` on. Raises ValueError for a threshold
    that is not in (0, 1]."""
    clusters = near_duplicate_clusters((spoken_text(row.sample) for row in rows()), threshold)
    texts = _rows_at(rows, {number for cluster in clusters for number in cluster})
    shingler = Shingler()
    shingles = {number: shingler.shingles(spoken_text(row.sample)) for number, row in texts.items()}
    found = []
    for cluster in clusters:
        for first, second in _pairs_of(cluster):
            share = jaccard(shingles[first], shingles[second])
            if share >= threshold or len(cluster) > _ALL_PAIRS:
                found.append((share, first, second))
    return [
        make_pair(f"{share:.0%} of the wording is the same", first, texts[first], second, texts[second])
        for share, first, second in sorted(found, key=lambda pair: (-pair[0], pair[1:]))
    ]


def make_pair(why: str, first: int, one: StoredSample, second: int, other: StoredSample) -> Item:
    """The question about two samples."""
    return Item(f"{one.sample.id}+{other.sample.id}", why, first, one.sample.id, second, other.sample.id)


def open_items(queue: Sequence[Item], drafts: Drafts) -> list[Item]:
    """What of a queue is not decided: an item is closed by a decision about it, and a pair also by one that takes away
    or rewrites either of the two."""
    changed = {key for key, decision in drafts.decisions.items() if decision.choice != "keep"}
    return [
        item
        for item in queue
        if item.key not in drafts.decisions and item.id not in changed and item.twin_id not in changed
    ]


def spoken_text(sample: Sample) -> str:
    """What is asked and answered in a sample; system texts, which many share, are left out."""
    return "\n".join(message.content for message in sample.messages if message.role != "system")


def _pairs_of(cluster: Sequence[int]) -> Iterator[tuple[int, int]]:
    if len(cluster) <= _ALL_PAIRS:
        yield from combinations(cluster, 2)
    else:
        yield from ((cluster[0], other) for other in cluster[1:])


def _rows_at(rows: Rows, numbers: set[int]) -> dict[int, StoredSample]:
    return {number: row for number, row in enumerate(rows()) if number in numbers} if numbers else {}
