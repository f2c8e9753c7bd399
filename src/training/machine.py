"""What this machine can do and is doing: threads that are free, memory that was needed."""

from __future__ import annotations

import sys
from typing import Final

from src.core.cores import count_cores

_MB: Final = 1_000_000
_LOOK_S: Final = 0.5
_A_LITTLE_BUSY: Final = 0.25
"""A processor that is in use for less than a quarter of the time counts as free."""


def free_threads() -> int:
    """Processors that nobody is using at this moment, at least one.

    Two threads of torch on two busy processors wait for each other: the same rows took 90 CPU-seconds in place of 11.
    The load average would not do: it goes on telling of this program's own last run for a minute.
    """
    import psutil

    idle = (psutil.cpu_count() or 1) * (1 - psutil.cpu_percent(interval=_LOOK_S) / 100)
    return max(1, min(count_cores(), int(idle + _A_LITTLE_BUSY)))


def peak_memory_mb() -> float:
    """The most memory that this process has held so far, in MB; on a GPU that of the GPU; 0.0 where none can tell."""
    import torch

    if torch.cuda.is_available():
        return round(float(torch.cuda.max_memory_allocated()) / _MB, 1)
    if sys.platform == "win32":
        return 0.0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most * (1 if sys.platform == "darwin" else 1024) / _MB, 1)
