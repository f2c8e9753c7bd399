"""The subcommands that train a model at a vendor: launch, jobs, cancel."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from src.cli.prompts import Prompter
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.tuning import (
    job_facts,
    job_lines,
    job_table,
    launched_text,
    plan_facts,
    plan_lines,
    status_text,
)
from src.core.errors import BuilderError, RunStoppedError, UsageError
from src.persistence.jobs import TuningJob, TuningJobs
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store

if TYPE_CHECKING:
    from src.tuning.opening import LaunchRequest, Prepared
    from src.tuning.plan import LaunchPlan

_SHOWN_WARNINGS = 5


def launch(arguments: Namespace, session: Session) -> Outcome:
    """Upload the files of a dataset and start a job on them, once."""
    from src.tuning.opening import LaunchRequest
    from src.tuning.plan import Wishes

    request = LaunchRequest(
        dataset=arguments.dataset,
        validation=arguments.validation or "",
        provider=arguments.provider or "",
        model=arguments.model or "",
        wishes=Wishes(arguments.epochs, arguments.suffix or "", arguments.again),
    )
    return launch_with(session, _asker(session), request, said_yes=arguments.yes)


def launch_with(session: Session, prompter: Prompter | None, request: LaunchRequest, *, said_yes: bool) -> Outcome:
    """Show what a launch will do, ask, and do it. ``prompter`` None: nobody can be asked."""
    from src.tuning.opening import prepare_launch

    workspace = session.workspace
    with hold_run_lock(workspace.launch_lock), Store(workspace.database) as store:
        prepared = prepare_launch(request, session.config(), session.secrets(), workspace, store)
        plan = prepared.plan
        _show_plan(session, plan)
        facts = plan_facts(plan, workspace.root)
        if plan.begun and plan.is_started:
            session.console.success(f"This job was started before, as {plan.begun.name}: nothing was sent.")
            session.console.say("--again starts it once more; 'jobs' says how far it is.")
            return Outcome({**facts, "started": False, "job": job_facts(plan.begun)})
        _agree(session, prompter, plan, said_yes=said_yes)
        job = asyncio.run(_run_launch(session, prepared, store))
    session.console.success(launched_text(job, plan))
    session.console.say(f"Follow it: python -m src.main jobs {job.name} --follow")
    return Outcome({**facts, "started": True, "job": job_facts(job)})


def jobs(arguments: Namespace, session: Session) -> Outcome:
    """List the jobs as they stand now; show or follow one."""
    if arguments.every <= 0:
        raise UsageError("--every is above 0.", fix="As in --every 30.")
    if arguments.follow and not arguments.id:
        raise UsageError("--follow needs the job to follow.", fix="See 'python -m src.main jobs' for its id.")
    with Store(session.workspace.database) as store:
        if not arguments.id:
            return list_jobs(session, store)
        job = TuningJobs(store).find(arguments.id)
        if arguments.follow:
            return follow_job(session, store, job, arguments.every)
        job = asyncio.run(_refresh(session, store, job))
    session.console.lines(job_lines(job, width=session.console.width))
    return Outcome(job_facts(job))


def cancel(arguments: Namespace, session: Session) -> Outcome:
    """Stop one job."""
    with Store(session.workspace.database) as store:
        job = TuningJobs(store).find(arguments.id)
        return cancel_job(session, _asker(session), store, job, said_yes=arguments.yes)


def list_jobs(session: Session, store: Store) -> Outcome:
    """The table of all jobs. One whose vendor cannot be asked is shown as it was last known, which is bad news."""
    console = session.console
    known = TuningJobs(store).all()
    if not known:
        console.say("No fine-tuning jobs yet. Start one with 'python -m src.main launch DATASET'.")
        return Outcome({"jobs": []})
    looked = asyncio.run(_refresh_all(session, store, known))
    console.lines(job_table([job for job, _ in looked], width=console.width))
    for job, error in looked:
        if error:
            console.warning(f"{job.name}: as it was last known. {session.redact(str(error))} {error.fix}".strip())
    facts = [job_facts(job, session.redact(str(error)) if error else "") for job, error in looked]
    return Outcome({"jobs": facts}, ok=not any(error for _, error in looked))


def follow_job(session: Session, store: Store, job: TuningJob, every_s: float) -> Outcome:
    """Show events and states until the job is over. A job that ends without a model is bad news."""
    job = asyncio.run(_follow(session, store, job, every_s))
    console = session.console
    if job.tuned_model:
        console.success(f"Tuned model: {job.tuned_model}")
    else:
        console.error(f"{job.name} ended without a model: {status_text(job)}. {job.failure}".strip())
    return Outcome(job_facts(job), ok=bool(job.tuned_model))


def cancel_job(session: Session, prompter: Prompter | None, store: Store, job: TuningJob, *, said_yes: bool) -> Outcome:
    """Ask, then have the vendor stop a job."""
    from src.tuning.opening import require_started

    console = session.console
    job = asyncio.run(_refresh(session, store, require_started(job)))
    console.lines(job_lines(job, width=console.width))
    if job.is_over:
        console.warning(f"{job.name} is over already: {status_text(job)}.")
        return Outcome({"cancelled": False, **job_facts(job)}, ok=False)
    if not said_yes:
        if prompter is None:
            raise UsageError("Cancelling ends a job that is paid for, and nobody is there to ask.", fix="Add --yes.")
        if not prompter.yes_no("Cancel this job", default=False):
            console.warning("Nothing was changed.")
            return Outcome({"cancelled": False, **job_facts(job)}, ok=False)
    job = asyncio.run(_cancel(session, store, job))
    console.success(f"{job.name} was asked to stop: {status_text(job)}.")
    return Outcome({"cancelled": True, **job_facts(job)})


def _asker(session: Session) -> Prompter | None:
    return Prompter(sys.stdin, session.console) if sys.stdin.isatty() else None


def _show_plan(session: Session, plan: LaunchPlan) -> None:
    console = session.console
    console.heading(f"Launch of {plan.dataset}")
    console.lines(plan_lines(plan, session.workspace.root, width=console.width))
    console.remark(plan.target.notice)
    for issue in plan.warnings[:_SHOWN_WARNINGS]:
        console.warning(f"{f'row {issue.row}: ' if issue.row else ''}{issue.message}")
    if len(plan.warnings) > _SHOWN_WARNINGS:
        console.warning(f"{len(plan.warnings) - _SHOWN_WARNINGS:,} further warnings: see 'validate'.")
    if plan.begun and not plan.is_started:
        console.remark(f"A launch of this job broke off ({plan.begun.step or 'before the first step'}): it goes on.")


def _agree(session: Session, prompter: Prompter | None, plan: LaunchPlan, *, said_yes: bool) -> None:
    """Raises UsageError where nobody can be asked, RunStoppedError after a no."""
    if said_yes:
        return
    if prompter is None:
        raise UsageError("Training costs money, and nobody is here to be asked.", fix="Add --yes to go ahead.")
    target = plan.target
    session.console.say(f"The files go to {target.service} ({plan.place}), and the training begins at once.")
    if not prompter.yes_no("Go ahead", default=False):
        raise RunStoppedError("The launch was not begun: nothing was sent.", fix="Fewer epochs or samples cost less.")


async def _run_launch(session: Session, prepared: Prepared, store: Store) -> TuningJob:
    from src.tuning.launch import Launcher

    launcher = Launcher(prepared.api, TuningJobs(store), store.clock, session.console.remark)
    try:
        return await launcher.run(prepared.plan)
    finally:
        await prepared.api.aclose()


async def _refresh(session: Session, store: Store, job: TuningJob) -> TuningJob:
    from src.tuning.following import refresh
    from src.tuning.opening import open_api_of

    if job.is_over or not job.job:
        return job
    api = open_api_of(job, session.config(), session.secrets())
    try:
        return await refresh(api, TuningJobs(store), job)
    finally:
        await api.aclose()


async def _refresh_all(
    session: Session, store: Store, known: list[TuningJob]
) -> list[tuple[TuningJob, BuilderError | None]]:
    async def look(job: TuningJob) -> tuple[TuningJob, BuilderError | None]:
        try:
            return await _refresh(session, store, job), None
        except BuilderError as error:
            return job, error

    return [await look(job) for job in known]


async def _follow(session: Session, store: Store, job: TuningJob, every_s: float) -> TuningJob:
    from src.tuning.following import Follower
    from src.tuning.opening import open_api_of, require_started

    api = open_api_of(require_started(job), session.config(), session.secrets())
    follower = Follower(api, TuningJobs(store), every_s, session.console.warning)
    try:
        async for news in follower.follow(job):
            if isinstance(news, TuningJob):
                job = news
                session.console.say(f"{news.name}: {status_text(news)}")
            else:
                session.console.say(f"  {news.message}")
    finally:
        await api.aclose()
    return job


async def _cancel(session: Session, store: Store, job: TuningJob) -> TuningJob:
    from src.tuning.following import cancel as cancel_at_vendor
    from src.tuning.opening import open_api_of

    api = open_api_of(job, session.config(), session.secrets())
    try:
        return await cancel_at_vendor(api, TuningJobs(store), job)
    finally:
        await api.aclose()
