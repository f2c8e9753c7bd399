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
        "Every morning run a test. 1. Place the pack on the shelf. 2. Start the program. 3. Take the sheet out.",
        "Remplissez la bouilloire. Allumez le poêle.",
        "Füllen Sie den Kessel. Heizen Sie den Ofen.",
        "Наполните чайник водой. Разожгите печь.",
        "请把水壶装满。请点火。",
        "やかんに水を入れてください。火をつけてください。",
        "주전자에 물을 채우세요. 불을 켜십시오.",
        "1) Napełnij czajnik.\n2) Rozpal piec.",
        "Schritt für Schritt\n\n1. Den Kessel füllen\n2. Den Ofen heizen",
        "- Fill the kettle.\n- Light the stove.\n- Wait.",
        "Check that the lid is closed. Wash hands before you begin.",
    ],
)
def test_instructions_are_known_in_prose_and_in_lists(text: str) -> None:
    assert "steps" in find_traits(text)


@pytest.mark.parametrize(
    "text",
    [
        "1. Rent\nThe tenant pays 640 pounds.\n\n2. Use\nThe room is for print.\n\n3. End\nEither side may go.",
        "1. The tenant pays the rent in advance.\n2. The landlord repairs the roof.",
        "1. Le locataire paie le loyer.\n2. Le bailleur répare le toit.",
        "1. Der Mieter zahlt die Miete.\n2. Der Vermieter repariert das Dach.",
        "La première heure est gratuite, puis chaque heure coûte 2 euros. Un vélo rendu après 24 heures coûte 9 euros.",
        "The first bus leaves at six. The second one leaves at eight, and then one every hour.",
        "First the mill was built in 1850, then a bridge in 1872.",
        "Work that can be heard ends at eight. Use of the yard is free. Rest is on Sunday.",
        "The tenant may store\nwork and tools in the shed and\nuse the yard.",
        "Water is scarce. Paint was dear.",
        "Tap water leaves scale on the element. Drain the tank on Friday.",
        "Die Dichtung hält fünf Jahre. Danach wird sie getauscht.",
    ],
)
def test_rules_headings_and_stories_are_no_procedures(text: str) -> None:
    assert "steps" not in find_traits(text)


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


@pytest.mark.parametrize(
    "text",
    [
        "The red lamp burns oil for 4 hours. The green lamp burns gas for 16 hours.",
        "Der rote Ofen braucht 4 Stunden. Der grüne Ofen braucht 16 Stunden.",
        "La lámpara roja arde 4 horas; la lámpara verde arde 16 horas.",
    ],
)
def test_sentences_of_one_frame_can_be_compared(text: str) -> None:
    assert "contrast" in find_traits(text)


@pytest.mark.parametrize(
    "text",
    [
        "Rent that comes more than ten days late bears interest of 4 percent.",
        "Helmets cost no more than 10 euros.",
        "Der Kasten wiegt mehr als 10 Kilogramm.",
        "Als die Mühle brannte, war Anna ein Kind.",
        "В зале более чем 50 мест.",
        "比赛在周日举行。",
        "1. Rent\nThe tenant pays in advance.\n\n2. Use\nThe room is used for printing.",
        "The lamp burns oil. The keeper lives in Orm with 4 cats.",
    ],
)
def test_bounds_and_headings_set_no_two_things_against_each_other(text: str) -> None:
    assert "contrast" not in find_traits(text)


@pytest.mark.parametrize(
    "text",
    [
        "The lamp is red. It stands by the door. It burns oil for 4 hours and costs 12 euros.",
        "The lamp is red. It stands by the door. If the wind is strong, it goes out.",
        "Die Lampe ist rot. Sie steht an der Tür. Wenn der Wind weht, geht sie aus.",
        "灯是红色的。它在门边。如果风大，它就会熄灭。",
    ],
)
def test_a_conclusion_needs_figures_or_a_condition(text: str) -> None:
    assert "premises" in find_traits(text)


def test_every_row_of_a_table_states_something() -> None:
    assert {"statements", "premises"} <= find_traits("Kettle\t12.50\nStove\t80.00\nLamp\t9.90")


def test_statements_without_figures_or_conditions_allow_no_conclusion() -> None:
    assert "premises" not in find_traits("The lamp is red. It stands by the door. The keeper likes it.")


def test_only_what_is_longer_than_its_summary_can_be_summed_up() -> None:
    short = "The lamp is red. It burns oil. It is old."
    long = (
        "The red lamp stands by the door of the old mill and burns oil. It was made by the smith of the village, who "
        "took iron from the river. In winter the keeper lights it early. Children of the village bring the oil."
    )
    assert "statements" in find_traits(short)
    assert "length" not in find_traits(short)
    assert "length" in find_traits(long)
    assert "length" in find_traits("红色的灯立在老磨坊的门边，烧的是油。它由村里的铁匠用河里的铁打造而成。" * 2)


def test_addresses_of_the_web_are_no_fields() -> None:
    assert "figures" not in find_traits("https://lamps.example/red\nhttps://lamps.example/green")


@pytest.mark.parametrize("text", ["", "   ", "Page 7", "The lamp is red and stands on the shelf by the door."])
def test_plain_text_has_no_traits(text: str) -> None:
    assert find_traits(text) == frozenset()
