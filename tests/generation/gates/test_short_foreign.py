"""Short turns whose language does not show, but is surely not that of the source."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.language import WrongLanguage

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
