"""What code can see of answers that went wrong in a way that no figure was made for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from src.training.evaluation.measures import Reply
from src.training.evaluation.prompts import EvalPrompt
from src.training.evaluation.repetition import repeated_share
from src.training.evaluation.words import words_of

LOOP: Final = 0.3
"""Share of words said again from which an answer goes round in circles."""
_OPENING_WORDS: Final = 4
_LEAST_ALIKE: Final = 3
_COMMON: Final = 0.25
"""Share of the answers that begin alike from which that is worth a remark."""


class Compared(NamedTuple):
    """One prompt and what both models made of it."""

    prompt: EvalPrompt
    before: Reply
    after: Reply


def find_remarks(compared: Iterable[Compared]) -> list[str]:
    """Loops, empty and unfinished answers, one answer to several prompts, one opening for many; each with its number
    before and after, and the prompts that it befell after training."""
    rows = list(compared)
    found = []
    for what, befalls in (
        ("go round in circles", lambda reply: repeated_share(reply.text) >= LOOP),
        ("are empty", lambda reply: not reply.text.strip()),
        ("had not ended at the limit of tokens", lambda reply: reply.cut),
    ):
        before = sum(befalls(row.before) for row in rows)
        after = [row.prompt.prompt for row in rows if befalls(row.after)]
        if before or after:
            found.append(f"Answers that {what}: {before} before, {len(after)} after{_named(after)}.")
    return [*found, *_same_answers(rows), *_same_openings(rows)]


def _named(prompts: list[str]) -> str:
    shown = ", ".join(f'"{prompt}"' for prompt in prompts[:5])
    return f" ({shown}{' and others' if len(prompts) > 5 else ''})" if prompts else ""


def _same_answers(rows: list[Compared]) -> list[str]:
    texts = Counter(row.after.text for row in rows if row.after.text.strip())
    return [
        f'{count} prompts got the same answer after training: "{text[:80]}".'
        for text, count in texts.most_common(3)
        if count > 1
    ]


def _same_openings(rows: list[Compared]) -> list[str]:
    openings = Counter(" ".join(words_of(row.after.text)[:_OPENING_WORDS]) for row in rows)
    before = Counter(" ".join(words_of(row.before.text)[:_OPENING_WORDS]) for row in rows)
    return [
        f'{count} of {len(rows)} answers begin with "{opening}" ({before[opening]} before).'
        for opening, count in openings.most_common(3)
        if opening and count >= max(_LEAST_ALIKE, _COMMON * len(rows))
    ]
