"""HTTP statuses, waits and messages as all vendors give them."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from src.providers.wire_errors import (
    MAX_QUOTED,
    classify_error,
    connection_message,
    first_cause,
    is_refused,
    is_used_up,
    kind_of_status,
    retry_after_s,
    short_message,
    status_of,
)

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


class WireError(Exception):
    """Carries what an SDK's exception carries."""

    def __init__(self, text: str = "", **attributes: Any) -> None:
        super().__init__(text)
        for name, value in attributes.items():
            setattr(self, name, value)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (200, "", "malformed"),
        (301, "", "bad_request"),
        (400, "Invalid value for temperature", "bad_request"),
        (400, "This model's maximum context length is 4096 tokens", "too_long"),
        (400, "prompt is too long: 250000 tokens > 200000 maximum", "too_long"),
        (400, "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", "too_long"),
        (400, "Please reduce the length of the messages", "too_long"),
        (400, "the request exceeds the available context size: context window of 2048", "too_long"),
        (400, "API key not valid. Please pass a valid API key.", "auth"),
        (400, "You have reached your specified API usage limits.", "auth"),
        (400, "Your credit balance is too low", "auth"),
        (401, "", "auth"),
        (402, "", "auth"),
        (403, "", "auth"),
        (404, "no such model", "not_found"),
        (408, "", "timeout"),
        (409, "", "server"),
        (413, "", "too_long"),
        (422, "", "bad_request"),
        (429, "slow down", "rate_limit"),
        (429, "insufficient_quota", "auth"),
        (429, "quotaId: GenerateRequestsPerDayPerProjectPerModel-FreeTier", "auth"),
        (429, "quotaId: GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "rate_limit"),
        (500, "", "server"),
        (504, "", "timeout"),
        (529, "Overloaded", "server"),
    ],
)
def test_a_status_and_its_message_become_a_kind(status: int, message: str, kind: str) -> None:
    assert kind_of_status(status, message) == kind
    assert classify_error(WireError(message, status_code=status), {}) == kind


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [({"status_code": 429}, 429), ({"code": 503}, 503), ({"code": "429"}, None), ({"code": 7}, None), ({}, None)],
)
def test_the_status_is_found_where_the_sdk_keeps_it(attributes: dict[str, Any], expected: int | None) -> None:
    assert status_of(WireError(**attributes)) == expected


@pytest.mark.parametrize(
    ("headers", "details", "expected"),
    [
        ({"retry-after": "3"}, None, 3.0),
        ({"retry-after": "0.25"}, None, 0.25),
        ({"retry-after-ms": "1500", "retry-after": "9"}, None, 1.5),
        ({"Retry-After": "4"}, None, 4.0),
        ({"retry-after": "-5"}, None, 0.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 GMT"}, None, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 -0000"}, None, 0.0),
        ({"retry-after": "soon"}, None, None),
        ({"retry-after": "nan"}, None, None),
        ({}, {"error": {"details": [{"@type": "RetryInfo", "retryDelay": "7.5s"}]}}, 7.5),
        ({}, {"error": {"details": ["text", {"retryDelay": "later"}]}}, None),
        ({}, None, None),
    ],
)
def test_the_wait_is_read_from_headers_or_retry_info(
    headers: dict[str, str], details: Any, expected: float | None
) -> None:
    in_response = WireError(response=SimpleNamespace(headers=headers), details=details)
    in_raw_response = WireError(raw_response=SimpleNamespace(headers=headers), details=details)
    on_itself = WireError(headers=headers, details=details)
    assert [retry_after_s(error, NOW) for error in (in_response, in_raw_response, on_itself)] == [expected] * 3


def test_a_date_far_away_is_measured_from_now() -> None:
    assert retry_after_s(WireError(headers={"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"})) > 1e9  # type: ignore[operator]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (WireError("400 {...}", body={"error": {"message": "bad  thing\nhere"}}), "bad thing here"),
        (WireError("x", details={"error": {"message": "from Google"}}), "from Google"),
        (WireError("x", body='{"message": "from Mistral"}'), "from Mistral"),
        (WireError("x", body="{not json", message="the SDK's words"), "the SDK's words"),
        (WireError("only text"), "only text"),
        (WireError(), "WireError"),
        (WireError("y" * 1000), "y" * (MAX_QUOTED - 3) + "..."),
    ],
)
def test_the_server_s_own_sentence_is_quoted_on_one_line(error: Exception, expected: str) -> None:
    assert short_message(error) == expected


def test_an_error_without_status_is_classified_by_its_nearest_named_base() -> None:
    class SpecialError(ConnectionResetError):
        pass

    assert classify_error(SpecialError(), {}) == "connection"
    assert classify_error(SpecialError(), {"SpecialError": "refused"}) == "refused"
    assert classify_error(KeyError(), {}) is None


def test_the_first_cause_is_the_end_of_the_chain() -> None:
    inner, middle, outer = OSError(), ValueError(), RuntimeError()
    middle.__cause__, outer.__cause__ = inner, middle
    assert first_cause(outer) is inner
    assert first_cause(inner) is inner


def test_money_that_is_gone_is_told_from_too_many_requests() -> None:
    assert is_used_up("billing hard limit reached")
    assert not is_used_up("Rate limit reached for requests")


def test_the_cause_of_a_missing_connection_is_found_below_the_sdk_s_words() -> None:
    def below(cause: BaseException) -> Exception:
        error = TimeoutError("Request timed out.")
        error.__context__ = cause
        return error

    refused = ConnectionRefusedError(111, "Connect call failed")
    assert is_refused(below(refused))
    assert is_refused(below(ExceptionGroup("all attempts", [OSError(), refused])))
    assert not is_refused(below(ConnectionResetError(104, "reset")))
    assert "nothing listens" in connection_message(below(refused))
    assert "not known" in connection_message(below(socket.gaierror(-2, "Name or service not known")))
    assert "certificate" in connection_message(below(ssl.SSLCertVerificationError("self-signed")))
    reset = TimeoutError("Request timed out.")
    reset.__cause__ = ConnectionResetError(104, "reset by peer")
    assert connection_message(reset).endswith("reset by peer")
