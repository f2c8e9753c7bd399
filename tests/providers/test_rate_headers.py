"""Rate limits as each vendor's headers tell them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from src.core.errors import ProviderError
from src.core.types import ChatRequest, Message, ProviderName, RateLimit, RateLimits
from src.providers import load_provider
from src.providers.base_provider import Connection
from src.providers.rate_headers import exhausted_for_s, read_rate_limits
from tests.stub_server import StubServer

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
OPENAI = {
    "x-ratelimit-limit-requests": "5000",
    "x-ratelimit-remaining-requests": "4999",
    "x-ratelimit-reset-requests": "12ms",
    "x-ratelimit-limit-tokens": "4000000",
    "x-ratelimit-remaining-tokens": "3999000",
    "x-ratelimit-reset-tokens": "1m30.5s",
}
ANTHROPIC = {
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "49",
    "anthropic-ratelimit-requests-reset": "2026-11-21T12:00:01Z",
    "anthropic-ratelimit-tokens-limit": "40000",
    "anthropic-ratelimit-tokens-remaining": "0",
    "anthropic-ratelimit-tokens-reset": "2026-11-21T12:00:30Z",
}
MISTRAL = {
    "x-ratelimit-limit-req-minute": "60",
    "x-ratelimit-remaining-req-minute": "30",
    "x-ratelimit-limit-tokens-minute": "500000",
    "x-ratelimit-remaining-tokens-minute": "500000",
}
ROUTER = {"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1795262460000"}
DRAFT = {"ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "7", "ratelimit-reset": "30"}


@pytest.mark.parametrize(
    ("headers", "requests", "tokens"),
    [
        (OPENAI, RateLimit(5000, 4999, 0.012), RateLimit(4_000_000, 3_999_000, 90.5)),
        (ANTHROPIC, RateLimit(50, 49, 1.0), RateLimit(40000, 0, 30.0)),
        (MISTRAL, RateLimit(60, 30, 30.0), RateLimit(500_000, 500_000, 0.0)),
        (ROUTER, RateLimit(20, 0, 60.0), None),
        (DRAFT, RateLimit(100, 7, 30.0), None),
    ],
)
def test_each_vendor_s_headers_are_understood(
    headers: dict[str, str], requests: RateLimit, tokens: RateLimit | None
) -> None:
    assert read_rate_limits(headers, NOW) == RateLimits(requests, tokens)


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("6m0s", 360.0),
        ("2h3m", 7380.0),
        ("1d", 86400.0),
        ("59.96s", 59.96),
        ("250ms", 0.25),
        ("7", 7.0),
        ("1795262410", 10.0),
        ("2026-11-21T11:00:00Z", 0.0),
        ("soon", None),
        ("2026-11-21T12:00:00", None),
        ("", None),
    ],
)
def test_the_time_of_a_reset_is_read_in_every_form(reset: str, seconds: float | None) -> None:
    told = read_rate_limits({"x-ratelimit-limit": "9", "x-ratelimit-remaining": "1", "x-ratelimit-reset": reset}, NOW)
    assert told is not None
    assert told.requests == RateLimit(9, 1, seconds)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "application/json"},
        {"x-ratelimit-limit-requests": "500"},
        {"x-ratelimit-limit-requests": "many", "x-ratelimit-remaining-requests": "few"},
    ],
)
def test_headers_without_a_whole_limit_say_nothing(headers: dict[str, str]) -> None:
    assert read_rate_limits(headers) is None


def test_the_longest_reset_of_what_is_used_up_counts() -> None:
    assert exhausted_for_s(RateLimits(RateLimit(9, 0, 3), RateLimit(9, 0, 8))) == 8
    assert exhausted_for_s(RateLimits(RateLimit(9, 1, 3), RateLimit(9, 0, None))) is None
    assert exhausted_for_s(None) is None


@pytest.mark.parametrize("name", ["openai", "anthropic", "google", "mistral", "llama"])
def test_limits_are_heard_with_answers_and_refusals_of_every_sdk(stub: StubServer, name: ProviderName) -> None:
    stub.headers = {"x-ratelimit-limit-requests": "9", "x-ratelimit-remaining-requests": "0"}
    stub.headers["x-ratelimit-reset-requests"] = "4s"
    told = RateLimits(RateLimit(9, 0, 4.0), None)

    async def story() -> None:
        provider = load_provider(name)(Connection(api_key="k", base_url=stub.url(name)))
        request = ChatRequest("any", (Message("user", "hello"),))
        try:
            assert (await provider.generate(request)).rate_limits == told
            stub.script("429")
            with pytest.raises(ProviderError) as caught:
                await provider.generate(request)
        finally:
            await provider.aclose()
        assert (caught.value.rate_limits, caught.value.retry_after) == (told, 4.0)

    asyncio.run(story())
