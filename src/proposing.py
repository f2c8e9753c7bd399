"""The agent at work: each proposal is checked as it comes and goes to the store by the batch, in the plan's order."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from src.agents import load_agent
from src.agents.base_agent import Agent, AgentTools
from src.core.config import RunConfig
from src.core.errors import ProviderError, RunStoppedError
from src.core.parts import Parts
from src.core.specs import WriterModel
from src.core.types import Message, Rejection, RunFacts, Sample, Usage
from src.documents import Documents
from src.generation.engine import Engine
from src.generation.judge import Judge
from src.generation.opening import open_engine
from src.generation.progress import Progress
from src.generation.stopping import stop_on_interrupt
from src.generation.writer import Teacher, find_judge
from src.persistence.dataset_writer import DatasetWriter
from src.persistence.journal import Journal
from src.persistence.models import StoredSample
from src.providers.lookup import find_model
from src.utils.privacy.screening import PRIVATE, Screening
from src.utils.prompt_hashes import hash_prompts
from src.utils.token_counter import TokenCounter
from src.utils.validator import Kept, Validator

_BATCH_ROWS = 200
MakeAgent = Callable[[AgentTools], Agent]


class _Seen(NamedTuple):
    """A proposal that was looked at before it came, and what was found."""

    item: Sample
    checked: Kept | Rejection
    found: Mapping[str, int]


class Admission:
    """What of the proposals goes into the dataset: checked against the limits of the model that will be trained."""

    def __init__(
        self,
        dataset: DatasetWriter,
        validator: Validator,
        progress: Progress,
        *,
        screening: Screening,
        system_prompt: str = "",
    ) -> None:
        """``system_prompt`` begins every sample that has no system message of its own; "": none."""
        self._system = Message("system", system_prompt.strip()) if system_prompt.strip() else None
        self._dataset = dataset
        self._validator = validator
        self._screening = screening
        self._progress = progress
        self._kept: list[StoredSample] = []
        self._rejected: list[Rejection] = []
        self._seen: _Seen | None = None

    def refuse(self, sample: Sample) -> Rejection | None:
        """Why ``sample`` would not be taken if it came next; None where it would. For an agent that can still ask for
        another one."""
        self._seen = _Seen(sample, *self._check(sample))
        checked = self._seen.checked
        return None if isinstance(checked, Kept) else checked

    def take(self, item: Sample | Rejection) -> None:
        """Check a proposal; now and then, store what has come together."""
        seen = self._seen
        checked, found = seen[1:] if seen is not None and seen.item is item else self._check(item)
        self._seen = None
        if isinstance(checked, Kept) or checked.reason == PRIVATE:
            self._screening.count(found)
        if isinstance(checked, Kept):
            self._validator.remember(checked)
            self._kept.append(StoredSample(checked.sample, checked.counted.tokens))
            self._progress.count(kept=1)
        else:
            self._rejected.append(checked)
            self._progress.count(rejected=1)
        if len(self._kept) + len(self._rejected) >= _BATCH_ROWS:
            self.store()

    def _check(self, item: Sample | Rejection) -> tuple[Kept | Rejection, Mapping[str, int]]:
        """What is stored of a proposal, and the places of what is private in it."""
        # before the validator: what was replaced may be longer, or the same as in another sample
        item, found = self._screening.screen(item)
        return (self._validator.examine(self._opened(item)) if isinstance(item, Sample) else item), found

    def _opened(self, sample: Sample) -> Sample:
        if self._system is None or sample.messages[0].role == "system":
            return sample
        return replace(sample, messages=(self._system, *sample.messages))

    def store(self) -> None:
        """Store what is not stored yet."""
        self._dataset.add(self._kept)
        self._dataset.reject(self._rejected)
        self._kept, self._rejected = [], []


async def propose(
    config: RunConfig,
    parts: Parts,
    documents: Documents,
    dataset: DatasetWriter,
    journal: Journal,
    teachers: Sequence[Teacher],
    make_agent: MakeAgent | None = None,
) -> RunFacts:
    """Let the agent of ``config.mode``, or that of ``make_agent``, propose samples for ``dataset``; returns what that
    took, but for the time.

    The first Ctrl-C lets finish what is in flight, the second leaves at once. Raises RunStoppedError then and at a cap,
    ProviderError, ConfigError and InputFileError; what was stored until then is replaced by the next attempt.
    """
    target = find_model(config.provider, config.model)
    progress = Progress("generate", dataset.record.requested, parts.on_event)
    counter = TokenCounter(target.tokenizer)
    screening = Screening(config.privacy, config.privacy_extras)
    validator = Validator(target, counter)
    admission = Admission(dataset, validator, progress, screening=screening, system_prompt=config.output.system_prompt)
    make_agent = make_agent or partial(load_agent, config.mode)
    tools = AgentTools(
        config=config,
        prompts=parts.workspace.prompts,
        ask_instructions=parts.ask_instructions,
        refuse=admission.refuse,
    )
    if not teachers:
        await _admit(make_agent(tools), documents, dataset.record.requested, admission)
        return RunFacts(
            usage=Usage(),
            cost_usd=0.0,
            calls=0,
            cached_calls=0,
            estimated_calls=0,
            exact_tokens=counter.exact,
            privacy=screening.describe(),
        )
    writer = teachers[0].writer
    engine = open_engine(config, teachers, journal, progress=progress)
    tools = replace(
        tools,
        engine=engine,
        writer=writer.model,
        demo_quality=writer.demo_quality,
        ask_instructions=parts.ask_instructions and _leaving_at_once(parts.ask_instructions),
    )
    loop = asyncio.get_running_loop()

    def tell(line: str) -> None:
        # not in the signal's handler, which may have interrupted the drawing of a bar
        loop.call_soon_threadsafe(progress.note, line)

    judge = _open_judge(config, parts, journal, engine, progress)
    if judge is not None:
        tools = replace(tools, judge=Judge(judge.engine, judge.model, tools.prompts))
    agent = make_agent(tools)
    try:
        with stop_on_interrupt(engine.stop, tell):
            await _admit(agent, documents, dataset.record.requested, admission)
    except (RunStoppedError, ProviderError) as error:
        if isinstance(error, RunStoppedError):
            error.interrupted = engine.stop.is_on
        admission.store()
        dataset.end(_facts(engine, teachers, agent))
        raise
    finally:
        await engine.aclose()
        if judge is not None:
            await judge.engine.aclose()
    return replace(
        _facts(engine, teachers, agent),
        exact_tokens=counter.exact,
        privacy=screening.describe(),
        prompts=hash_prompts(tools.prompts, config.mode),
    )


class _JudgeSeat(NamedTuple):
    engine: Engine
    model: WriterModel


def _open_judge(
    config: RunConfig, parts: Parts, journal: Journal, engine: Engine, progress: Progress
) -> _JudgeSeat | None:
    """The engine of the judge, under the budget and the stop of the run; None without one. Raises ConfigError when its
    provider has no key."""
    seated = find_judge(config, parts.secrets)
    if seated is None:
        return None
    opened = open_engine(config, (seated,), journal, stop=engine.stop, progress=progress, budget=engine.budget)
    return _JudgeSeat(opened, seated.writer.model)


async def _admit(agent: Agent, documents: Documents, size: int, admission: Admission) -> None:
    async with aclosing(agent.run(documents.documents, size)) as proposals:
        async for item in proposals:
            admission.take(item)
    admission.store()


def _facts(engine: Engine, teachers: Sequence[Teacher], agent: Agent) -> RunFacts:
    return RunFacts(
        writer=", ".join(f"{teacher.writer.provider} {teacher.writer.model.id}" for teacher in teachers),
        usage=engine.usage,
        cost_usd=engine.cost_usd,
        calls=engine.calls,
        cached_calls=engine.cached_calls,
        estimated_calls=engine.budget.estimated_requests,
        plan=agent.planned.as_json() if agent.planned else {},
        rounds=agent.rounds,
    )


def _leaving_at_once(ask: Callable[[], str]) -> Callable[[], str]:
    """``ask``, but a Ctrl-C while a person types ends the program: nothing is in flight then."""

    def asked() -> str:
        if threading.current_thread() is not threading.main_thread():
            return ask()
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return ask()
        finally:
            signal.signal(signal.SIGINT, before)

    return asked
