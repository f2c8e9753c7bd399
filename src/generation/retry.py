"""One retry loop for every model call, and the one table that says what a failure means for its slot."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

from src.core.errors import ErrorKind, ProviderError
from src.generation.breaker import Breaker
from src.generation.limiter import Sleep
from src.generation.stopping import GO_ON

_LOG = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")

BASE_DELAY_S = 0.25
MAX_DELAY_S = 30.0
MAX_RETRY_AFTER_S = 300.0
"""A provider that asks for a longer pause (a daily quota) ends the run: starting it again later costs nothing."""

Decision = Literal["again", "lost", "end"]
"""Call once more; give up this call only; end the run."""

_FAULTS: frozenset[ErrorKind] = frozenset({"server", "timeout", "connection"})
_REASONS: dict[ErrorKind, str] = {
    "refused": "refused",
    "malformed": "malformed_answer",
    "truncated": "truncated_answer",
    "too_long": "prompt_too_long",
    **dict.fromkeys(_FAULTS, "no_answer"),
}


def rejection_reason(error: ProviderError) -> str | None:
    """The reason code under which this failure costs one slot only; None when it must end the run.

    What lies in the prompt or the answer (refused, malformed, truncated, too_long) concerns one slot, and so does a
    call that failed again and again (server, timeout, connection) while others were answered. What lies in the
    account, the request's form or a service that is down would meet every further slot too.
    """
    return None if error.ends_run else _REASONS.get(error.kind)


def decide(error: ProviderError, tries: int, max_retries: int, first_failure: float, breaker: Breaker) -> Decision:
    """What to do about the ``tries``-th counted failure of a call whose first failure was at ``first_failure``.

    - rate_limit: again, as often as the provider wishes, unless nothing was answered for too long.
    - server, timeout, connection: ``max_retries`` more tries. After them the call is lost when others were answered
      meanwhile; a service that never answered ends the run; one that did before is waited for.
    - malformed: one more try when nothing was billed. What was billed is never asked for again as it stands.
    - refused, truncated, too_long: lost. Everything else ends the run.
    """
    asks_too_long = error.retry_after is not None and error.retry_after > MAX_RETRY_AFTER_S
    if error.kind == "rate_limit":
        return "end" if asks_too_long or max_retries == 0 or breaker.is_open(first_failure) else "again"
    if error.kind == "malformed":
        return "again" if error.usage is None and tries <= min(1, max_retries) else "lost"
    if error.kind not in _FAULTS:
        return "lost" if rejection_reason(error) else "end"
    if asks_too_long:
        return "end"
    if tries <= max_retries:
        return "again"
    if breaker.answered_since(first_failure):
        return "lost"
    waits = max_retries > 0 and not breaker.has_never_answered() and not breaker.is_open(first_failure)
    return "again" if waits else "end"


def pause_before(error: ProviderError, tries: int, rng: random.Random) -> float:
    """Seconds to wait after the ``tries``-th failure: the provider's own wish, else 0.25 s doubled each time up to
    30 s, of which the last half is random (a crowd of workers must not come back at once)."""
    if error.retry_after is not None:
        return max(0.0, error.retry_after) + rng.uniform(0, BASE_DELAY_S / 5)
    step = min(MAX_DELAY_S, BASE_DELAY_S * 2.0 ** min(tries - 1, 16))
    return step * rng.uniform(0.5, 1.0)


async def call_with_retry(
    call: Callable[[], Awaitable[_Answer]],
    breaker: Breaker,
    *,
    max_retries: int,
    rng: random.Random,
    sleep: Sleep = asyncio.sleep,
) -> _Answer:
    """Await ``call()`` until it succeeds or may not be tried again.

    The last ProviderError propagates with its kind; one that ends the run is marked so and says in its fix how to go
    on. Every other exception propagates at once.
    """
    tries = faults = 0
    first_failure: float | None = None
    while True:
        try:
            tries += 1
            answer = await call()
        except ProviderError as error:
            if error.ends_run:
                raise
            first_failure = breaker.now() if first_failure is None else first_failure
            faults += error.kind != "rate_limit"
            if error.usage is not None:
                breaker.answered()
            decision = decide(error, faults, max_retries, first_failure, breaker)
            if decision == "lost":
                raise
            if decision == "end":
                raise _ending(error, tries) from error
            pause_s = pause_before(error, tries, rng)
            _LOG.info("try %d failed (%s): %s; next try in %.1f s", tries, error.kind, error, pause_s)
        else:
            breaker.answered()
            return answer
        await sleep(pause_s)


def _ending(error: ProviderError, tries: int) -> ProviderError:
    said = f"{error} (after {tries} tries)" if tries > 1 else str(error)
    if error.retry_after is not None and error.retry_after > MAX_RETRY_AFTER_S:
        said += f" The provider asks to wait {error.retry_after:.0f} s."
    fix = error.fix if "answers so far" in error.fix else f"{error.fix} {GO_ON}".strip()
    ending = ProviderError(said, kind=error.kind, retry_after=error.retry_after, fix=fix)
    ending.ends_run = True
    return ending
