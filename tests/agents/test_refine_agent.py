"""A refinement: what was dropped does not come back, and what is written anew as it was replaces nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from src.agents.base_agent import Agent
from src.agents.refine_agent import RefineAgent
from src.agents.refine_figures import RoundFigures
from src.agents.refinement import prepare_refinement
from src.core.types import OBJECTION, ChatRequest, GenerationResult, Rejection, Sample
from src.generation.refinement.work import DROPPED, REPLACED, Earlier
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.agents.makers import GUIDE, PassageWriter, answer_from, make_document, make_tools, reasons, run, samples
from tests.agents.test_writing import ASKING, silent

BARREN = "# Stores\n\nRope, tar, oakum and canvas in forty barrels behind the second shed of the old boat yard\n"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def collect(agent: Agent) -> list[Sample | Rejection]:
    async def all_of_it() -> list[Sample | Rejection]:
        return [item async for item in agent.run((), 0)]

    return asyncio.run(all_of_it())


def test_demo_samples_that_were_dropped_are_replaced_by_others(journal: Journal) -> None:
    documents = [make_document(ASKING), make_document(BARREN, "stores.md")]
    tools = make_tools(journal, silent(), demo_quality=True, mode="create")
    first, second, third = samples(run("create", tools, [documents[0]], 3))
    earlier = Earlier([first, second], (), {second.id: "dull"}, 4)
    refinement = asyncio.run(prepare_refinement(tools, documents, earlier, None))
    assert refinement.work.causes == {"uncovered": 3, "dropped": 1}
    rounds: list[RoundFigures] = []
    items = collect(RefineAgent(tools, refinement, "id", 2, rounds.append))
    kept = samples(items)
    assert [sample.id for sample in kept] == [first.id, third.id]
    assert reasons(items)[DROPPED] == 1
    assert reasons(items)["no_usable_fact"] >= 1
    assert [one.number for one in rounds] == [0, 1, 2]
    assert (rounds[0].used, rounds[-1].used, rounds[-1].passages) == (1, 2, 4)
    assert rounds[1].kept == 1
    assert rounds[2].kept == 0


class Forgetful(PassageWriter):
    """Writes the first example of a passage again, whichever is asked for."""

    async def generate(self, request: ChatRequest) -> GenerationResult:
        prompt = re.sub(r"example number \d+", "example number 1", request.messages[0].content)
        return GenerationResult(answer_from(prompt, request.json_schema or {}), request.model)


@pytest.mark.parametrize("gates", ["strict", "off"])
@pytest.mark.parametrize("backwards", [False, True])
def test_what_is_written_anew_as_it_was_is_kept_once_and_replaces_nothing(
    journal: Journal, gates: str, backwards: bool
) -> None:
    documents, settings = [make_document(GUIDE)], {"agent__create__variety": "low", "agent__create__gates": gates}
    written = samples(run("create", make_tools(journal, PassageWriter(), mode="create", **settings), documents, 4))
    doubtful = [replace(one, metadata={**one.metadata, OBJECTION: "judge_objects"}) for one in written]
    tools = make_tools(journal, Forgetful(), mode="create", **settings)
    earlier = Earlier(doubtful[::-1] if backwards else doubtful, (), {}, 4)
    refinement = asyncio.run(prepare_refinement(tools, documents, earlier, None))
    assert refinement.work.causes["borderline"] == len(written) == 4
    items = collect(RefineAgent(tools, refinement, "id", 2))
    kept = [sample.id for sample in samples(items)]
    gone = {item.sample.id for item in items if isinstance(item, Rejection) and item.sample and item.reason == REPLACED}
    assert len(kept) == len(set(kept))
    assert not gone & set(kept)
    assert {one.id for one in written} <= {*kept, *gone} or gates == "strict"  # there duplicates are rejected
