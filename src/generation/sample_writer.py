"""From planned slots to samples: ask, parse, ask once more, pass the gates, and fill what was rejected."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from src.core.specs import WriterModel
from src.core.types import (
    EVIDENCE,
    JUDGED,
    OBJECTION,
    REJECTED,
    ChatRequest,
    GenerationResult,
    Message,
    Rejection,
    Sample,
)
from src.generation.answer_parser import Draft, ParseFailure, Shape, answer_schema, parse_answer
from src.generation.engine import Engine
from src.generation.exchanges import Exchanges, exchanges_of
from src.generation.gates.admission import FREE_OF_SOURCE, Gates
from src.generation.judge import Judge, Judgement
from src.generation.planning.axes import AXES, DOUBT
from src.generation.planning.plan import Plan, PlanRules, Slot
from src.generation.planning.refill import Refill
from src.generation.planning.tasks import RULES
from src.generation.reask import ASK_AGAIN, Parsed, Question, Unusable, ask_and_parse
from src.generation.refinement.faults import Fault, FaultPrompts
from src.generation.refinement.work import GIVEN_UP
from src.generation.task_prompts import SlotPrompts
from src.generation.task_rules import check_task
from src.utils.chunker import Passage
from src.utils.keywords import KeywordExtractor
from src.utils.prompt_loader import render

MAX_ANSWER_TOKENS = 4096
"""Room for one sample and for the hidden thoughts that some models count as output."""
_NOT_GROUNDED = {"objection": "judge_objects", "unproved": "judge_without_evidence"}
"""What a judge may say for which a draft is not taken, and the reason of its rejection."""


@dataclass(frozen=True, slots=True)
class WritingJob:
    """What is the same for every slot of a run.

    ``rules`` say what the plan mixes; ``values`` are the ``$names`` of the prompt beside those of the slot. ``on_plan``
    hears of the plan before the first slot is asked for. ``judge`` compares every draft with its passage; a draft that
    it objects to is written once more. ``faults`` are what the writer is told of an earlier example, by the slot's id.
    ``exchanges`` are what the dataset tells already and what it shall not tell. ``refuse`` says why a sample will not
    get into the dataset although it is proposed, None where it will: another one is asked for then.
    """

    model: WriterModel
    prompts: Path
    prompt_name: str
    temperature: float
    rules: PlanRules
    values: Mapping[str, str] = field(default_factory=dict)
    on_plan: Callable[[Plan], None] = lambda _plan: None
    judge: Judge | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)
    exchanges: Exchanges = field(default_factory=Exchanges)
    refuse: Callable[[Sample], Rejection | None] = lambda _sample: None


class Outcome(NamedTuple):
    """What became of a slot."""

    slot: Slot
    proposal: Sample | Rejection


class _Written(NamedTuple):
    """What came of one slot, before the gates."""

    slot: Slot
    outcome: Parsed[Draft] | Unusable
    judgement: Judgement | None = None


async def write_samples(
    engine: Engine, job: WritingJob, passages: Sequence[Passage], size: int, gates: Gates
) -> AsyncGenerator[Sample | Rejection, None]:
    """Up to ``size`` samples written from ``passages``, and a Rejection for every slot that came to nothing.

    First the plan, then, as long as something is missing and slots are left, what Refill asks for in the place of the
    rejected ones; at the end a Rejection for every passage that has shown to carry no sample. Raises the ProviderError
    that ends the run.
    """
    plan = Plan(passages, size, job.rules)
    job.on_plan(plan)
    refill = Refill(plan)
    keywords = KeywordExtractor(passage.text for passage in passages)
    slots: Iterator[Slot] = plan.slots()
    while (first := next(slots, None)) is not None:
        async with aclosing(write_slots(engine, job, chain([first], slots), gates, keywords)) as written:
            async for slot, proposal in written:
                refill.count(slot, passed=isinstance(proposal, Sample) and job.refuse(proposal) is None)
                yield proposal
                if refill.is_over():
                    break
        slots = refill.next_slots()
    for index, tries in refill.given_up().items():
        passage = passages[index]
        span = passage.span if passage.text else None
        yield Rejection(GIVEN_UP, f"{tries} examples were written and rejected", None, passage.source_file, span)


async def write_slots(
    engine: Engine, job: WritingJob, slots: Iterable[Slot], gates: Gates, keywords: KeywordExtractor
) -> AsyncGenerator[Outcome, None]:
    """What becomes of each of ``slots``, in their order. Raises the ProviderError that ends the run."""
    writer = _SlotWriter(engine, job)
    async with aclosing(engine.map_ordered(slots, writer.write)) as written:
        async for item in written:
            yield Outcome(item.slot, _admit(item, gates, job.exchanges, keywords))


class _SlotWriter:
    """Puts one slot into words and has it answered."""

    def __init__(self, engine: Engine, job: WritingJob) -> None:
        self._engine = engine
        self._job = job
        self._texts = SlotPrompts(job.prompts, job.prompt_name, job.values, job.rules.axes)
        self._faults = FaultPrompts(job.prompts) if job.faults else None

    async def write(self, slot: Slot) -> _Written:
        prompt = self._prompt(slot)
        written = await self._ask(slot, slot.id, prompt)
        if self._job.judge is None:
            return written
        judged = await self._judge(written)
        if judged.judgement is None or judged.judgement.state != "objection":
            return judged
        again = render(self._job.prompts, ASK_AGAIN, prompt=prompt, problem=judged.judgement.problem.rstrip("."))
        repaired = await self._judge(await self._ask(slot, f"{slot.id}/repair", again))
        return judged if isinstance(repaired.outcome, Unusable) else repaired

    def _prompt(self, slot: Slot) -> str:
        prompt, fault = self._texts.fill(slot), self._job.faults.get(slot.id)
        return self._faults.fill(prompt, fault) if self._faults and fault else prompt

    async def _ask(self, slot: Slot, name: str, prompt: str) -> _Written:
        question = Question(name, prompt, partial(self._request, slot))
        return _Written(slot, await ask_and_parse(self._engine, self._job.prompts, question, partial(_read, slot)))

    async def _judge(self, written: _Written) -> _Written:
        slot, outcome, _ = written
        if self._job.judge is None or isinstance(outcome, Unusable) or slot.task in FREE_OF_SOURCE:
            return written
        judgement = await self._job.judge.judge(outcome.value, slot.passage.text, slot.id)
        return written._replace(judgement=judgement)

    def _request(self, slot: Slot, prompt: str, attempt: int) -> ChatRequest:
        job = self._job
        return ChatRequest(
            model=job.model.id,
            messages=(Message("user", prompt),),
            temperature=job.temperature,
            max_tokens=min(MAX_ANSWER_TOKENS, job.model.max_output_tokens),
            json_schema=answer_schema(_shape(slot)),
            seed=_slot_seed(job.rules.seed, slot.id, attempt),
        )


def _shape(slot: Slot) -> Shape:
    return RULES[slot.task].shape if slot.task else "turns"


def _read(slot: Slot, result: GenerationResult) -> Draft | ParseFailure:
    draft = parse_answer(result, _shape(slot))
    if isinstance(draft, ParseFailure):
        return draft
    return check_task(draft, slot.passage.text) or draft


def _admit(item: _Written, gates: Gates, exchanges: Exchanges, keywords: KeywordExtractor) -> Sample | Rejection:
    slot, answer, judgement = item
    if isinstance(answer, Unusable):
        return _reject(slot, answer.reason, answer.detail, raw=answer.raw)
    passage, draft = slot.passage, answer.value
    sample = Sample(
        messages=_messages(slot, draft),
        origin="generated",
        source_file=passage.source_file,
        span=passage.span if passage.text else None,
        topic_keywords=keywords.keywords(f"{draft.question}\n{draft.answer}"),
        group=passage.id if passage.text else "",
        locator=passage.locator,
        metadata={
            **_author(answer.result),
            **_manner(slot, draft),
            **_worse(draft),
            **_judged(judgement, passage),
            **_source(passage),
        },
    )
    told = exchanges_of(draft.messages)
    known = exchanges.find(told, sample.group, gates.mode)
    may_err = slot.manner is not None and slot.manner.style == DOUBT
    verdict = gates.admit(draft, passage, slot.task, may_err=may_err) if known.keep else known
    if not verdict.keep:
        return _reject(slot, verdict.reason, verdict.detail, raw=answer.result.text, sample=sample)
    reason = verdict.reason or known.reason
    if judgement is not None and judgement.state in _NOT_GROUNDED:
        judged = _NOT_GROUNDED[judgement.state]
        if gates.mode == "strict":
            return _reject(slot, judged, judgement.problem, raw=answer.result.text, sample=sample)
        reason = reason or judged
    exchanges.add(told, sample.group)
    return replace(sample, metadata={**sample.metadata, OBJECTION: reason}) if reason else sample


def _messages(slot: Slot, draft: Draft) -> tuple[Message, ...]:
    """The turns of the sample. What is to be extracted must be there to be seen: the passage goes below the request,
    put there by code, word for word."""
    if slot.task != "extraction":
        return draft.messages
    request, *rest = draft.messages
    return (Message("user", f"{request.content}\n\n{slot.passage.text}"), *rest)


def _author(result: GenerationResult) -> dict[str, str]:
    """Who wrote it; where several share a run also which of them, and whose place it took."""
    named = {"teacher": result.teacher, "failover_from": result.failover_from}
    return {"model": result.model, **{name: value for name, value in named.items() if value}}


def _manner(slot: Slot, draft: Draft) -> dict[str, str]:
    """How the sample was asked for; a conversation of one turn is what it is: a question and its answer."""
    if slot.task is None or slot.manner is None:
        return {}
    single = slot.task == "conversation" and len(draft.messages) == 2
    return {"task": "question_answer" if single else slot.task, **dict(zip(AXES, slot.manner, strict=True))}


def _worse(draft: Draft) -> dict[str, Any]:
    return {REJECTED: draft.rejected, "flaw": draft.flaw} if draft.rejected else {}


def _judged(judgement: Judgement | None, passage: Passage) -> dict[str, Any]:
    """What the judge said, and where in the text of the source the words stand that it cites."""
    if judgement is None:
        return {}
    begin = passage.span.start
    cited = [[begin + place.start, begin + place.end] for place in judgement.evidence]
    return {JUDGED: judgement.state, **({EVIDENCE: cited} if cited else {})}


def _source(passage: Passage) -> dict[str, str]:
    """The hash of the text that the span refers to."""
    return {"text_sha256": passage.text_sha256} if passage.text_sha256 else {}


def _reject(slot: Slot, reason: str, detail: str = "", *, raw: str = "", sample: Sample | None = None) -> Rejection:
    passage = slot.passage
    return Rejection(reason, detail, sample, passage.source_file, passage.span if passage.text else None, raw)


def _slot_seed(seed: int, slot_id: str, attempt: int) -> int:
    """A sampling seed of 31 bits for models that take one: slots with one prompt must not get one answer."""
    digest = hashlib.sha256(f"{seed}/{slot_id}/{attempt}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
