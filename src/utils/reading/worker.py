"""The worker process: reads the files it is told on standard input, each into a spool; run by ``process.py``.

One line of JSON in, one line out. Whatever is not foreseen ends the process: the other side reports the file and
starts a new one.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.scanned import ScannedPdfError
from src.utils.extractors.sections import Warn
from src.utils.private_channel import open_private_channel
from src.utils.reading.job import Job
from src.utils.reading.sections import iter_sections
from src.utils.reading.spool import Summary, write_sections

_ADDRESS_SPACE_MB = 512
"""What libraries map without using it: the bound on addresses lies that much above the bound on memory."""
_ORPHAN_S = 30
"""A worker whose other side was killed ends by itself that long after its time."""


def main() -> None:
    """Read files until standard input ends."""
    with open_private_channel() as channel:
        for line in sys.stdin.buffer:
            job = Job(**json.loads(line))
            _bound(job)
            summary = _read(job)
            # json, not orjson: a file name may hold bytes that are no UTF-8
            channel.write(json.dumps(asdict(summary)).encode("ascii") + b"\n")
            channel.flush()


def _read(job: Job) -> Summary:
    """What became of the file."""
    folder, path = Path(job.folder), Path(job.path)
    warnings: list[str] = []
    try:
        written = write_sections(folder, _sections(job, warnings.append), path)
    except ScannedPdfError as error:
        return Summary(cause=str(error), fix=error.fix, scanned_pages=error.pages)
    except InputFileError as error:
        passing = bool(job.ocr) or isinstance(error.__cause__, OSError | MemoryError)
        # what a library says of the damage may have several lines
        return Summary(cause=" ".join(str(error).split()), fix=error.fix, passing=passing)
    except OSError as error:
        cause = f"The text of {path.name} cannot be stored: {error.strerror}."
        return Summary(cause=cause, fix="Free some space, then try again.", passing=True)
    return replace(written, warnings=tuple(warnings))


def _sections(job: Job, warn: Warn) -> Iterator[Section]:
    path = Path(job.path)
    if job.ocr:
        from src.utils.reading.ocr import make_searchable

        path = make_searchable(path, Path(job.folder), job.ocr, warn)
    yield from iter_sections(path, warn)


def _bound(job: Job) -> None:
    """Bounds that hold even when nobody watches, where the system has them."""
    if sys.platform == "win32":
        return
    import resource

    if sys.platform != "darwin":  # macOS refuses every bound on addresses: there ``Watch`` alone looks at the memory
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = hard if job.ocr else (job.memory_mb + _ADDRESS_SPACE_MB) << 20  # OCR programs map what they like
        soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(int(job.seconds) + _ORPHAN_S)  # unhandled: it ends the process even inside a C library


if __name__ == "__main__":
    main()
