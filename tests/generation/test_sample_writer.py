"""From slots to samples: one re-ask, gates in plan order, rejected slots filled, nothing lost or paid twice."""

from __future__ import annotations

import asyncio
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from src.core.errors import ConfigError, ProviderError
from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, Rejection, Sample, Span, Task
from src.generation.answer_parser import answer_schema
from src.generation.engine import Engine
from src.generation.gates.admission import Gates
from src.generation.planning.axes import read_axes
from src.generation.planning.plan import Plan, PlanRules
from src.generation.planning.tasks import RULES, TASKS, Variety
from src.generation.refinement.work import GIVEN_UP
from src.generation.sample_writer import WritingJob, write_samples
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.utils.chunker import Passage
from tests.fakes import FakeProvider
from tests.patience import PATIENCE_S
from tests.truthful import in_form

PROMPTS = Path(__file__).parents[2] / "prompts"
WRITER = WriterModel("writer", 8000, 1000)


def make_job(variety: Variety = "high", **mix: float) -> WritingJob:
    """A job for ``mix``, or for two tasks that every passage of these tests suits."""
    wished = cast("dict[Task, float]", mix) or {"question_answer": 3, "explanation": 1}
    rules = PlanRules(42, wished, read_axes(PROMPTS, variety))
    return WritingJob(WRITER, PROMPTS, "system/create_mode.txt", 0.7, rules)


JOB = make_job()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def make_passages(count: int, source: str = "clay.txt") -> list[Passage]:
    return [
        Passage(
            source,
            f"Glaze number{place} melts slowly in kiln{place}.\n{_facts(place)}",
            Span(place * 50, place * 50 + 40),
            f"line {place}",
            "Glazes",
            f"id{place}",
        )
        for place in range(count)
    ]


class Scripted(FakeProvider):
    """Answers by a function of the prompt and the number of the call."""

    def __init__(self, answer: Callable[[str, int], str | GenerationResult | ProviderError]) -> None:
        super().__init__()
        self.answer = answer

    async def generate(self, request: ChatRequest) -> GenerationResult:
        self.requests.append(request)
        number = len(self.requests)
        await asyncio.sleep(((number * 7) % 5) / 1000)
        answer = self.answer(request.messages[0].content, number)
        if isinstance(answer, ProviderError):
            raise answer
        return GenerationResult(answer, request.model) if isinstance(answer, str) else answer


def passage_of(prompt: str) -> str:
    found = re.search(r"<passage>\n(.*?)\n</passage>", prompt, re.DOTALL)
    assert found
    return found.group(1)


def number_of(prompt: str) -> str:
    found = re.search(r"example number (\d+)", prompt)
    assert found
    return found.group(1)


THINGS = dict(
    zip(
        "lid shelf door chimney burner window floor handle roof wall spring bolt hinge gauge lamp".split(),
        "steel oak brick copper brass glass stone leather slate clay iron zinc bronze silver paper".split(),
        strict=True,
    )
)


def _facts(place: int) -> str:
    return " ".join(f"The {thing} of kiln{place} is made of {material}." for thing, material in THINGS.items())


def good(prompt: str, _number: int = 0) -> str:
    """A question and an answer about the fact of the passage that the number of the prompt says."""
    kiln = re.search(r"kiln\d+", passage_of(prompt))
    assert kiln
    thing, material = list(THINGS.items())[(int(number_of(prompt)) - 1) % len(THINGS)]
    question = f"What is the {thing} of {kiln.group()} made of?"
    return json.dumps({"question": question, "answer": f"It is made of {material}."})


def write(
    provider: FakeProvider,
    journal: Journal,
    size: int,
    passages: list[Passage] | None = None,
    job: WritingJob = JOB,
    concurrency: int = 4,
) -> list[Sample | Rejection]:
    engine = Engine(provider, journal, max_retries=0, timeout_s=PATIENCE_S, concurrency=concurrency)

    async def collect() -> list[Sample | Rejection]:
        chosen = make_passages(5) if passages is None else passages
        return [item async for item in write_samples(engine, job, chosen, size, Gates())]

    return asyncio.run(collect())


def kept(items: list[Sample | Rejection]) -> list[Sample]:
    return [item for item in items if isinstance(item, Sample)]


def reasons(items: list[Sample | Rejection]) -> Counter[str]:
    return Counter(item.reason for item in items if isinstance(item, Rejection))


def test_a_sample_knows_its_source_its_place_and_how_it_was_asked_for(journal: Journal) -> None:
    (sample,) = kept(write(Scripted(good), journal, 1, make_passages(1)))
    assert sample.origin == "generated"
    assert (sample.source_file, sample.span, sample.locator, sample.group) == ("clay.txt", Span(0, 40), "line 0", "id0")
    assert [message.role for message in sample.messages] == ["user", "assistant"]
    assert set(sample.metadata) == {"task", "persona", "style", "difficulty", "length", "model"}
    assert sample.metadata["model"] == "writer"
    assert sample.topic_keywords


def test_every_passage_is_used_and_the_size_is_met(journal: Journal) -> None:
    items = write(Scripted(good), journal, 12)
    assert len(kept(items)) == 12
    assert set(Counter(sample.group for sample in kept(items)).values()) == {2, 3}


def test_the_request_carries_temperature_schema_and_a_seed_of_its_slot(journal: Journal) -> None:
    provider = Scripted(good)
    write(provider, journal, 12, job=replace(make_job(conversation=1, question_answer=1), temperature=0.2))
    assert {request.temperature for request in provider.requests} == {0.2}
    assert {tuple(request.json_schema["properties"]) for request in provider.requests if request.json_schema} <= {
        ("question", "answer"),
        ("turns",),
    }
    assert len({request.seed for request in provider.requests}) == 12
    assert {request.max_tokens for request in provider.requests} == {1000}


def test_the_order_of_arrival_does_not_show_in_the_result(tmp_path: Path) -> None:
    found = []
    for concurrency in (1, 7):
        with Store(tmp_path / f"{concurrency}.db") as store:
            found.append(write(Scripted(good), Journal(store), 20, concurrency=concurrency))
    assert found[0] == found[1]


def test_a_malformed_answer_is_asked_for_once_more_and_told_why(journal: Journal) -> None:
    provider = Scripted(lambda prompt, number: "Let me think." if number == 1 else good(prompt))
    items = write(provider, journal, 1, make_passages(1))
    assert len(kept(items)) == 1
    assert len(provider.requests) == 2
    assert "there is no JSON object in it" in provider.requests[1].messages[0].content
    assert passage_of(provider.requests[1].messages[0].content)


def test_an_answer_malformed_twice_is_a_rejection_with_its_text(journal: Journal) -> None:
    items = write(Scripted(lambda _prompt, number: f"no {number}"), journal, 1, make_passages(1))
    first = items[0]
    assert isinstance(first, Rejection)
    assert (first.reason, first.raw, first.source_file, first.span) == (
        "malformed_answer",
        "no 2",
        "clay.txt",
        Span(0, 40),
    )


def test_a_truncated_answer_is_neither_taken_nor_asked_for_again(journal: Journal) -> None:
    cut = GenerationResult('{"question": "What is known?", "answer": "All of it."}', "m", finish_reason="length")
    provider = Scripted(lambda prompt, number: cut if number == 1 else good(prompt))
    items = write(provider, journal, 1, make_passages(1))
    assert reasons(items) == {"truncated_answer": 1}
    assert len(kept(items)) == 1
    assert len(provider.requests) == 2


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("refused", "refused"),
        ("malformed", "malformed_answer"),
        ("truncated", "truncated_answer"),
        ("too_long", "prompt_too_long"),
    ],
)
def test_a_failure_of_one_slot_is_a_rejection_and_the_run_goes_on(journal: Journal, kind: str, reason: str) -> None:
    error = ProviderError("not this one", kind=kind)  # type: ignore[arg-type]
    items = write(Scripted(lambda prompt, number: error if number == 2 else good(prompt)), journal, 5)
    assert len(kept(items)) == 5
    assert reasons(items) == {reason: 1}


@pytest.mark.parametrize("kind", ["auth", "not_found", "bad_request", "rate_limit", "server", "timeout", "connection"])
def test_a_failure_of_the_account_or_the_server_ends_the_run(journal: Journal, kind: str) -> None:
    error = ProviderError("nothing works", kind=kind)  # type: ignore[arg-type]
    with pytest.raises(ProviderError, match="nothing works"):
        write(Scripted(lambda _prompt, _number: error), journal, 5)


def test_a_stopped_run_goes_on_without_paying_again(journal: Journal) -> None:
    error = ProviderError("key revoked", kind="auth")
    first = Scripted(lambda prompt, number: error if number > 6 else good(prompt))
    with pytest.raises(ProviderError):
        write(first, journal, 10, concurrency=1)
    second = Scripted(good)
    assert len(kept(write(second, journal, 10))) == 10
    assert len(second.requests) == 4


def test_rejected_slots_are_filled_from_their_own_passages_first(journal: Journal) -> None:
    def answer(prompt: str, _number: int) -> str:
        bad = "number2" in passage_of(prompt) and number_of(prompt) == "1"
        return (
            json.dumps({"question": "At what temperature does the glaze of the kiln melt?", "answer": "It is 9999."})
            if bad
            else good(prompt)
        )

    items = write(Scripted(answer), journal, 5)
    assert reasons(items) == {"number_not_in_source": 1}
    assert {sample.group for sample in kept(items)} == {f"id{place}" for place in range(5)}


def test_passages_that_had_no_slot_yet_fill_what_others_could_not_give(journal: Journal) -> None:
    items = write(Scripted(lambda prompt, number: "?" if number <= 2 else good(prompt)), journal, 1, make_passages(9))
    assert reasons(items) == {"malformed_answer": 1}
    rejected = next(item for item in items if isinstance(item, Rejection))
    assert kept(items)[0].span != rejected.span


def test_what_a_bad_passage_cannot_give_comes_from_the_good_ones(journal: Journal) -> None:
    def answer(prompt: str, _number: int) -> str:
        return "?" if "number2" in passage_of(prompt) else good(prompt)

    items = write(Scripted(answer), journal, 5)
    assert len(kept(items)) == 5
    assert "id2" not in {sample.group for sample in kept(items)}


def test_duplicates_are_rejected_in_the_order_of_the_plan(journal: Journal) -> None:
    same = json.dumps({"question": "What is known about glazes?", "answer": "They melt slowly."})
    items = write(Scripted(lambda _prompt, _number: same), journal, 4)
    assert len(kept(items)) == 1
    assert isinstance(items[0], Sample)
    assert set(reasons(items)) <= {"duplicate_question", GIVEN_UP}
    rejected = next(item for item in items if isinstance(item, Rejection))
    assert rejected.sample is not None
    assert rejected.raw == same


def test_a_size_beyond_what_the_passages_carry_ends_by_itself(journal: Journal) -> None:
    def answer(prompt: str, number: int) -> str:
        return (
            good(prompt) if int(number_of(prompt)) <= 3 else good(re.sub(r"number \d+ from", "number 1 from", prompt))
        )

    provider = Scripted(answer)
    items = write(provider, journal, 10**9)
    assert len(kept(items)) == 15
    assert len(items) == 15 + 50


def test_a_conversation_of_one_turn_is_called_what_it_is(journal: Journal) -> None:
    poor = kept(write(Scripted(good), journal, 5, job=make_job(conversation=1)))
    assert {sample.metadata["task"] for sample in poor} == {"question_answer"}


def rich_passages(count: int) -> list[Passage]:
    text = "1. Mix glaze{0} with water.\n2. Wait 5 minutes, longer than for slip{0}.\n3. Strain it at 20 degrees. Done."
    return [replace(passage, text=text.format(place)) for place, passage in enumerate(make_passages(count))]


def test_every_task_has_its_own_form_and_shows_in_its_samples(journal: Journal) -> None:
    def answer(prompt: str, _number: int) -> str:
        lines = passage_of(prompt).splitlines()
        number = int(number_of(prompt))
        pair = {
            "question": f"What about {lines[0]}" if number % 2 else f"What then, for {lines[1]}",
            "answer": lines[1 + number % 2],
        }
        task = re.search(r"^Task: (\w+)", prompt, re.MULTILINE)
        assert task
        shape = RULES[cast("Task", task.group(1))].shape
        return json.dumps(in_form(pair, answer_schema(shape)))

    items = kept(write(Scripted(answer), journal, 40, rich_passages(20), job=make_job(**dict.fromkeys(TASKS, 1.0))))
    assert Counter(sample.metadata["task"] for sample in items)["extraction"] == 4
    for sample in items:
        question, reply = sample.messages[0].content, sample.messages[-1].content
        if sample.metadata["task"] == "extraction":
            assert question.endswith(f"\n\n{rich_passages(20)[int(sample.group[2:])].text}")
            assert json.loads(reply)
        if sample.metadata["task"] == "preference":
            assert sample.rejected.startswith("Not so: ")


def test_an_extracted_value_from_elsewhere_is_asked_for_again_and_then_rejected(journal: Journal) -> None:
    wrong = json.dumps({"question": "Which?", "records": [{"fields": [{"name": "year", "value": "1931"}]}]})
    provider = Scripted(lambda _prompt, _number: wrong)
    items = write(provider, journal, 1, rich_passages(1), job=make_job(extraction=1))
    assert set(reasons(items)) == {"value_not_in_source", GIVEN_UP}
    assert "the value '1931' does not stand in the passage" in provider.requests[1].messages[0].content


def test_a_prompt_holds_the_section_of_its_task_alone(journal: Journal) -> None:
    provider = Scripted(good)
    write(provider, journal, 4, job=make_job(explanation=1))
    for request in provider.requests:
        prompt = request.messages[0].content
        assert re.findall(r"^Task: (\w+)", prompt, re.MULTILINE) == ["explanation"]
        assert len(prompt) < 4000


def test_half_of_the_answers_may_be_rejected_and_every_passage_still_has_a_sample(journal: Journal) -> None:
    def answer(prompt: str, _number: int) -> str:
        bad = json.dumps({"question": "At what temperature does the glaze of the kiln melt?", "answer": "It is 9999."})
        return bad if zlib.crc32(f"{passage_of(prompt)}{number_of(prompt)}".encode()) % 2 else good(prompt)

    items = write(Scripted(answer), journal, 60, make_passages(40), concurrency=20)
    groups = Counter(sample.group for sample in kept(items))
    assert len(kept(items)) == 60
    assert len(groups) == 40
    assert max(groups.values()) <= 3


def test_low_variety_asks_in_one_manner_and_high_in_many(tmp_path: Path) -> None:
    kinds = {}
    manners: tuple[Variety, ...] = ("low", "high")
    for variety in manners:
        with Store(tmp_path / f"{variety}.db") as store:
            provider = Scripted(good)
            write(provider, Journal(store), 30, job=make_job(variety))
        lines = [
            re.search(r"Who asks: .*\nStyle of the question: .*\nDifficulty: .*\n", request.messages[0].content)
            for request in provider.requests
        ]
        kinds[variety] = len({line.group() for line in lines if line})
    assert kinds["low"] == 1
    assert kinds["high"] >= 24


def test_the_plan_is_told_before_anything_is_asked(journal: Journal) -> None:
    plans: list[tuple[Plan, int]] = []
    provider = Scripted(good)
    write(provider, journal, 4, job=replace(JOB, on_plan=lambda plan: plans.append((plan, len(provider.requests)))))
    ((plan, asked),) = plans
    assert (plan.size, asked) == (4, 0)


def test_a_prompt_that_lost_its_passage_costs_nothing(tmp_path: Path, journal: Journal) -> None:
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "create_mode.txt").write_text("Write something.", encoding="utf-8")
    provider = Scripted(good)
    with pytest.raises(ConfigError, match=r"\$passage"):
        write(provider, journal, 3, job=replace(JOB, prompts=tmp_path, rules=PlanRules(1)))
    assert provider.requests == []


def test_no_passages_and_no_size_give_nothing(journal: Journal) -> None:
    assert write(FakeProvider(), journal, 5, []) == []
    assert write(FakeProvider(), journal, 0) == []
