"""One client of the loopback model in a process of its own, so that its CPU and memory are its own.

    python -m benchmarks.engine_client CLIENT PORT REQUESTS [FOLDER]

CLIENT is ``aiohttp`` (bare requests), ``sdk`` (the openai SDK alone), ``create`` (the writing path of create mode,
openai), or a provider: the engine through its SDK. FOLDER keeps the journal. Prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from contextlib import aclosing
from pathlib import Path
from typing import cast

from src.core.types import ChatRequest, Message, ProviderName, Sample, Span
from src.generation.engine import Engine
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.providers import load_provider
from src.providers.base_provider import Connection
from src.providers.lookup import default_writer

IN_FLIGHT = 64
PATHS = {"openai": "/v1", "llama": "/v1", "mistral": "", "anthropic": "", "google": ""}
PROMPTS = Path(__file__).parents[1] / "prompts"
TEXT = (
    "The workshop fires its kiln on the last Friday of a month. Glazed ware stands on the upper shelves, unglazed ware "
    "below, and nobody opens the door before the pyrometer shows less than eighty degrees. "
) * 8


async def ask_bare(port: int, requests: int) -> int:
    """``requests`` posts by aiohttp alone: the fastest a client in Python can be."""
    import aiohttp

    room = asyncio.Semaphore(IN_FLIGHT)
    url = f"http://127.0.0.1:{port}/v1/chat/completions"

    async def ask(number: int) -> None:
        body = {"model": "m", "messages": [{"role": "user", "content": f"{TEXT} ITEM-{number}"}]}
        async with room, session.post(url, json=body) as response:
            (await response.json())["choices"][0]["message"]["content"]

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(ask(number) for number in range(requests)))
    return requests


async def ask_sdk(port: int, requests: int) -> int:
    """``requests`` calls by the openai SDK alone, as its documentation shows them, on its fastest transport."""
    from openai import AsyncOpenAI, DefaultAioHttpClient

    room = asyncio.Semaphore(IN_FLIGHT)
    base_url = f"http://127.0.0.1:{port}{PATHS['openai']}"
    client = AsyncOpenAI(base_url=base_url, api_key="loopback", max_retries=0, http_client=DefaultAioHttpClient())

    async def ask(number: int) -> None:
        async with room:
            await client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": f"{TEXT} ITEM-{number}"}], max_completion_tokens=500
            )

    await asyncio.gather(*(ask(number) for number in range(requests)))
    await client.close()
    return requests


async def ask_engine(engine: Engine, requests: int) -> int:
    """``requests`` questions through the engine, every answer journalled."""

    async def ask(number: int) -> None:
        request = ChatRequest("m", (Message("user", f"{TEXT} ITEM-{number}"),), max_tokens=500)
        await engine.ask(request, f"benchmark/{number}")

    return len([1 async for _ in engine.map_ordered(range(requests), ask)])


async def write(engine: Engine, requests: int) -> Counter[str]:
    """``requests`` slots of create mode: prompt, engine, parser, gates, keywords."""
    from src.agents.plans import plan_rules
    from src.core.config import RunConfig
    from src.generation.gates.admission import Gates
    from src.generation.gates.leakage import PromptTraces
    from src.generation.sample_writer import WritingJob, write_samples
    from src.utils.chunker import Passage
    from src.utils.prompt_loader import read_prompt

    passages = [
        Passage("bench.txt", f"{number} {TEXT}", Span(0, len(TEXT)), "", "Kilns", f"passage-{number}")
        for number in range(50)
    ]
    job = WritingJob(
        model=default_writer("openai"),
        prompts=PROMPTS,
        prompt_name="system/create_mode.txt",
        temperature=0.7,
        rules=plan_rules(RunConfig(), PROMPTS),
    )
    gates = Gates(PromptTraces.of(read_prompt(PROMPTS, job.prompt_name)), passages, "report")
    outcomes: Counter[str] = Counter()
    async with aclosing(write_samples(engine, job, passages, requests, gates)) as proposals:
        async for proposal in proposals:
            outcomes["kept" if isinstance(proposal, Sample) else proposal.reason] += 1
    return outcomes


async def measure(client: str, port: int, requests: int, folder: Path) -> dict[str, object]:
    """Run one client and say what it took."""
    started = time.perf_counter()
    outcomes: Counter[str] = Counter()
    if client == "aiohttp":
        done = await ask_bare(port, requests)
    elif client == "sdk":
        done = await ask_sdk(port, requests)
    else:
        name = cast("ProviderName", "openai" if client == "create" else client)
        connection = Connection(api_key="loopback", base_url=f"http://127.0.0.1:{port}{PATHS[name]}")
        with Store(folder / "benchmark.db") as store:
            provider = load_provider(name)(connection)
            engine = Engine(provider, Journal(store), max_retries=8, timeout_s=60, concurrency=IN_FLIGHT)
            try:
                if client == "create":
                    outcomes = await write(engine, requests)
                    done = outcomes.total()
                else:
                    done = await ask_engine(engine, requests)
            finally:
                await engine.aclose()
    return {"done": done, "outcomes": outcomes, "wall_s": time.perf_counter() - started}


def main() -> None:
    """Run the client that the command line names."""
    client, port, requests = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(sys.argv[4] if len(sys.argv) > 4 else folder)
        found = asyncio.run(measure(client, port, requests, kept))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({**found, "cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
