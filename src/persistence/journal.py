"""The journal of model answers: each is stored the moment it arrives, so that a stopped run pays for nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from sqlite3 import Row
from typing import Any, NamedTuple, cast

from src.core.errors import ErrorKind, ProviderError
from src.core.types import ChatRequest, FinishReason, GenerationResult, Usage
from src.persistence.models import to_timestamp
from src.persistence.sqlite_client import Store

Stored = GenerationResult | ProviderError
"""What the journal keeps: an answer, or a failure that was paid for (refused, malformed) and would be so again."""
_AN_ANSWER = "answer"
_LOOKED_UP_AT_ONCE = 500


class Entry(NamedTuple):
    """One paid outcome, under the ``journal_key`` of what was asked."""

    key: str
    request: ChatRequest
    outcome: Stored


def journal_key(provider: str, request: ChatRequest, slot: str, attempt: int, *, endpoint: str = "") -> str:
    """Hash of everything that the answer depends on: provider, model, parameters, messages, plan slot, attempt.

    ``slot`` names the place in the plan that the answer is for, so that the same question asked twice on purpose
    gets two answers; ``attempt`` counts from 0. ``endpoint`` is the address of the server, "" for the vendor's own:
    servers of one's own take any name for their model, so the same name elsewhere is another model.
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
    if endpoint:
        asked["endpoint"] = endpoint
    # the standard library's json, not orjson: escapes take unpaired surrogates too
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Journal:
    """Answers by ``journal_key``. Holds texts and token counts, never a key of a provider: requests carry none."""

    def __init__(self, store: Store, edition: str = "") -> None:
        """``edition`` names a run that wants answers of its own; those of other editions are kept, and not seen."""
        self.store = store
        self.prefix = f"{edition}:" if edition else ""

    def find(self, key: str) -> Stored | None:
        """The stored answer, marked ``cached``, or paid failure; None when the question was never answered."""
        return self.find_all([key]).get(key)

    def find_all(self, keys: Sequence[str]) -> dict[str, Stored]:
        """What is stored under each of ``keys``; those without an entry are left out."""
        found: dict[str, Stored] = {}
        for some in _parts(keys):
            marks = ",".join("?" * len(some))
            wanted = tuple(self.prefix + key for key in some)
            for row in self.store.database.read(f"SELECT * FROM requests WHERE key IN ({marks})", wanted):  # noqa: S608 - question marks
                found[row["key"].removeprefix(self.prefix)] = _read_row(row)
        return found

    def record(self, key: str, request: ChatRequest, result: GenerationResult) -> None:
        """Store an answer; on return it survives a kill and a power cut. A key that has an answer keeps its first."""
        self.record_all([Entry(key, request, result)])

    def record_all(self, entries: Sequence[Entry]) -> None:
        """Store many entries in one transaction, as ``record`` does one."""
        now = to_timestamp(self.store.clock())
        with self.store.database.transaction() as db:
            db.executemany(
                """INSERT INTO requests (key, requested_model, model, text, input_tokens, output_tokens, finish_reason,
                     outcome, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING""",
                [(self.prefix + entry.key, *_to_row(entry, now)) for entry in entries],
            )


def _to_row(entry: Entry, now: str) -> tuple[Any, ...]:
    outcome = entry.outcome
    if isinstance(outcome, ProviderError):
        usage, text = outcome.usage or Usage(), str(outcome)
        model, finish, kind = entry.request.model, "stop", str(outcome.kind)
    else:
        usage, text = outcome.usage, outcome.text
        model, finish, kind = outcome.model, outcome.finish_reason, _AN_ANSWER
    blob = text.encode("utf-8", "surrogatepass")
    return entry.request.model, model, blob, usage.input_tokens, usage.output_tokens, finish, kind, now


def _read_row(row: Row) -> Stored:
    text = bytes(row["text"]).decode("utf-8", "surrogatepass")
    usage = Usage(row["input_tokens"], row["output_tokens"])
    if row["outcome"] != _AN_ANSWER:
        error = ProviderError(text, kind=cast("ErrorKind", row["outcome"]))
        error.usage = usage
        return error
    finish = cast("FinishReason", row["finish_reason"])
    return GenerationResult(text=text, model=row["model"], usage=usage, finish_reason=finish, cached=True)


def _parts(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[start : start + _LOOKED_UP_AT_ONCE] for start in range(0, len(keys), _LOOKED_UP_AT_ONCE)]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be part of a request")
