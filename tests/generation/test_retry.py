"""The retry loop asks for the kind of an error and nothing else."""

from __future__ import annotations

import asyncio
import random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.errors import ErrorKind, ProviderError
from src.core.types import Usage
from src.generation.breaker import PATIENCE_S, Breaker
from src.generation.retry import (
    BASE_DELAY_S,
    MAX_DELAY_S,
    MAX_RETRY_AFTER_S,
    call_with_retry,
    pause_before,
    rejection_reason,
)
from src.generation.stopping import GO_ON

KINDS = get_args(ErrorKind)
FAULTS = {"server", "timeout", "connection"}
ONE_SLOT = {"refused", "malformed", "truncated", "too_long"}


class Calls:
    """Raises the queued errors one after another, then answers "done"; remembers tries and pauses. Its clock goes on
    only by pauses; ``others_answer`` says whether other calls are answered meanwhile."""

    def __init__(self, *errors: BaseException, has_answered: bool = False, others_answer: bool = False) -> None:
        self.errors = list(errors)
        self.tries = 0
        self.pauses: list[float] = []
        self.now = 0.0
        self.others_answer = others_answer
        self.breaker = Breaker(lambda: self.now)
        if has_answered:
            self.breaker.answered()

    async def call(self) -> str:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        if self.others_answer:
            self.breaker.answered()

    def run(self, max_retries: int = 3) -> str:
        rng = random.Random(1)
        return asyncio.run(call_with_retry(self.call, self.breaker, max_retries=max_retries, rng=rng, sleep=self.sleep))


def error(kind: ErrorKind, retry_after: float | None = None, fix: str = "") -> ProviderError:
    return ProviderError(f"it failed: {kind}", kind=kind, retry_after=retry_after, fix=fix)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"rate_limit"}))
def test_every_kind_is_tried_as_often_as_its_rule_says(kind: ErrorKind) -> None:
    calls = Calls(*[error(kind) for _ in range(20)])
    with pytest.raises(ProviderError) as caught:
        calls.run(max_retries=3)
    assert caught.value.kind == kind
    assert calls.tries == (4 if kind in FAULTS else 2 if kind == "malformed" else 1)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_either_costs_one_slot_or_ends_the_run(kind: ErrorKind) -> None:
    with pytest.raises(ProviderError) as caught:
        Calls(*[error(kind)] * 999).run()
    assert caught.value.ends_run == (kind not in ONE_SLOT)
    assert (rejection_reason(caught.value) is not None) == (kind in ONE_SLOT)


@pytest.mark.parametrize("kind", sorted(FAULTS))
def test_a_call_that_fails_while_others_are_answered_costs_only_its_slot(kind: ErrorKind) -> None:
    calls = Calls(*[error(kind)] * 20, has_answered=True, others_answer=True)
    with pytest.raises(ProviderError) as caught:
        calls.run(max_retries=3)
    assert (calls.tries, rejection_reason(caught.value)) == (4, "no_answer")


@pytest.mark.parametrize("kind", sorted(FAULTS))
def test_a_service_that_falls_silent_is_waited_for_and_then_ends_the_run(kind: ErrorKind) -> None:
    calls = Calls(*[error(kind)] * 999, has_answered=True)
    with pytest.raises(ProviderError) as caught:
        calls.run(max_retries=3)
    assert caught.value.ends_run
    assert PATIENCE_S < calls.now < PATIENCE_S + MAX_DELAY_S + 1


def test_an_outage_of_minutes_does_not_end_a_run() -> None:
    calls = Calls(*[error("connection")] * 15, has_answered=True)
    assert calls.run(max_retries=3) == "done"
    assert calls.now > 120


def test_refusals_for_the_rate_are_waited_out_however_many_they_are() -> None:
    calls = Calls(*[error("rate_limit", retry_after=5)] * 50)
    assert calls.run(max_retries=1) == "done"


def test_refusals_for_the_rate_without_any_answer_end_the_run_at_last() -> None:
    calls = Calls(*[error("rate_limit", retry_after=60)] * 50)
    with pytest.raises(ProviderError) as caught:
        calls.run()
    assert caught.value.ends_run
    assert PATIENCE_S < calls.now < PATIENCE_S + 120


def test_a_malformed_answer_that_was_billed_is_not_asked_for_again() -> None:
    billed = error("malformed")
    billed.usage = Usage(10, 0)
    calls = Calls(billed)
    with pytest.raises(ProviderError):
        calls.run()
    assert calls.tries == 1


def test_an_error_that_has_ended_the_run_is_passed_on_as_it_is() -> None:
    ended = error("server")
    ended.ends_run = True
    calls = Calls(ended)
    with pytest.raises(ProviderError) as caught:
        calls.run()
    assert caught.value is ended


@pytest.mark.parametrize("kind", sorted(FAULTS | {"malformed", "rate_limit"}))
def test_a_call_that_works_the_second_time_gives_its_answer(kind: ErrorKind) -> None:
    calls = Calls(error(kind))
    assert calls.run() == "done"
    assert len(calls.pauses) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_without_retries_every_kind_fails_at_once(kind: ErrorKind) -> None:
    calls = Calls(error(kind))
    with pytest.raises(ProviderError):
        calls.run(max_retries=0)
    assert calls.tries == 1


def test_the_provider_s_own_wish_decides_the_pause() -> None:
    calls = Calls(error("rate_limit", retry_after=7))
    calls.run()
    assert 7 <= calls.pauses[0] <= 7 + BASE_DELAY_S


def test_a_server_that_asks_to_wait_beyond_all_patience_ends_the_run_too() -> None:
    with pytest.raises(ProviderError, match="asks to wait 900 s"):
        Calls(error("server", retry_after=900)).run()


def test_a_wish_beyond_all_patience_ends_the_run_at_once() -> None:
    calls = Calls(error("rate_limit", retry_after=MAX_RETRY_AFTER_S + 1))
    with pytest.raises(ProviderError, match="asks to wait 301 s"):
        calls.run()
    assert calls.pauses == []


def test_pauses_grow_and_are_the_same_for_the_same_seed() -> None:
    first, second = (Calls(*[error("server")] * 4) for _ in range(2))
    first.run(max_retries=4)
    second.run(max_retries=4)
    assert first.pauses == second.pauses
    assert first.pauses == sorted(first.pauses)


@given(st.integers(1, 10_000), st.integers())
def test_a_pause_is_never_longer_than_the_limit_nor_shorter_than_half_a_step(tries: int, seed: int) -> None:
    pause = pause_before(error("server"), tries, random.Random(seed))
    assert BASE_DELAY_S / 2 <= pause <= MAX_DELAY_S


@pytest.mark.parametrize("kind", sorted(set(KINDS) - ONE_SLOT))
def test_an_error_that_ends_the_run_says_how_to_go_on(kind: ErrorKind) -> None:
    with pytest.raises(ProviderError) as caught:
        Calls(*[error(kind, fix="Check this.")] * 999).run()
    assert caught.value.fix == f"Check this. {GO_ON}"
    assert isinstance(caught.value.__cause__, ProviderError)


def test_the_message_tells_how_often_it_was_tried() -> None:
    with pytest.raises(ProviderError, match=r"it failed: server \(after 4 tries\)"):
        Calls(*[error("server")] * 4).run()


def test_any_other_exception_is_not_retried() -> None:
    calls = Calls(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        calls.run()
    assert calls.tries == 1
