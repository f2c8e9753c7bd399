"""From planned slots to samples: ask, parse, ask once more, pass the gates, and fill what was rejected."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from src.core.types import ChatRequest, GenerationResult, Message, Rejection, Sample, WriterModel
from src.generation.answer_parser import Draft, answer_schema, parse_answer
from src.generation.engine import Engine
from src.generation.grounding import Gates
from src.generation.plan import Slot, Variety, plan_slots
from src.generation.reask import Parsed, Question, Unusable, ask_and_parse
from src.utils.chunker import Passage
from src.utils.keywords import KeywordExtractor
from src.utils.prompt_loader import Prompt

MAX_ANSWER_TOKENS = 4096
"""Room for one sample and for the hidden thoughts that some models count as output."""
ROUNDS = 3
"""Slots that one wished sample may cost at most: see _Tally.rounds."""
EXHAUSTED_AFTER = 50
"""A run ends when this many slots in a row were rejected, and every passage could have had two of them: more of the
same would be paid for and rejected too (a size far beyond what the passages carry)."""


@dataclass(frozen=True, slots=True)
class WritingJob:
    """What is the same for every slot of a run.

    ``values`` are the ``$names`` of the prompt beside number, heading and passage; with ``mixes_axes`` also task,
    persona and style of the slot are asked for, and kept in the metadata of its sample.
    """

    model: WriterModel
    prompts: Path
    prompt_name: str
    temperature: float
    seed: int
    variety: Variety
    values: Mapping[str, str] = field(default_factory=dict)
    mixes_axes: bool = True


class _Written(NamedTuple):
    """What came of one slot, before the gates."""

    slot: Slot
    outcome: Parsed[Draft] | Unusable


async def write_samples(
    engine: Engine, job: WritingJob, passages: Sequence[Passage], size: int, gates: Gates
) -> AsyncGenerator[Sample | Rejection, None]:
    """Up to ``size`` samples written from ``passages``, and a Rejection for every slot that came to nothing.

    Three rounds at most: the plan; one more slot for every rejected one, at passages that had none yet or else at
    those that failed; and what is then still missing, at the passages that gave something. Raises the ProviderError
    that ends the run.
    """
    keywords = KeywordExtractor(passage.text for passage in passages)
    writer = _SlotWriter(engine, job)
    tally = _Tally(size, patience=max(EXHAUSTED_AFTER, 2 * len(passages)))
    turns = 0
    for chosen in tally.rounds(passages):
        if not chosen or tally.is_over():
            continue
        slots = plan_slots(chosen, tally.missing, seed=job.seed + turns, variety=job.variety, earlier_turns=turns)
        turns += -(-tally.missing // len(chosen))
        async with aclosing(engine.map_ordered(slots, writer.write)) as written:
            async for item in written:
                sample = _admit(item, gates, keywords, axes=job.mixes_axes)
                tally.count(item.slot.passage, passed=isinstance(sample, Sample))
                yield sample
                if tally.is_over():
                    break


class _Tally:
    """How a run stands: what is still missing, which passages gave something and which did not."""

    def __init__(self, size: int, patience: int) -> None:
        self.missing = size
        self._patience = patience
        self._rejected_in_a_row = 0
        self._gave: dict[str, Passage] = {}
        self._failed: dict[str, Passage] = {}

    def is_over(self) -> bool:
        """True when nothing is missing, or so many slots in a row failed that no more is to be had."""
        return self.missing <= 0 or self._rejected_in_a_row >= self._patience

    def count(self, passage: Passage, *, passed: bool) -> None:
        if passed:
            self.missing -= 1
            self._rejected_in_a_row = 0
            self._gave[passage.id] = passage
        else:
            self._rejected_in_a_row += 1
            self._failed[passage.id] = passage

    def rounds(self, passages: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
        """The passages of each round, decided when it begins."""
        yield passages
        untried = tuple(one for one in passages if one.id not in self._gave and one.id not in self._failed)
        yield untried or tuple(self._failed.values())
        yield tuple(self._gave.values())


class _SlotWriter:
    """Puts one slot into words and has it answered."""

    def __init__(self, engine: Engine, job: WritingJob) -> None:
        self._engine = engine
        self._job = job
        self._text = Prompt(job.prompts, job.prompt_name)

    async def write(self, slot: Slot) -> _Written:
        question = Question(slot.id, self._prompt(slot), partial(self._request, slot))
        return _Written(slot, await ask_and_parse(self._engine, self._job.prompts, question, parse_answer))

    def _request(self, slot: Slot, prompt: str, attempt: int) -> ChatRequest:
        job = self._job
        return ChatRequest(
            model=job.model.id,
            messages=(Message("user", prompt),),
            temperature=job.temperature,
            max_tokens=min(MAX_ANSWER_TOKENS, job.model.max_output_tokens),
            json_schema=answer_schema(slot.shape if job.mixes_axes else "turns"),
            seed=_slot_seed(job.seed, slot.id, attempt),
        )

    def _prompt(self, slot: Slot) -> str:
        own = {"task": slot.task, "persona": slot.persona, "style": slot.style} if self._job.mixes_axes else {}
        return self._text.fill(
            **self._job.values,
            **own,
            number=str(slot.number),
            heading=slot.passage.heading or "(none)",
            passage=slot.passage.text.strip() or "(none)",
        )


def _admit(item: _Written, gates: Gates, keywords: KeywordExtractor, *, axes: bool) -> Sample | Rejection:
    slot, answer = item
    if isinstance(answer, Unusable):
        return _reject(slot, answer.reason, answer.detail, raw=answer.raw)
    passage, draft = slot.passage, answer.value
    sample = Sample(
        messages=draft.messages,
        origin="generated",
        source_file=passage.source_file,
        span=passage.span if passage.text else None,
        topic_keywords=keywords.keywords(f"{draft.question}\n{draft.answer}"),
        group=passage.id if passage.text else "",
        locator=passage.locator,
        metadata={**_author(answer.result), **(_axes_met(slot, draft) if axes else {})},
    )
    verdict = gates.admit(draft, passage.text)
    return sample if verdict.keep else _reject(slot, verdict.reason, raw=answer.result.text, sample=sample)


def _author(result: GenerationResult) -> dict[str, str]:
    """Who wrote it; where several share a run also which of them, and whose place it took."""
    named = {"teacher": result.teacher, "failover_from": result.failover_from}
    return {"model": result.model, **{name: value for name, value in named.items() if value}}


def _axes_met(slot: Slot, draft: Draft) -> dict[str, str]:
    """Task, persona and style of the sample; a conversation of one turn is what it is: a question and its answer."""
    single = slot.task == "conversation" and len(draft.messages) == 2
    return {"task": "question_answer" if single else slot.task, "persona": slot.persona, "style": slot.style}


def _reject(slot: Slot, reason: str, detail: str = "", *, raw: str = "", sample: Sample | None = None) -> Rejection:
    passage = slot.passage
    return Rejection(reason, detail, sample, passage.source_file, passage.span if passage.text else None, raw)


def _slot_seed(seed: int, slot_id: str, attempt: int) -> int:
    """A sampling seed of 31 bits for models that take one: slots with one prompt must not get one answer."""
    digest = hashlib.sha256(f"{seed}/{slot_id}/{attempt}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
