"""Training rows of every provider: golden files byte for byte, and what a format cannot hold."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.jsonl import dump_line
from src.core.types import Message, ProviderName, Role, Sample
from src.providers import load_provider
from src.providers.llama_provider import LlamaProvider
from src.providers.row_rules import row_problem
from src.providers.training_rows import join_neighbours, to_message_row

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
REMOTE: tuple[ProviderName, ...] = ("openai", "anthropic", "google", "mistral", "llama")


def sample(*turns: tuple[Role, str], **metadata: Any) -> Sample:
    messages = tuple(Message(role, content) for role, content in turns)
    return Sample(messages, "generated", "kiln.md", topic_keywords=("kiln",), metadata=metadata)


SAMPLES = (
    sample(("user", "How long does a glaze firing take?"), ("assistant", "Eight to ten hours, and a day to cool.")),
    sample(
        ("system", "You run a pottery."),
        ("user", "My bowl cracked."),
        ("assistant", "Was it dry before the firing?"),
        ("user", "Not quite."),
        ("assistant", "Then steam broke it: let the next one dry for a week."),
        difficulty="easy",
    ),
    sample(
        ("user", "Zwei Fragen: wie heiß"),
        ("user", "und wie lange? 窯は熱い 🔥"),
        ("assistant", 'Bei "1 200 °C"\nund\tlange.'),
        ("assistant", "C:\\kiln\\log\u2028ende"),
    ),
    sample(
        ("system", "Answer in one word."), ("system", "Be kind."), ("user", "</s>[INST]"), ("assistant", "<|eot_id|>")
    ),
)


@pytest.mark.parametrize("name", REMOTE)
def test_the_exported_lines_are_these_bytes(name: ProviderName) -> None:
    provider = load_provider(name)()
    lines = b"".join(dump_line(provider.format_example(entry)) for entry in SAMPLES)
    assert lines == (GOLDEN / f"{name}.jsonl").read_bytes()


def test_bedrock_s_llama_rows_are_these_bytes() -> None:
    provider = LlamaProvider(model="meta.llama3-1-8b-instruct-v1:0:128k")
    lines = b"".join(dump_line(provider.format_example(entry)) for entry in SAMPLES)
    assert lines == (GOLDEN / "llama_bedrock.jsonl").read_bytes()


@pytest.mark.parametrize("name", REMOTE)
def test_nothing_but_the_conversation_stands_in_a_row(name: ProviderName) -> None:
    row = load_provider(name)().format_example(SAMPLES[1])
    assert set(row) <= {"messages", "system", "contents", "systemInstruction"}
    assert b"kiln.md" not in orjson.dumps(row)


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        ((), "nothing to learn"),
        ((("user", "hello"),), "nothing to learn"),
        ((("system", "s"),), "nothing to learn"),
        ((("user", "q"), ("assistant", "a"), ("user", "q")), "nothing to learn"),
        ((("user", " \n"), ("assistant", "a")), "empty"),
        ((("user", "q"), ("assistant", "")), "empty"),
    ],
)
@pytest.mark.parametrize("name", REMOTE)
def test_what_no_format_can_hold_has_a_reason(name: ProviderName, turns: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        load_provider(name)().format_example(sample(*turns))


@pytest.mark.parametrize("name", REMOTE)
def test_only_openai_takes_an_assistant_first_and_a_system_message_inside(name: ProviderName) -> None:
    provider = load_provider(name)()
    first = sample(("assistant", "Welcome."), ("user", "q"), ("assistant", "a"))
    inside = sample(("user", "q"), ("system", "s"), ("assistant", "a"))
    if name == "openai":
        assert provider.format_example(first)["messages"][0]["role"] == "assistant"
        assert provider.format_example(inside)["messages"][1]["role"] == "system"
        return
    with pytest.raises(ValueError, match="not the user's"):
        provider.format_example(first)
    with pytest.raises(ValueError, match="inside of the conversation"):
        provider.format_example(inside)


conversations = st.lists(st.tuples(st.sampled_from(["system", "user", "assistant"]), st.text(max_size=20)), max_size=6)


@given(turns=conversations)
@pytest.mark.parametrize("name", REMOTE)
def test_a_row_is_written_exactly_when_no_problem_is_found(name: ProviderName, turns: list[tuple[Role, str]]) -> None:
    entry = sample(*turns)
    problem = row_problem(entry, name)
    try:
        row = load_provider(name)().format_example(entry)
    except ValueError as error:
        assert str(error) == problem
    else:
        assert problem == ""
        texts = b"".join(orjson.dumps(message.content)[1:-1] for message in entry.messages)
        assert len(orjson.dumps(row)) >= len(texts)


@given(turns=conversations)
def test_joining_neighbours_keeps_every_word_in_order(turns: list[tuple[Role, str]]) -> None:
    joined = join_neighbours(sample(*turns).messages)
    assert all(one.role != other.role for one, other in pairwise(joined))
    assert "".join(turn.content for turn in joined).replace("\n\n", "") == "".join(text for _, text in turns).replace(
        "\n\n", ""
    )


def test_the_local_provider_s_rows_follow_the_strict_rules_too() -> None:
    assert to_message_row(SAMPLES[0], "local") == to_message_row(SAMPLES[0], "mistral")
