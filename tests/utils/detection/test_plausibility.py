"""What looks like a dialogue by its labels and layout, and is none; each beside the dialogue that it looks like."""

from pathlib import Path

import pytest

from src.core.types import Field, Section, SourceDocument, Span
from src.utils.conversation_detector import detect_conversations, turn_text


def detect(text):
    """The decision about a plain text."""
    return detect_conversations(SourceDocument(Path("x.txt"), "x.txt", (Section(text),), ""))


def table(names, rows):
    """A document of one table."""
    sections = []
    for cells in rows:
        fields, start = [], 0
        for name, cell in zip(names, cells, strict=True):
            fields.append(Field(name, Span(start, start + len(cell))))
            start += len(cell) + 1
        sections.append(Section("\t".join(cells) + "\n", "", "row", 0, tuple(fields)))
    return SourceDocument(Path("x.csv"), "x.csv", tuple(sections), "")


def contents(source):
    """What is said in a document, turn by turn."""
    return [
        turn_text(source.text, turn)
        for conversation in detect_conversations(source).conversations
        for turn in conversation.turns
    ]


PLACES = ("the mill", "the ford", "the barn", "the quay", "the fair", "the bakery", "the pound", "the weir")

FORM = "\n\n".join(f"{n}. Have you visited {place}?\n\n   [ ] Yes   [ ] No" for n, place in enumerate(PLACES, 1))
GUIDE = "\n\n".join(
    f"**Q{n}.** What do you recall of {place}?\n\n- Probe: Who was there?\n- Probe: Was it open then?"
    for n, place in enumerate(PLACES, 1)
)
QUOTATIONS = "\n\n".join(
    f'"Who ever went to {place} for nothing?"\n    -- {who}'
    for place, who in zip(PLACES, ("Ida Brand", "Unknown", "Ole Fisk", "Saying") * 2, strict=True)
)
TRAILERS = "\n\n".join(
    f"parser: Do we still need {place}? It grew slow.\n\nChecked-by: {one}\nSeen-by: {other}\nTicket: {n}"
    for n, (place, one, other) in enumerate(zip(PLACES, ("Ida Brand", "Ole Fisk") * 4, ("Ole Fisk",) * 8, strict=True))
)
CATALOGUE = "\n\n".join(
    f'#: app/menu.c:{n}\nmsgid "Open {place}?"\nmsgstr "{place} auf?"' for n, place in enumerate(PLACES)
)


@pytest.mark.parametrize("text", [FORM, GUIDE, QUOTATIONS, TRAILERS, CATALOGUE])
def test_forms_guides_quotations_trailers_and_catalogues_are_no_conversation(text):
    assert detect(text).conversations == ()


def test_a_survey_whose_few_values_answer_every_question_is_no_conversation():
    rows = [
        [f"Did you like {place}?", "3.4", value]
        for place, value in zip(PLACES * 2, ("agree", "disagree") * 8, strict=True)
    ]
    assert contents(table(["Question", "Mean", "Answer"], rows)) == []


def test_questions_with_answers_of_their_own_in_a_table_are_taken():
    rows = [[f"Did you like {place}?", "3.4", f"Yes, {place} was well worth the walk."] for place in PLACES]
    assert len(contents(table(["Question", "Mean", "Answer"], rows))) == 16


def test_what_was_refused_is_said_in_the_reasons():
    assert any("form" in reason for reason in detect(FORM).reasons)


def test_a_faq_with_answers_is_taken_where_the_guide_is_not():
    text = "\n\n".join(
        f"**Q{n}.** What do you recall of {place}?\n\nIt was cold in {place}." for n, place in enumerate(PLACES, 1)
    )
    assert len(detect(text).conversations) == len(PLACES)


def test_a_commentary_that_leaves_no_question_to_the_next_entry_is_no_conversation():
    said = "Corner from the left. Was that a hand? The referee waves it on."
    names = ("Mora", "Lind", "Mora", "Okoye")
    text = "\n\n".join(f"{names[n % 4]}: {said} Minute {n} of the second half passes quietly." for n in range(16))
    assert detect(text).conversations == ()
