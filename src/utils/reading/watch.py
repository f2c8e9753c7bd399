"""Watches a worker process while it reads one file, and kills it when it takes too long or too much memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from src.utils.reading.job import Job
from src.utils.reading.spool import text_size

_LOOK_EVERY_S = 0.05
_STILL_S = 12.0
_STILL_S_PER_MB = 0.1
"""A worker that has written nothing for so long hangs; in a large file it may be longer to the first words."""


class Watch(threading.Thread):
    """A context manager around one job. ``cause`` and ``fix`` say why the worker was killed, "" when it was not."""

    def __init__(self, process: subprocess.Popen[bytes], job: Job) -> None:
        super().__init__(name="reading watch", daemon=True)
        self.cause = self.fix = ""
        self._process = process
        self._job = job
        self._done = threading.Event()

    def __enter__(self) -> Watch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        """Look until the job is done or the worker was killed."""
        job, folder = self._job, Path(self._job.folder)
        # OCR writes nothing before its end
        still_s = job.seconds if job.ocr else _STILL_S + _STILL_S_PER_MB * Path(job.path).stat().st_size / 1e6
        started = moved = time.monotonic()
        size = 0
        while not self._done.wait(min(_LOOK_EVERY_S, job.seconds)):
            now, present = time.monotonic(), text_size(folder)
            if present != size:
                size, moved = present, now
            if now - started > job.seconds:
                self._end(f"took longer than {job.seconds:,.0f} s to read", "raise input.file_seconds")
            elif now - moved > still_s:
                self._end(f"hung: nothing could be read for {still_s:,.0f} s", "save it in another format")
            elif resident_mb(self._process.pid) > job.memory_mb:
                self._end(f"needs more than {job.memory_mb:,} MB of memory", "raise input.file_memory_mb")
            else:
                continue
            return

    def _end(self, cause: str, way_out: str) -> None:
        self.cause, self.fix = cause, f"Split it into smaller documents, or {way_out}."
        kill(self._process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a session of its own, with all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        elif process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def resident_mb(pid: int) -> float:
    """Megabytes of memory that a process occupies; 0 where the system does not say (Windows)."""
    if sys.platform == "win32":
        return 0.0
    statm = Path(f"/proc/{pid}/statm")
    if statm.parents[1].is_dir():
        try:
            pages = int(statm.read_bytes().split()[1])
        except (OSError, IndexError):
            return 0.0  # it has ended meanwhile
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    command = ["/bin/ps", "-o", "rss=", "-p", str(pid)]
    answer = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603  (nothing from outside)
    return int(answer.stdout) / 1e3 if answer.stdout.strip().isdigit() else 0.0
