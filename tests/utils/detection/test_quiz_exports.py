"""Questions of quizzes in the notation of a learning platform: the right answer answers, wrong ones say nothing."""

import pytest

QUIZ = """// the old mill, part 3
$CATEGORY: Places/Mill

::M1::Who keeps the key of the mill? {
\t=the miller
\t~the baker
\t~the cat#Not quite.
}

::M2:: [html]What turns the wheel? {~%-50%wind#No. =water#Yes, the brook. ~oxen}

Where does the flour go?{
=into sacks
}

The mill was built in 1612. {TRUE#It says so above the door.}

::M5::How many sacks fit on the cart?{#12:1}

::M6::Which two help the miller? {
~%50%his son
~%50%his dog
~%-100%the cat
}
"""


def test_the_right_answers_of_a_quiz_answer_its_questions(read):
    assert read(QUIZ, "mill.txt") == [
        ["Who keeps the key of the mill?", "the miller"],
        ["What turns the wheel?", "water"],
        ["Where does the flour go?", "into sacks"],
        ["The mill was built in 1612.", "TRUE"],
        ["How many sacks fit on the cart?", "12"],
        ["Which two help the miller?", "his son\nhis dog"],
    ]


def test_pairs_to_match_are_told_line_by_line_and_gaps_in_sentences_left_out(read):
    quiz = (
        "::A::Which river drives which mill? {\n=Ouse -> York\n=Aire -> Leeds\n}\n\n"
        "The miller {~sold =kept} his mill.\n\nWrite about the weir. {}\n\n::B::Who mends the wheel? {=the smith}\n"
    )
    assert read(quiz) == [
        ["Which river drives which mill?", "Ouse -> York\nAire -> Leeds"],
        ["Who mends the wheel?", "the smith"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        'resource "mill" "old" {\n  name = "wheel"\n}\n\nresource "mill" "new" {\n  name = "weir"\n}\n',
        ".mill {\n  color: red;\n}\n\n.weir ~ .wheel {\n  top: 0;\n}\n\n.weir {\n  left: 0;\n}\n",
        "server {\n  listen 80;\n}\n\nserver {\n  listen 81;\n}\n\nlocation = /mill {\n  root /mill;\n}\n",
        "Who keeps the key? {see page 3}\n\nWhat turns the wheel? {see page 4}\n\nWhere is it? {see page 5}\n",
        "set $x {=1}\n\nset $y {=2}\n\nset $z {=3}\n",
        "Bei Regen: {~3} Tage\n\nBei Schnee: {~5} Tage\n\nBei Sturm: {~7} Tage\n",
    ],
)
def test_settings_styles_and_notes_in_braces_are_no_quiz(read, text):
    assert read(text) == []


def test_a_guide_that_shows_the_notation_between_its_paragraphs_is_no_quiz(read):
    prose = "A quiz is written as plain text. Each question stands above its answers, which braces enclose.\n\n"
    text = prose * 4 + "Who keeps the key? {=the miller ~the cat}\n\n" + prose * 4
    assert read(text, "guide.md") == []
