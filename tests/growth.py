"""Whether the time of some work grows with the size of what it is given, or faster: for tests of linearity.

A machine stutters and other tests run beside, so the time is that of the processor, without the collector of garbage
(which looks through all that other tests have left), a share of a second always passes, and there are three tries:
what grows with the square does so each time.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

FACTOR = 4
"""How many times as large the second input of a comparison is."""
MAX_GROWTH = 8.0
"""Four times the text may take four times as long; where time grows with the square it takes sixteen times as long."""
_TRIES = 3


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU time of one call of ``work``, in seconds, garbage collection left out."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        started = time.process_time()
        work()
        return time.process_time() - started
    finally:
        if was_enabled:
            gc.enable()


def is_linear(work: Callable[[int], Callable[[], object]], size: int, floor_s: float) -> bool:
    """Whether the work on ``size`` takes no more than its share of the time of a quarter of it.

    ``work`` makes ready the work on an input of a size, which is not timed. What takes less than ``floor_s`` (seconds)
    is too short to be compared, and quick enough.
    """
    for _ in range(_TRIES):
        seconds = cpu_seconds(work(size))
        if seconds < floor_s or seconds <= MAX_GROWTH * cpu_seconds(work(size // FACTOR)):
            return True
    return False
