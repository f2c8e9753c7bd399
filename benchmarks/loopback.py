"""A model on loopback for benchmarks: a fixed latency, seeded faults and a limit of requests per window.

    python -m benchmarks.loopback --latency-ms 200

prints its port and answers chat completions, messages and generateContent with JSON of the wished shape. ``GET /stats``
tells what was served; ``POST /reset`` takes new settings as JSON. The same request meets the same faults in every run.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import socket
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TEXT = (
    "amber basin cedar delta ember fjord grove harbor inlet juniper kelp lagoon meadow north orchard pebble quarry "
    "river summit timber upland valley willow yarrow zephyr"
)
WORDS = TEXT.split()


@dataclass(slots=True)
class Settings:
    """Shares of requests that fail, and how many requests a window of seconds takes (0: any number)."""

    latency_s: float = 0.2
    share_500: float = 0.0
    share_429: float = 0.0
    retry_after_s: float = 1.0
    share_cut_json: float = 0.0
    per_window: int = 0
    window_s: float = 5.0


@dataclass(slots=True)
class State:
    """What has happened since the last reset."""

    settings: Settings = field(default_factory=Settings)
    statuses: Counter[int] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    most_in_flight: int = 0
    first_at: float = 0.0
    last_at: float = 0.0
    window: deque[float] = field(default_factory=deque)


class Model:
    """The handlers; one object per server."""

    def __init__(self) -> None:
        self.state = State()

    async def reset(self, request: web.Request) -> web.Response:
        self.state = State(Settings(**await request.json()))
        return web.json_response({})

    async def stats(self, _request: web.Request) -> web.Response:
        state = self.state
        return web.json_response(
            {
                "statuses": {str(status): count for status, count in state.statuses.items()},
                "answered": len(state.answered),
                "answered_again": sum(state.answered.values()) - len(state.answered),
                "in_flight": state.in_flight,
                "most_in_flight": state.most_in_flight,
                "seconds": state.last_at - state.first_at,
            }
        )

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        key = hashlib.blake2b(body, digest_size=8).hexdigest()
        state = self.state
        state.first_at = state.first_at or time.perf_counter()
        state.in_flight += 1
        state.most_in_flight = max(state.most_in_flight, state.in_flight)
        try:
            response = await self._respond(request.path, body, key)
        finally:
            state.in_flight -= 1
        state.statuses[response.status] += 1
        if response.status == 200:
            state.answered[key] += 1
        state.last_at = time.perf_counter()
        return response

    async def _respond(self, path: str, body: bytes, key: str) -> web.Response:
        settings = self.state.settings
        self.state.tries[key] += 1
        rng = random.Random(f"{key}/{self.state.tries[key]}")
        refused = self._refuse(rng)
        if refused is not None:
            return refused
        await asyncio.sleep(settings.latency_s)
        if rng.random() < settings.share_500:
            return web.json_response({"error": {"message": "fault"}}, status=500)
        text = _write(json.loads(body), random.Random(key))
        if rng.random() < settings.share_cut_json:
            text = text[: len(text) // 2]
        return web.json_response(_wrap(path, text), headers=self._limit_headers())

    def _refuse(self, rng: random.Random) -> web.Response | None:
        settings, window = self.state.settings, self.state.window
        now = time.perf_counter()
        while window and window[0] <= now - settings.window_s:
            window.popleft()
        if settings.per_window and len(window) >= settings.per_window:
            return _too_many(window[0] + settings.window_s - now, self._limit_headers())
        window.append(now)
        return _too_many(settings.retry_after_s, {}) if rng.random() < settings.share_429 else None

    def _limit_headers(self) -> dict[str, str]:
        settings, window = self.state.settings, self.state.window
        if not settings.per_window:
            return {}
        return {
            "x-ratelimit-limit-requests": str(settings.per_window),
            "x-ratelimit-remaining-requests": str(max(0, settings.per_window - len(window))),
        }


def _too_many(wait_s: float, headers: Mapping[str, str]) -> web.Response:
    told = {"Retry-After": f"{max(0.01, wait_s):.2f}", **headers}
    return web.json_response({"error": {"message": "slow down"}}, status=429, headers=told)


def _write(body: Mapping[str, Any], rng: random.Random) -> str:
    def sentence(words: int) -> str:
        return " ".join(rng.choice(WORDS) for _ in range(words))

    pair = {"question": f"What of {sentence(7)}?", "answer": f"{sentence(24)}."}
    return json.dumps({"turns": [pair, pair]} if '"turns"' in json.dumps(body) else pair)


def _wrap(path: str, text: str) -> dict[str, Any]:
    if path.endswith("/messages"):
        content = [{"type": "text", "text": text}]
        return {
            "id": "m",
            "type": "message",
            "role": "assistant",
            "model": "m",
            "content": content,
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 400, "output_tokens": 80},
        }
    if path.endswith(":generateContent"):
        candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP", "index": 0}
        return {"candidates": [candidate], "usageMetadata": {"promptTokenCount": 400, "candidatesTokenCount": 80}}
    message = {"role": "assistant", "content": text}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 400, "completion_tokens": 80, "total_tokens": 480},
    }


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description="A model on loopback for benchmarks.")
    parser.add_argument("--latency-ms", type=float, default=200.0)
    arguments = parser.parse_args()
    model = Model()
    model.state.settings.latency_s = arguments.latency_ms / 1000
    app = web.Application()
    app.router.add_post("/reset", model.reset)
    app.router.add_get("/stats", model.stats)
    app.router.add_post("/{path:.*}", model.answer)
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    print(listener.getsockname()[1], flush=True)
    web.run_app(app, sock=listener, print=None, access_log=None)


if __name__ == "__main__":
    main()
