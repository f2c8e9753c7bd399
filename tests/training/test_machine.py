"""How many threads training takes is read off the machine at that moment."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack

import pytest

pytest.importorskip("psutil")

from src.core.cores import count_cores
from src.training.machine import free_threads

pytestmark = pytest.mark.train


def test_a_busy_machine_gets_one_thread() -> None:
    with ExitStack() as stack:
        for _ in range(count_cores()):
            busy = stack.enter_context(
                subprocess.Popen([sys.executable, "-c", "print(flush=True)\nwhile True: pass"], stdout=subprocess.PIPE)
            )
            stack.callback(busy.kill)
            assert busy.stdout is not None
            busy.stdout.readline()
        assert free_threads() == 1
