"""Which functions are compiled, and whether the compiler is there. Loading this module loads numba and numpy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from numba import njit

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """``function`` as machine code, made at its first call and kept on disk for later processes. It releases the
    interpreter lock while it runs.

    Numba makes it anew after a change of its own file alone (https://numba.readthedocs.io/en/stable/user/jit.html#cache):
    compiled functions that call each other stand in one file.
    """
    return cast("Callable[_P, _R]", njit(cache=True, nogil=True, error_model="numpy")(function))


def is_compiled(function: Callable[..., object]) -> bool:
    """Whether the machine code of a compiled function lies on disk from an earlier process."""
    stats = getattr(function, "stats", None)
    name = f"{function.__module__.rpartition('.')[2]}.{getattr(function, '__qualname__', '')}-"
    return stats is not None and any(Path(stats.cache_path).glob(f"{name}*.nbc"))
