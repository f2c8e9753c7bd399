"""Samples against a model's limits, one at a time as they come: keep, or reject with a reason."""

from __future__ import annotations

from typing import NamedTuple

from src.core.specs import ModelLimits
from src.core.types import Rejection, Sample, TokenCount, Verdict
from src.utils.sample_checks import Problem, content_key, find_bad_character, find_problem, worse_twin
from src.utils.token_counter import TokenCounter
from src.utils.training_file import validate_file

__all__ = ["Kept", "Validator", "check_sample", "validate_file"]


class Kept(NamedTuple):
    """A sample that may be trained on, its tokens, and the number by which its duplicates are known."""

    sample: Sample
    counted: TokenCount
    key: int


def check_sample(sample: Sample, limits: ModelLimits, counter: TokenCounter) -> Verdict:
    """Whether a sample may be trained on by itself; ``reason`` is the code of the first thing that is wrong.

    A good sample may begin with a system message, then user and assistant take turns, and the assistant has the last
    word; no turn is empty. It has at most ``limits.max_example_tokens``; where tokens are estimated, a fifth of that
    stays free.
    """
    problem = (
        find_bad_character(sample)
        or find_problem(sample, counter.count_sample(sample), limits)
        or _find_twin_problem(sample, counter, limits)
    )
    return Verdict(False, problem.reason) if problem else Verdict(True)


class Validator:
    """Checks the samples of one dataset in their order; remembers a number for each, to know duplicates."""

    def __init__(self, limits: ModelLimits, counter: TokenCounter) -> None:
        self._limits = limits
        self._counter = counter
        self._seen: dict[int, int] = {}

    def check(self, sample: Sample) -> Kept | Rejection:
        """Keep a sample, or reject it with a reason; of duplicates the first one is kept.

        A duplicate has the same roles and texts as an earlier sample, but for case, spaces and sentence marks.
        """
        checked = self.examine(sample)
        if isinstance(checked, Kept):
            self.remember(checked)
        return checked

    def remember(self, kept: Kept) -> None:
        """From now on, what is the same as this sample is a duplicate."""
        self._seen.setdefault(kept.key, len(self._seen) + 1)

    def examine(self, sample: Sample) -> Kept | Rejection:
        """As ``check``, but nothing is remembered."""
        bad_character = find_bad_character(sample)
        if bad_character:
            return _reject_unhashable(sample, bad_character)
        counted, key = self._counter.count_sample(sample), content_key(sample)
        problem = (
            find_problem(sample, counted, self._limits)
            or _find_twin_problem(sample, self._counter, self._limits)
            or self._find_duplicate(key)
        )
        if problem:
            return Rejection(problem.reason, problem.detail, sample, sample.source_file, sample.span)
        return Kept(sample, counted, key)

    def _find_duplicate(self, key: int) -> Problem | None:
        first = self._seen.get(key)
        return None if first is None else Problem("duplicate", f"The same as kept sample {first}.")


def _find_twin_problem(sample: Sample, counter: TokenCounter, limits: ModelLimits) -> Problem | None:
    """What is wrong with the worse answer of a preference pair: it is trained on as well."""
    twin = worse_twin(sample)
    return find_problem(twin, counter.count_sample(twin), limits) if twin else None


def _reject_unhashable(sample: Sample, problem: Problem) -> Rejection:
    # Without the sample: its id cannot be computed, and a file of rejected samples could not hold it.
    raw = "\n".join(f"{message.role}: {message.content!a}" for message in sample.messages)
    return Rejection(problem.reason, problem.detail, None, sample.source_file, sample.span, raw)
