"""What a run will ask for and cost, said before it begins: from the plan, the prompts, the passages and the prices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from src.core.config import RunConfig
from src.core.types import SourceDocument, Usage
from src.generation import line_finder, reask
from src.generation.budget import EXPECTED_ANSWER_TOKENS, count_text
from src.generation.judge import JUDGE_PROMPT
from src.generation.opening import connect_team
from src.generation.planning.quotas import pick_evenly
from src.generation.planning.refill import ROUNDS
from src.generation.planning.tasks import TASKS
from src.generation.task_prompts import task_prompt_name
from src.generation.team import Member
from src.generation.writer import Teacher
from src.providers import limits
from src.providers.lookup import find_model
from src.utils.chunker import make_passages
from src.utils.prompt_loader import INSTRUCTIONS, read_prompt

_DOCUMENTS_MEASURED = 12
_PASSAGES_MEASURED = 24
_CHARS_PER_TOKEN = 4
"""For texts that are not known yet; the real ones are counted."""
_EXPECTED_JUDGEMENT_TOKENS = 150
"""A verdict with two or three places that prove it."""
_WAIT_S = 1.0
_TOKENS_PER_S = 60.0
"""What hosted models do today, within a factor of two: time is an order of magnitude here."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run is expected to pay for, and at most. ``usd`` and ``most_usd`` are None where a price is not known;
    ``minutes`` where requests wait in batches, which take up to a day each. What the journal has costs nothing: that
    is not known before."""

    teachers: tuple[str, ...]
    requests: int
    most_requests: int
    usage: Usage
    most_usage: Usage
    usd: float | None
    most_usd: float | None
    minutes: float | None

    def is_above(self, threshold_usd: float) -> bool:
        """Whether a person should be asked first."""
        return self.usd is not None and self.usd > threshold_usd


def estimate_run(
    config: RunConfig,
    teachers: Sequence[Teacher],
    documents: Sequence[SourceDocument],
    prompts: Path,
    *,
    shown_chars: int = 0,
    judge: Teacher | None = None,
) -> Estimate | None:
    """The estimate for a run of ``config``; None when no model is asked, or only the embedded one. ``judge`` is asked
    about every draft.

    ``shown_chars`` is what the mode adds to every prompt beside the passage (hybrid: its examples). Raises ConfigError
    when batches are wished of a provider that has none.
    """
    size = limits.cap_size(config.dataset_size, find_model(config.provider, config.model)).used
    share = {"identify": 0.0, "hybrid": config.agent.hybrid.generation_ratio}.get(config.mode, 1.0)
    writing = round(size * share)
    windows = _count_windows(documents) if config.mode in {"identify", "hybrid"} else 0
    # hybrid: where too few conversations are found, all of the samples are written
    calls = Calls(writing, (size if writing else 0) * ROUNDS * reask.ATTEMPTS, windows * reask.ATTEMPTS)
    return estimate_calls(config, teachers, documents, prompts, calls, shown_chars=shown_chars, judge=judge)


class Calls(NamedTuple):
    """How many answers are expected, how many drafts are written and how many windows are read at most."""

    expected: int
    most_written: int
    most_read: int = 0


def estimate_calls(
    config: RunConfig,
    teachers: Sequence[Teacher],
    documents: Sequence[SourceDocument],
    prompts: Path,
    calls: Calls,
    *,
    shown_chars: int = 0,
    judge: Teacher | None = None,
) -> Estimate | None:
    """The estimate for a run that makes ``calls``; see ``estimate_run``."""
    if not teachers or any(teacher.writer.demo_quality for teacher in teachers):
        return None
    team = connect_team(config, teachers)
    writing = calls.expected
    one_written = _writing_call(config, team[0], documents, prompts, shown_chars) if writing else Usage()
    one_read = _reading_call(team[0], prompts) if calls.most_read else Usage()
    usage = _times(one_written, writing)
    most = _times(one_written, calls.most_written) + _times(one_read, calls.most_read)
    written = Estimate(
        tuple(member.name for member in team),
        writing,
        calls.most_written + calls.most_read,
        usage,
        most,
        _price(team, usage),
        _price(team, most),
        None if config.generation.batch else _minutes(team, writing, one_written),
    )
    if judge is None or not writing:
        return written
    seat = connect_team(config, (judge,))
    one_judged = _judging_call(seat[0], documents, prompts)
    return _with_judge(written, seat, one_judged, calls.most_written * reask.ATTEMPTS)


def _with_judge(written: Estimate, seat: Sequence[Member], call: Usage, most_requests: int) -> Estimate:
    """``written`` with one call of the judge for every sample, and at most ``most_requests`` of them."""
    usage, most = _times(call, written.requests), _times(call, most_requests)
    return replace(
        written,
        requests=2 * written.requests,
        most_requests=written.most_requests + most_requests,
        usage=written.usage + usage,
        most_usage=written.most_usage + most,
        usd=_sum(written.usd, _price(seat, usage)),
        most_usd=_sum(written.most_usd, _price(seat, most)),
        minutes=_sum(written.minutes, _minutes(seat, written.requests, call)),
    )


def _writing_call(
    config: RunConfig, member: Member, documents: Sequence[SourceDocument], prompts: Path, shown_chars: int
) -> Usage:
    model = member.model.id if member.model else ""
    prompt = count_text(model, read_prompt(prompts, f"system/{config.mode}_mode.txt"))
    if config.mode in {"create", "hybrid"}:
        prompt += max(count_text(model, read_prompt(prompts, task_prompt_name(task))) for task in TASKS)
    if config.mode == "free" and config.agent.free.use_prompt_file and (prompts / INSTRUCTIONS).exists():
        prompt += count_text(model, read_prompt(prompts, INSTRUCTIONS))
    return Usage(prompt + _passage_tokens(model, documents) + shown_chars // _CHARS_PER_TOKEN, EXPECTED_ANSWER_TOKENS)


def _reading_call(member: Member, prompts: Path) -> Usage:
    model = member.model.id if member.model else ""
    prompt = count_text(model, read_prompt(prompts, "system/identify_mode.txt"))
    return Usage(prompt + line_finder.MAX_WINDOW_CHARS // _CHARS_PER_TOKEN, line_finder.EXPECTED_ANSWER_TOKENS)


def _judging_call(member: Member, documents: Sequence[SourceDocument], prompts: Path) -> Usage:
    model = member.model.id if member.model else ""
    prompt = count_text(model, read_prompt(prompts, JUDGE_PROMPT)) + EXPECTED_ANSWER_TOKENS
    return Usage(prompt + _passage_tokens(model, documents), _EXPECTED_JUDGEMENT_TOKENS)


def _passage_tokens(model: str, documents: Sequence[SourceDocument]) -> int:
    """Tokens of a passage: the mean of some from every part of some of the documents."""
    measured = pick_evenly([""] * len(documents), _DOCUMENTS_MEASURED)
    passages = [passage.text for index in measured for passage in make_passages(documents[index])]
    some = [passages[index] for index in pick_evenly([""] * len(passages), _PASSAGES_MEASURED)]
    return math.ceil(sum(count_text(model, text) for text in some) / len(some)) if some else 0


def _count_windows(documents: Sequence[SourceDocument]) -> int:
    """Pieces of documents that a model is asked about where no rule finds the conversations."""
    lengths = (sum(len(section.text) for section in document.sections) for document in documents)
    return sum(-(-length // line_finder.MAX_WINDOW_CHARS) for length in lengths)


def _sum(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first + second


def _times(usage: Usage, count: int) -> Usage:
    return Usage(usage.input_tokens * count, usage.output_tokens * count)


def _price(team: Sequence[Member], usage: Usage) -> float | None:
    """The mean of the prices of all members by their weight; None where one of them is not known."""
    prices = [member.price.of(usage) if member.price else None for member in team]
    total = sum(member.weight for member in team)
    known = [price * member.weight / total for price, member in zip(prices, team, strict=True) if price is not None]
    return math.fsum(known) if len(known) == len(prices) else None


def _minutes(team: Sequence[Member], requests: int, call: Usage) -> float:
    return minutes_for(requests, sum(member.concurrency for member in team), call.output_tokens)


def minutes_for(requests: int, concurrency: int, output_tokens: int) -> float:
    """How long ``requests`` take, ``concurrency`` at a time, with answers of so many tokens: an order of magnitude."""
    return math.ceil(requests / concurrency) * (_WAIT_S + output_tokens / _TOKENS_PER_S) / 60
