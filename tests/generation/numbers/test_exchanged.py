"""Numbers in the place of others, and numbers that only stand near words of others."""

from __future__ import annotations

import pytest

from src.generation.numbers.exchanged import exchanged_numbers

TOWER = """The lighthouse of Arn stands there on a granite ledge 19 metres above the water. Ida Fell built it with
62 workers. The tower is 31 metres high, and 164 steps lead to the lantern. The horn sounded for 41 days of fog in 1903.
Visitors come from April on. Because of storms the keeper shut the door on 12 days.""".replace("\n", " ")
FEES = """Tickets cost 8 euros, students and children pay 5 euros. The museum is open from 9 to 17 on weekdays. On
Sundays it is open from 10 to 16. The old mill was built in 1804. The new one was built in 1931 by the town. A loan of
books lasts 28 days, one of films 7 days. Dogs need a ticket of 2 euros.""".replace("\n", " ")
PLATZ = """Eine Karte kostet für Erwachsene 14 Euro, für Kinder 6 Euro. Die Brücke ist 48 Meter lang und 7 Meter
breit. Der Bau dauerte 11 Monate. Dann kam Regen. Später wurde der Turm 3 Monate geprüft.""".replace("\n", " ")


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        (TOWER, "How high is the tower of Arn?", "The tower is 19 metres high."),
        (TOWER, "Why was the door shut?", "Because of storms the keeper shut the door on 41 days."),
        (PLATZ, "Wie lange dauerte der Bau?", "Der Bau dauerte 3 Monate."),
    ],
)
def test_a_number_among_the_words_of_another_is_found(source: str, question: str, answer: str) -> None:
    assert list(exchanged_numbers(answer, question, source))


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        (TOWER, "How high is the tower of Arn?", "The tower is 31 metres high."),
        (TOWER, "How high above the sea does the lighthouse stand?", "Its ledge is 19 metres high."),
        (TOWER, "How long was there fog in 1903?", "For 41 days."),
        (TOWER, "How high is the ledge, and how high is the tower?", "The ledge is 19 metres high, the tower 31."),
        (TOWER, "How many workers built it?", "62 workers."),
        (FEES, "What does a ticket for children cost?", "A ticket costs 5 euros."),
        (FEES, "How much is a reduced ticket?", "Tickets cost 5 euros."),
        (FEES, "When can I visit on Sundays?", "The museum is open from 10 to 16."),
        (FEES, "When can I visit at the weekend?", "The museum is open from 10 to 16."),
        (FEES, "When was the new mill built?", "The new mill was built in 1931."),
        (FEES, "How long may I keep a film?", "A loan lasts 7 days."),
        (FEES, "What must I pay for my dog?", "A ticket for it costs 2 euros."),
        (PLATZ, "Was zahlen Kinder?", "Eine Karte kostet 6 Euro."),
        (PLATZ, "Wie breit ist die Brücke?", "Die Brücke ist 7 Meter breit."),
        (PLATZ, "Wie lange wurde der Turm geprüft?", "Das dauerte 3 Monate."),
        (
            "The fast programme takes 30 minutes. It uses 9 litres. The slow programme takes 95 minutes.",
            "How long does the slow programme take?",
            "The programme takes 95 minutes.",
        ),
        (
            "The first race was won in 41 minutes. Rain fell. The last race was run in snow and won in 52 minutes.",
            "How fast was the last race won?",
            "The race was won in 52 minutes.",
        ),
        (
            "The train to Orrin takes 50 minutes. It has a bar. The train to Hallam takes 70 minutes.",
            "How long do I need to Hallam?",
            "The train takes 70 minutes.",
        ),
        (
            "Add 200 g of flour. Knead the dough. For a darker loaf add 50 g of flour from rye as well.",
            "How much rye flour goes into the darker loaf?",
            "Add 50 g of flour.",
        ),
        (
            "Le pain cuit 40 minutes. On le sort. La brioche cuit 25 minutes.",
            "Combien de temps cuit la brioche ?",
            "Elle cuit 25 minutes.",
        ),
        (
            "A day ticket for the ferry costs 12 euros. It is sold there. Pupils pay less. They get it for 7 euros.",
            "What is the reduced fare of the ferry?",
            "A day ticket for the ferry costs 7 euros with the reduction.",
        ),
        ("El museo abre a las 10. Tiene un bar. El parque abre a las 8.", "¿Cuándo abre el parque?", "Abre a las 8."),
    ],
)
def test_a_number_of_its_own_is_left_alone(source: str, question: str, answer: str) -> None:
    assert not list(exchanged_numbers(answer, question, source))
