"""Reading a model's answer: plain values from an SDK's object, and what is common to all vendors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from src.core.errors import ProviderError
from src.core.types import FinishReason, GenerationResult, Usage


class WireAnswer(NamedTuple):
    """What came over the wire: the JSON object, and the headers, where rate limits are told."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]


def read_body(content: bytes | str) -> dict[str, Any]:
    """The JSON object of an answer. Raises ProviderError (malformed) for an HTML page, a cut or an empty body."""
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise malformed("The answer is not JSON") from error
    if not isinstance(answer, dict):
        raise malformed("The answer is not a JSON object")
    return answer


def dig(value: Any, *path: str | int) -> Any:
    """The value at ``path`` of nested mappings and lists; None where there is nothing."""
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text_of(content: Any) -> str:
    """The text of a message: a string, or the text parts of a list joined. Reasoning parts are left out."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(
        part["text"]
        for part in parts
        if isinstance(part, Mapping) and isinstance(part.get("text"), str) and not part.get("thought")
    )


def to_result(text: str, model: str, usage: Usage, finish: FinishReason) -> GenerationResult:
    """The result of a call. Raises ProviderError (malformed) for an empty text, unless the answer was cut."""
    if not text.strip() and finish == "stop":
        raise malformed("The answer is empty", usage)
    return GenerationResult(text=text, model=model, usage=usage, finish_reason=finish)


def tokens(*counts: Any) -> int:
    """The sum of the counts that are numbers: vendors leave out what is zero."""
    return sum(count for count in counts if isinstance(count, int) and not isinstance(count, bool) and count > 0)


def counted_tokens(count: Any) -> int:
    """The answer of a call that counts tokens. Raises ProviderError (malformed) when it is no number above 0."""
    if tokens(count) == 0:
        raise malformed("The answer holds no number of tokens")
    return tokens(count)


def malformed(message: str, usage: Usage | None = None) -> ProviderError:
    """The error of an answer that cannot be read; it was paid for when ``usage`` counts any tokens."""
    error = ProviderError(
        f"{message}.",
        kind="malformed",
        fix="Run again; if it stays, check that the endpoint speaks this provider's protocol.",
    )
    error.usage = usage if usage != Usage() else None
    return error


def refused(reason: str, usage: Usage) -> ProviderError:
    """The error of an answer that the model or the vendor's filter withheld: an outcome like any other, and final."""
    error = ProviderError(
        f"The model refused to answer ({reason}).",
        kind="refused",
        fix="Leave out the passage, or choose another model.",
    )
    error.usage = usage
    return error
