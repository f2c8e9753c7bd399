"""Measures a dataset: one pass to count, a second one for near-duplicates, and a fixed sample for everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from src.reports.metrics.catalogue import DIVERSITY, GROUNDEDNESS, Judged, Metric
from src.reports.metrics.coverage import SpanLog, gini
from src.reports.metrics.diversity import VENDI_ROWS
from src.reports.metrics.grounding import answer_text, judge_grounding, question_text
from src.reports.metrics.near_duplicates import NEAR_DUPLICATE, near_duplicates
from src.reports.metrics.sampling import SAMPLE_SIZE, Reservoir
from src.reports.metrics.sources import Cut, Documents, Sources, read_sources
from src.reports.statistics import describe_counts, keep_largest
from src.reports.tally import MeasuredSample
from src.utils.similarity.shingles import tokenize

Rows = Callable[[], Iterable[MeasuredSample]]
_LISTED_SOURCES = 200
_LISTED_OPENINGS = 20


@dataclass(slots=True)
class Counts:
    """What is counted over all rows: lengths in words, and the first words of questions."""

    rows: int = 0
    question_words: Counter[int] = field(default_factory=Counter)
    answer_words: Counter[int] = field(default_factory=Counter)
    openings: Counter[str] = field(default_factory=Counter)

    def add(self, question: Sequence[str], answer: Sequence[str]) -> None:
        """Count one row by the words of its two sides."""
        self.rows += 1
        self.question_words[len(question)] += 1
        self.answer_words[len(answer)] += 1
        if question:
            self.openings[question[0]] += 1


@dataclass(frozen=True, slots=True)
class Quality:
    """A dataset that was measured. ``judged`` are its sampled rows, in an order that is a shuffle; ``sources`` are
    those of these rows, in the same order."""

    counts: Counts
    judged: tuple[Judged, ...]
    sources: Sources

    @property
    def passage_counts(self) -> list[int]:
        """How many samples each of the passages of all sources carries."""
        return [count for source in self.sources.coverage for count in source.counts]

    @property
    def passages_used(self) -> float | None:
        """The share of all passages that carry a sample; None where no source can be read."""
        counts = self.passage_counts
        return sum(count > 0 for count in counts) / len(counts) if counts else None

    @property
    def passage_gini(self) -> float | None:
        """How unevenly the passages carry samples."""
        return gini(self.passage_counts)


def measure_quality(rows: Rows, documents: Documents, cut: Cut) -> Quality:
    """Measure the dataset whose rows ``rows()`` gives, once for each of two passes; ``documents`` are read once.

    In memory are at most SAMPLE_SIZE rows with their passages, OTHER_PASSAGES other passages, one document, and 16
    bytes per row for its place in its document.
    """
    counts, spans, chosen = Counts(), SpanLog(), Reservoir[MeasuredSample](SAMPLE_SIZE)
    for row in rows():
        counts.add(tokenize(question_text(row.sample)), tokenize(answer_text(row.sample)))
        spans.add(row.sample)
        chosen.offer(row.sample.id, row)
    picked = chosen.items()
    samples = [row.sample for row in picked]
    like = near_duplicates(list(map(question_text, samples)), (question_text(row.sample) for row in rows()))
    sources = read_sources(samples, spans, documents, cut, checks_claims=True)
    grounding = judge_grounding(samples, sources)
    judged = tuple(
        _judge(row, has_near_duplicate=like[number], number=number, grounding=grounding)
        for number, row in enumerate(picked)
    )
    return Quality(counts, judged, sources)


def describe_quality(quality: Quality) -> dict[str, Any]:
    """The measures as plain JSON values, numbers with four decimals: equal for equal datasets and sources."""
    judged, sources = quality.judged, quality.sources
    grounded = [row.grounding for row in judged if row.grounding]
    checked = [excerpt.verbatim for excerpt in sources.excerpts.values() if excerpt.verbatim is not None]
    return {
        "measured_on": {
            "rows": quality.counts.rows,
            "sampled_rows": len(judged),
            "vendi_rows": min(VENDI_ROWS, len(judged)),
            "sample": f"the {SAMPLE_SIZE} rows whose content hashes lowest; all rows where there are no more",
            "near_duplicate": f"sampled questions against all rows: Jaccard >= {NEAR_DUPLICATE} of word 3-grams",
        },
        "diversity": {
            **_computed(DIVERSITY, judged),
            "openings": keep_largest(quality.counts.openings, _LISTED_OPENINGS),
        },
        "groundedness": {
            "rows": len(grounded),
            "passages_searched": max((one.ranked_among for one in grounded), default=0),
            **_computed(GROUNDEDNESS, judged),
            "extracted_rows": len(checked),
            "extracted_verbatim": rounded(sum(checked) / len(checked) if checked else None),
        },
        "coverage": _describe_coverage(quality),
        "words": {
            "question": describe_counts(quality.counts.question_words),
            "answer": describe_counts(quality.counts.answer_words),
        },
        "missing_sources": dict(sources.missing),
    }


def rounded(value: float | None) -> float | None:
    """Four decimals: sums may differ in their last digits from one system to another."""
    return None if value is None else round(float(value), 4)


def _judge(row: MeasuredSample, *, has_near_duplicate: bool, number: int, grounding: dict[int, Any]) -> Judged:
    question, answer = question_text(row.sample), answer_text(row.sample)
    return Judged(
        sample=row.sample,
        tokens=row.token_length,
        question=question,
        answer=answer,
        question_words=tokenize(question),
        answer_words=tokenize(answer),
        has_near_duplicate=has_near_duplicate,
        grounding=grounding.get(number),
    )


def _computed(metrics: Sequence[Metric], judged: Sequence[Judged]) -> dict[str, float | None]:
    return {metric.key: rounded(metric.compute(judged)) for metric in metrics}


def _describe_coverage(quality: Quality) -> dict[str, Any]:
    sources = quality.sources.coverage
    largest = sorted(sources, key=lambda source: (-len(source.counts), source.name))[:_LISTED_SOURCES]
    return {
        "passages": sum(len(source.counts) for source in sources),
        "passages_used": sum(source.used for source in sources),
        "share_used": rounded(quality.passages_used),
        "gini": rounded(quality.passage_gini),
        "most_samples_on_one": max((count for source in sources for count in source.counts), default=0),
        "sources": {
            source.name: {"passages": len(source.counts), "used": source.used, "most": max(source.counts, default=0)}
            for source in sorted(largest, key=lambda source: source.name)
        },
    }
