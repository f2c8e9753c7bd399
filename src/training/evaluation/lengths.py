"""Whether answers are as long as they were asked to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from src.training.evaluation.prompts import EvalPrompt
from src.training.evaluation.repetition import is_loop
from src.training.evaluation.words import words_of

TIMES_LONGER: Final = 2
"""A detailed answer has at least so many times the words of the brief one on the same subject."""
_SENTENCE_END: Final = re.compile(
    r"(?<=[.!?…])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\b[DMS][rst]\.)(?<!\bMrs\.)[\"'”’)]*\s+(?=\S)"
)
_GREETING_WORDS: Final = 3


def count_words(text: str) -> int:
    """How many words ``text`` has (``words_of``)."""
    return len(words_of(text))


def count_sentences(text: str) -> int:
    """Sentences: what ends with . ! ? or with the line. A short opening as "Certainly!" or "Of course!" belongs to
    the sentence after it, for it answers nothing."""
    parts = [part for line in text.splitlines() for part in _split(line)]
    if len(parts) > 1 and count_words(parts[0]) <= _GREETING_WORDS and parts[0].rstrip().endswith("!"):
        parts = parts[1:]
    return len(parts)


def _split(line: str) -> list[str]:
    return [piece for piece in _SENTENCE_END.split(line.strip()) if any(map(str.isalnum, piece))]


def follows_length(prompts: Iterable[EvalPrompt], answers: Mapping[str, str]) -> dict[str, bool]:
    """For each pair and each limit whether it is kept.

    A pair is kept when the detailed answer has ``TIMES_LONGER`` the words of the brief one, a limit when the answer
    has no more sentences or words. An empty answer keeps nothing, nor does a loop, whose length is that of the limit of
    tokens. Limits and pairs are verified by code alone, as in
    IFEval (Zhou et al., Instruction-Following Evaluation for Large Language Models, 2023).
    """
    words: dict[str, dict[str, int]] = {}
    kept: dict[str, bool] = {}
    for prompt in prompts:
        # a loop has the length at which it was stopped, not one that was asked for
        answer = "" if is_loop(answers[prompt.id]) else answers[prompt.id]
        if prompt.pair:
            words.setdefault(prompt.pair, {})[str(prompt.form)] = count_words(answer)
        if prompt.max_sentences is not None:
            kept[f"{prompt.id}: sentences"] = 1 <= count_sentences(answer) <= prompt.max_sentences
        if prompt.max_words is not None:
            kept[f"{prompt.id}: words"] = 1 <= count_words(answer) <= prompt.max_words
    for pair, forms in words.items():
        kept[f"{pair}: pair"] = 0 < forms["brief"] * TIMES_LONGER <= forms["detailed"]
    return kept
