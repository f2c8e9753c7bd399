"""The agent at work: each proposal is checked as it comes and goes to the store by the batch, in the plan's order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

from src.agents import load_agent
from src.agents.base_agent import Agent, AgentTools
from src.core.config import RunConfig
from src.core.errors import ConfigError, MissingPackageError
from src.core.parts import Parts
from src.core.secrets import Secrets
from src.core.types import ProgressEvent, Rejection, RunFacts, Sample, Usage
from src.documents import Documents
from src.generation.engine import Engine
from src.generation.writer import Writer, choose_writer, connect
from src.persistence.dataset_writer import DatasetWriter
from src.persistence.journal import Journal
from src.persistence.models import StoredSample
from src.providers import limits
from src.utils.token_counter import TokenCounter
from src.utils.validator import Kept, Validator

_BATCH_ROWS = 200


class Admission:
    """What of the proposals goes into the dataset: checked against the limits of the model that will be trained."""

    def __init__(self, dataset: DatasetWriter, validator: Validator) -> None:
        self.samples = self.kept = self.rejected = 0
        self._dataset = dataset
        self._validator = validator
        self._kept: list[StoredSample] = []
        self._rejected: list[Rejection] = []

    def take(self, item: Sample | Rejection) -> None:
        """Check a proposal; now and then, store what has come together."""
        if isinstance(item, Sample):
            self.samples += 1
            checked = self._validator.check(item)
        else:
            checked = item
        if isinstance(checked, Kept):
            self.kept += 1
            self._kept.append(StoredSample(checked.sample, checked.counted.tokens))
        else:
            self.rejected += 1
            self._rejected.append(checked)
        if len(self._kept) + len(self._rejected) >= _BATCH_ROWS:
            self.store()

    def store(self) -> None:
        """Store what is not stored yet."""
        self._dataset.add(self._kept)
        self._dataset.reject(self._rejected)
        self._kept, self._rejected = [], []


def find_writer(config: RunConfig, secrets: Secrets) -> Writer | None:
    """The model that writes. Identify mode needs none: it uses a configured provider for what the grammar leaves
    undecided, never the local model, and a missing key does not stop it. Raises ConfigError."""
    if config.mode != "identify":
        return choose_writer(config, secrets)
    try:
        writer = choose_writer(config, secrets)
    except (ConfigError, MissingPackageError):
        return None
    return None if writer.provider == "local" else writer


async def propose(
    config: RunConfig,
    parts: Parts,
    documents: Documents,
    dataset: DatasetWriter,
    journal: Journal,
    writer: Writer | None,
) -> RunFacts:
    """Let the agent of ``config.mode`` propose samples for ``dataset``; returns what that took, but for the time.

    Raises ProviderError, ConfigError and InputFileError; what was stored until then is replaced by the next attempt.
    """
    target = limits.find_model(config.provider, config.model)
    admission = Admission(dataset, Validator(target, TokenCounter(target.tokenizer)))
    tools = AgentTools(config=config, prompts=parts.workspace.prompts, ask_instructions=parts.ask_instructions)
    size = dataset.record.requested
    if writer is None:
        agent = load_agent(config.mode, tools)
        await _admit(agent, documents, size, admission, lambda: _tell(parts, admission, size, Usage(), 0.0))
        return RunFacts(usage=Usage(), cost_usd=0.0, calls=0, cached_calls=0)
    engine = Engine(
        connect(writer),
        journal,
        max_retries=config.system.max_retries,
        timeout_s=config.system.timeout,
        concurrency=limits.provider_spec(writer.provider).concurrency,
    )
    agent = load_agent(
        config.mode, replace(tools, engine=engine, writer=writer.model, demo_quality=writer.demo_quality)
    )

    def tell() -> None:
        _tell(parts, admission, size, engine.usage, limits.cost_usd(writer.model, engine.usage))

    try:
        await _admit(agent, documents, size, admission, tell)
    finally:
        await engine.aclose()
    return RunFacts(
        writer=f"{writer.provider} {writer.model.id}",
        usage=engine.usage,
        cost_usd=limits.cost_usd(writer.model, engine.usage),
        calls=engine.calls,
        cached_calls=engine.cached_calls,
    )


async def _admit(agent: Agent, documents: Documents, size: int, admission: Admission, tell: Callable[[], None]) -> None:
    async with aclosing(agent.run(documents.documents, size)) as proposals:
        async for item in proposals:
            admission.take(item)
            tell()
    admission.store()


def _tell(parts: Parts, admission: Admission, size: int, usage: Usage, cost_usd: float | None) -> None:
    parts.on_event(
        ProgressEvent(
            "generate",
            admission.samples,
            size,
            kept=admission.kept,
            rejected=admission.rejected,
            usage=usage,
            cost_usd=cost_usd,
        )
    )
