"""The way back from samples to their documents: the text each was made of, and how every passage was used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from src.core.types import ALTERED, EDITED, EVIDENCE, Rejection, Sample, SourceDocument, Span
from src.reports.metrics.claims import ClaimChecks, Claims
from src.reports.metrics.coverage import SourceCoverage, SpanLog, count_samples
from src.reports.metrics.sampling import Reservoir
from src.utils.chunker import Passage

Documents = Iterable[SourceDocument | Rejection]
Cut = Callable[[SourceDocument], Sequence[Passage]]
"""Cuts a document into the passages that samples are written from."""

SHOWN_ROWS: Final = 10
"""Samples that a report shows beside their sources: the first of the chosen ones."""
OTHER_PASSAGES: Final = 1000
"""Passages beside their own that questions are looked up among: enough to be hard, and bounded."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a sample was made of. ``first_line`` counts the lines of the document's text from 1.

    For an extracted sample the ``text`` is made of whole lines, ``pieces`` are the places in it that its turns were cut
    from, and ``verbatim`` says whether they still read as the sample does. ``evidence`` are the places
    that a judge has cited, ``claims`` what the checks of a draft say of a generated one.
    """

    text: str
    first_line: int
    pieces: tuple[Span, ...] = ()
    verbatim: bool | None = None
    evidence: tuple[Span, ...] = ()
    claims: Claims | None = None

    @property
    def cited(self) -> list[tuple[int, str]]:
        """The words that a judge has cited, on one line each, with the line that they begin in."""
        return [
            (self.first_line + self.text.count("\n", 0, start), " ".join(self.text[start:end].split()))
            for start, end in self.evidence
        ]


@dataclass(frozen=True, slots=True)
class Sources:
    """``excerpts`` by the number of the chosen sample; ``missing``: why a source cannot be shown, by its name;
    ``others``: texts of passages that none of the chosen samples was written from."""

    coverage: tuple[SourceCoverage, ...]
    excerpts: Mapping[int, Excerpt]
    missing: Mapping[str, str]
    others: tuple[str, ...]


def read_sources(
    chosen: Sequence[Sample], spans: SpanLog, documents: Documents, cut: Cut, *, checks_claims: bool = False
) -> Sources:
    """Go through ``documents``, one at a time, for the places of the ``chosen`` samples and the spans of all of them;
    with ``checks_claims`` the generated ones are checked as drafts are.

    A document that has changed since, is gone, or cannot be read any more is missing; that is no error.
    """
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for number, sample in enumerate(chosen):
        if sample.span is not None:
            wanted[sample.source_file].append(number)
    missing = dict.fromkeys({*wanted, *spans.sources()}, "it is not in the input folder any more")
    coverage: list[SourceCoverage] = []
    excerpts: dict[int, Excerpt] = {}
    others: Reservoir[str] = Reservoir(OTHER_PASSAGES)
    for document in documents:
        if isinstance(document, Rejection):
            if document.source_file in missing:
                missing[document.source_file] = document.detail
            continue
        text = document.text
        places, samples = spans.of(document.name), [chosen[number] for number in wanted[document.name]]
        if _has_changed(document, text, places, samples):
            missing[document.name] = "it has changed since the dataset was made"
            continue
        missing.pop(document.name, None)
        passages = cut(document)
        checks = ClaimChecks(passages) if checks_claims and passages else None
        for number, sample in zip(wanted[document.name], samples, strict=True):
            excerpt = _excerpt(text, sample, keep_text=number < SHOWN_ROWS)
            if checks and sample.origin == "generated":
                excerpt = replace(excerpt, claims=checks.check(sample, _own(sample, excerpt.text, passages)))
            excerpts[number] = excerpt
        coverage.append(SourceCoverage(document.name, count_samples([passage.span for passage in passages], places)))
        for passage in _untouched(passages, samples):
            others.offer(passage.id, passage.text)
    return Sources(tuple(coverage), excerpts, dict(sorted(missing.items())), tuple(others.items()))


def _untouched(passages: Sequence[Passage], samples: Sequence[Sample]) -> Iterator[Passage]:
    """The passages on which none of ``samples`` stands."""
    taken = {sample.span for sample in samples if sample.span}
    counts = count_samples([passage.span for passage in passages], taken)
    return (passage for passage, count in zip(passages, counts, strict=True) if not count)


def _own(sample: Sample, text: str, passages: Sequence[Passage]) -> Passage:
    """The passage of a sample, whose ``text`` is known, with the heading that it stands below among ``passages``."""
    assert sample.span is not None
    start, end = sample.span
    nearest = max(passages, key=lambda other: min(end, other.span.end) - max(start, other.span.start))
    return replace(nearest, text=text, span=sample.span)


def _has_changed(document: SourceDocument, text: str, places: Sequence[Span], samples: Sequence[Sample]) -> bool:
    """Whether spans do not refer to this text. Sure where a sample notes the hash of the text that it was made of."""
    if any(span.end > len(text) for span in places):
        return True
    known = (sample.metadata.get("text_sha256") for sample in samples)
    return any(value is not None and value != document.sha256 for value in known)


def _excerpt(text: str, sample: Sample, *, keep_text: bool) -> Excerpt:
    """The place of a sample; conversations may be long, and their texts are kept only to be shown."""
    assert sample.span is not None
    start, end = sample.span
    if sample.origin == "generated":
        cited = tuple(Span(first - start, last - start) for first, last in sample.metadata.get(EVIDENCE, ()))
        return Excerpt(text[start:end], text.count("\n", 0, start) + 1, evidence=cited)
    pieces = [piece for message in sample.messages for piece in message.pieces]
    start = text.rfind("\n", 0, min([start, *(piece.start for piece in pieces)])) + 1
    last = text.find("\n", max([end - 1, *(piece.end - 1 for piece in pieces)]))
    end = last if last >= 0 else len(text)
    first_line = text.count("\n", 0, start) + 1
    if ALTERED in sample.metadata:  # what was taken from it still stands here
        return Excerpt("", first_line)
    verbatim = None if EDITED in sample.metadata else _is_verbatim(text, sample)  # a person's words stand nowhere
    moved = tuple(Span(piece.start - start, piece.end - start) for piece in sorted(pieces))
    return Excerpt(text[start:end] if keep_text else "", first_line, moved, verbatim)


def _is_verbatim(text: str, sample: Sample) -> bool:
    return all(
        "\n".join(text[piece.start : piece.end] for piece in message.pieces) == message.content
        for message in sample.messages
    )
