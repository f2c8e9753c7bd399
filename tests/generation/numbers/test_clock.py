"""Times of day that a text says in words, and as figures."""

from __future__ import annotations

import pytest

from src.generation.numbers.forms import missing_numbers


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("At 9.30 a.m.", "Deliveries may be made until half past nine in the morning."),
        ("At 21:30.", "The gate shuts at half past nine in the evening."),
        ("At 1:30 p.m.", "Lunch is served until half past one."),
        ("At 8:45.", "The bus leaves at a quarter to nine."),
        ("At 9:15.", "The bus leaves at quarter past nine."),
        ("Um 9.30 Uhr.", "Die Mühle öffnet um halb zehn."),
        ("Um 9.45 Uhr.", "Die Mühle öffnet um Viertel vor zehn."),
        ("À 9h30.", "Le moulin ouvre à neuf heures et demie."),
        ("À 8h45.", "Le moulin ouvre à neuf heures moins le quart."),
        ("A las 7:30.", "La panadería abre a las siete y media."),
        ("Alle 9.30.", "Il mulino apre alle nove e mezza."),
        ("Às 9h30.", "O moinho abre às nove e meia."),
        ("Om 9.30 uur.", "De molen opent om half tien."),
    ],
)
def test_a_time_in_words_is_the_same_in_figures(answer: str, source: str) -> None:
    assert missing_numbers(answer, source) == ()


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("At 9.45 a.m.", "Deliveries may be made until half past nine in the morning."),
        ("At 10.30 a.m.", "Deliveries may be made until half past nine in the morning."),
        ("At 9:45.", "The bus leaves at a quarter to nine."),
        ("Um 10.30 Uhr.", "Die Mühle öffnet um halb zehn."),
        ("A las 8:30.", "La panadería abre a las siete y media."),
    ],
)
def test_another_time_is_missing(answer: str, source: str) -> None:
    assert missing_numbers(answer, source) != ()


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("Tem 17 anos.", "A estreante, de dezassete anos, veio de Angra."),
        ("Tem 19 anos.", "O rapaz tem dezenove anos."),
        ("Około 15 kilometrów.", "Szlak ma piętnaście kilometrów."),
    ],
)
def test_a_number_in_words_is_the_same_in_figures(answer: str, source: str) -> None:
    assert missing_numbers(answer, source) == ()
