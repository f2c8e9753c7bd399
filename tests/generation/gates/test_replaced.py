"""A sign in the place of another one."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.replaced import check_replaced

SOURCE = """Hinges, latches and brass handles are oiled; everything is noted on form B7. The lamp is switched off by a
key, on form C4 too; beside Autobahn 8. Benito Salgado left in 1997."""


def keeps(answer: str, question: str = "Which parts are oiled?") -> bool:
    return check_replaced(Draft((Message("user", question), Message("assistant", answer))), SOURCE).keep


@pytest.mark.parametrize(
    "answer",
    [
        "On form B7.",
        "On form B7, which the clerk stamps.",
        "Along the A8.",
        "On form B-7.",
        "Benito Salgado, que se retiró en 1997.",
    ],
)
def test_signs_of_the_source_are_kept(answer: str) -> None:
    assert keeps(answer)


@pytest.mark.parametrize("answer", ["On form D7.", "On form B9."])
def test_another_sign_is_not(answer: str) -> None:
    assert not keeps(answer)


LEVELS = "Paper is shredded to level P-4, films to level O-2. The bins are emptied every 7 days by two men."


@pytest.mark.parametrize(("answer", "kept"), [("To level P-4.", True), ("To P4.", True), ("To level P-7.", False)])
def test_a_number_of_something_else_is_no_sign(answer: str, kept: bool) -> None:
    draft = Draft((Message("user", "To which level is paper shredded?"), Message("assistant", answer)))
    assert check_replaced(draft, LEVELS).keep is kept
    assert check_replaced(draft, LEVELS.replace("P-4", "P-4 or 7")).keep
