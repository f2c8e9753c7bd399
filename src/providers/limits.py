"""Limits as pure rules: what a dataset may hold, what a call costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import orjson

from src.core.specs import ModelLimits, WriterModel
from src.core.types import Issue, Sample, TokenCount, Usage, ValidationReport
from src.providers.describe_model import status_label
from src.providers.row_rules import row_problem

ESTIMATE_MARGIN = 0.8
"""Share of a limit from which an estimated count gets a warning: estimates err by up to 20 % (95th percentile)."""
NEAR_LIMIT = 0.9
"""Share of a limit from which an exact figure gets a warning."""
MANY_VALIDATION_ROWS = 1000
"""Validation examples above which ``max_validation_share`` applies (Gemini supervised tuning guide)."""


class SizeCap(NamedTuple):
    """How many samples a run makes. ``lines`` say to a person why fewer than wished; empty when nothing was cut."""

    used: int
    limit: int | None
    lines: tuple[str, ...] = ()


def cap_size(desired: int, limits: ModelLimits) -> SizeCap:
    """``desired`` samples, or as many as the provider takes, with two lines of explanation when that is fewer.

    A limit on the tokens of the whole set is divided by the longest example allowed: the number that always fits.
    """
    bounds = [limits.max_examples] if limits.max_examples else []
    if limits.max_training_tokens and limits.max_example_tokens:
        bounds.append(limits.max_training_tokens // limits.max_example_tokens)
    limit = min(bounds, default=None)
    if limit is None or desired <= limit:
        return SizeCap(desired, limit)
    lines = (
        f"Desired size ({desired:,}) exceeds the limit of {limits.provider} {limits.id} ({limit:,} samples).",
        f"Using maximum: {limit:,} samples.",
    )
    return SizeCap(limit, limit, lines)


def cost_usd(writer: WriterModel, usage: Usage) -> float | None:
    """What ``usage`` costs at the prices of ``writer``; None when models.yaml has no price."""
    if writer.input_price is None or writer.output_price is None:
        return None
    return (usage.input_tokens * writer.input_price + usage.output_tokens * writer.output_price) / 1_000_000


def check_dataset(
    samples: Iterable[Sample],
    limits: ModelLimits,
    count: Callable[[Sample], TokenCount],
    is_held_out: Callable[[Sample], bool] = lambda _sample: False,
) -> ValidationReport:
    """What the provider would say of ``samples``; ``count`` gives the tokens of a sample.

    A sample that ``is_held_out`` stands in the validation file: what a provider asks of a set as a whole is asked of
    the training file without it.
    """
    issues: list[Issue] = []
    train, held_out = _SetSize(), _SetSize()
    for row, sample in enumerate(samples, start=1):
        counted = count(sample)
        issues.extend(check_row(sample, counted, limits, row))
        (held_out if is_held_out(sample) else train).add(sample, counted)
    whole = (
        *check_status(limits),
        *check_size(train.rows, limits, held_out.rows),
        *check_volume(TokenCount(train.tokens, train.exact), max(train.bytes, held_out.bytes), limits),
        *check_split(train.rows, held_out.rows, limits),
    )
    exact = train.exact and held_out.exact
    return ValidationReport(train.rows + held_out.rows, train.tokens + held_out.tokens, exact, (*whole, *issues))


@dataclass(slots=True)
class _SetSize:
    """The running totals of a training or a validation file."""

    rows: int = 0
    tokens: int = 0
    exact: bool = True
    bytes: int = 0

    def add(self, sample: Sample, counted: TokenCount) -> None:
        self.rows += 1
        self.tokens += counted.tokens
        self.exact = self.exact and counted.exact
        self.bytes += _row_bytes(sample)


def check_row(sample: Sample, counted: TokenCount, limits: ModelLimits, row: int = 0) -> tuple[Issue, ...]:
    """The findings about one example: its shape and its length. ``row`` counts from 1."""
    problem = row_problem(sample, limits.provider)
    fix = "Leave this example out."
    message = f"{problem[:1].upper()}{problem[1:]}."
    shape = (Issue("error", "format", message, row, fix, source=limits.source),) if problem else ()
    return (*shape, *check_tokens(counted, limits, row))


def check_tokens(
    counted: TokenCount, limits: ModelLimits, row: int = 0, count_asked: Callable[[], TokenCount] | None = None
) -> tuple[Issue, ...]:
    """Whether an example is too long: an error above the limit, a warning near it. ``count_asked`` gives the tokens of
    everything before the last answer, to say how much of the answer would be cut.

    "Near" begins at 90 % for exact counts and at 80 % for estimates, because those may err by a fifth.
    """
    limit = limits.max_example_tokens
    threshold = NEAR_LIMIT if counted.exact else ESTIMATE_MARGIN
    if limit is None or counted.tokens <= limit * threshold:
        return ()
    about = "" if counted.exact else "about "
    found = f"{about}{counted.tokens:,} tokens"
    length = f"{found}; {limits.title} takes {limit:,} per example."
    fix = "Shorten this example or divide it."
    over = counted.tokens > limit
    cut = _say_cut(counted, limits, count_asked) if over else " It may be cut."
    silent = " OpenAI cuts the end, which is the answer, without saying so." if limits.provider == "openai" else ""
    severity: Literal["error", "warning"] = "error" if over else "warning"
    code, allowed = "too_long" if over else "may_be_cut", f"{limit:,} tokens"
    return (Issue(severity, code, f"{length}{cut}{silent}", row, fix, "", found, allowed, limits.source),)


def _say_cut(counted: TokenCount, limits: ModelLimits, count_asked: Callable[[], TokenCount] | None) -> str:
    """How much of the answer of an example that is too long stands behind the limit."""
    if count_asked is None or limits.max_example_tokens is None:
        return ""
    asked = count_asked().tokens
    answer, left = counted.tokens - asked, max(0, limits.max_example_tokens - asked)
    return f" {answer - left:,} of the {answer:,} tokens of its last answer stand behind the limit."


def check_status(limits: ModelLimits) -> tuple[Issue, ...]:
    """A warning when the vendor no longer tunes the model, or not for everybody."""
    if limits.status in {"available", "self-hosted"}:
        return ()
    code = limits.status.replace(" ", "_")
    message, fix = f"{limits.title}: {status_label(limits)}.", _say_instead(limits.replacement)
    return (Issue("warning", code, message, fix=fix, found=limits.status, source=limits.source),)


def _say_instead(replacement: str) -> str:
    """What to do instead of tuning a model, by what models.yaml names in its place."""
    if not replacement:
        return ""
    if replacement.startswith("none"):
        return f"Replacement: {replacement}."
    name, is_not_tuned, _ = replacement.partition(" (inference only)")
    if is_not_tuned:
        return f"Its successor {name} cannot be tuned either: see 'python -m src.main models' for those that can."
    return f"Tune instead: {replacement}."


def check_size(rows: int, limits: ModelLimits, held_out: int = 0) -> tuple[Issue, ...]:
    """Whether a training set has enough examples, and not too many; ``held_out`` further ones are for validation, and
    count too where the vendor counts both files together."""
    kind = "training " if held_out else ""
    if limits.examples_count_both and held_out:
        rows, held_out, kind = rows + held_out, 0, "training and validation "
    least = max(1, limits.min_examples or 0)
    found = f"{rows:,} {kind}example{'' if rows == 1 else 's'}"
    if rows < least:
        would_do = rows + held_out >= least
        more = "split.ratio, or switch the split off (split.enabled: false)" if would_do else "add documents"
        return _size_issue(
            "error", "too_few_examples", found, f"{least:,} or more", limits, f"Raise dataset_size or {more}."
        )
    if limits.max_examples is not None and rows > limits.max_examples:
        allowed = f"{limits.max_examples:,} at most"
        return _size_issue("error", "too_many_examples", found, allowed, limits, "Lower dataset_size.")
    if limits.recommended_examples is not None and rows < limits.recommended_examples:
        allowed = f"{limits.recommended_examples:,} or more are recommended"
        return _size_issue("warning", "few_examples", found, allowed, limits, "Raise dataset_size for better results.")
    return ()


def _size_issue(
    severity: Literal["error", "warning"], code: str, found: str, allowed: str, limits: ModelLimits, fix: str
) -> tuple[Issue, ...]:
    verb = {"too_few_examples": " needs", "too_many_examples": " takes"}.get(code, ":")
    message = f"{found}; {limits.title}{verb} {allowed}."
    return (Issue(severity, code, message, 0, fix, "", found, allowed, limits.source),)


def check_volume(counted: TokenCount, size_bytes: int, limits: ModelLimits) -> tuple[Issue, ...]:
    """Whether all tokens together and the file stay within the provider's limits."""
    issues: list[Issue] = []
    most = limits.max_training_tokens
    if most is not None and counted.tokens > most * (NEAR_LIMIT if counted.exact else ESTIMATE_MARGIN):
        found, allowed = f"{counted.tokens:,} tokens in all", f"{most:,} at most"
        severity: Literal["error", "warning"] = "error" if counted.tokens > most else "warning"
        issues += _size_issue(severity, "too_many_tokens", found, allowed, limits, "Lower dataset_size.")
    if limits.max_file_mb is not None and size_bytes > limits.max_file_mb * 1_000_000 * NEAR_LIMIT:
        found, allowed = f"{size_bytes / 1e6:,.0f} MB in one file", f"{limits.max_file_mb:,} MB at most"
        severity = "error" if size_bytes > limits.max_file_mb * 1_000_000 else "warning"
        issues += _size_issue(severity, "file_too_large", found, allowed, limits, "Lower dataset_size.")
    return tuple(issues)


def check_split(train: int, validation: int, limits: ModelLimits) -> tuple[Issue, ...]:
    """Whether a validation set of ``validation`` examples is allowed beside ``train`` training examples."""
    allowed = limits.max_validation_examples
    if limits.max_validation_share is not None and validation > MANY_VALIDATION_ROWS:
        share = max(MANY_VALIDATION_ROWS, int(train * limits.max_validation_share))
        allowed = share if allowed is None else min(allowed, share)
    if allowed is None or validation <= allowed:
        return ()
    found, beside = f"{validation:,} validation examples", f"{allowed:,} beside {train:,} training examples"
    return _size_issue("error", "too_many_validation_examples", found, beside, limits, "Raise split.ratio.")


def _row_bytes(sample: Sample) -> int:
    """Bytes of the row in the messages format with its line break: within a few percent for every provider."""
    return (
        len(orjson.dumps({"messages": [{"role": turn.role, "content": turn.content} for turn in sample.messages]})) + 1
    )
