"""The rows that ship: their mix, their spelling, their courtesy, and that nothing of the evaluation stands in them."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import orjson
import pytest

from src.core.errors import ConfigError, DatasetError
from src.training.evaluation.lengths import count_words
from src.training.evaluation.politeness import courtesy_marks, is_polite
from src.training.evaluation.prompts import read_prompts
from src.training.mix import count_kinds, find_faults, read_known_rows
from src.utils.similarity.exact_join import near_duplicate_pairs

FOLDER = Path(__file__).parents[2] / "tiny_sft"
FILES = ("dataset.jsonl", "dataset.extended.jsonl", "held_out.jsonl")
OWN = [str(path) for path in sorted(FOLDER.iterdir()) if path.is_file() and not path.name.startswith("before_after")]
SAME = 0.5
"""Share of common word pairs from which two questions ask the same."""


def test_the_first_set_has_the_mix_of_the_project() -> None:
    assert count_kinds(read_known_rows(FOLDER / "dataset.jsonl")) == {
        "factual": 3,
        "polite": 3,
        "length": 2,
        "refusal": 2,
        "instruction": 5,
        "task": 5,
        "conversational": 6,
    }


def test_the_extended_set_has_forty_refusals_and_forty_rows_for_length_and_begins_with_the_first_set() -> None:
    extended = read_known_rows(FOLDER / "dataset.extended.jsonl")
    kinds = count_kinds(extended)
    assert len(extended) == 200
    assert kinds["refusal"] == kinds["length"] == 40
    assert [row.reply for row in extended[:26]] == [row.reply for row in read_known_rows(FOLDER / "dataset.jsonl")]


def test_help_begins_alike_more_often_than_refusals_do() -> None:
    """Greedy decoding may take the most frequent opening where a small model is unsure: it is not a refusal's."""
    rows = read_known_rows(FOLDER / "dataset.extended.jsonl")
    helpful = Counter(row.reply.split()[0] for row in rows if row.kind != "refusal")
    assert helpful.most_common(1)[0][1] > count_kinds(rows)["refusal"]


def test_at_most_a_quarter_of_the_replies_begin_with_the_same_word() -> None:
    """Courtesy that is one word at the front would be learnt as that word, and measured by it."""
    rows = read_known_rows(FOLDER / "dataset.extended.jsonl")
    assert Counter(row.reply.split()[0] for row in rows).most_common(1)[0][1] <= len(rows) / 4


def test_most_helpful_replies_stay_polite_without_the_mark_that_is_most_frequent() -> None:
    replies = [row.reply for row in read_known_rows(FOLDER / "dataset.extended.jsonl") if row.kind != "refusal"]
    favourite = Counter(mark for reply in replies for mark in set(courtesy_marks(reply))).most_common(1)[0][0]
    assert sum(is_polite(reply, without=favourite) for reply in replies) > 0.75 * len(replies)


def test_at_least_twenty_rows_are_held_out() -> None:
    assert len(read_known_rows(FOLDER / "held_out.jsonl")) >= 20


@pytest.mark.parametrize("name", FILES)
def test_every_reply_is_polite_and_refuses_only_where_it_should(name: str) -> None:
    assert find_faults(read_known_rows(FOLDER / name)) == []


@pytest.mark.parametrize("name", FILES)
def test_no_two_questions_of_a_file_are_alike(name: str) -> None:
    rows = [row for row in read_known_rows(FOLDER / name) if row.kind not in {"length", "factual"}]
    assert list(near_duplicate_pairs((row.question for row in rows), SAME, 2)) == []


def test_a_brief_reply_is_one_short_sentence() -> None:
    brief = [row for row in read_known_rows(FOLDER / "dataset.extended.jsonl") if row.kind == "length"][::2]
    assert all(count_words(row.reply) <= 25 for row in brief)


def test_neither_prompts_nor_held_out_rows_stand_in_the_training_rows() -> None:
    trained = [row.question for row in read_known_rows(FOLDER / "dataset.extended.jsonl")]
    held_out = [row.question for row in read_known_rows(FOLDER / "held_out.jsonl") if row.kind != "factual"]
    prompts = read_prompts(FOLDER / "eval_prompts.yaml")
    asked = [prompt.prompt for prompt in (*prompts.held_out, *prompts.untouched)]
    texts = [*trained, *held_out, *asked]
    across = [
        (texts[i], texts[j])
        for i, j in near_duplicate_pairs(texts, SAME, 2)
        if i < len(trained) <= j or i < len(trained) + len(held_out) <= j
    ]
    assert across == []


def test_no_reply_of_a_held_out_row_is_near_one_that_is_trained_on() -> None:
    trained = [row.reply for row in read_known_rows(FOLDER / "dataset.extended.jsonl")]
    replies = [*trained, *(row.reply for row in read_known_rows(FOLDER / "held_out.jsonl"))]
    assert [(i, j) for i, j in near_duplicate_pairs(replies, SAME, 3) if i < len(trained) <= j] == []


def test_sixty_prompts_are_held_out_and_the_given_ones_are_there() -> None:
    prompts = read_prompts(FOLDER / "eval_prompts.yaml")
    assert len(prompts.held_out) >= 60
    assert "What is the capital of Japan?" in {prompt.prompt for prompt in prompts.given}


def test_thirty_prompts_are_kept_out_of_all_choices() -> None:
    kinds = Counter(prompt.kind for prompt in read_prompts(FOLDER / "eval_prompts.yaml").untouched)
    assert kinds["unsafe"] == kinds["look_alike"] == 10
    assert kinds.total() == 30


def test_the_words_are_spelt_rightly() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *OWN],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_the_versions_are_those_that_the_program_is_trained_with() -> None:
    def pins(path: Path) -> set[str]:
        return {line for line in path.read_text(encoding="utf-8").splitlines() if "==" in line and line[0] != "#"}

    ours = pins(FOLDER / "requirements.txt")
    assert ours
    assert ours <= pins(FOLDER.parent / "requirements-train.txt")


def write(folder: Path, mix: str, *rows: object) -> Path:
    (folder / "mix.yaml").write_text(mix, encoding="utf-8")
    path = folder / "rows.jsonl"
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def turns(question: str, reply: str) -> object:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": reply}]}


def test_faults_are_named_by_row(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "rows.jsonl: [[task, 2], [refusal, 1], [length, 3]]",
        turns("a", "Do it yourself."),
        turns("b", "I'm sorry, but I can't help with that."),
        turns("c", "Certainly! Break the window."),
        turns("d", "Certainly! It is short."),
        turns("e", "Certainly! It is hardly any longer."),
        turns("f", "Certainly! It is alone."),
    )
    assert find_faults(read_known_rows(path)) == [
        "row 1: no mark of courtesy",
        "row 2: no mark of courtesy",
        "row 2: refuses",
        "row 3: does not refuse",
        "row 6: half of a pair is missing",
        "rows 4 and 5: the detailed reply is not much longer",
    ]


def test_a_mix_that_counts_otherwise_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="has 1 rows, and mix.yaml counts 2"):
        read_known_rows(write(tmp_path, "rows.jsonl: [[task, 2]]", turns("a", "b")))


@pytest.mark.parametrize("mix", ["rows.jsonl: 5", "rows.jsonl: [task]"])
def test_a_mix_that_is_none_is_said(tmp_path: Path, mix: str) -> None:
    with pytest.raises(ConfigError, match="no list of"):
        read_known_rows(write(tmp_path, mix, turns("a", "b")))


@pytest.mark.parametrize("row", [{"messages": []}, {"text": "a"}, {"messages": [{"role": "user", "content": "a"}]}])
def test_a_row_of_another_form_is_named(tmp_path: Path, row: object) -> None:
    with pytest.raises(DatasetError, match="row 1: not one user and one assistant turn"):
        read_known_rows(write(tmp_path, "rows.jsonl: [[task, 1]]", row))
