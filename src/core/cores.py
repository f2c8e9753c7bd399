"""How many processors this process may use."""

from __future__ import annotations

import os


def count_cores() -> int:
    """Those that it is bound to where the system tells (a container, taskset), else all of the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
