"""Whether generated answers stand in the passages they were written from, and whether questions find these again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from src.core.types import Sample
from src.generation.answer_first.retrieval import Bm25
from src.reports.metrics.sources import Excerpt, Sources
from src.reports.metrics.words import content_stems, content_words


@dataclass(frozen=True, slots=True)
class Grounding:
    """One generated sample against its passage.

    ``words_found`` is the share of the answer's content words that the passage has, None for an answer without any;
    ``rank`` the place of the passage when the question is looked up among all of them (1 is best; None: not found, or
    nothing to find it among). ``numbers_held`` and ``names_held`` are whether they pass the checks of a draft, None
    where they cannot be compared.
    """

    words_found: float | None
    numbers_held: bool | None
    names_held: bool | None
    rank: int | None
    ranked_among: int


def judge_grounding(samples: Sequence[Sample], sources: Sources) -> dict[int, Grounding]:
    """The grounding of every generated sample whose passage could be read, by its number."""
    excerpts = {
        number: sources.excerpts[number]
        for number, sample in enumerate(samples)
        if sample.origin == "generated" and number in sources.excerpts
    }
    texts = tuple(dict.fromkeys((*(excerpt.text for excerpt in excerpts.values()), *sources.others)))
    index = Bm25(texts)
    numbers = {text: number for number, text in enumerate(texts)}
    return {
        number: _judge(samples[number], excerpt, index, numbers[excerpt.text], len(texts))
        for number, excerpt in excerpts.items()
    }


def _judge(sample: Sample, excerpt: Excerpt, index: Bm25, own: int, among: int) -> Grounding:
    answer, known, claims = answer_text(sample), content_stems(excerpt.text), excerpt.claims
    words = [word.stem for word in content_words(answer)]
    rank = _rank(index.scores(question_text(sample)), own) if among > 1 else None
    return Grounding(
        words_found=sum(word in known for word in words) / len(words) if words else None,
        numbers_held=claims and claims.numbers,
        names_held=claims and claims.names,
        rank=rank,
        ranked_among=among,
    )


def question_text(sample: Sample) -> str:
    """Everything that the user says."""
    return "\n".join(message.content for message in sample.messages if message.role == "user")


def answer_text(sample: Sample) -> str:
    """Everything that the assistant says."""
    return "\n".join(message.content for message in sample.messages if message.role == "assistant")


def _rank(scores: Mapping[int, float], own: int) -> int | None:
    score = scores.get(own, 0.0)
    if score <= 0:
        return None
    return 1 + sum(other >= score - 1e-9 for number, other in scores.items() if number != own)
