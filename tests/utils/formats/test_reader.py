"""Row readers: what a provider's adapter writes comes back, and every other shape says where it is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.types import Message, Sample
from src.providers import load_provider
from src.providers.lookup import find_model
from src.utils.formats.any_row import sample_of
from src.utils.formats.registry import FORMATS, formats_of, match_format
from src.utils.formats.shape import FormatError, UncheckedRowError

PROVIDERS = ["openai", "anthropic", "google", "mistral", "llama"]


def read_row(provider, row):
    formats = formats_of(replace(find_model("openai", "gpt-4.1"), provider=provider, formats=()))
    return (match_format(row, formats) or formats[0]).from_row(row)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@st.composite
def conversations(draw):
    system = [Message("system", draw(TEXT))] if draw(st.booleans()) else []
    turns = [Message(role, draw(TEXT)) for _ in range(draw(st.integers(1, 3))) for role in ("user", "assistant")]
    return Sample((*system, *turns), origin="generated")


@pytest.mark.parametrize("provider", PROVIDERS)
@given(sample=conversations())
@settings(max_examples=60, deadline=None)
def test_what_an_adapter_writes_is_read_back(provider, sample):
    row = load_provider(provider)().format_example(sample)
    assert sample_of(read_row(provider, row)).messages == sample.messages


def turn(role="user", content="Hi", **more):
    return {"role": role, "content": content, **more}


def contents(*parts, role="user"):
    return {"role": role, "parts": list(parts)}


GOOD = [
    ("openai", {"messages": [turn(), turn("assistant", "Yes", weight=0)]}, ["Hi", "Yes"]),
    ("openai", {"messages": [turn(content=[{"type": "text", "text": "a"}, {"type": "text", "text": "b"}])]}, ["a\nb"]),
    ("openai", {"messages": [turn(name="ann"), turn("assistant", "Yes")]}, ["Hi", "Yes"]),
    ("mistral", {"messages": [turn("system", "Be kind"), turn()]}, ["Be kind", "Hi"]),
    ("llama", {"messages": [turn()], "weight": 0.5}, ["Hi"]),
    ("llama", {"prompt": "p", "completion": "c"}, ["p", "c"]),
    ("local", {"messages": [turn()]}, ["Hi"]),
    ("anthropic", {"system": "s", "messages": [turn()]}, ["s", "Hi"]),
    ("google", {"contents": [contents({"text": "a"}, {"text": "b"})]}, ["a\nb"]),
    ("google", {"systemInstruction": {"parts": [{"text": "s"}]}, "contents": [contents({"text": "a"})]}, ["s", "a"]),
]


@pytest.mark.parametrize(("provider", "row", "texts"), GOOD)
def test_documented_shapes_are_read(provider, row, texts):
    assert [turn.content for turn in read_row(provider, row).turns] == texts


BAD = [
    ("openai", {}, "", "'messages' is missing"),
    ("openai", {"messages": "x"}, "messages", "a list is expected, found a string"),
    ("openai", {"messages": []}, "messages", "the list is empty"),
    ("openai", {"messages": [3]}, "messages[0]", "an object is expected, found a number"),
    ("openai", {"messages": [turn(), {"role": "assistant"}]}, "messages[1]", "'content' is missing"),
    ("openai", {"messages": [turn("bot")]}, "messages[0].role", "found 'bot'"),
    ("openai", {"messages": [turn([])]}, "messages[0].role", "found a list"),
    ("openai", {"messages": [turn(content=None)]}, "messages[0].content", "found null"),
    ("openai", {"messages": [turn(content=[{"type": "text"}])]}, "messages[0].content[0]", "'text' is missing"),
    ("openai", {"messages": [turn(content=["x"])]}, "messages[0].content[0]", "found a string"),
    ("openai", {"messages": [turn(mood="good")]}, "messages[0].mood", "unknown key"),
    ("openai", {"messages": [turn()], "text": "x"}, "text", "unknown key"),
    ("openai", {"messages": [turn(weight=1)]}, "messages[0].weight", "only assistant"),
    ("openai", {"messages": [turn("assistant", weight=True)]}, "messages[0].weight", "allowed are 0 and 1"),
    ("openai", {"messages": [turn("assistant", weight=[1])]}, "messages[0].weight", "allowed are 0 and 1"),
    ("openai", {"messages": [turn(name=3)]}, "messages[0].name", "found a number"),
    ("llama", {"messages": [turn()], "weight": -1}, "weight", "from 0 up"),
    ("llama", {"messages": [turn()], "weight": "1"}, "weight", "from 0 up"),
    ("llama", {"prompt": "x"}, "", "'completion' is missing"),
    ("llama", {"prompt": "x", "completion": True}, "completion", "found true or false"),
    ("llama", {"prompt": "x", "completion": "y", "id": 1}, "id", "unknown key"),
    ("anthropic", {"messages": [turn("system")]}, "messages[0].role", "allowed are 'user', 'assistant'"),
    ("anthropic", {"messages": [turn(content=[{"type": "text", "text": "x"}])]}, "messages[0].content", "found a list"),
    ("anthropic", {"messages": [turn()], "system": {}}, "system", "found an object"),
    ("anthropic", {"messages": [turn()], "id": 3}, "id", "unknown key"),
    ("google", {"messages": [turn()]}, "", "'contents' is missing"),
    ("google", {"contents": [contents({"text": "x"}, role="assistant")]}, "contents[0].role", "'user', 'model'"),
    ("google", {"contents": [contents()]}, "contents[0].parts", "the list is empty"),
    ("google", {"contents": [contents({"text": 1})]}, "contents[0].parts[0].text", "found a number"),
    ("google", {"contents": [contents("x")]}, "contents[0].parts[0]", "found a string"),
    ("google", {"system_instruction": {}, "contents": []}, "system_instruction", "unknown key"),
]


@pytest.mark.parametrize(("provider", "row", "where", "problem"), BAD)
def test_a_wrong_shape_names_the_place_and_what_was_found(provider, row, where, problem):
    with pytest.raises(FormatError) as error:
        read_row(provider, row)
    assert error.value.where == where
    assert problem in str(error.value)
    assert not isinstance(error.value, UncheckedRowError)


def test_parts_that_only_their_provider_can_open_are_told_apart_from_what_is_wrong():
    row = {"contents": [contents({"fileData": {}})]}
    with pytest.raises(UncheckedRowError) as error:
        read_row("google", row)
    assert error.value.where == "contents[0].parts[0].fileData"


def test_tool_calls_and_images_cannot_be_a_sample():
    row = {"messages": [turn(content=[{"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}])]}
    with pytest.raises(UncheckedRowError):
        sample_of(FORMATS["openai-chat"].from_row(row))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "messages",
                    "contents",
                    "role",
                    "content",
                    "parts",
                    "text",
                    "system",
                    "systemInstruction",
                    "prompt",
                    "weight",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    row=st.dictionaries(st.sampled_from(["messages", "contents", "prompt", "completion", "system"]), JSON, max_size=3)
)
@settings(max_examples=200, deadline=None)
def test_any_json_object_is_a_sample_or_a_format_error(row):
    for provider in PROVIDERS:
        try:
            assert read_row(provider, row).turns
        except FormatError as error:
            assert str(error)
