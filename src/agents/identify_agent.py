"""Identify mode: existing conversations, word for word. Needs no model; asks one only where the rules do not decide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from src.agents.base_agent import Agent, Proposals
from src.agents.extraction import Cutting, SourceText, covered_span, to_sample
from src.core.types import Rejection, Sample, SourceDocument, Span
from src.generation.line_finder import Finder
from src.generation.planning.quotas import pick_evenly
from src.utils.conversation_detector import detect_in_parts, join_parts
from src.utils.detection.types import Conversation, Detection
from src.utils.keywords import KeywordExtractor


@dataclass(slots=True)
class Found:
    """Everything that was found: what can be taken, what cannot, and by document what no other sample may touch."""

    samples: list[Sample] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def add(self, item: Sample | Rejection) -> None:
        """Take a sample; a copy of an earlier one is rejected."""
        if isinstance(item, Rejection):
            self.rejections.append(item)
        elif item.id in self._seen:
            self.rejections.append(Rejection("duplicate", "", item, item.source_file, item.span))
        else:
            self._seen.add(item.id)
            self.samples.append(item)


class _Look(NamedTuple):
    """What one document holds: conversations, and what a model claimed to see in it but does not stand there."""

    document: SourceDocument
    conversations: tuple[Conversation, ...]
    rejections: tuple[Rejection, ...]


class IdentifyAgent(Agent):
    """Conversations as spans of the source text."""

    async def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:
        """Up to ``size`` conversations, the same number of every source, evenly from its start to its end; those
        beyond ``size`` are simply not taken. Rejections come first, each as soon as it is known."""
        found = Found()
        async with aclosing(self._search(documents, found)) as rejections:
            async for rejection in rejections:
                yield rejection
        for index in pick_evenly([sample.source_file for sample in found.samples], size):
            yield found.samples[index]

    async def find(self, documents: Sequence[SourceDocument]) -> Found:
        """Every conversation of the documents, cut to what can be trained on; one that stands in two places is taken
        from the first."""
        found = Found()
        async with aclosing(self._search(documents, found)) as rejections:
            async for _ in rejections:
                pass
        return found

    async def _search(self, documents: Sequence[SourceDocument], found: Found) -> AsyncGenerator[Rejection, None]:
        """Fill ``found`` and give its rejections. The model is asked about several documents at a time; the results
        stand in the order of the documents."""
        settings = self.tools.config.agent.identify
        cutting = Cutting(settings.min_turns, context=settings.include_context)
        async with aclosing(self._look_at_all(documents)) as looks:
            async for look in looks:
                source = SourceText.of(look.document)
                known = len(found.rejections)
                found.rejections.extend(look.rejections)
                found.spans[look.document.name] = [covered_span(source, each) for each in look.conversations]
                for conversation in look.conversations:
                    found.add(to_sample(source, conversation, cutting))
                for rejection in found.rejections[known:]:
                    yield rejection
        keywords = KeywordExtractor(_spoken(sample) for sample in found.samples)
        found.samples = [replace(sample, topic_keywords=keywords.keywords(_spoken(sample))) for sample in found.samples]

    async def _look_at_all(self, documents: Sequence[SourceDocument]) -> AsyncGenerator[_Look, None]:
        if self.tools.engine is None:
            for document in documents:
                yield await self._look_at(document)
            return
        async with aclosing(self.tools.engine.map_ordered(documents, self._look_at)) as looks:
            async for look in looks:
                yield look

    async def _look_at(self, document: SourceDocument) -> _Look:
        detection = await self._detect(document)
        if not detection.undecided:
            return _Look(document, detection.conversations, ())
        claims = await self._ask_model(document)
        conversations = tuple(claim for claim in claims if isinstance(claim, Conversation))
        return _Look(document, conversations, tuple(claim for claim in claims if isinstance(claim, Rejection)))

    async def _detect(self, document: SourceDocument) -> Detection:
        """Detection computes without a pause: the event loop gets a turn after every part, so that Ctrl-C works."""
        parts = []
        for part in detect_in_parts(document, min_turns=self.tools.config.agent.identify.min_turns):
            parts.append(part)
            await asyncio.sleep(0)
            if self.tools.engine is not None:
                self.tools.engine.stop.check()
        return join_parts(parts)

    async def _ask_model(self, document: SourceDocument) -> list[Conversation | Rejection]:
        tools = self.tools
        if tools.engine is None or tools.writer is None or tools.demo_quality:
            return []
        finder = Finder(tools.engine, tools.writer, tools.prompts, tools.config.agent.identify.min_turns)
        async with aclosing(finder.find(document)) as claims:
            return [claim async for claim in claims]


def _spoken(sample: Sample) -> str:
    return "\n".join(message.content for message in sample.messages if message.role != "system")
