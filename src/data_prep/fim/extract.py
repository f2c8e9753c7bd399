"""Fill-in-the-middle rows from the code of one source: files are chosen, spans cut out, windows made to fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

import orjson

from src.core.cores import count_cores
from src.core.kept_file import keeping_writer
from src.core.types import ProgressEvent
from src.data_prep.fim import enry_rules
from src.data_prep.fim.admission import Admission
from src.data_prep.fim.balance import balanced
from src.data_prep.fim.cutting import Cut, Origin, RowCutter
from src.data_prep.fim.gauge import Gauge
from src.data_prep.fim.sources import Listed, open_source
from src.data_prep.fim.syntax import load_parser
from src.data_prep.fim.types import Candidate, FimReport, FimSettings, MadeRow
from src.utils.in_processes import map_in_processes

_BATCH: Final = 64
"""Files that are cut together, whatever the machine: they share one mix of kinds."""
_FILES_PER_WORKER: Final = 500
"""Less work than starting a process takes longer than it saves."""
Tell = Callable[[ProgressEvent], None]


def extract(path: Path, out: Path, settings: FimSettings, tell: Tell) -> FimReport:
    """Write the rows of the repository or folder at ``path`` to ``out``, whole or not at all: the same rows with any
    number of processors. Where there are none, an earlier file stays.

    Raises InputFileError where there is no code to be read, MissingPackageError without git or the grammars,
    ConfigError, UsageError and StorageError.
    """
    load_parser("python")  # says at once what is missing
    gauge = Gauge(settings.model, settings.max_len)
    source = open_source(path)
    files = list(source.files())
    admission = Admission(source, files, settings)
    report = FimReport(
        source.name,
        source.commit,
        admission.licence,
        gauge.exact,
        gauge.needs,
        enry_rules.load_enry() is not None,
        files=len(files),
        skipped=admission.skipped,
    )
    cutter = RowCutter(settings, Origin(source.name, source.commit), gauge)
    rows = _cut(admission, admission.named_well(files), cutter, report, tell)
    with closing(rows):
        kept = balanced(rows, settings.seed, report.before) if settings.balance else rows
        with keeping_writer(out) as sink:
            sink.writelines(_counted(kept, report))
    if not settings.balance:
        report.before = Counter(report.rows)
    return report


def _cut(
    admission: Admission, wanted: list[Listed], cutter: RowCutter, report: FimReport, tell: Tell
) -> Generator[MadeRow, None, None]:
    """The rows of every file that may be used, in the order of the files."""
    done = made = 0
    workers = min(count_cores(), 1 + len(wanted) // _FILES_PER_WORKER)
    with closing(map_in_processes(cutter, _batches(admission.admitted(wanted)), workers)) as batches:
        for cuts in batches:
            for cut in cuts:
                made += len(cut.rows)
                _count(cut, report)
                yield from cut.rows
            done = min(done + _BATCH, len(wanted))
            tell(ProgressEvent("files", done, len(wanted), kept=made))


def _batches(admitted: Iterator[Candidate | None]) -> Iterator[list[Candidate]]:
    while batch := list(islice(admitted, _BATCH)):
        yield [candidate for candidate in batch if candidate]


def _count(cut: Cut, report: FimReport) -> None:
    report.too_long += cut.too_long
    report.private.update(cut.private)
    report.private_files += bool(cut.private)
    if cut.rows:
        report.used += 1
    else:
        report.skipped["no_span"] += 1


def _counted(rows: Iterable[MadeRow], report: FimReport) -> Iterator[bytes]:
    for row in rows:
        report.rows[row.language] += 1
        report.kinds[row.kind] += 1
        report.first = report.first or orjson.loads(row.line)
        yield row.line
