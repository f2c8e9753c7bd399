"""Counting what leads to a person: by lines, as for the whole text."""

from __future__ import annotations

import pytest

from src.data_prep.fim.private import count_private


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("# Mara Lund <mara.lund@belltower.org>, piet@ropeworks.net", {"EMAIL": 2}),
        ('CALL = "+46 8 501 234 56"', {"PHONE": 1}),
        ('ROOT = "/home/mlund/bells"', {"USER": 1}),
        ('ROOT = "C:\\\\Users\\\\mlund\\\\bells"', {"USER": 1}),
        ('ROOT = "/Users/mlund/bells"', {"USER": 1}),
        ("@property", {}),
        ("bells = ropes @ weights", {}),
        ("total = one+1234567 8", {}),
        ("git clone git@forge.example:bells/tower", {}),
        ("class Users:", {}),
        ("at /home/user/bells", {}),
    ],
)
def test_every_line_with_something_counts(line: str, found: dict[str, int]) -> None:
    assert count_private(line) == found
    assert count_private(f"x = 1\n{line}\ny = 2\n{line}") == {label: 2 * count for label, count in found.items()}
