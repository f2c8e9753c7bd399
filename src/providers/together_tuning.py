"""Together's fine-tuning jobs: OpenAI's protocol with files, fields and states of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from src.core.config import RunConfig
from src.core.errors import ProviderError
from src.core.secrets import Secrets
from src.core.specs import ProviderSpec
from src.providers.answers import dig, malformed
from src.providers.base_provider import Connection
from src.providers.endpoints import resolve_endpoint
from src.providers.llama_provider import LlamaProvider
from src.providers.lookup import provider_spec
from src.providers.openai_compatible import OpenAICompatibleProvider
from src.providers.openai_tuning import OpenAITuning
from src.providers.together_files import ask_for_address, put_file
from src.providers.tuning_api import (
    TRANSFER_TIMEOUT_S,
    LostFileError,
    Service,
    TuningEvent,
    TuningFile,
    TuningOrder,
    TuningState,
)
from src.providers.wire_errors import MAX_QUOTED

MAX_FILE_BYTES = 5 * 10**9
"""Above this Together takes a file only in parts (together 3.1, lib/constants.py)."""
_MAX_SUFFIX = 40
_CHECKS = 120
_CHECK_EVERY_S = 5.0
_ENDED = frozenset({"completed", "error", "user_error", "cancelled"})
_READ = frozenset({"COMPLETED", "RUNNING", "QUEUED"})
_UNUSABLE = frozenset({"FAILED", "INVALID_FORMAT"})


class _Together(LlamaProvider):
    """The client for Together under its own name: Llama models are served by others too."""

    @property
    def spec(self) -> ProviderSpec:
        return replace(super().spec, title="Together", key_name="TOGETHER_API_KEY")


class TogetherTuning(OpenAITuning):
    """``/v1/files`` and ``/v1/fine-tunes``. A job has no metadata: it is found again by its suffix, which ends in the
    tag of its launch."""

    service: ClassVar[Service] = "together"
    title: ClassVar[str] = "Together"
    key_fix: ClassVar[str] = (
        "Set TOGETHER_API_KEY in .env to a key that may start fine-tuning jobs (LLAMA_API_KEY counts where "
        "endpoints.llama is together)."
    )
    max_epochs: ClassVar[int | None] = None
    jobs_path: ClassVar[str] = "/fine-tunes"
    provider: OpenAICompatibleProvider
    check_every_s = _CHECK_EVERY_S

    def __init__(self, config: RunConfig, secrets: Secrets, place: str = "") -> None:
        preset = provider_spec("llama").presets["together"]
        own = resolve_endpoint(provider_spec("llama"), config.endpoints.llama).url
        address = place or secrets.cloud("TOGETHER_BASE_URL") or preset
        # a key for another service of Llama models must not be sent to this one
        key = secrets.cloud("TOGETHER_API_KEY") or (secrets.api_key("llama") if own == address.rstrip("/") else "")
        self.provider = _Together(Connection(key, address, config.system.timeout))

    async def find_file(self, file: TuningFile) -> str:
        async for known in self._pages("/files"):
            whole = known.get("bytes") == file.size_bytes and known.get("processing_status") not in _UNUSABLE
            if known.get("filename") == file.name and whole:
                name = str(known["id"])
                # the launch may have broken off before it asked for it
                await self._have_read(name, known.get("processing_status"))
                return name
        return ""

    async def upload(self, file: TuningFile) -> str:
        """Ask for an address, put the file there, and have it read. A file of the same content is not sent twice."""
        if file.size_bytes > MAX_FILE_BYTES:
            raise ProviderError(
                f"The training file has {file.size_bytes / 1e9:.1f} GB; this program sends Together up to 5 GB.",
                kind="too_long",
                fix="Divide the dataset.",
            )
        name, address = await self.call(
            lambda client: ask_for_address(client, file.name, "fine-tune", file.sha256, self.place)
        )
        if address:
            await self.call(lambda _client: put_file(address, file.path, TRANSFER_TIMEOUT_S), TRANSFER_TIMEOUT_S)
            await self.post(f"/files/{name}/preprocess", {})
        else:
            await self._have_read(name, (await self.get_file(name)).get("processing_status") or "COMPLETED")
        return name

    async def _have_read(self, name: str, status: str | None) -> None:
        """Let Together read a file that it has, unless it does so, or has refused what is in it."""
        if status not in {*_READ, "INVALID_FORMAT"}:
            await self.post(f"/files/{name}/preprocess", {})

    async def await_files(self, *files: str) -> None:
        """Together reads a file before it trains on it, mostly within seconds."""
        for file in files:
            for _ in range(_CHECKS):
                if self._is_ready(await self.get_file(file), file):
                    break
                await asyncio.sleep(self.check_every_s)
            else:
                message = f"Together has not finished reading the file {file}."
                raise self.put_right(ProviderError(message, kind="timeout"))

    def _is_ready(self, file: Mapping[str, Any], name: str) -> bool:
        """Raises ProviderError for a file that Together refuses, LostFileError for one that it failed to read."""
        status = str(file.get("processing_status") or "COMPLETED")
        if status == "INVALID_FORMAT":
            said = str(dig(file, "validation_report", "error") or "no reason given")[:MAX_QUOTED]
            message = f"Together refuses the file {file.get('filename')}: {said}"
            raise self.put_right(ProviderError(message, kind="bad_request"))
        if status == "FAILED":
            message = f"Together could not read the file {file.get('filename')}."
            raise LostFileError(message, name, "server")
        return status == "COMPLETED"

    async def find_job(self, order: TuningOrder) -> str:
        async for job in self._pages(self.jobs_path):
            if job.get("suffix") == _tagged(order):
                return str(job["id"])
        return ""

    async def events(self, job: str, known: Collection[str]) -> list[TuningEvent]:
        listed = (await self.get(f"{self.jobs_path}/{job}/events")).get("data")
        if not isinstance(listed, list):
            raise malformed("The answer holds no list of events")
        events = [_to_event(event) for event in listed]
        return sorted((event for event in events if event.id not in known), key=lambda event: event.at)

    def to_body(self, order: TuningOrder) -> dict[str, Any]:
        is_pairs = order.method == "preference"
        body = {
            "model": order.model,
            "training_file": order.train,
            "n_epochs": order.epochs,
            "n_checkpoints": 1,
            "batch_size": "max",
            "learning_rate": 0.00001,
            "suffix": _tagged(order),
            "training_method": {"method": "dpo"} if is_pairs else {"method": "sft", "train_on_inputs": "auto"},
        }
        if not order.validation:
            return body
        # without a number of evaluations the validation file is not used; the price counts one for every epoch
        return {**body, "validation_file": order.validation, "n_evals": order.epochs}

    def read_state(self, job: Mapping[str, Any]) -> TuningState:
        status = str(job.get("status"))
        is_good = status == "completed"
        is_over = status in _ENDED
        said = str(dig(job, "events", -1, "message") or "") if is_over and not is_good else ""
        # the name of the model is there from the beginning, the model is not
        return TuningState(status, is_over, str(job.get("model_output_name") or "") if is_good else "", said)


def _tagged(order: TuningOrder) -> str:
    return f"{order.suffix[: _MAX_SUFFIX - len(order.tag) - 1].rstrip('-')}-{order.tag}"


def _to_event(event: Mapping[str, Any]) -> TuningEvent:
    at, message = str(event.get("created_at")), str(event.get("message"))
    return TuningEvent(f"{at} {event.get('type')} {message}", at, message)
