"""launch, jobs and cancel as a person and a script call them."""

from __future__ import annotations

import io
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from src.cli.actions.tuning import cancel, cancel_job, jobs, launch, launch_with
from src.cli.arguments import parse_arguments
from src.cli.menus.tuning import cancel_one_job, follow_one_job, launch_dataset, show_jobs
from src.cli.prompts import Prompter
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import (
    ConfigError,
    DatasetError,
    InputFileError,
    ProviderError,
    RunStoppedError,
    StorageError,
    UsageError,
)
from src.core.parts import Parts
from src.core.secrets import Secrets
from src.core.workspace import Workspace
from src.persistence.jobs import TuningJobs
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store
from src.stored.estimating import estimate_costs, models_to_compare
from src.tuning.opening import LaunchRequest
from tests.cli.driver import dataset_with, make_session, screen_of
from tests.stub_tuning import KEY, Reply, StubTuning
from tests.tuning.makers import MODELS, ROWS, TUNING, write_rows

FOLLOW = ("--follow", "--every", "0.01")


class Desk:
    """A workspace whose .env leads to the loopback server."""

    def __init__(self, workspace: Workspace, vendors: StubTuning) -> None:
        self.workspace, self.vendors = workspace, vendors
        self.session = self.new_session()
        self.write_env("openai", "together")

    def new_session(self, **changes: str) -> Session:
        settings = {**TUNING, **{key.replace("__", "."): value for key, value in changes.items()}}
        overrides = tuple(f"{key}={value}" for key, value in settings.items())
        self.session = make_session(self.workspace, overrides=overrides, width=100)
        return self.session

    def write_env(self, *services: str) -> None:
        key_file = self.vendors.write_key_file(self.workspace.root / "account.json")
        values = {name: text for each in services for name, text in self.vendors.environment(each, key_file).items()}
        self.workspace.env_file.write_text("".join(f"{name}={text}\n" for name, text in values.items()))

    def files(self, service: str = "openai", rows: int = 20) -> list[str]:
        train = write_rows(self.workspace.root / "bikes.jsonl", rows, ROWS[service])
        provider, model = MODELS[service]
        return [str(train), "--provider", provider, "--model", model]

    def run(self, *argv: str) -> Outcome:
        arguments: Namespace = parse_arguments(list(argv))
        command = {"launch": launch, "jobs": jobs, "cancel": cancel}[argv[0]]
        return command(arguments, self.session)

    @property
    def screen(self) -> str:
        return screen_of(self.session)

    def prompter(self, *answers: str) -> Prompter:
        return Prompter(io.StringIO("".join(f"{answer}\n" for answer in answers)), self.session.console)


@pytest.fixture
def desk(workspace: Workspace, vendors: StubTuning) -> Desk:
    return Desk(workspace, vendors)


def facts_of(outcome: Outcome) -> dict[str, Any]:
    assert outcome.facts is not None
    return outcome.facts


def test_a_launch_shows_files_tokens_and_cost_and_starts_the_job(desk: Desk) -> None:
    outcome = desk.run("launch", *desk.files(), "--epochs", "2", "--yes")
    assert outcome.ok
    facts = facts_of(outcome)
    assert (facts["started"], facts["epochs"], facts["rows"]) == (True, 2, {"train": 20})
    assert facts["estimated_usd"] == pytest.approx(facts["billed_tokens"] * 5 / 1e6)
    for said in (
        "GPT-4.1 mini",
        "20 examples",
        "Training tokens",
        "$5 per million",
        "training_not_available",
        "--follow",
    ):
        assert said in desk.screen
    assert facts["job"]["id"] == desk.vendors.jobs[0].id


def test_a_stored_dataset_is_written_for_the_model_and_launched_with_its_validation_file(desk: Desk) -> None:
    name = dataset_with(desk.workspace, provider="openai", model="gpt-4.1-mini", split__ratio=0.5, dataset_size=40)
    with pytest.raises(DatasetError, match="10 or more") as caught:
        desk.run("launch", name, "--yes")
    assert "memory/tuning/my_dataset_train.jsonl" in caught.value.fix
    outcome = desk.run("launch", name, "--yes", "--provider", "llama")
    facts = facts_of(outcome)
    assert (facts["dataset"], facts["service"]) == (name, "together")
    assert set(facts["files"]) == {"train", "validation"}
    sent = {file["content"] for file in desk.vendors.files.values()}
    assert sent == {path.read_bytes() for path in (desk.workspace.memory / "tuning").iterdir()}


def test_a_launch_bills_what_the_estimate_of_costs_says(desk: Desk) -> None:
    name = dataset_with(desk.workspace, provider="llama", model=MODELS["together"][1], split__ratio=0.5)
    facts = facts_of(desk.run("launch", name, "--yes", "--epochs", "2"))
    models = models_to_compare("llama", MODELS["together"][1])
    (cost,) = estimate_costs(name, models, desk.session.config(), Parts(desk.workspace, Secrets({})), epochs=2).models
    assert set(facts["files"]) == {"train", "validation"}
    assert facts["billed_tokens"] == 2 * cost.tokens.tokens
    assert facts["estimated_usd"] == pytest.approx(cost.usd)


def test_nobody_is_charged_who_did_not_agree(desk: Desk) -> None:
    request = LaunchRequest(*desk.files()[:1], provider="openai", model="gpt-4.1-mini")
    with pytest.raises(UsageError, match="nobody is here"):
        launch_with(desk.session, None, request, said_yes=False)
    with pytest.raises(RunStoppedError, match="nothing was sent"):
        launch_with(desk.session, desk.prompter("n"), request, said_yes=False)
    assert not desk.vendors.calls
    assert launch_with(desk.session, desk.prompter("y"), request, said_yes=False).ok
    assert len(desk.vendors.jobs) == 1


def test_a_launch_that_was_made_before_says_so_and_sends_nothing(desk: Desk) -> None:
    desk.run("launch", *desk.files(), "--yes")
    calls = len(desk.vendors.calls)
    facts = facts_of(desk.run("launch", *desk.files(), "--yes"))
    assert not facts["started"]
    assert facts["job"]["id"] == desk.vendors.jobs[0].id
    assert len(desk.vendors.calls) == calls
    assert "started before" in desk.screen
    assert facts_of(desk.run("launch", *desk.files(), "--yes", "--again"))["started"]


def test_a_launch_that_broke_off_is_shown_and_goes_on(desk: Desk) -> None:
    desk.vendors.answer("POST .*/files", Reply(500, {"error": {"message": f"down for {KEY}"}}))
    with pytest.raises(ProviderError) as caught:
        desk.run("launch", *desk.files(), "--yes")
    assert KEY not in f"{caught.value} {caught.value.fix}"
    facts = facts_of(desk.run("jobs"))
    assert facts["jobs"][0]["status"] == "launch broke off (upload train)"
    with pytest.raises(DatasetError, match="did not start a job"):
        desk.run("cancel", "bikes", "--yes")
    assert desk.run("launch", *desk.files(), "--yes").ok
    assert "it goes on" in desk.screen


def test_jobs_are_listed_as_they_stand_and_followed_to_their_model(desk: Desk) -> None:
    assert facts_of(desk.run("jobs")) == {"jobs": []}
    desk.run("launch", *desk.files(), "--yes")
    listed = facts_of(desk.run("jobs"))["jobs"]
    assert [job["status"] for job in listed] == ["running"]
    outcome = desk.run("jobs", "bikes", *FOLLOW)
    assert outcome.ok
    assert facts_of(outcome)["tuned_model"] == "ft:gpt-4.1-mini:me:bikes:1"
    assert "Tuned model: ft:gpt-4.1-mini:me:bikes:1" in desk.screen
    assert "Step 1" in desk.screen
    assert facts_of(desk.run("jobs", "bikes"))["is_over"]


def test_a_job_that_fails_is_bad_news_with_its_reason(desk: Desk) -> None:
    desk.vendors.fails = True
    desk.run("launch", *desk.files(), "--yes")
    outcome = desk.run("jobs", desk.vendors.jobs[0].id, *FOLLOW)
    assert not outcome.ok
    assert facts_of(outcome)["failure"] == "the data broke"
    assert "ended without a model" in desk.screen


def test_a_vendor_that_cannot_be_asked_leaves_the_rest_of_the_list(desk: Desk) -> None:
    desk.run("launch", *desk.files(), "--yes")
    desk.run("launch", *desk.files("together"), "--yes")
    desk.write_env("together")
    outcome = desk.run("jobs")
    assert not outcome.ok
    told = {job["service"]: job.get("error", "") for job in facts_of(outcome)["jobs"]}
    assert told["openai"]
    assert not told["together"]
    assert "as it was last known" in desk.screen


def test_a_job_is_cancelled_after_a_yes_and_only_once(desk: Desk) -> None:
    desk.vendors.looks = 9
    desk.run("launch", *desk.files(), "--yes")
    with pytest.raises(UsageError):
        desk.run("cancel", "bikes")
    with Store(desk.workspace.database) as store:
        job = TuningJobs(store).find("bikes")
        assert not cancel_job(desk.session, desk.prompter("n"), store, job, said_yes=False).ok
        assert cancel_job(desk.session, desk.prompter("y"), store, job, said_yes=False).ok
    outcome = desk.run("cancel", "bikes", "--yes")
    assert not outcome.ok
    assert facts_of(outcome)["status"] == "cancelled"


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        (["--provider", "mistral"], ConfigError, "Mistral tunes no model"),
        (["--provider", "anthropic"], ConfigError, "Anthropic tunes no model"),
        (["--provider", "local"], ConfigError, "not launched at a vendor"),
        (["--provider", "google", "--model", "gemini-2.5-flash"], ConfigError, "takes no new job"),
        (["--epochs", "0"], UsageError, "0 epochs"),
        (["--validation", "nowhere.jsonl"], InputFileError, "no file"),
    ],
)
def test_what_cannot_be_launched_is_refused_before_anything_is_sent(
    desk: Desk, more: list[str], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        desk.run("launch", *desk.files(), *more, "--yes")
    assert getattr(caught.value, "fix", "")
    assert not desk.vendors.calls


@pytest.mark.parametrize(
    ("service", "setting", "said"),
    [
        ("vertex", {"tuning__google_bucket": ""}, "tuning.google_bucket"),
        ("vertex", {"tuning__google_bucket": "My Bucket!"}, "no bucket"),
        ("bedrock", {"tuning__aws_bucket": ""}, "tuning.aws_bucket"),
        ("bedrock", {"tuning__aws_role": "tuner"}, "tuning.aws_role"),
    ],
)
def test_a_missing_setting_is_named(desk: Desk, service: str, setting: dict[str, str], said: str) -> None:
    desk.write_env(service)
    desk.new_session(**setting)
    with pytest.raises(ConfigError, match=said) as caught:
        desk.run("launch", *desk.files(service, rows=120), "--yes")
    assert "config.yaml" in caught.value.fix or "my-bucket" in caught.value.fix


def test_a_key_for_another_service_is_not_sent_to_together(desk: Desk) -> None:
    desk.workspace.env_file.write_text(f"LLAMA_API_KEY={KEY}\n")
    with pytest.raises(ProviderError, match="no API key for Together") as caught:
        desk.run("launch", *desk.files("together"), "--yes")
    assert "TOGETHER_API_KEY" in caught.value.fix


def test_without_a_key_nothing_is_sent_to_the_vendor(desk: Desk) -> None:
    desk.workspace.env_file.unlink()
    with pytest.raises(ProviderError, match="no API key for OpenAI") as caught:
        desk.run("launch", *desk.files(), "--yes")
    assert "OPENAI_API_KEY" in caught.value.fix


def test_two_launches_at_a_time_are_refused(desk: Desk) -> None:
    with hold_run_lock(desk.workspace.launch_lock), pytest.raises(StorageError):
        desk.run("launch", *desk.files(), "--yes")


@pytest.mark.parametrize("argv", [("jobs", "--follow"), ("jobs", "x", "--every", "0")])
def test_following_needs_a_job_and_a_pace(desk: Desk, argv: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        desk.run(*argv)


def test_the_screens_of_the_menu_launch_show_follow_and_cancel(desk: Desk, tmp_path: Path) -> None:
    dataset_with(desk.workspace, provider="llama", model="llama-3.1-8b", dataset_size=40)
    show_jobs(desk.session, desk.prompter())
    assert "No fine-tuning jobs yet" in desk.screen
    with pytest.raises(DatasetError, match="no fine-tuning job yet"):
        cancel_one_job(desk.session, desk.prompter())
    launch_dataset(desk.session, desk.prompter("2", "y"))
    assert "Started:" in desk.screen
    desk.vendors.looks = 1
    cancel_one_job(desk.session, desk.prompter("1", "n"))
    follow_one_job(desk.session, desk.prompter("1"))
    assert "Tuned model: me/llama-tuned" in desk.screen
