"""The journal of model answers: each is stored the moment it arrives, so that a stopped run pays for nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

from src.core.types import ChatRequest, FinishReason, GenerationResult, Usage
from src.persistence.models import to_timestamp
from src.persistence.sqlite_client import Store


def journal_key(provider: str, request: ChatRequest, slot: str, attempt: int) -> str:
    """Hash of everything that the answer depends on: provider, model, parameters, messages, plan slot, attempt.

    ``slot`` names the place in the plan that the answer is for, so that the same question asked twice on purpose
    gets two answers; ``attempt`` counts from 0.
    """
    asked = {
        "provider": provider,
        "model": request.model,
        "temperature": float(request.temperature),
        "max_tokens": request.max_tokens,
        "json_schema": request.json_schema,
        "seed": request.seed,
        "style": request.style,
        "grammar": request.grammar,
        "stop": list(request.stop),
        "messages": [[message.role, message.content] for message in request.messages],
        "slot": slot,
        "attempt": attempt,
    }
    # the standard library's json, not orjson: escapes take unpaired surrogates too
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Journal:
    """Answers by ``journal_key``. Holds texts and token counts, never a key of a provider: requests carry none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, key: str) -> GenerationResult | None:
        """The stored answer, marked ``cached``; None when the question was never answered."""
        rows = self._store.database.read("SELECT * FROM requests WHERE key = ?", (key,))
        if not rows:
            return None
        row = rows[0]
        return GenerationResult(
            text=bytes(row["text"]).decode("utf-8", "surrogatepass"),
            model=row["model"],
            usage=Usage(row["input_tokens"], row["output_tokens"]),
            finish_reason=cast("FinishReason", row["finish_reason"]),
            cached=True,
        )

    def record(self, key: str, request: ChatRequest, result: GenerationResult) -> None:
        """Store an answer; on return it survives a kill and a power cut. A key that has an answer keeps its first."""
        values = (
            key,
            request.model,
            result.model,
            result.text.encode("utf-8", "surrogatepass"),
            result.usage.input_tokens,
            result.usage.output_tokens,
            result.finish_reason,
            to_timestamp(self._store.clock()),
        )
        with self._store.database.transaction() as db:
            db.execute(
                """INSERT INTO requests (key, requested_model, model, text, input_tokens, output_tokens, finish_reason,
                     created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING""",
                values,
            )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be part of a request")
