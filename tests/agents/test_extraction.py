"""A detected conversation becomes a sample that is word for word its source, or a rejection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from src.agents.extraction import Cutting, SourceText, covered_span, find_mismatch, group_name, to_sample
from src.core.types import Message, Rejection, Role, Sample, Span
from src.utils.detection.types import Conversation, Turn
from tests.agents.makers import make_document

TEXT = "Heading\nA: one\nB: two\n   more\nA: three\nB: four\n"
SOURCE = SourceText.of(make_document(TEXT))
PIECES = {
    "one": (Span(11, 14),),
    "two": (Span(18, 21), Span(25, 29)),
    "three": (Span(33, 38),),
    "four": (Span(42, 46),),
}


def turn(role: Role, word: str, label: str = "") -> Turn:
    return Turn(role, label, PIECES[word])


def talk(*turns: Turn, **more: object) -> Conversation:
    found = Conversation(turns, Span(8, 46), Span(0, 7), "labels", 0.9, Span(8, 46))
    return replace(found, **more)  # type: ignore[arg-type]


def cut(conversation: Conversation, min_turns: int = 2, **more: bool) -> Sample | Rejection:
    return to_sample(SOURCE, conversation, Cutting(min_turns, **more))


def contents(sample: Sample | Rejection) -> list[tuple[str, str]]:
    assert isinstance(sample, Sample)
    return [(message.role, message.content) for message in sample.messages]


def test_contents_are_cut_from_the_source_and_pieces_joined_by_line_breaks() -> None:
    sample = cut(talk(turn("user", "one", "A"), turn("assistant", "two", "B")))
    assert contents(sample) == [("user", "one"), ("assistant", "two\nmore")]
    assert isinstance(sample, Sample)
    assert sample.messages[1].pieces == PIECES["two"]
    assert (sample.origin, sample.source_file, sample.span, sample.locator) == (
        "extracted",
        "mill.txt",
        Span(8, 46),
        "line 2",
    )


def test_how_it_was_found_and_who_is_who_stand_in_the_metadata() -> None:
    sample = cut(talk(turn("user", "one", "A"), turn("assistant", "two", "B")))
    assert isinstance(sample, Sample)
    assert sample.metadata["rule"] == "labels"
    assert sample.metadata["confidence"] == 0.9
    assert sample.metadata["roles"] == {"A": "user", "B": "assistant"}
    assert sample.metadata["text_sha256"] == SOURCE.document.sha256


def test_context_is_verbatim_metadata_and_never_a_message() -> None:
    conversation = talk(turn("user", "one"), turn("assistant", "two"))
    sample = cut(conversation)
    without = cut(conversation, context=False)
    assert isinstance(sample, Sample)
    assert isinstance(without, Sample)
    assert sample.metadata["context"] == "Heading"
    assert "context" not in without.metadata
    assert sample.messages == without.messages


def test_turns_of_one_side_in_a_row_become_one() -> None:
    sample = cut(talk(turn("user", "one"), turn("assistant", "two"), turn("assistant", "three")))
    assert contents(sample) == [("user", "one"), ("assistant", "two\nmore\nthree")]


def test_what_nobody_asked_and_what_nobody_answers_is_left_out() -> None:
    whole = talk(turn("assistant", "one"), turn("user", "two"), turn("assistant", "three"), turn("user", "four"))
    sample = cut(whole)
    assert contents(sample) == [("user", "two\nmore"), ("assistant", "three")]
    assert isinstance(sample, Sample)
    assert sample.metadata["turns_in_source"] == 4


def test_to_look_at_a_conversation_it_can_stay_whole() -> None:
    whole = talk(turn("assistant", "one"), turn("user", "two"), turn("assistant", "three"), turn("user", "four"))
    assert len(contents(cut(whole, whole=True))) == 4


def test_a_system_turn_stays_in_front() -> None:
    sample = cut(talk(turn("system", "one"), turn("user", "two"), turn("assistant", "three")))
    assert [role for role, _ in contents(sample)] == ["system", "user", "assistant"]


@pytest.mark.parametrize(
    "turns",
    [
        (turn("user", "one"), turn("user", "two")),
        (turn("assistant", "one"), turn("user", "two")),
        (turn("assistant", "one"),),
    ],
)
def test_without_an_exchange_there_is_no_sample(turns: tuple[Turn, ...]) -> None:
    found = cut(talk(*turns))
    assert isinstance(found, Rejection)
    assert found.reason == "too_few_turns"


def test_a_conversation_with_fewer_turns_than_asked_for_is_rejected() -> None:
    found = cut(talk(turn("user", "one"), turn("assistant", "two")), min_turns=3)
    assert isinstance(found, Rejection)
    assert "min_turns is 3" in found.detail


@pytest.mark.parametrize(
    ("pieces", "content"),
    [
        ((Span(11, 14),), "One"),
        ((Span(11, 14),), "one "),
        ((), "one"),
        ((Span(46, 470),), "\n"),
        ((Span(-4, 3),), ""),
        ((Span(21, 18),), ""),
        ((Span(14, 15),), "\n"),
    ],
)
def test_anything_but_the_exact_text_is_a_mismatch(pieces: tuple[Span, ...], content: str) -> None:
    sample = Sample((Message("user", content, pieces),), "extracted")
    assert find_mismatch(sample, SOURCE)


def test_messages_of_an_export_that_begins_with_the_newest_are_joined_as_they_were_said() -> None:
    newest_first = talk(turn("user", "four"), turn("assistant", "three"), turn("assistant", "two"))
    assert contents(cut(newest_first)) == [("user", "four"), ("assistant", "three\ntwo\nmore")]


def test_two_turns_cannot_share_a_part_of_the_source() -> None:
    sample = Sample((Message("user", "one", (Span(11, 14),)), Message("assistant", "ne", (Span(12, 14),))), "extracted")
    assert "share" in find_mismatch(sample, SOURCE)


def test_a_detection_that_does_not_fit_the_text_is_not_verbatim() -> None:
    wrong = talk(turn("user", "one"), Turn("assistant", "", (Span(40, 400),)))
    found = cut(wrong)
    assert isinstance(found, Rejection)
    assert found.reason == "not_verbatim"
    assert found.sample is not None


def test_an_answer_may_stand_before_its_question_in_the_source() -> None:
    assert contents(cut(talk(turn("user", "three"), turn("assistant", "one")))) == [
        ("user", "three"),
        ("assistant", "one"),
    ]


def test_windows_of_one_log_are_one_group_and_others_stand_alone() -> None:
    short = talk(turn("user", "one"), turn("assistant", "two"))
    windows = [replace(short, span=Span(start, start + 1), thread=Span(9, 40)) for start in (9, 10)]
    after = replace(short, span=Span(41, 46), thread=Span(41, 46))
    names = [group_name(SOURCE.document, each) for each in (short, *windows, after)]
    assert names[1] == names[2]
    assert len(set(names)) == 3


def test_the_covered_span_holds_every_piece_and_the_labels_of_its_lines() -> None:
    found = talk(turn("user", "one"), turn("assistant", "two"), span=Span(11, 20))
    assert TEXT[slice(*covered_span(SOURCE, found))] == "A: one\nB: two\n   more"


def test_a_long_line_is_not_covered_for_the_sake_of_a_piece_in_it() -> None:
    text = f"{'x' * 200} Q: why? A: so. {'y' * 200}"
    found = Conversation(
        (Turn("user", "", (Span(204, 208),)), Turn("assistant", "", (Span(212, 215),))),
        Span(204, 215),
        None,
        "r",
        1,
        Span(204, 215),
    )
    assert covered_span(SourceText.of(make_document(text)), found) == Span(204, 215)


def test_a_position_past_the_end_has_no_locator() -> None:
    assert SOURCE.locate(0) == "line 1"
    assert SOURCE.locate(len(TEXT)) == ""
    assert SOURCE.locate(len(TEXT) - 1) == SOURCE.document.locate(len(TEXT) - 1)
