"""Hybrid mode: what the documents already hold as conversations, and new examples from everything else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import NamedTuple

from src.agents.base_agent import Agent, Proposals, find_too_short, read_passages, require_passages
from src.agents.identify_agent import Found, IdentifyAgent
from src.agents.plans import preview_plan
from src.agents.writing import Brief, write
from src.core.config import RunConfig
from src.core.types import Sample, SourceDocument
from src.generation.exchanges import exchanges_of
from src.generation.planning.quotas import pick_evenly
from src.generation.planning.summary import PlanSummary
from src.utils.chunker import Passage

_EXAMPLES_SHOWN = 3
_MAX_EXAMPLE_CHARS = 600
MAX_SHOWN_CHARS = _EXAMPLES_SHOWN * _MAX_EXAMPLE_CHARS
"""What the examples add to a prompt at most: part of the estimate of a run."""


class HybridAgent(Agent):
    """Extracted and generated samples that share no character of their sources and no question."""

    async def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:
        """``generation_ratio`` of ``size`` generated, the rest extracted; extracted ones come first.

        Where one kind cannot fill its share the other takes over, but a ratio of 0 never generates and a ratio of 1
        never extracts. Raises InputFileError when there is nothing to extract and nothing to write about.
        """
        survey = await self._survey(documents, size)
        self.too_short = survey.too_short(documents)
        if survey.passages:
            _ = self.engine  # without a model this mode fails before it has given anything
        for rejection in survey.found.rejections:
            yield rejection
        for sample in survey.taken:
            yield sample
        missing = size - len(survey.taken)
        if survey.passages:
            brief = hybrid_brief(self.tools.config, survey.found.samples, survey.taken)
            async with aclosing(write(self, brief, survey.passages, missing)) as proposals:
                async for proposal in proposals:
                    missing -= isinstance(proposal, Sample)
                    yield proposal
        for sample in _take(survey.left, 0 if self._ratio == 1 else missing).taken:
            yield sample

    async def preview(self, documents: Sequence[SourceDocument], size: int) -> PlanSummary | None:
        """The plan of what is generated, from what the rules find: a model may find more conversations in documents
        that the rules leave undecided. None when nothing is generated."""
        looking = HybridAgent(replace(self.tools, engine=None))
        survey = await looking._survey(documents, size)
        missing = size - len(survey.taken)
        if not survey.passages:
            return None
        return preview_plan(self.tools, survey.passages, missing, too_short=survey.too_short(documents))

    @property
    def _ratio(self) -> float:
        return self.tools.config.agent.hybrid.generation_ratio

    async def _survey(self, documents: Sequence[SourceDocument], size: int) -> _Survey:
        found = await IdentifyAgent(self.tools).find(documents)
        passages = read_passages(documents, found.spans) if self._ratio > 0 else ()
        if not passages and (not found.samples or self._ratio == 1):
            require_passages(passages, documents)
        wished = 0 if self._ratio == 1 else size - round(size * self._ratio) if passages else size
        return _Survey(found, passages, *_take(found.samples, wished))


class _Survey(NamedTuple):
    """What the documents hold: conversations, those that are taken and those that are left, and passages to write
    about."""

    found: Found
    passages: tuple[Passage, ...]
    taken: list[Sample]
    left: list[Sample]

    def too_short(self, documents: Sequence[SourceDocument]) -> tuple[str, ...]:
        """Documents that hold neither."""
        return find_too_short(documents, self.passages, {name for name, spans in self.found.spans.items() if spans})


class _Taken(NamedTuple):
    taken: list[Sample]
    left: list[Sample]


def _take(samples: Sequence[Sample], count: int) -> _Taken:
    """``count`` samples, evenly over the sources, and those that are left."""
    chosen = set(pick_evenly([sample.source_file for sample in samples], count))
    return _Taken(
        [sample for index, sample in enumerate(samples) if index in chosen],
        [sample for index, sample in enumerate(samples) if index not in chosen],
    )


def hybrid_brief(config: RunConfig, found: Sequence[Sample], taken: Sequence[Sample]) -> Brief:
    """What hybrid mode wants written: shows the model a few of the conversations that were ``taken``, and bars every
    question, and every answer, of all that were ``found``."""
    shown = "\n\n".join(_show(sample) for sample in taken[:_EXAMPLES_SHOWN]) or "(none)"
    told = [exchange for sample in found for exchange in exchanges_of(sample.messages)]
    return Brief(
        "system/hybrid_mode.txt",
        {"conversations": shown},
        [exchange.question for exchange in told],
        told,
        gates=config.agent.create.gates,
    )


def _show(sample: Sample) -> str:
    text = "\n".join(f"{turn.role}: {turn.content}" for turn in sample.messages)
    return text if len(text) <= _MAX_EXAMPLE_CHARS else f"{text[:_MAX_EXAMPLE_CHARS]} ..."
