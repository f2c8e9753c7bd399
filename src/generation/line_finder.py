"""Conversations that no rule could cut: a model names their lines, code cuts the text and rejects what is not there."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from src.core.specs import WriterModel
from src.core.types import ChatRequest, Message, Rejection, SourceDocument, Span
from src.generation.engine import Engine
from src.generation.line_claims import LINE_SCHEMA, cut_claim, parse_claims
from src.generation.reask import Question, Unusable, ask_and_parse
from src.utils.detection.types import Conversation
from src.utils.prompt_loader import render

MAX_WINDOW_CHARS = 12_000
EXPECTED_ANSWER_TOKENS = 600
"""One list of line numbers, rounded up."""
_MAX_ANSWER_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class Finder:
    """The model that is asked, and how."""

    engine: Engine
    model: WriterModel
    prompts: Path
    min_turns: int

    async def find(self, document: SourceDocument) -> AsyncGenerator[Conversation | Rejection, None]:
        """The conversations of a document by the model's line numbers, window by window; a Rejection for every one
        that is not found exactly, and for a window without a usable answer.

        A window begins with the last turn found before, so that a dialogue across the border keeps its thread.
        """
        text = document.text
        lines = tuple(_lines(text))
        first = 0
        while first < len(lines):
            stop = _window_stop(lines, first)
            overlap = stop
            async for found in self._find_in(document, text, lines, first, stop):
                if isinstance(found, Conversation) and found.span.end >= lines[stop - 1].start:
                    overlap = _line_at(lines, found.turns[-1].pieces[0].start)
                yield found
            first = overlap if first < overlap < stop < len(lines) else stop

    async def _find_in(
        self, document: SourceDocument, text: str, lines: tuple[Span, ...], first: int, stop: int
    ) -> AsyncGenerator[Conversation | Rejection, None]:
        numbered = "\n".join(
            f"{number + 1} {text[lines[number].start : lines[number].end]}" for number in range(first, stop)
        )
        prompt = render(self.prompts, "system/identify_mode.txt", min_turns=str(self.min_turns), lines=numbered)
        slot = f"identify/{document.sha256}/{first + 1}-{stop}"
        window = Span(lines[first].start, lines[stop - 1].end)
        answer = await ask_and_parse(self.engine, self.prompts, Question(slot, prompt, self._request), parse_claims)
        if isinstance(answer, Unusable):
            yield Rejection(answer.reason, answer.detail, None, document.name, window, answer.raw)
            return
        cut = partial(cut_claim, text, lines, range(first, stop), min_turns=self.min_turns)
        for claim in answer.value.conversations:
            found = cut(claim)
            if isinstance(found, Conversation):
                yield found
            else:
                yield Rejection(found, "", None, document.name, window, claim.model_dump_json())

    def _request(self, prompt: str, attempt: int) -> ChatRequest:
        return ChatRequest(
            model=self.model.id,
            messages=(Message("user", prompt),),
            temperature=0.0,
            max_tokens=min(_MAX_ANSWER_TOKENS, self.model.max_output_tokens),
            json_schema=LINE_SCHEMA,
            seed=attempt,
        )


def _lines(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield Span(start, end)
        start = end + 1


def _window_stop(lines: tuple[Span, ...], first: int) -> int:
    """The line after the window that begins with ``first``: as many whole lines as fit, at least one."""
    stop = first + 1
    while stop < len(lines) and lines[stop].end - lines[first].start <= MAX_WINDOW_CHARS:
        stop += 1
    return stop


def _line_at(lines: tuple[Span, ...], position: int) -> int:
    return next(number for number, line in enumerate(lines) if line.start <= position <= line.end)
