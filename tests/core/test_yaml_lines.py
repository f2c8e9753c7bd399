"""A YAML file of a person: mistakes have their line, and a few lines cannot grow into more than memory holds."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from src.core.errors import ConfigError
from src.core.yaml_lines import read_yaml


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def laughs(depth: int, opening: str = "[", closing: str = "]") -> str:
    """Each line is ten times the one before it."""
    names = [f"n{number}" for number in range(depth)]
    lines = [f"{names[0]}: &{names[0]} {opening}{'a: 1' if opening == '{' else 'ha'}{closing}"]
    lines += [
        f"{name}: &{name} {opening}{', '.join(f'*{former}' for _ in range(10))}{closing}"
        for former, name in pairwise(names)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        laughs(12),
        "a: &a [*a, *a]",
        "a: &a {b: *a}",
        f"a: &a {'x' * 200_000}\nb: [{', '.join(['*a'] * 40)}]",
        "m0: &m0 {a: 1}\n" + "\n".join(f"m{n}: &m{n}\n  <<: [{', '.join([f'*m{n - 1}'] * 10)}]" for n in range(1, 12)),
    ],
    ids=["laughs", "endless_list", "endless_mapping", "long_text", "merges"],
)
def test_aliases_that_unfold_into_too_much_are_refused_with_their_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"settings\.yaml line \d+: its aliases") as caught:
        read_yaml(write(tmp_path, text), start="Start anew.")
    assert caught.value.fix


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_yaml(write(tmp_path, f"a: {'[' * 1_500}{']' * 1_500}"), start="Start anew.")
    assert caught.value.fix


def test_aliases_of_ordinary_size_are_read(tmp_path: Path) -> None:
    found = read_yaml(write(tmp_path, "a: &a {x: 1}\nb: *a\nc: [*a, *a]\n"), start="")
    assert found.values == {"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}, {"x": 1}]}
    assert found.lines["c.1.x"] == 1
