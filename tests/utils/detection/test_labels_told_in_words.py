"""Labels of the closed vocabulary: ordinals, offices that answer, verbs, numbers of parts; and their neighbours."""

import pytest

from src.utils.detection.words.vocabulary import read_label


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("السؤال الثالث", "question"),
        ("Question two", "question"),
        ("الجواب عن السؤال الثالث", "answer"),
        ("Antwort auf Frage 4", "answer"),
        ("Réponse à la question 2", "answer"),
        ("Comment 2.3", "question"),
        ("Question 1.2", "question"),
        ("意見 4", "question"),
        ("事務局より", "answer"),
        ("คุณครูตอบ", "answer"),
        ("Odpovídáme", "answer"),
        ("ΕΡΩΤΗΣΗ", "question"),
        ("회신", "answer"),
    ],
)
def test_words_that_label_a_turn(name, family):
    assert read_label(name).family == family


@pytest.mark.parametrize(
    "name",
    [
        "Comment",
        "Remark",
        "意見",
        "Version 1.2",
        "Figure 3.1",
        "Answer to everything",
        "Question type",
        "より",
        "A to Z",
    ],
)
def test_words_that_label_much_else(name):
    assert read_label(name).family is None


def test_comments_by_number_with_their_responses(read):
    blocks = [
        f"Comment {n}.1\nThe text of part {n} says too little.\n\nResponse:\nWe now say more in part {n}.\n"
        for n in (1, 2, 3)
    ]
    assert read("\n".join(blocks)) == [
        [f"The text of part {n} says too little.", f"We now say more in part {n}."] for n in (1, 2, 3)
    ]


def test_comments_in_a_style_guide_are_no_questions(read):
    text = "\n".join(f"Comment: keep line {n} short.\nReason: it is read on paper.\n" for n in range(1, 5))
    assert read(text) == []


def test_signs_before_labels_alone_in_their_lines(read):
    text = "箱に入った声\n\n" + "\n".join(
        f"◆ご意見 {n}\n椅子が{n}つ壊れています。直りますか。\n▶事務局より\n{n}月に直します。\n" for n in (1, 2, 3)
    )
    assert read(text) == [[f"椅子が{n}つ壊れています。直りますか。", f"{n}月に直します。"] for n in (1, 2, 3)]


def test_signs_before_headings_are_no_labels(read):
    text = "\n".join(f"◆Chapter {n}\nThe road goes on.\n▶Notes\nIt is long.\n" for n in (1, 2, 3))
    assert read(text) == []


def test_an_answer_that_is_a_sentence_of_one_word_begins_inside_the_line(read):
    text = "\n\n".join(f"{n}) Question. Is door {n} open? Answer. Yes, until {n} o'clock." for n in (1, 2, 3, 4))
    assert read(text) == [[f"Is door {n} open?", f"Yes, until {n} o'clock."] for n in (1, 2, 3, 4)]


def test_a_sentence_that_ends_in_answer_begins_none(read):
    text = "\n\n".join(f"Question {n}: Who gave the right answer. Tell me, was it row {n}?" for n in (1, 2, 3))
    assert read(text) == []


def test_a_dictionary_of_roles_is_no_dialogue(read):
    assert (
        read("\n".join(["ASSISTANT", "ASTER", "BOT", "BOX", "DOCTOR", "DOOR", "HOST", "HOUSE", "YOU", "YOUNG"])) == []
    )


def test_the_fields_of_a_head_ask_and_answer_nobody(read):
    said = [
        "Who built the pier?",
        "My uncle did, in spring.",
        "And who paid?",
        "The village, over years.",
        "Thank you!",
    ]
    names = ["主持人", "林海", "主持人", "林海", "主持人"]
    talk = "\n\n".join(f"[{name}]：{words}" for name, words in zip(names, said, strict=True))
    more = "\n\n[林海]：Gladly.\n\n[主持人]：Until next week then.\n"
    assert read(f"专家：林海\n\n{talk}{more}") == [[*said, "Gladly.", "Until next week then."]]
