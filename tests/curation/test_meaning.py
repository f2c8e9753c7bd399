"""Rows alike in meaning are marked and laid side by side, and none is lost."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.curation.dedupe_stage import run_dedupe
from src.curation.deduplicator import DedupeSettings
from src.curation.meaning import mark_alike, review_path
from src.generation.answer_first.embedder import load_embedder
from src.utils.similarity.meaning import Alike, find_alike
from tests.curation.making import write_lines


def ignore(_event: object) -> None:
    """Nobody watches."""


def by_angle(texts: Sequence[str]) -> Any:
    """A text says the angle of its vector, in degrees."""
    angles = [math.radians(float(text.split()[-1])) for text in texts]
    return np.array([[math.cos(angle), math.sin(angle)] for angle in angles])


def row(number: int, question: int, answer: int) -> dict[str, Any]:
    return {"id": number, "instruction": f"asks {question}", "response": f"says {answer}"}


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_row_is_marked_where_question_and_answer_are_those_of_an_earlier_one(tmp_path: Path) -> None:
    rows = [row(1, 0, 0), row(2, 90, 0), row(3, 10, 10), row(4, 12, 120), row(5, 100, 20)]
    path = write_lines(tmp_path / "rows.jsonl", rows)
    before = path.read_bytes().splitlines()
    assert mark_alike(path, (), by_angle, ignore) == 2
    after = path.read_bytes().splitlines()
    assert [number for number, line in enumerate(after) if line != before[number]] == [2, 4]
    marks = [(one["id"], one.get("like_in_meaning", {}).get("id")) for one in read(path)]
    assert marks == [(1, None), (2, None), (3, 1), (4, None), (5, 2)]
    review = read(review_path(path))
    assert [(one["row"]["id"], one["like"]["id"], one["row_line"], one["line"]) for one in review] == [
        (3, 1, 3, 1),
        (5, 2, 5, 2),
    ]
    assert review[0]["question"] == pytest.approx(math.cos(math.radians(10)), abs=1e-3)


def test_named_fields_and_conversations_are_compared_too(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "rows.jsonl", [{"q": "asks 1", "a": "b 1"}, {"q": "asks 2", "a": "b 2"}])
    assert mark_alike(path, ("q", "a"), by_angle, ignore) == 1
    assert read(path)[1]["like_in_meaning"]["line"] == 1
    talks = [
        {"id": n, "messages": [{"role": "user", "content": f"{n}"}, {"role": "assistant", "content": f"{n}"}]}
        for n in (1, 2)
    ]
    assert mark_alike(write_lines(path, talks), (), by_angle, ignore) == 1


@given(angles=st.lists(st.integers(0, 359), max_size=30), degrees=st.sampled_from([1, 20, 60]))
@settings(deadline=None)
def test_the_nearest_earlier_row_is_found_whatever_the_blocks(angles: list[int], degrees: int) -> None:
    vectors = np.asarray(by_angle([str(angle) for angle in angles] or ["0"]), np.float32)
    least = math.cos(math.radians(degrees)) - 1e-4
    expected = []
    for place in range(len(vectors)):
        cosines = vectors[:place] @ vectors[place]
        if len(cosines) and cosines.max() >= least:
            expected.append((place, float(cosines.max())))
    found = find_alike(vectors, least)
    assert [one.row for one in found] == [place for place, _ in expected]
    for one, (_, cosine) in zip(found, expected, strict=True):
        assert isinstance(one, Alike)
        assert one.other < one.row
        assert one.cosine == pytest.approx(cosine, abs=1e-5)


@pytest.mark.skipif(load_embedder() is None, reason="MiniLM is not installed")
def test_dedupe_marks_a_paraphrase_and_counts_it(tmp_path: Path) -> None:
    texts = [
        ("How do I reset my password?", "Open the settings and choose Reset password."),
        ("How can I reset my password?", "Go to the settings, then choose to reset the password."),
        ("Why is the sky blue?", "Air scatters blue light more than red light."),
    ]
    rows = [{"id": n, "instruction": one, "response": two} for n, (one, two) in enumerate(texts)]
    source, out = write_lines(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    manifest = run_dedupe(source, out, DedupeSettings(semantic=True), ignore)
    assert (manifest.counts.kept, manifest.counts.facts) == (3, {"like_in_meaning": 1})
    assert [one["row"]["id"] for one in read(review_path(out))] == [1]
    run_dedupe(source, out, DedupeSettings(), ignore)
    assert not review_path(out).exists()


def test_a_mark_of_an_earlier_pass_does_not_stay_when_it_is_no_longer_so(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "rows.jsonl", [row(1, 0, 0), {**row(2, 90, 0), "like_in_meaning": {"id": 7}}])
    assert mark_alike(path, (), by_angle, ignore) == 0
    assert read(path) == [row(1, 0, 0), row(2, 90, 0)]


def test_a_set_without_rows_has_an_empty_sheet(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "rows.jsonl", [])
    assert mark_alike(path, (), by_angle, ignore) == 0
    assert review_path(path).read_bytes() == b""
