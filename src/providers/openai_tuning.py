"""OpenAI's fine-tuning jobs, for the organisations that still may start them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from src.core.config import RunConfig
from src.core.errors import ProviderError
from src.core.secrets import Secrets
from src.providers.answers import dig, malformed, read_body
from src.providers.base_provider import Connection
from src.providers.endpoints import check_key, resolve_endpoint
from src.providers.openai_compatible import OpenAICompatibleProvider
from src.providers.openai_provider import OpenAIProvider
from src.providers.tuning_api import (
    TRANSFER_TIMEOUT_S,
    LostFileError,
    Method,
    ProviderTuningApi,
    Service,
    TuningEvent,
    TuningFile,
    TuningOrder,
    TuningState,
)
from src.providers.wire_errors import MAX_QUOTED, full_message

_NOT_ELIGIBLE = "training_not_available"
_ELIGIBILITY = (
    "OpenAI lets only organisations with recently used fine-tuned models start jobs, until 2027-01-06: this one may "
    "not. Tune another provider's model: 'python -m src.main launch DATASET --provider google'."
)
_ENDED = frozenset({"succeeded", "failed", "cancelled"})


class OpenAITuning(ProviderTuningApi):
    """``/v1/files`` and ``/v1/fine_tuning/jobs``. A job is found again by its metadata."""

    service: ClassVar[Service] = "openai"
    title: ClassVar[str] = "OpenAI"
    key_fix: ClassVar[str] = "Set OPENAI_API_KEY in .env to a key whose project may start fine-tuning jobs."
    max_epochs: ClassVar[int | None] = 50
    methods: ClassVar[frozenset[Method]] = frozenset({"supervised", "preference"})
    jobs_path: ClassVar[str] = "/fine_tuning/jobs"
    provider: OpenAICompatibleProvider

    def __init__(self, config: RunConfig, secrets: Secrets, place: str = "") -> None:
        address = place or config.endpoints.openai
        self.provider = OpenAIProvider(Connection(secrets.api_key("openai"), address, config.system.timeout))

    @property
    def place(self) -> str:
        return resolve_endpoint(self.provider.spec, self.provider.connection.base_url).url

    def check(self) -> None:
        endpoint = resolve_endpoint(self.provider.spec, self.provider.connection.base_url)
        # a stored place is a bare address: the vendor's own needs a key all the same
        is_hosted = endpoint.url in {url.rstrip("/") for url in self.provider.spec.presets.values()}
        try:
            check_key(
                self.provider.spec,
                endpoint._replace(needs_key=is_hosted and not endpoint.is_on_this_machine),
                self.provider.connection.api_key,
            )
        except ProviderError as error:
            raise self.put_right(error) from None

    async def find_file(self, file: TuningFile) -> str:
        async for known in self._pages("/files", purpose="fine-tune", limit=1000):
            if known.get("filename") == file.name and known.get("bytes") == file.size_bytes:
                return str(known["id"])
        return ""

    async def upload(self, file: TuningFile) -> str:
        with file.path.open("rb") as handle:
            uploaded = await self.call(
                lambda client: client.files.create(
                    file=(file.name, handle), purpose="fine-tune", timeout=TRANSFER_TIMEOUT_S
                ),
                TRANSFER_TIMEOUT_S,
            )
        return _named(getattr(uploaded, "id", None))

    async def await_files(self, *files: str) -> None:
        """OpenAI reads a file once the job runs: only that it is still there."""
        for file in files:
            await self.get_file(file)

    async def get_file(self, file: str) -> dict[str, Any]:
        """What the vendor knows of a file. Raises LostFileError where it has none of that name."""
        try:
            return await self.get(f"/files/{file}")
        except ProviderError as error:
            if error.kind != "not_found":
                raise
            raise LostFileError(f"{self.title} no longer has the file {file}.", file, error.kind) from error

    async def find_job(self, order: TuningOrder) -> str:
        async for job in self._pages(self.jobs_path, limit=100):
            if dig(job, "metadata", "launch") == order.tag:
                return str(job["id"])
        return ""

    async def create(self, order: TuningOrder) -> str:
        return _named((await self.post(self.jobs_path, self.to_body(order))).get("id"))

    async def look(self, job: str) -> TuningState:
        return self.read_state(await self.get(f"{self.jobs_path}/{job}"))

    async def events(self, job: str, known: Collection[str]) -> list[TuningEvent]:
        new = []
        async for event in self._pages(f"{self.jobs_path}/{job}/events", limit=100):
            if event.get("id") in known:
                break  # the newest come first
            new.append(TuningEvent(str(event.get("id")), str(event.get("created_at")), str(event.get("message"))))
        return new[::-1]

    async def cancel(self, job: str) -> None:
        await self.post(f"{self.jobs_path}/{job}/cancel", {})

    def to_body(self, order: TuningOrder) -> dict[str, Any]:
        """The body of the request that starts a job."""
        kind = "dpo" if order.method == "preference" else "supervised"
        body = {
            "model": order.model,
            "training_file": order.train,
            "suffix": order.suffix,
            "metadata": {"launch": order.tag},
            "method": {"type": kind, kind: {"hyperparameters": {"n_epochs": order.epochs}}},
        }
        return {**body, "validation_file": order.validation} if order.validation else body

    def read_state(self, job: Mapping[str, Any]) -> TuningState:
        """How far a job is. States that were invented since count as under way."""
        status = str(job.get("status"))
        said = str(dig(job, "error", "message") or "")
        return TuningState(status, status in _ENDED, str(job.get("fine_tuned_model") or ""), said[:MAX_QUOTED])

    def put_right(self, error: ProviderError) -> ProviderError:
        error = super().put_right(error)
        cause = error.__cause__
        if _NOT_ELIGIBLE in str(error) or (isinstance(cause, Exception) and _NOT_ELIGIBLE in full_message(cause)):
            error.fix = _ELIGIBILITY
        return error

    async def get(self, path: str) -> dict[str, Any]:
        """The object at ``path``. Plain JSON, because the SDK's types know only the states of its day."""
        import httpx2

        answer = await self.call(lambda client: client.get(path, cast_to=httpx2.Response))
        return read_body(answer.content)

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The object that a request is answered with."""
        import httpx2

        answer = await self.call(lambda client: client.post(path, body=body, cast_to=httpx2.Response))
        return read_body(answer.content)

    async def _pages(self, path: str, **asked: str | int) -> AsyncIterator[dict[str, Any]]:
        """The objects of a list, page by page, in the vendor's order."""
        query = dict(asked)
        while True:
            page = await self.get(f"{path}?{urlencode(query)}")
            items = page.get("data")
            if not isinstance(items, list):
                raise malformed("The answer holds no list")
            for item in items:
                yield item
            if not page.get("has_more") or not items:
                return
            query["after"] = str(items[-1].get("id"))


def _named(name: Any) -> str:
    """A name that the vendor gave. Raises ProviderError (malformed) for none."""
    if not isinstance(name, str) or not name:
        raise malformed("The answer names nothing")
    return name
