"""The engine against a model on loopback (200 ms), beside bare aiohttp in the same run: `python -m benchmarks.engine`.

With ``--all-sdks`` the other SDKs are measured too, and with ``--peers PYTHON`` what engine_peers.py runs there.
A figure is the median of three runs (``--quick``: one run), each in a process of its own; rates count from the first
request to the last answer, as the server sees them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.engine_client import IN_FLIGHT
from benchmarks.measure import ROOT, answer_help, show

REQUESTS = 1000
REPEATS = 1 if "--quick" in sys.argv else 3
MANY = 10_000
MORE = 4_000
"""Where the wait for the last refused ones no longer weighs: Retry-After is a third of a clean run of 1,000."""
PER_WINDOW = 500
WINDOW_S = 5.0
NAMES = {"sdk": "openai SDK alone", "create": "engine, openai, create mode"}
FAULTS = {"share_500": 0.1, "share_429": 0.05}


class Loopback:
    """The model's control: settings in, counts out."""

    def __init__(self, port: int) -> None:
        self.port = port

    def reset(self, **settings: float) -> None:
        self._ask("/reset", json.dumps(settings).encode())

    def stats(self) -> dict[str, Any]:
        return self._ask("/stats")

    def _ask(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", body, timeout=10) as response:
            found: dict[str, Any] = json.load(response)
            return found


@contextmanager
def loopback() -> Iterator[Loopback]:
    """A model in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.loopback"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Loopback(int(process.stdout.readline()))
        finally:
            process.terminate()


def run_client(model: Loopback, client: str, requests: int, **settings: float) -> dict[str, Any]:
    """One run: what the client says of itself and what the server saw."""
    model.reset(**settings)
    command = [sys.executable, "-m", "benchmarks.engine_client", client, str(model.port), str(requests)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return {**json.loads(done.stdout), **model.stats()}


def median_run(model: Loopback, client: str, requests: int = REQUESTS, **settings: float) -> dict[str, Any]:
    """The run whose rate is the median of several."""
    runs = [run_client(model, client, requests, **settings) for _ in range(REPEATS)]
    return sorted(runs, key=lambda run: run["seconds"])[len(runs) // 2]


def run_peer(model: Loopback, python: str, requests: int = REQUESTS) -> dict[str, Any]:
    """The same with the generator that is installed for ``python``."""
    model.reset()
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "benchmarks/engine_peers.py", str(model.port), str(requests), folder]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    last = next(line for line in reversed(done.stdout.splitlines()) if line.startswith('{"done"'))
    return {**json.loads(last), **model.stats()}


def describe(run: dict[str, Any], bare_rate: float) -> str:
    """CPU and memory of a client, and its rate beside bare aiohttp."""
    rate = run["answered"] / run["seconds"]
    return f"{rate / bare_rate:.2f} of aiohttp; CPU {run['cpu_s']:.1f} s; peak {run['peak_mb']:.0f} MB"


def measure_rates(model: Loopback, clients: list[str]) -> list[tuple[str, str, str]]:
    """Answers per second of every client, and a long run beside a short one."""
    bare = median_run(model, "aiohttp")
    bare_rate = bare["answered"] / bare["seconds"]
    runs = {client: median_run(model, client) for client in clients}
    rows = [("bare aiohttp", f"{bare_rate:.0f}/s", f"CPU {bare['cpu_s']:.1f} s; peak {bare['peak_mb']:.0f} MB")]
    rows += [
        (NAMES.get(client, f"engine, {client}"), f"{run['answered'] / run['seconds']:.0f}/s", describe(run, bare_rate))
        for client, run in runs.items()
    ]
    if "--peers" in sys.argv:
        peer = run_peer(model, sys.argv[sys.argv.index("--peers") + 1])
        rows.append(("curator", f"{peer['answered'] / peer['seconds']:.0f}/s", describe(peer, bare_rate)))
    many = run_client(model, "openai", MANY)
    rows.append((f"engine, openai, {MANY} requests", f"{MANY / many['seconds']:.0f}/s", describe(many, bare_rate)))
    return rows


def measure_faults(model: Loopback) -> list[tuple[str, str, str]]:
    """Seeded faults, a limit per window, and cut answers."""
    clean = median_run(model, "create")
    faulty = median_run(model, "create", **FAULTS)
    clean_more = run_client(model, "create", MORE)
    faulty_more = run_client(model, "create", MORE, **FAULTS)
    limited = median_run(model, "openai", per_window=PER_WINDOW, window_s=WINDOW_S)
    cut = run_client(model, "create", REQUESTS, share_cut_json=0.1)
    ideal_s = (REQUESTS // PER_WINDOW - 1) * WINDOW_S + PER_WINDOW * clean["seconds"] / REQUESTS
    refused = limited["statuses"].get("429", 0)
    return [
        (
            "10 % 500 and 5 % 429",
            f"{faulty['seconds']:.1f} s",
            f"{faulty['seconds'] / clean['seconds']:.2f} x clean; {faulty['outcomes']}",
        ),
        (
            f"the same, {MORE:,} requests",
            f"{faulty_more['seconds']:.1f} s",
            f"{faulty_more['seconds'] / clean_more['seconds']:.2f} x clean; {faulty_more['outcomes']}",
        ),
        (
            f"{PER_WINDOW} per {WINDOW_S:.0f} s",
            f"{limited['seconds']:.1f} s",
            f"{limited['seconds'] / ideal_s:.2f} x ideal; {refused} times 429 ({refused / REQUESTS:.1%})",
        ),
        ("10 % cut JSON", f"{cut['seconds']:.1f} s", f"{cut['outcomes']}"),
    ]


def main() -> None:
    """Measure and print."""
    answer_help(__doc__)
    clients = ["sdk", "openai", "create", *(["anthropic", "google", "mistral"] if "--all-sdks" in sys.argv else [])]
    with loopback() as model:
        show(f"Engine: {REQUESTS} requests, {IN_FLIGHT} in flight, 200 ms", measure_rates(model, clients))
        show("Engine: faults and limits", measure_faults(model))


if __name__ == "__main__":
    main()
