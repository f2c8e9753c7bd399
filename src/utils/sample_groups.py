"""Which samples must stay on one side of a split, because one would give the other away."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Final, Literal, NamedTuple

from src.core.types import Sample, Span
from src.utils.similarity.exact_join import near_duplicate_clusters
from src.utils.similarity.shingles import tokenize
from src.utils.similarity.union_find import UnionFind

WeightBy = Literal["source", "keywords"]

LEAK_THRESHOLD: Final = 0.5
"""Jaccard similarity from which one sample gives the other away: a model that has learned the one half knows the other.
Lower than where duplicates are removed, for nothing is lost here, and one word changed in a short text (a spelling, a
"please") takes away every shingle that it stands in."""

_MIN_QUESTION_TOKENS: Final = 4
"""A shorter opening ("Hello", "Can you help?") says nothing about what follows."""


class SplitKey(NamedTuple):
    """What a split needs to know of a sample. ``id`` differs from all others; ``text`` is what is spoken in it and
    ``question`` what the user says first: both are not kept."""

    id: str
    source: str
    keyword: str
    group: str
    span: Span | None
    text: str
    question: str = ""


class Groups(NamedTuple):
    """The samples by number, in the order in which their keys came: groups that must not be torn, and what each sample
    is counted under."""

    groups: list[list[int]]
    labels: list[str]


def split_key(sample: Sample) -> SplitKey:
    """The key of a sample. A system text, which many samples share, would make all of them alike: it is left out."""
    text = "\n".join(message.content for message in sample.messages if message.role != "system")
    question = next((message.content for message in sample.messages if message.role == "user"), "")
    return SplitKey(sample.id, sample.source_label, sample.keyword_label, sample.group, sample.span, text, question)


def group_samples(keys: Iterable[SplitKey], by: WeightBy = "source") -> Groups:
    """The samples in groups that must not be torn: the same ``group`` name, the same passage of a source, the same
    question, or texts alike from LEAK_THRESHOLD on, and whatever these connect.

    ``keys`` are read once, one at a time. Groups and their members are sorted by id, so that the order of the keys
    does not show in the result.
    """
    reading = _Reading(by)
    clusters = near_duplicate_clusters(reading.texts(keys), LEAK_THRESHOLD)
    together = UnionFind(len(reading.ids))
    for first, second in reading.links:
        together.union(first, second)
    for members in clusters:
        for member in members[1:]:
            together.union(members[0], member)
    groups: dict[int, list[int]] = {}
    for number in sorted(range(len(reading.ids)), key=reading.ids.__getitem__):
        groups.setdefault(together.find(number), []).append(number)
    return Groups(list(groups.values()), reading.labels)


class _Reading:
    """Hands the texts of keys on and keeps what little is needed of the rest."""

    def __init__(self, by: WeightBy) -> None:
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.links: list[tuple[int, int]] = []
        self._by = by
        self._names: dict[str, str] = {}
        self._first: dict[Hashable, int] = {}

    def texts(self, keys: Iterable[SplitKey]) -> Iterator[str]:
        for number, key in enumerate(keys):
            self.ids.append(key.id)
            label = key.source if self._by == "source" else key.keyword
            self.labels.append(self._names.setdefault(label, label))  # one string per name, not one per sample
            if key.group:
                self._link(number, key.group)
            if key.span:
                self._link(number, (key.source, key.span))
            words = tokenize(key.question)
            if len(words) >= _MIN_QUESTION_TOKENS:
                self._link(number, hash(tuple(words)))
            yield key.text

    def _link(self, number: int, shared: Hashable) -> None:
        first = self._first.setdefault(shared, number)
        if first != number:
            self.links.append((first, number))
