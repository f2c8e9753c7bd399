"""A launch, step by step: every step is noted before it goes over the wire, and what came of it as soon as it is known.

A launch that was killed is begun again with the same plan. A step that was noted without a result may or may not have
reached the vendor: the vendor is asked before the step is done once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from src.core.types import SplitName
from src.persistence.jobs import Step, TuningJob, TuningJobs
from src.providers.tuning_api import LostFileError, TuningApi, TuningOrder
from src.tuning.plan import LaunchPlan

SETTLE_S = 60.0
"""How long after a request that broke off a vendor may still show the job in its list for the first time."""
_LOOK_EVERY_S = 5.0

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Launcher:
    """``tell`` gets one line for a person before every step; ``clock`` and ``sleep`` are those of the world."""

    api: TuningApi
    jobs: TuningJobs
    clock: Callable[[], datetime]
    tell: Tell
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self, plan: LaunchPlan) -> TuningJob:
        """The job of ``plan``, started now or by an earlier launch. Raises ProviderError; then the same may be run
        again, and goes on behind the last step that is known to be done."""
        job = self.jobs.begin(_to_job(plan, self.clock()))
        if job.job:
            return job
        # before a file is brought anew: that would hide that the job may be started
        found = await self._find_started(job, _to_order(plan, job)) if job.step == "create" else ""
        if found:
            return self.jobs.set_job(job.key, found)
        for side in plan.files:
            job = await self._bring(job, plan, side)
        await self._await_files(job, plan)
        self.tell(f"Starting the job at {self.api.title}")
        self.jobs.begin_step(job.key, "create")
        return self.jobs.set_job(job.key, await self.api.create(_to_order(plan, job)))

    async def _bring(self, job: TuningJob, plan: LaunchPlan, side: SplitName) -> TuningJob:
        if job.file(side):
            return job
        file, step = plan.files[side], cast("Step", f"upload {side}")
        name = ""
        if job.step == step:
            self.tell(f"Looking whether {self.api.title} has {file.name} from the launch that broke off")
            name = await self.api.find_file(file)
        if not name:
            self.tell(f"Uploading {file.name} ({file.size_bytes:,} bytes) to {self.api.title}")
            self.jobs.begin_step(job.key, step)
            name = await self.api.upload(file)
        return self.jobs.set_file(job.key, side, name)

    async def _await_files(self, job: TuningJob, plan: LaunchPlan) -> None:
        """A file that the vendor has lost is forgotten, so that the next launch brings it again."""
        self.tell(f"Waiting until {self.api.title} has taken the files")
        try:
            await self.api.await_files(*(job.file(side) for side in plan.files))
        except LostFileError as error:
            for side in plan.files:
                if job.file(side) == error.file:
                    self.jobs.set_file(job.key, side, "")
            raise

    async def _find_started(self, job: TuningJob, order: TuningOrder) -> str:
        """The job that a request which broke off has started after all; asked for until it would have arrived."""
        self.tell(f"Looking whether {self.api.title} has started the job of the launch that broke off")
        while True:
            found = await self.api.find_job(order)
            waited_s = (self.clock() - job.step_at).total_seconds() if job.step_at else SETTLE_S
            if found or waited_s >= SETTLE_S:
                return found
            await self.sleep(min(_LOOK_EVERY_S, SETTLE_S - waited_s))


def _to_order(plan: LaunchPlan, job: TuningJob) -> TuningOrder:
    return TuningOrder(
        plan.target.model, job.train_file, job.validation_file, plan.epochs, plan.suffix, plan.tag, plan.method
    )


def _to_job(plan: LaunchPlan, now: datetime) -> TuningJob:
    parameters = {
        "epochs": plan.epochs,
        "method": plan.method,
        "suffix": plan.suffix,
        "files": {side: file.sha256 for side, file in plan.files.items()},
        "rows": dict(plan.rows),
        "billed_tokens": plan.billed_tokens,
        "estimated_usd": plan.usd,
    }
    return TuningJob(
        key=plan.key,
        base=plan.base,
        number=plan.number,
        service=plan.target.service,
        place=plan.place,
        model=plan.target.model,
        dataset=plan.dataset,
        created_at=now,
        parameters=parameters,
    )
