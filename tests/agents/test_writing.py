"""The demo model is asked in its own way; what it gives is labelled, and repeats nothing that is there already."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.agents.base_agent import read_passages
from src.agents.create_agent import CreateAgent
from src.agents.writing import Brief, write
from src.core.types import Rejection, Sample
from src.generation.exchanges import Exchange
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.agents.makers import make_document, make_tools, reasons, run, samples
from tests.fakes import FakeProvider

ASKING = """# When does the mill open?

The mill opens at nine in the morning on every day but Monday.

# Who owns the mill?

The mill belongs to the parish of Heron Bay, which bought it in 1931.

# How loud is the wheel?

The wheel is as loud as a tractor, and it can be heard in the village.
"""
OPENING = "When does the mill open?"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def silent() -> FakeProvider:
    """A model that has nothing to say: only the questions of the source itself are left."""
    return FakeProvider(["?"], forever=True)


def propose(journal: Journal, brief: Brief, size: int) -> list[Sample | Rejection]:
    agent = CreateAgent(make_tools(journal, silent(), demo_quality=True))

    async def collect() -> list[Sample | Rejection]:
        return [item async for item in write(agent, brief, read_passages([make_document(ASKING)]), size)]

    return asyncio.run(collect())


def test_demo_samples_are_verbatim_and_labelled_with_their_quality_and_model(journal: Journal) -> None:
    items = run("create", make_tools(journal, silent(), demo_quality=True), [make_document(ASKING)], 3)
    assert len(samples(items)) == 3
    for sample in samples(items):
        assert sample.metadata["quality"] == "demo"
        assert sample.metadata["model"] == "writer"
        assert sample.messages[1].content in ASKING


def test_no_more_demo_samples_come_than_were_asked_for(journal: Journal) -> None:
    assert len(samples(propose(journal, Brief("system/create_mode.txt"), 1))) == 1
    assert len(samples(propose(journal, Brief("system/create_mode.txt", taken=("Anything else?",)), 1))) == 1


def test_a_demo_sample_never_repeats_a_question_that_is_taken(journal: Journal) -> None:
    items = propose(journal, Brief("system/create_mode.txt", taken=(OPENING.upper(),)), 2)
    assert len(samples(items)) == 2
    assert OPENING not in {sample.messages[0].content for sample in samples(items)}
    assert reasons(items)["duplicate_question"] == 1


def test_a_demo_sample_never_tells_what_was_extracted(journal: Journal) -> None:
    told = Exchange(
        "Tell me about the opening hours.", "The mill opens at nine in the morning on every day but Monday."
    )
    items = propose(journal, Brief("system/create_mode.txt", extracted=(told,)), 2)
    assert len(samples(items)) == 2
    assert told.answer not in {sample.messages[1].content for sample in samples(items)}
    assert reasons(items)["extracted_already"] == 1


def test_in_free_mode_the_demo_model_says_that_it_did_not_follow_the_instructions(journal: Journal) -> None:
    items = run("free", make_tools(journal, silent(), demo_quality=True), [make_document(ASKING)], 2)
    assert samples(items)
    assert all("cannot follow instructions" in sample.metadata["note"] for sample in samples(items))


def test_hybrid_works_with_the_demo_model_too(journal: Journal) -> None:
    faq = make_document(
        "Q: Are dogs allowed?\nA: Yes, on a lead.\n\nQ: Is it cold?\nA: Yes, bring a coat.\n", "faq.txt"
    )
    documents = [faq, make_document(ASKING, "guide.md")]
    items = run("hybrid", make_tools(journal, silent(), demo_quality=True), documents, 4)
    assert len(samples(items)) == 4
