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


HEAD = ["LE PRÉSIDENT : Où est le coq ?", "MME CAZE : Il chante à quatre heures.", "LE PRÉSIDENT : Qui le dit ?"]
TAIL = ["M. BORDE : À cinq heures.", "LE PRÉSIDENT : Qui paie les planches ?", "MME CAZE : Je veux bien les payer."]


def pages(first, second, above):
    """A document of two pages, each below a line of its own."""
    parts = [(above[0], "page 1"), *((line, "page 1") for line in first), (above[1], "page 2")]
    sections = tuple(Section(f"{line}\n\n", place) for line, place in [*parts, *((line, "page 2") for line in second)])
    return SourceDocument(Path("a.pdf"), "a.pdf", sections, "")


def said(document):
    found = detect_conversations(document).conversations
    return [turn_text(document.text, turn) for conversation in found for turn in conversation.turns]


@pytest.mark.parametrize(
    "above", ["Procès-verbal n° 12 {} / 2", "Protokoll, Seite {} von 2", "{}/2 – Procès-verbal", "p. {} sur 2"]
)
def test_lines_that_count_the_pages_are_left_out(above):
    document = pages(HEAD, TAIL, [above.format(1), above.format(2)])
    assert said(document) == [line.partition(" : ")[2] for line in [*HEAD, *TAIL]]


def test_a_talk_goes_on_over_the_edge_of_a_page():
    above = ("Procès-verbal 1 / 2", "Procès-verbal 2 / 2")
    joined = ["\n".join([*HEAD, TAIL[0], *HEAD]), "\n".join([*TAIL, HEAD[0], *TAIL])]
    found = detect_conversations(pages(joined[:1], joined[1:], above)).conversations
    assert [len(conversation.turns) for conversation in found] == [14]


def test_lines_that_count_something_else_stay():
    document = pages(HEAD, TAIL, ["Lu la pièce 1 / 4", "Le coq a chanté 3 fois sur 2"])
    assert said(document)[2] == "Qui le dit ?\n\nLe coq a chanté 3 fois sur 2"


def test_the_foot_of_a_single_page_is_no_answer():
    lines = ["Who may join?", "Anybody may.", "Is there parking?", "By the gate.", "May dogs come?", "On a lead, yes."]
    sections = [Section(f"{line}\n\n", "page 1") for line in [*lines, "Printed in spring 2018 Page 1 of 1"]]
    assert said(SourceDocument(Path("a.pdf"), "a.pdf", tuple(sections), "")) == lines
    sections[-1] = Section("They won by 1 to 1\n\n", "page 1")
    assert said(SourceDocument(Path("a.pdf"), "a.pdf", tuple(sections), ""))[-1].endswith("1 to 1")


CHAT = [("Ann", "Is the mill open?"), ("Bob", "On Sundays, from two."), ("Ann", "Who keeps the key?"), ("Bob", "I do.")]


def chat_page(behind="", below=""):
    rows = "".join(
        f'<div class="m"><div>{who}, 2024-05-01 10:0{n}</div><div>{said}{behind}</div></div>'
        for n, (who, said) in enumerate(CHAT)
    )
    return f'<html><body><div class="log">{rows}</div>{below}</body></html>'


@pytest.mark.parametrize(
    "below",
    [
        '<div class="footer">Example © 2019</div>',
        '<div class="pagination clear"><a>2</a> <a>3</a></div><div class="foot">Mill club</div>',
        '<div class="postamble"><div class="postamble__entry">Exported 4 messages</div></div>',
        "<footer>Example © 2019</footer>",
    ],
)
def test_the_foot_of_a_page_is_no_part_of_the_last_message(read, below):
    assert read(chat_page(below=below), "chat.html") == [[said for _, said in CHAT]]


@pytest.mark.parametrize("name", ["chatlog__reactions", "share", "msg-reactions"])
def test_reactions_and_buttons_below_messages_are_no_part_of_them(read, name):
    assert read(chat_page(behind=f'<div class="{name}">3 · Share</div>'), "chat.html") == [[said for _, said in CHAT]]


def test_a_talk_inside_an_element_that_is_called_shared_stays(read):
    page = chat_page().replace('class="log"', 'class="share-page social"')
    assert read(page, "chat.html") == [[said for _, said in CHAT]]
    page = chat_page().replace('class="m"', 'class="menu-talk footer"')
    assert read(page, "chat.html") == [[said for _, said in CHAT]]


@pytest.mark.parametrize("name", ["social-comment", "sharing", "share-note"])
def test_what_people_say_in_elements_that_sound_like_buttons_stays(read, name):
    story = f"<p>{'The mill by the river has turned on every Sunday since 1820. ' * 8}</p>"
    said = "".join(f'<div class="{name}"><p>{who}: {text}</p></div>' for who, text in CHAT)
    assert read(f"<html><body>{story}{said}</body></html>", "page.html") == [[text for _, text in CHAT]]
    said = "".join(f"<p>{who}: {text}</p>" for who, text in CHAT)
    page = f'<html><body>{story}<div class="{name}">{said}</div></body></html>'
    assert read(page, "page.html") == [[text for _, text in CHAT]]
