"""Amounts in a currency that the source does not count in."""

from __future__ import annotations

import pytest

from src.generation.numbers.currencies import foreign_amounts


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("The mill earned 41.3 million euros.", "The mill earned 41.3 million pounds."),
        ("A ticket costs $6.", "A ticket costs £6."),
        ("Der Eintritt kostet 12 Euro.", "Der Eintritt kostet 12 Franken."),
        ("500円です。", "入場料は500元です。"),
    ],
)
def test_an_amount_in_another_currency_is_found(answer: str, source: str) -> None:
    assert list(foreign_amounts(answer, "", source))


@pytest.mark.parametrize(
    ("answer", "question", "source"),
    [
        ("It costs 5 euros.", "", "It costs €5."),
        ("5 dollars.", "", "The price is $5."),
        ("40 pence.", "", "It costs £0.40."),
        ("Drei Franken.", "", "Es kostet CHF 3.-"),
        ("2 pounds of flour.", "", "A loaf costs 5 euros and takes 2 pounds of flour."),
        ("Take 3 pounds of apples.", "", "The knife costs 8 euros. Take three pounds of apples."),
        ("About 20 euros.", "What is that in euros?", "It costs 20 dollars."),
        ("20 euros.", "", "It costs twenty."),
        ("Il coûte 4 euros.", "", "Le billet est à 4 €, soit 5 francs suisses."),
        ("C'est 1 coup franc.", "", "Il y eut 1 coup franc ; le billet coûte 9 euros."),
    ],
)
def test_an_amount_in_a_currency_of_its_source_is_left_alone(answer: str, question: str, source: str) -> None:
    assert not list(foreign_amounts(answer, question, source))
