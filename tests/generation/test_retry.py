"""The retry loop asks for the kind of an error and nothing else."""

from __future__ import annotations

import asyncio
import random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.errors import ErrorKind, ProviderError
from src.generation.retry import (
    BASE_DELAY_S,
    GO_ON,
    MAX_DELAY_S,
    MAX_RETRY_AFTER_S,
    call_with_retry,
    pause_before,
    rejection_reason,
)

KINDS = get_args(ErrorKind)
BACKED_OFF = {"rate_limit", "server", "timeout", "connection"}
ONE_SLOT = {"refused", "malformed", "truncated", "too_long"}


class Calls:
    """Raises the queued errors one after another, then answers "done"; remembers tries and pauses."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.tries = 0
        self.pauses: list[float] = []

    async def call(self) -> str:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def run(self, max_retries: int = 3) -> str:
        return asyncio.run(call_with_retry(self.call, max_retries=max_retries, rng=random.Random(1), sleep=self.sleep))


def error(kind: ErrorKind, retry_after: float | None = None, fix: str = "") -> ProviderError:
    return ProviderError(f"it failed: {kind}", kind=kind, retry_after=retry_after, fix=fix)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_tried_as_often_as_its_rule_says(kind: ErrorKind) -> None:
    calls = Calls(*[error(kind) for _ in range(20)])
    with pytest.raises(ProviderError) as caught:
        calls.run(max_retries=3)
    assert caught.value.kind == kind
    assert calls.tries == (4 if kind in BACKED_OFF else 2 if kind == "malformed" else 1)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_either_costs_one_slot_or_ends_the_run(kind: ErrorKind) -> None:
    assert (rejection_reason(error(kind)) is not None) == (kind in ONE_SLOT)


@pytest.mark.parametrize("kind", sorted(BACKED_OFF | {"malformed"}))
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
        Calls(*[error(kind, fix="Check this.")] * 4).run()
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
