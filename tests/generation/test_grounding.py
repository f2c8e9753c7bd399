"""The gates of generated drafts: one line per reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.grounding import Gates, PromptTraces, check_source_references, normalise, question_key

PROMPTS = Path(__file__).parents[2] / "prompts"
PASSAGE = (
    "The kiln is fired in three stages. First it is heated slowly to 600 °C, so that the water leaves the clay. "
    "A sign on the door says “Do not open before noon”. The command `kiln --status` shows the temperature."
)
TRACES = PromptTraces.of((PROMPTS / "system" / "create_mode.txt").read_text(encoding="utf-8"))


def draft(question: str, answer: str, *more: str) -> Draft:
    roles = ("user", "assistant")
    return Draft(tuple(Message(roles[place % 2], turn) for place, turn in enumerate((question, answer, *more))))


def reason(question: str, answer: str, *more: str, passage: str = PASSAGE) -> str:
    return Gates(TRACES).admit(draft(question, answer, *more), passage).reason


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("To what temperature is the kiln heated first?", "It is heated slowly to 600 °C."),
        ("How many stages does a firing have?", "A firing has 3 stages."),
        ("What does the sign on the kiln's door say?", 'It says "do not open before noon".'),
        ("How can I see the temperature of the kiln?", "Run `kiln --status`."),
        ("Why is the kiln heated slowly?", "So that the water leaves the clay; it's the first stage."),
        ("窑炉先加热到多少度？", "先缓慢加热到600度。"),
    ],
)
def test_a_grounded_pair_is_kept(question: str, answer: str) -> None:
    assert reason(question, answer) == ""


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Kiln?", "It is an oven that fires clay.", "question_too_short"),
        ("???!!! ... ???", "It is an oven that fires clay.", "question_too_short"),
        ("What is the first stage?", "…", "answer_too_short"),
        ("The kiln is heated slowly.", "The kiln is heated slowly!", "answer_repeats_question"),
        ("How hot is the kiln in the first stage?", "It reaches 660 °C.", "number_not_in_source"),
        ("What does the sign say?", 'It says "Do not enter".', "quote_not_in_source"),
        ("How can I see the temperature?", "Run `kiln --temp`.", "quote_not_in_source"),
        ("Was sagt das Schild an der Tür?", "Es sagt „Nicht betreten“.", "quote_not_in_source"),
        ("How hot is the kiln first?", "According to the passage, it reaches 600 °C.", "refers_to_source"),
        ("What does the passage say about kilns?", "They are fired in stages.", "refers_to_source"),
        ("How hot is the kiln first?", "As mentioned above, 600 °C.", "refers_to_source"),
        ("Wie heiß wird der Ofen?", "Wie oben erwähnt, 600 °C.", "refers_to_source"),
        ("À quelle température ?", "D’après le texte, 600 °C.", "refers_to_source"),
        ("Why are the lamps of a darkroom red?", "They do not spoil the paper.", "copied_example"),
        (
            "What must every answer do for its question?",
            "The answer answers exactly this question, in whole sentences, and says nothing twice.",
            "",
        ),
        (
            "What are the rules of the answer?",
            "4. The answer answers exactly this question, in whole sentences, and says nothing twice.",
            "copied_prompt",
        ),
    ],
)
def test_every_reason_is_given_for_its_fault(question: str, answer: str, expected: str) -> None:
    assert reason(question, answer) == expected


def test_every_turn_of_a_conversation_is_checked() -> None:
    good = ("How many stages does a firing have?", "It has three stages.")
    assert reason(*good, "How hot is the first?", "It reaches 600 °C.") == ""
    assert reason(*good, "How hot is the first?", "It reaches 700 °C.") == "number_not_in_source"
    assert reason(*good, "And the first?", "?") == "answer_too_short"


def test_without_a_passage_nothing_is_checked_against_one() -> None:
    assert reason("How hot is the first stage?", 'It reaches 700 °C, called "red heat".', passage="") == ""


def test_a_question_is_admitted_once_whatever_its_case_and_marks() -> None:
    gates = Gates(TRACES)
    assert gates.admit(draft("What is the first stage?", "The kiln is heated slowly."), PASSAGE).keep
    again = gates.admit(draft("what is the FIRST stage", "It is slow heating."), PASSAGE)
    assert again == (False, "duplicate_question")


def test_gates_that_only_report_keep_the_draft_with_the_reason_and_gates_that_are_off_give_none() -> None:
    wrong = draft("How hot is the first stage?", "It reaches 5 °C.")
    assert Gates(TRACES, "report").admit(wrong, PASSAGE) == (True, "number_not_in_source")
    off = Gates(TRACES, "off")
    assert [off.admit(wrong, PASSAGE), off.admit(wrong, PASSAGE)] == [(True, ""), (True, "")]


def test_a_rejected_question_may_come_again() -> None:
    gates = Gates(TRACES)
    assert not gates.admit(draft("How hot is the first stage?", "It reaches 5 °C."), PASSAGE).keep
    assert gates.admit(draft("How hot is the first stage?", "It reaches 600 °C."), PASSAGE).keep


def test_questions_of_extracted_conversations_are_taken() -> None:
    gates = Gates(TRACES)
    gates.take(["How hot is it?"])
    assert gates.admit(draft("How hot is it?", "It is 600 °C hot."), PASSAGE) == (False, "duplicate_question")


def test_phrases_inside_other_words_are_no_reference_to_the_source() -> None:
    text = draft("How does the passagesays tool work?", "It parses in the passageway, nothing else.")
    assert check_source_references(text).keep


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_the_key_of_a_question_ignores_marks_around_it(text: str) -> None:
    assert question_key(f" «{text}?» ") == question_key(text)
