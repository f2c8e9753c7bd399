"""Refinement: what a dataset lacks is written round by round, told what was wrong; the rest goes over as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import NamedTuple

from src.agents.base_agent import Agent, AgentTools, Proposal, Proposals
from src.agents.refine_figures import Coverage, Round, RoundFigures, measure_round
from src.agents.refinement import Refinement
from src.agents.writing import demo_settings, open_gates, write_demo, writing_job
from src.core.errors import RunStoppedError
from src.core.types import Rejection, Sample, SourceDocument
from src.generation.exchanges import Exchange, Exchanges, exchanges_in
from src.generation.gates.admission import Gates
from src.generation.refinement.orders import give_slots
from src.generation.refinement.work import REPLACED, Order
from src.generation.sample_writer import write_slots
from src.utils.keywords import KeywordExtractor

OnRound = Callable[[RoundFigures], None]


class _Written(NamedTuple):
    """What came of an order, by its place in the round; None for what belongs to no single order."""

    place: int | None
    proposal: Proposal


class RefineAgent(Agent):
    """Writes the orders of a refinement; what fails is ordered again in the next round."""

    def __init__(
        self, tools: AgentTools, refinement: Refinement, name: str, rounds: int, on_round: OnRound = lambda _round: None
    ) -> None:
        """``name`` is an id of the dataset that is refined, to tell its answers in the journal apart. ``on_round``
        hears of the dataset as it was (round 0) and after each of at most ``rounds`` rounds."""
        super().__init__(tools)
        self._refinement = refinement
        self._work = refinement.work
        self._name = name
        self._most_rounds = rounds
        self._on_round = on_round
        self._samples: dict[str, Sample] = {}
        self._exchanges = Exchanges()
        self._settled: set[str] = set()
        """Ids of what was written since, and of the doubtful samples whose place was taken: each is proposed once."""
        self._used: Counter[int] = Counter()
        self._numbers = {passage.id: number for number, passage in enumerate(refinement.plan.passages)}

    async def run(self, documents: Sequence[SourceDocument], size: int) -> Proposals:  # noqa: ARG002 - part of the work
        """First what goes over, then what is written anew, then doubtful samples that nothing better was found for.

        A cap on what a run may cost ends it as the last round does, unless nothing was written by then. Raises
        RunStoppedError in that case, and when a person stops it; else as the agent of the dataset's mode does.
        """
        self.take_plan(self._refinement.plan)
        for sample, index in self._work.kept:
            self._take(sample, index)
            yield sample
        for rejection in self._work.dropped:
            yield rejection
        for order in self._work.doubtful:
            if order.replaces is not None:
                self._take(order.replaces, order.index)
        self._tell(Round(0, ()))
        gates, self._exchanges = self._open_gates(), self._open_exchanges()
        async with aclosing(self._write_rounds(gates)) as proposals:
            async for proposal in proposals:
                yield proposal
        for order in self._work.doubtful:
            if order.replaces is not None and order.replaces.id not in self._settled:
                yield self._return(order.replaces, order.index, gates)

    async def _write_rounds(self, gates: Gates) -> Proposals:
        left: list[Order] = list(self._work.orders)
        added = 0
        for number in range(1, self._most_rounds + 1):
            chosen, later = self._work.take(left, added)
            if not chosen:
                return
            this = Round(number, chosen)
            try:
                async with aclosing(self._write_round(this, gates)) as outcomes:
                    async for written in outcomes:
                        for proposal in self._note(this, written):
                            yield proposal
            except RunStoppedError:
                if self.engine.stop.is_on or not (added or this.kept):
                    raise
                self._tell(this)
                return
            self._tell(this)
            added += sum(order.replaces is None for place, order in enumerate(chosen) if place not in this.open)
            left = [*later, *this.open.values()]

    def _note(self, this: Round, written: _Written) -> list[Proposal]:
        """What is proposed when ``written`` came: itself, and the doubtful sample whose place it takes."""
        proposal = written.proposal
        if isinstance(proposal, Sample) and proposal.id in self._settled:
            question = _first_pair(proposal)[0]  # without the sample, whose id stands for one that was settled
            proposal = Rejection("duplicate_question", question, None, proposal.source_file, proposal.span)
        refused = self.tools.refuse(proposal) if isinstance(proposal, Sample) else None
        if refused is not None:  # the dataset says so itself when it comes
            this.reject(written.place, refused)
            return [proposal]
        if isinstance(proposal, Rejection):
            this.reject(written.place, proposal)
            return [proposal]
        order = this.open.pop(written.place) if written.place is not None else None
        old = order.replaces if order else None
        if order and old and old.id not in self._settled:
            del self._samples[old.id]
            self._used[order.index] -= 1
        self._take(proposal, self._numbers.get(proposal.group, order.index if order else None))
        is_settled = old is None or old.id in {proposal.id, *self._settled}
        self._settled.update({proposal.id, *([old.id] if old else [])})
        if order is None or old is None or is_settled:  # what was written anew as it was takes nobody's place
            return [proposal]
        detail = order.fault.reason if order.fault else ""
        return [proposal, Rejection(REPLACED, detail, old, old.source_file, old.span)]

    def _write_round(self, this: Round, gates: Gates) -> AsyncGenerator[_Written, None]:
        return self._write_demo(this) if self.tools.demo_quality else self._write_prompted(this, gates)

    async def _write_prompted(self, this: Round, gates: Gates) -> AsyncGenerator[_Written, None]:
        plan = self._refinement.plan
        slots = give_slots(plan, this.orders, self._used, f"refine/{self._name}/{this.number}")
        faults = {slot.id: order.fault for slot, order in zip(slots, this.orders, strict=True) if order.fault}
        job = writing_job(self, self._refinement.brief)
        job = replace(job, rules=plan.rules, faults=faults, exchanges=self._exchanges)
        keywords = KeywordExtractor(passage.text for passage in plan.passages)
        places = {slot.id: place for place, slot in enumerate(slots)}
        async with aclosing(write_slots(self.engine, job, slots, gates, keywords)) as outcomes:
            async for slot, proposal in outcomes:
                yield _Written(places[slot.id], proposal)

    async def _write_demo(self, this: Round) -> AsyncGenerator[_Written, None]:
        """The embedded model cannot be told what was wrong: it is asked again, with other seeds, for other facts."""
        passages = self._refinement.plan.passages
        barred = [*self._samples.values(), *self._work.unwanted]
        turns = (turn for sample in barred for turn in sample.messages)
        questions = tuple(turn.content for turn in turns if turn.role == "user")
        settings = demo_settings(self.tools)
        settings = replace(
            settings,
            seed=settings.seed + this.number,
            only=Counter(passages[order.index].id for order in this.orders),
            known=frozenset(sample.messages[-1].content for sample in barred),
        )
        brief = replace(self._refinement.brief, taken=questions)
        async with aclosing(write_demo(self, brief, passages, len(this.orders), settings)) as proposals:
            async for proposal in proposals:
                place = _find_open(this, self._numbers.get(proposal.group)) if isinstance(proposal, Sample) else None
                yield _Written(place, proposal)

    def _open_gates(self) -> Gates:
        """Gates that know what goes over and what nobody wants; what is doubtful must not stand in the way of what may
        replace it."""
        refinement, plan = self._refinement, self._refinement.plan
        gates = open_gates(self.tools.prompts, refinement.brief, plan.passages)
        gates.take(_first_pair(sample).question for sample in self._work.unwanted)
        for sample, index in self._work.kept:
            question, answer = _first_pair(sample)
            gates.admitted.add(question, answer, self._passage(index))
        return gates

    def _open_exchanges(self) -> Exchanges:
        """The same turn by turn, and what nobody wants."""
        dropped = [exchange for sample in self._work.unwanted for exchange in exchanges_in(sample)]
        exchanges = Exchanges(self._refinement.brief.extracted, dropped)
        for sample, index in self._work.kept:
            if sample.origin == "generated":
                exchanges.add(exchanges_in(sample), self._passage(index))
        return exchanges

    def _passage(self, index: int | None) -> str:
        return "" if index is None else self._refinement.plan.passages[index].id

    def _return(self, sample: Sample, index: int, gates: Gates) -> Proposal:
        """A doubtful sample that nothing better was found for, unless what was written since repeats it."""
        question, answer = _first_pair(sample)
        place = self._passage(index)
        verdict = gates.admitted.find(question, answer, place)
        if gates.mode == "off" or verdict.keep:
            gates.admitted.add(question, answer, place)
            return sample
        return Rejection(verdict.reason, verdict.detail, sample, sample.source_file, sample.span)

    def _take(self, sample: Sample, index: int | None) -> None:
        self._samples[sample.id] = sample
        if index is not None:
            self._used[index] += 1

    def _tell(self, this: Round) -> None:
        used = sum(count > 0 for count in self._used.values())
        coverage = Coverage(used, len(self._refinement.plan.passages))
        figures = measure_round(this, self._samples.values(), coverage)
        self.rounds = (*self.rounds, figures.as_json())
        self._on_round(figures)


def _find_open(this: Round, index: int | None) -> int | None:
    """The place of an open order for that passage."""
    return next((place for place, order in this.open.items() if order.index == index), None)


def _first_pair(sample: Sample) -> Exchange:
    """The first question and its answer."""
    return exchanges_in(sample)[0]
