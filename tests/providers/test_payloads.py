"""The pure halves of the adapters: payloads out, answers in, schemas in each vendor's dialect."""

from __future__ import annotations

from typing import Any

import pytest

from src.core.errors import ProviderError
from src.core.specs import WriterModel
from src.core.types import ChatRequest, Message, Usage
from src.providers import anthropic_provider, google_provider, llama_provider, mistral_provider, openai_provider
from src.providers.answers import dig, read_body, text_of, tokens
from src.providers.json_schemas import ANTHROPIC_UNKNOWN, OPENAI_UNKNOWN, strict_schema

ASKED = ChatRequest("m", (Message("system", "s"), Message("user", "u")), temperature=1.8, max_tokens=5000, seed=3)
SMALL = WriterModel("m", 8192, 1000, reasoning_effort="none")
COLD = WriterModel("m", 8192, 9000, takes_temperature=False)


def test_openai_asks_with_max_completion_tokens_and_the_model_s_effort() -> None:
    assert openai_provider.to_chat_payload(ASKED, SMALL) == {
        "model": "m",
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
        "max_completion_tokens": 1000,
        "temperature": 1.8,
        "reasoning_effort": "none",
        "seed": 3,
    }
    assert "temperature" not in openai_provider.to_chat_payload(ASKED, COLD)


def test_compatible_servers_are_asked_with_max_tokens() -> None:
    payload = llama_provider.to_chat_payload(ASKED)
    assert (payload["max_tokens"], payload["temperature"]) == (5000, 1.8)
    assert "reasoning_effort" not in payload


def test_mistral_calls_the_seed_random_seed_and_ends_its_scale_at_one_and_a_half() -> None:
    payload = mistral_provider.to_chat_payload(ASKED, SMALL)
    assert (payload["random_seed"], payload["temperature"], payload["max_tokens"]) == (3, 1.5, 1000)
    assert not {"seed", "reasoning_effort"} & set(payload)
    assert "temperature" not in mistral_provider.to_chat_payload(ASKED, COLD)


def test_claude_gets_its_system_text_apart_and_temperature_only_when_it_takes_one() -> None:
    payload = anthropic_provider.to_chat_payload(ASKED, SMALL)
    assert payload["system"] == "s"
    assert payload["messages"] == [{"role": "user", "content": "u"}]
    assert payload["temperature"] == 1.0
    assert "temperature" not in anthropic_provider.to_chat_payload(ASKED, COLD)
    assert "temperature" not in anthropic_provider.to_chat_payload(ASKED, None)


def test_gemini_gets_its_settings_in_config() -> None:
    payload = google_provider.to_chat_payload(ASKED, SMALL)
    assert payload["contents"] == [{"role": "user", "parts": [{"text": "u"}]}]
    assert payload["config"] == {
        "max_output_tokens": 1000,
        "system_instruction": "s",
        "temperature": 1.8,
        "seed": 3,
    }


def test_a_request_without_extras_has_none() -> None:
    plain = ChatRequest("m", (Message("user", "u"),))
    assert set(openai_provider.to_chat_payload(plain)) == {"model", "messages", "max_completion_tokens", "temperature"}
    assert set(anthropic_provider.to_chat_payload(plain)) == {"model", "messages", "max_tokens"}
    assert set(google_provider.to_chat_payload(plain)["config"]) == {"max_output_tokens", "temperature"}


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "default": {"type": "string", "minLength": 2, "default": "x"},
        "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/leaf"}},
        "kind": {"enum": [{"minLength": 1}, "a"]},
        "either": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
    },
    "$defs": {"leaf": {"type": "object", "properties": {"n": {"type": "number"}}}},
}


def test_a_strict_schema_closes_objects_requires_all_and_leaves_out_what_openai_refuses() -> None:
    assert strict_schema(SCHEMA, OPENAI_UNKNOWN) == {
        "type": "object",
        "properties": {
            "default": {"type": "string"},
            "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/leaf"}},
            "kind": {"enum": [{"minLength": 1}, "a"]},
            "either": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
        },
        "$defs": {
            "leaf": {
                "type": "object",
                "properties": {"n": {"type": "number"}},
                "additionalProperties": False,
                "required": ["n"],
            }
        },
        "additionalProperties": False,
        "required": ["default", "items", "kind", "either"],
    }


def test_claude_s_schema_has_no_bounds_either() -> None:
    strict = strict_schema(SCHEMA, ANTHROPIC_UNKNOWN)
    assert "minItems" not in strict["properties"]["items"]
    assert strict["properties"]["either"]["anyOf"][0] == {"type": "integer"}
    assert "minLength" in SCHEMA["properties"]["default"], "the caller's schema stays as it is"


CHAT = {"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 3}}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({}, "malformed"),
        ({"choices": None}, "malformed"),
        ({"choices": ["text"]}, "malformed"),
        ({"choices": [{"message": None}]}, "malformed"),
        ({"choices": [{"message": {"content": ""}, "finish_reason": "stop"}]}, "malformed"),
        ({"choices": [{"message": {"content": 5}}]}, "malformed"),
        ({"choices": [{"message": {"content": "x"}, "finish_reason": "content_filter"}]}, "refused"),
        ({"choices": [{"message": {"content": None, "refusal": "I can't."}}]}, "refused"),
    ],
)
def test_a_chat_completion_without_an_answer_is_an_error(answer: dict[str, Any], kind: str) -> None:
    for read in (openai_provider.read_chat_answer, llama_provider.read_chat_answer, mistral_provider.read_chat_answer):
        with pytest.raises(ProviderError) as caught:
            read(answer, "m")
        assert caught.value.kind == kind


def test_a_chat_completion_may_hold_parts_and_lack_usage() -> None:
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    result = mistral_provider.read_chat_answer({"choices": [{"message": {"content": parts}}]}, "m")
    assert (result.text, result.usage) == ("ab", Usage())
    assert openai_provider.read_chat_answer(CHAT, "m").usage == Usage(3, 0)


def test_an_answer_cut_before_its_first_word_is_marked_not_malformed() -> None:
    cut = {"choices": [{"message": {"content": ""}, "finish_reason": "length"}]}
    assert openai_provider.read_chat_answer(cut, "m").finish_reason == "length"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({}, "malformed"),
        ({"content": []}, "malformed"),
        ({"content": [{"type": "tool_use", "input": {}}]}, "malformed"),
        ({"content": [], "stop_reason": "refusal"}, "refused"),
    ],
)
def test_a_claude_message_without_an_answer_is_an_error(answer: dict[str, Any], kind: str) -> None:
    with pytest.raises(ProviderError) as caught:
        anthropic_provider.read_chat_answer(answer, "m")
    assert caught.value.kind == kind


def test_claude_s_cached_input_counts_as_input() -> None:
    usage = {"input_tokens": 5, "cache_creation_input_tokens": 7, "cache_read_input_tokens": None, "output_tokens": 2}
    answer = {
        "content": [{"type": "text", "text": "x"}],
        "stop_reason": "model_context_window_exceeded",
        "usage": usage,
    }
    result = anthropic_provider.read_chat_answer(answer, "m")
    assert (result.usage, result.finish_reason) == (Usage(12, 2), "length")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({}, "malformed"),
        ({"candidates": []}, "malformed"),
        ({"candidates": [], "prompt_feedback": {"block_reason": "SAFETY"}}, "refused"),
        ({"candidates": [{"finish_reason": "RECITATION"}]}, "refused"),
        ({"candidates": [{"finish_reason": "OTHER"}]}, "malformed"),
        ({"candidates": [{"content": {"parts": [{"text": "thinking", "thought": True}]}}]}, "malformed"),
    ],
)
def test_a_gemini_answer_without_text_is_an_error(answer: dict[str, Any], kind: str) -> None:
    with pytest.raises(ProviderError) as caught:
        google_provider.read_chat_answer(answer, "m")
    assert caught.value.kind == kind


def test_gemini_s_thinking_is_left_out_of_the_text_and_counted_as_output() -> None:
    parts = [{"text": "hm", "thought": True}, {"text": "yes"}]
    usage = {"prompt_token_count": 4, "candidates_token_count": 1, "thoughts_token_count": 30}
    result = google_provider.read_chat_answer(
        {"candidates": [{"content": {"parts": parts}}], "usage_metadata": usage}, "m"
    )
    assert (result.text, result.usage) == ("yes", Usage(4, 31))


def test_digging_and_counting_survive_anything() -> None:
    assert dig({"a": [{"b": 1}]}, "a", 0, "b") == 1
    assert [dig({"a": []}, "a", 0), dig({"a": []}, "a", -1), dig("text", "a"), dig([1], "a"), dig({"a": 1}, 0)] == [
        None
    ] * 5
    assert tokens(3, None, "4", True, -2, 1) == 4
    assert text_of(None) == ""


def test_an_html_page_in_place_of_an_object_is_malformed() -> None:
    with pytest.raises(ProviderError, match="not JSON"):
        read_body(b"<html>")
    assert read_body(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("body", ["", "{", "[1]"])
def test_a_body_that_is_no_object_is_malformed(body: str) -> None:
    with pytest.raises(ProviderError) as caught:
        read_body(body)
    assert caught.value.kind == "malformed"
