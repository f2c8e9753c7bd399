"""Lines written from roles and texts alone: the same bytes as those of whole samples, in every provider's format."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.jsonl import dump_line
from src.core.types import Message, Sample
from src.providers import load_provider
from src.utils.formatter import LineFormatter, format_lines

PROVIDERS = [
    load_provider(name)(model=model)
    for name, model in (
        ("openai", ""),
        ("anthropic", ""),
        ("google", ""),
        ("mistral", ""),
        ("llama", ""),
        ("llama", "meta.llama3-1-8b-instruct"),
    )
]
texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["%s", "%", '"', "\\", "text-0-of-the-row"]
)
turns = st.lists(st.tuples(st.sampled_from(["system", "user", "assistant"]), texts), max_size=5)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: f"{provider.name}-{provider.model}")
@settings(max_examples=30)
@given(conversations=st.lists(turns, max_size=6))
def test_a_line_is_what_the_row_of_the_whole_sample_is(provider, conversations):
    formatter = LineFormatter(provider)
    for conversation in conversations:
        sample = Sample(tuple(Message(role, text) for role, text in conversation), origin="generated")
        roles, said = tuple(role for role, _ in conversation), [text for _, text in conversation]
        try:
            (row,) = format_lines([sample], provider)
        except ValueError:
            with pytest.raises(ValueError, match="does not fit the format"):
                formatter.line(roles, said)
        else:
            assert formatter.line(roles, said) == dump_line(row)


def test_a_conversation_that_does_not_fit_is_named_by_its_number():
    formatter = LineFormatter(load_provider("mistral")())
    formatter.line(("user", "assistant"), ["Q?", "A."])
    with pytest.raises(ValueError, match=r"sample 2 \(.{12}\) does not fit the format"):
        formatter.line(("user",), ["Hello?"])
