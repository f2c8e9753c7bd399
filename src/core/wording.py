"""Numbers of things in a sentence."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number of things: ``1 error``, ``2,000 errors``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def of_file(name: str, said: str) -> str:
    """What is said of the file ``name``, which may begin with the name itself: it is named once."""
    return f"{name}: {said.removeprefix(f'{_last(name)}: ')}"


def is_skipped(name: str, cause: str) -> str:
    """That the file ``name`` is skipped, and why: ``cause`` may begin with the name itself."""
    own, said = f"{_last(name)} ", cause.removeprefix(f"{_last(name)}: ")
    if said.startswith(own) and said.removeprefix(own).split(" ", 1)[0] in _VERBS:
        said = f"it {said.removeprefix(own)}"
    return f"{name} skipped: {said}"


_VERBS = frozenset({"is", "was", "has", "had", "holds", "needs", "cannot", "does", "did", "took"})


def _last(name: str) -> str:
    return name.rpartition("/")[2]
