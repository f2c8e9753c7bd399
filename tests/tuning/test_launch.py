"""A launch over the loopback server: exactly one job, whatever breaks off and is begun again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from src.core.errors import DatasetError, ProviderError, UsageError
from src.core.types import SplitName
from src.persistence.jobs import TuningJob, TuningJobs
from src.persistence.sqlite_client import Store
from src.providers.tuning_api import Service
from src.tuning.launch import SETTLE_S, Launcher
from src.tuning.plan import LaunchPlan, Wishes, choose_epochs, make_plan
from src.tuning.targets import find_target
from tests.stub_tuning import Reply, StubTuning
from tests.tuning.makers import MODELS, ROWS, SERVICES, Clock, make_order, open_api, write_rows

NO_WISHES = Wishes()
every_service = pytest.mark.parametrize("service", SERVICES)


class Desk:
    """A store, a clock and the loopback server: everything that a launch needs."""

    def __init__(self, vendors: StubTuning, folder: Path) -> None:
        self.vendors, self.folder, self.clock = vendors, folder, Clock()
        self.store = Store(folder / "memory.db", clock=self.clock)
        self.jobs = TuningJobs(self.store)
        self.told: list[str] = []

    def files(self, service: Service, rows: int = 120, held_out: int = 10) -> dict[SplitName, Path]:
        train = write_rows(self.folder / "bikes_train.jsonl", rows, ROWS[service])
        validation = write_rows(self.folder / "bikes_validation.jsonl", held_out, ROWS[service], start=1000)
        return {"train": train, "validation": validation}

    def plan(self, service: Service, wishes: Wishes = NO_WISHES, model: str = "", **files: Any) -> LaunchPlan:
        provider, usual = MODELS[service]
        target = find_target(provider, model or usual, self.clock().date())
        api = open_api(self.vendors, service, self.folder)
        return make_plan(target, "my bikes", self.files(service, **files), api, self.jobs, wishes)

    def launch(self, service: Service, wishes: Wishes = NO_WISHES, model: str = "") -> TuningJob:
        """A launch as a new process would begin it."""
        return self.run(self.plan(service, wishes, model), service)

    def run(self, plan: LaunchPlan, service: Service) -> TuningJob:
        """Carry a plan out."""

        async def run() -> TuningJob:
            api = open_api(self.vendors, service, self.folder)
            try:
                return await Launcher(api, self.jobs, self.clock, self.told.append, self.clock.sleep).run(plan)
            finally:
                await api.aclose()

        return asyncio.run(run())


@pytest.fixture
def desk(vendors: StubTuning, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(vendors, tmp_path)
    yield desk
    desk.store.close()


@every_service
def test_a_launch_uploads_both_files_and_starts_one_job_with_its_parameters(desk: Desk, service: Service) -> None:
    job = desk.launch(service, Wishes(epochs=2, suffix="tyres"))
    assert [each.id for each in desk.vendors.jobs] == [job.job]
    assert (job.status, job.step, job.dataset) == ("started", "create", "my bikes")
    asked = str(desk.vendors.jobs[0].asked)
    assert job.train_file in asked
    assert job.validation_file in asked
    assert "tyres" in asked
    assert "2" in asked


@every_service
def test_the_same_launch_starts_its_job_once_and_again_only_when_asked_to(desk: Desk, service: Service) -> None:
    first = desk.launch(service)
    calls = len(desk.vendors.calls)
    assert desk.plan(service).is_started
    assert desk.launch(service) == first
    assert len(desk.vendors.calls) == calls, "nothing was sent"
    second = desk.launch(service, Wishes(again=True))
    assert second.job != first.job
    assert (second.number, second.base) == (2, first.base)
    assert len(desk.vendors.jobs) == 2
    assert desk.launch(service).job == second.job


def test_other_data_epochs_or_names_make_another_job(desk: Desk) -> None:
    keys = {desk.plan("openai").key}
    keys |= {desk.plan("openai", wishes).key for wishes in (Wishes(epochs=9), Wishes(suffix="tyres"))}
    keys |= {desk.plan("openai", rows=121).key, desk.plan("openai", held_out=11).key, desk.plan("together").key}
    assert len(keys) == 6


@every_service
@pytest.mark.parametrize("step", ["upload", "create"])
def test_a_step_whose_answer_was_lost_is_not_done_twice(desk: Desk, service: Service, step: str) -> None:
    """The vendor has done it, but says 500: a launch that was killed at that moment knows no more."""
    lose_answer(desk.vendors, 1 if step == "upload" else changing_calls(service))
    with pytest.raises(ProviderError) as caught:
        desk.launch(service)
    assert "starts no job twice" in caught.value.fix
    desk.clock.now += timedelta(hours=1)
    job = desk.launch(service)
    assert [each.id for each in desk.vendors.jobs] == [job.job]
    uploads = len(desk.vendors.objects) or sum(bool(file["content"]) for file in desk.vendors.files.values())
    assert uploads == 2


@every_service
def test_a_step_that_never_arrived_is_done(desk: Desk, service: Service) -> None:
    broken_off = 0
    for number in (1, *[2] * 9):  # the first of the steps that are left is done, the second one is lost
        drop(desk.vendors, number)
        try:
            desk.launch(service)
            break
        except ProviderError:
            broken_off += 1
            desk.clock.now += timedelta(hours=1)
    assert broken_off >= 3, "every step was lost once"
    job = desk.launch(service)
    assert [each.id for each in desk.vendors.jobs] == [job.job]


def test_a_job_that_shows_late_in_the_list_is_waited_for(desk: Desk) -> None:
    lose_answer(desk.vendors, 3)
    with pytest.raises(ProviderError):
        desk.launch("openai")
    empty = Reply(200, {"data": [], "has_more": False})
    desk.vendors.answer(r"GET .*/fine_tuning/jobs$", empty, empty, empty)
    began = desk.clock.now
    job = desk.launch("openai")
    assert [each.id for each in desk.vendors.jobs] == [job.job]
    assert 0 < (desk.clock.now - began).total_seconds() < SETTLE_S


def test_a_file_that_together_could_not_read_is_read_again_by_the_next_launch(desk: Desk) -> None:
    desk.vendors.file_status = ["FAILED"]
    with pytest.raises(ProviderError) as caught:
        desk.launch("together")
    assert "uploads the file anew" in caught.value.fix
    (job,) = desk.jobs.all()
    assert (job.train_file, job.validation_file != "") == ("", True)
    desk.vendors.file_status = ["FAILED", "RUNNING", "COMPLETED"]
    asked = _preprocess_calls(desk)
    assert desk.launch("together").job
    assert _preprocess_calls(desk) == asked + 1, "the file is there already, and is to be read once more"
    assert len(desk.vendors.files) == 2


@pytest.mark.parametrize("service", ["openai", "together"])
def test_a_file_that_was_deleted_at_the_vendor_is_uploaded_anew(desk: Desk, service: Service) -> None:
    desk.vendors.answer(r"POST .*/(fine_tuning/jobs|fine-tunes)$", Reply(503, {"error": {"message": "busy"}}))
    with pytest.raises(ProviderError):
        desk.launch(service)
    deleted = desk.jobs.all()[0].train_file
    del desk.vendors.files[deleted]
    with pytest.raises(ProviderError, match="no longer has the file"):
        desk.launch(service)
    job = desk.launch(service)
    assert job.train_file not in {"", deleted}
    assert [each.id for each in desk.vendors.jobs] == [job.job]


@pytest.mark.parametrize("service", ["openai", "together"])
def test_a_job_that_is_started_is_found_although_its_file_was_deleted(desk: Desk, service: Service) -> None:
    lose_answer(desk.vendors, changing_calls(service))
    with pytest.raises(ProviderError):
        desk.launch(service)
    desk.vendors.files.clear()
    job = desk.launch(service)
    assert [each.id for each in desk.vendors.jobs] == [job.job]


def test_a_job_goes_on_from_a_tuned_model(desk: Desk) -> None:
    plain = desk.plan("openai")
    tuned = "ft:gpt-4.1-mini-2025-04-14:acme::aBc1"
    job = desk.launch("openai", model=tuned)
    assert desk.vendors.jobs[0].asked["model"] == tuned
    assert job.model == tuned
    assert job.key != plain.key


@pytest.mark.parametrize("side", ["train", "validation"])
@pytest.mark.parametrize("service", ["openai", "together"])
def test_pairs_beside_single_answers_are_refused_before_anything_is_sent(
    desk: Desk, service: Service, side: SplitName
) -> None:
    files = desk.files(service)
    write_rows(files[side], 12, to_preference, start=500)
    api = open_api(desk.vendors, service, desk.folder)
    target = find_target(*MODELS[service], desk.clock().date())
    with pytest.raises(DatasetError, match="a job takes one kind"):
        make_plan(target, "my bikes", files, api, desk.jobs, NO_WISHES)
    assert not desk.vendors.calls


@pytest.mark.parametrize(
    ("service", "asked"),
    [
        ("openai", {"method": {"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 2}}}}),
        ("together", {"training_method": {"method": "dpo"}, "n_epochs": 2}),
    ],
)
def test_preference_pairs_start_a_preference_job_without_the_price_of_supervised_ones(
    desk: Desk, service: Service, asked: dict[str, Any]
) -> None:
    files: dict[SplitName, Path] = {
        side: write_rows(desk.folder / f"{side}.jsonl", rows, to_preference, start=start)
        for side, rows, start in (("train", 120, 0), ("validation", 12, 500))
    }
    target = find_target(*MODELS[service], desk.clock().date())
    api = open_api(desk.vendors, service, desk.folder)
    plan = make_plan(target, "bikes", files, api, desk.jobs, Wishes(epochs=2))
    assert (plan.method, plan.usd) == ("preference", None)
    assert desk.run(plan, service).job
    (job,) = desk.vendors.jobs
    assert {name: job.asked[name] for name in asked} == asked


def test_vertex_is_asked_for_preference_tuning(desk: Desk) -> None:
    api = open_api(desk.vendors, "vertex", desk.folder)
    order = make_order(train="gs://b/train.jsonl", validation="gs://b/held.jsonl", epochs=2, method="preference")

    async def create() -> str:
        try:
            return await api.create(order)
        finally:
            await api.aclose()

    assert asyncio.run(create())
    spec = desk.vendors.jobs[0].asked["preferenceOptimizationSpec"]
    assert spec["trainingDatasetUri"] == "gs://b/train.jsonl"
    assert spec["validationDatasetUri"] == "gs://b/held.jsonl"
    assert spec["hyperParameters"]["epochCount"] == 2


def test_a_request_that_broke_off_is_sent_again_when_no_job_has_come_of_it(desk: Desk) -> None:
    desk.vendors.answer(r"POST .*/fine_tuning/jobs$", Reply(503, {"error": {"message": "busy"}}))
    with pytest.raises(ProviderError):
        desk.launch("openai")
    began = desk.clock.now
    job = desk.launch("openai")
    assert (desk.clock.now - began).total_seconds() == SETTLE_S
    assert [each.id for each in desk.vendors.jobs] == [job.job]


def test_a_file_that_together_refuses_stops_the_launch_with_its_reason(desk: Desk) -> None:
    desk.vendors.file_status = ["INVALID_FORMAT"]
    with pytest.raises(ProviderError, match="row 3 has no messages") as caught:
        desk.launch("together")
    assert caught.value.kind == "bad_request"
    assert not desk.vendors.jobs


def test_an_organisation_that_may_not_tune_hears_so(desk: Desk) -> None:
    refusal = {"error": {"message": "Fine-tuning is not available.", "code": "training_not_available"}}
    desk.vendors.answer(r"POST .*/fine_tuning/jobs$", Reply(403, refusal))
    with pytest.raises(ProviderError) as caught:
        desk.launch("openai")
    assert caught.value.kind == "auth"
    assert "2027-01-06" in caught.value.fix


@every_service
def test_a_plan_says_what_is_paid_for(desk: Desk, service: Service) -> None:
    plan = desk.plan(service, Wishes(epochs=2))
    read = plan.tokens["train"].tokens + (plan.tokens["validation"].tokens if service == "together" else 0)
    assert plan.billed_tokens == 2 * read
    price = plan.target.limits.train_price
    assert plan.usd == (None if price is None else pytest.approx(2 * read * price / 1e6))


def test_files_that_would_not_train_are_refused_before_anything_is_sent(desk: Desk) -> None:
    with pytest.raises(DatasetError, match="10 or more") as caught:
        desk.plan("openai", rows=5, held_out=2)
    assert "validate" in caught.value.fix
    assert not desk.vendors.calls


def test_bedrock_counts_both_files_together(desk: Desk) -> None:
    assert desk.plan("bedrock", rows=95, held_out=10)
    with pytest.raises(DatasetError):
        desk.plan("bedrock", rows=85, held_out=10)


@pytest.mark.parametrize(("rows", "epochs"), [(10, 10), (3, 25), (100, 3), (20_000, 1), (100_000, 1)])
def test_small_sets_are_read_more_often(desk: Desk, rows: int, epochs: int) -> None:
    assert choose_epochs(None, rows, open_api(desk.vendors, "openai", desk.folder)) == epochs


@pytest.mark.parametrize("wishes", [Wishes(epochs=0), Wishes(epochs=51), Wishes(suffix="My Bikes")])
def test_a_wish_that_no_vendor_takes_is_wrong_usage(desk: Desk, wishes: Wishes) -> None:
    with pytest.raises(UsageError) as caught:
        desk.plan("openai", wishes)
    assert caught.value.fix


def to_preference(number: int) -> dict[str, Any]:
    """A row with two answers."""
    asked, answer = ROWS["openai"](number)["messages"]
    worse = {"role": "assistant", "content": "I do not know."}
    return {"input": {"messages": [asked]}, "preferred_output": [answer], "non_preferred_output": [worse]}


def _preprocess_calls(desk: Desk) -> int:
    return sum(call.path.endswith("/preprocess") for call in desk.vendors.calls)


def changing_calls(service: Service) -> int:
    """Requests of a launch that change something at the vendor."""
    return 7 if service == "together" else 3


def lose_answer(vendors: StubTuning, number: int) -> None:
    """Let the ``number``-th changing request have its effect and be answered with an error."""
    _intercept(vendors, number, has_effect=True)


def drop(vendors: StubTuning, number: int) -> None:
    """Let the ``number``-th changing request have no effect."""
    _intercept(vendors, number, has_effect=False)


def _intercept(vendors: StubTuning, number: int, *, has_effect: bool) -> None:
    left = [number]
    handle = type(vendors).handle.__get__(vendors)

    def intercepted(call: Any) -> Reply:
        if call.method in {"POST", "PUT"} and call.path != "/token":
            left[0] -= 1
            if left[0] == 0:
                if has_effect:
                    handle(call)
                return Reply(500, {"error": {"message": "lost"}, "message": "lost"})
        return handle(call)  # type: ignore[no-any-return]

    vendors.handle = intercepted  # type: ignore[method-assign]
