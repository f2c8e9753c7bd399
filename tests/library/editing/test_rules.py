"""What rules, patterns and labels do to one sample; a pattern that would not end is stopped."""

from __future__ import annotations

import pytest

from src.core.errors import UsageError
from src.core.types import EDITED, OBJECTION, QUALITY_SCORE, REJECTED
from src.library.editing import rules
from src.library.editing.cleaning import Cleaning
from src.library.editing.labels import Relabelling
from src.library.editing.patterns import Pattern, Replacement
from src.library.editing.revision import Editor
from src.library.editing.rules import Rule, Scope
from src.persistence.models import StoredSample
from tests.fakes import make_sample

ANNA = Editor("anna", "clean")


def row_of(
    answer: str = "An oven that fires clay.",
    question: str = "What is a kiln?",
    *,
    tokens: int = 20,
    split="train",
    **more,
):
    return StoredSample(make_sample(question, answer, **more), tokens, split)


@pytest.mark.parametrize(
    ("rule", "row", "reason"),
    [
        (rules.by_length(10, None), row_of("Yes."), "too_short"),
        (rules.by_length(None, 10), row_of("Yes, it does that."), "too_long"),
        (rules.by_length(3, 30), row_of("Yes."), ""),
        (rules.by_tokens(19), row_of(), "too_many_tokens"),
        (rules.by_tokens(20), row_of(), ""),
        (rules.by_language(("en",)), row_of("Das ist ein Ofen, in dem der Ton nicht nur trocknet."), "other_language"),
        (rules.by_language(("de",)), row_of("Das ist ein Ofen, in dem der Ton nicht nur trocknet."), ""),
        (rules.by_language(("de",)), row_of("1,200 °C"), ""),
        (rules.by_score(7), row_of(**{QUALITY_SCORE: 6.9}), "low_score"),
        (rules.by_score(7), row_of(**{QUALITY_SCORE: 7}), ""),
        (rules.by_score(7), row_of(), ""),
        (rules.refusals, row_of("I'm sorry, but I can't help with that."), "refusal"),
        (rules.refusals, row_of("Es tut mir leid, aber ich kann das nicht."), "refusal"),
        (rules.refusals, row_of("I'm sorry, but I can't say from this text.", task="refusal"), ""),
        (rules.refusals, row_of("Sorry is what potters say."), ""),
        (rules.by_pattern(Pattern("kiln"), "question"), row_of(), "matches_pattern"),
        (rules.by_pattern(Pattern("kiln"), "answer"), row_of(), ""),
        (rules.by_pattern(Pattern("(?i)worse"), "answer"), row_of(**{REJECTED: "Worse."}), "matches_pattern"),
        (rules.by_objection(()), row_of(**{OBJECTION: "weak_support"}), "objection"),
        (rules.by_objection(("weak_support",)), row_of(**{OBJECTION: "other"}), ""),
        (rules.by_mark({row_of().sample.id}), row_of(), "dropped_by_user"),
    ],
)  # fmt: skip
def test_a_rule_gives_its_reason_or_none(rule: Rule, row: StoredSample, reason: str) -> None:
    assert rule(row) == reason


def test_a_scope_narrows_a_change_by_source_topic_and_side() -> None:
    row = row_of(source="guides/kiln.txt")
    assert Scope().holds(row)
    assert Scope(sources=("guides/*",), topics=("clay", "wheel"), splits=("train",)).holds(row)
    assert not Scope(sources=("kiln.txt",)).holds(row)
    assert not Scope(topics=("wheel",)).holds(row)
    assert not Scope(splits=("validation",)).holds(row)
    assert Scope(splits=("none",)).holds(row_of(split=None))


def test_a_sample_outside_of_the_scope_stays_whatever_rules_say() -> None:
    cleaning = Cleaning(ANNA, Scope(sources=("other.txt",)), rules=(rules.by_tokens(0),), trim=True)
    assert cleaning.revise(row_of(" padded ")).row == row_of(" padded ")


def test_replacing_and_trimming_mark_the_sample_and_leave_others_alone() -> None:
    cleaning = Cleaning(ANNA, replacements=(Replacement.read(r"(?i)(oven)s?", r"<\1>"),), part="answer", trim=True)
    changed = cleaning.revise(row_of("\n  Two ovens.  \n", **{REJECTED: "No oven"})).row
    assert changed is not None
    assert changed.sample.messages[-1].content == "Two <oven>."
    assert changed.sample.rejected == "No <oven>"
    assert changed.sample.metadata[EDITED]["how"] == "clean"
    assert cleaning.revise(row_of("Clay.")).row == row_of("Clay.")


def test_trimming_keeps_the_indent_of_code_on_its_first_line() -> None:
    cleaning = Cleaning(ANNA, trim=True)
    changed = cleaning.revise(row_of("\n\n    if hot:\n        wait()\n\n")).row
    assert changed is not None
    assert changed.sample.messages[-1].content == "    if hot:\n        wait()"


def test_roles_change_places_topics_merge_and_sides_move() -> None:
    labels = Relabelling.read(
        ("role:user=assistant", "role:assistant=user", "topic:clay=kiln", "split:train=validation")
    )
    changed = Cleaning(ANNA, labels=labels).revise(row_of()).row
    assert changed is not None
    assert [turn.role for turn in changed.sample.messages] == ["assistant", "user"]
    assert changed.sample.topic_keywords == ("kiln",)
    assert changed.split == "validation"
    cleared = Cleaning(ANNA, labels=Relabelling.read(("topic:=", "split:=train"))).revise(row_of(split=None)).row
    assert cleared is not None
    assert (cleared.sample.topic_keywords, cleared.split) == ((), "train")
    assert EDITED not in cleared.sample.metadata


@pytest.mark.parametrize(
    "text", ["role", "role:user", "colour:a=b", "role:usr=user", "role:user=", "split:train=test", "split:a=train"]
)
def test_a_relabelling_that_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Relabelling.read((text,))


def test_the_same_label_is_not_relabelled_twice() -> None:
    with pytest.raises(UsageError, match="twice"):
        Relabelling.read(("topic:a=b", "topic:a=c"))


@pytest.mark.parametrize("pattern", ["(a|aa)+$", "(.*?,){25}P"])
def test_a_pattern_that_would_not_end_is_stopped(pattern: str) -> None:
    text = "a" * 60 + "1," * 40 + "b"
    quick = Pattern(pattern)
    quick.timeout_s = 0.01
    with pytest.raises(UsageError, match="would not end"):
        quick.matches(text if "," in pattern else "a" * 60 + "b")


@pytest.mark.parametrize("pattern", ["(", "a" * 2001, "(?P<x", "[z-a]"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError):
        Pattern(pattern)


@pytest.mark.parametrize("replacement", [r"\3", r"\g<name>", "end\\", "x" * 10_001])
def test_a_replacement_that_names_no_group_is_refused(replacement: str) -> None:
    with pytest.raises(UsageError):
        Replacement.read("(?i)(a)(?P<b>b)?", replacement)


def test_a_group_that_took_no_part_is_empty_in_the_replacement() -> None:
    assert Replacement.read("(a)|(?P<b>b)", r"<\1\g<b>>").apply("ab") == "<a><b>"


def test_replacing_cannot_blow_up_a_text() -> None:
    with pytest.raises(UsageError, match="longer"):
        Replacement.read("", "x" * 10_000).apply("a" * 1000)
