"""Samples against a model's limits: keep, or reject with a reason; and what the provider would say of the whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from src.core.types import ModelLimits, Rejection, Sample, TokenCount, ValidationReport, Verdict
from src.providers.limits import check_dataset
from src.utils.sample_checks import Problem, content_key, find_bad_character, find_problem
from src.utils.token_counter import TokenCounter
from src.utils.training_file import validate_file

__all__ = ["Validated", "check_sample", "validate_file", "validate_samples"]


class Validated(NamedTuple):
    """What came out of a validation: ``len(kept) + len(rejections)`` is the number of samples that went in.

    ``tokens`` maps the id of every kept sample to its tokens, counted once; ``report`` speaks of the kept ones.
    """

    kept: tuple[Sample, ...]
    tokens: dict[str, int]
    rejections: tuple[Rejection, ...]
    report: ValidationReport


def check_sample(sample: Sample, limits: ModelLimits, counter: TokenCounter) -> Verdict:
    """Whether a sample may be trained on by itself; ``reason`` is the code of the first thing that is wrong.

    A good sample may begin with a system message, then user and assistant take turns, and the assistant has the last
    word; no turn is empty. It has at most ``limits.max_example_tokens``; where tokens are estimated, a fifth of that
    stays free.
    """
    problem = find_bad_character(sample) or find_problem(sample, counter.count_sample(sample), limits)
    return Verdict(False, problem.reason) if problem else Verdict(True)


def validate_samples(samples: Iterable[Sample], limits: ModelLimits, counter: TokenCounter) -> Validated:
    """Divide ``samples`` into those to keep, in order, and those rejected; of duplicates the first one is kept.

    A duplicate has the same roles and texts as an earlier sample, but for case, spaces and sentence marks.
    """
    kept: list[Sample] = []
    counts: dict[str, TokenCount] = {}
    rejections: list[Rejection] = []
    seen: dict[int, int] = {}
    for sample in samples:
        bad_character = find_bad_character(sample)
        if bad_character:
            rejections.append(_reject_unhashable(sample, bad_character))
            continue
        counted = counter.count_sample(sample)
        problem = find_problem(sample, counted, limits) or _find_duplicate(sample, seen, len(kept) + 1)
        if problem:
            rejections.append(_reject(sample, problem))
            continue
        kept.append(sample)
        counts[sample.id] = counted
    report = check_dataset(kept, limits, lambda sample: counts[sample.id])
    tokens = {sample_id: counted.tokens for sample_id, counted in counts.items()}
    return Validated(tuple(kept), tokens, tuple(rejections), report)


def _find_duplicate(sample: Sample, seen: dict[int, int], number: int) -> Problem | None:
    first = seen.setdefault(content_key(sample), number)
    return None if first == number else Problem("duplicate", f"The same as kept sample {first}.")


def _reject(sample: Sample, problem: Problem) -> Rejection:
    return Rejection(problem.reason, problem.detail, sample, sample.source_file, sample.span)


def _reject_unhashable(sample: Sample, problem: Problem) -> Rejection:
    # Without the sample: its id cannot be computed, and a file of rejected samples could not hold it.
    raw = "\n".join(f"{message.role}: {message.content!a}" for message in sample.messages)
    return Rejection(problem.reason, problem.detail, None, sample.source_file, sample.span, raw)
