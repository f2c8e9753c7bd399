"""Identify mode: existing conversations, word for word. Needs no model; asks one only where the rules do not decide."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from src.agents.base_agent import Agent, Proposals
from src.agents.extraction import Cutting, SourceText, covered_span, group_names, to_sample
from src.core.types import Rejection, Sample, SourceDocument, Span
from src.generation.line_finder import Finder
from src.generation.plan import pick_evenly
from src.utils.conversation_detector import detect_conversations
from src.utils.detection.types import Conversation
from src.utils.keywords import KeywordExtractor


@dataclass(slots=True)
class Found:
    """Everything that was found: what can be taken, what cannot, and by document what no other sample may touch."""

    samples: list[Sample] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def add(self, item: Sample | Rejection, *, once: bool) -> None:
        """Take a sample, ``once`` meaning that a copy of an earlier one is rejected."""
        if isinstance(item, Rejection):
            self.rejections.append(item)
        elif once and item.id in self._seen:
            self.rejections.append(Rejection("duplicate", "", item, item.source_file, item.span))
        else:
            self._seen.add(item.id)
            self.samples.append(item)


class IdentifyAgent(Agent):
    """Conversations as spans of the source text."""

    async def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:
        """Up to ``size`` conversations, the same number of every source, evenly from its start to its end; those
        beyond ``size`` are simply not taken. Rejections come first."""
        found = await self.find(documents)
        for rejection in found.rejections:
            yield rejection
        for index in pick_evenly([sample.source_file for sample in found.samples], size):
            yield found.samples[index]

    async def find(self, documents: Sequence[SourceDocument], *, whole: bool = False) -> Found:
        """Every conversation of the documents, cut to what can be trained on; one that stands in two places is taken
        from the first. With ``whole`` everything is given as it was found: to look at, not to train on."""
        found = Found()
        for document in documents:
            await self._search(document, found, whole=whole)
        keywords = KeywordExtractor(_spoken(sample) for sample in found.samples)
        found.samples = [replace(sample, topic_keywords=keywords.keywords(_spoken(sample))) for sample in found.samples]
        return found

    async def _search(self, document: SourceDocument, found: Found, *, whole: bool) -> None:
        settings = self.tools.config.agent.identify
        detection = detect_conversations(document, min_turns=settings.min_turns)
        conversations = list(detection.conversations)
        if detection.undecided:
            for item in await self._ask_model(document):
                if isinstance(item, Conversation):
                    conversations.append(item)
                else:
                    found.rejections.append(item)
        source = SourceText.of(document)
        cutting = Cutting(settings.min_turns, context=settings.include_context, whole=whole)
        found.spans[document.name] = [covered_span(source, conversation) for conversation in conversations]
        for conversation, group in zip(conversations, group_names(document, conversations), strict=True):
            found.add(to_sample(source, conversation, group, cutting), once=not whole)

    async def _ask_model(self, document: SourceDocument) -> list[Conversation | Rejection]:
        tools = self.tools
        if tools.engine is None or tools.writer is None or tools.demo_quality:
            return []
        finder = Finder(tools.engine, tools.writer, tools.prompts, tools.config.agent.identify.min_turns)
        async with aclosing(finder.find(document)) as claims:
            return [claim async for claim in claims]


def _spoken(sample: Sample) -> str:
    return "\n".join(message.content for message in sample.messages if message.role != "system")
