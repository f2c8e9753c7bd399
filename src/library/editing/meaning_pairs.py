"""Pairs of samples that ask and answer the same in other words, for a review."""

from __future__ import annotations

from src.core.types import Role, Sample
from src.library.editing.preview import Rows
from src.library.editing.review_queue import Item, make_pair
from src.utils.similarity.meaning import (
    ANSWER_CHARS,
    QUESTION_CHARS,
    SAME_ANSWER,
    SAME_QUESTION,
    Embed,
    embed_sorted,
    find_alike,
)


def meaning_pairs(rows: Rows, embed: Embed) -> list[Item]:
    """Of each sample that means what one before it does, the two; the most similar questions first. In memory is a
    vector of each question."""
    questions = [_first(row.sample, "user")[:QUESTION_CHARS] for row in rows()]
    alike = find_alike(embed_sorted(questions, embed), SAME_QUESTION) if questions else []
    wanted = {place for pair in alike for place in (pair.row, pair.other)}
    there = {number: row for number, row in enumerate(rows()) if number in wanted}
    found = []
    for pair in sorted(alike, key=lambda one: (-one.cosine, one.row)):
        one, other = there[pair.other], there[pair.row]
        vectors = embed([_last_answer(row.sample)[:ANSWER_CHARS] for row in (one, other)])
        cosine = float(vectors[0] @ vectors[1])
        if cosine >= SAME_ANSWER:
            why = f"they mean the same: questions {pair.cosine:.2f}, answers {cosine:.2f}"
            found.append(make_pair(why, pair.other, one, pair.row, other))
    return found


def _first(sample: Sample, role: Role) -> str:
    return next((message.content for message in sample.messages if message.role == role), "")


def _last_answer(sample: Sample) -> str:
    return sample.messages[-1].content if sample.messages else ""
