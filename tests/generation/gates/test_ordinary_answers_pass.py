"""Plain, short answers that careful people give are kept, whether or not the source goes on behind their words."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.answer_types import check_answer_type
from src.generation.gates.form import check_whole
from src.generation.numbers.units import misplaced_numbers

PUMP = """The leather seal of a bicycle pump becomes stiff in the cold. The safety valve of the boiler opens by itself.
Both valves and pipes are cleaned between meals and at night, either valve alone until the morning shift begins. Warm it
for 20 minutes, once a week. It was tried in Portland, Oregon for years. One must be 14 years old."""
GERMAN = """Die Lederdichtung der Pumpe wird in der Kälte steif. Der Bürgermeister der Stadt hat sie geölt. Zwischen den
Mahlzeiten ruht sie, und während der Nacht wird sie gewärmt. Das dauert genau 14 Tage, danach ist sie weich."""
SPANISH = """El alcalde de la ciudad abre la fuente. Entre semana está cerrada, y los domingos se abre. El agua corre
solo 14 horas cada vez, y después se cierra la llave de la fuente hasta el día siguiente."""


@pytest.mark.parametrize(
    ("question", "answer", "source"),
    [
        ("Which part becomes stiff?", "The leather seal", PUMP),
        ("What opens by itself?", "The safety valve", PUMP),
        ("What is it that has a seal?", "A bicycle pump", PUMP),
        ("Welches Teil wird steif?", "Die Lederdichtung", GERMAN),
        ("Wer hat die Pumpe geölt?", "Der Bürgermeister", GERMAN),
        ("¿Quién abre la fuente?", "El alcalde", SPANISH),
        ("How do I oil it?", "- Unscrew the cap\n- Put three drops into the barrel\n- Close it again (tightly)", PUMP),
        ("How do I start it?", "1. Stop the old one.\n2. Call `systemctl restart pump`", PUMP),
        ("How do I start it?", "First stop the old one, which takes a while. Then:\nsystemctl restart pump_one", PUMP),
        ("How many minutes must it be warmed?", "About 20", PUMP),
        ("How many years old must one be?", "At least 14", PUMP),
        ("Wie viele Tage dauert das?", "Genau 14", GERMAN),
        ("¿Cuántas horas corre el agua?", "Solo 14", SPANISH),
        ("For what number of minutes is it warmed?", "About 20", PUMP),
        ("Which of them are cleaned?", "Both valves", PUMP),
        ("Which one is cleaned alone?", "Either valve", PUMP),
        ("When are they cleaned?", "Between meals", PUMP),
        ("How long is it cleaned alone?", "Until the morning", PUMP),
        ("How often is it warmed?", "Once a week", PUMP),
        ("Wann ruht die Pumpe?", "Zwischen den Mahlzeiten", GERMAN),
        ("Wann wird die Pumpe gewärmt?", "Während der Nacht", GERMAN),
        ("¿Cuándo está cerrada la fuente?", "Entre semana", SPANISH),
        ("Where was it tried?", "In Portland, Oregon", PUMP),
    ],
)
def test_a_phrase_without_an_end_mark_is_whole(question: str, answer: str, source: str) -> None:
    draft = Draft((Message("user", question), Message("assistant", answer)))
    assert check_whole(draft, source).detail == ""


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("It costs 1,000 euros.", "It costs 1000 euros."),
        ("It costs 1,000, as before.", "It costs 1000 euros."),
        ("It was held in March 2019.", "It was held from March 3 to March 9, 2019."),
        ("It runs on Windows 11.", "It runs on Windows 10 and 11."),
        ("It needs Python 3.", "It was written for Python 2 and 3."),
        ("Look into chapter 4.", "Chapter 1 is short. Chapters 3 and 4 are about valves."),
        ("Port 8080.", "It listens on port 80 or 8080."),
        ("It had exactly 40.", "The valley had exactly 30 in May and 40 in June."),
    ],
)
def test_a_number_of_a_run_is_not_named_as_misplaced(answer: str, source: str) -> None:
    assert misplaced_numbers(answer, source) == ()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("In which year did the dam break?", "In the year of the great flood."),
        ("In which year did the dam break?", "In 1911."),
        ("What year did the dam break?", "In the same year as the railway came."),
        ("In welchem Jahr brach der Damm?", "Im Baujahr der Eisenbahn."),
        ("How many times is it washed?", "After every use."),
        ("How many filters does it take?", "One for each valve."),
    ],
)
def test_a_year_or_a_count_may_be_said_without_digits(question: str, answer: str) -> None:
    draft = Draft((Message("user", question), Message("assistant", answer)))
    assert check_answer_type(draft).keep
