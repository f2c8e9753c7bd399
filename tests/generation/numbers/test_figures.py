"""What the numbers of a text are numbers of."""

from __future__ import annotations

import pytest

from src.generation.numbers.figures import read_figures


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("4, 8 and 16 minutes", ["time", "time", "time"]),
        ("EUR 0.85 a share, five cents more", ["money", "money"]),
        ("§ 7: 18 Euro im Jahr", ["@label", "money"]),
        ("on 15 February or March 3, 2024", ["@date", "@date", "@year"]),
        ("between 8 a.m. and 3 p.m., at 9:20", ["@clock", "@clock", "@clock"]),
        ("zwischen 10 und 18 Uhr", ["@clock", "@clock"]),
        ("20 long minutes, 70 per cent", ["time", "share"]),
        ("60 Kilometer pro Stunde, 60 Kilometer weit", ["@rate", "length"]),
        ("four of them failed", [""]),
        ("1.5 million people", ["n:peopl"]),
        ("从上午九点到十时", ["@clock", "@clock"]),
    ],
)
def test_a_figure_has_the_kind_that_stands_beside_it(text: str, kinds: list[str]) -> None:
    assert [figure.kind for figure in read_figures(text)] == kinds


def test_one_quantity_in_two_units_has_one_value() -> None:
    assert read_figures("90 minutes")[0].values == read_figures("1.5 hours")[0].values
    assert read_figures("212 million")[0].numbers == read_figures("212,000,000")[0].numbers
