"""What stands at the edges of a talk and is no part of it: tasks below it, feet of pages, titles, times; and names."""

from pathlib import Path

import pytest

from src.core.types import Section, SourceDocument
from src.utils.conversation_detector import detect_conversations, turn_text
from tests.documents import read_document
from tests.utils.extractors.office import write_docx

TALK = ["Is it open?", "From eight on.", "May I bring a friend?", "Two of them.", "Thank you, then.", "See you soon."]


def spoken(names, said=TALK, between="\n"):
    return between.join(f"{names[number % 2]}: {text}" for number, text in enumerate(said))


def read_sections(*sections):
    source = SourceDocument(Path("x"), "x", sections, "")
    found = detect_conversations(source).conversations
    return [[turn_text(source.text, turn) for turn in conversation.turns] for conversation in found]


@pytest.mark.parametrize("names", [("Kees", "Ans de Vries"), ("Mina", "Ot van Dam"), ("Kees", "Ans de la Mar")])
def test_a_name_may_begin_as_a_word_that_is_written_short(read, names):
    assert read(f"A walk\n\n{spoken(names)}\n") == [TALK]


def test_a_task_below_the_heading_behind_a_talk_is_not_said(read):
    task = "## Homework\n\nWrite a dialogue: you want to fire a bowl.\nUse two questions.\n"
    assert read(f"# Lesson\n\n{spoken(('Ada', 'Bo'))}\n\n{task}", "lesson.md") == [TALK]


@pytest.mark.parametrize("heading", ["### Repairs", "## Any other business"])
@pytest.mark.parametrize("name", ["Fedor", "Mrs Clara Holt", "fedor"])
def test_who_speaks_once_below_the_last_heading_is_heard(read, heading, name):
    last = "I have mended the lock, and it holds."
    text = f"# Minutes\n\n{spoken(('Ada', 'Bo'), between=chr(10) * 2)}\n\n{heading}\n\n{name}: {last}\n"
    assert read(text, "minutes.md") == [[*TALK, last]]
    wrapped = read(text.replace("lock, and", "lock, and\n"), "minutes.md")
    assert [" ".join(said.split()) for said in wrapped[0]] == [*TALK, last]


def test_somebody_who_speaks_once_among_others_is_heard(read):
    said = [*TALK[:4], "Mind the step!", *TALK[4:]]
    names = ["Ada", "Bo", "Ada", "Bo", "Cy", "Ada", "Bo"]
    lines = "\n".join(f"{name}: {text}" for name, text in zip(names, said, strict=True))
    assert read(f"# Lesson\n\n{lines}\n", "lesson.md") == [said]


def pages(heads, feet):
    half = len(TALK) // 2
    texts = [
        [heads[number], *(f"{('Ada', 'Bo de Wit')[n % 2]}: {said}" for n, said in part), feet[number]]
        for number, part in enumerate((list(enumerate(TALK))[:half], list(enumerate(TALK))[half:]))
    ]
    return [Section(f"{text}\n\n", f"page {number}") for number, page in enumerate(texts, 1) for text in page]


@pytest.mark.parametrize(
    ("heads", "feet"),
    [
        (("The Parish Bell, year 31", "The Parish Bell, year 31"), ("Bell page 1", "Bell page 2")),
        (("Guía - 1", "Guía - 2"), ("Parish paper", "Parish paper")),
        (("The Bell", "The Bell"), ("Glocke Seite 1", "Glocke Seite 2")),
    ],
)
def test_titles_and_numbers_of_two_pages_are_in_no_turn(heads, feet):
    found = read_sections(*pages(heads, feet))
    assert [text for text in found[0] if text != feet[0]][:6] == TALK


def test_what_ends_with_another_figure_than_its_page_is_text():
    (found,) = read_sections(*pages(("Ada: We counted - 7", "Ada: And then - 9"), ("Ada: So many.", "Ada: All.")))
    assert any("We counted - 7" in text for text in found)


ANSWERED = [(f"May I bring item {number}?", f"Item {number} is welcome here.") for number in range(1, 8)]


@pytest.mark.parametrize("foot", ["Desk: extension 9. Alarm: 112.", "Ask the guard for all else."])
def test_a_gap_ends_a_list_whose_answers_have_none(read, foot):
    listed = "\n\n".join(f"{number}. {ask}\n{tell}" for number, (ask, tell) in enumerate(ANSWERED, 1))
    assert read(f"Guide\n\n{listed}\n\n{foot}\n")[-1] == list(ANSWERED[-1])


def test_gaps_inside_answers_end_none(read):
    listed = "\n\n".join(f"{number}. {ask}\n{tell}\n\nKeep it dry." for number, (ask, tell) in enumerate(ANSWERED, 1))
    assert read(f"Guide\n\n{listed}\n")[-1][-1].split() == f"{ANSWERED[-1][1]} Keep it dry.".split()


def test_a_title_above_headings_that_ask_asks_nothing():
    asked = [*zip(TALK[::2], TALK[1::2], strict=True)][:2]
    asked += [("Who has the key?", "The board has it."), ("When is it cold?", "After two days.")]
    pairs = [(f"{ask}\n\n", f"{tell}\n\n") for ask, tell in [("Pottery course", "For beginners"), *asked]]
    slides = [
        section
        for number, (head, body) in enumerate(pairs, 1)
        for section in (Section(head, f"slide {number}", "heading", 1), Section(body, f"slide {number}"))
    ]
    assert read_sections(*slides) == [list(pair) for pair in asked]


def test_the_time_that_a_recorder_sets_above_each_turn_is_not_said(tmp_path):
    body = "".join(
        f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{('Ada Berg', 'Bo Holt')[number % 2]}</w:t></w:r>"
        f'<w:r><w:t xml:space="preserve">   0:0{number}</w:t></w:r><w:r><w:br/></w:r><w:r><w:t>{text}</w:t></w:r></w:p>'
        for number, text in enumerate(TALK)
    )
    document = read_document(write_docx(tmp_path / "meeting.docx", body))
    (found,) = detect_conversations(document).conversations
    assert [turn_text(document.text, turn) for turn in found.turns] == TALK


def test_a_name_that_says_who_answers_may_stand_alone(read):
    talk = "\n".join(f"{('Ans de Wit', 'Bo')[number % 2]}: {text}" for number, text in enumerate(TALK))
    assert read(f"{talk}\n\nThe end of the tape.\n\n## Later\n\nAns de Wit: Goodbye, all of you.\n", "a.md")


def test_a_colon_may_end_the_line_behind_the_time_of_a_message(read):
    messages = [f"{('Ada', 'Bo')[number % 2]}, 1{number}:15:\n{text}\n" for number, text in enumerate(TALK)]
    assert read("\n".join(messages)) == [TALK]


@pytest.mark.parametrize(
    "text",
    [
        "Programme\n\n" + "".join(f"At 1{number}:15:\nTalk {number} in the hall.\n\n" for number in range(6)),
        "".join(f"Luke {number}, 10:1{number}:\nAnd so it was.\n\n" for number in range(1, 6)),
    ],
)
def test_programmes_and_verses_with_such_a_colon_stay(read, text):
    assert read(text) == []
