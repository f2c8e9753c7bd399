"""What an answer names first: a name that belongs to something else in its source."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.names import check_names
from src.generation.gates.swapped import check_swapped

CLUB = """The rowing club of Hollern was founded by Petra Vandermeer in a shed. Its boats lie in the harbour basin.
The treasurer, Ambrose Quill, collects the annual contributions of all junior members in January.
Long ago there was a bakery. The flag was sewn by Winona Tarrant. Dinghies need a coat of shellac every spring.
The archive opens for visitors with WireGuard access."""


def draft(question: str, answer: str) -> Draft:
    return Draft((Message("user", question), Message("assistant", answer)))


@pytest.mark.parametrize(
    ("question", "answer", "keep"),
    [
        ("What do dinghies need a coat of every spring?", "Shellac.", True),
        ("What do dinghies need every spring?", "A varnish-like coat.", True),
        ("What should be done with dinghies?", "Gradually coat them with shellac.", True),
        ("Who collects the annual contributions of junior members?", "The treasurer, Ambrose Quill.", True),
        ("Who collects the annual contributions of junior members?", "Winona Tarrant, in January.", False),
        ("Who sewed the flag?", "Winona Tarrant.", True),
        ("Who founded the rowing club of Hollern?", "It was Petra Vandermeer.", True),
        ("Why is Ambrose Quill known?", "Winona Tarrant.", True),
    ],
)
def test_the_first_name_of_an_answer_belongs_to_what_is_asked(question: str, answer: str, keep: bool) -> None:
    assert check_swapped(draft(question, answer), CLUB).keep is keep


def test_a_sentence_may_speak_of_a_name_that_stands_before_it() -> None:
    novel = "Elin Strand grew up in Turku. Her first novel, The Tide, was praised by the critic Karl Holm, a friend."
    answer = draft("Who wrote the first novel The Tide, which a critic praised?", "Elin Strand.")
    assert check_swapped(answer, novel).keep


@pytest.mark.parametrize(("answer", "keep"), [("WireGuard access.", True), ("OpenVPN access.", False)])
def test_a_word_with_a_capital_inside_is_a_name_at_the_beginning_too(answer: str, keep: bool) -> None:
    assert check_names(draft("What do visitors need?", answer), CLUB, CLUB).keep is keep
