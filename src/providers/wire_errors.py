"""From what an SDK raised to a kind of error: HTTP status, wait time and exception class, the same for all vendors."""

from __future__ import annotations

import math
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from src.core.errors import ErrorKind

MAX_QUOTED = 300
"""Characters of a server's own message that an error quotes."""

_TOO_LONG = re.compile(
    r"context.{0,3}length|context.{0,3}window|maximum context|prompt is too long|too many (input )?tokens|too long"
    r"|exceeds? the (maximum|max|limit)[^.]{0,40}tokens|input token count|token limit|larger than the .{0,20}context"
    r"|reduce the length|request_too_large",
    re.IGNORECASE,
)
# A 429 that no waiting mends: the account's money or its quota of the day or month is used up.
_USED_UP = re.compile(
    r"insufficient_quota|exceeded your current quota|spend[_ ]limit|billing|credit balance|PerDay|per day|usage limits",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(r"api.?key.{0,12}(not valid|invalid|not found|expired)|API_KEY_INVALID", re.IGNORECASE)

_BY_STATUS: Mapping[int, ErrorKind] = {
    401: "auth",
    402: "auth",
    403: "auth",
    404: "not_found",
    408: "timeout",
    409: "server",
    413: "too_long",
    425: "server",
    429: "rate_limit",
    499: "connection",
    504: "timeout",
}
# Names of exception classes outside of the SDKs: Python's own, httpx2's and aiohttp's.
_TRANSPORT: Mapping[str, ErrorKind] = {
    "TimeoutError": "timeout",
    "TimeoutException": "timeout",
    "ServerTimeoutError": "timeout",
    "ClientConnectionError": "connection",
    "ClientPayloadError": "connection",
    "ClientError": "malformed",
    "HttpProcessingError": "malformed",
    "EofStream": "connection",
    "DecodingError": "malformed",
    "InvalidURL": "bad_request",
    "UnsupportedProtocol": "bad_request",
    "HTTPError": "connection",
    "StreamError": "connection",
    "CookieConflict": "malformed",
    "OSError": "connection",
    "ValueError": "malformed",
}


_NO_CONNECTION: Mapping[type[BaseException], str] = {
    ConnectionRefusedError: "it was refused at once, nothing listens there",
    socket.gaierror: "the name of the host is not known",
    ssl.SSLError: "the certificate of the host was not accepted",
}


def classify_error(error: Exception, own: Mapping[str, ErrorKind]) -> ErrorKind | None:
    """The kind of an exception: by its HTTP status, else by its class or the nearest base class that has a name in
    ``own`` (the SDK's classes) or in the table of the transports. None: not an error of a call."""
    status = status_of(error)
    if status is not None:
        return kind_of_status(status, full_message(error))
    table = {**_TRANSPORT, **own}
    return next((table[base.__name__] for base in type(error).__mro__ if base.__name__ in table), None)


def classify_aiohttp_error(error: Exception, own: Mapping[str, ErrorKind]) -> ErrorKind | None:
    """As ``classify_error``, for SDKs on their aiohttp transport: it calls a refused or dropped connection a timeout
    too; the first cause knows better."""
    kind = classify_error(error, own)
    return classify_error(first_cause(error), own) if kind == "timeout" else kind


def kind_of_status(status: int, message: str) -> ErrorKind:
    """The kind of an HTTP status, told apart by the server's message where one status means several things."""
    if status < 300:
        return "malformed"  # a success whose body the SDK could not read
    if status in {400, 403, 404} and _BAD_KEY.search(message):
        return "auth"
    if status in {400, 413, 422} and _TOO_LONG.search(message):
        return "too_long"
    if status in {400, 429} and _USED_UP.search(message):
        return "auth"
    return _BY_STATUS.get(status) or ("server" if status >= 500 else "bad_request")


def first_cause(error: Exception) -> Exception:
    """Where a chain of ``raise ... from`` began."""
    while isinstance(error.__cause__, Exception):
        error = error.__cause__
    return error


def is_refused(error: BaseException) -> bool:
    """Whether a connection was refused at once: the host is there, and nothing listens at that port."""
    return any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error))


def connection_message(error: Exception) -> str:
    """Why there is no connection: what lies below the SDK's own words, which may call it a timeout."""
    causes = list(_causes(error))
    for kind, meaning in _NO_CONNECTION.items():
        if any(isinstance(cause, kind) for cause in causes):
            return meaning
    return short_message(first_cause(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it came from: causes, contexts and the members of groups."""
    queue, seen = [error], {id(error)}
    while queue:
        found = queue.pop(0)
        yield found
        members = found.exceptions if isinstance(found, BaseExceptionGroup) else ()
        for cause in (found.__cause__, found.__context__, *members):
            if cause is not None and id(cause) not in seen:
                seen.add(id(cause))
                queue.append(cause)


def is_used_up(message: str) -> bool:
    """Whether the server says that money or a long-term quota has run out."""
    return _USED_UP.search(message) is not None


def status_of(error: Exception) -> int | None:
    """The HTTP status that an SDK's exception carries; None for errors without an answer."""
    for name in ("status_code", "status", "code"):
        value = getattr(error, name, None)
        if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599:
            return value
    return None


def full_message(error: Exception) -> str:
    """Everything that the server said, for the rules above."""
    return " ".join(str(part) for part in (error, getattr(error, "body", ""), getattr(error, "details", "")) if part)


def short_message(error: Exception) -> str:
    """The server's own sentence, on one line and not longer than ``MAX_QUOTED``; else the exception's."""
    bodies = (getattr(error, "body", None), getattr(error, "details", None))
    said = next((text for body in bodies for text in _messages(body)), "") or str(
        getattr(error, "message", "") or error
    )
    line = " ".join(said.split()) or type(error).__name__
    return line if len(line) <= MAX_QUOTED else f"{line[: MAX_QUOTED - 3]}..."


def headers_of(error: Exception) -> Mapping[str, str]:
    """The headers of the answer that an SDK's exception carries; none for errors without an answer."""
    # an answer without success is false in some SDKs
    answers = (getattr(error, name, None) for name in ("response", "raw_response"))
    response = next((answer for answer in answers if answer is not None), None)
    return getattr(response, "headers", None) or getattr(error, "headers", None) or {}


def retry_after_s(error: Exception, now: datetime | None = None) -> float | None:
    """Seconds that the server asks to wait: from its headers, or (Google) from RetryInfo in its body; else None."""
    headers = headers_of(error)
    in_ms = _seconds(headers.get("retry-after-ms"), 0.001)
    if in_ms is not None:
        return in_ms
    text = headers.get("retry-after") or headers.get("Retry-After")
    waits = [_seconds(text), _seconds_until(text, now or datetime.now(UTC))]
    waits += [_seconds(found.removesuffix("s")) for found in _values_of("retryDelay", getattr(error, "details", None))]
    return next((wait for wait in waits if wait is not None), None)


def _seconds(text: str | None, unit: float = 1.0) -> float | None:
    try:
        value = float(text or "") * unit
    except ValueError:
        return None
    return max(0.0, value) if math.isfinite(value) else None


def _seconds_until(text: str | None, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def _messages(body: Any) -> Iterator[str]:
    if isinstance(body, str) and body.lstrip().startswith("{"):
        import orjson

        try:
            body = orjson.loads(body)
        except orjson.JSONDecodeError:
            return
    yield from _values_of("message", body)


def _values_of(key: str, value: Any) -> Iterator[str]:
    """Every text under ``key``, however deep."""
    if isinstance(value, Mapping):
        if isinstance(value.get(key), str):
            yield value[key]
        for inner in value.values():
            yield from _values_of(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values_of(key, inner)
