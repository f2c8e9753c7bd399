"""The whole program killed at random moments and started again: `python -m benchmarks.kills`.

What it paid twice stands beside the requests it may have in flight, as the model on loopback counted; the files of the
dataset are compared with those of a run that nobody disturbed.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.engine import FAULTS, Loopback, loopback
from benchmarks.engine_client import IN_FLIGHT
from benchmarks.measure import ROOT, fresh_workspace, python, show

SAMPLES = 1000
KILLS = 10
SEED = 7


def generate(model: Loopback, folder: Path) -> subprocess.Popen[bytes]:
    """``generate`` in mode create, against the model on loopback."""
    settings = {
        "mode": "create",
        "dataset_size": SAMPLES,
        "agent.create.gates": "report",
        "generation.concurrency": IN_FLIGHT,
        "system.agentic_llm": "openai",
        "system.max_retries": 8,
        "endpoints.openai": f"http://127.0.0.1:{model.port}/v1",
    }
    chosen = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "loopback"}
    command = python("-m", "src.main", "generate", "--yes", *chosen)
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def run_to_the_end(model: Loopback, folder: Path) -> dict[str, bytes]:
    """Run or go on with a run; the dataset's files by name. Raises when the program fails."""
    with generate(model, folder) as process:
        _, said = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"generate ended with {process.returncode}: {said.decode()}")
    return {path.name: path.read_bytes() for path in (folder / "output_datasets").glob("*.jsonl")}


def kill_after(model: Loopback, folder: Path, answers: int) -> int:
    """Kill a run after so many more answers; returns how many were given twice until now."""
    enough = model.stats()["answered"] + answers
    with generate(model, folder) as process:
        while model.stats()["answered"] < enough and process.poll() is None:
            time.sleep(0.005)
        process.kill()
    while (stats := model.stats())["in_flight"]:  # the model answers into the void, and is paid for it
        time.sleep(0.02)
    twice: int = stats["answered_again"]
    return twice


def measure(model: Loopback, faults: dict[str, float]) -> tuple[str, str, str]:
    """One undisturbed run, one that is killed again and again."""
    rng = random.Random(SEED)
    with fresh_workspace() as whole, fresh_workspace() as torn:
        model.reset(**faults)
        undisturbed = run_to_the_end(model, whole)
        model.reset(**faults)
        seen = [kill_after(model, torn, rng.randrange(1, SAMPLES // KILLS)) for _ in range(KILLS)]
        same = run_to_the_end(model, torn) == undisturbed
    seen.append(model.stats()["answered_again"])
    most = max(after - before for before, after in pairwise(seen))
    name = f"{KILLS} times SIGKILL" + (", 10 % 500, 5 % 429" if faults else "")
    return (
        name,
        f"{seen[-1]} twice",
        f"at most {most} after one kill; the dataset is {'the same' if same else 'ANOTHER'}",
    )


def main() -> None:
    """Measure and print."""
    with loopback() as model:
        rows = [measure(model, {}), measure(model, FAULTS)]
        show(f"The program killed and started again: {SAMPLES} samples, {IN_FLIGHT} in flight", rows)


if __name__ == "__main__":
    main()
