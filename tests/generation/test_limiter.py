"""The limiter on a clock of its own: places, pauses, what headers teach, and what a refusal does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from src.core.errors import ProviderError
from src.core.types import GenerationResult, RateLimit, RateLimits, Usage
from src.generation.limiter import CUT, REFUSALS, Bucket, Limiter


class Clock:
    """Time that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def read(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 0.001)
        await asyncio.sleep(0)


def make_limiter(concurrency: int = 4) -> tuple[Limiter, Clock]:
    clock = Clock()
    return Limiter(concurrency, sleep=clock.sleep, clock=clock.read), clock


def answer(limits: RateLimits | None = None, tokens: int = 100) -> GenerationResult:
    return GenerationResult("text", "m", Usage(tokens, 0), rate_limits=limits)


def refusal(limits: RateLimits | None = None) -> ProviderError:
    error = ProviderError("slow down", kind="rate_limit")
    error.rate_limits = limits
    return error


async def call(limiter: Limiter, result: GenerationResult | None = None) -> None:
    async with limiter.turn() as began:
        limiter.answered(began, result or answer())


async def be_refused(limiter: Limiter, error: ProviderError | None = None, pause_s: float = 10) -> None:
    async with limiter.turn() as began:
        limiter.refused(began, error or refusal(), pause_s)


USED_UP = refusal(RateLimits(requests=RateLimit(500, 0)))


def test_without_signals_it_is_a_plain_limit_of_calls_in_flight() -> None:
    limiter, clock = make_limiter(3)
    most = 0

    async def work() -> None:
        nonlocal most
        async with limiter.turn():
            most = max(most, limiter.in_flight)
            await asyncio.sleep(0)

    async def run() -> None:
        await asyncio.gather(*(work() for _ in range(20)))

    asyncio.run(run())
    assert (most, limiter.in_flight, clock.now) == (3, 0, 1000.0)


def test_turns_come_in_the_order_of_asking() -> None:
    limiter, _ = make_limiter(1)
    order: list[int] = []

    async def work(number: int) -> None:
        async with limiter.turn():
            order.append(number)
            await asyncio.sleep(0)

    async def run() -> None:
        await asyncio.gather(*(work(number) for number in range(9)))

    asyncio.run(run())
    assert order == list(range(9))


def test_a_place_is_given_back_when_its_call_fails_or_is_cancelled() -> None:
    limiter, _ = make_limiter(1)

    async def fail() -> None:
        async with limiter.turn():
            raise ZeroDivisionError

    async def run() -> None:
        with pytest.raises(ZeroDivisionError):
            await fail()
        hanging = asyncio.create_task(hold(limiter, asyncio.Event().wait))
        await asyncio.sleep(0)
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
        await call(limiter)

    asyncio.run(run())
    assert limiter.in_flight == 0


async def hold(limiter: Limiter, until: Callable[[], Awaitable[object]]) -> None:
    async with limiter.turn():
        await until()


def test_a_refusal_that_says_nothing_is_left_pauses_everybody() -> None:
    limiter, clock = make_limiter()

    async def run() -> None:
        await be_refused(limiter, USED_UP, pause_s=10)
        await call(limiter)

    asyncio.run(run())
    assert 1010 <= clock.now < 1011


def test_a_single_refusal_is_the_affair_of_its_own_call() -> None:
    limiter, clock = make_limiter()

    async def run() -> None:
        await be_refused(limiter)
        await call(limiter)

    asyncio.run(run())
    assert (clock.now, limiter.allowed) == (1000.0, 4)


def test_refusals_of_all_calls_pause_everybody() -> None:
    limiter, clock = make_limiter()

    async def run() -> None:
        for _ in range(REFUSALS):
            await be_refused(limiter)
            clock.now += 0.01
        await call(limiter)

    asyncio.run(run())
    assert clock.now >= 1010
    assert limiter.allowed < 4


def test_refusals_among_many_answers_pause_nobody() -> None:
    limiter, clock = make_limiter()

    async def run() -> None:
        for number in range(200):
            clock.now += 0.01
            await (be_refused(limiter) if number % 3 == 0 else call(limiter))

    asyncio.run(run())
    assert (clock.now, limiter.allowed) == (pytest.approx(1002), 4)


def test_one_wave_of_refusals_narrows_once_and_never_below_one() -> None:
    limiter, clock = make_limiter(64)

    async def wave() -> None:
        async with AsyncExitStack() as stack:
            began = [await stack.enter_async_context(limiter.turn()) for _ in range(limiter.allowed)]
            clock.now += 0.1
            for moment in began:
                limiter.refused(moment, USED_UP, 1)

    asyncio.run(wave())
    assert limiter.allowed == int(64 * CUT)
    for _ in range(30):
        asyncio.run(wave())
    assert limiter.allowed == 1


def test_a_wave_with_few_refusals_narrows_by_as_few() -> None:
    limiter, _ = make_limiter(64)
    asyncio.run(be_refused(limiter, USED_UP, 1))
    assert limiter.allowed == 63


def test_answers_widen_it_again_up_to_what_was_configured() -> None:
    limiter, clock = make_limiter(64)

    async def run() -> None:
        for _ in range(80):
            await be_refused(limiter, USED_UP, 1)
            clock.now += 2
        assert limiter.allowed == 1
        for _ in range(2000):
            await call(limiter)

    asyncio.run(run())
    assert limiter.allowed == 64


def test_other_failures_do_not_narrow_it() -> None:
    limiter, _ = make_limiter(8)

    async def run() -> None:
        for _ in range(50):
            async with limiter.turn():
                pass

    asyncio.run(run())
    assert limiter.allowed == 8


def test_the_requests_that_headers_leave_are_spread_until_their_reset() -> None:
    limiter, clock = make_limiter()
    told = RateLimits(requests=RateLimit(limit=60, remaining=0, reset_s=60))

    async def run() -> None:
        await call(limiter, answer(told))
        for _ in range(10):
            await call(limiter)

    asyncio.run(run())
    assert clock.now == pytest.approx(1010, abs=0.2)


def test_the_tokens_that_headers_leave_are_spread_by_what_a_call_costs() -> None:
    limiter, clock = make_limiter()
    told = RateLimits(tokens=RateLimit(limit=6000, remaining=0, reset_s=60))

    async def run() -> None:
        await call(limiter, answer(told, tokens=500))
        for _ in range(4):
            await call(limiter, answer(tokens=500))

    asyncio.run(run())
    assert clock.now == pytest.approx(1020, abs=0.2)


def test_a_pause_is_told_once_with_its_seconds() -> None:
    clock = Clock()
    pauses: list[float] = []
    limiter = Limiter(2, sleep=clock.sleep, clock=clock.read, on_pause=pauses.append)

    async def run() -> None:
        async with limiter.turn() as first, limiter.turn() as second:
            limiter.refused(first, USED_UP, 30)
            limiter.refused(second, USED_UP, 30)

    asyncio.run(run())
    assert pauses == [30]


def test_a_bucket_that_was_told_nothing_never_waits() -> None:
    bucket = Bucket()
    bucket.take(1e9)
    assert bucket.wait_s(1e9, 5.0) == 0


@pytest.mark.parametrize("told", [RateLimit(100, 40), RateLimit(100, 40, 0.0), RateLimit(100, 100, 60)])
def test_a_header_without_a_usable_time_teaches_no_pace(told: RateLimit) -> None:
    bucket = Bucket()
    bucket.learn(told, 0, 5.0)
    assert bucket.wait_s(1000, 5.0) == 0


def test_a_header_is_believed_between_all_and_none_of_the_calls_in_flight() -> None:
    bucket = Bucket()
    bucket.learn(RateLimit(100, 50, 30), 10, 0.0)
    assert bucket.left == 50
    bucket.take(30)
    bucket.learn(RateLimit(100, 50, 30), 10, 0.0)
    assert bucket.left == 40
    bucket.learn(RateLimit(100, 5, 57), 10, 0.0)
    assert bucket.left == 5


def test_what_is_larger_than_the_whole_bucket_waits_for_a_full_one() -> None:
    bucket = Bucket()
    bucket.learn(RateLimit(100, 0, 50), 0, 0.0)
    assert bucket.wait_s(500, 0.0) == 50
    assert bucket.wait_s(500, 60.0) == 0
