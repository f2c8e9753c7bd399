"""Which samples must stay on one side of a split, because one would give the other away."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from src.core.types import Sample
from src.utils.similarity.exact_join import near_duplicate_clusters
from src.utils.similarity.union_find import UnionFind


def group_samples(samples: Sequence[Sample]) -> list[list[Sample]]:
    """The samples in groups that must not be torn: the same ``group`` name, the same passage of a source, or
    near-duplicates of each other, and whatever these connect.

    Sorted by content, so that the order of ``samples`` does not show in the result.
    """
    ordered = sorted(samples, key=_sort_key)
    together = UnionFind(len(ordered))
    for sharing in (_by_group(ordered), _by_passage(ordered), near_duplicate_clusters(map(_spoken_text, ordered))):
        for members in sharing:
            for member in members[1:]:
                together.union(members[0], member)
    return [[ordered[number] for number in group] for group in together.groups()]


def _sort_key(sample: Sample) -> tuple[str, str, str, tuple[int, int], str, tuple[str, ...]]:
    span = (sample.span.start, sample.span.end) if sample.span else (-1, -1)
    return (sample.id, sample.source_file, sample.group, span, sample.locator, sample.topic_keywords)


def _by_group(samples: Sequence[Sample]) -> Iterable[list[int]]:
    return _collect((sample.group or None) for sample in samples)


def _by_passage(samples: Sequence[Sample]) -> Iterable[list[int]]:
    return _collect((sample.source_file, sample.span) if sample.span else None for sample in samples)


def _collect(keys: Iterable[Hashable]) -> Iterable[list[int]]:
    found: dict[Hashable, list[int]] = {}
    for number, key in enumerate(keys):
        if key is not None:
            found.setdefault(key, []).append(number)
    return found.values()


def _spoken_text(sample: Sample) -> str:
    # A system text that every sample shares would make all of them alike.
    return "\n".join(message.content for message in sample.messages if message.role != "system")
