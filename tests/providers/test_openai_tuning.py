"""OpenAI and Together: answers that are none, keys that are missing, files that are not read."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from src.core.errors import ProviderError
from src.providers.together_tuning import TogetherTuning
from src.providers.tuning_api import TuningApi, TuningState
from tests.stub_tuning import Reply, StubTuning
from tests.tuning.makers import make_file, make_order, open_api


def failure_of(api: TuningApi, call: str) -> ProviderError:
    async def run() -> ProviderError:
        work = {"find": api.find_job, "create": api.create}[call]
        with pytest.raises(ProviderError) as caught:
            await work(make_order())
        await api.aclose()
        return caught.value

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("call", "reply"),
    [
        ("find", Reply(200, {"data": "nothing"})),
        ("find", Reply(200, b"<html>")),
        ("create", Reply(200, {"id": ""})),
        ("create", Reply(200, b"")),
    ],
)
def test_an_answer_that_is_none_is_malformed_and_has_a_way_out(
    vendors: StubTuning, tmp_path: Path, call: str, reply: Reply
) -> None:
    vendors.answer("fine_tuning/jobs", reply)
    error = failure_of(open_api(vendors, "openai", tmp_path), call)
    assert error.kind == "malformed"
    assert error.fix


def test_a_state_that_was_invented_since_counts_as_under_way(vendors: StubTuning, tmp_path: Path) -> None:
    api = open_api(vendors, "openai", tmp_path)
    vendors.answer("GET", Reply(200, {"id": "ftjob-1", "status": "pausing"}))

    async def run() -> TuningState:
        state = await api.look("ftjob-1")
        await api.aclose()
        return state

    assert asyncio.run(run()) == TuningState("pausing")


@pytest.mark.parametrize(("status", "kind"), [(403, "auth"), (503, "server")])
def test_a_failed_upload_to_together_does_not_tell_the_signed_address(
    vendors: StubTuning, tmp_path: Path, status: int, kind: str
) -> None:
    vendors.answer("PUT .*/upload/", Reply(status, b"<Error>signature</Error>"))

    async def run() -> ProviderError:
        api = open_api(vendors, "together", tmp_path)
        with pytest.raises(ProviderError) as caught:
            await api.upload(make_file(tmp_path))
        await api.aclose()
        return caught.value

    error = asyncio.run(run())
    assert error.kind == kind
    assert f"(127.0.0.1) answered with status {status}" in str(error)
    assert "/upload/" not in str(error)


@pytest.mark.parametrize(("statuses", "kind"), [(["FAILED"], "server"), (["RUNNING"], "timeout")])
def test_a_file_that_together_does_not_read_is_an_error(
    vendors: StubTuning, tmp_path: Path, statuses: list[str], kind: str
) -> None:
    api = open_api(vendors, "together", tmp_path)
    assert isinstance(api, TogetherTuning)
    api.check_every_s = 0.0
    vendors.file_status = statuses
    vendors.files["file-1"] = {"id": "file-1", "filename": "bikes.jsonl"}

    async def run() -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await api.await_files("file-1")
        await api.aclose()
        return caught.value

    error = asyncio.run(run())
    assert error.kind == kind
    assert "starts no job twice" in error.fix
