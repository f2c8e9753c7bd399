"""Who answers: one model, or several with weights; which of them a slot belongs to is decided by its name alone."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from src.core.errors import ConfigError
from src.core.specs import WriterModel
from src.core.types import ChatRequest, Usage
from src.generation.batch_sending import Pace
from src.generation.budget import Caps, Price
from src.providers.base_provider import BaseProvider
from src.providers.batch_api import BatchApi


@dataclass(frozen=True, slots=True)
class Member:
    """One model that answers, connected. ``concurrency`` calls of it are in flight at most; with ``batch`` that many
    requests wait in batches instead. Without ``model`` every request is sent as it stands."""

    provider: BaseProvider
    concurrency: int
    model: WriterModel | None = None
    weight: float = 1.0
    batch: BatchApi | None = None
    pace: Pace | None = None

    @property
    def name(self) -> str:
        """Provider and model, for people."""
        return f"{self.provider.name} {self.model.id}" if self.model else self.provider.name

    @property
    def price(self) -> Price | None:
        """What it costs; None where that is not known."""
        return Price(self.model, self.batch.offer.discount if self.batch else 0.0) if self.model else None

    def adapt(self, request: ChatRequest) -> ChatRequest:
        """``request`` for this model."""
        if self.model is None or request.model == self.model.id:
            return request
        return replace(request, model=self.model.id, max_tokens=min(request.max_tokens, self.model.max_output_tokens))


def check_caps(caps: Caps, members: Sequence[Member]) -> str:
    """A line for the user where a cap in USD cannot be held because a model has no known price, "" otherwise. Raises
    ConfigError when it is the only cap: then nothing would hold the run."""
    unknown = sorted({member.name for member in members if member.price is None or member.price.of(Usage()) is None})
    if not caps.usd or not unknown:
        return ""
    said = f"No price is known for {', '.join(unknown)}: generation.max_cost_usd cannot be held for it."
    if caps.tokens or caps.requests:
        return f"{said} The other caps hold."
    raise ConfigError(said, fix="Set generation.max_tokens or generation.max_requests as well, or max_cost_usd to 0.")


def rank(names: Sequence[str], weights: Sequence[float], slot: str) -> list[int]:
    """The indexes of ``names`` in the order in which they are asked for ``slot``: each comes first as often as its
    weight says, and taking one away moves only its own slots (rendezvous hashing, weighted as -ln(u)/weight)."""

    def distance(index: int) -> float:
        digest = hashlib.sha256(f"{names[index]}\n{slot}".encode("utf-8", "surrogatepass")).digest()
        share = (int.from_bytes(digest[:7], "big") + 1) / (2**56 + 1)
        return -math.log(share) / weights[index]

    return sorted(range(len(names)), key=distance)
