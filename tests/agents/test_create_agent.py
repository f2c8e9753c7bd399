"""Create mode: every passage of every document its share, everything grounded."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.agents import load_agent
from src.core.errors import ConfigError, InputFileError, ProviderError
from src.generation.planning.summary import PlanSummary
from src.generation.refinement.work import GIVEN_UP
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.agents.makers import GUIDE, PassageWriter, make_document, make_tools, reasons, run, samples
from tests.fakes import FakeProvider


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def test_samples_are_written_from_every_document(journal: Journal) -> None:
    documents = [make_document(GUIDE.replace("mill", name), f"{name}.md") for name in ("mill", "weir", "lock")]
    found = samples(run("create", make_tools(journal, PassageWriter()), documents, 9))
    assert len(found) == 9
    assert set(Counter(sample.source_file for sample in found)) == {"mill.md", "weir.md", "lock.md"}
    for sample in found:
        document = next(document for document in documents if document.name == sample.source_file)
        assert sample.span
        assert document.text[sample.span.start : sample.span.end].strip()
        assert sample.origin == "generated"


def test_temperature_and_variety_of_the_configuration_reach_the_model(journal: Journal) -> None:
    provider = PassageWriter()
    tools = make_tools(journal, provider, agent__create__temperature=0.1, agent__create__variety="low")
    run("create", tools, [make_document(GUIDE)], 4)
    assert {request.temperature for request in provider.requests} == {0.1}
    for request in provider.requests:
        asked = re.findall(
            r"^(?:Task|Who asks|Style of the question): (\w+)", request.messages[0].content, re.MULTILINE
        )
        assert asked == ["question_answer", "newcomer", "question"]


def test_the_mix_of_tasks_of_the_configuration_is_asked_for(journal: Journal) -> None:
    provider = PassageWriter()
    tools = make_tools(journal, provider, agent__create__task_mix={"explanation": 1, "refusal": 1})
    found = samples(run("create", tools, [make_document(GUIDE)], 6))
    assert Counter(sample.metadata["task"] for sample in found) == {"explanation": 3, "refusal": 3}


def test_preference_pairs_hold_their_worse_answer_where_the_format_has_them(journal: Journal) -> None:
    trained = {"provider": "openai", "model": "gpt-4.1-mini", "agent__create__task_mix": {"preference": 1}}
    (sample,) = samples(run("create", make_tools(journal, PassageWriter(), **trained), [make_document(GUIDE)], 1))
    assert sample.rejected == f"Not so: {sample.messages[-1].content}"
    assert sample.metadata["flaw"] == "denied"


def test_preference_pairs_are_refused_where_the_format_has_none(journal: Journal) -> None:
    trained = {"provider": "mistral", "model": "open-mistral-7b", "agent__create__task_mix": {"preference": 1}}
    with pytest.raises(ConfigError, match="preference"):
        run("create", make_tools(journal, PassageWriter(), **trained), [make_document(GUIDE)], 1)


def test_a_run_remembers_the_plan_that_its_preview_has_shown(journal: Journal) -> None:
    agent = load_agent("create", make_tools(journal, PassageWriter()))
    documents = [make_document(GUIDE)]

    async def collect() -> PlanSummary | None:
        shown = await agent.preview(documents, 4)
        assert agent.planned is None
        async for _ in agent.run(documents, 4):
            pass
        return shown

    assert asyncio.run(collect()) == agent.planned


def test_the_same_configuration_and_seed_give_the_same_samples(tmp_path: Path) -> None:
    found = []
    for number in range(2):
        with Store(tmp_path / f"{number}.db") as store:
            found.append(run("create", make_tools(Journal(store), PassageWriter()), [make_document(GUIDE)], 10))
    assert found[0] == found[1]


def test_a_second_run_costs_nothing(journal: Journal) -> None:
    first = run("create", make_tools(journal, PassageWriter()), [make_document(GUIDE)], 5)
    assert run("create", make_tools(journal, FakeProvider()), [make_document(GUIDE)], 5) == first


def test_one_sample_of_a_long_document_is_possible(journal: Journal) -> None:
    long = "\n".join(
        f"# Part {number}\n\nThe gate of part {number} opens at low water, as the keeper wished.\n"
        for number in range(400)
    )
    provider = PassageWriter()
    assert len(samples(run("create", make_tools(journal, provider), [make_document(long)], 1))) == 1
    assert len(provider.requests) == 1


def test_a_heading_alone_is_not_written_about_where_there_is_text(journal: Journal) -> None:
    provider = PassageWriter()
    run("create", make_tools(journal, provider), [make_document(f"{GUIDE}\n# Page 7\n\n7 | 8\n")], 8)
    assert not [request for request in provider.requests if "<passage>\n7 | 8" in request.messages[0].content]


def test_ungrounded_answers_are_rejected_with_their_reason(journal: Journal) -> None:
    wrong = json.dumps(
        {
            "question": "How long does the wheel of the tide mill turn after high water?",
            "answer": "It turns for 99 hours.",
        }
    )
    items = run("create", make_tools(journal, FakeProvider([wrong], forever=True)), [make_document(GUIDE)], 2)
    assert samples(items) == []
    assert set(reasons(items)) == {"number_not_in_source", GIVEN_UP}


@pytest.mark.parametrize("texts", [[], [""], [" \n\n "]])
def test_documents_without_text_are_an_error_with_a_fix(journal: Journal, texts: list[str]) -> None:
    with pytest.raises(InputFileError) as caught:
        run("create", make_tools(journal, FakeProvider()), [make_document(text) for text in texts], 3)
    assert "free" in caught.value.fix


def test_without_a_model_the_mode_says_what_to_set() -> None:
    with pytest.raises(ConfigError) as caught:
        run("create", make_tools(None), [make_document(GUIDE)], 3)
    assert "system.agentic_llm" in caught.value.fix


def test_an_account_without_credit_ends_the_run(journal: Journal) -> None:
    provider = FakeProvider([ProviderError("no credit", kind="auth")], forever=True)
    with pytest.raises(ProviderError, match="no credit"):
        run("create", make_tools(journal, provider), [make_document(GUIDE)], 3)
