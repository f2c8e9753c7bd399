"""Which samples must stay on one side of a split, because one would give the other away."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from src.core.types import Sample, Span
from src.utils.similarity.linked_groups import Linked, link_groups
from src.utils.similarity.shingles import tokenize

WeightBy = Literal["source", "keywords"]

LEAK_THRESHOLD: Final = 0.5
"""Jaccard similarity from which one sample gives the other away: a model that has learned the one half knows the other.
Lower than where duplicates are removed, for nothing is lost here, and one word changed in a short text (a spelling, a
"please") takes away every shingle that it stands in."""

_MIN_QUESTION_TOKENS: Final = 4
"""A shorter opening ("Hello", "Can you help?") says nothing about what follows."""

_MIN_SHARE: Final = 0.2
"""Share of all tokens of a sample from which one exchange gives it away; thanks and good wishes, which end thousands of
conversations, are less of it."""


class SplitKey(NamedTuple):
    """What a split needs to know of a sample. ``id`` differs from all others; ``text`` is what is spoken in it,
    ``question`` what the user says first, and ``exchanges`` are its questions with their answers: these are not
    kept."""

    id: str
    source: str
    keyword: str
    group: str
    span: Span | None
    text: str
    question: str = ""
    exchanges: Sequence[tuple[str, str]] = ()


class Groups(NamedTuple):
    """The samples by number, in the order in which their keys came: groups that must not be torn, and what each sample
    is counted under."""

    groups: list[list[int]]
    labels: list[str]


def split_key(sample: Sample) -> SplitKey:
    """The key of a sample. A system text, which many samples share, would make all of them alike: it is left out."""
    text = "\n".join(message.content for message in sample.messages if message.role != "system")
    question = next((message.content for message in sample.messages if message.role == "user"), "")
    place = (sample.source_label, sample.keyword_label, sample.group, sample.span)
    told = pair_turns((message.role, message.content) for message in sample.messages)
    return SplitKey(sample.id, *place, text, question, told)


def pair_turns(turns: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every question with its answer, of turns that are given as role and text."""
    return [
        (asked, said)
        for (asking, asked), (saying, said) in pairwise(turns)
        if (asking, saying) == ("user", "assistant")
    ]


def group_samples(
    keys: Iterable[SplitKey], by: WeightBy = "source", leak_threshold: float | None = LEAK_THRESHOLD
) -> Groups:
    """The samples in groups that must not be torn: the same ``group`` name, the same passage of a source, the same
    question, an exchange that both have, or texts alike from ``leak_threshold`` on, and whatever these connect. None:
    every sample by itself.

    ``keys`` are read once, one at a time. Groups and their members are sorted by id, so that the order of the keys
    does not show in the result.
    """
    reading = _Reading(by)
    if leak_threshold is None:
        groups = [[number] for number, _ in enumerate(reading.items(keys))]
    else:
        groups = link_groups(reading.items(keys), leak_threshold)
    ids = reading.ids
    members = [sorted(group, key=ids.__getitem__) for group in groups]
    return Groups(sorted(members, key=lambda group: ids[group[0]]), reading.labels)


class _Reading:
    """Hands texts and names of keys on and keeps what little is needed of the rest."""

    def __init__(self, by: WeightBy) -> None:
        self.ids: list[str] = []
        self.labels: list[str] = []
        self._by = by
        self._names: dict[str, str] = {}

    def items(self, keys: Iterable[SplitKey]) -> Iterator[Linked]:
        for key in keys:
            self.ids.append(key.id)
            label = key.source if self._by == "source" else key.keyword
            self.labels.append(self._names.setdefault(label, label))  # one string per name, not one per sample
            yield Linked(key.text, tuple(_shared(key)))


def _shared(key: SplitKey) -> Iterator[Hashable]:
    if key.group:
        yield key.group
    if key.span:
        yield (key.source, key.span)
    words = tokenize(key.question)
    if len(words) >= _MIN_QUESTION_TOKENS:
        yield hash(tuple(words))
    told = [(tokenize(question), tokenize(answer)) for question, answer in key.exchanges]
    least = _MIN_SHARE * sum(len(asked) + len(said) for asked, said in told)
    for asked, said in told:
        if len(asked) >= _MIN_QUESTION_TOKENS and len(asked) + len(said) >= least:
            yield hash((tuple(asked), tuple(said)))
