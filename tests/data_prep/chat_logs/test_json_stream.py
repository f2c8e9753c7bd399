"""JSON files value by value: arrays, lines, objects, and what is wrong with them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.data_prep.chat_logs.json_stream import BrokenJsonError, read_values


def values(data: bytes) -> list[Any]:
    return list(read_values(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", []),
        (b" \n", []),
        (b"[]", []),
        (b"[ ]\n", []),
        (b'[\n{"a":1}\n]', [{"a": 1}]),
        (b'[{"a":1},{"b":2}]', [{"a": 1}, {"b": 2}]),
        (b' [ {"a": 1} ,\n {"b": 2} ] ', [{"a": 1}, {"b": 2}]),
        (b'\xef\xbb\xbf[{"a":1}]', [{"a": 1}]),
        (b'\xef\xbb\xbf{"a":1}\n{"b":2}\n', [{"a": 1}, {"b": 2}]),
        (b'{"a":1}\n\n{"b":2}', [{"a": 1}, {"b": 2}]),
        (b'{"a":1}\n{broken\n{"b":2}\n', [{"a": 1}, None, {"b": 2}]),
        (b'{broken\n{"b":2}\n', [None, {"b": 2}]),
        (b'{\n  "a": {\n    "b": 1\n  }\n}\n', [{"a": {"b": 1}}]),
        (b'[1, "x", {"a": NaN}]', [{"a": pytest.approx(float("nan"), nan_ok=True)}]),
        (b'[{"a":"\\ud83d"},{"b":1}]', [{"a": "\ud83d"}, {"b": 1}]),
        (b'[{"a":"x\ny"},{"b":1}]', [{"a": "x\ny"}, {"b": 1}]),
        ('[{"a":"é中😀"},{"b":"中"}]'.encode(), [{"a": "é中😀"}, {"b": "中"}]),
        (b'{"a":1}', [{"a": 1}]),
        (b"[[1],[2]]", [[1], [2]]),
        (b"12", []),
    ],
)
def test_values_are_found(data: bytes, found: list[Any]) -> None:
    assert values(data) == found


@pytest.mark.parametrize(
    "data", [b'[{"a":1},{"b":', b'[{"a":1}', b'[{"a":1},', b'[{"a":1},{"b" 2}]', b'[{"a":1},{"b":"\\ud83d']
)
def test_what_comes_before_a_damage_is_given_and_then_the_damage_is_told(data: bytes) -> None:
    found = read_values(io.BytesIO(data))
    assert next(found) == {"a": 1}
    with pytest.raises(BrokenJsonError):
        next(found)


def test_values_far_longer_than_what_is_read_at_once_are_found() -> None:
    long = [{"text": "ä" * 700_000, "n": number} for number in range(4)]
    assert values(json.dumps(long, ensure_ascii=False).encode()) == long
    assert values(json.dumps(long).encode()) == long


NESTED = {"id": "a", "inner": [{"id": "b", "inner": "c"}, {"id": "d", "inner": "e"}]}
QUOTING = {"id": 'x"}, {"id": "y", "inner"', "inner": "}, ] [ { \\ ü"}


@pytest.mark.parametrize(
    "kinds",
    [
        [{"id": 1, "text": "a"}],
        [NESTED],
        [QUOTING],
        [{"mapping": {"mapping": {"n": 1}}}, {"mapping": {}}],
        [{"id": "a", "turns": [{"id": "b", "text": "c"}]}, {"id": "a", "text": [1]}, {}, [], [[{}]]],
        [{"id": "a", "text": "half \ud83d"}, {"id": "b", "text": "whole"}],
        [{"id": "a", "long": "ä" * 200_000}, {"id": "b", "long": ""}],
    ],
    ids=["plain", "nested", "quoting", "without plain values", "mixed", "halves", "long"],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_several_pieces_gives_what_was_written(kinds: list[Any], indent: int | None) -> None:
    text = json.dumps(kinds, indent=indent)
    records = kinds * (2_000_000 // len(text))
    assert values(json.dumps(records, indent=indent).encode()) == records


def test_of_a_list_of_several_pieces_all_before_the_damage_is_given() -> None:
    records = [NESTED, QUOTING] * 15_000
    data = json.dumps(records).encode()
    found = read_values(io.BytesIO(data[:-20]))
    assert [next(found) for _ in records[:-1]] == records[:-1]
    with pytest.raises(BrokenJsonError):
        next(found)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=3_000), max_size=3), max_size=6),
    st.booleans(),
    st.sampled_from([None, 1]),
)
def test_an_array_gives_what_was_written(records: list[dict[str, str]], ascii_only: bool, indent: int | None) -> None:
    data = json.dumps(records, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    try:
        data.decode()
    except UnicodeDecodeError:
        return
    assert values(data) == records
