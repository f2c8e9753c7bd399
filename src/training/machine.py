"""What this machine can do and is doing: threads that are free, memory that was needed."""

from __future__ import annotations

import os
import sys
from typing import Final

from src.providers.local_runtime import count_cores

_MB: Final = 1_000_000


def free_threads() -> int:
    """Processors that nobody else is using, at least one.

    Two threads of torch on two busy processors wait for each other: the same rows took 90 CPU-seconds in place of 11.
    """
    cores = count_cores()
    if not hasattr(os, "getloadavg"):
        return max(1, cores // 2)
    return max(1, cores - round(os.getloadavg()[0]))


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
