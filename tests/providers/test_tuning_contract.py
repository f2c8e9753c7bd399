"""What every fine-tuning API does, each over its real SDK against the loopback server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from src.core.errors import ProviderError
from src.providers.tuning_api import Service, TuningApi, TuningOrder
from tests.stub_tuning import AWS_SECRET, KEY, Reply, StubTuning
from tests.tuning.makers import MODELS, SERVICES, make_file, make_order, open_api

_Value = TypeVar("_Value")
every_service = pytest.mark.parametrize("service", SERVICES)


def run(api: TuningApi, work: Callable[[TuningApi], Awaitable[_Value]]) -> _Value:
    async def whole() -> _Value:
        try:
            return await work(api)
        finally:
            await api.aclose()

    return asyncio.run(whole())


def order_for(service: Service, train: str, **changes: object) -> TuningOrder:
    return make_order(model=MODELS[service][1], train=train, **changes)


@every_service
def test_a_job_goes_from_its_file_to_its_model(vendors: StubTuning, service: Service, tmp_path: Path) -> None:
    api = open_api(vendors, service, tmp_path)
    api.check()
    file = make_file(tmp_path)
    held_out = make_file(tmp_path, "bikes-abc-validation.jsonl", rows=3)

    async def work(api: TuningApi) -> list[str]:
        train, validation = await api.upload(file), await api.upload(held_out)
        await api.await_files(train, validation)
        job = await api.create(order_for(service, train, validation=validation))
        states = [await api.look(job) for _ in range(2)]
        assert [state.is_over for state in states] == [False, True]
        return [states[0].tuned_model, states[1].tuned_model, states[1].failure]

    before, model, failure = run(api, work)
    assert not before
    assert model
    assert not failure
    contents = [*vendors.objects.values(), *(each["content"] for each in vendors.files.values())]
    assert sorted(contents) == sorted([file.path.read_bytes(), held_out.path.read_bytes()])
    assert len(vendors.jobs) == 1


@every_service
def test_a_file_and_a_job_of_an_earlier_launch_are_found_again(
    vendors: StubTuning, service: Service, tmp_path: Path
) -> None:
    vendors.page = 1
    file, other = make_file(tmp_path), make_file(tmp_path, "other-train.jsonl", rows=5)

    async def work(api: TuningApi) -> None:
        assert await api.find_file(file) == ""
        train, another = await api.upload(file), await api.upload(other)
        assert await api.find_file(file) == train
        mine = order_for(service, train)
        assert await api.find_job(mine) == ""
        job = await api.create(mine)
        await api.create(order_for(service, another, tag="ffffffffffff"))
        assert await api.find_job(mine) == job
        assert await api.find_job(order_for(service, train, tag="eeeeeeeeeeee")) == ""

    run(open_api(vendors, service, tmp_path), work)


@every_service
def test_a_job_can_be_cancelled_and_a_failed_one_says_why(
    vendors: StubTuning, service: Service, tmp_path: Path
) -> None:
    async def work(api: TuningApi) -> None:
        train = await api.upload(make_file(tmp_path))
        await api.await_files(train)
        first = await api.create(order_for(service, train))
        await api.cancel(first)
        cancelled = await api.look(first)
        assert cancelled.is_over
        assert not cancelled.tuned_model
        vendors.fails, vendors.looks = True, 0
        second = await api.create(order_for(service, train, tag="ffffffffffff"))
        failed = await api.look(second)
        assert failed.is_over
        assert (failed.tuned_model, failed.failure) == ("", "the data broke")

    run(open_api(vendors, service, tmp_path), work)


@every_service
@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "bad_request"), (403, "auth"), (404, "not_found"), (429, "rate_limit"), (500, "server"), (503, "server")],
)
def test_a_refusal_has_a_kind_and_a_way_out(
    vendors: StubTuning, service: Service, tmp_path: Path, status: int, kind: str
) -> None:
    vendors.answer(
        "", *[Reply(status, {"error": {"message": f"scripted {KEY}"}, "message": f"scripted {AWS_SECRET}"})] * 2
    )
    if service == "vertex":
        vendors.answer("token", Reply(200, {"access_token": "google-token", "expires_in": 3600}))
        vendors._answers.reverse()

    async def work(api: TuningApi) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await api.look(
                "projects/own-project/locations/us-central1/tuningJobs/1" if service == "vertex" else "job-1"
            )
        return caught.value

    error = run(open_api(vendors, service, tmp_path), work)
    assert error.kind == kind
    assert error.fix
    assert "scripted" in str(error)
    secret = {"openai": KEY, "together": KEY, "bedrock": AWS_SECRET}.get(service, "google-token")
    assert secret not in f"{error} {error.fix} {error.__cause__!r}"
    looks = [call for call in vendors.calls if "token" not in call.path]
    assert len(looks) == 1, "nothing is sent twice"


@every_service
def test_no_server_is_an_error_of_the_connection(vendors: StubTuning, service: Service, tmp_path: Path) -> None:
    api = open_api(vendors, service, tmp_path)
    vendors.__exit__()

    async def work(api: TuningApi) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await api.look(
                "projects/own-project/locations/us-central1/tuningJobs/1" if service == "vertex" else "job-1"
            )
        return caught.value

    assert run(api, work).kind == "connection"


@every_service
def test_an_api_is_opened_again_at_the_place_that_a_job_names(
    vendors: StubTuning, service: Service, tmp_path: Path
) -> None:
    place = open_api(vendors, service, tmp_path).place
    assert place
    moved = open_api(vendors, service, tmp_path, place, tuning__google_region="europe-west4", tuning__aws_region="x")
    assert moved.place == place
