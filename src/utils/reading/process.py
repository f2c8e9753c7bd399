"""A worker process from the outside: started when needed, asked for one file at a time, replaced when it failed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from src.core.errors import InputFileError
from src.core.workspace import PROGRAM_ROOT
from src.utils.reading.job import Job
from src.utils.reading.spool import Summary
from src.utils.reading.watch import Watch, kill, resident_mb

_LEAVE_S = 2.0
_REUSE_BELOW_MB = 300
"""A worker that a large file has bloated is not used again."""


class WorkerFailedError(InputFileError):
    """A worker ended before it was done: it was stopped, or it broke. ``details`` are for the log."""

    def __init__(self, message: str, *, fix: str, details: str = "") -> None:
        super().__init__(message, fix=fix)
        self.details = details


class WorkerProcess:
    """Reads one file at a time; only ``stop`` may be called from another thread meanwhile."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None

    def start(self) -> None:
        """Start the process where none is running."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the process)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "src.utils.reading.worker"],
            cwd=PROGRAM_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,  # Ctrl-C is handled here; and what the worker starts can be ended with it
        )

    def read(self, job: Job) -> Summary:
        """What became of the file of ``job``: read into its folder, or refused with a cause.

        Raises WorkerFailedError when the worker hung, took too much memory or broke; it must then be started again.
        """
        process = self._process
        assert process is not None, "start it first"
        with Watch(process, job) as watch:
            answer = _ask(process, job)
        if watch.cause or not answer:
            process.wait()
            failure = _explain(Path(job.path).name, watch, process.returncode, self._last_words())
            self.close()
            raise failure
        if resident_mb(process.pid) > _REUSE_BELOW_MB:
            self.close()
        values = json.loads(answer)
        return Summary(**{**values, "warnings": tuple(values["warnings"])})

    def stop(self) -> None:
        """Kill the process, whatever it does: a ``read`` that waits for it fails."""
        if self._process is not None:
            kill(self._process)

    def close(self) -> None:
        """End the process and leave nothing open. Safe to call twice."""
        if self._process is not None:
            _end(self._process)
        if self._errors is not None:
            self._errors.close()
        self._process = self._errors = None

    def _last_words(self) -> str:
        if self._errors is None:
            return ""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", errors="replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    """An idle worker ends when its input does; any other is killed."""
    with suppress(OSError):  # what was not sent need not arrive
        try:
            process.communicate(timeout=_LEAVE_S)
        except subprocess.TimeoutExpired:
            kill(process)
            process.communicate()


def _ask(process: subprocess.Popen[bytes], job: Job) -> bytes:
    """The answer of the worker, empty when it ended without one."""
    assert process.stdin is not None
    assert process.stdout is not None
    values = {name: getattr(job, name) for name in Job.__slots__}
    try:
        process.stdin.write(json.dumps(values).encode("ascii") + b"\n")
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:  # it has ended before it was asked
        return b""


def _explain(name: str, watch: Watch, code: int, last_words: str) -> WorkerFailedError:
    if watch.cause:
        return WorkerFailedError(f"{name} {watch.cause}.", fix=watch.fix)
    if "MemoryError" in last_words:
        return WorkerFailedError(f"{name} is too large to be read.", fix="Split it, or raise input.file_memory_mb.")
    how = signal.strsignal(-code) if code < 0 else last_words.rpartition("\n")[2].partition(":")[0]
    return WorkerFailedError(
        f"{name} cannot be read: its reader broke ({how or f'exit code {code}'}).",
        fix="Open it in its program and save it again; the log has the details.",
        details=last_words,
    )
