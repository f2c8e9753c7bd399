"""Reads files in worker processes, several at once, and no file twice that the store still knows."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue

from src.core.cores import count_cores
from src.core.errors import InputFileError
from src.core.types import SourceDocument
from src.utils.reading.job import Job, require_file
from src.utils.reading.ocr import SECONDS_PER_PAGE, find_ocr_program
from src.utils.reading.process import WorkerFailedError, WorkerProcess
from src.utils.reading.spool import DamagedSpoolError, Spool, Summary, text_size, write_summary
from src.utils.reading.store import SpoolStore, TemporaryStore
from src.utils.reading.version import reader_version

OnBytes = Callable[[int, int], None]
"""Takes the bytes that are done, and those of all files. Of a file being read, as many count as it has given text."""

_BYTES_PER_WORKER = 1_000_000
"""A further process costs more than it saves while there is less to read."""
_TELL_S = 0.5
_MOST_UNFINISHED = 0.9
"""What is packed may give more text than it has bytes: that share of a file counts at most before its end."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one file may take: seconds, megabytes of memory. ``ocr`` names the languages of scanned PDFs; "": no OCR."""

    seconds: float
    memory_mb: int
    ocr: str = ""


class Reader:
    """Reads files into spools; a context manager that ends its workers and its store."""

    def __init__(self, limits: ReadingLimits, store: SpoolStore | None = None) -> None:
        """``store`` keeps what was read; by default everything is read anew."""
        self._limits = limits
        self._remembers = store is not None
        self._store = store or TemporaryStore()
        self._workers: list[WorkerProcess] = []
        self._idle: SimpleQueue[WorkerProcess] = SimpleQueue()
        self._lock = threading.Lock()
        self._stopped = False
        self._folders: dict[Path, Path] = {}

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.close()
        self._store.close()

    def read(self, path: Path) -> Spool:
        """The text of one file on disk. Raises InputFileError when the file cannot be read."""
        require_file(path)
        key = self._key(path) if self._remembers else ""
        spool = self._find(key)
        if spool is None:
            spool = self._read_anew(path, key)
        if spool.summary.cause:
            raise InputFileError(spool.summary.cause, fix=spool.summary.fix)
        return spool

    def read_all(self, paths: Sequence[Path], on_bytes: OnBytes) -> Iterator[Spool | InputFileError]:
        """The text, or the error, of every file, in the order of ``paths``; several are read at the same time.

        Whoever leaves before the end stops all workers; the reader can then not be used again.
        """
        sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
        threads = min(count_cores(), len(paths), 1 + sum(sizes) // _BYTES_PER_WORKER)
        with ThreadPoolExecutor(max(1, threads), thread_name_prefix="reading") as pool:
            futures = [pool.submit(self.read, path) for path in paths]
            done = 0

            def tell() -> None:
                nonlocal done
                done = max(done, self._done_bytes(paths, futures, sizes))  # a refused file's text is dropped
                on_bytes(done, sum(sizes))

            try:
                for future in futures:
                    while not future.done():
                        tell()
                        wait([one for one in futures if not one.done()], _TELL_S, FIRST_COMPLETED)
                    tell()
                    yield _outcome(future)
            finally:
                if not all(future.done() for future in futures):  # whoever asked has left
                    pool.shutdown(wait=False, cancel_futures=True)
                    self._stop()

    def document(self, spool: Spool, path: Path, name: str) -> SourceDocument:
        """The whole document of a spool. A kept spool that was damaged is made anew, with a remark."""
        try:
            return spool.document(path, name)
        except DamagedSpoolError:
            self._store.drop(spool.folder)
        document = self.read(path).document(path, name)
        return replace(document, warnings=(*document.warnings, "its text in the cache was damaged and was read anew"))

    def _find(self, key: str) -> Spool | None:
        folder = self._store.find(key)
        if folder is None:
            return None
        try:
            return Spool(folder)
        except DamagedSpoolError:
            self._store.drop(folder)
            return None

    def _read_anew(self, path: Path, key: str) -> Spool:
        folder = self._store.new_folder()
        self._folders[path] = folder
        try:
            write_summary(folder, self._fill(folder, path))
            return Spool(self._store.keep(key, folder))
        except BaseException:
            self._store.drop(folder)
            raise

    def _done_bytes(self, paths: Sequence[Path], futures: Sequence[Future[Spool]], sizes: Sequence[int]) -> int:
        done = 0
        for path, future, size in zip(paths, futures, sizes, strict=True):
            if future.done():
                done += size
            elif folder := self._folders.get(path):
                done += min(text_size(folder), int(size * _MOST_UNFINISHED))
        return done

    def _fill(self, folder: Path, path: Path) -> Summary:
        """Read the file into ``folder``. Raises InputFileError for a cause that may pass, which no store shall keep."""
        limits = self._limits
        job = Job(str(path.absolute()), str(folder.absolute()), limits.seconds, limits.memory_mb)
        summary = self._ask_worker(job)
        if summary.scanned_pages and limits.ocr and find_ocr_program():
            seconds = max(limits.seconds, SECONDS_PER_PAGE * summary.scanned_pages)
            summary = self._ask_worker(replace(job, ocr=limits.ocr, seconds=seconds))
        if summary.passing:
            raise InputFileError(summary.cause, fix=summary.fix)
        return summary

    def _ask_worker(self, job: Job) -> Summary:
        worker = self._running_worker()
        try:
            return worker.read(job)
        except WorkerFailedError as error:
            logging.getLogger(__name__).warning("%s %s", error, error.details)
            raise
        finally:
            self._idle.put(worker)

    def _running_worker(self) -> WorkerProcess:
        with self._lock:
            if self._stopped:
                raise InputFileError("The reading was stopped.")
            try:
                worker = self._idle.get_nowait()
            except Empty:
                worker = WorkerProcess()
                self._workers.append(worker)
            worker.start()
            return worker

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            for worker in self._workers:
                worker.stop()

    def _key(self, path: Path) -> str:
        """Of all that the text and the remarks on it depend on; the name decides where the content does not."""
        try:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InputFileError(
                f"{path.name} cannot be read: {error.strerror}.", fix="Check the path and its permissions."
            ) from error
        ocr = f"{self._limits.ocr} {find_ocr_program()}" if self._limits.ocr else ""
        return hashlib.sha256(os.fsencode("\n".join((content, path.name, reader_version(), ocr)))).hexdigest()


def _outcome(future: Future[Spool]) -> Spool | InputFileError:
    try:
        return future.result()
    except InputFileError as error:
        return error
