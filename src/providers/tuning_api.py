"""What every fine-tuning API can do: take files, start a job, find both again, say how far it is, stop it."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar

from src.core.config import RunConfig
from src.core.errors import ErrorKind, MissingPackageError, ProviderError
from src.core.secrets import Secrets
from src.providers.remote_provider import RemoteProvider
from src.providers.wire_errors import is_used_up

_Value = TypeVar("_Value")

Service = Literal["openai", "together", "vertex", "bedrock"]
"""Who trains. Not the same as a provider: Llama is tuned by two services."""
Method = Literal["supervised", "preference"]
"""What a model learns from: answers, or pairs of a better and a worse one (direct preference optimisation)."""

TRANSFER_TIMEOUT_S = 3600.0
"""For a file of up to several GB, one way."""
_APIS: Mapping[Service, str] = {
    "openai": "src.providers.openai_tuning:OpenAITuning",
    "together": "src.providers.together_tuning:TogetherTuning",
    "vertex": "src.providers.google_tuning:VertexTuning",
    "bedrock": "src.providers.bedrock_tuning:BedrockTuning",
}
_EXTRAS = {"boto3": "requirements-aws.txt", "botocore": "requirements-aws.txt"}
_AGAIN = "Run the same command again: it goes on where it stopped and starts no job twice."
_BRING_AGAIN = "Run the same command again: it uploads the file anew and starts no job twice."
_FIXES: Mapping[ErrorKind, str] = {
    "bad_request": "Follow the message. 'python -m src.main validate FILE' checks a training file.",
    "not_found": "Check the model and the address. A job of another account or region cannot be seen.",
    "too_long": "The file is larger than this account may upload: divide the dataset.",
    "rate_limit": f"Wait a minute. {_AGAIN}",
    "server": _AGAIN,
    "timeout": _AGAIN,
    "connection": f"Check the network. {_AGAIN}",
    "malformed": _AGAIN,
}


@dataclass(frozen=True, slots=True)
class TuningFile:
    """A training or validation file. ``name`` is what the vendor is told: ASCII, and the same for the same launch."""

    path: Path
    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TuningOrder:
    """A job to be started. ``train`` and ``validation`` are the vendor's names of its files ("": no validation).

    ``tag`` goes with the job to the vendor, and tells it from every other one. ``suffix`` is for people: lower-case
    letters, digits and hyphens.
    """

    model: str
    train: str
    validation: str
    epochs: int
    suffix: str
    tag: str
    method: Method = "supervised"


class LostFileError(ProviderError):
    """The vendor no longer has ``file`` (its own name for it), or could not read it: it must be brought again."""

    def __init__(self, message: str, file: str, kind: ErrorKind) -> None:
        super().__init__(message, kind=kind, fix=_BRING_AGAIN)
        self.file = file


class TuningState(NamedTuple):
    """How far a job is, in the vendor's own word. ``tuned_model`` is set once it can be used; ``failure`` says why
    there is none."""

    status: str
    is_over: bool = False
    tuned_model: str = ""
    failure: str = ""


class TuningEvent(NamedTuple):
    """A line that the vendor wrote about a job; ``id`` tells it from every other one of the job."""

    id: str
    at: str
    message: str


class TuningApi(ABC):
    """One vendor's fine-tuning. Every method raises ProviderError with its kind, and never retries."""

    service: ClassVar[Service]
    title: ClassVar[str]
    key_fix: ClassVar[str]
    """What to do where the account or its key is not accepted."""
    max_epochs: ClassVar[int | None] = None
    """None: the vendor publishes no bound."""
    methods: ClassVar[frozenset[Method]] = frozenset({"supervised"})

    @property
    @abstractmethod
    def place(self) -> str:
        """Where the jobs are kept: opened with it, an API finds them again whatever the configuration says by then."""

    @abstractmethod
    def check(self) -> None:
        """Raise ConfigError or ProviderError for a setting or a key that is missing, before anything is sent."""

    @abstractmethod
    async def find_file(self, file: TuningFile) -> str:
        """The vendor's name of a file that an earlier launch has uploaded whole; "" when there is none."""

    @abstractmethod
    async def upload(self, file: TuningFile) -> str:
        """Bring a file to the vendor; its name there. Costs nothing yet."""

    async def await_files(self, *files: str) -> None:  # noqa: B027 most vendors look at them later
        """Return when the vendor has looked at the files. Raises ProviderError when it refuses one, LostFileError for
        one that must be brought again."""

    @abstractmethod
    async def find_job(self, order: TuningOrder) -> str:
        """The id of the job that was started for ``order``; "" when there is none."""

    @abstractmethod
    async def create(self, order: TuningOrder) -> str:
        """Start the job: from here on it costs money. Its id."""

    @abstractmethod
    async def look(self, job: str) -> TuningState:
        """How far a job is."""

    async def events(self, job: str, known: Collection[str]) -> list[TuningEvent]:  # noqa: ARG002 for those that can
        """What the vendor wrote about a job, the oldest first, without the ids in ``known``; nothing where the vendor
        tells no more than the state."""
        return []

    @abstractmethod
    async def cancel(self, job: str) -> None:
        """Ask the vendor to stop a job. What was trained by then may be billed."""

    @abstractmethod
    async def aclose(self) -> None:
        """Release connections. Safe to call twice."""

    def put_right(self, error: ProviderError) -> ProviderError:
        """``error`` with what can be done about it while a job is launched."""
        if error.kind == "auth":
            error.fix = error.fix if is_used_up(str(error)) else self.key_fix
        else:
            error.fix = _FIXES.get(error.kind, error.fix)
        return error


class ProviderTuningApi(TuningApi):
    """A fine-tuning API behind the client of a provider."""

    provider: RemoteProvider

    async def call(
        self, work: Callable[[Any], Awaitable[_Value]], timeout_s: float | None = None, *, wanted: str = ""
    ) -> _Value:
        """``await work(client)`` as ``RemoteProvider.call`` does it; ``wanted`` begins the message of an error."""
        try:
            return await self.provider.call(work, timeout_s or self.provider.connection.timeout_s)
        except ProviderError as error:
            if wanted:
                error.args = (f"{wanted}: {error}",)
            raise self.put_right(error) from error.__cause__

    async def aclose(self) -> None:
        await self.provider.aclose()


def open_tuning_api(service: Service, config: RunConfig, secrets: Secrets, place: str = "") -> TuningApi:
    """The API of a service, as the configuration and the keys say, or of the ``place`` that a stored job names.

    Sends nothing. Raises ConfigError for an unusable setting, MissingPackageError for a package that is not there.
    """
    module_name, _, class_name = _APIS[service].partition(":")
    api_type: type[Any] = getattr(importlib.import_module(module_name), class_name)
    try:
        api: TuningApi = api_type(config, secrets, place)
    except ModuleNotFoundError as error:
        name = str(error.name).partition(".")[0]
        extra = f"-r {_EXTRAS[name]}" if name in _EXTRAS else name
        message = f"Tuning on {api_type.title} needs the package {name}."
        raise MissingPackageError(message, fix=f"pip install {extra}") from error
    return api
