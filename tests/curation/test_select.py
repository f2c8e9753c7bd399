"""Which rows stay: categories, filters, mixes, topics, merged sets; and the free score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from src.core.errors import DatasetError, UsageError
from src.core.types import ProgressEvent
from src.curation.records import Pair
from src.curation.scoring.heuristic import score_by_form
from src.curation.scoring.stage import score_rows_by_form
from src.curation.select.balance import SEED_MIX, Mix, balance, parse_mix, plan_mix
from src.curation.select.categories import CATEGORIES, classify, with_category
from src.curation.select.clustering import cluster
from src.curation.select.filtering import Filters, why_not
from src.curation.select.merging import merge_sets
from tests.curation.making import make_row, read_lines, write_lines


def ignore(_event: ProgressEvent) -> None:
    """Nobody watches."""


@pytest.mark.parametrize(
    ("row", "category"),
    [
        ({"instruction": "Write a function that sorts a list.", "response": "ok"}, "code"),
        ({"instruction": "Why?", "response": "See:\n```\nls\n```"}, "code"),
        ({"instruction": "How many eggs are left?", "response": "Two."}, "reasoning_math"),
        ({"instruction": "Eggs?", "response": "12 - 3 = 9"}, "reasoning_math"),
        ({"instruction": "Write a poem about rain.", "response": "Drip."}, "creative"),
        ({"instruction": "写一首诗", "response": "雨"}, "creative"),
        ({"instruction": "Name a bird.", "response": "Wren."}, "general"),
        ({"instruction": "?? 12", "response": "Wren."}, "other"),
        ({"instruction": "Name a bird.", "response": "Wren.", "category": "Coding"}, "code"),
        ({"instruction": "Name a bird.", "response": "Wren.", "category": "birds"}, "general"),
        ({"instruction": "I use javascripted macros.", "response": "Fine."}, "general"),
    ],
)
def test_a_row_has_one_of_five_categories(row: dict[str, Any], category: str) -> None:
    assert classify(row) == category
    assert category in CATEGORIES


def test_what_a_row_called_itself_is_kept() -> None:
    row = {"instruction": "Name a bird.", "response": "Wren.", "category": "birds"}
    assert with_category(row) == {**row, "category": "general", "source_category": "birds"}
    assert with_category({**row, "category": "code"}) == {**row, "category": "code"}


@pytest.mark.parametrize(
    ("row", "filters", "reason"),
    [
        (make_row(1, quality_score=7.0), Filters(), "score_too_low"),
        (make_row(1, quality_score=7.01), Filters(), ""),
        (make_row(1, quality_score=None), Filters(), "no_score"),
        (make_row(1, quality_score=None), Filters(above=None), ""),
        (make_row(1, response="  "), Filters(), "answer_too_short"),
        (make_row(1), Filters(max_chars=5), "answer_too_long"),
        (make_row(1, category="code"), Filters(categories=("general",)), "other_category"),
        (make_row(1, source="a"), Filters(sources=("b",)), "other_source"),
        (make_row(1, source="a"), Filters(without_sources=("a",)), "other_source"),
        (make_row(1, source="a", teacher="b"), Filters(sources=("a",)), ""),
    ],
)
def test_a_row_that_does_not_stay_has_its_reason(row: dict[str, Any], filters: Filters, reason: str) -> None:
    assert why_not(row, filters) == reason


def test_a_mix_is_read_or_refused() -> None:
    assert parse_mix("general=50, code=25,*=25") == {"general": 50.0, "code": 25.0, "*": 25.0}
    assert parse_mix("seed") == SEED_MIX
    for bad in ("general", "general=0", "general=-1", "a=1,a=2", "=5", "a=nan", "a=inf", ""):
        with pytest.raises(UsageError):
            parse_mix(bad)


@pytest.mark.parametrize(
    ("available", "mix", "taken"),
    [
        ({"a": 100, "b": 10}, Mix({"a": 50, "b": 50}), {"a": 10, "b": 10}),
        ({"a": 100, "b": 10}, Mix({"a": 90, "b": 10}), {"a": 90, "b": 10}),
        ({"a": 100, "b": 10}, Mix({"a": 1, "b": 1}, size=50), {"a": 25, "b": 10}),
        ({"a": 9}, Mix({"a": 1, "missing": 1}), {"a": 9}),
        ({"a": 7, "b": 7, "c": 7}, Mix({"a": 1, "b": 1, "c": 1}, size=10), {"a": 3, "b": 3, "c": 3}),
    ],
)
def test_a_mix_takes_as_many_rows_as_its_shares_allow(
    available: dict[str, int], mix: Mix, taken: dict[str, int]
) -> None:
    assert plan_mix(available, mix) == taken


def test_a_mix_of_unknown_names_is_an_error_that_says_what_there_is() -> None:
    with pytest.raises(DatasetError) as error:
        plan_mix({"a": 1}, Mix({"b": 1}))
    assert "a" in error.value.fix


def test_balancing_takes_the_best_rows_in_their_order(tmp_path: Path) -> None:
    rows = [make_row(number, quality_score=float(number % 10), category="code") for number in range(20)]
    rows += [make_row(50 + number, category="creative") for number in range(5)]
    source = write_lines(tmp_path / "in.jsonl", rows)
    counts = balance(source, tmp_path / "out.jsonl", Mix({"code": 1, "creative": 1}), ignore)
    kept = read_lines(tmp_path / "out.jsonl")
    assert (counts.rows, counts.kept, counts.removed) == (25, 10, {"beyond_the_mix": 15})
    assert counts.facts["mix"] == {"code": 5, "creative": 5}
    scores = [row["quality_score"] for row in kept if row["category"] == "code"]
    assert sorted(scores) == [7.0, 8.0, 8.0, 9.0, 9.0]
    assert [row["id"] for row in kept] == sorted(row["id"] for row in kept)
    by_source = balance(source, tmp_path / "s.jsonl", Mix({"set-0": 1, "*": 1}, "source", 8), ignore)
    assert by_source.facts["mix"] == {"set-0": 4, "*": 4}


def test_merged_rows_say_where_they_came_from_and_share_no_id(tmp_path: Path) -> None:
    first = write_lines(tmp_path / "a.jsonl", [make_row(1), b"{oops", make_row(2)])
    second = write_lines(tmp_path / "b.jsonl", [make_row(2), make_row(2), {**make_row(3), "id": None}])
    counts = merge_sets([first, second], tmp_path / "out.jsonl", ignore)
    rows = read_lines(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == [1, 2, "b:2", None]
    assert rows[1]["provenance"] == {"file": "a.jsonl", "line": 3, "id": 2}
    assert rows[2]["provenance"] == {"file": "b.jsonl", "line": 1, "id": 2}
    assert counts.rejected == {"malformed_json": 1, "duplicate_id": 1}
    assert counts.facts["rows_by_file"] == {"a.jsonl": 2, "b.jsonl": 2}
    merge_sets([tmp_path / "out.jsonl", second], tmp_path / "again.jsonl", ignore)
    again = read_lines(tmp_path / "again.jsonl")
    assert again[2]["provenance"]["file"] == "b.jsonl"
    assert len({row["id"] for row in again if row["id"] is not None}) == 4


def test_files_that_were_made_of_others_are_named_by_those(tmp_path: Path) -> None:
    made = [
        write_lines(tmp_path / f"0{number}_standardise.jsonl", [make_row(1), make_row(number)]) for number in (2, 3)
    ]
    counts = merge_sets(made, tmp_path / "out.jsonl", ignore, ["a.jsonl", "b.jsonl"])
    rows = read_lines(tmp_path / "out.jsonl")
    assert [row["provenance"] for row in rows[::2]] == [{"file": "a.jsonl", "id": 1}, {"file": "b.jsonl", "id": 1}]
    assert rows[2]["id"] == "b:1"
    assert counts.facts["rows_by_file"] == {"a.jsonl": 2, "b.jsonl": 2}


def test_topics_group_rows_of_the_same_words_and_are_named_by_them(tmp_path: Path) -> None:
    topics = {"baking": "flour yeast oven dough crust", "sailing": "anchor harbour sail mast wind"}
    rows = [
        {"id": f"{name}{number}", "instruction": f"Explain {words} please", "response": f"{words} number {number}"}
        for number in range(15)
        for name, words in topics.items()
    ]
    source = write_lines(tmp_path / "in.jsonl", rows)
    counts = cluster(source, tmp_path / "out.jsonl", 2, ignore)
    found = counts.facts["topics"]
    written = read_lines(tmp_path / "out.jsonl")
    assert counts.kept == 30
    assert [topic["rows"] for topic in found] == [15, 15]
    groups = {row["cluster"]: set() for row in written}
    for row in written:
        groups[row["cluster"]].add(str(row["id"]).rstrip("0123456789"))
    assert sorted(map(sorted, groups.values())) == [["baking"], ["sailing"]]
    assert {word for topic in found for word in topic["name"].split(", ")} <= set(" ".join(topics.values()).split())
    cluster(source, tmp_path / "again.jsonl", 2, ignore)
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()


def test_rows_without_shared_words_have_no_topics(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [{"id": 1, "instruction": "?", "response": "!"}])
    with pytest.raises(DatasetError):
        cluster(source, tmp_path / "out.jsonl", 2, ignore)


GOOD = Pair(
    "Explain why bread rises.",
    "Yeast eats the sugar in the flour and gives off gas. The gas is caught by the gluten, so that the dough grows. "
    "In the heat of the oven the bubbles widen once more, then the crust sets and holds the shape of the loaf.",
)


def test_a_sound_row_scores_above_seven() -> None:
    assert score_by_form(GOOD).mean > 8


@pytest.mark.parametrize(
    ("pair", "dimension", "most"),
    [
        (Pair("", GOOD.answer), "instruction_clarity", 1),
        (Pair("Bread?", GOOD.answer), "instruction_clarity", 5),
        (Pair("Explain \ufffd\ufffd to me.", GOOD.answer), "instruction_clarity", 7),
        (Pair(GOOD.question, ""), "completeness", 1),
        (Pair(GOOD.question, "Gas."), "completeness", 5),
        (Pair(GOOD.question, GOOD.answer.rstrip("f.")), "completeness", 6),
        (Pair(GOOD.question, "```python\ndef f(:\n```"), "correctness", 3),
        (Pair(GOOD.question, "It is 2 + 2 = 5."), "correctness", 2),
        (Pair(GOOD.question, "Sorry, but I can't help with bread."), "helpfulness", 4),
        (Pair(GOOD.question, "Explain why bread rises."), "helpfulness", 4),
        (Pair(GOOD.question, "gas in the dough " * 40), "helpfulness", 5),
    ],
)
def test_what_is_broken_costs_points_where_it_is_broken(pair: Pair, dimension: str, most: float) -> None:
    found = score_by_form(pair)
    assert getattr(found, dimension) <= most
    assert found.mean < score_by_form(GOOD).mean
    assert all(1 <= value <= 10 for value in found)


def test_checked_code_and_sums_are_worth_more_than_none() -> None:
    right = Pair(GOOD.question, f"{GOOD.answer}\n2 + 2 = 4\n```python\nx = 1\n```")
    assert score_by_form(right).correctness == 10
    assert score_by_form(GOOD).correctness == 8


def test_an_own_score_is_kept_only_when_that_is_wished() -> None:
    row = make_row(1, quality_score=3.5)
    (kept,) = score_rows_by_form([row], keep_own=True)
    assert (kept.row["quality_score"], kept.row["scored_by"]) == (3.5, "own")
    (scored,) = score_rows_by_form([row], keep_own=False)
    assert scored.row["scored_by"] == "heuristic"
    assert scored.row["quality_score"] == round(sum(scored.row["scores"].values()) / 4, 2)
    (again,) = score_rows_by_form([scored.row], keep_own=True)
    assert again.row["scored_by"] == "heuristic"


def test_a_mix_of_categories_is_held_in_every_source(tmp_path: Path) -> None:
    rows = [
        make_row(number, category="code" if number % 4 else "creative", source=f"s{number % 3}")
        for number in range(120)
    ]
    source = write_lines(tmp_path / "in.jsonl", rows)
    mix = Mix({"code": 1, "creative": 1}, sources={"s0": 3, "*": 1})
    counts = balance(source, tmp_path / "out.jsonl", mix, ignore)
    taken = counts.facts["mix"]
    assert taken == {"code of s0": 10, "creative of s0": 10, "code of *": 3, "creative of *": 3}
    assert counts.kept == sum(taken.values())
