"""From what a person wishes to a plan that can be shown, and the API that will carry it out."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, cast

from src.core.config import RunConfig
from src.core.errors import DatasetError
from src.core.secrets import Secrets
from src.core.types import PROVIDER_NAMES
from src.core.workspace import Workspace
from src.persistence.jobs import TuningJob, TuningJobs
from src.persistence.sqlite_client import Store
from src.providers.lookup import provider_spec
from src.providers.tuning_api import Service, TuningApi, open_tuning_api
from src.tuning.files import Source, find_source, gather_files
from src.tuning.plan import LaunchPlan, Wishes, make_plan
from src.tuning.targets import find_target


class LaunchRequest(NamedTuple):
    """What was asked for. ``dataset`` is the name of a stored dataset, or a JSONL file, which ``validation`` may go
    with; ``provider`` and ``model`` "" mean those of the dataset."""

    dataset: str
    validation: str = ""
    provider: str = ""
    model: str = ""
    wishes: Wishes = Wishes()


class Prepared(NamedTuple):
    """A launch that is ready to go. Whoever holds it closes ``api``."""

    plan: LaunchPlan
    api: TuningApi


def prepare_launch(
    request: LaunchRequest, config: RunConfig, secrets: Secrets, workspace: Workspace, store: Store
) -> Prepared:
    """Write and check the files and work out the plan; nothing is sent yet. Raises BuilderError of many kinds."""
    source = find_source(request.dataset, request.validation, store)
    provider, model = _wanted_model(request, source, config)
    target = find_target(provider, model, store.clock().date())
    api = open_tuning_api(target.service, config, secrets)
    api.check()
    paths = gather_files(source, target.limits, store, workspace.tuning_files)
    return Prepared(make_plan(target, source.name, paths, api, TuningJobs(store), request.wishes), api)


def open_api_of(job: TuningJob, config: RunConfig, secrets: Secrets) -> TuningApi:
    """The API that knows a stored job, at the place where it was launched."""
    return open_tuning_api(cast("Service", job.service), config, secrets, job.place)


def require_started(job: TuningJob) -> TuningJob:
    """``job``, which the vendor knows. Raises DatasetError for one whose launch has not come so far."""
    if job.job:
        return job
    raise DatasetError(
        f"The launch of {job.dataset} for {job.model} on {_day(job.created_at)} did not start a job.",
        fix=f"Go on with it: python -m src.main launch {job.dataset}, with the options that it had.",
    )


def _wanted_model(request: LaunchRequest, source: Source, config: RunConfig) -> tuple[str, str]:
    own_provider = source.record.provider if source.record else config.provider
    own_model = source.record.model if source.record else config.model
    provider = request.provider.strip().lower() or own_provider
    if request.model:
        return provider, request.model
    if provider == own_provider:
        return provider, own_model
    models = provider_spec(provider).models if provider in PROVIDER_NAMES else ()
    return provider, models[0].id if models else ""


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
