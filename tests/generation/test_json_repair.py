"""JSON as models write it: what can be mended without loss is mended, everything else is an error."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.generation.json_repair import JsonError, read_values

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "b"}', {"a": "b"}),
        ('\ufeff{"a": "b"}', {"a": "b"}),
        ('{"a": "b",}', {"a": "b"}),
        ('{"a": ["b", "c",],}', {"a": ["b", "c"]}),
        ("{'a': 'What's the dog's name?'}", {"a": "What's the dog's name?"}),
        ('{“a”: “she said "hi" twice”}', {"a": 'she said "hi" twice'}),
        ("{„a“: „b”}", {"a": "b"}),
        ('{"a": "the “b” word"}', {"a": "the “b” word"}),
        ('{"a": True, "b": None, "c": False}', {"a": True, "b": None, "c": False}),
        ('{"a": "one\ntwo\tthree"}', {"a": "one\ntwo\tthree"}),
        ('{"a": "\\d+ and \\alpha",}', {"a": "\\d+ and \\alpha"}),
        ('{"a": "\\ud83d\\ude00 \\u00e9\\n",}', {"a": "😀 é\n"}),
        ('{"a": 1.5, "b": -2, "c": 1e3,}', {"a": 1.5, "b": -2, "c": 1000.0}),
        ("{'a': {}, 'b': []}", {"a": {}, "b": []}),
        ('```json\n{"a": "b"}\n```', {"a": "b"}),
        ('Sure! Here it is:\n```\n{"a": "b"}\n```\nAnything else?', {"a": "b"}),
        ('The {best} answer [as I see it]: {"a": "b"}.', {"a": "b"}),
        ('<think>maybe {"a": "c"}</think>\n{"a": "b"}', {"a": "b"}),
        ('{"a": "It is whole."', {"a": "It is whole."}),
        ('```json\n{"a": "It is whole."\n```', {"a": "It is whole."}),
        ('{"a": [{"b": "x"}', {"a": [{"b": "x"}]}),
        ('{"a": "code: ```py\\nx\\n``` ends"}', {"a": "code: ```py\\nx\\n``` ends".replace("\\n", "\n")}),
    ],
)
def test_one_value_is_found_and_mended(text: str, value: object) -> None:
    assert read_values(text) == (value,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot do that.",
        '{"a": "it stops in the mid',
        '{"a": "it stops and was given a quote"',
        '{"a": "b",',
        '{"a":',
        '{"a"',
        '{"a": [',
        "{",
        '{"a": 12',
        '{"a": tru',
        '{"a": "He said "hi" and left."}',
        '{"a" "b"}',
        '{a: "b"}',
        '{"a": "b" "c": "d"}',
        '{"a": "b", "a": "c",}',
        '{"a": "\\ud83d"}',
        '{"a": @}',
    ],
)
def test_what_would_need_guessing_is_an_error(text: str) -> None:
    with pytest.raises(JsonError):
        read_values(text)


def test_several_objects_are_all_returned() -> None:
    assert read_values('{"a": 1}\n{"a": 2}') == ({"a": 1}, {"a": 2})


def test_what_is_nested_too_deeply_does_not_break_the_reader() -> None:
    with pytest.raises(JsonError, match="nested"):
        read_values('{"a": ' * 100_000 + "1,")


def test_a_text_full_of_brackets_ends_soon() -> None:
    with pytest.raises(JsonError):
        read_values("{ [ " * 20_000 + "x")


@given(VALUES)
def test_valid_json_is_read_as_it_is(value: object) -> None:
    assert read_values(json.dumps(value)) == (value,)


@given(OBJECTS)
def test_the_tolerant_reader_agrees_with_the_strict_one(value: dict[str, object]) -> None:
    assert read_values("Here you are: " + json.dumps(value, ensure_ascii=False)) == (value,)


@given(st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=4), st.data())
def test_a_cut_anywhere_never_shortens_a_text(value: dict[str, str], data: st.DataObject) -> None:
    whole = json.dumps(value)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    try:
        found = read_values(cut)
    except JsonError:
        return
    for part in found:
        assert isinstance(part, dict)
        assert part.items() <= value.items()


@given(st.text(max_size=200))
def test_any_text_gives_values_or_an_error(text: str) -> None:
    try:
        assert isinstance(read_values(text), tuple)
    except JsonError as error:
        assert str(error)
