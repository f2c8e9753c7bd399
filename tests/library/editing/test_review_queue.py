"""Which questions a review asks: borderline samples, pairs in nearly the same words, pairs of the same meaning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.core.types import OBJECTION, QUALITY_SCORE
from src.library.editing.drafts import Decision, Drafts
from src.library.editing.meaning_pairs import meaning_pairs
from src.library.editing.review_queue import Wanted, build_queue, open_items, similar_pairs, why_borderline
from src.persistence.models import StoredSample
from src.providers.lookup import find_model
from tests.fakes import make_sample

LIMITS = find_model("google", "gemini-3.5-flash-lite")


def row_of(
    question: str = "What is a kiln?", answer: str = "An oven that fires clay.", *, tokens: int = 20, **more: Any
):
    return StoredSample(make_sample(question, answer, **more), tokens, "train")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (row_of(**{QUALITY_SCORE: 6.0}), "its score is 6, near 7"),
        (row_of(**{QUALITY_SCORE: 8}), "its score is 8, near 7"),
        (row_of(**{QUALITY_SCORE: 5.9}), ""),
        (row_of(**{QUALITY_SCORE: 9}), ""),
        (row_of(**{OBJECTION: "weak_support"}), "a check was not sure of it: weak support"),
        (row_of(judge="unverified"), "a check was not sure of it: judge unverified"),
        (row_of(tokens=(LIMITS.max_example_tokens or 0) - 1), "tokens"),
        (row_of(), ""),
    ],
)
def test_a_sample_is_borderline_for_a_reason_or_not(row: StoredSample, why: str) -> None:
    found = why_borderline(row, Wanted(), LIMITS)
    assert (why in found) if why else not found


def test_pairs_come_with_the_most_similar_first_and_a_large_group_once_each() -> None:
    words = "the kiln behind the studio is fired every friday night until the cones have fallen and the lid is shut"
    rows = [row_of(f"When is it fired, in week {number}?", f"{words} {number}") for number in range(14)]
    rows += [
        row_of("Who keeps the key of the glaze cupboard?", "The manager of the studio keeps it in her office.")
    ] * 1
    rows += [row_of("Who keeps the key of the glaze cupboard?", "The manager of the studio keeps it in her desk.")]
    pairs = similar_pairs(lambda: rows, 0.5)
    assert [(pair.number, pair.twin) for pair in pairs if pair.number >= 14] == [(14, 15)]
    group = [pair for pair in pairs if pair.number < 14]
    assert [pair.number for pair in group] == [0] * 13  # each beside the first one, not each beside each
    shares = [int(pair.why.split("%")[0]) for pair in pairs]
    assert shares == sorted(shares, reverse=True)


def test_pairs_of_the_same_meaning_need_alike_questions_and_alike_answers() -> None:
    angles = {
        "How hot?": 0.0,
        "What heat?": 0.2,
        "What temperature?": 0.3,
        "1240 C.": 0.0,
        "1240 degrees.": 0.3,
        "No.": 2.0,
    }

    def embed(texts: Sequence[str]) -> Any:
        return np.array([[np.cos(angles[text]), np.sin(angles[text])] for text in texts], np.float32)

    rows = [row_of("How hot?", "1240 C."), row_of("What heat?", "1240 degrees."), row_of("What temperature?", "No.")]
    pairs = meaning_pairs(lambda: rows, embed)
    assert [(pair.number, pair.twin) for pair in pairs] == [(0, 1)]
    assert "questions 0.98" in pairs[0].why
    assert meaning_pairs(list, embed) == []


def test_what_is_decided_is_not_asked_again(tmp_path: Path) -> None:
    rows = [row_of(**{QUALITY_SCORE: 7.0}), row_of(answer="An oven that fires clay pots.")]
    queue = build_queue(lambda: rows, Wanted(alike=0.3), LIMITS)
    assert [(item.number, item.twin) for item in queue] == [(0, None), (0, 1)]
    drafts = Drafts(tmp_path / "d.jsonl")
    drafts.decide(queue[0].key, Decision("keep"))
    assert open_items(queue, drafts) == queue[1:]  # one that is kept may still be like another one
    drafts.decide(queue[1].twin_id, Decision("drop"))
    assert open_items(queue, drafts) == []
    assert build_queue(lambda: rows, Wanted(alike=0), LIMITS) == queue[:1]
    drafts.forget_changes()
    assert {key: one.choice for key, one in Drafts(drafts.path).decisions.items()} == {queue[0].key: "keep"}
