"""The in-process model: what it sends, what it reads, which files it takes, and that its answers never drift."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from src.core.errors import ConfigError, MissingPackageError, ProviderError
from src.core.types import ChatRequest, GenerationResult, Message
from src.providers import load_provider, local_provider
from src.providers.base_provider import Connection
from src.providers.local_provider import (
    LocalProvider,
    find_model_file,
    is_small_model,
    read_chunks,
    to_chat_payload,
    to_completion_payload,
)
from src.providers.local_runtime import Call, LocalRuntime, shared_prefix
from tests.fakes import make_sample
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
SHOTS = (
    "Fact: The gate is shut at night because foxes come.\nQuestion: Why is the gate shut at night?\n\n"
    "Fact: A sieve is a bowl with small holes.\nQuestion: What is a sieve?\n\n"
)


def completion(text: str, **more: object) -> ChatRequest:
    fields = {"temperature": 0.8, "max_tokens": 16, "seed": 3, "stop": ("\n",), **more}
    return ChatRequest(model="local", messages=(Message("user", text),), style="completion", **fields)  # type: ignore[arg-type]


def chat(text: str, **more: object) -> ChatRequest:
    fields = {"temperature": 0.0, "max_tokens": 24, "seed": 3, **more}
    return ChatRequest(model="local", messages=(Message("user", text),), **fields)  # type: ignore[arg-type]


def ask(*requests: ChatRequest, connection: Connection | None = None) -> list[GenerationResult]:
    async def in_order() -> list[GenerationResult]:
        provider = LocalProvider(connection)
        return [await provider.generate(request) for request in requests]

    return asyncio.run(in_order())


def failing(request: ChatRequest, connection: Connection | None = None) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(request, connection=connection)
    return caught.value


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


class ScriptedServer:
    """Stands in for llama.cpp's server: plays chunks, records what it was sent."""

    def __init__(self, chunks: Sequence[dict[str, object]] = (), pause_s: float = 0.0) -> None:
        self.chunks = chunks or ({"choices": [{"text": "x", "finish_reason": "stop"}], "usage": {"prompt_tokens": 1}},)
        self.pause_s = pause_s
        self.sent: list[tuple[str, bool]] = []

    def handle_completions(self, body: dict[str, object], take: object) -> None:
        self.sent.append((str(body.get("prompt", "chat")), bool(body["cache_prompt"])))
        for chunk in self.chunks:
            time.sleep(self.pause_s)
            if take(chunk):  # type: ignore[operator]
                return

    handle_chat_completions = handle_completions


def call(prompt: str, *, is_chat: bool = False, within_s: float = 5.0) -> Call:
    return Call({"prompt": prompt}, chat=is_chat, deadline=time.monotonic() + within_s)


def test_registry_gives_the_local_provider_without_loading_a_model() -> None:
    assert load_provider("local") is LocalProvider


def test_row_is_a_list_of_messages() -> None:
    row = LocalProvider().format_example(make_sample("What is a kiln?", "An oven."))
    assert row == {
        "messages": [{"role": "user", "content": "What is a kiln?"}, {"role": "assistant", "content": "An oven."}]
    }


def test_completion_payload_carries_grammar_stop_and_seed() -> None:
    payload = to_completion_payload(completion("Q:", grammar='root ::= "x"'))
    assert payload == {
        "prompt": "Q:",
        "n_predict": 16,
        "temperature": 0.8,
        "seed": 3,
        "stop": ["\n"],
        "grammar": 'root ::= "x"',
    }


def test_without_a_seed_a_fixed_one_is_taken() -> None:
    assert to_completion_payload(completion("Q:", seed=None))["seed"] == 0


def test_completion_of_several_messages_is_refused() -> None:
    request = ChatRequest("local", (Message("system", "a"), Message("user", "b")), style="completion")
    with pytest.raises(ProviderError) as caught:
        to_completion_payload(request)
    assert caught.value.kind == "bad_request"


def test_chat_payload_asks_for_the_schema() -> None:
    payload = to_chat_payload(chat("hi", json_schema={"type": "object"}))
    assert payload["messages"] == [{"role": "user", "content": "hi"}]
    assert payload["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_chunks_of_both_styles_are_joined() -> None:
    end = {
        "choices": [{"text": "", "finish_reason": "length"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 2},
    }
    result = read_chunks([{"choices": [{"text": "Why"}]}, {"choices": [{"delta": {"content": " so"}}]}, end], "m")
    assert (result.text, result.finish_reason, result.model) == ("Why so", "length", "m")
    assert (result.usage.input_tokens, result.usage.output_tokens) == (7, 2)


def test_stream_without_an_end_is_malformed() -> None:
    with pytest.raises(ProviderError) as caught:
        read_chunks([{"choices": [{"text": "Why"}]}], "m")
    assert caught.value.kind == "malformed"


def test_shared_prefix_ends_with_the_last_blank_line() -> None:
    assert shared_prefix("a\n\nb\n\nc\nd") == "a\n\nb\n\n"
    assert shared_prefix("a\n\nb\n\n") == "a\n\n"
    assert shared_prefix("one paragraph\n") == ""


def test_cache_is_filled_in_the_same_steps_for_every_prompt() -> None:
    server = ScriptedServer()
    runtime = LocalRuntime(server)
    for prompt in ("shots\n\none", "shots\n\ntwo", "shots\n\ntwo", "other"):
        runtime.run(call(prompt))
    assert server.sent == [
        ("shots\n\n", False),
        ("shots\n\n", True),
        ("shots\n\none", True),
        ("shots\n\none", True),
        ("shots\n\n", True),
        ("shots\n\ntwo", True),
        ("shots\n\ntwo", True),
        ("shots\n\ntwo", True),
        ("other", False),
        ("other", True),
    ]


def test_a_chat_between_completions_starts_the_cache_anew() -> None:
    server = ScriptedServer()
    runtime = LocalRuntime(server)
    runtime.run(call("shots\n\none"))
    runtime.run(call("", is_chat=True))
    server.sent.clear()
    runtime.run(call("shots\n\none"))
    assert server.sent[0] == ("shots\n\n", False)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "exceed_context_size_error", "message": "too many tokens"}, "too_long"),
        ({"type": "invalid_request_error", "message": "bad grammar"}, "bad_request"),
        ({"type": "server_error"}, "server"),
    ],
)
def test_errors_of_the_library_get_their_kind(error: dict[str, str], kind: str) -> None:
    with pytest.raises(ProviderError) as caught:
        LocalRuntime(ScriptedServer([{"error": error}])).run(call("x"))
    assert caught.value.kind == kind


def test_an_answer_past_its_deadline_is_stopped() -> None:
    endless = ScriptedServer([{"choices": [{"text": "x"}]}] * 100_000, pause_s=0.01)
    with pytest.raises(ProviderError) as caught:
        LocalRuntime(endless).run(call("x", within_s=0.1))
    assert caught.value.kind == "timeout"


def test_waiting_for_another_call_counts_against_the_deadline() -> None:
    runtime = LocalRuntime(ScriptedServer([{"choices": [{"text": "x"}]}] * 1000, pause_s=0.01))

    async def both() -> list[object]:
        first, second = call("x", within_s=2), call("y", within_s=0.2)
        running = asyncio.create_task(asyncio.to_thread(runtime.run, first))
        await asyncio.sleep(0.1)
        waited = await asyncio.gather(asyncio.to_thread(runtime.run, second), return_exceptions=True)
        first.cancelled = True
        await asyncio.gather(running, return_exceptions=True)
        return waited

    (error,) = asyncio.run(both())
    assert isinstance(error, ProviderError)
    assert error.kind == "timeout"


def test_embedded_model_is_found_without_importing_its_package() -> None:
    assert find_model_file(Connection()).suffix == ".gguf"
    assert local_provider.WEIGHTS_PACKAGE not in sys.modules


def test_embedded_model_and_small_files_are_of_demo_quality(tmp_path: Path) -> None:
    small = tmp_path / "small.gguf"
    small.write_bytes(b"GGUF" + bytes(10))
    assert is_small_model(Connection())
    assert is_small_model(Connection(model_path=str(small)))


def test_parts_of_a_split_file_are_counted_together(tmp_path: Path) -> None:
    first = tmp_path / "big-00001-of-00002.gguf"
    for path, size in ((first, 600_000_000), (tmp_path / "big-00002-of-00002.gguf", 600_000_000)):
        with path.open("wb") as file:
            file.write(b"GGUF")
            file.truncate(size)  # a sparse file: takes no room
    assert not is_small_model(Connection(model_path=str(first)))


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 a zip file"])
def test_a_file_that_is_no_gguf_is_a_config_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="not a GGUF file") as caught:
        find_model_file(Connection(model_path=str(path)))
    assert "local.model_path" in caught.value.fix


@pytest.mark.parametrize("name", ["missing.gguf", "", "nul\0.gguf", "x" * 300])
def test_a_path_that_cannot_be_read_is_a_config_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        find_model_file(Connection(model_path=str(tmp_path / name)))


def test_missing_weights_name_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_provider, "WEIGHTS_PACKAGE", "no_such_weights")
    with pytest.raises(MissingPackageError) as caught:
        find_model_file(Connection())
    assert "make setup" in caught.value.fix


def test_missing_runtime_names_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    path = tmp_path / "never_loaded.gguf"
    path.write_bytes(b"GGUF")
    with pytest.raises(MissingPackageError) as caught:
        ask(completion("x"), connection=Connection(model_path=str(path)))
    assert "make setup" in caught.value.fix


def test_a_damaged_gguf_is_a_config_error(tmp_path: Path) -> None:
    path = tmp_path / "damaged.gguf"
    path.write_bytes(b"GGUF\x03\x00\x00\x00" + b"\xff" * 500)
    with pytest.raises(ConfigError, match="damaged"):
        ask(completion("x"), connection=Connection(model_path=str(path)))


@pytest.mark.slow
def test_real_model_completes_within_the_grammar_and_counts_tokens() -> None:
    grammar = 'root ::= " Why" [^?\\n]{4,60} "?"'
    prompt = SHOTS + "Fact: Bread is covered because air dries it out.\nQuestion:"
    (result,) = ask(completion(prompt, grammar=grammar, max_tokens=40))
    assert result.text.startswith(" Why")
    assert result.text.endswith("?")
    assert result.usage.input_tokens > 40
    assert result.usage.output_tokens > 3


@pytest.mark.slow
def test_real_model_answers_a_chat_in_the_schema_and_says_when_it_was_cut() -> None:
    schema = {"type": "object", "properties": {"colour": {"type": "string"}}, "required": ["colour"]}
    whole, cut = ask(
        chat("Name the colour of grass as JSON with the field colour.", json_schema=schema, max_tokens=60),
        chat("Count from one to one hundred in words.", max_tokens=5),
    )
    assert whole.finish_reason == "stop"
    assert isinstance(json.loads(whole.text)["colour"], str)
    assert (cut.finish_reason, cut.usage.output_tokens) == ("length", 5)


@pytest.mark.slow
def test_real_model_refuses_what_it_cannot_take() -> None:
    assert failing(completion("word " * 9000)).kind == "too_long"
    assert failing(completion("x", grammar="root ::= [[[")).kind == "bad_request"
    assert failing(completion("a\ud800b")).kind == "bad_request"
    assert failing(completion(SHOTS, max_tokens=4000), Connection(timeout_s=0.3)).kind == "timeout"


@pytest.mark.slow
def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    tails = ("Bread is covered because air dries it out.", "Nails rust because the shed is damp.")
    first, second = (completion(f"{SHOTS}Fact: {tail}\nQuestion:", temperature=1.0) for tail in tails)
    other_seed = completion(first.messages[0].content, temperature=1.0, seed=99)
    in_order = [result.text for result in ask(first, other_seed, second)]
    after_others = [result.text for result in ask(second, chat("hello"), other_seed, first)]
    assert [after_others[3], after_others[2], after_others[0]] == in_order
    code = (
        "import asyncio, sys\n"
        "from tests.providers.test_local_provider import ask, completion\n"
        f"sys.stdout.write(ask(completion({second.messages[0].content!r}, temperature=1.0))[0].text)\n"
    )
    fresh = run_python(code)
    assert (fresh.returncode, fresh.stdout) == (0, in_order[2]), fresh.stderr


@pytest.mark.slow
def test_process_is_quiet_keeps_its_exit_code_and_stops_in_the_middle_of_an_answer() -> None:
    code = (
        "import asyncio, sys\n"
        "from src.providers.local_provider import LocalProvider\n"
        "from tests.providers.test_local_provider import completion\n"
        "async def cancelled():\n"
        "    task = asyncio.create_task(LocalProvider().generate(completion('Once upon', max_tokens=4000, stop=())))\n"
        "    await asyncio.sleep(4)\n"
        "    task.cancel()\n"
        "    await asyncio.gather(task, return_exceptions=True)\n"
        "    sys.exit(7)\n"
        "asyncio.run(cancelled())\n"
    )
    started = time.monotonic()
    done = run_python(code)
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")
    assert time.monotonic() - started < 60
