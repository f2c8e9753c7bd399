"""Jobs that are under way: how far they are, what the vendor says of them, their end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from src.core.errors import ErrorKind, ProviderError
from src.persistence.jobs import TuningJob, TuningJobs
from src.providers.tuning_api import TuningApi, TuningEvent

_PASSING: frozenset[ErrorKind] = frozenset({"server", "timeout", "connection", "rate_limit", "malformed"})
MAX_FAILURES = 20
"""Looks in a row that may fail before following ends: the job itself goes on."""


async def refresh(api: TuningApi, jobs: TuningJobs, job: TuningJob) -> TuningJob:
    """The job as the vendor describes it now, which is stored. What is over, or was never started, is not asked for.
    Raises ProviderError."""
    if job.is_over or not job.job:
        return job
    state = await api.look(job.job)
    return jobs.set_state(
        job.key, state.status, is_over=state.is_over, tuned_model=state.tuned_model, failure=state.failure
    )


async def cancel(api: TuningApi, jobs: TuningJobs, job: TuningJob) -> TuningJob:
    """Ask the vendor to stop a job; how it stands then. Raises ProviderError."""
    await api.cancel(job.job)
    return await refresh(api, jobs, job)


@dataclass(frozen=True, slots=True)
class Follower:
    """Looks at a job every ``every_s`` seconds until it is over. ``tell`` gets a line about a look that failed."""

    api: TuningApi
    jobs: TuningJobs
    every_s: float
    tell: Callable[[str], None]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def follow(self, job: TuningJob) -> AsyncIterator[TuningJob | TuningEvent]:
        """Every event, in order, and the job whenever its status has changed; at last the job that is over.

        A look that fails for a passing reason is repeated. Raises ProviderError for any other, or after MAX_FAILURES.
        """
        known: set[str] = set()
        shown, failures = "", 0
        while True:
            try:
                current = await refresh(self.api, self.jobs, job)
                events = await self.api.events(job.job, known)
            except ProviderError as error:
                failures += 1
                if error.kind not in _PASSING or failures >= MAX_FAILURES:
                    raise
                self.tell(f"{error} Trying again.")
                await self.sleep(max(self.every_s, error.retry_after or 0.0))
                continue
            failures = 0
            for event in events:
                known.add(event.id)
                yield event
            if current.status != shown:
                shown = current.status
                yield current
            if current.is_over:
                return
            await self.sleep(self.every_s)
