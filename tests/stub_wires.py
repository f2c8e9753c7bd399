"""The JSON shapes of the vendors' wires, for stub_server: read a request, write an answer or an error. All pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class StubRequest:
    """One call as the server understood it, the same shape for every vendor.

    ``messages`` are pairs of role (system, user, assistant) and text; ``schema`` is the JSON schema that the answer
    was asked to follow; ``at`` is the time of arrival (time.monotonic, seconds).
    """

    provider: str
    model: str
    path: str
    messages: tuple[tuple[str, str], ...] = ()
    schema: Mapping[str, Any] | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    at: float = 0.0

    @property
    def prompt(self) -> str:
        """The text of the last user message."""
        return next((text for role, text in reversed(self.messages) if role == "user"), "")


def read_request(provider: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a StubRequest that stand in the body."""
    if provider == "google":
        return _read_google(body)
    return _read_anthropic(body) if provider == "anthropic" else _read_chat(body)


def count_tokens(text: str) -> int:
    """A deterministic stand-in for a tokenizer: four bytes a token."""
    return (len(text.encode("utf-8")) + 3) // 4


def answer_body(request: StubRequest, text: str, flaw: str) -> dict[str, Any]:
    """The vendor's answer with ``text``. ``flaw`` is "", length, refusal, nochoice or nousage."""
    tokens = (count_tokens("".join(text for _, text in request.messages)), count_tokens(text))
    if flaw == "length":
        text = text[: len(text) // 2]
    if request.provider == "google":
        return _google_answer(request, text, tokens, flaw)
    if request.provider == "anthropic":
        return _anthropic_answer(request, text, tokens, flaw)
    return _chat_answer(request, text, tokens, flaw)


def count_body(request: StubRequest, flaw: str) -> dict[str, Any]:
    """The vendor's answer to the call that counts tokens."""
    tokens = count_tokens("".join(text for _, text in request.messages))
    if flaw == "nousage":
        return {}
    return {"totalTokens": tokens} if request.provider == "google" else {"input_tokens": tokens}


def error_body(provider: str, status: int, message: str, retry_after: str) -> dict[str, Any]:
    """The vendor's own shape of an error."""
    if provider == "google":
        wait = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{retry_after}s"}
        states = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}
        state = states.get(status) or {429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE"}.get(status, "INTERNAL")
        return {
            "error": {"code": status, "message": message, "status": state, "details": [wait] if retry_after else []}
        }
    if provider == "anthropic":
        kinds = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
        kind = kinds.get(status) or {400: "invalid_request_error", 529: "overloaded_error"}.get(status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": message}}
    if provider == "mistral":
        return {"object": "error", "message": message, "type": "error", "param": None, "code": str(status)}
    return {"error": {"message": message, "type": "error", "param": None, "code": None}}


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        return str(content.get("text") or _text(content.get("parts")))
    return "".join(_text(part) for part in content or ())


def _read_chat(body: Mapping[str, Any]) -> dict[str, Any]:
    wanted = (body.get("response_format") or {}).get("json_schema") or {}
    return {
        "messages": tuple((turn["role"], _text(turn.get("content"))) for turn in body.get("messages", ())),
        "schema": wanted.get("schema"),
        "temperature": body.get("temperature"),
        "max_tokens": body.get("max_completion_tokens") or body.get("max_tokens"),
        "seed": body.get("seed", body.get("random_seed")),
    }


def _read_anthropic(body: Mapping[str, Any]) -> dict[str, Any]:
    opening = (("system", _text(body["system"])),) if body.get("system") else ()
    return {
        "messages": (*opening, *((turn["role"], _text(turn["content"])) for turn in body.get("messages", ()))),
        "schema": ((body.get("output_config") or {}).get("format") or {}).get("schema"),
        "temperature": body.get("temperature"),
        "max_tokens": body.get("max_tokens"),
    }


def _read_google(body: Mapping[str, Any]) -> dict[str, Any]:
    opening = (("system", _text(body["systemInstruction"])),) if body.get("systemInstruction") else ()
    turns = ((turn.get("role", "user"), _text(turn)) for turn in body.get("contents", ()))
    settings = body.get("generationConfig") or {}
    return {
        "messages": (*opening, *(("assistant" if role == "model" else role, text) for role, text in turns)),
        "schema": settings.get("responseJsonSchema") or settings.get("responseSchema"),
        "temperature": settings.get("temperature"),
        "max_tokens": settings.get("maxOutputTokens"),
        "seed": settings.get("seed"),
    }


def _chat_answer(request: StubRequest, text: str, tokens: tuple[int, int], flaw: str) -> dict[str, Any]:
    finish = {"length": "length", "refusal": "content_filter"}.get(flaw, "stop")
    message = {"role": "assistant", "content": None if flaw == "refusal" else text}
    answer = {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 1,
        "model": request.model,
        "choices": [] if flaw == "nochoice" else [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)},
    }
    return _without("usage", answer) if flaw == "nousage" else answer


def _anthropic_answer(request: StubRequest, text: str, tokens: tuple[int, int], flaw: str) -> dict[str, Any]:
    answer = {
        "id": "msg_stub",
        "type": "message",
        "role": "assistant",
        "model": request.model,
        "content": [] if flaw in {"refusal", "nochoice"} else [{"type": "text", "text": text}],
        "stop_reason": {"length": "max_tokens", "refusal": "refusal"}.get(flaw, "end_turn"),
        "stop_sequence": None,
        "usage": {"input_tokens": tokens[0], "output_tokens": tokens[1]},
    }
    return _without("usage", answer) if flaw == "nousage" else answer


def _google_answer(request: StubRequest, text: str, tokens: tuple[int, int], flaw: str) -> dict[str, Any]:
    candidate = {
        "index": 0,
        "finishReason": {"length": "MAX_TOKENS", "refusal": "SAFETY"}.get(flaw, "STOP"),
        "content": {"role": "model", "parts": [{"text": text}]},
    }
    if flaw == "refusal":
        candidate = _without("content", candidate)
    answer = {
        "candidates": [] if flaw == "nochoice" else [candidate],
        "usageMetadata": {"promptTokenCount": tokens[0], "candidatesTokenCount": tokens[1]},
        "modelVersion": request.model,
        "responseId": "stub",
    }
    return _without("usageMetadata", answer) if flaw == "nousage" else answer


def _without(key: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != key}


def follow_schema(schema: Mapping[str, Any], texts: list[str], root: Mapping[str, Any] | None = None) -> Any:
    """A value of the shape of ``schema``; its strings are taken from ``texts`` in turn."""
    root = schema if root is None else root
    if "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return follow_schema(found, texts, root)
    for key in ("anyOf", "oneOf", "allOf"):
        if schema.get(key):
            return follow_schema(schema[key][0], texts, root)
    if "const" in schema or schema.get("enum"):
        return schema.get("const", (schema.get("enum") or [None])[0])
    return _value_of_type(schema, texts, root)


def _value_of_type(schema: Mapping[str, Any], texts: list[str], root: Mapping[str, Any]) -> Any:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: follow_schema(part, texts, root) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [follow_schema(schema.get("items", {}), texts, root) for _ in range(max(1, schema.get("minItems", 1)))]
    if kind == "string":
        texts.append(texts.pop(0))
        return texts[-1].ljust(schema.get("minLength", 1), ".")[: schema.get("maxLength")]
    numbers = {"integer": int(schema.get("minimum", 1)), "number": float(schema.get("minimum", 1))}
    return numbers.get(kind, kind == "boolean" or None)


def default_answer(request: StubRequest) -> str:
    """The prompt repeated, or JSON of the wished shape with lines of the prompt in it. Same request, same answer."""
    if request.schema is None:
        return f"You said: {request.prompt}"
    lines = [line.strip() for line in request.prompt.splitlines() if line.strip()]
    return json.dumps(follow_schema(request.schema, lines or ["nothing"]), ensure_ascii=False)
