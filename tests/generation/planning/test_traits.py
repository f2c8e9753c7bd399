"""What a passage can carry is seen from its outside, in many languages."""

from __future__ import annotations

import pytest

from src.generation.planning.tasks import TASKS, suited_tasks
from src.generation.planning.traits import find_traits
from tests.generation.planning.passages import POOR, RICH


def test_a_short_statement_carries_only_what_needs_nothing() -> None:
    assert suited_tasks(POOR, TASKS) == {"question_answer", "explanation", "refusal", "preference"}


def test_a_rich_passage_carries_every_task() -> None:
    assert suited_tasks(RICH, TASKS) == set(TASKS)


@pytest.mark.parametrize(
    "text",
    [
        "1. Fill the kettle.\n2. Light the stove.",
        "Fill the kettle with rain water. Light the stove under it and wait.",
        "Zuerst wird der Kessel gefüllt, anschließend der Ofen geheizt.",
        "D'abord on remplit la bouilloire, puis on allume le poêle.",
        "首先把水壶装满，然后点火。",
        "まずやかんに水を入れ、次に火をつけます。",
        "Сначала наполняют чайник, затем разжигают печь.",
    ],
)
def test_procedures_are_known_by_their_marks_or_their_words(text: str) -> None:
    assert "steps" in find_traits(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kettle\t12.50\nStove\t80.00\nLamp\t9.90",
        "| Kettle | red |\n| Stove | black |",
        "Opening hours: 9 to 17\nPhone: ask at the desk",
        "The stove was built in 1931, weighs 80 kg and burns 2.5 kg an hour.",
        "เตาหนัก 80 กก. สร้างปี 1931 ใช้ฟืน 2.5 กก.",
    ],
)
def test_figures_rows_and_fields_can_be_extracted(text: str) -> None:
    assert "figures" in find_traits(text)


@pytest.mark.parametrize(
    "text",
    [
        "The stove is heavier than the lamp.",
        "Der Ofen ist schwer, während die Lampe leicht ist.",
        "炉子比灯重。",
        "- a stove of iron\n- a stove of clay",
    ],
)
def test_two_things_can_be_compared(text: str) -> None:
    assert "contrast" in find_traits(text)


@pytest.mark.parametrize("text", ["", "   ", "Page 7", "The lamp is red and stands on the shelf by the door."])
def test_plain_text_has_no_traits(text: str) -> None:
    assert find_traits(text) == frozenset()
