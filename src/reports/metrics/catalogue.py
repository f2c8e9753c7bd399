"""Every measure with its name, its meaning, and which way is better: the statistics file, the report and comparisons
take them from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from src.core.types import Sample
from src.reports.metrics import diversity
from src.reports.metrics.grounding import Grounding

Better = Literal["higher", "lower", "neither"]
Unit = Literal["share", "number", "usd"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A sampled row with all that is known of it."""

    sample: Sample
    tokens: int
    question: str
    answer: str
    question_words: Sequence[str]
    answer_words: Sequence[str]
    has_near_duplicate: bool
    grounding: Grounding | None


@dataclass(frozen=True, slots=True)
class Metric:
    """``compute`` gives None where the rows have nothing to measure. ``meaning`` is a sentence for a person. A share of
    rows has ``hits``: for every row that can be one whether it is."""

    key: str
    title: str
    better: Better
    unit: Unit
    meaning: str
    compute: Callable[[Sequence[Judged]], float | None]
    hits: Callable[[Sequence[Judged]], Sequence[bool]] | None = None


def _share_of_rows(
    key: str, title: str, better: Better, meaning: str, hits: Callable[[Sequence[Judged]], Sequence[bool]]
) -> Metric:
    return Metric(key, title, better, "share", meaning, lambda rows: _mean(hits(rows)), hits)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None


def _distinct(size: int) -> Callable[[Sequence[Judged]], float | None]:
    return lambda rows: diversity.distinct(
        [words for row in rows for words in (row.question_words, row.answer_words)], size
    )


def _grounded(value: Callable[[Grounding], float | None]) -> Callable[[Sequence[Judged]], float | None]:
    def compute(rows: Sequence[Judged]) -> float | None:
        values = (value(row.grounding) for row in rows if row.grounding)
        return _mean(found for found in values if found is not None)

    return compute


def _grounded_rows(value: Callable[[Grounding], bool | None]) -> Callable[[Sequence[Judged]], Sequence[bool]]:
    def hits(rows: Sequence[Judged]) -> Sequence[bool]:
        values = (value(row.grounding) for row in rows if row.grounding)
        return [found for found in values if found is not None]

    return hits


def _found_within(places: int) -> Callable[[Grounding], bool | None]:
    def found(grounding: Grounding) -> bool | None:
        if grounding.ranked_among <= places:
            return None  # it could not be missed
        return grounding.rank is not None and grounding.rank <= places

    return found


DIVERSITY: Final = (
    Metric("distinct_1", "Different words", "higher", "share", "Different words by all words.", _distinct(1)),
    Metric(
        "distinct_2", "Different word pairs", "higher", "share", "Different pairs of words by all pairs.", _distinct(2)
    ),
    Metric("distinct_3", "Different triples", "higher", "share", "Different runs of three words by all.", _distinct(3)),
    Metric(
        "self_bleu",
        "Self-BLEU of questions",
        "lower",
        "share",
        "How far every question can be put together from the others.",
        lambda rows: diversity.self_bleu([row.question_words for row in rows]),
    ),
    Metric(
        "compression_ratio",
        "Compression ratio",
        "lower",
        "number",
        "How many times smaller the texts get when repetitions are folded.",
        lambda rows: diversity.compression_ratio([f"{row.question}\n{row.answer}" for row in rows]),
    ),
    Metric(
        "vendi",
        "Vendi score",
        "higher",
        "number",
        f"{diversity.VENDI_ROWS} rows (or all) are as varied as so many that share no runs of three letters.",
        lambda rows: diversity.vendi([f"{row.question}\n{row.answer}" for row in rows]),
    ),
    Metric(
        "opening_entropy_bits",
        "Opening-word entropy",
        "higher",
        "number",
        "Bits of surprise in the first word of a question; 0: all begin alike.",
        lambda rows: diversity.opening_entropy([row.question_words for row in rows]),
    ),
    _share_of_rows(
        "near_duplicate_share",
        "Near-duplicate questions",
        "lower",
        "Rows whose question is asked almost alike elsewhere in the dataset.",
        lambda rows: [row.has_near_duplicate for row in rows],
    ),
)

GROUNDEDNESS: Final = (
    Metric(
        "answer_words_found",
        "Answer words in the passage",
        "higher",
        "share",
        "Content words of the answer that its passage has, mean over rows.",
        _grounded(lambda found: found.words_found),
    ),
    _share_of_rows(
        "numbers_held",
        "Numbers pass the check",
        "higher",
        "Rows whose numbers all stand in passage or question, or follow from theirs: the check that drafts pass.",
        _grounded_rows(lambda found: found.numbers_held),
    ),
    _share_of_rows(
        "names_held",
        "Names pass the check",
        "higher",
        "Rows whose names all stand in their passage; those of a question anywhere in its source: the check that drafts"
        " pass. Rows in another language than their passage do not count.",
        _grounded_rows(lambda found: found.names_held),
    ),
    _share_of_rows(
        "own_passage_first",
        "Question finds its passage",
        "higher",
        "Rows whose question, looked up by its words (BM25), leads to its own passage first.",
        _grounded_rows(_found_within(1)),
    ),
    _share_of_rows(
        "own_passage_top3",
        "Passage among the first 3",
        "higher",
        "The same, with three tries.",
        _grounded_rows(_found_within(3)),
    ),
)

LENGTHS: Final = (
    Metric(
        "question_words",
        "Words of a question",
        "neither",
        "number",
        "Mean.",
        lambda rows: _mean(len(row.question_words) for row in rows),
    ),
    Metric(
        "answer_words",
        "Words of an answer",
        "neither",
        "number",
        "Mean.",
        lambda rows: _mean(len(row.answer_words) for row in rows),
    ),
    Metric(
        "tokens",
        "Tokens of a row",
        "neither",
        "number",
        "Mean, by one counter (o200k) for all.",
        lambda rows: _mean(row.tokens for row in rows),
    ),
)
