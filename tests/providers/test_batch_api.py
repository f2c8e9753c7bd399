"""What the vendors' batch APIs share, and the pure halves of their translation."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult, Message, ProviderName
from src.providers import load_provider
from src.providers.base_provider import Connection
from src.providers.batch_api import BatchApi, open_batch_api, read_chat_line, read_lines, to_line
from src.providers.google_batch import to_batch_request
from tests.stub_server import StubServer

ASKED = ChatRequest(
    "m", (Message("system", "Be brief."), Message("user", "Why?")), 0.5, 99, {"type": "object"}, seed=3, stop=("#",)
)


def api_of(vendor: ProviderName, url: str = "http://127.0.0.1:9/v1") -> BatchApi:
    return open_batch_api(load_provider(vendor)(Connection(api_key="sk-secret-0123456789", base_url=url, timeout_s=2)))


@pytest.mark.parametrize(
    ("vendor", "keys"),
    [
        ("openai", {"custom_id", "method", "url", "body"}),
        ("llama", {"custom_id", "body"}),
        ("mistral", {"custom_id", "body"}),
        ("anthropic", {"custom_id", "params"}),
        ("google", {"key", "request"}),
    ],
)
def test_a_line_holds_what_a_single_call_would_send(vendor: ProviderName, keys: set[str]) -> None:
    api = api_of(vendor)
    line = json.loads(api.encode("k1", ASKED))
    assert set(line) == keys
    assert b"\n" not in api.encode("k1", ASKED)
    sent = line.get("body") or line.get("params") or line["request"]
    payload: dict[str, Any] = api.provider.payload(ASKED)
    if vendor == "google":
        assert sent["contents"] == payload["contents"]
        assert sent["systemInstruction"] == {"parts": [{"text": "Be brief."}]}
        assert sent["generationConfig"] == {
            "maxOutputTokens": 99,
            "temperature": 0.5,
            "seed": 3,
            "stopSequences": ["#"],
            "responseMimeType": "application/json",
            "responseJsonSchema": {"type": "object"},
        }
    else:
        assert sent == {name: value for name, value in payload.items() if vendor != "mistral" or name != "model"}


def test_a_request_without_a_system_text_has_no_empty_one() -> None:
    assert "systemInstruction" not in to_batch_request({"contents": [], "config": {}})


def test_lines_hold_any_text_and_what_is_no_json_is_an_error() -> None:
    assert json.loads(to_line({"text": "half \ud800 of a pair"}))["text"] == "half \ud800 of a pair"
    assert list(read_lines(b'{"a": 1}\n\n{"b": 2}\r\n')) == [{"a": 1}, {"b": 2}]
    with pytest.raises(ProviderError) as caught:
        list(read_lines(b'{"a": 1}\n<html>'))
    assert caught.value.kind == "malformed"


@pytest.mark.parametrize(
    ("response", "error", "kind"),
    [
        ({"status_code": 429, "body": {"error": {"message": "slow"}}}, None, "rate_limit"),
        ({"status_code": 400, "body": {"error": {"message": "maximum context length is 8192"}}}, None, "too_long"),
        ({"status_code": 401, "body": {"message": "no"}}, None, "auth"),
        (None, {"code": "batch_expired", "message": "too late"}, "server"),
        (None, None, "server"),
        ({"status_code": 200, "body": None}, None, "malformed"),
    ],
)
def test_a_line_that_failed_has_a_kind(response: Any, error: Any, kind: str) -> None:
    answer = read_chat_line(api_of("openai"), {"custom_id": "k", "response": response, "error": error}, "m")
    assert isinstance(answer.outcome, ProviderError)
    assert (answer.key, answer.outcome.kind, answer.outcome.usage) == ("k", kind, None)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}, "server"),
        ({"type": "invalid_request_error", "message": "prompt is too long: 9 tokens"}, "too_long"),
        ({"type": "error", "error": {"type": "authentication_error"}}, "auth"),
        ({}, "server"),
    ],
)
def test_an_errored_message_of_anthropic_has_a_kind(error: Any, kind: str) -> None:
    answer = api_of("anthropic")._read_line({"custom_id": "k", "result": {"type": "errored", "error": error}}, "m")  # type: ignore[attr-defined]
    assert answer.outcome.kind == kind


def test_google_lines_without_keys_are_told_apart_by_their_order(stub: StubServer) -> None:
    async def run() -> list[Any]:
        api = api_of("google", stub.url("google"))
        texts = ("first", "second")
        requests = [ChatRequest("m", (Message("user", text),)) for text in texts]
        name = await api.submit([api.encode(text, each) for text, each in zip(texts, requests, strict=True)], "m", "t1")
        stub.batches.looks = 0
        assert (await api.poll(name)).is_done
        file = f"{stub.batches.jobs[0].id}-output"
        lines = [json.loads(line) for line in stub.batches.files[file].splitlines()]
        stub.batches.files[file] = b"\n".join(to_line({**line, "key": None}) for line in lines)
        answers = await api.collect(name, "m", texts)
        await api.provider.aclose()
        return answers

    answers = asyncio.run(run())
    assert [(each.key, each.outcome.text) for each in answers] == [
        ("first", "You said: first"),
        ("second", "You said: second"),
    ]
    assert isinstance(answers[0].outcome, GenerationResult)


def test_a_batch_that_may_have_been_accepted_is_not_sent_twice(stub: StubServer) -> None:
    stub.batches.script("page")

    async def run() -> ProviderError:
        api = api_of("openai", stub.url("openai"))
        with pytest.raises(ProviderError) as caught:
            await api.submit([api.encode("k", ASKED)], "m", "t1")
        await api.provider.aclose()
        return caught.value

    error = asyncio.run(run())
    assert error.ends_run
    assert "looks whether OpenAI has taken the batch" in error.fix


def test_together_texts_go_to_no_place_that_is_not_encrypted_or_named(stub: StubServer) -> None:
    async def run() -> ProviderError:
        api = api_of("llama", stub.url("llama"))
        with pytest.raises(ProviderError) as caught:
            await api.submit([api.encode("k", ASKED)], "m", "t1")
        await api.provider.aclose()
        return caught.value

    stub.batches.upload_host = "http://files.example.org"
    assert "no address" in str(asyncio.run(run()))
