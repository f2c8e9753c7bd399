"""Timing of whole processes: to their first output, and to their end."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


def answer_help(text: str | None) -> None:
    """Print ``text`` and leave where --help is asked for."""
    if {"-h", "--help"} & set(sys.argv):
        print((text or "").strip())
        raise SystemExit


class Timing(NamedTuple):
    """Seconds of one process: to its first byte of output, to its end, and of CPU."""

    first_output: float
    total: float
    cpu: float


def run_once(command: list[str], cwd: Path) -> Timing:
    """Run ``command`` with an empty standard input; remarks on stderr count as output. Raises when it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    before = os.times()
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout
        first = process.stdout.read(1)
        first_output = time.perf_counter() - started
        process.stdout.read()
    total = time.perf_counter() - started
    after = os.times()
    if process.returncode != 0 or not first:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Timing(first_output, total, cpu)


class Peak(NamedTuple):
    """Seconds of one process, the most memory that it, or a process it waited for, occupied, in MB, and the seconds of
    CPU of all of them."""

    total: float
    megabytes: float
    cpu: float


_LAUNCHER = """
import os, subprocess, sys, time
started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
total = time.perf_counter() - started
print(total, usage.ru_maxrss, usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status))
"""
"""A process counts the memory of the one that started it, up to its own first instruction: a small one starts it."""


def run_to_end(command: list[str], cwd: Path, *, code: int = 0) -> Peak:
    """Run ``command`` with its output thrown away. Raises when it ends with another code than ``code``."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    launcher = [sys.executable, "-c", _LAUNCHER, *command]
    answer = subprocess.run(launcher, cwd=cwd, env=environment, capture_output=True, check=True, text=True)
    seconds, peak, cpu, ended = answer.stdout.split()
    if int(ended) != code:
        raise SystemExit(f"{' '.join(command)} ended with {ended}")
    return Peak(float(seconds), float(peak) / (1e6 if sys.platform == "darwin" else 1e3), float(cpu))


def median_of(command: list[str], cwd: Path, repeats: int = 7) -> Timing:
    """The median of several runs, after one that warms the file cache."""
    run_once(command, cwd)
    runs = [run_once(command, cwd) for _ in range(repeats)]
    return Timing(*(statistics.median(values) for values in zip(*runs, strict=True)))


@contextmanager
def fresh_workspace() -> Iterator[Path]:
    """A temporary folder with the shipped configuration, prompts and sample documents."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("config.yaml", "prompts", "input_files"):
            source = ROOT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, Path(folder) / name)
        yield Path(folder)


def python(*arguments: str) -> list[str]:
    """A command line of this interpreter."""
    return [sys.executable, *arguments]


def show(title: str, rows: list[tuple[str, str, str]]) -> None:
    """Print a small aligned table: what, measured, beside what."""
    print(f"\n{title}")
    for what, measured, beside in rows:
        print(f"  {what:<34} {measured:>12}   {beside}")
