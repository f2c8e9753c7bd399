"""A refinement in demo quality: other facts are asked for, and what was dropped does not come back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.agents.base_agent import Agent
from src.agents.refine_agent import RefineAgent
from src.agents.refine_figures import RoundFigures
from src.agents.refinement import prepare_refinement
from src.core.types import Rejection, Sample
from src.generation.refinement.work import DROPPED, Earlier
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.agents.makers import make_document, make_tools, reasons, run, samples
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
