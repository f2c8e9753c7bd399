"""Jobs that are under way: refreshed, followed to their end, cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import DatasetError, ProviderError
from src.persistence.jobs import TuningJob
from src.providers.tuning_api import Service, TuningEvent
from src.tuning.following import MAX_FAILURES, Follower, cancel, refresh
from src.tuning.opening import require_started
from tests.stub_tuning import Reply, StubTuning
from tests.tuning.makers import SERVICES, open_api
from tests.tuning.test_launch import Desk


@pytest.fixture
def desk(vendors: StubTuning, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(vendors, tmp_path)
    yield desk
    desk.store.close()


def follow(desk: Desk, job: TuningJob, service: Service) -> list[str]:
    """What a person would read of a job, line by line."""

    async def run() -> list[str]:
        api = open_api(desk.vendors, service, desk.folder)
        follower = Follower(api, desk.jobs, 15.0, desk.told.append, desk.clock.sleep)
        try:
            return [
                news.message if isinstance(news, TuningEvent) else news.status async for news in follower.follow(job)
            ]
        finally:
            await api.aclose()

    return asyncio.run(run())


@pytest.mark.parametrize("service", SERVICES)
def test_a_followed_job_tells_each_event_once_and_ends_with_its_model(desk: Desk, service: Service) -> None:
    desk.vendors.looks = 3
    lines = follow(desk, desk.launch(service), service)
    events = [line for line in lines if line.startswith(("Created", "Step"))]
    assert events == (["Created", "Step 1", "Step 2", "Step 3"] if service in {"openai", "together"} else [])
    stored = desk.jobs.all()[0]
    assert stored.is_over
    assert stored.tuned_model
    assert lines[-1] == stored.status


def test_events_of_several_pages_come_in_their_order(desk: Desk) -> None:
    desk.vendors.looks, desk.vendors.page = 4, 1
    job = desk.launch("openai")
    desk.vendors.jobs[0].looks = 3
    assert follow(desk, job, "openai") == ["Created", "Step 1", "Step 2", "Step 3", "Step 4", "succeeded"]


def test_a_look_that_fails_in_passing_is_repeated(desk: Desk) -> None:
    job = desk.launch("openai")
    desk.vendors.answer(
        "GET .*/ftjob", Reply(503, {"error": {"message": "busy"}}), Reply(429, b"", {"Retry-After": "90"})
    )
    began = desk.clock.now
    assert follow(desk, job, "openai")[-1] == "succeeded"
    assert len(desk.told) >= 2
    assert (desk.clock.now - began).total_seconds() >= 90


def test_following_ends_when_the_vendor_stays_away_or_knows_no_such_job(desk: Desk) -> None:
    job = desk.launch("openai")
    desk.vendors.answer("GET .*/ftjob", *[Reply(500, {"error": {"message": "down"}})] * MAX_FAILURES)
    with pytest.raises(ProviderError, match="down"):
        follow(desk, job, "openai")
    desk.vendors.jobs.clear()
    with pytest.raises(ProviderError) as caught:
        follow(desk, job, "openai")
    assert caught.value.kind == "not_found"


def test_a_cancelled_job_and_a_failed_one_are_stored_as_what_they_are(desk: Desk) -> None:
    job = desk.launch("openai")

    async def run() -> tuple[TuningJob, TuningJob]:
        api = open_api(desk.vendors, "openai", desk.folder)
        cancelled = await cancel(api, desk.jobs, job)
        again = await refresh(api, desk.jobs, cancelled)
        await api.aclose()
        return cancelled, again

    cancelled, again = asyncio.run(run())
    assert (cancelled.status, cancelled.is_over, cancelled.tuned_model) == ("cancelled", True, "")
    assert again == cancelled, "what is over is not asked for"


def test_a_launch_that_broke_off_cannot_be_followed_and_says_how_to_go_on(desk: Desk) -> None:
    desk.vendors.answer("POST .*/files", Reply(500, {"error": {"message": "down"}}))
    with pytest.raises(ProviderError):
        desk.launch("openai")
    with pytest.raises(DatasetError) as caught:
        require_started(desk.jobs.all()[0])
    assert "launch my bikes" in caught.value.fix


def test_a_job_is_found_by_its_id_its_key_and_its_dataset(desk: Desk) -> None:
    job = desk.launch("bedrock")
    assert {desk.jobs.find(text).key for text in (job.job, job.name, job.key[:6], "my bikes")} == {job.key}
    desk.launch("openai")
    with pytest.raises(DatasetError, match="several"):
        desk.jobs.find("my bikes")
    with pytest.raises(DatasetError, match="no fine-tuning job"):
        desk.jobs.find("nothing")


def test_the_database_holds_no_key(desk: Desk) -> None:
    from tests.stub_tuning import AWS_SECRET, KEY

    for service in SERVICES:
        desk.launch(service)
    desk.store.close()
    content = b"".join(path.read_bytes() for path in desk.folder.glob("memory.db*"))
    assert desk.vendors.url.encode() in content
    assert KEY.encode() not in content
    assert AWS_SECRET.encode() not in content
