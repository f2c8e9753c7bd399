"""Vertex AI: login, project, region and bucket, as they go over the wire."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from src.core.errors import ConfigError, ProviderError
from src.core.secrets import Secrets
from src.providers.tuning_api import TuningState, open_tuning_api
from tests.stub_tuning import Reply, StubTuning
from tests.tuning.makers import make_config, make_file, make_order, open_api


def launch(vendors: StubTuning, folder: Path, **settings: str) -> str:
    async def run() -> str:
        api = open_api(vendors, "vertex", folder, **settings)
        try:
            train = await api.upload(make_file(folder))
            return await api.create(make_order(model="gemini-3.5-flash", train=train, validation="gs://b/v.jsonl"))
        finally:
            await api.aclose()

    return asyncio.run(run())


def test_project_region_and_bucket_come_from_the_configuration(vendors: StubTuning, tmp_path: Path) -> None:
    settings = {
        "tuning__google_project": "p-1",
        "tuning__google_region": "europe-west4",
        "tuning__google_bucket": "b-1",
    }
    job = launch(vendors, tmp_path, **settings)
    assert job.startswith("projects/p-1/locations/europe-west4/tuningJobs/")
    assert list(vendors.objects) == ["gs://b-1/bikes-abc-train.jsonl"]
    asked = vendors.jobs[0].asked
    assert asked["baseModel"] == "gemini-3.5-flash"
    assert asked["labels"] == {"launch": "0123456789ab"}
    assert asked["tunedModelDisplayName"] == "bikes"
    spec = asked["supervisedTuningSpec"]
    assert spec["trainingDatasetUri"] == "gs://b-1/bikes-abc-train.jsonl"
    assert spec["validationDatasetUri"] == "gs://b/v.jsonl"
    assert str(spec["hyperParameters"]["epochCount"]) == "3"


def test_the_project_of_the_login_is_used_where_none_is_set(vendors: StubTuning, tmp_path: Path) -> None:
    api = open_api(vendors, "vertex", tmp_path, tuning__google_project="")
    api.check()
    assert api.place == "own-project/us-central1"


def test_a_login_that_is_missing_or_no_login_is_said_before_anything_is_sent(
    vendors: StubTuning, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    for content in (None, "{}", "no json"):
        if content is not None:
            broken.write_text(content, encoding="utf-8")
        secrets = Secrets({"GOOGLE_APPLICATION_CREDENTIALS": str(broken)})
        with pytest.raises(ProviderError) as caught:
            open_tuning_api("vertex", make_config(), secrets).check()
        assert caught.value.kind == "auth"
        assert "gcloud" in caught.value.fix


def test_a_login_without_a_project_asks_for_one(vendors: StubTuning, tmp_path: Path) -> None:
    key_file = vendors.write_key_file(tmp_path / "account.json")
    key_file.write_text(key_file.read_text().replace('"project_id": "own-project",', ""), encoding="utf-8")
    api = open_tuning_api("vertex", make_config(tuning__google_project=""), vendors.secrets("vertex", key_file))
    with pytest.raises(ConfigError) as caught:
        api.check()
    assert "tuning.google_project" in caught.value.fix


def test_a_bucket_that_cannot_be_written_is_named(vendors: StubTuning, tmp_path: Path) -> None:
    vendors.answer("POST /gcs", Reply(403, {"error": {"message": "no access"}}))
    with pytest.raises(ProviderError, match=r"Cloud Storage, bucket my-bucket: .*no access") as caught:
        launch(vendors, tmp_path)
    assert caught.value.kind == "auth"


def test_a_refused_token_is_an_error_of_the_login(vendors: StubTuning, tmp_path: Path) -> None:
    vendors.answer("POST /token", *[Reply(400, {"error": "invalid_grant", "error_description": "expired"})] * 9)
    with pytest.raises(ProviderError) as caught:
        launch(vendors, tmp_path)
    assert caught.value.kind == "auth"


def test_a_state_that_was_invented_since_counts_as_under_way(vendors: StubTuning, tmp_path: Path) -> None:
    job = launch(vendors, tmp_path)
    vendors.answer("GET /vertex", Reply(200, {"name": job, "state": "JOB_STATE_DREAMING"}))

    async def run() -> TuningState:
        api = open_api(vendors, "vertex", tmp_path)
        try:
            return await api.look(job)
        finally:
            await api.aclose()

    state = asyncio.run(run())
    assert not state.is_over
    assert "dreaming" in state.status.lower()


@pytest.mark.parametrize("content", [b"<html>", b"[1]", b'{"size": "many"}'])
def test_an_object_that_is_not_described_as_one_is_malformed(
    vendors: StubTuning, tmp_path: Path, content: bytes
) -> None:
    vendors.answer("GET /gcs/", Reply(200, content))

    async def run() -> ProviderError:
        api = open_api(vendors, "vertex", tmp_path)
        with pytest.raises(ProviderError) as caught:
            await api.find_file(make_file(tmp_path))
        await api.aclose()
        return caught.value

    error = asyncio.run(run())
    assert error.kind == "malformed"
    assert error.fix
