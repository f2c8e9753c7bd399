"""llama.cpp inside this process: one loaded model, one request at a time, answers that depend on the request alone."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from src.core.cores import count_cores
from src.core.errors import ConfigError, MissingPackageError, ProviderError

N_CTX = 8192
"""Tokens of prompt and answer together; llama.cpp lowers it to what the model was trained with."""

_loading = threading.Lock()


def load_runtime(model_file: Path) -> LocalRuntime:
    """The runtime of a GGUF file, loaded once per process (about one second for the embedded model).

    It stays loaded until the process ends: the server object has no close(). Python drops it at exit, which stops its
    threads; an answer that is still being written then is left unfinished. Raises MissingPackageError without
    xllamacpp, ConfigError when llama.cpp cannot use the file.
    """
    with _loading:
        return _load_once(model_file)


@dataclass(slots=True)
class Call:
    """One request on its way. ``deadline`` is a value of time.monotonic(); ``cancelled`` may be set by any thread."""

    payload: Mapping[str, Any]
    chat: bool
    deadline: float
    cancelled: bool = False
    chunks: list[dict[str, Any]] = field(default_factory=list)

    def take(self, chunk: dict[str, Any]) -> bool:
        """Keep a chunk of the stream; True tells llama.cpp to stop."""
        self.chunks.append(chunk)
        return self.stopped

    @property
    def stopped(self) -> bool:
        """Nobody waits for the answer any longer."""
        return self.cancelled or time.monotonic() > self.deadline

    @property
    def complete(self) -> bool:
        """The last chunk of the stream has come: it alone carries the usage."""
        return any(chunk.get("usage") for chunk in self.chunks)


class LocalRuntime:
    """A loaded model.

    The same request must give the same bytes whatever was asked before it, or a resumed run would differ from an
    unbroken one. llama.cpp's prompt cache breaks that: how a prompt is cut into batches changes the last bits of its
    keys and values, and with them the sampled text. Without the cache every request pays for the whole few-shot
    prompt (4 s instead of 0.5 s on two cores). So the cache is used, but always filled in the same steps, which follow
    from the prompt alone: first its paragraphs up to the last blank line, then the whole prompt, then the answer.
    """

    def __init__(self, server: Any) -> None:
        self._server = server
        self._turn = threading.Lock()
        self._prefix = ""
        self._prompt = ""

    def run(self, call: Call) -> list[dict[str, Any]]:
        """The chunks of the answer. Blocks; one call at a time. Raises ProviderError (timeout) past the deadline."""
        while not self._turn.acquire(timeout=0.1):
            _check(call)
        try:
            if call.chat:
                self._forget()
            else:
                self._fill_cache(call)
            self._send(call, {**call.payload, "cache_prompt": not call.chat})
        except BaseException:
            self._forget()
            raise
        finally:
            self._turn.release()
        return call.chunks

    def _fill_cache(self, call: Call) -> None:
        prompt = str(call.payload["prompt"])
        if prompt == self._prompt:
            return
        prefix = shared_prefix(prompt)
        if prefix:
            if prefix != self._prefix:
                self._evaluate(call, prefix, cache_prompt=False)
            # asked again on purpose: this cuts the cache back to the prefix, whose last token is computed alone
            self._evaluate(call, prefix, cache_prompt=True)
        self._evaluate(call, prompt, cache_prompt=bool(prefix))
        self._prefix, self._prompt = prefix, prompt

    def _evaluate(self, call: Call, text: str, *, cache_prompt: bool) -> None:
        _check(call)
        warm_up = Call({}, chat=False, deadline=call.deadline)
        self._send(warm_up, {"prompt": text, "n_predict": 0, "temperature": 0.0, "cache_prompt": cache_prompt})

    def _send(self, call: Call, payload: Mapping[str, Any]) -> None:
        body = {**payload, "stream": True, "stream_options": {"include_usage": True}}
        ask = self._server.handle_chat_completions if call.chat else self._server.handle_completions
        ask(body, call.take)
        error = next((chunk["error"] for chunk in call.chunks if "error" in chunk), None)
        if error is not None:
            raise _to_provider_error(error)
        if not call.complete:
            _check(call)

    def _forget(self) -> None:
        self._prefix = self._prompt = ""


def shared_prefix(prompt: str) -> str:
    """The prompt up to and with its last blank line: the few shots that many prompts begin with; "" without one."""
    end = prompt.rstrip().rfind("\n\n")
    return prompt[: end + 2] if end >= 0 else ""


def _check(call: Call) -> None:
    if call.stopped:
        raise ProviderError(
            "The local model did not finish in time.",
            kind="timeout",
            fix="Raise system.timeout, or choose a smaller local.model_path.",
        )


def _to_provider_error(error: Mapping[str, Any]) -> ProviderError:
    message = str(error.get("message", error))
    if error.get("type") == "exceed_context_size_error":
        return ProviderError(f"The local model: {message}.", kind="too_long", fix="Ask about a shorter text.")
    if error.get("type") == "invalid_request_error":
        return ProviderError(f"The local model: {message}.", kind="bad_request")
    return ProviderError(f"The local model: {message}.", kind="server")


@cache
def _load_once(model_file: Path) -> LocalRuntime:
    return LocalRuntime(_open_server(model_file))


def _open_server(model_file: Path) -> Any:
    # Spinning OpenMP threads on two busy cores made decoding 20 times slower; the library reads this when it loads.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        import xllamacpp
    except ImportError as error:
        raise MissingPackageError(
            f"The local model needs the package xllamacpp ({error}).", fix="Run make setup, or use another provider."
        ) from error
    try:
        return xllamacpp.Server(_parameters(xllamacpp, model_file))
    except RuntimeError as error:
        raise ConfigError(
            f"llama.cpp cannot load {model_file.name}: the file is damaged or of a kind that it does not know.",
            fix="Download the GGUF file again, or leave local.model_path empty for the embedded model.",
        ) from error


def _parameters(xllamacpp: Any, model_file: Path) -> Any:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model_file)
    parameters.n_ctx = N_CTX
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = count_cores()
    parameters.verbosity = 0
    parameters.warmup = False
    parameters.fit_params = False
    # One slot and no second cache or checkpoint: what is kept between requests is only what LocalRuntime puts there.
    parameters.n_parallel = 1
    parameters.cache_ram_mib = 0
    parameters.n_ctx_checkpoints = 0
    # llama.cpp's server also listens on a free port of 127.0.0.1, which cannot be switched off; we call it in-process
    # and lock the port with a key that nobody knows.
    parameters.api_keys = [secrets.token_urlsafe(32)]
    return parameters
