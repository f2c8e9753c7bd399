"""Short turns whose language does not show, but is surely not that of the source."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.language import WrongLanguage, detect_language

SOURCE = "The log of the mill grew from 20 to 60 lines in the spring, and the miller wrote them by hand."


@pytest.mark.parametrize(
    ("answer", "keep"),
    [
        ("De 40 lignes, en passant de 20 à 60.", False),
        ("By 40 lines, from 20 to 60.", True),
        ("Forty lines.", True),
        ("The Calle de la Luna.", True),
        ("Rosa de la Torre.", True),
    ],
)
def test_function_words_of_other_languages_alone_give_it_away(answer: str, *, keep: bool) -> None:
    draft = Draft((Message("user", "By how many lines did the log grow?"), Message("assistant", answer)))
    assert WrongLanguage().check(draft, SOURCE).keep is keep


TABLES = [
    (
        "model\tpower\tweight\nCecina S\t0.75\t11\nCecina L\t1.5\t19",
        "The Cecina S needs 0.75 and weighs 11, that is less.",
    ),
    ("city\tstate\tstores\nLos Angeles\tCA\t9\nEl Paso\tTX\t4\nLa Mesa\tCA\t2", "There are 9 stores in Los Angeles."),
]


@pytest.mark.parametrize(("table", "answer"), TABLES)
def test_names_in_a_table_show_no_language(table: str, answer: str) -> None:
    draft = Draft((Message("user", "What does the table say of the first one?"), Message("assistant", answer)))
    assert WrongLanguage().check(draft, table).keep


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Los Angeles, El Paso, La Mesa and Las Vegas", ""),
        ("El molino está en La Mesa y no se vende.", "es"),
        ("Die Stadt hat den Vertrag gekündigt und zahlt nicht.", "de"),
        ("A CAT SAT ON THE MAT AND IT WAS NOT MINE", "en"),
    ],
)
def test_parts_of_names_are_no_words_of_a_language(text: str, code: str) -> None:
    assert detect_language(text).code == code
