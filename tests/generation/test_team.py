"""Several teachers in one run: shares by weight, the same slot to the same teacher, failover that is recorded."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import ConfigError, ProviderError
from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, Message, Usage
from src.generation.budget import Caps
from src.generation.engine import Engine
from src.generation.progress import Progress
from src.generation.team import Member, check_caps, rank
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.fakes import FakeProvider
from tests.patience import PATIENCE_S

NAMES = ("a model", "b model", "c model")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "memory.db") as store:
        yield store


class Named(FakeProvider):
    """Answers with its model's name until it is told to be down."""

    down = False

    async def generate(self, request: ChatRequest) -> GenerationResult:
        self.requests.append(request)
        if self.down:
            raise ProviderError("key revoked", kind="auth")
        return GenerationResult(f"by {request.model}", request.model, Usage(10, 5))


def member(model: str, provider: FakeProvider, weight: float = 1.0, price: float | None = 1.0) -> Member:
    return Member(provider, 2, WriterModel(model, 8000, 300, price, price), weight)


def request(text: str = "?") -> ChatRequest:
    return ChatRequest("whatever", (Message("user", text),), max_tokens=4096)


def ask_all(team: list[Member], store: Store, slots: int, notes: list[str] | None = None) -> list[GenerationResult]:
    progress = Progress("generate", None, lambda event: (notes or []).append(event.note))

    async def run() -> list[GenerationResult]:
        engine = Engine(
            team, Journal(store), max_retries=0, timeout_s=PATIENCE_S, progress=progress if notes is not None else None
        )
        return [result async for result in engine.map_ordered(range(slots), lambda n: engine.ask(request(), str(n)))]

    return asyncio.run(run())


def test_weights_are_shares_and_a_slot_always_goes_the_same_way() -> None:
    weights = (1.0, 2.0, 5.0)
    first = Counter(rank(NAMES, weights, f"slot {number}")[0] for number in range(8000))
    assert [first[index] for index in range(3)] == pytest.approx([1000, 2000, 5000], rel=0.1)
    assert rank(NAMES, weights, "slot 1") == rank(NAMES, weights, "slot 1")


def test_taking_a_teacher_away_moves_only_its_own_slots() -> None:
    for number in range(500):
        with_all = rank(NAMES, (1.0, 2.0, 5.0), f"slot {number}")
        without_last = rank(NAMES[:2], (1.0, 2.0), f"slot {number}")
        assert [index for index in with_all if index != 2] == without_last


def test_every_answer_says_who_gave_it_and_costs_what_that_one_costs(store: Store) -> None:
    cheap, dear = Named(), Named()
    results = ask_all([member("cheap", cheap), member("dear", dear, 3.0, 10.0)], store, 40)
    assert {(result.text, result.teacher, result.failover_from) for result in results} == {
        ("by cheap", "openai cheap", ""),
        ("by dear", "openai dear", ""),
    }
    assert len(dear.requests) > len(cheap.requests) > 0
    assert {asked.max_tokens for asked in cheap.requests} == {300}
    again = ask_all([member("cheap", Named()), member("dear", Named(), 3.0, 10.0)], store, 40)
    assert [(result.text, result.cached) for result in again] == [(result.text, True) for result in results]


def test_where_a_teacher_is_down_the_next_takes_its_place_and_it_is_recorded(store: Store) -> None:
    broken, sound = Named(), Named()
    broken.down = True
    notes: list[str] = [""]
    results = ask_all([member("broken", broken), member("sound", sound)], store, 20, notes)
    assert {result.text for result in results} == {"by sound"}
    taken = [result for result in results if result.failover_from]
    assert 0 < len(taken) < 20
    assert {result.failover_from for result in taken} == {"openai broken"}
    assert 1 <= len(broken.requests) <= 2, "nobody asks it again"
    assert len([note for note in notes if "openai broken is out of service" in note]) == 1
    # when it is back, what others have written stays, and is said to be theirs
    again = ask_all([member("broken", Named()), member("sound", Named())], store, 20)
    assert [(result.text, result.failover_from, result.cached) for result in again] == [
        (result.text, result.failover_from, True) for result in results
    ]


def test_when_all_are_down_the_run_ends_with_the_last_reason(store: Store) -> None:
    team = [member("one", Named()), member("two", Named())]
    for each in team:
        each.provider.down = True  # type: ignore[attr-defined]
    with pytest.raises(ProviderError, match="key revoked") as caught:
        ask_all(team, store, 5)
    assert caught.value.ends_run


def test_a_refusal_is_an_answer_and_moves_nothing(store: Store) -> None:
    refusal = ProviderError("no", kind="refused")
    refusal.usage = Usage(3, 1)
    team = [member("one", FakeProvider([refusal], forever=True)), member("two", FakeProvider([refusal], forever=True))]
    with pytest.raises(ProviderError, match="no"):
        ask_all(team, store, 1)
    assert sum(len(each.provider.requests) for each in team) == 1  # type: ignore[attr-defined]


def test_a_cap_in_usd_needs_prices_or_another_cap() -> None:
    known, unknown = member("known", Named()), member("unknown", Named(), price=None)
    assert check_caps(Caps(usd=5), [known]) == ""
    assert check_caps(Caps(requests=5), [unknown]) == ""
    assert "openai unknown" in check_caps(Caps(usd=5, tokens=1), [known, unknown])
    with pytest.raises(ConfigError, match="openai unknown") as caught:
        check_caps(Caps(usd=5), [known, unknown])
    assert "max_tokens" in caught.value.fix
