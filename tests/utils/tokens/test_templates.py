"""What chat templates add: the figures of the vendors' own code, and what each does with a system text."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.utils.tokens import templates

SYSTEM = Message("system", "Be brief.")
ASKED, SAID = Message("user", "What is a kiln?"), Message("assistant", "An oven. ")
MORE, DONE = Message("user", " And clay? "), Message("assistant", "Earth.")


@pytest.mark.parametrize(
    ("template", "markers"),
    [
        (templates.openai, 2 * 4 + 3),
        (templates.llama3, 2 * 5 + 1),
        (templates.chatml, 2 * 3),
        (templates.mistral_v1, 1 + 1),
        (templates.mistral_v3, 1 + 2 + 1),
        (templates.unpublished, 2 * 5 + 3),
    ],
)
def test_an_exchange_has_the_markers_of_its_template(template: templates.Template, markers: int) -> None:
    layout = template((ASKED, SAID))
    assert layout.markers == markers
    assert len(layout.texts) == 2
    assert template(()).markers <= 3


def test_llama_leaves_the_blanks_at_the_ends_of_a_text_out() -> None:
    assert templates.llama3((MORE, SAID)).texts == ["And clay?", "An oven."]


def test_chatml_writes_the_role_before_the_text() -> None:
    assert templates.chatml((SYSTEM, MORE)).texts == ["system\nBe brief.", "user\n And clay? "]


def test_mistral_puts_the_system_text_into_the_first_turn_and_later_into_the_last() -> None:
    conversation = (SYSTEM, ASKED, SAID, MORE, DONE)
    first, last = templates.mistral_v1(conversation), templates.mistral_v3(conversation)
    assert first.texts == [
        "[INST] Be brief.\n\nWhat is a kiln? [/INST]",
        "An oven. ",
        "[INST]  And clay?  [/INST]",
        "Earth.",
    ]
    assert first.markers == 1 + 2
    assert last.texts == ["What is a kiln?", "An oven.", "Be brief.\n\n And clay? ", "Earth."]
    assert last.markers == 1 + 2 * 2 + 2


def test_mistral_joins_neighbours_of_one_role_and_keeps_a_lone_system_text() -> None:
    assert templates.mistral_v3((ASKED, MORE, SAID)).texts == ["What is a kiln?\n\n And clay? ", "An oven."]
    assert templates.mistral_v3((SYSTEM, SAID)).texts == ["Be brief.", "An oven."]
