"""Llama on Amazon Bedrock: training files in an S3 bucket of the user, jobs through boto3."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from src.core.config import RunConfig
from src.core.errors import BuilderError, ConfigError, ErrorKind, ProviderError
from src.core.secrets import Secrets
from src.providers.answers import malformed
from src.providers.buckets import Bucket, parse_bucket
from src.providers.tuning_api import (
    TRANSFER_TIMEOUT_S,
    Service,
    TuningApi,
    TuningFile,
    TuningOrder,
    TuningState,
)
from src.providers.wire_errors import MAX_QUOTED, classify_error, kind_of_status

_Value = TypeVar("_Value")

MAX_FILE_BYTES = 5 * 10**9
"""What S3 takes in one piece (https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html)."""
_LOGIN = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in .env, or log in with the AWS CLI ('aws configure', 'aws sso "
    "login'); the account needs bedrock:CreateModelCustomizationJob, iam:PassRole and access to the bucket."
)
_ENDED = frozenset({"Completed", "Failed", "Stopped"})
# https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html; codes that their HTTP status does not tell
_BY_CODE: Mapping[str, ErrorKind] = {
    "ThrottlingException": "rate_limit",
    "TooManyRequestsException": "rate_limit",
    "ServiceQuotaExceededException": "rate_limit",
    "SlowDown": "rate_limit",
    "AccessDeniedException": "auth",
    "UnrecognizedClientException": "auth",
    "InvalidSignatureException": "auth",
    "ExpiredTokenException": "auth",
    "ExpiredToken": "auth",
    "ValidationException": "bad_request",
    "ConflictException": "bad_request",
}
_BOTO_KINDS: Mapping[str, ErrorKind] = {
    "NoCredentialsError": "auth",
    "PartialCredentialsError": "auth",
    "CredentialRetrievalError": "auth",
    "TokenRetrievalError": "auth",
    "SSOError": "auth",
    "ProfileNotFound": "auth",
    "ConnectTimeoutError": "timeout",
    "ReadTimeoutError": "timeout",
    "ParamValidationError": "bad_request",
    "InvalidEndpointConfigurationError": "bad_request",
    "ResponseParserError": "malformed",
    "ConnectionError": "connection",
    "HTTPClientError": "connection",
    "BotoCoreError": "bad_request",
}


class BedrockTuning(TuningApi):
    """``model-customization-jobs`` of one region. A job is found again by its name, which no other may have."""

    service: ClassVar[Service] = "bedrock"
    title: ClassVar[str] = "Amazon Bedrock"
    key_fix: ClassVar[str] = _LOGIN
    max_epochs: ClassVar[int | None] = 10

    def __init__(self, config: RunConfig, secrets: Secrets, place: str = "") -> None:
        self._region = place or config.tuning.aws_region
        self._bucket_text = config.tuning.aws_bucket
        self._role = config.tuning.aws_role
        self._timeout_s = config.system.timeout
        self._endpoint = secrets.cloud("AWS_ENDPOINT_URL") or None
        self._secret = secrets.cloud("AWS_SECRET_ACCESS_KEY")
        importlib.import_module("boto3")  # an extra: its absence shall be known before anything is begun
        self._secrets = secrets
        self._clients: dict[str, Any] = {}

    @cached_property
    def _session(self) -> Any:
        """The login of .env; without one, whatever boto3 finds on this machine. Raises errors of boto3."""
        boto3: Any = importlib.import_module("boto3")  # it has no types
        names = {
            "aws_access_key_id": "AWS_ACCESS_KEY_ID",
            "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY",
            "aws_session_token": "AWS_SESSION_TOKEN",
            "profile_name": "AWS_PROFILE",
        }
        login = {argument: self._secrets.cloud(name) or None for argument, name in names.items()}
        return boto3.session.Session(**login, region_name=self._region)

    @property
    def place(self) -> str:
        return self._region

    @property
    def bucket(self) -> Bucket:
        """Raises ConfigError where none is set."""
        return parse_bucket(self._bucket_text, "s3", "tuning.aws_bucket")

    def check(self) -> None:
        _ = self.bucket
        if not self._role.startswith("arn:"):
            raise ConfigError(
                "tuning.aws_role is not set: Bedrock reads the bucket with a role of yours.",
                fix="Set it in config.yaml, as in arn:aws:iam::123456789012:role/my-tuning-role.",
            )
        try:
            is_known = self._session.get_credentials() is not None
        except Exception as error:
            kind = _classify(error)
            if kind is None:
                raise
            raise self._translate(error, kind) from self._cause(error)
        if not is_known:
            raise ProviderError("There are no AWS credentials.", kind="auth", fix=_LOGIN)

    async def find_file(self, file: TuningFile) -> str:
        """Objects appear whole or not at all: one of the right name and size is the file."""
        key = self.bucket.key(file.name)
        try:
            head = await self._call("s3", lambda client: client.head_object(Bucket=self.bucket.name, Key=key))
        except ProviderError as error:
            if error.kind == "not_found":
                return ""
            raise
        return self.bucket.uri(key) if head.get("ContentLength") == file.size_bytes else ""

    async def upload(self, file: TuningFile) -> str:
        if file.size_bytes > MAX_FILE_BYTES:
            raise ProviderError(
                f"The training file has {file.size_bytes / 1e9:.1f} GB; this program sends S3 up to 5 GB.",
                kind="too_long",
                fix="Divide the dataset.",
            )
        key = self.bucket.key(file.name)

        def put(client: Any) -> None:
            with file.path.open("rb") as handle:
                client.put_object(Bucket=self.bucket.name, Key=key, Body=handle)

        await self._call("s3", put)
        return self.bucket.uri(key)

    async def find_job(self, order: TuningOrder) -> str:
        name = _job_name(order)
        found = await self._call(
            "bedrock", lambda client: client.list_model_customization_jobs(nameContains=name, maxResults=100)
        )
        jobs = found.get("modelCustomizationJobSummaries", [])
        return next((str(job["jobArn"]) for job in jobs if job.get("jobName") == name), "")

    async def create(self, order: TuningOrder) -> str:
        answer = await self._call(
            "bedrock", lambda client: client.create_model_customization_job(**self._to_arguments(order))
        )
        if not answer.get("jobArn"):
            raise malformed("The answer names no job")
        return str(answer["jobArn"])

    async def look(self, job: str) -> TuningState:
        found = await self._call("bedrock", lambda client: client.get_model_customization_job(jobIdentifier=job))
        status = str(found.get("status"))
        model = str(found.get("outputModelArn") or "") if status == "Completed" else ""
        return TuningState(status, status in _ENDED, model, str(found.get("failureMessage") or "")[:MAX_QUOTED])

    async def cancel(self, job: str) -> None:
        await self._call("bedrock", lambda client: client.stop_model_customization_job(jobIdentifier=job))

    async def aclose(self) -> None:
        clients, self._clients = self._clients, {}
        for client in clients.values():
            client.close()

    def _to_arguments(self, order: TuningOrder) -> dict[str, Any]:
        name = _job_name(order)
        arguments = {
            "jobName": name,
            "customModelName": name,
            "clientRequestToken": order.tag,
            "roleArn": self._role,
            "baseModelIdentifier": order.model,
            "customizationType": "FINE_TUNING",
            "trainingDataConfig": {"s3Uri": order.train},
            "outputDataConfig": {"s3Uri": self.bucket.uri(self.bucket.key(f"{name}/"))},
            "hyperParameters": {"epochCount": str(order.epochs)},
        }
        if order.validation:
            arguments["validationDataConfig"] = {"validators": [{"s3Uri": order.validation}]}
        return arguments

    async def _call(self, service: str, work: Callable[[Any], _Value]) -> _Value:
        """``work(client)`` in a thread: boto3 waits. Its own limits hold, for a thread cannot be stopped."""
        try:
            return await asyncio.to_thread(lambda: work(self._client(service)))
        except BuilderError:
            raise
        except Exception as error:
            kind = _classify(error)
            if kind is None:
                raise  # not an error of the call: a mistake in the program must stay visible
            raise self._translate(error, kind) from self._cause(error)

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            read_s = TRANSFER_TIMEOUT_S if service == "s3" else self._timeout_s
            options = importlib.import_module("botocore.config").Config(
                connect_timeout=self._timeout_s,
                read_timeout=read_s,
                retries={"total_max_attempts": 1, "mode": "standard"},
            )
            self._clients[service] = self._session.client(service, endpoint_url=self._endpoint, config=options)
        return self._clients[service]

    def _translate(self, error: Exception, kind: ErrorKind) -> ProviderError:
        told = _told(error)
        code = f"{told['Code']}: " if told.get("Code") else ""
        said = " ".join(self._redact(str(told.get("Message") or error)).split())
        shown = said if len(said) <= MAX_QUOTED else f"{said[: MAX_QUOTED - 3]}..."
        return self.put_right(ProviderError(f"{self.title} ({self._region}): {code}{shown}", kind=kind))

    def _redact(self, text: str) -> str:
        return text.replace(self._secret, "***") if self._secret else text

    def _cause(self, error: Exception) -> Exception | None:
        return None if self._secret and self._secret in f"{error!r}" else error


def _classify(error: Exception) -> ErrorKind | None:
    """The kind of an error of boto3: by its code, its HTTP status or its class; None for any other error."""
    told = _told(error)
    if told:
        status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        return _BY_CODE.get(str(told.get("Code"))) or kind_of_status(int(status), str(told.get("Message")))
    return classify_error(error, _BOTO_KINDS)


def _told(error: Exception) -> Mapping[str, Any]:
    """What the service said, where it was reached: ``{"Code", "Message"}``."""
    answer = getattr(error, "response", None)
    told: Mapping[str, Any] = answer.get("Error", {}) if isinstance(answer, dict) else {}
    return told


def _job_name(order: TuningOrder) -> str:
    """Up to 63 characters (botocore, service model of bedrock)."""
    return f"{order.suffix[:40].rstrip('-')}-{order.tag}"
