"""Rate limits as the vendors' headers tell them; the same reading for all, for the names do not clash."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from src.core.types import RateLimit, RateLimits


class _Names(NamedTuple):
    """The headers of one limit."""

    limit: str
    remaining: str
    reset: str = ""
    period_s: float | None = None


# OpenAI and vLLM gateways, Anthropic, Mistral, OpenRouter and Together, the IETF draft.
_REQUESTS = (
    _Names("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    _Names(
        "anthropic-ratelimit-requests-limit",
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ),
    _Names("x-ratelimit-limit-req-minute", "x-ratelimit-remaining-req-minute", period_s=60),
    _Names("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    _Names("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
)
_TOKENS = (
    _Names("x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    _Names(
        "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"
    ),
    _Names("x-ratelimit-limit-tokens-minute", "x-ratelimit-remaining-tokens-minute", period_s=60),
    _Names("x-tokenlimit-limit", "x-tokenlimit-remaining", "x-ratelimit-reset"),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
_SECONDS_PER_UNIT = (86400.0, 3600.0, 60.0, 1.0, 0.001)
_LONGEST_DURATION_S = 1e8
"""Larger numbers are moments: seconds or milliseconds since 1970."""


def read_rate_limits(headers: Mapping[str, str], now: datetime | None = None) -> RateLimits | None:
    """What ``headers`` (names in any case) say about the limits; None when they say nothing that can be understood."""
    lower = {name.lower(): value for name, value in headers.items() if "limit" in name.lower()}
    if not lower:
        return None
    moment = now or datetime.now(UTC)
    requests, tokens = (_first_told(lower, names, moment) for names in (_REQUESTS, _TOKENS))
    return RateLimits(requests, tokens) if requests or tokens else None


def exhausted_for_s(limits: RateLimits | None) -> float | None:
    """Seconds until the last of the used-up limits is back; None when none is used up or no time was told."""
    waits = [one.reset_s for one in limits or () if one is not None and one.remaining <= 0 and one.reset_s is not None]
    return max(waits, default=None)


def _first_told(headers: Mapping[str, str], candidates: tuple[_Names, ...], now: datetime) -> RateLimit | None:
    for names in candidates:
        limit, remaining = (_read_number(headers.get(name, "")) for name in (names.limit, names.remaining))
        if limit is not None and remaining is not None:
            reset_s = _read_reset(headers.get(names.reset, ""), now)
            if reset_s is None and names.period_s is not None and limit > 0:
                reset_s = names.period_s * max(0.0, 1 - remaining / limit)
            return RateLimit(limit, remaining, reset_s)
    return None


def _read_number(text: str) -> float | None:
    # "100, 100;w=60": the draft allows a policy behind the number
    match = _NUMBER.match(text.strip())
    return float(match.group()) if match else None


def _read_reset(text: str, now: datetime) -> float | None:
    """Seconds from a number, a duration like ``1m30s`` or ``120ms``, or a moment (RFC 3339, or since 1970)."""
    text = text.strip()
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        value = float(text)
        if value < _LONGEST_DURATION_S:
            return value
        seconds = value / 1000 if value > _LONGEST_DURATION_S * 1000 else value
        return max(0.0, seconds - now.timestamp())
    duration = _DURATION.fullmatch(text)
    if duration:
        return math.fsum(
            float(part) * unit for part, unit in zip(duration.groups(), _SECONDS_PER_UNIT, strict=True) if part
        )
    try:
        return max(0.0, (datetime.fromisoformat(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None
