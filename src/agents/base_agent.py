"""What every agent is: documents in, samples and rejections out, one at a time; and how the writing ones write."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from src.core.config import RunConfig
from src.core.errors import ConfigError, InputFileError
from src.core.specs import WriterModel
from src.core.types import Rejection, Sample, SourceDocument, Span
from src.generation.engine import Engine
from src.generation.gates.texts import letter_weight
from src.generation.judge import Judge
from src.generation.planning.plan import Plan
from src.generation.planning.summary import PlanSummary, summarise
from src.utils.chunker import Passage, make_passages
from src.utils.token_counter import TokenCounter

Proposal = Sample | Rejection
Proposals = AsyncGenerator[Proposal, None]

MIN_PASSAGE_LETTERS = 40
"""A shorter passage (a lone heading, a page number) carries no sample, wherever passages are counted."""


@dataclass(frozen=True, slots=True)
class AgentTools:
    """What an agent works with. ``engine`` and ``writer`` are needed by every mode but identify.

    ``demo_quality`` marks the embedded model, which cannot follow instructions and is asked in its own way.
    ``judge`` compares what is written with its passage, where the configuration names one.
    ``ask_instructions`` asks a person for the instructions of free mode; None where nobody is there to answer.
    ``refuse`` says why the sample that is proposed next will not get into the dataset, None where it will.
    """

    config: RunConfig
    prompts: Path
    engine: Engine | None = None
    writer: WriterModel | None = None
    demo_quality: bool = False
    ask_instructions: Callable[[], str] | None = None
    judge: Judge | None = None
    refuse: Callable[[Sample], Rejection | None] = lambda _sample: None


class Agent(ABC):
    """One mode. Built for one run and run once."""

    def __init__(self, tools: AgentTools) -> None:
        self.tools = tools
        self.planned: PlanSummary | None = None
        self.too_short: tuple[str, ...] = ()
        """Documents that are too short to be written about."""
        self.rounds: tuple[Mapping[str, Any], ...] = ()
        """Figures after each round of a refinement, as plain JSON values."""

    def take_plan(self, plan: Plan) -> None:
        """Remember the figures of the plan that samples are written after; None before that, and without a plan."""
        self.planned = summarise(plan, self.too_short)

    async def preview(self, documents: Sequence[SourceDocument], size: int) -> PlanSummary | None:  # noqa: ARG002
        """The plan of a run over ``documents``, made without asking any model; None where nothing is planned. Raises
        ConfigError and InputFileError as ``run`` does."""
        return None

    @abstractmethod
    def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:
        """Propose up to ``size`` samples, and a Rejection for everything that was tried and came to nothing.

        Same documents, size, configuration and model answers: the same proposals in the same order. Raises
        ProviderError when the model cannot be used, InputFileError when the documents hold nothing to work with.
        """

    @property
    def engine(self) -> Engine:
        """The engine, for modes that need one. Raises ConfigError when there is none."""
        if self.tools.engine is None:
            raise self._no_model()
        return self.tools.engine

    @property
    def writer(self) -> WriterModel:
        """The model behind the engine. Raises ConfigError when there is none."""
        if self.tools.writer is None:
            raise self._no_model()
        return self.tools.writer

    def _no_model(self) -> ConfigError:
        return ConfigError(
            f"Mode {self.tools.config.mode} needs a model that writes.",
            fix="Set system.agentic_llm to a provider with a key in .env, or to local; or use mode identify.",
        )


def read_passages(
    documents: Sequence[SourceDocument], exclude: Mapping[str, Sequence[Span]] | None = None
) -> tuple[Passage, ...]:
    """The passages of all documents that can carry a sample, without the spans of ``exclude`` (by document name). The
    one rule for plans and reports: a passage counts by itself, whatever stands beside it."""
    taken = exclude or {}
    counter = TokenCounter("o200k_base")

    def count_tokens(text: str) -> int:
        return counter.count_text(text).tokens

    return tuple(
        passage
        for document in documents
        for passage in make_passages(document, exclude=taken.get(document.name, ()), count_tokens=count_tokens)
        if letter_weight(passage.text) >= MIN_PASSAGE_LETTERS
    )


def find_too_short(
    documents: Sequence[SourceDocument], passages: Sequence[Passage], exclude: Collection[str] = ()
) -> tuple[str, ...]:
    """The names of documents that none of ``passages`` comes from, but for those where something was excluded."""
    used = {passage.source_file for passage in passages}.union(exclude)
    return tuple(document.name for document in documents if document.name not in used)


def require_passages(passages: Sequence[Passage], documents: Sequence[SourceDocument]) -> None:
    """Raise InputFileError when there is nothing to write about."""
    if not passages:
        found = "there are no documents"
        if documents:
            few = any(section.text.strip() for document in documents for section in document.sections)
            text = f"no passage of {MIN_PASSAGE_LETTERS} letters or more" if few else "no text"
            found = f"the {len(documents)} documents hold {text}"
        raise InputFileError(
            f"Nothing to write samples about: {found}.",
            fix="Put documents with running text into the input folder; or none, and use mode free with instructions "
            "of your own.",
        )
