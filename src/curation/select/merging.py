"""Several sets as one: each row says which file and line it came from, and no two rows share an id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from src.core.jsonl import atomic_writer, dump_line
from src.core.types import ProgressEvent
from src.curation.dedupe_files import plain_file, work_folder, write_rejected
from src.curation.records import read_rows
from src.curation.row_table import RejectedLine
from src.curation.stages.frame import side_files
from src.curation.stages.manifest import Counts

Report = Callable[[ProgressEvent], None]


def merge_sets(sources: Sequence[Path], out: Path, report: Report, names: Sequence[str] = ()) -> Counts:
    """Write the rows of ``sources`` one behind the other. ``provenance`` has the file, the line and the id that a row
    had there; what a merged set already knows of it stays. An id that is taken becomes ``<name of the file>:<id>``.
    ``names`` are the files of which ``sources`` were made: they are named in their place, and no line of theirs is.

    Raises InputFileError and StorageError.
    """
    named = names or [source.name for source in sources]
    taken: set[Any] = set()
    rejected: list[RejectedLine] = []
    kept: Counter[str] = Counter()
    with work_folder(out) as folder, atomic_writer(out) as file:
        for source, name in zip(sources, named, strict=True):
            for row in read_rows(plain_file(source, folder), str(source), rejected):
                value = dict(row.value)
                own = value.get("id")
                place: dict[str, Any] = {"file": name}
                place |= {} if names else {"line": row.line}
                place |= {"id": own} if own is not None else {}
                value.setdefault("provenance", place)
                if own is not None:
                    value["id"] = _free_id(own, name, taken)
                    taken.add(value["id"])
                file.write(dump_line(value))
                kept[name] += 1
                if row.line % 10_000 == 0:
                    report(ProgressEvent("rows", sum(kept.values()), None, rejected=len(rejected)))
    write_rejected(side_files(out)[2], rejected)
    total = sum(kept.values())
    return Counts(total, total, {}, dict(Counter(one.kind for one in rejected)), facts={"rows_by_file": dict(kept)})


def _free_id(own: Any, file: str, taken: set[Any]) -> Any:
    if own not in taken:
        return own
    name = f"{file.partition('.')[0]}:{own}"
    number = 2
    free = name
    while free in taken:
        free = f"{name}:{number}"
        number += 1
    return free
