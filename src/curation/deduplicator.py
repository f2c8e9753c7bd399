"""Deduplication of a JSONL file: the best row of everything that is alike stays, every other one names its witness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from src.core.errors import DatasetError
from src.core.types import ProgressEvent
from src.curation.daft_engine import keep_best_on_daft, shingle_on_daft
from src.curation.dedupe_files import Judgement, OutputFiles, plain_file, work_folder, write_rejected, write_rows
from src.curation.row_table import Places, RejectedLine, RowTable, make_table, rank_rows
from src.curation.shingling import ReadSpan, Task, shingle_spans
from src.curation.spans import split_file
from src.utils.similarity.set_join import JoinSettings, Method, Piece, keep_best
from src.utils.similarity.shingles import SHINGLE_SIZE
from src.utils.similarity.spilled_join import Spill
from src.utils.similarity.text_sets import first_of_equals

Report = Callable[[ProgressEvent], None]
Engine = Literal["local", "daft"]


@dataclass(frozen=True, slots=True)
class DedupeSettings:
    """What counts as a duplicate, and with how many threads it is looked for: their number does not show in the
    result. ``fields`` are what is compared; without any, the instruction and the response, or the messages.
    What duplicates a row of ``against`` is removed, however good it is. ``spill`` compares on disk, in less memory,
    with the same result. ``semantic`` marks what is alike in meaning among the rows that stay; see ``run_dedupe``.
    ``engine`` daft works on a cluster, with the same result; see ``daft_engine``."""

    fields: tuple[str, ...] = ()
    threshold: float = 0.8
    ngram: int = SHINGLE_SIZE
    method: Method = "exact"
    workers: int = 1
    against: tuple[Path, ...] = ()
    spill: bool = False
    semantic: bool = False
    engine: Engine = "local"


@dataclass(frozen=True, slots=True)
class DedupeReport:
    """``rows`` = kept + removed; ``removed`` and ``rejected`` count by reason, ``rejected`` in every file."""

    rows: int
    kept: int
    removed: dict[str, int]
    rejected: dict[str, int]
    files: OutputFiles


def deduplicate(source: Path, out: Path, settings: DedupeSettings, report: Report) -> DedupeReport:
    """Write the rows of ``source`` that stay to ``out``, in their order, and beside it the removed and rejected ones.

    Rows are taken best first: by ``quality_score``, or else the heuristic score, then by id. A row stays unless one
    that stayed has a Jaccard similarity of ``settings.threshold`` with it, which becomes its witness; of several the
    best. The same input gives the same bytes. Raises InputFileError, DatasetError without any row, StorageError.
    """
    files = OutputFiles.beside(out)
    with work_folder(out) as folder:
        reference, spans = _read(source, settings, folder, report)
        table, rejected = make_table(reference, spans)
        write_rejected(files.rejected, rejected)
        if not table.valid[table.pinned :].any():
            raise DatasetError(f"{source} holds no row that can be used.", fix=f"{files.rejected} says why, by line.")
        pieces = [read.piece for read in (*reference, *spans)]
        judgement = _judge(table, pieces, settings, Spill(folder) if settings.spill else None, report)
        total = spans[-1].span.end
        for done in write_rows(files, spans, table, judgement, settings.workers):
            report(ProgressEvent("save", done, total, unit="bytes"))
    return _summary(table, judgement, rejected, files)


def _read(
    source: Path, settings: DedupeSettings, folder: Path, report: Report
) -> tuple[list[ReadSpan], list[ReadSpan]]:
    """All rows of the reference files and of the source, as sets in files of ``folder``."""
    pieces = [(path, split_file(plain_file(path, folder), str(path))) for path in (*settings.against, source)]
    spans = [span for _, found in pieces for span in found]
    tasks = [
        Task(span, settings.fields, settings.ngram, folder / f"{number}.sets") for number, span in enumerate(spans)
    ]
    total = sum(span.end - span.start for span in spans)
    reads: list[ReadSpan] = []
    done = rejected = 0
    for read in shingle_on_daft(tasks) if settings.engine == "daft" else shingle_spans(tasks, settings.workers):
        reads.append(read)
        done += read.span.end - read.span.start
        rejected += len(read.rejected)
        report(ProgressEvent("rows", done, total, rejected=rejected, unit="bytes"))
    own = len(pieces[-1][1])
    return reads[:-own], reads[-own:]


def _judge(
    table: RowTable, pieces: Sequence[Piece], settings: DedupeSettings, spill: Spill | None, report: Report
) -> Judgement:
    best, order = _representatives(table)
    pinned = int((order < table.pinned).sum())
    join = keep_best_on_daft if settings.engine == "daft" else keep_best
    found = join(
        pieces,
        order,
        JoinSettings(settings.threshold, settings.method, pinned, settings.workers, spill),
        lambda done, total: report(ProgressEvent("compare", done, total)),
    )
    rows = np.arange(len(best))
    witnesses = np.where(found.witnesses[best] >= 0, found.witnesses[best], np.where(best != rows, best, -1))
    similarities = np.where(found.witnesses[best] >= 0, found.similarities[best], 1.0)
    exact = (witnesses >= 0) & (table.texts == table.texts[witnesses]).all(axis=1)
    return Judgement(witnesses, similarities, exact)


def _representatives(table: RowTable) -> tuple[Places, Places]:
    """For every row the best one with the same set of shingles, and these, best first. Rows without a word have no
    set: of them only those with the same text are the same, and they are joined with nothing."""
    ranked = rank_rows(table)
    has_words = table.sizes[ranked] > 0
    best = first_of_equals(table.sets, ranked[has_words])
    wordless = ranked[~has_words]
    best[wordless] = first_of_equals(table.texts, wordless)[wordless]
    order = ranked[has_words]
    return best, order[best[order] == order]


def _summary(
    table: RowTable, judgement: Judgement, rejected: Sequence[RejectedLine], files: OutputFiles
) -> DedupeReport:
    own = slice(table.pinned, None)
    rows = int(table.valid[own].sum())
    removed = judgement.witnesses[own] >= 0
    exact = int(judgement.exact[own].sum())
    near = int(removed.sum()) - exact
    return DedupeReport(
        rows,
        rows - exact - near,
        {"exact_duplicate": exact, "near_duplicate": near},
        dict(Counter(one.kind for one in rejected).most_common()),
        files,
    )
