"""Boxes of a handout: tables of one column whose cells ask and answer; and forms and checklists that look like them."""

import pytest

from src.utils.conversation_detector import detect_conversations, turn_text
from tests.documents import read_document
from tests.utils.extractors.office import paragraph, write_docx

PAIRS = [
    ["Who may use the kiln?", "Members with a key."],
    ["What does a firing cost?", "Six crowns. Test pieces are free."],
    ["May dogs come in?", "Small dogs may, on a lead."],
]


@pytest.fixture
def boxes(tmp_path):
    """From tables as lists of rows of cells, each cell a list of paragraphs, to the conversations as lists of texts."""

    def turns(*tables):
        body = paragraph("Handbook") + "".join(f"{_table(rows)}{paragraph('')}" for rows in tables) + paragraph("Ed.")
        document = read_document(write_docx(tmp_path / "a.docx", body))
        found = detect_conversations(document).conversations
        return [[turn_text(document.text, turn) for turn in conversation.turns] for conversation in found]

    return turns


def _table(rows):
    cells = ["".join(f"<w:tc>{''.join(map(paragraph, cell))}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_a_cell_that_asks_is_answered_by_the_cell_below(boxes):
    assert boxes(*([[[asked]], [[told]]] for asked, told in PAIRS)) == PAIRS
    assert boxes([[[text]] for pair in PAIRS for text in pair]) == PAIRS


def test_numbers_and_label_words_are_no_part_of_what_the_cells_say(boxes):
    assert boxes(*([[[f"{n}. {asked}"]], [[told]]] for n, (asked, told) in enumerate(PAIRS, 1))) == PAIRS
    assert boxes(*([[[f"Frage: {asked}"]], [[f"Antwort: {told}"]]] for asked, told in PAIRS)) == PAIRS


def test_one_cell_may_hold_the_question_above_its_answer(boxes):
    assert boxes(*([[[asked, told]]] for asked, told in PAIRS)) == PAIRS


@pytest.mark.parametrize(
    "cells",
    [
        ["Is the lid closed?", "Yes", "Is the gas off?", "No", "Is the vent open?", "Yes"],
        ["Who are you?", "______", "Where do you live?", "______", "What do you pay?", "______"],
        ["Is the lid closed?", "Tick one.", "Is the gas off?", "Tick one.", "Is the vent open?", "Tick one."],
        ["Who may use it?", "What does it cost?", "May dogs come in?", "Who has the key?"],
        ["The kiln is old.", "It was built in May.", "Who built it?", "Nobody knows.", "It is hot.", "It is red."],
        [
            "How often do you come?",
            *("Every day", "Once a week", "Never"),
            "Do you fire?",
            *("Yes", "No", "At times"),
            "How hot?",
            *("Low", "High", "Both"),
        ],
    ],
)
def test_checklists_forms_and_texts_in_cells_stay(boxes, cells):
    assert boxes([[[cell]] for cell in cells]) == []
