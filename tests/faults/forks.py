"""Starts the program by a fork of a process that has loaded it: `python -m tests.faults.forks`, asked line by line.

A start of Python that loads everything costs seconds; what is tested here is how the program ends. A request is a JSON
object with ``folder``, ``environment``, ``arguments`` (of ``tests.faults.killed``) and ``typed``; the answer has
``code`` (negative: the signal) and ``said``, and comes when the last process that the program started is gone.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

from tests.cli.driver import ROOT, unmeasured_environment

_NOT_LOADED = ("src.training", "src.curation", "src.persistence.postgres")
"""What needs packages that may not be here, or chooses a folder by the present one when it is loaded."""


def ask(folder: Path, environment: Mapping[str, str], arguments: Sequence[str], typed: str) -> tuple[int, str]:
    """Run the program in ``folder``; its exit code (negative: the signal that ended it) and all that it said."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    request = {"folder": str(folder), "environment": environment, "arguments": arguments, "typed": typed}
    server.stdin.write(json.dumps(request).encode("ascii") + b"\n")
    server.stdin.flush()
    answer = server.stdout.readline()
    assert answer, "the process that forks has ended"
    found = json.loads(answer)
    return found["code"], found["said"]


@cache
def _server() -> subprocess.Popen[bytes]:
    """One for this process: it ends when its standard input does."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.forks"],
        cwd=ROOT,
        env=unmeasured_environment(ROOT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def serve(requests: IO[bytes], answers: IO[bytes]) -> dict[str, Any] | None:
    """Fork for every request; returns in the child what it is to do, and None in this process when nobody asks more."""
    while line := requests.readline():
        request = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _become(request, writing)
            return dict(request)
        os.close(writing)
        with os.fdopen(reading, "rb") as output:
            said = output.read()  # until the last process that holds the other end is gone: orphans are waited for
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        answers.write(json.dumps({"code": code, "said": said.decode("utf-8", "replace")}).encode("ascii") + b"\n")
        answers.flush()
    return None


def _become(request: Mapping[str, Any], output: int) -> None:
    """Let this process be as one that was started anew: its group, its folder, its environment and its streams."""
    os.setsid()
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    reading, writing = os.pipe()
    os.write(writing, request["typed"].encode())
    os.close(writing)
    for descriptor, wanted in ((reading, 0), (output, 1), (output, 2)):
        os.dup2(descriptor, wanted)
    os.close(reading)
    os.close(output)
    sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)


def _load_all() -> None:
    import openai  # noqa: F401 - loaded by the first call of a model

    import src

    for module in pkgutil.walk_packages(src.__path__, "src."):
        if not module.name.startswith(_NOT_LOADED) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def main() -> int:
    """Load the program, then fork as often as somebody asks."""
    from tests.faults.killed import main as run

    _load_all()
    gc.freeze()  # what is loaded is never collected: a child need not copy it to find that out
    request = serve(sys.stdin.buffer, sys.stdout.buffer)
    if request is None:
        return 0
    sys.argv[1:] = request["arguments"]
    return run()


if __name__ == "__main__":
    sys.exit(main())
