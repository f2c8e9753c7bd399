"""JSON: every string is there verbatim, and its field names the path to it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.errors import InputFileError
from src.utils.extractors.json_records import extract, is_json


def sections(tmp_path, content: str, name: str = "a.json"):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return list(extract(path))


def values(section):
    return {field.name: section.text[slice(*field.span)] for field in section.fields}


def test_strings_are_unescaped_and_named_by_their_paths(tmp_path):
    content = json.dumps(
        {"id": 7, "messages": [{"role": "user", "content": 'Say "hi"\nplease'}], "ok": True, "tags": ["a", "b"]}
    )
    (found,) = sections(tmp_path, content)
    assert found.kind == "record"
    assert found.text == 'id: 7\nrole: user\ncontent: Say "hi"\nplease\ntags: a\ntags: b\n\n'
    assert values(found) == {
        "id": "7",
        "messages[0].role": "user",
        "messages[0].content": 'Say "hi"\nplease',
        "tags[0]": "a",
        "tags[1]": "b",
    }


def test_a_list_gives_one_record_per_element_with_paths_from_the_record(tmp_path):
    found = sections(tmp_path, '[{"question": "Why?", "answer": "So."}, {"question": "Who?"}, "loose"]')
    assert [section.locator for section in found] == ["record 1", "record 2", "record 3"]
    assert values(found[0]) == {"question": "Why?", "answer": "So."}
    assert found[2].text == "loose\n\n"


def test_an_object_around_a_list_of_records_is_opened_and_a_conversation_is_not(tmp_path):
    opened = sections(tmp_path, '{"data": [{"q": "a"}, {"q": "b"}]}')
    assert [values(section) for section in opened] == [{"data[0].q": "a"}, {"data[1].q": "b"}]
    whole = sections(
        tmp_path, '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'
    )
    assert len(whole) == 1


def test_turns_at_the_top_are_marked_as_turns(tmp_path):
    found = sections(tmp_path, '[{"speaker": "Ann", "text": "Hello"}, {"speaker": "Ben"}]')
    assert [section.kind for section in found] == ["turn", "record"]


def test_lines_of_json_are_read_one_by_one(tmp_path):
    found = sections(tmp_path, '{"a": "x"}\n\n{"a": "y"}\n', "a.jsonl")
    assert [(section.text, section.locator) for section in found] == [("a: x\n\n", "line 1"), ("a: y\n\n", "line 3")]
    assert len(sections(tmp_path, '{"a": "x"}\n{"a": "y"}\n')) == 2


def test_bare_lists_of_numbers_are_no_text(tmp_path):
    (found,) = sections(tmp_path, '{"title": "t", "vector": [0.1, 0.2], "none": null}')
    assert found.text == "title: t\n\n"


@pytest.mark.parametrize(("name", "content"), [("a.json", '{"a": 1,\n "b": }'), ("a.jsonl", '{"a":\n"b": }\n')])
def test_the_line_of_a_mistake_is_named(tmp_path, name, content):
    with pytest.raises(InputFileError, match="line 2 is no valid JSON"):
        sections(tmp_path, content, name)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_bottomless_nesting_is_refused(tmp_path, name):
    with pytest.raises(InputFileError, match="nested too deeply"):
        sections(tmp_path, "[" * 200_000, name)


def test_json_is_told_from_text_that_begins_like_it():
    assert is_json('{"a": 1}')
    assert is_json('{"a": 1}\n{"a": 2}\n')
    assert not is_json("[note] remember the milk")
    assert not is_json("{not json")
    assert not is_json("plain")


def strings_of(value):
    if isinstance(value, str):
        return [value] if value.strip() else []
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for child in children for text in strings_of(child)]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8)
JSON = st.recursive(
    WORDS | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner), max_leaves=12
)


@given(JSON)
def test_every_string_of_any_document_is_a_field(tmp_path_factory, value):
    found = sections(tmp_path_factory.mktemp("json"), json.dumps(value))
    fields = [text for section in found for text in (section.text[slice(*field.span)] for field in section.fields)]
    assert [text for text in fields if not text.lstrip("-").isdigit()] == [
        text for text in strings_of(value) if not text.lstrip("-").isdigit()
    ]


def test_a_broken_line_is_left_out_with_a_warning(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('\ufeff{"a": "one"}\n{"b": }\n{"a": "two"}\n{"a": "cut o', encoding="utf-8")
    warnings: list[str] = []
    assert [section.text for section in extract(path, warnings.append)] == ["a: one\n\n", "a: two\n\n"]
    assert warnings == ["a.jsonl: no valid JSON, left out: line 2, 4."]


def test_values_spread_over_lines_are_read_whatever_the_suffix(tmp_path):
    content = '{\n "a": "one"\n}\n{\n "a": "two"\n}\n'
    assert [found.text for found in sections(tmp_path, content, "a.jsonl")] == ["a: one\n\n", "a: two\n\n"]


def test_comments_and_last_commas_are_forgiven(tmp_path):
    content = '// settings\n{"a": "see https://x, ]", /* why */ "b": ["one", "two",],}\n'
    assert [found.text for found in sections(tmp_path, content)] == ["a: see https://x, ]\nb: one\nb: two\n\n"]


@pytest.mark.parametrize(
    "text",
    [
        ["Two sacks, ", {"type": "bold", "text": "no more"}, "."],
        ["Two sacks", {"type": "plain", "text": ", "}, {"type": "link", "text": "no more"}, "."],
        [{"type": "plain", "text": "Two sacks, "}, {"type": "bold", "text": "no more"}, {"type": "plain", "text": "."}],
    ],
)
def test_a_text_in_runs_of_different_looks_is_one_value(tmp_path, text):
    (found,) = sections(tmp_path, json.dumps({"id": 1, "text": text}))
    assert values(found) == {"id": "1", "text": "Two sacks, no more."}


@pytest.mark.parametrize(
    "parts",
    [
        [{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}],
        [{"type": "image", "text": "A gate"}, {"type": "plain", "text": "Two."}],
        ["One.", {"name": "bold", "text": "Two."}],
        ["One.", {"type": "bold", "text": "Two."}],
        ["One.", {"type": "text", "text": "Two."}],
        [{"type": "link", "text": "One."}, {"type": "link", "text": " Two."}],
        [{"type": "email", "text": "One."}, {"type": "phone", "text": "Two."}],
        ["One.", "Two."],
    ],
)
def test_parts_of_a_message_and_lists_of_texts_stay_apart(tmp_path, parts):
    (found,) = sections(tmp_path, json.dumps({"id": 1, "parts": parts}))
    assert "One.Two." not in found.text
    assert len([value for value in values(found).values() if value.strip() in ("One.", "Two.", "A gate")]) == 2


def test_values_as_python_writes_them_are_read_with_a_warning(tmp_path):
    path = tmp_path / "qa.json"
    path.write_text(
        "{'q': 'See http://mill.example/a?', 'n': None}\n{'q': 'It\\'s 4\\' 7\"', 'ok': True}\n", encoding="utf-8"
    )
    warnings: list[str] = []
    sections = list(extract(path, warnings.append))
    assert [section.text.split("\n")[0] for section in sections] == ["q: See http://mill.example/a?", "q: It's 4' 7\""]
    assert warnings == ["qa.json is no JSON, but holds values as Python writes them: they were read."]


@pytest.mark.parametrize(
    "text",
    [
        *("{'q': open('x')}", "{'q': 1} {'q': 2}", "{'q': }", "['a', 'b'"),
        *(
            "{'q': b'x'}",
            "{'q': {1, 2}}",
            "{'q': 1j}",
            "{'q': ...}",
            "{('a', 'b'): 'x'}",
            "{'q': 'a\\d'}",
            '{"q": "a\\d",}',
        ),
    ],
)
def test_what_is_neither_json_nor_a_value_is_an_error(tmp_path, text):
    path = tmp_path / "qa.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFileError):
        list(extract(path))


@pytest.mark.parametrize("name", ["plan.json", "plan.jsonl"])
def test_escapes_stay_those_of_json_where_only_a_comma_is_too_much(tmp_path, name):
    path = tmp_path / name
    path.write_text('{"name": "\\ud83c\\udf89 plan", "url": "http:\\/\\/x", "a": ["b",],}\n', encoding="utf-8")
    warnings: list[str] = []
    (found,) = extract(path, warnings.append)
    assert found.text == "name: 🎉 plan\nurl: http://x\na: b\n\n"
    assert warnings == [f"{name} has comments or commas that JSON does not allow: they were left out."]


def test_tuples_are_lists_and_numbers_may_be_keys(tmp_path):
    (found,) = sections(tmp_path, "{'tags': ('a', 'b'), 1: 'one'}")
    assert found.text == "tags: a\ntags: b\n1: one\n\n"
