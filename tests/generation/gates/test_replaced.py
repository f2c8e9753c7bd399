"""An item in the place of another one."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.replaced import check_replaced

SOURCE = """Hinges, latches and brass handles are oiled; everything is noted on form B7. The lamp is switched off by a
key. Benito Salgado left in 1997."""


def keeps(answer: str, question: str = "Which parts are oiled?") -> bool:
    return check_replaced(Draft((Message("user", question), Message("assistant", answer))), SOURCE).keep


@pytest.mark.parametrize(
    "answer",
    [
        "Hinges, latches and handles.",
        "The hinges, the latches and the handles made of brass.",
        "Handles and hinges.",
        "On form B7.",
        "On form B-7.",
        "By a key and patience, which nobody has, or so they say.",
        "Benito Salgado, que se retiró en 1997.",
    ],
)
def test_lists_and_signs_of_the_source_are_kept(answer: str) -> None:
    assert keeps(answer)


@pytest.mark.parametrize("answer", ["Hinges, latches and windowpanes.", "On form D7.", "On form B9."])
def test_a_list_with_another_item_and_another_sign_are_not(answer: str) -> None:
    assert not keeps(answer)
