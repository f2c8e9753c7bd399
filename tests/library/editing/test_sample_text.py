"""One sample as text: what is written is read back to the letter, and every mistake is named with its line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.types import EDITED, REJECTED, Message, Sample, Span
from src.library.editing.revision import Editor
from src.library.editing.sample_text import SampleTextError, read_sample_text, take_text, write_sample_text
from src.persistence.models import StoredSample
from tests.fakes import make_sample

ANNA = Editor("anna", "edit")
_TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), st.sampled_from("\n\r<\\ ")),
    max_size=40,
)
_MESSAGES = st.lists(
    st.builds(Message, st.sampled_from(["system", "user", "assistant"]), _TEXTS), min_size=1, max_size=4
)


@given(_MESSAGES, _TEXTS.filter(str.strip) | st.just(""), st.lists(_TEXTS, max_size=3))
@settings(max_examples=80, deadline=None)
def test_a_text_that_nobody_touched_changes_nothing(messages: list[Message], worse: str, keywords: list[str]) -> None:
    sample = Sample(
        tuple(messages), "generated", topic_keywords=tuple(keywords), metadata={REJECTED: worse} if worse else {}
    )
    row = StoredSample(sample, 5, "train")
    assert take_text(row, write_sample_text(row, "pots"), ANNA) == row


def test_a_changed_answer_keeps_its_provenance_and_says_that_it_was_edited() -> None:
    turns = (Message("user", "Hot?", (Span(0, 4),)), Message("assistant", "Yes.", (Span(5, 9),)))
    sample = Sample(
        turns, "extracted", "a.txt", Span(0, 9), ("heat",), "a#0", "line 1", {"quality_score": 8.0, "rule": "x"}
    )
    row = StoredSample(sample, 5, "validation")
    text = write_sample_text(row, "pots").replace("Yes.", "Yes, very.").replace("split: validation", "split: train")
    changed = take_text(row, text.replace("keywords: heat", "keywords: heat, glaze"), ANNA)
    assert [turn.content for turn in changed.sample.messages] == ["Hot?", "Yes, very."]
    assert [turn.pieces for turn in changed.sample.messages] == [(Span(0, 4),), ()]
    assert changed.sample.metadata == {"rule": "x", EDITED: {"of": sample.id, "by": "anna", "how": "edit"}}
    assert (changed.split, changed.sample.topic_keywords) == ("train", ("heat", "glaze"))
    assert (changed.sample.source_file, changed.sample.span, changed.sample.group) == ("a.txt", Span(0, 9), "a#0")
    again = take_text(changed, write_sample_text(changed, "pots").replace("very", "quite"), Editor("ben", "review"))
    assert again.sample.metadata[EDITED] == {"of": sample.id, "by": "ben", "how": "review"}


def test_an_editor_may_end_lines_as_windows_does() -> None:
    row = StoredSample(make_sample(answer="One.\nTwo."), 5, "train")
    assert take_text(row, "\ufeff" + write_sample_text(row, "pots").replace("\n", "\r\n"), ANNA) == row


@pytest.mark.parametrize(
    ("before", "after", "line", "problem"),
    [
        ("<<< user >>>", "<<< usr >>>", 6, "'<<< usr >>>' is no heading"),
        ("<<< user >>>", "", 7, "stands before the first heading"),
        ("keywords: kiln,clay", "keywords: kiln\ntopic: clay", 4, "'topic: clay' stands before"),
        ("split: train", "split: test", 4, "no side 'test'"),
        ("split: train", "split: train\nsplit: train", 5, "stands there twice"),
        ("split: train", "", 1, "no line 'split:'"),
        ("An oven", "<<< worse answer >>>\n\n<<< assistant >>>\nAn oven", 10, "worse answer is empty"),
        ("An oven", "<<< worse answer >>>\nx\n<<< assistant >>>\nAn oven", 12, "behind the worse answer"),
        ("keywords: kiln,clay", 'keywords: "kiln', 3, "mark is not closed"),
    ],
)
def test_every_mistake_is_named_with_its_line(before: str, after: str, line: int, problem: str) -> None:
    text = write_sample_text(StoredSample(make_sample(), 5, "train"), "pots")
    assert before in text
    with pytest.raises(SampleTextError, match=problem) as caught:
        read_sample_text(text.replace(before, after))
    assert caught.value.line == line
    assert caught.value.fix


def test_a_text_without_any_turn_is_no_sample() -> None:
    with pytest.raises(SampleTextError, match="no heading"):
        read_sample_text("keywords:\nsplit: none\n")
