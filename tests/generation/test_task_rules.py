"""What is extracted stands in the source; what is compared is named."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.task_rules import check_task

SOURCE = "The Kiln  was built in 1931.\nIt takes 2.5 litres of OIL."


def draft(answer: str, **parts: tuple[str, ...]) -> Draft:
    return Draft((Message("user", "What about it?"), Message("assistant", answer)), **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize("claims", [("1931",), ("the kiln was built",), ("2.5 litres", "oil"), ()])
def test_values_that_stand_in_the_source_pass_whatever_their_case_and_spacing(claims: tuple[str, ...]) -> None:
    assert check_task(draft("{}", claims=claims), SOURCE) is None


def test_a_value_from_elsewhere_is_named_so_that_it_can_be_asked_for_again() -> None:
    failure = check_task(draft("{}", claims=("1931", "1932")), SOURCE)
    assert failure
    assert failure.reason == "value_not_in_source"
    assert "'1932'" in failure.detail


@pytest.mark.parametrize(
    ("things", "answer"),
    [
        (("oil lamp", "gas lamp"), "Oil lamps smoke, gas lamps hiss."),
        (("der Kalkputz", "der Gipsputz"), "Kalkputze bleiben fest, Gipsputze nicht."),
        (("石灰", "石膏"), "石灰比石膏硬。"),
        (("#", "C++"), "# is shorter than C++."),
    ],
)
def test_things_may_be_named_in_any_form(things: tuple[str, ...], answer: str) -> None:
    assert check_task(draft(answer, things=things), "") is None


def test_a_comparison_that_forgets_one_of_its_things_is_no_comparison() -> None:
    failure = check_task(draft("It smokes.", things=("lamp", "stove")), "")
    assert failure
    assert failure.reason == "things_not_named"
