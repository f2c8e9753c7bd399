"""Gemini on Vertex AI: training files in a Cloud Storage bucket of the user, jobs through the google-genai SDK."""

from __future__ import annotations

import asyncio
import importlib
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

from src.core.config import RunConfig
from src.core.errors import ConfigError, ErrorKind, ProviderError
from src.core.secrets import Secrets
from src.providers.answers import malformed, read_body
from src.providers.base_provider import Connection
from src.providers.buckets import Bucket, parse_bucket
from src.providers.google_provider import GoogleProvider
from src.providers.transport import open_transport, read_chunks
from src.providers.tuning_api import (
    TRANSFER_TIMEOUT_S,
    Method,
    ProviderTuningApi,
    Service,
    TuningFile,
    TuningOrder,
    TuningState,
)
from src.providers.wire_errors import MAX_QUOTED, classify_error, kind_of_status

_Value = TypeVar("_Value")

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_STORAGE = "https://storage.googleapis.com"
_LOGIN = (
    "Run 'gcloud auth application-default login', or set GOOGLE_APPLICATION_CREDENTIALS in .env to the key file of a "
    "service account that may use Vertex AI and the bucket."
)
_AUTH_KINDS: Mapping[str, ErrorKind] = {
    "TransportError": "connection",
    "RefreshError": "auth",
    "GoogleAuthError": "auth",
}
_ENDED = frozenset({"SUCCEEDED", "PARTIALLY_SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"})


class _VertexProvider(GoogleProvider):
    """The SDK's client for Vertex AI, with a login in the place of an API key."""

    def __init__(self, connection: Connection, secrets: Secrets, project: str, region: str) -> None:
        super().__init__(connection)
        self.project = project
        self._region = region
        self._key_file = secrets.cloud("GOOGLE_APPLICATION_CREDENTIALS")
        self._credentials: Any = None

    async def token(self) -> str:
        """A fresh right to call Google's APIs."""
        from google.auth.transport.requests import Request

        credentials = self.log_in()
        if not credentials.valid:
            await asyncio.to_thread(credentials.refresh, Request())
        return str(credentials.token)

    def log_in(self) -> Any:
        """The credentials of the key file, or of this machine's Google login. Raises errors of google.auth."""
        if self._credentials is None:
            auth: Any = importlib.import_module("google.auth")  # it has no types
            if self._key_file:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # meant for files of strangers: this one is the user's own
                    found = auth.load_credentials_from_file(self._key_file, scopes=[_SCOPE])
            else:
                found = auth.default(scopes=[_SCOPE])
            self._credentials = found[0]
            self.project = self.project or found[1] or ""
        return self._credentials

    def _open(self, base_url: str, api_key: str) -> Any:  # noqa: ARG002 a login takes its place
        from google import genai

        credentials = self.log_in()
        self._transport = open_transport()
        options = genai.types.HttpOptions(
            base_url=base_url,
            timeout=max(1, int(self.connection.timeout_s * 1000)),
            httpx_async_client=self._transport,
        )
        return genai.Client(
            vertexai=True,
            project=self.project,
            location=self._region,
            credentials=credentials,
            http_options=options,
        )

    def _classify(self, error: Exception) -> ErrorKind | None:
        return classify_error(error, _AUTH_KINDS) or super()._classify(error)


class VertexTuning(ProviderTuningApi):
    """``tuningJobs`` of one project and region. A job is found again by its label."""

    service: ClassVar[Service] = "vertex"
    title: ClassVar[str] = "Vertex AI"
    key_fix: ClassVar[str] = _LOGIN
    methods: ClassVar[frozenset[Method]] = frozenset({"supervised", "preference"})
    provider: _VertexProvider

    def __init__(self, config: RunConfig, secrets: Secrets, place: str = "") -> None:
        project, _, region = place.rpartition("/")
        project, region = project or config.tuning.google_project, region or config.tuning.google_region
        address = secrets.cloud("GOOGLE_VERTEX_BASE_URL") or f"https://{region}-aiplatform.googleapis.com"
        self.provider = _VertexProvider(
            Connection(base_url=address, timeout_s=config.system.timeout), secrets, project, region
        )
        self._region = region
        self._bucket_text = config.tuning.google_bucket
        storage = secrets.cloud("STORAGE_EMULATOR_HOST") or _STORAGE
        self._storage = (storage if "://" in storage else f"http://{storage}").rstrip("/")

    @property
    def place(self) -> str:
        return f"{self.provider.project}/{self._region}"

    @property
    def bucket(self) -> Bucket:
        """Raises ConfigError where none is set."""
        return parse_bucket(self._bucket_text, "gs", "tuning.google_bucket")

    def check(self) -> None:
        _ = self.bucket
        try:
            self.provider.log_in()
        except Exception as error:
            if classify_error(error, _AUTH_KINDS) is None:
                raise
            raise ProviderError(f"There is no Google login: {error}", kind="auth", fix=_LOGIN) from error
        if not self.provider.project:
            raise ConfigError(
                "No Google Cloud project is set.", fix="Set tuning.google_project in config.yaml, as in my-project-123."
            )

    async def find_file(self, file: TuningFile) -> str:
        """Objects appear whole or not at all: one of the right name and size is the file."""
        path = f"/storage/v1/b/{self.bucket.name}/o/{quote(self._object(file), safe='')}"
        answer = await self._store("GET", path, allowed=(404,))
        is_there = answer.status_code == 200 and self._size(answer.content) == file.size_bytes
        return self.bucket.uri(self._object(file)) if is_there else ""

    def _size(self, content: bytes) -> int:
        """The bytes of an object by what Cloud Storage says of it. Raises ProviderError (malformed)."""
        try:
            size = read_body(content).get("size")
            if not str(size).isdecimal():
                raise malformed("Cloud Storage names no size of the file")
        except ProviderError as error:
            raise self.put_right(error) from error.__cause__
        return int(str(size))

    async def upload(self, file: TuningFile) -> str:
        path = f"/upload/storage/v1/b/{self.bucket.name}/o?uploadType=media&name={quote(self._object(file), safe='')}"
        headers = {"Content-Type": "application/jsonl", "Content-Length": str(file.size_bytes)}
        await self._store("POST", path, content=lambda: read_chunks(file.path), headers=headers)
        return self.bucket.uri(self._object(file))

    async def find_job(self, order: TuningOrder) -> str:
        async def search(client: Any) -> str:
            async for job in await client.aio.tunings.list(config={"page_size": 100}):
                if (job.labels or {}).get("launch") == order.tag:
                    return str(job.name)
            return ""

        return await self._ask(search)

    async def create(self, order: TuningOrder) -> str:
        config: dict[str, Any] = {
            "epoch_count": order.epochs,
            "tuned_model_display_name": order.suffix,
            "labels": {"launch": order.tag},
        }
        if order.method == "preference":
            config["method"] = "PREFERENCE_TUNING"
        if order.validation:
            config["validation_dataset"] = {"gcs_uri": order.validation}
        job = await self._ask(
            lambda client: client.aio.tunings.tune(
                base_model=order.model, training_dataset={"gcs_uri": order.train}, config=config
            )
        )
        return str(job.name)

    async def look(self, job: str) -> TuningState:
        found = await self._ask(lambda client: client.aio.tunings.get(name=job))
        status = str(getattr(found.state, "value", found.state)).removeprefix("JOB_STATE_")
        tuned = found.tuned_model
        name = (tuned.endpoint or tuned.model or "") if tuned and status.endswith("SUCCEEDED") else ""
        said = str(getattr(found.error, "message", None) or "")[:MAX_QUOTED]
        return TuningState(status.lower(), status in _ENDED, name, said)

    async def cancel(self, job: str) -> None:
        await self._ask(lambda client: client.aio.tunings.cancel(name=job))

    async def _ask(self, work: Callable[[Any], Awaitable[_Value]]) -> _Value:
        async def quietly(client: Any) -> _Value:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the SDK calls its tuning experimental, and warns of new states
                return await work(client)

        return await self.call(quietly)

    async def _store(
        self,
        method: str,
        path: str,
        *,
        content: Callable[[], AsyncIterator[bytes]] | None = None,
        headers: Mapping[str, str] | None = None,
        allowed: tuple[int, ...] = (),
    ) -> Any:
        """One call of the JSON API of Cloud Storage. Raises ProviderError for every status but success and those
        ``allowed``."""

        async def send(_client: Any) -> Any:
            sent = {"Authorization": f"Bearer {await self.provider.token()}", **(headers or {})}
            async with open_transport(timeout=TRANSFER_TIMEOUT_S) as transport:
                url = f"{self._storage}{path}"
                answer = await transport.request(method, url, content=content() if content else None, headers=sent)
            if answer.status_code >= 400 and answer.status_code not in allowed:
                said = " ".join(answer.text.split())[:MAX_QUOTED]
                raise self.provider.failure(kind_of_status(answer.status_code, said), said)
            return answer

        timeout_s = TRANSFER_TIMEOUT_S if content else None
        return await self.call(send, timeout_s, wanted=f"Cloud Storage, bucket {self.bucket.name}")

    def _object(self, file: TuningFile) -> str:
        return self.bucket.key(file.name)
