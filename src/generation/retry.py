"""One retry loop for every model call, and the one table that says what a failure means for its slot."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from src.core.errors import ErrorKind, ProviderError

_LOG = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")
Sleep = Callable[[float], Awaitable[object]]

BASE_DELAY_S = 0.5
MAX_DELAY_S = 30.0
MAX_RETRY_AFTER_S = 300.0
"""A provider that asks for a longer pause (a daily quota) ends the run: starting it again later costs nothing."""

GO_ON = "Answers so far are kept: run again to go on."

_BACKED_OFF: frozenset[ErrorKind] = frozenset({"rate_limit", "server", "timeout", "connection"})
_SLOT_REASONS: dict[ErrorKind, str] = {
    "refused": "refused",
    "malformed": "malformed_answer",
    "truncated": "truncated_answer",
    "too_long": "prompt_too_long",
}


def rejection_reason(error: ProviderError) -> str | None:
    """The reason code under which this failure costs one slot only; None when it must end the run.

    What lies in the prompt or the answer (refused, malformed, truncated, too_long) concerns one slot. What lies in the
    account, the request's form or the server (auth, bad_request, not_found, and rate_limit, server, timeout,
    connection after the last try) would meet every further slot too.
    """
    return _SLOT_REASONS.get(error.kind)


def may_retry(kind: ErrorKind, tries: int, max_retries: int) -> bool:
    """Whether a call that failed with ``kind`` after ``tries`` tries is made once more; malformed at most once."""
    if kind == "malformed":
        return tries <= min(1, max_retries)
    return kind in _BACKED_OFF and tries <= max_retries


def pause_before(error: ProviderError, tries: int, rng: random.Random) -> float:
    """Seconds to wait after the ``tries``-th failure: the provider's own wish, else 0.5 s doubled each time up to 30 s,
    of which the last half is random (a crowd of workers must not come back at once)."""
    if error.retry_after is not None:
        return max(0.0, error.retry_after) + rng.uniform(0, BASE_DELAY_S)
    step = min(MAX_DELAY_S, BASE_DELAY_S * 2.0 ** min(tries - 1, 16))
    return step * rng.uniform(0.5, 1.0)


async def call_with_retry(
    call: Callable[[], Awaitable[_Answer]], *, max_retries: int, rng: random.Random, sleep: Sleep = asyncio.sleep
) -> _Answer:
    """Await ``call()`` until it succeeds or may not be tried again.

    The last ProviderError propagates with its kind; one that ends the run says in its fix how to go on. Every other
    exception propagates at once.
    """
    tries = 0
    while True:
        tries += 1
        try:
            return await call()
        except ProviderError as error:
            if rejection_reason(error) is not None and not may_retry(error.kind, tries, max_retries):
                raise
            if _asks_too_long(error) or not may_retry(error.kind, tries, max_retries):
                raise _ending(error, tries) from error
            pause = pause_before(error, tries, rng)
            _LOG.info("try %d failed (%s): %s; next try in %.1f s", tries, error.kind, error, pause)
        await sleep(pause)


def _asks_too_long(error: ProviderError) -> bool:
    return error.retry_after is not None and error.retry_after > MAX_RETRY_AFTER_S


def _ending(error: ProviderError, tries: int) -> ProviderError:
    said = f"{error} (after {tries} tries)" if tries > 1 else str(error)
    if _asks_too_long(error):
        said += f" The provider asks to wait {error.retry_after:.0f} s."
    fix = error.fix if "answers so far" in error.fix else f"{error.fix} {GO_ON}".strip()
    return ProviderError(said, kind=error.kind, retry_after=error.retry_after, fix=fix)
