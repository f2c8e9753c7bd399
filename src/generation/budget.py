"""What a run pays: counted answer by answer, and held below the caps that the user has set."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from functools import cache
from typing import NamedTuple

from src.core.errors import ConfigError, ProviderError, RunStoppedError
from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, Usage
from src.core.wording import counted, dollars
from src.generation.stopping import GO_ON
from src.providers import limits
from src.utils.token_counter import TokenCounter, tokenizer_for

EXPECTED_ANSWER_TOKENS = 400
"""One written sample, rounded up: what an answer is taken for before the first has come."""
_ADVICE = "Every run may spend as much; the caps are the max_ keys of generation in config.yaml."
_TOKENS_PER_MESSAGE = 4
"""The markers of a chat template around one message."""


class Caps(NamedTuple):
    """What one run may pay at most; 0 is no cap. Answers from the journal cost nothing."""

    usd: float = 0.0
    tokens: int = 0
    requests: int = 0


class Price(NamedTuple):
    """What a model costs. ``discount`` is the share that a batch takes off."""

    model: WriterModel
    discount: float = 0.0

    def of(self, usage: Usage) -> float | None:
        """USD; None where no price is known."""
        cost = limits.cost_usd(self.model, usage)
        return None if cost is None else cost * (1 - self.discount)


class _Cost(NamedTuple):
    """What a request is expected to cost; ``counted`` are the tokens of its prompt by our own count."""

    usd: float
    tokens: int
    counted: int = 0


class _Waiting(NamedTuple):
    key: str
    cost: _Cost
    admitted: asyncio.Future[None]


class Budget:
    """The account of one run. ``cost_usd`` is None once anything was paid at an unknown price.

    What is in flight is held at an estimate, so that the caps hold however much is asked at a time: a request that may
    cross a cap waits until what is in flight has shown its true price, and the run ends when none is left to wait for.
    """

    def __init__(self, caps: Caps | None = None, advice: str = _ADVICE) -> None:
        """``advice`` is what somebody can do who has reached a cap."""
        self.usage = Usage()
        self.requests = 0
        self.estimated_requests = 0
        self.cost_usd: float | None = 0.0
        self._caps = caps or Caps()
        self._advice = advice
        self._usd = 0.0
        self._held: dict[str, _Cost] = {}
        self._held_sum = _Cost(0.0, 0)
        self._waiting: deque[_Waiting] = deque()
        self._counted_input = 0
        self._told_input = 0

    async def hold(self, key: str, request: ChatRequest, price: Price | None) -> None:
        """Wait until ``request`` fits below the caps and reserve what it may cost, until ``release``. Raises
        RunStoppedError when a cap is reached."""
        if not any(self._caps):
            return
        waiting = _Waiting(key, self._expected(request, price), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._admit()
        try:
            await waiting.admitted
        except asyncio.CancelledError:
            self.release(key)
            raise

    def charge(self, key: str, usage: Usage, price: Price | None) -> None:
        """An answer was paid for, in the place of what was held for it."""
        usd = price.of(usage) if price else None
        self.requests += 1
        self.estimated_requests += usage.estimated
        self.usage += usage
        self._usd += usd or 0.0
        held = self._held.get(key)
        if held is not None:
            self._counted_input += held.counted
            self._told_input += usage.input_tokens
        self.cost_usd = None if usd is None or self.cost_usd is None else self._usd
        self._let_go(key)

    def carry(self, usage: Usage, requests: int, usd: float | None) -> None:
        """Count what was paid for the same work before this process began. USD: None where a price is not known."""
        self.requests += requests
        self.usage += usage
        self._usd += usd or 0.0
        self.cost_usd = None if usd is None or self.cost_usd is None else self._usd

    def release(self, key: str) -> None:
        """The request is over, paid or not."""
        self._let_go(key)
        self._admit()

    def _admit(self) -> None:
        while self._waiting:
            first = self._waiting[0]
            if first.admitted.done():  # given up
                self._waiting.popleft()
            elif self._crossed(first.cost) is None:
                self._waiting.popleft()
                self._held[first.key] = first.cost
                self._held_sum = _Cost(self._held_sum.usd + first.cost.usd, self._held_sum.tokens + first.cost.tokens)
                first.admitted.set_result(None)
            elif not self._held:
                self._waiting.popleft()
                first.admitted.set_exception(self._reached(self._crossed(first.cost) or ""))
            else:
                return

    def _let_go(self, key: str) -> None:
        cost = self._held.pop(key, None)
        if cost is not None:
            self._held_sum = _Cost(self._held_sum.usd - cost.usd, self._held_sum.tokens - cost.tokens)
        if not self._held:
            self._held_sum = _Cost(0.0, 0)  # no rounding is carried on

    def _crossed(self, cost: _Cost) -> str | None:
        """The cap that one more request of ``cost`` may cross, in words."""
        caps, held = self._caps, self._held_sum
        if caps.requests and self.requests + len(self._held) + 1 > caps.requests:
            return counted(caps.requests, "request")
        if caps.tokens and self.usage.tokens + held.tokens + cost.tokens > caps.tokens:
            return counted(caps.tokens, "token")
        if caps.usd and self._usd + held.usd + cost.usd > caps.usd:
            return dollars(caps.usd)
        return None

    def _reached(self, cap: str) -> RunStoppedError:
        spent = f"{counted(self.requests, 'request')}, {counted(self.usage.tokens, 'token')}"
        money = "" if self.cost_usd is None else f", {dollars(self.cost_usd)}"
        return RunStoppedError(
            f"The cap of {cap} is reached (paid so far: {spent}{money}).",
            fix=f"{GO_ON} {self._advice}",
        )

    def _expected(self, request: ChatRequest, price: Price | None) -> _Cost:
        if not self._caps.usd and not self._caps.tokens:
            return _Cost(0.0, 0)
        counted = count_prompt(request)
        mean = self.usage.output_tokens / self.requests if self.requests else EXPECTED_ANSWER_TOKENS
        # our count may be too small by the same share for every prompt; the answers so far tell
        share = max(1.0, self._told_input / self._counted_input) if self._counted_input else 1.0
        usage = Usage(math.ceil(counted * share), min(request.max_tokens, math.ceil(mean)))
        return _Cost((price.of(usage) or 0.0) if price else 0.0, usage.tokens, counted)


def count_prompt(request: ChatRequest) -> int:
    """The tokens of a request, estimated where the model's tokenizer is not public."""
    return sum(count_text(request.model, turn.content) + _TOKENS_PER_MESSAGE for turn in request.messages)


def count_text(model: str, text: str) -> int:
    """The tokens of a text as ``model`` counts them, as far as is known."""
    return _counter(model).count_text(text).tokens


def billed(outcome: GenerationResult | ProviderError, request: ChatRequest) -> Usage:
    """What an outcome has cost. Where the provider did not say (no request has no tokens), it is counted here."""
    told = outcome.usage or Usage()
    text = outcome.text if isinstance(outcome, GenerationResult) else ""
    if told.input_tokens and (told.output_tokens or not text):
        return told
    output = told.output_tokens or (count_text(request.model, text) if text else 0)
    return Usage(told.input_tokens or count_prompt(request), output, estimated=True)


@cache
def _counter(model: str) -> TokenCounter:
    try:
        return TokenCounter(tokenizer_for(model))
    except ConfigError:
        return TokenCounter("o200k_base")  # a model that nobody has heard of: the order of magnitude is right
