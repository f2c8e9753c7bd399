"""One value is exchanged, every other character stays."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from src.cli.yaml_text import replace_value


@pytest.mark.parametrize(
    ("text", "key", "value", "edited"),
    [
        ("a: 1   # one\nb: 2\n", "a", 3, "a: 3   # one\nb: 2\n"),
        ("a:\n     b:  'x'  # y\n", "a.b", "z", "a:\n     b:  'z'  # y\n"),
        ('a: "x"\n', "a", 'say "no"', 'a: "say \\"no\\""\n'),
        ("a: x\n", "a", "yes", "a: 'yes'\n"),
        ("a: [1, 2] # list\n", "a", ("p", "q r"), "a: [p, q r] # list\n"),
        ("a: {b: 1, c: 2}\n", "a.c", 5, "a: {b: 1, c: 5}\n"),
        ("a:\nb: 1\n", "a", True, "a: true\nb: 1\n"),
        ("a: true\r\nb: 1\r\n", "a", False, "a: false\r\nb: 1\r\n"),
    ],
)
def test_value_is_exchanged_in_its_place(text: str, key: str, value: object, edited: str) -> None:
    assert replace_value(text, key, value) == edited


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a: 1\n", "b"),
        ("a: 1\n", "a.b"),
        ("", "a"),
        ("a:\n  - x\n  - y\n", "a"),
        ("a: |\n  long\n  text\n", "a"),
        ("a: &n 1\nb: *n\n", "b"),
        ("a: &n 1\nb: *n\n", "a"),
    ],
)
def test_what_cannot_be_exchanged_is_left_to_the_caller(text: str, key: str) -> None:
    assert replace_value(text, key, 9) is None


@given(st.text(max_size=40), st.sampled_from(["x", "'x'", '"x"', ""]))
def test_exchanged_text_reads_back(value: str, old: str) -> None:
    text = f"before: 1\na: {old}  # remark\nafter: [2]\n"
    edited = replace_value(text, "a", value)
    if edited is not None:
        assert yaml.safe_load(edited) == {"before": 1, "a": value, "after": [2]}
        assert "# remark\nafter: [2]\n" in edited
