"""Two datasets, or versions of one, by sample: what was added, dropped and changed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from src.core.types import EDITED, Message, Sample, Span
from src.library.differences import Row, find_differences


def say(question, answer, side="train", **more):
    return Row(Sample((Message("user", question), Message("assistant", answer)), origin="generated", **more), side)


def compare(before, after):
    return find_differences(lambda: iter(before), lambda: iter(after))


def test_the_same_samples_are_unchanged_in_whatever_order():
    rows = [say("A?", "1"), say("B?", "2")]
    found = compare(rows, rows[::-1])
    assert found.is_empty
    assert found.counts == {"added": 0, "dropped": 0, "changed": 0, "unchanged": 2}


def test_what_is_only_on_one_side_was_added_or_dropped():
    found = compare([say("A?", "clay"), say("B?", "sand")], [say("B?", "sand"), say("C?", "a new answer")])
    assert [row.sample.messages[0].content for row in found.dropped] == ["A?"]
    assert [row.sample.messages[0].content for row in found.added] == ["C?"]
    assert found.counts == {"added": 1, "dropped": 1, "changed": 0, "unchanged": 1}


def test_an_answer_that_was_rewritten_is_a_change_of_the_text():
    found = compare([say("A?", "clay")], [say("A?", "porcelain")])
    assert found.counts["changed"] == 1
    assert found.changed[0].what == ("text",)


def test_an_edit_tells_what_a_sample_was_before():
    before = say("Old question?", "Old.")
    after = say("Something else entirely?", "New.", metadata={EDITED: {"of": before.sample.id}})
    (change,) = compare([before, say("X?", "y")], [after, say("X?", "y")]).changed
    assert (change.before, change.after) == (before, after)


def test_samples_at_the_same_place_of_a_source_belong_together():
    place = {"source_file": "a.txt", "span": Span(0, 9)}
    found = compare([say("What is it?", "Clay.", **place)], [say("Name this.", "Earth.", **place)])
    assert found.counts == {"added": 0, "dropped": 0, "changed": 1, "unchanged": 0}


def test_samples_with_many_words_in_common_belong_together():
    text = "The kiln is heated slowly so that the water in the clay can leave it"
    found = compare([say("Why slowly?", text)], [say("Why so slowly then?", text + " without harm.")])
    assert found.counts["changed"] == 1


def test_another_side_and_other_keywords_are_changes_too():
    row = say("A?", "1")
    moved = row._replace(split="validation")
    named = replace(say("B?", "2").sample, topic_keywords=("clay",))
    found = compare([row, say("B?", "2")], [moved, Row(named, "train")])
    assert sorted(change.what for change in found.changed) == [("keywords",), ("side",)]


def test_beyond_what_is_listed_everything_is_counted(monkeypatch):
    monkeypatch.setattr("src.library.differences.SHOWN", 2)
    found = compare([], [say(f"Q{number}?", f"answer {number}") for number in range(5)])
    assert found.counts["added"] == 5
    assert len(found.added) == 2


@given(
    st.lists(st.sampled_from("abcdefgh"), unique=True),
    st.lists(st.sampled_from("abcdefgh"), unique=True),
)
def test_every_sample_is_counted_once(before, after):
    found = compare([say(f"{name}?", name * 9) for name in before], [say(f"{name}?", name * 9) for name in after])
    counts = found.counts
    assert counts["unchanged"] + counts["changed"] + counts["dropped"] == len(before)
    assert counts["unchanged"] + counts["changed"] + counts["added"] == len(after)
