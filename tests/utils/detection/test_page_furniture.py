"""What stands around the text of a document is no part of what is said in it."""

from pathlib import Path

import pytest

from src.core.types import Section, SourceDocument
from src.utils.conversation_detector import detect_conversations, turn_text

TALK = (
    Section("Q: Is the kiln hot?\n\n", "paragraph 1"),
    Section("A: Since noon.\n\n", "paragraph 2"),
    Section("Q: And the glaze?\n\n", "paragraph 3"),
    Section("A: It is dry.\n\n", "paragraph 4"),
)


def last_turn(*behind: Section) -> str:
    source = SourceDocument(Path("talk.docx"), "talk.docx", (*TALK, *behind), "")
    turn = detect_conversations(source).conversations[-1].turns[-1]
    return turn_text(source.text, turn)


@pytest.mark.parametrize("locator", ["header", "footer", "footer 2", "footnote 1", "endnote 3", "comment 1"])
def test_headers_footers_and_notes_are_no_part_of_the_last_answer(locator: str) -> None:
    assert last_turn(Section("The yard\n\n", locator)) == "It is dry."


def test_what_stands_in_the_body_is_part_of_the_last_answer() -> None:
    assert last_turn(Section("Touch it.\n\n", "paragraph 5")) == "It is dry.\n\nTouch it."
