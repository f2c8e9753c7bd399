"""What every remote provider does alike, through its real SDK over the loopback stub."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from src.core.errors import ConfigError, ProviderError
from src.core.types import ChatRequest, GenerationResult, Message, ProviderName, TokenCount, Usage
from src.providers import limits, load_provider
from src.providers.base_provider import Connection
from src.providers.lookup import default_writer, provider_spec
from tests.fakes import make_sample
from tests.stub_server import StubServer
from tests.stub_wires import StubRequest, count_tokens

REMOTE: tuple[ProviderName, ...] = ("openai", "anthropic", "google", "mistral", "llama")
KEY = "sk-loopback-0123456789"
SCHEMA = {
    "type": "object",
    "properties": {
        "pairs": {
            "type": "array",
            "minItems": 2,
            "maxItems": 5,
            "items": {
                "type": "object",
                "properties": {
                    "question": {"type": "string", "minLength": 3},
                    "level": {"type": "integer", "minimum": 1, "maximum": 3},
                    "kind": {"enum": ["fact", "method"]},
                },
                "required": ["question", "level", "kind"],
            },
        }
    },
    "required": ["pairs"],
}

every_provider = pytest.mark.parametrize("name", REMOTE)


def make_request(model: str = "", text: str = "How hot is a kiln?", **more: Any) -> ChatRequest:
    messages = (Message("system", "You are a potter."), Message("user", text))
    return ChatRequest(model=model, messages=messages, **{"max_tokens": 200, "temperature": 0.3, "seed": 7, **more})


def connect(stub: StubServer, name: ProviderName, *, timeout_s: float = 20.0, key: str = KEY) -> Connection:
    return Connection(api_key=key, base_url=stub.url(name), timeout_s=timeout_s)


def ask(connection: Connection, name: ProviderName, request: ChatRequest) -> GenerationResult:
    async def once() -> GenerationResult:
        provider = load_provider(name)(connection)
        try:
            return await provider.generate(request)
        finally:
            await provider.aclose()

    return asyncio.run(once())


def fail(stub: StubServer, name: ProviderName, fault: str, **more: Any) -> ProviderError:
    stub.script(fault)
    model = default_writer(name).id
    with pytest.raises(ProviderError) as caught:
        ask(connect(stub, name, **more), name, make_request(model))
    return caught.value


@every_provider
def test_an_answer_comes_back_with_its_usage(stub: StubServer, name: ProviderName) -> None:
    stub.responder = lambda request: "About 1200 °C, 陶器."
    result = ask(connect(stub, name), name, make_request("some-model"))
    prompt = "You are a potter.How hot is a kiln?"
    expected = Usage(count_tokens(prompt), count_tokens("About 1200 °C, 陶器."))
    assert result == GenerationResult("About 1200 °C, 陶器.", "some-model", expected, "stop")


@every_provider
def test_the_request_reaches_the_wire_whole(stub: StubServer, name: ProviderName) -> None:
    model = default_writer(name).id
    turns = (
        Message("system", "Be brief."),
        Message("user", "Hi"),
        Message("assistant", "Yes?"),
        Message("user", "Why?"),
    )
    ask(connect(stub, name), name, ChatRequest(model=model, messages=turns, max_tokens=99, seed=5, stop=("END",)))
    (call,) = stub.calls
    assert (call.provider, call.model, call.key, call.max_tokens) == (name, model, KEY, 99)
    assert call.messages == (("system", "Be brief."), ("user", "Hi"), ("assistant", "Yes?"), ("user", "Why?"))
    assert call.seed == (None if name == "anthropic" else 5)
    assert "END" in json.dumps(call.body)


@every_provider
def test_temperature_is_sent_only_to_models_that_take_it(stub: StubServer, name: ProviderName) -> None:
    for writer in provider_spec(name).writers:
        ask(connect(stub, name), name, make_request(writer.id, temperature=0.25))
        assert stub.calls[-1].temperature == (0.25 if writer.takes_temperature else None), writer.id


@every_provider
def test_a_wished_shape_comes_back_as_json_of_that_shape(stub: StubServer, name: ProviderName) -> None:
    result = ask(connect(stub, name), name, make_request("some-model", json_schema=SCHEMA))
    pairs = json.loads(result.text)["pairs"]
    assert pairs
    assert all(isinstance(pair["question"], str) and pair["level"] == 1 and pair["kind"] == "fact" for pair in pairs)
    assert stub.calls[0].schema is not None


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("401", "auth"),
        ("403", "auth"),
        ("402", "auth"),
        ("quota", "auth"),
        ("badkey", "auth"),
        ("400", "bad_request"),
        ("422", "bad_request"),
        ("404", "not_found"),
        ("toolong", "too_long"),
        ("413", "too_long"),
        ("429", "rate_limit"),
        ("408", "timeout"),
        ("504", "timeout"),
        ("409", "server"),
        ("500", "server"),
        ("502", "server"),
        ("503", "server"),
        ("529", "server"),
        ("badjson", "malformed"),
        ("html", "malformed"),
        ("empty", "malformed"),
        ("nochoice", "malformed"),
        ("close", "connection"),
        ("refusal", "refused"),
    ],
)
@every_provider
def test_each_fault_becomes_an_error_of_its_kind_without_a_retry(
    stub: StubServer, name: ProviderName, fault: str, kind: str
) -> None:
    error = fail(stub, name, fault)
    assert error.kind == kind
    assert str(error)
    assert error.fix
    assert len(stub.calls) == 1


@every_provider
@pytest.mark.parametrize(("fault", "wait"), [("429_2", 2.0), ("503_0.5", 0.5), ("429", None), ("500", None)])
def test_the_wait_that_a_server_asks_for_is_passed_on(
    stub: StubServer, name: ProviderName, fault: str, wait: float | None
) -> None:
    assert fail(stub, name, fault).retry_after == wait


@every_provider
def test_a_cut_answer_is_returned_and_marked(stub: StubServer, name: ProviderName) -> None:
    stub.responder = lambda request: "ABCDEFGH"
    stub.script("length")
    result = ask(connect(stub, name), name, make_request("some-model"))
    assert (result.text, result.finish_reason) == ("ABCD", "length")


@every_provider
def test_an_answer_without_usage_is_kept(stub: StubServer, name: ProviderName) -> None:
    stub.script("nousage")
    result = ask(connect(stub, name), name, make_request("some-model"))
    assert result.text == "You said: How hot is a kiln?"
    assert result.usage == Usage(0, 0)


@every_provider
def test_an_empty_answer_is_malformed(stub: StubServer, name: ProviderName) -> None:
    stub.responder = lambda request: " \n"
    with pytest.raises(ProviderError, match="empty") as caught:
        ask(connect(stub, name), name, make_request("some-model"))
    assert caught.value.kind == "malformed"


@every_provider
def test_a_slow_answer_is_given_up_in_time(stub: StubServer, name: ProviderName) -> None:
    error = fail(stub, name, "slow_20", timeout_s=0.5)
    assert error.kind == "timeout"
    assert "0.5 seconds" in error.fix


@every_provider
def test_nobody_listening_is_a_connection_error(name: ProviderName) -> None:
    with StubServer() as gone:
        connection = connect(gone, name)
    with pytest.raises(ProviderError) as caught:
        ask(connection, name, make_request("some-model"))
    assert caught.value.kind == "connection"
    assert "nothing listens there" in str(caught.value)
    assert "timed out" not in str(caught.value)
    assert f"endpoints.{name}" in caught.value.fix
    assert "Start the server" in caught.value.fix


@every_provider
def test_a_quota_that_is_used_up_is_no_bad_key(stub: StubServer, name: ProviderName) -> None:
    error = fail(stub, name, "quota")
    assert error.kind == "auth"
    assert "used up" in str(error)
    assert "key" not in str(error)
    assert "billing" in error.fix


@every_provider
@pytest.mark.parametrize("fault", ["401", "400", "429", "500"])
def test_a_key_never_shows_in_an_error_or_its_traceback(stub: StubServer, name: ProviderName, fault: str) -> None:
    error = fail(stub, name, fault)  # the stub repeats the key in its message, as real servers do
    assert "***" in str(error)
    assert KEY not in "".join(traceback.format_exception(error)) + repr(error) + error.fix
    assert KEY not in repr(connect(stub, name))


@every_provider
def test_a_rejected_key_names_the_variable_to_set(stub: StubServer, name: ProviderName) -> None:
    error = fail(stub, name, "ok", key="bad-key")
    assert error.kind == "auth"
    assert provider_spec(name).key_name in error.fix


@every_provider
def test_a_missing_key_is_told_before_anything_is_sent(name: ProviderName) -> None:
    with pytest.raises(ProviderError, match="no API key") as caught:
        ask(Connection(), name, make_request("some-model"))
    assert caught.value.kind == "auth"
    assert provider_spec(name).key_name in caught.value.fix


@every_provider
def test_a_key_with_a_line_break_is_told_without_showing_it(stub: StubServer, name: ProviderName) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(connect(stub, name, key="sk-one\ntwo"), name, make_request("some-model"))
    assert caught.value.kind == "auth"
    assert "sk-one" not in str(caught.value)


@every_provider
def test_a_server_of_ones_own_needs_no_key(stub: StubServer, name: ProviderName) -> None:
    ask(connect(stub, name, key=""), name, make_request("some-model"))
    assert stub.calls[0].key == "none"


@every_provider
@pytest.mark.parametrize("url", ["ftp://127.0.0.1/v1", "nowhere", "http://", "http://u:p@127.0.0.1/v1", "file:///etc"])
def test_an_unusable_endpoint_is_told_without_repeating_it(name: ProviderName, url: str) -> None:
    with pytest.raises(ConfigError, match=f"endpoints.{name}") as caught:
        ask(Connection(api_key=KEY, base_url=url), name, make_request("some-model"))
    assert "u:p" not in str(caught.value)


@every_provider
def test_a_raw_completion_is_refused(stub: StubServer, name: ProviderName) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(connect(stub, name), name, make_request("some-model", style="completion"))
    assert caught.value.kind == "bad_request"
    assert not stub.calls


@every_provider
def test_calls_run_at_the_same_time_and_keep_their_answers(stub: StubServer, name: ProviderName) -> None:
    stub.latency_s = 0.3
    stub.responder = lambda request: f"answer to {request.prompt}"

    async def many() -> list[GenerationResult]:
        provider = load_provider(name)(connect(stub, name))
        try:
            return await asyncio.gather(*(provider.generate(make_request("m", f"question {n}")) for n in range(12)))
        finally:
            await provider.aclose()

    results = asyncio.run(many())
    assert [result.text for result in results] == [f"answer to question {n}" for n in range(12)]
    assert stub.most_at_once >= 6


@every_provider
def test_closing_twice_and_asking_again_works(stub: StubServer, name: ProviderName) -> None:
    async def story() -> str:
        provider = load_provider(name)(connect(stub, name))
        await provider.aclose()
        await provider.generate(make_request("some-model"))
        await provider.aclose()
        await provider.aclose()
        result = await provider.generate(make_request("some-model"))
        await provider.aclose()
        return result.text

    assert asyncio.run(story()) == "You said: How hot is a kiln?"


@every_provider
def test_a_cancelled_call_stays_cancelled(stub: StubServer, name: ProviderName) -> None:
    async def story() -> None:
        provider = load_provider(name)(connect(stub, name))
        stub.script("ok", "slow_3")
        await provider.generate(make_request("some-model"))
        task: asyncio.Task[Any] = asyncio.create_task(_await(provider.generate, make_request("some-model")))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await provider.aclose()

    asyncio.run(story())


async def _await(call: Callable[[ChatRequest], Awaitable[GenerationResult]], request: ChatRequest) -> GenerationResult:
    return await call(request)


@every_provider
def test_a_mistake_in_the_program_is_not_taken_for_a_failed_call(stub: StubServer, name: ProviderName) -> None:
    provider = load_provider(name)(connect(stub, name))
    assert provider._classify(ZeroDivisionError()) is None  # type: ignore[attr-defined]


@every_provider
def test_models_and_limits_need_no_sdk_and_no_key(name: ProviderName) -> None:
    provider = load_provider(name)()
    first = provider.get_models()[0]
    assert provider.get_limits(first.id) == first
    assert provider.get_token_limit(first.id) == first.max_example_tokens
    assert provider.get_max_training_tokens(first.id) == first.max_training_tokens


def test_the_stub_knows_the_same_request_of_every_vendor(stub: StubServer) -> None:
    for name in REMOTE:
        ask(connect(stub, name), name, make_request("some-model"))
    seen = [(call.model, call.messages, call.max_tokens) for call in stub.calls]
    assert all(entry == seen[0] for entry in seen)
    assert all(isinstance(call, StubRequest) for call in stub.calls)


@pytest.mark.parametrize("name", ["openai", "llama"])
def test_a_server_without_schemas_is_asked_plainly_from_then_on(stub: StubServer, name: ProviderName) -> None:
    async def story() -> list[str]:
        provider = load_provider(name)(connect(stub, name))
        texts = [(await provider.generate(make_request("m", json_schema=SCHEMA))).text for _ in range(2)]
        await provider.aclose()
        return texts

    stub.script("noschema")
    assert asyncio.run(story()) == ["You said: How hot is a kiln?"] * 2
    assert [call.schema is not None for call in stub.calls] == [True, False, False]


@pytest.mark.parametrize("name", ["openai", "llama"])
def test_an_address_without_its_v1_gets_a_hint(stub: StubServer, name: ProviderName) -> None:
    connection = Connection(api_key=KEY, base_url=f"http://127.0.0.1:{stub.port}/elsewhere")
    stub.script("404")
    with pytest.raises(ProviderError) as caught:
        ask(connection, name, make_request("m"))
    assert (caught.value.kind, "/v1" in caught.value.fix) == ("not_found", True)


def test_a_mistake_in_the_program_comes_through_unchanged(stub: StubServer) -> None:
    provider = load_provider("openai")(connect(stub, "openai"))
    request = make_request("m", stop=(object(),))

    async def story() -> None:
        try:
            await provider.generate(request)
        finally:
            await provider.aclose()

    with pytest.raises(TypeError):
        asyncio.run(story())


@every_provider
def test_a_dataset_is_checked_against_the_limits_of_the_model(name: ProviderName) -> None:
    provider = load_provider(name)()
    model = provider.get_models()[0].id
    report = provider.validate_dataset([make_sample()], lambda sample: TokenCount(12, exact=True), model)
    assert (report.rows, report.total_tokens, report.exact) == (1, 12, True)
    assert report == limits.check_dataset(
        [make_sample()], provider.get_limits(model), lambda sample: TokenCount(12, True)
    )
