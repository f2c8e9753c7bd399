"""What goes over, what is ordered anew, in which order, and where a refinement ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from src.core.types import Rejection, Sample, Span
from src.generation.planning.axes import read_axes
from src.generation.planning.plan import Plan, PlanRules
from src.generation.refinement.orders import give_slots
from src.generation.refinement.work import DROPPED, Earlier, Work, plan_work
from src.utils.chunker import Passage
from tests.fakes import make_sample

PROMPTS = Path(__file__).parents[3] / "prompts"
TEXTS = (
    "The kiln of the old pottery burns birch wood for eleven hours before it is sealed with clay.",
    "A glaze of ash and feldspar melts at a higher heat than one of lead, and it holds for longer.",
    "The wheel is turned by the left foot, so that both hands of the potter stay free for the clay.",
    "Every bowl dries on a board of pine for nine days and is turned over each morning by an apprentice.",
)


def passages(count: int = 4) -> list[Passage]:
    return [
        Passage("pottery.md", TEXTS[place], Span(place * 200, place * 200 + 100), "", f"Part {place}", f"p{place}")
        for place in range(count)
    ]


def at(place: int, question: str = "", **metadata: str) -> Sample:
    sample = make_sample(question or f"What does part {place} say?", TEXTS[place], source="pottery.md", **metadata)
    return replace(sample, span=Span(place * 200, place * 200 + 100), group=f"p{place}")


def rejected(place: int, reason: str = "answer_not_in_source") -> Rejection:
    sample = at(place, f"Bad question of {place}?", task="explanation")
    return Rejection(reason, "a detail", sample, sample.source_file, sample.span)


def plan(size: int, **mix: float) -> Plan:
    weights = mix or {"question_answer": 3, "explanation": 1}
    return Plan(passages(), size, PlanRules(7, weights, read_axes(PROMPTS, "medium")))  # type: ignore[arg-type]


def work(samples: list[Sample], *rejections: Rejection, size: int | None = None, **dropped: str) -> Work:
    return plan_work(Earlier(samples, rejections, dropped, 4), plan(4), size)


def test_passages_without_a_sample_come_first_and_know_what_went_wrong_there() -> None:
    found = work([at(0), at(1)], rejected(3), rejected(3, "duplicate_question"), rejected(0))
    assert [(order.cause, order.index) for order in found.orders[:3]] == [
        ("uncovered", found.orders[0].index),
        ("uncovered", found.orders[1].index),
        ("rejected", 0),
    ]
    known = {order.index: order.fault for order in found.orders[:2]}
    assert known[2] is None
    assert known[3] is not None
    assert known[3].reason == "duplicate_question"
    assert found.orders[2].task == "explanation"
    assert len(found.kept) == 2


def test_passages_that_were_never_planned_are_not_missed() -> None:
    small = plan(2)
    planned = [index for index, quota in enumerate(small.quotas) if quota]
    found = plan_work(Earlier([at(planned[0]), at(planned[1])], (), {}, 2), small)
    assert not found.orders
    assert found.wished == 2


def test_end_is_one_sample_for_all_that_is_missing_or_the_size_that_is_wished() -> None:
    samples = [at(place) for place in range(4)]
    faults = (rejected(0), rejected(1), rejected(1))
    assert work(samples, *faults).wished == 6
    limited = work(samples, *faults, size=5)
    assert (limited.wished, limited.first_round) == (5, 1)
    assert work(samples, *faults, size=4).first_round == 0


def test_dropped_sample_is_gone_and_its_place_is_written_anew() -> None:
    samples = [at(place) for place in range(4)]
    found = work(samples, **{samples[2].id: "dull"})
    assert [order.cause for order in found.orders] == ["uncovered", "dropped"]
    assert found.dropped[0].reason == DROPPED
    assert found.dropped[0].detail == "dull"
    assert samples[2] not in [placed.sample for placed in found.kept]
    assert found.wished == 5


def test_doubtful_sample_needs_no_room_for_what_may_replace_it() -> None:
    samples = [at(0, objection="number_not_in_source"), at(1, judge="unverified"), at(2), at(3)]
    found = work(samples, size=4)
    assert [order.fault.reason for order in found.doubtful if order.fault] == [
        "number_not_in_source",
        "judge_unverified",
    ]
    assert found.first_round == 2


def test_no_passage_gets_more_than_twice_its_share() -> None:
    found = work([at(place) for place in range(4)], *(rejected(0) for _ in range(9)), size=5)
    assert sum(order.index == 0 for order in found.orders) == 1
    assert found.cap == 2


def test_what_was_taken_out_of_documents_or_was_dropped_before_is_never_ordered() -> None:
    taken = replace(at(0), origin="extracted")
    found = work(
        [at(place) for place in range(4)],
        Rejection("too_few_turns", "", taken, "pottery.md", taken.span),
        Rejection(DROPPED, "", at(1), "pottery.md", at(1).span),
        Rejection("unreadable_file", "", None, "broken.pdf"),
    )
    assert not found.orders


def test_slots_have_names_of_their_own_and_easier_tasks_after_failures() -> None:
    own = plan(4, explanation=1, summary=1, question_answer=1)
    orders = list(work([at(0), at(1)], rejected(3), rejected(0)).orders)
    slots = give_slots(own, orders, {0: 1, 1: 1}, "refine/x/1")
    assert len({slot.id for slot in slots}) == len(slots)
    assert all(slot.id.startswith("refine/x/1/p") for slot in slots)
    assert slots[-1].number == 2
    failed = orders[-1].after(rejected(0)).after(rejected(0, "malformed_answer"))
    assert failed.fault
    assert failed.fault.reason == "malformed_answer"
    assert give_slots(own, [failed], {}, "refine/x/3")[0].task == "question_answer"
    assert give_slots(plan(4), orders, {}, "y") == give_slots(plan(4), orders, {}, "y")


def test_without_a_mix_the_instructions_decide_what_is_asked() -> None:
    free = Plan(passages(), 4, PlanRules(7))
    found = plan_work(Earlier([at(0)], (rejected(1),), {}, 4), free)
    assert {slot.task for slot in give_slots(free, found.orders, {}, "z")} == {None}
