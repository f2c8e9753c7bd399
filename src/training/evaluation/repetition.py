"""How much of a text is said again."""

from __future__ import annotations

from typing import Final

from src.training.evaluation.words import words_of

LOOP: Final = 0.3
"""Share of words said again from which an answer goes round in circles."""


def repeated_share(text: str, size: int = 4) -> float:
    """Share of the ``size``-word sequences of ``text`` that stood in it before: 0 for none, near 1 for a loop.

    1 - distinct / all, which is "rep-n" of Welleck et al. (Neural Text Generation with Unlikelihood Training, ICLR
    2020) and one minus "distinct-n" of Li et al. (NAACL 2016). A text of fewer words repeats nothing.
    """
    words = words_of(text)
    sequences = [tuple(words[place : place + size]) for place in range(len(words) - size + 1)]
    return 1 - len(set(sequences)) / len(sequences) if sequences else 0.0


def is_loop(text: str) -> bool:
    """Whether ``text`` goes round in circles."""
    return repeated_share(text) >= LOOP
