"""One function over many items with several processes: results in the order of the items, few of them waiting.

For functions of Python that threads would only have take turns. Items and results travel by pickle.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack
from queue import SimpleQueue
from typing import Any, TypeVar

from src.core.errors import BuilderError
from src.core.workspace import PROGRAM_ROOT
from src.utils.in_order import map_in_order
from src.utils.private_channel import open_private_channel

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class WorkerDiedError(BuilderError):
    """A process ended before it was done; the message holds what it said last."""


def map_in_processes(
    function: Callable[[_Item], _Result], items: Iterable[_Item], workers: int
) -> Generator[_Result, None, None]:
    """``map`` with so many processes, each with its own copy of ``function``; with one it is this one.

    They end when the caller stops, or is killed. Raises WorkerDiedError.
    """
    if workers <= 1:
        yield from map(function, items)
        return
    with ExitStack() as started:
        idle: SimpleQueue[_Worker] = SimpleQueue()
        for _ in range(workers):
            worker = _Worker()
            started.callback(worker.end)
            worker.send(function)
            idle.put(worker)

        def ask(item: _Item) -> _Result:
            worker = idle.get()
            try:
                result: _Result = worker.ask(item)
                return result
            finally:
                idle.put(worker)

        yield from map_in_order(ask, items, workers)


class _Worker:
    """A process that answers one item after the other."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "src.utils.in_processes"],
            cwd=PROGRAM_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,  # Ctrl-C is handled on this side
        )

    def send(self, value: Any) -> None:
        """Hand over a value. Raises WorkerDiedError."""
        assert self._process.stdin
        try:
            pickle.dump(value, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
        except OSError as error:
            raise self._death() from error

    def ask(self, item: Any) -> Any:
        """What the function makes of ``item``. Raises WorkerDiedError."""
        self.send(item)
        assert self._process.stdout
        try:
            return pickle.load(self._process.stdout)  # noqa: S301 - what our own process wrote
        except (EOFError, pickle.UnpicklingError) as error:  # before its answer, or within
            raise self._death() from error

    def end(self) -> None:
        """Stop it, whatever it does."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def _death(self) -> WorkerDiedError:
        code = self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip()
        last = said.rpartition("\n")[2] or "it said nothing"
        return WorkerDiedError(
            f"A worker process ended with {code}: {last}.", fix="Free some memory, then run the command again."
        )


def main() -> None:
    """Be such a process: a function first, then items, until the input ends."""
    answers = open_private_channel()
    function = pickle.load(sys.stdin.buffer)  # noqa: S301 - what our own process wrote
    while True:
        try:
            item = pickle.load(sys.stdin.buffer)  # noqa: S301 - as above
        except EOFError:
            return
        pickle.dump(function(item), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
