"""The splitter: a partition at the ratio, with no leak between its sides, the same for the same seed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.errors import ConfigError
from src.core.types import Message, Sample, Span
from src.utils.sample_groups import group_samples, split_key
from src.utils.split_quota import choose_validation, choose_validation_by_bucket
from src.utils.splitter import split_samples
from tests.fakes import make_sample

ROOT = Path(__file__).resolve().parents[2]
RATIOS = [0.9, 0.8, 0.7, 0.5, 0.65, 0.05, 0.99]


def numbered(number, **changes):
    """A sample like no other: every word carries its number."""
    words = " ".join(f"word{number}n{place}" for place in range(8))
    return make_sample(f"Question {number}?", words, **changes)


def many(count, source="a.txt", start=0, **changes):
    return [numbered(start + number, source=source, **changes) for number in range(count)]


class Splits(NamedTuple):
    train: tuple[Sample, ...]
    validation: tuple[Sample, ...]
    warnings: tuple[str, ...]


def split(samples, ratio=0.8, strategy="weighted", weight_by="source", seed=42):
    keys = map(split_key, samples)
    sides = split_samples(keys, ratio=ratio, strategy=strategy, weight_by=weight_by, seed=seed)
    train, validation = (tuple(samples[number] for number in numbers) for numbers in sides[:2])
    return Splits(train, validation, sides.warnings)


def groups_of(samples):
    return [[samples[number] for number in group] for group in group_samples(map(split_key, samples)).groups]


def counts_by_keyword(samples):
    return Counter(sample.keyword_label for sample in samples)


SAMPLES = st.lists(
    st.builds(
        lambda number, source, keyword, group: numbered(
            number,
            source=source,
            keywords=(keyword,) if keyword else (),
            group=group,
        ),
        st.integers(0, 60),
        st.sampled_from(["a.txt", "b.pdf", "c.csv", "d.md", ""]),
        st.sampled_from(["kiln", "clay", "glaze", ""]),
        st.sampled_from(["", "", "", "one", "two", "three"]),
    ),
    max_size=40,
    unique_by=lambda sample: sample.id,
)
STRATEGIES = st.sampled_from(["random", "weighted"])
BY = st.sampled_from(["source", "keywords"])
ANY_RATIO = st.sampled_from(RATIOS) | st.floats(0.01, 0.99)


@given(samples=SAMPLES, ratio=ANY_RATIO, strategy=STRATEGIES, by=BY, seed=st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_every_split_keeps_all_promises(samples, ratio, strategy, by, seed):
    splits = split(samples, ratio, strategy, by, seed)
    groups = groups_of(samples)
    sides = {id(sample): "train" for sample in splits.train} | {
        id(sample): "validation" for sample in splits.validation
    }
    assert sorted(sides) == sorted(id(sample) for sample in samples), "a partition"
    assert len(splits.train) + len(splits.validation) == len(samples)
    assert all(len({sides[id(sample)] for sample in group}) == 1 for group in groups), "no group is torn"
    if len(groups) >= 2:
        assert splits.train
        assert splits.validation
        assert abs(len(splits.train) - ratio * len(samples)) <= max(map(len, groups)) + 1e-9


@given(samples=SAMPLES, ratio=ANY_RATIO, strategy=STRATEGIES, by=BY, order=st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_samples_does_not_matter(samples, ratio, strategy, by, order):
    shuffled = list(samples)
    order.shuffle(shuffled)
    assert split(samples, ratio, strategy, by) == split(shuffled, ratio, strategy, by)


@given(
    sizes=st.lists(st.tuples(st.integers(1, 9), st.sampled_from("abcdef")), min_size=1, max_size=30),
    share=st.sampled_from([Fraction(1, 10), Fraction(1, 5), Fraction(3, 10), Fraction(1, 2), Fraction(9, 10)]),
)
@settings(max_examples=500, deadline=None)
def test_every_bucket_is_cut_to_within_one_of_its_groups(sizes, share):
    numbers = [size for size, _ in sizes]
    buckets = [bucket for _, bucket in sizes]
    chosen = choose_validation_by_bucket(numbers, buckets, share)
    for bucket in set(buckets):
        members = [number for number, name in enumerate(buckets) if name == bucket]
        total = sum(numbers[number] for number in members)
        got = sum(numbers[number] for number in members if number in chosen)
        assert abs(got - share * total) <= max(numbers[number] for number in members)


@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=30), share=st.fractions(Fraction(1, 100), Fraction(99, 100))
)
@settings(max_examples=300, deadline=None)
def test_a_plain_cut_is_off_by_one_group_at_most(sizes, share):
    chosen = choose_validation(sizes, share)
    assert abs(sum(sizes[number] for number in chosen) - share * sum(sizes)) <= max(sizes)
    assert len(sizes) == 1 or 0 < len(chosen) < len(sizes)


@pytest.mark.parametrize(("ratio", "train"), [(0.9, 90), (0.8, 80), (0.7, 70), (0.65, 65), (0.333, 33)])
@pytest.mark.parametrize("strategy", ["random", "weighted"])
def test_a_hundred_samples_are_cut_exactly_at_the_ratio(ratio, train, strategy):
    splits = split(many(60) + many(40, "b.txt", 60), ratio, strategy)
    assert (len(splits.train), len(splits.validation)) == (train, 100 - train)
    assert splits.warnings == ()


@pytest.mark.parametrize("ratio", [0.9, 0.8, 0.7])
def test_weighted_split_keeps_every_source_in_both_halves(ratio):
    samples = many(10) + many(20, "b.txt", 10) + many(30, "c.txt", 30)
    splits = split(samples, ratio)
    assert Counter(sample.source_file for sample in splits.train) == {
        "a.txt": 10 * ratio,
        "b.txt": 20 * ratio,
        "c.txt": 30 * ratio,
    }


def test_small_sources_share_the_validation_by_largest_remainder():
    samples = [sample for number in range(10) for sample in many(3, f"{number}.txt", number * 3)]
    splits = split(samples, 0.8)
    assert len(splits.validation) == 6
    assert max(Counter(sample.source_file for sample in splits.validation).values()) == 1


def test_weighted_by_keywords_cuts_every_first_keyword():
    samples = (
        many(10, keywords=("kiln", "x")) + many(10, start=10, keywords=("glaze",)) + many(10, start=20, keywords=())
    )
    splits = split(samples, 0.8, weight_by="keywords")
    assert counts_by_keyword(splits.train) == {"(none)": 8, "glaze": 8, "kiln": 8}
    assert counts_by_keyword(splits.validation) == {"(none)": 2, "glaze": 2, "kiln": 2}


def test_samples_of_one_conversation_or_passage_stay_together():
    windows = [numbered(number, group="talk") for number in range(4)]
    passage = [numbered(10 + number, source="p.txt", span=Span(0, 90)) for number in range(3)]
    for seed in range(20):
        splits = split([*windows, *passage, *many(8, start=20)], 0.7, "random", seed=seed)
        for together in (windows, passage):
            assert len({sample in splits.train for sample in together}) == 1


def test_near_duplicates_stay_together_whatever_their_system_text():
    answer = " ".join(f"step{number}" for number in range(40))
    twins = [
        make_sample("How is a pot made?", answer, source="a.txt"),
        make_sample("How is a pot made?", f"{answer} done", source="b.txt"),
    ]
    system = Message("system", " ".join(f"rule{number}" for number in range(200)))
    others = [
        Sample((system, *numbered(number).messages), origin="generated", source_file="a.txt") for number in range(10)
    ]
    assert sorted(map(len, groups_of([*twins, *others]))) == [1] * 10 + [2]


def test_a_text_with_one_word_spelled_otherwise_stays_beside_the_other():
    question, answer = "When does the old bridge near the river open?", "It opens at seven in the morning every day."
    twins = [make_sample(question, answer), make_sample(f"{question[:-1]}, please?", f"{answer[:-1]}!")]
    assert sorted(map(len, groups_of([*twins, *many(6)]))) == [1] * 6 + [2]


def test_samples_with_the_same_question_stay_together_but_not_those_with_the_same_greeting():
    asked = [
        make_sample("Why does a glaze run off the pot?", "It was fired too hot for its recipe."),
        make_sample("Why does a glaze RUN off the pot", "Thick layers flow, so brush on two thin ones instead."),
    ]
    greeted = [make_sample("Hello there!", "Good day, our studio opens at nine."), make_sample("Hello there!", "Hi!")]
    assert sorted(map(len, groups_of([*asked, *greeted]))) == [1, 1, 2]


def in_turns(*texts):
    roles = ("user", "assistant") * len(texts)
    return Sample(tuple(Message(role, text) for role, text in zip(roles, texts, strict=False)), "generated")


def test_samples_that_share_an_exchange_stay_together_wherever_it_stands():
    told = ("Which clay is fired at the highest heat?", "Porcelain is, at some 1300 degrees.")
    single, later = in_turns(*told), in_turns("What is bisque?", "A pot that was fired once.", *told)
    third = in_turns("Who digs clay here?", "The parish does, every autumn.", *(text.upper() for text in told))
    other = in_turns("Where is the kiln?", "Behind the barn.", told[0], "Stoneware, they say in our village.")
    assert sorted(map(len, groups_of([single, later, third, other]))) == [1, 3]


def test_the_good_bye_of_long_conversations_connects_nothing():
    bye = ("No, that is all for today, thank you.", "You are welcome.")
    long = [
        in_turns(*(f"{word}{number} " * 12 for number in range(start, start + 4) for word in ("asks", "says")), *bye)
        for start in (0, 10, 20)
    ]
    assert sorted(map(len, groups_of(long))) == [1, 1, 1]


def test_the_threshold_decides_what_is_alike_and_without_one_nothing_belongs_together():
    words = [f"keel{number}" for number in range(20)]
    samples = [
        make_sample("What lies below?", " ".join(words), group="one"),
        make_sample("What is under it?", " ".join([*words[:17], "mast", "boom", "gaff"]), group="two"),
    ]
    keys = list(map(split_key, samples))
    assert [len(group_samples(keys, leak_threshold=threshold).groups) for threshold in (0.5, 0.9, None)] == [1, 2, 2]
    same = [numbered(number, group="one") for number in range(4)]
    assert len(group_samples(map(split_key, same), leak_threshold=None).groups) == 4
    sides = split_samples(map(split_key, same), ratio=0.5, strategy="random", seed=1, leak_threshold=None)
    assert (len(sides.train), len(sides.validation)) == (2, 2)


def test_a_source_of_one_sample_goes_to_training_with_a_warning():
    splits = split(many(10) + many(1, "lonely.txt", 50), 0.8)
    assert "lonely.txt" in {sample.source_file for sample in splits.train}
    assert len(splits.warnings) == 1
    assert "lonely.txt cannot be divided" in splits.warnings[0]
    assert splits.warnings[0].endswith("training.")


def test_a_source_of_one_conversation_goes_to_training_with_a_warning():
    splits = split(many(10) + many(3, "talk.txt", 50, group="talk"), 0.8)
    assert sum(sample.source_file == "talk.txt" for sample in splits.train) == 3
    assert "talk.txt" in splits.warnings[0]


def test_when_every_source_has_one_sample_the_ratio_is_kept_and_said():
    samples = [numbered(number, source=f"{number}.txt") for number in range(10)]
    splits = split(samples, 0.8)
    assert (len(splits.train), len(splits.validation)) == (8, 2)
    assert len(splits.warnings) == 2
    assert "and 3 more" in splits.warnings[0]
    assert "validation, to keep the ratio" in splits.warnings[1]


def test_a_single_group_goes_to_training_with_a_warning():
    for samples in (many(1), many(5, group="talk")):
        for strategy in ("random", "weighted"):
            splits = split(samples, 0.5, strategy)
            assert len(splits.train) == len(samples)
            assert splits.validation == ()
            assert "validation is empty" in splits.warnings[0]


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("strategy", ["random", "weighted"])
def test_two_samples_fill_both_sides(ratio, strategy):
    for samples in (many(2), many(1) + many(1, "b.txt", 1)):
        splits = split(samples, ratio, strategy)
        assert (len(splits.train), len(splits.validation)) == (1, 1)


def test_no_samples_make_no_split():
    assert split([]) == Splits((), (), ())


def test_another_seed_gives_another_split():
    samples = many(40)
    assert split(samples, seed=1) == split(samples, seed=1)
    assert split(samples, seed=1).validation != split(samples, seed=2).validation


@pytest.mark.parametrize("ratio", [0, 1, 1.5, -0.2, float("nan")])
def test_an_impossible_ratio_is_refused(ratio):
    with pytest.raises(ConfigError, match=r"split\.ratio"):
        split(many(4), ratio)


def test_the_split_is_the_same_in_every_process():
    code = """
from tests.utils.test_splitter import many, split
for strategy in ("random", "weighted"):
    print([sample.id for side in split(many(9) + many(9, "b.txt", 9), 0.7, strategy)[:2] for sample in side])
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "99")
    }
    assert len(outputs) == 1


def test_keys_are_read_once_and_one_at_a_time():
    keys = (split_key(sample) for sample in many(10))
    sides = split_samples(keys, ratio=0.8, strategy="random", seed=1)
    assert sorted([*sides.train, *sides.validation]) == list(range(10))


def test_a_group_over_several_sources_counts_where_most_of_it_lies():
    spread = [
        numbered(50 + number, source=source, group="g") for number, source in enumerate(["b.txt", "a.txt", "b.txt"])
    ]
    splits = split([*spread, *many(8, "a.txt")], 0.8)
    assert "b.txt cannot be divided" in splits.warnings[0]
