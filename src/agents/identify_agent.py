"""Identify mode: existing conversations, word for word. Needs no model; asks one only where the rules do not decide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import overload

from src.agents.base_agent import Agent, Proposals
from src.agents.extraction import Cutting, SourceText, covered_span, to_sample
from src.agents.shelf import Shelf
from src.core.types import Rejection, Sample, SourceDocument, Span
from src.generation.line_finder import Finder
from src.generation.planning.quotas import pick_evenly
from src.utils.conversation_detector import detect_in_parts
from src.utils.detection.types import Conversation
from src.utils.keywords import KeywordExtractor


class _Samples(Sequence[Sample]):
    """The samples of a shelf, each read when it is asked for, and then given its keywords."""

    def __init__(self, shelf: Shelf) -> None:
        self.keywords = KeywordExtractor()
        self._shelf = shelf
        self._places: list[int] = []

    def append(self, place: int) -> None:
        self._places.append(place)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> list[Sample]: ...
    def __getitem__(self, index: int | slice) -> Sample | list[Sample]:
        if isinstance(index, slice):
            return [self._read(place) for place in self._places[index]]
        return self._read(self._places[index])

    def texts(self) -> Iterator[str]:
        """What is said in each."""
        for place in self._places:
            item = self._shelf.get(place)
            if isinstance(item, Sample):
                yield _spoken(item)

    def _read(self, place: int) -> Sample:
        item = self._shelf.get(place)
        assert isinstance(item, Sample)
        return replace(item, topic_keywords=self.keywords.keywords(_spoken(item)))


class Found:
    """Everything that was found: what can be taken, what cannot, and by document what no other sample may touch.

    ``sources`` names the source of each of the ``samples``. Those lie on disk: a long log holds millions of
    turns.
    """

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.samples = _Samples(self.shelf)
        self.sources: list[str] = []
        self.rejections: list[Rejection] = []
        self.spans: dict[str, list[Span]] = {}
        self._seen: set[str] = set()

    def add(self, place: int) -> None:
        """Take what lies there on the shelf; a copy of an earlier sample is rejected."""
        item = self.shelf.get(place)
        if isinstance(item, Rejection):
            self.rejections.append(item)
        elif item.id in self._seen:
            self.rejections.append(Rejection("duplicate", "", item, item.source_file, item.span))
        else:
            self._seen.add(item.id)
            self.samples.append(place)
            self.sources.append(item.source_file)

    def weigh_keywords(self) -> None:
        """Count the words of all samples, so that each gets the keywords that set it apart."""
        self.samples.keywords = KeywordExtractor(self.samples.texts())


class _Look:
    """What one document holds, cut and on the shelf, what of it is covered, and what a model claimed to see in it but
    does not stand there."""

    def __init__(self, document: SourceDocument, cutting: Cutting, shelf: Shelf) -> None:
        self.document = document
        self.places: list[int] = []
        self.covered: list[Span] = []
        self.rejections: list[Rejection] = []
        self._source = SourceText.of(document)
        self._cutting = cutting
        self._shelf = shelf

    def take(self, conversations: Iterable[Conversation]) -> None:
        """Cut them."""
        for conversation in conversations:
            self.covered.append(covered_span(self._source, conversation))
            self.places.append(self._shelf.put(to_sample(self._source, conversation, self._cutting)))


class IdentifyAgent(Agent):
    """Conversations as spans of the source text."""

    async def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:
        """Up to ``size`` conversations, the same number of every source, evenly from its start to its end; those
        beyond ``size`` are simply not taken. Rejections come first, each as soon as it is known."""
        found = Found()
        async with aclosing(self._search(documents, found)) as rejections:
            async for rejection in rejections:
                yield rejection
        for index in pick_evenly(found.sources, size):
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
        async with aclosing(self._look_at_all(documents, found.shelf)) as looks:
            async for look in looks:
                known = len(found.rejections)
                found.rejections.extend(look.rejections)
                found.spans[look.document.name] = look.covered
                for place in look.places:
                    found.add(place)
                for rejection in found.rejections[known:]:
                    yield rejection
        found.weigh_keywords()

    async def _look_at_all(self, documents: Sequence[SourceDocument], shelf: Shelf) -> AsyncGenerator[_Look, None]:
        look_at = partial(self._look_at, shelf)
        if self.tools.engine is None:
            for document in documents:
                yield await look_at(document)
            return
        async with aclosing(self.tools.engine.map_ordered(documents, look_at)) as looks:
            async for look in looks:
                yield look

    async def _look_at(self, shelf: Shelf, document: SourceDocument) -> _Look:
        """Detection computes without a pause: the event loop gets a turn after every part, so that Ctrl-C works."""
        settings = self.tools.config.agent.identify
        look = _Look(document, Cutting(settings.min_turns, context=settings.include_context), shelf)
        undecided = False
        for part in detect_in_parts(document, min_turns=settings.min_turns):
            look.take(part.conversations)
            undecided = undecided or part.undecided
            await asyncio.sleep(0)
            if self.tools.engine is not None:
                self.tools.engine.stop.check()
        if undecided and not look.covered:
            claims = await self._ask_model(document)
            look.take(claim for claim in claims if isinstance(claim, Conversation))
            look.rejections.extend(claim for claim in claims if isinstance(claim, Rejection))
        return look

    async def _ask_model(self, document: SourceDocument) -> list[Conversation | Rejection]:
        tools = self.tools
        if tools.engine is None or tools.writer is None or tools.demo_quality:
            return []
        finder = Finder(tools.engine, tools.writer, tools.prompts, tools.config.agent.identify.min_turns)
        async with aclosing(finder.find(document)) as claims:
            return [claim async for claim in claims]


def _spoken(sample: Sample) -> str:
    return "\n".join(message.content for message in sample.messages if message.role != "system")
