"""Bedrock: login, region, bucket and role, as they go over the wire; errors of boto3 with their kinds."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from src.core.errors import MissingPackageError, ProviderError
from src.core.secrets import Secrets
from src.providers.tuning_api import open_tuning_api
from tests.stub_tuning import AWS_SECRET, Reply, StubTuning
from tests.tuning.makers import make_config, make_file, make_order, open_api


def launch(vendors: StubTuning, folder: Path, **settings: str) -> str:
    async def run() -> str:
        api = open_api(vendors, "bedrock", folder, **settings)
        try:
            train = await api.upload(make_file(folder))
            order = make_order(model="meta.llama3-1-8b-instruct-v1:0:128k", train=train, validation="s3://b/v.jsonl")
            return await api.create(order)
        finally:
            await api.aclose()

    return asyncio.run(run())


def test_region_bucket_and_role_come_from_the_configuration(vendors: StubTuning, tmp_path: Path) -> None:
    role = "arn:aws:iam::123456789012:role/other"
    launch(vendors, tmp_path, tuning__aws_region="eu-west-1", tuning__aws_bucket="b-1/in", tuning__aws_role=role)
    assert list(vendors.objects) == ["s3://b-1/in/bikes-abc-train.jsonl"]
    asked = vendors.jobs[0].asked
    assert asked["roleArn"] == role
    assert asked["trainingDataConfig"] == {"s3Uri": "s3://b-1/in/bikes-abc-train.jsonl"}
    assert asked["validationDataConfig"] == {"validators": [{"s3Uri": "s3://b/v.jsonl"}]}
    assert asked["outputDataConfig"] == {"s3Uri": "s3://b-1/in/bikes-0123456789ab/"}
    assert asked["hyperParameters"] == {"epochCount": "3"}
    assert (asked["jobName"], asked["clientRequestToken"]) == ("bikes-0123456789ab", "0123456789ab")
    assert "/eu-west-1/bedrock/" in vendors.calls[-1].headers["authorization"]


def test_a_job_of_the_same_name_is_refused_by_bedrock_itself(vendors: StubTuning, tmp_path: Path) -> None:
    launch(vendors, tmp_path)
    with pytest.raises(ProviderError, match="the job name is taken") as caught:
        launch(vendors, tmp_path)
    assert caught.value.kind == "bad_request"
    assert len(vendors.jobs) == 1


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ThrottlingException", 400, "rate_limit"),
        ("ServiceQuotaExceededException", 400, "rate_limit"),
        ("AccessDeniedException", 403, "auth"),
        ("ExpiredTokenException", 400, "auth"),
        ("ValidationException", 400, "bad_request"),
        ("ResourceNotFoundException", 404, "not_found"),
        ("InternalServerException", 500, "server"),
    ],
)
def test_each_code_of_aws_has_a_kind_and_a_way_out(
    vendors: StubTuning, tmp_path: Path, code: str, status: int, kind: str
) -> None:
    vendors.answer("POST /model", Reply(status, {"message": f"about {AWS_SECRET}"}, {"x-amzn-ErrorType": code}))
    with pytest.raises(ProviderError) as caught:
        launch(vendors, tmp_path)
    assert caught.value.kind == kind
    assert code in str(caught.value)
    assert caught.value.fix
    assert AWS_SECRET not in str(caught.value)


def test_without_credentials_nothing_is_sent(
    vendors: StubTuning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    secrets = Secrets({"AWS_ENDPOINT_URL": vendors.url})
    with pytest.raises(ProviderError, match="no AWS credentials") as caught:
        open_tuning_api("bedrock", make_config(), secrets).check()
    assert caught.value.kind == "auth"
    with pytest.raises(ProviderError) as caught:
        open_tuning_api("bedrock", make_config(), Secrets({"AWS_PROFILE": "nobody"})).check()
    assert caught.value.kind == "auth"
    assert not vendors.calls


def test_a_file_too_large_for_one_piece_is_refused(vendors: StubTuning, tmp_path: Path) -> None:
    for service in ("bedrock", "together"):
        api = open_api(vendors, service, tmp_path)  # type: ignore[arg-type]
        large = make_file(tmp_path)
        sized = type(large)(large.path, large.name, 6 * 10**9, large.sha256)
        with pytest.raises(ProviderError, match="5 GB"):
            asyncio.run(api.upload(sized))
    assert not vendors.calls


def test_without_boto3_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(MissingPackageError) as caught:
        open_tuning_api("bedrock", make_config(), Secrets({}))
    assert "requirements-aws.txt" in caught.value.fix
