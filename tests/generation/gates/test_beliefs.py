"""A belief may be wrong where the plan asks for one, and the answer puts it right; a false answer stays out."""

from __future__ import annotations

import pytest

from src.core.types import Message, Span
from src.generation.answer_parser import Draft
from src.generation.gates.admission import Gates
from src.utils.chunker import Passage

EN = (
    "The lamp of the Brockwell light is locked at night, and Tarling Marine Service in Harwick is called by 0451 88. "
    "Its lens was ground by Ida Morn in 1931."
)
DE = (
    "Im Kasten des Sonnenofens Heliodor liegt ein Blech aus Edelstahl, das nach vorn um 6 Zentimeter abfällt. Die "
    "Scheibe steht schräg, weil die Sonne im Juni fast senkrecht auf das Glas trifft."
)


def reason(text: str, question: str, answer: str, *, may_err: bool = True) -> str:
    passage = Passage("light.txt", text, Span(0, len(text)), "", "", "p0")
    draft = Draft((Message("user", question), Message("assistant", answer)))
    return Gates(passages=[passage]).admit(draft, passage, "question_answer", may_err=may_err).reason


TRUE = "Tarling Marine Service in Harwick is reached by 0451 88."


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (EN, "Is Tarling Marine Service in Dunmore?", "No, Tarling Marine Service is in Harwick, not in Dunmore."),
        (EN, "Is Tarling Marine Service in Dunmore?", TRUE),
        (EN, "I heard Peter Gale ground the lens of the Brockwell light. Is that so?", "No, Ida Morn ground the lens."),
        (
            DE,
            "Liegt im Heliodor ein Blech aus Kupfer?",
            "Im Kasten liegt ein Blech aus Edelstahl, das nach vorn abfällt.",
        ),
    ],
)
def test_a_false_belief_that_the_answer_corrects_is_kept(text: str, question: str, answer: str) -> None:
    assert reason(text, question, answer) == ""
    assert reason(text, question, answer, may_err=False) == "name_not_in_source"


@pytest.mark.parametrize(
    "answer",
    [
        "Yes, Tarling Marine Service is in Harwick.",
        "Tarling Marine Service is in Dunmore and is called by 0451 88.",
        "Yes, it is in Dunmore.",
        "No.",
        "No, it is in Gravesham.",
    ],
)
def test_a_false_belief_that_is_affirmed_or_only_denied_is_not(answer: str) -> None:
    assert reason(EN, "Is Tarling Marine Service in Dunmore?", answer) == "name_not_in_source"


def test_two_strange_names_are_no_slip() -> None:
    assert reason(EN, "Does Gundry Freight run Tarling Marine Service in Dunmore?", TRUE) == "name_not_in_source"
