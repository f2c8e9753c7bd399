"""Sentences that stand alone, and questions that a text asks itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.types import Section, SourceDocument
from src.generation.answer_first.facts import find_facts, find_question_headings, slice_pieces, stands_alone
from src.utils.chunker import Passage, make_passages


def passages_of(text: str) -> tuple[Passage, ...]:
    return make_passages(SourceDocument(Path("a.txt"), "a.txt", (Section(text),), "0" * 64))


def facts_of(text: str) -> list[str]:
    return [fact.text for passage in passages_of(text) for fact in find_facts(passage)]


def pairs_of(text: str) -> list[tuple[str, str]]:
    return [
        (slice_pieces(passage, pair.question), slice_pieces(passage, pair.answer))
        for passage in passages_of(text)
        for pair in find_question_headings(passage)
    ]


def test_sentences_of_a_paragraph_are_facts_in_order() -> None:
    text = "The ferry leaves the pier at noon. A bell is rung before each trip. It is loud."
    assert facts_of(text) == ["The ferry leaves the pier at noon.", "A bell is rung before each trip."]


def test_a_wrapped_sentence_is_cut_into_its_lines_without_indentation() -> None:
    text = "  The ferry leaves the pier\n  at noon on every weekday.\n"
    (passage,) = passages_of(text)
    (fact,) = find_facts(passage)
    assert fact.content == "The ferry leaves the pier\nat noon on every weekday."
    assert "\n".join(text[piece.start : piece.end] for piece in fact.pieces) == fact.content
    assert text[fact.span.start : fact.span.end].split() == fact.text.split()


def test_list_items_are_sentences_of_their_own() -> None:
    text = "- Rinse the jars with hot water.\n- lids and rings\n2. Dry the jars on a clean towel.\n"
    assert facts_of(text) == ["Rinse the jars with hot water.", "Dry the jars on a clean towel."]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    text = "Small tools, e.g. chisels and files, hang on the wall."
    assert facts_of(text) == [text]


@pytest.mark.parametrize(
    "sentence",
    [
        "It opens at nine in the morning.",
        "However, the door stays open all night.",
        "The lamp is shown in figure 3 of the guide.",
        "Use the key as described above in the text.",
        "I keep my bread in a wooden box.",
        "the door opens at nine in the morning.",
        "The door opens at nine in the morning",
        "Too short.",
        "Ada: The door opens at nine in the morning.",
        "THE DOOR OPENS AT NINE IN THE MORNING.",
        "The door (the blue one opens at nine in the morning.",
        'He said "the door opens at nine.',
        "12 The door opens at nine in the morning.",
        "Set x = 5; y = 7; z = 9; a = 1; b = 2; c = 3.",
    ],
)
def test_what_leans_on_other_text_or_is_no_prose_is_no_fact(sentence: str) -> None:
    assert not stands_alone(sentence) or not facts_of(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "# The door opens at nine in the morning.\n",
        "Bench A | oak is a hard and heavy wood. | 4\n",
        "See https://example.org for the opening hours of the mill.\n",
        "The `open` command opens the door of the mill.\n",
        "The temper-\nature of the kiln is shown on a dial.\n",
    ],
)
def test_headings_tables_links_code_and_broken_words_are_no_facts(text: str) -> None:
    assert facts_of(text) == []


def test_a_question_heading_is_paired_with_the_paragraph_below() -> None:
    text = "## 2.1 How do I dry herbs?\n\nHang them upside down\nin a dark room.\n\nAnother paragraph follows here.\n"
    assert pairs_of(text) == [("How do I dry herbs?", "Hang them upside down\nin a dark room.")]


@pytest.mark.parametrize("mark", [":", " -", "."])
def test_labels_of_question_and_answer_are_left_out(mark: str) -> None:
    assert pairs_of(f"Q{mark} Is the tower open?\nA{mark} The tower is open on Sundays.\n") == [
        ("Is the tower open?", "The tower is open on Sundays.")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1. Is the tower open?\n2. Is the mill open?\n",
        "Is the tower open?\n\nShould one ask? The guide knows.\n",
        "Is the tower open?\n\nOpening hours and prices\n",
        "Is the tower open?\n",
        "Anna: Is the tower open?\nBen: The tower is open on Sundays.\n",
        "We asked ourselves\nwhether to go: is the tower open?\nThe tower is open on Sundays.\n",
        "What do these mean?\n\nThe tower is open on Sundays.\n",
        "No. 3. Well?\n\nThe tower is open on Sundays.\n",
        "A1. Is the tower open?\n\nA2. The mill does not turn any more.\n",
        "Is the tower open?\n\nThis question is asked by many visitors.\n",
    ],
)
def test_questions_without_an_answer_below_give_no_pair(text: str) -> None:
    assert pairs_of(text) == []


@given(st.lists(st.sampled_from(["The mill stands by the river.", "\n", "  ", "# ", "- ", "Why is it so?", "x"])))
def test_pieces_are_always_slices_of_the_document(parts: list[str]) -> None:
    text = "".join(parts)
    if not text.strip():
        return
    for passage in passages_of(text):
        for fact in find_facts(passage):
            assert "\n".join(text[piece.start : piece.end] for piece in fact.pieces) == fact.content
        for pair in find_question_headings(passage):
            assert pair.question[-1].end <= pair.answer[0].start
