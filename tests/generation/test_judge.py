"""The judge: what it cites is compared with the passage, and what it objects to is written once more."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from src.core.specs import WriterModel
from src.core.types import Message, Rejection, Sample
from src.generation.answer_parser import Draft
from src.generation.engine import Engine
from src.generation.gates.admission import GateMode, Gates
from src.generation.judge import Judge, Judgement
from src.generation.sample_writer import write_samples
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.fakes import FakeProvider
from tests.generation.test_sample_writer import PROMPTS, make_job, make_passages
from tests.patience import PATIENCE_S

PASSAGE = "The kiln is fired in three stages.\nThe last stage takes nine hours."
DRAFT = Draft((Message("user", "How long is the last stage?"), Message("assistant", "It takes nine hours.")))
MODEL = WriterModel("judge", 8000, 1000)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def engine_of(provider: FakeProvider, journal: Journal) -> Engine:
    return Engine(provider, journal, max_retries=0, timeout_s=PATIENCE_S, concurrency=2)


def said(grounded: bool, *words: str, problem: str = "", line: int = 2) -> str:
    evidence = [{"line": line, "words": each} for each in words]
    return json.dumps({"grounded": grounded, "evidence": evidence, "problem": problem})


def judge(journal: Journal, *answers: str) -> tuple[Judgement, FakeProvider]:
    provider = FakeProvider(answers)
    asked = Judge(engine_of(provider, journal), MODEL, PROMPTS)
    return asyncio.run(asked.judge(DRAFT, PASSAGE, "slot")), provider


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (said(True, "takes nine hours"), "grounded"),
        (said(True, "The Last stage  takes nine hours", line=1), "grounded"),
        (said(True, "three stages. The last"), "grounded"),
        (said(True, "2: The last stage"), "grounded"),
        (said(True, "The kiln … in three stages"), "grounded"),
        (said(True, "takes ten hours"), "unproved"),
        (said(True, "The kiln ... in four stages"), "unproved"),
        (said(True, "takes nine hours", ""), "unproved"),
        (said(True, "takes nine hours", "."), "unproved"),
        (said(True), "unproved"),
        (said(False, problem="The passage names no hours."), "objection"),
        (said(False), "objection"),
    ],
)
def test_a_judgement_counts_with_evidence_that_stands_in_the_passage(journal: Journal, answer: str, state: str) -> None:
    assert judge(journal, answer, answer)[0].state == state


def test_a_judge_that_cites_what_is_not_there_is_told_so_and_asked_once_more(journal: Journal) -> None:
    judgement, provider = judge(journal, said(True, "takes ten hours"), said(True, "nine hours", "three stages"))
    assert "does not have its evidence 'takes ten hours'" in provider.requests[1].messages[0].content
    assert [PASSAGE[start:end] for start, end in judgement.evidence] == ["nine hours", "three stages"]


def test_the_judge_sees_the_numbered_passage_the_question_and_the_answer(journal: Journal) -> None:
    _, provider = judge(journal, said(True, "nine hours"))
    prompt = provider.requests[0].messages[0].content
    assert "2: The last stage takes nine hours." in prompt
    assert DRAFT.question in prompt
    assert DRAFT.answer in prompt


def test_a_judge_that_cannot_be_read_drops_nothing(journal: Journal) -> None:
    judgement, provider = judge(journal, "Fine.", '{"grounded": "yes"}')
    assert judgement.state == "unverified"
    assert len(provider.requests) == 2


def write(
    journal: Journal, writer: list[str], judges: list[str], mode: GateMode = "strict"
) -> list[Sample | Rejection]:
    judging = Judge(engine_of(FakeProvider(judges, forever=True), journal), MODEL, PROMPTS)
    job = replace(make_job(), judge=judging)
    passages = make_passages(1)
    engine = engine_of(FakeProvider(writer, forever=True), journal)

    async def collect() -> list[Sample | Rejection]:
        return [item async for item in write_samples(engine, job, passages, 1, Gates(mode=mode))]

    return asyncio.run(collect())


def pair(material: str) -> str:
    return json.dumps({"question": "What is the lid of kiln0 made of?", "answer": f"It is made of {material}."})


def metadata(item: Sample | Rejection) -> dict[str, Any]:
    assert isinstance(item, Sample)
    return dict(item.metadata)


def test_a_sample_says_that_it_was_judged(journal: Journal) -> None:
    (sample,) = write(journal, [pair("steel")], [said(True, "The lid of kiln0 is made of steel")])
    assert metadata(sample)["judge"] == "grounded"


def test_what_the_judge_objects_to_is_written_once_more(journal: Journal) -> None:
    judges = [said(False, problem="It is steel."), said(True, "made of steel")]
    (sample,) = write(journal, [pair("oak"), pair("steel")], judges)
    assert metadata(sample)["judge"] == "grounded"
    assert isinstance(sample, Sample)
    assert sample.messages[1].content == "It is made of steel."


def test_what_the_judge_objects_to_twice_is_rejected_with_its_problem(journal: Journal) -> None:
    items = write(journal, [pair("oak")], [said(False, problem="It is steel.")])
    first = items[0]
    assert isinstance(first, Rejection)
    assert (first.reason, first.detail) == ("judge_objects", "It is steel.")


def test_what_the_judge_cites_is_kept_as_places_of_the_source(journal: Journal) -> None:
    (sample,) = write(journal, [pair("steel")], [said(True, "The lid of kiln0 is MADE OF steel")])
    passage = make_passages(1)[0]
    ((start, end),) = metadata(sample)["evidence"]
    assert passage.span.start == 0
    assert passage.text[start:end] == "The lid of kiln0 is made of steel"


def test_what_no_evidence_stands_for_is_rejected_with_a_reason_of_its_own(journal: Journal) -> None:
    items = write(journal, [pair("steel")], [said(True, "The lid weighs a ton")])
    assert isinstance(items[0], Rejection)
    assert items[0].reason == "judge_without_evidence"
    assert "The lid weighs a ton" in items[0].detail


def test_in_report_mode_missing_evidence_is_noted(journal: Journal) -> None:
    (sample,) = write(journal, [pair("steel")], [said(True, "The lid weighs a ton")], "report")
    assert metadata(sample)["objection"] == "judge_without_evidence"
    assert metadata(sample)["judge"] == "unproved"
    assert "evidence" not in metadata(sample)


def test_in_report_mode_the_objection_is_noted(journal: Journal) -> None:
    (sample,) = write(journal, [pair("oak")], [said(False, problem="It is steel.")], "report")
    assert metadata(sample)["objection"] == "judge_objects"


def test_a_repair_that_cannot_be_read_leaves_the_objection(journal: Journal) -> None:
    items = write(journal, [pair("oak"), "no", "no"], [said(False, problem="It is steel.")])
    assert isinstance(items[0], Rejection)
    assert items[0].reason == "judge_objects"
