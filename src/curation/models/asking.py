"""Rows of a shard put to models, many at a time: journalled, below the cap, stopped by Ctrl-C."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson

from src.core.config import RunConfig
from src.core.parts import Parts
from src.core.types import ChatRequest, GenerationResult, Usage
from src.curation.records import CuratedObject, as_pair
from src.curation.stages.manifest import Cost
from src.curation.stages.shards import Outcome
from src.generation.budget import Budget, Caps
from src.generation.engine import Engine
from src.generation.progress import Progress
from src.generation.stopping import StopSwitch, stop_on_interrupt
from src.generation.team import Member
from src.persistence.journal import Journal
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store

_DIGITS: Final = 9
"""Of a sum in USD: a token of the cheapest model costs 1e-8."""

AskRow = Callable[[CuratedObject], Awaitable[Outcome]]


@dataclass(slots=True)
class Models:
    """Teams of models under one budget, in one event loop that lives as long as this context."""

    config: RunConfig
    journal: Journal
    progress: Progress
    budget: Budget
    runner: asyncio.Runner
    engines: list[Engine]
    stop: StopSwitch

    def engine(self, members: Sequence[Member]) -> Engine:
        """The engine of a team."""
        opened = _CountingEngine(
            members,
            self.journal,
            max_retries=self.config.system.max_retries,
            timeout_s=self.config.system.timeout,
            stop=self.stop,
            progress=self.progress,
            budget=self.budget,
        )
        self.engines.append(opened)
        return opened

    def ask_all(self, engine: Engine, rows: Sequence[CuratedObject], ask: AskRow) -> list[Outcome]:
        """``ask`` for every row, results in their order. Raises RunStoppedError at a cap or after Ctrl-C, ProviderError
        for what would happen to every row."""
        return self.runner.run(self._ask_all(engine, rows, ask))

    async def _ask_all(self, engine: Engine, rows: Sequence[CuratedObject], ask: AskRow) -> list[Outcome]:
        with stop_on_interrupt(self.stop, self.progress.note):
            outcomes = []
            async for outcome in engine.map_ordered(rows, ask):
                outcomes.append(outcome)
                self.progress.count(kept=not outcome.reason, rejected=bool(outcome.reason))
            return outcomes

    def close(self) -> None:
        """Wait for the journal and release the connections."""
        for engine in self.engines:
            self.runner.run(engine.aclose())


class _CountingEngine(Engine):
    """Counts the answers that an earlier process has paid for as well: a run that goes on has one budget, and tells
    the whole price of its set."""

    def __init__(self, members: Sequence[Member], *arguments: Any, **settings: Any) -> None:
        super().__init__(members, *arguments, **settings)
        self._prices = {member.name: member.price for member in members}
        self._first = members[0].name
        self._counted: set[tuple[str, int]] = set()

    async def ask(self, request: ChatRequest, slot: str, attempt: int = 0) -> GenerationResult:
        """See Engine.ask."""
        result = await super().ask(request, slot, attempt)
        if (slot, attempt) not in self._counted:
            self._counted.add((slot, attempt))
            if result.cached:
                price = self._prices[result.teacher or self._first]
                self.budget.carry(result.usage, 1, price.of(result.usage) if price else None)
        return result


@dataclass(frozen=True, slots=True)
class BudgetMeter:
    """The account of a run as the meter of one of its stages."""

    budget: Budget
    component: str
    provider: str

    def read(self) -> Cost:
        """What was paid up to now."""
        budget = self.budget
        # answers arrive in any order, and a sum of floats shows it in its last digits
        usd = None if budget.cost_usd is None else round(budget.cost_usd, _DIGITS)
        return Cost(self.component, self.provider, usd, "", budget.usage.tokens, budget.requests)

    def carry(self, cost: Cost) -> None:
        """Count what an earlier process has paid."""
        self.budget.carry(Usage(cost.tokens), cost.answers, cost.usd)


def caps_of(config: RunConfig) -> Caps:
    """What the models of a run may cost at most."""
    settings = config.generation
    return Caps(settings.max_cost_usd, settings.max_tokens, settings.max_requests)


@contextmanager
def open_models(config: RunConfig, parts: Parts, progress: Progress, budget: Budget) -> Iterator[Models]:
    """Models of one stage, which pay from ``budget``. Raises StorageError when another run is writing."""
    workspace = parts.workspace
    with (
        hold_run_lock(workspace.run_lock),
        Store(workspace.database, clock=parts.clock) as store,
        asyncio.Runner() as runner,
    ):
        models = Models(config, Journal(store), progress, budget, runner, [], runner.run(_make_switch()))
        try:
            yield models
        finally:
            models.close()


async def _make_switch() -> StopSwitch:
    return StopSwitch()


def slot_of(stage: str, row: CuratedObject) -> str:
    """The place in the plan that an answer is for: the stage and what the row says. A row keeps its answers however
    the set around it changes."""
    digest = hashlib.sha256(orjson.dumps(list(as_pair(row)))).hexdigest()
    return f"curation/{stage}/{digest}"
