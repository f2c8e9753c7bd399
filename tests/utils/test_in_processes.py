"""A function in several processes: results in order, errors with what was said, and no process left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from src.core.workspace import PROGRAM_ROOT
from src.utils.in_processes import WorkerDiedError, map_in_processes
from tests.patience import PATIENCE_S


class Doubler:
    """Doubles numbers, prints meanwhile, and says in which process it did."""

    def __call__(self, number: int) -> tuple[int, int]:
        print("this must not get between the results")
        time.sleep(0.02 * (number % 3))
        return 2 * number, os.getpid()


class SelfKiller:
    """What the system does when memory runs out."""

    def __call__(self, _number: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Breaker:
    """Cannot stand the number 3."""

    def __call__(self, number: int) -> int:
        if number == 3:
            raise ValueError("three is too many bells")
        return number


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    results = list(map_in_processes(Doubler(), range(12), workers))
    assert [doubled for doubled, _ in results] == list(range(0, 24, 2))
    processes = {process for _, process in results}
    assert (processes == {os.getpid()}) is (workers == 1)
    assert len(processes) <= workers


def test_a_worker_that_breaks_ends_the_run_with_what_it_said() -> None:
    with pytest.raises(WorkerDiedError, match="three is too many bells"):
        list(map_in_processes(Breaker(), range(6), 2))


def test_a_worker_that_was_killed_is_told() -> None:
    with pytest.raises(WorkerDiedError, match=f"ended with -{signal.SIGKILL.value}"):
        list(map_in_processes(SelfKiller(), range(2), 2))


def test_who_leaves_early_leaves_no_process() -> None:
    results = map_in_processes(Doubler(), count(), 2)
    workers = {next(results)[1] for _ in range(8)}
    assert all(map(is_running, workers))
    results.close()
    assert not any(map(is_running, workers))


def test_killed_programs_leave_no_process(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(
        "from itertools import count\n"
        "from src.utils.in_processes import map_in_processes\n"
        "from tests.utils.test_in_processes import Doubler\n"
        "for _, process in map_in_processes(Doubler(), count(), 2):\n"
        "    print(process, flush=True)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROGRAM_ROOT)}
    program = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment)
    assert program.stdout
    workers = {int(program.stdout.readline()) for _ in range(8)}
    assert all(map(is_running, workers))
    program.kill()
    program.communicate()
    deadline = time.monotonic() + PATIENCE_S
    while any(map(is_running, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_running, workers))


def is_running(process: int) -> bool:
    """Whether a process is there, and not only a note of it that nobody has read yet."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, check=False, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")
