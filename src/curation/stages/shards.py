"""A stage that looks at each row by itself: its input in shards, each done once."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Protocol

import orjson

from src.core.errors import DatasetError
from src.core.jsonl import atomic_writer, dump_line, make_folder
from src.core.types import ProgressEvent, Stage
from src.curation.dedupe_files import plain_file, write_rejected
from src.curation.records import CuratedObject, Ids, Parse, SpanRows, parse_object, read_span
from src.curation.row_table import RejectedLine
from src.curation.spans import Span, split_file
from src.curation.stages.frame import side_files
from src.curation.stages.manifest import Cost, Counts

SHARD_BYTES: Final = 16 << 20
Report = Callable[[ProgressEvent], None]


class Outcome(NamedTuple):
    """What a stage makes of a row: the row as it goes on, or why it does not."""

    row: CuratedObject
    reason: str = ""


Work = Callable[[Sequence[CuratedObject]], Iterable[Outcome]]
"""One Outcome for each row, in their order."""


class Meter(Protocol):
    """What a stage that asks models has cost."""

    def read(self) -> Cost:
        """What was paid up to now."""

    def carry(self, cost: Cost) -> None:
        """Count what an earlier process has paid."""


@dataclass(frozen=True, slots=True)
class RowStage:
    """Rows of ``source`` go through ``work`` to ``out``. ``key`` names the work: shards of another one are not used.
    With ``id_prefix``, a row without an id gets one of its line. ``meter`` says what the work costs, if it costs
    anything."""

    source: Path
    out: Path
    key: str
    work: Work
    parse: Parse = parse_object
    progress: Stage = "rows"
    id_prefix: str = ""
    shown: str = ""
    """The file that rejected lines are said to be of, where ``source`` was made of another one."""
    shard_bytes: int = SHARD_BYTES
    meter: Meter | None = None


@dataclass(slots=True)
class _Shard:
    """What is known of a finished shard. ``ids`` are those of its rows; their lines, and those of ``rejected``, are
    counted from its first one."""

    lines: int
    rows: int
    kept: int
    removed: dict[str, int]
    ids: list[Any]
    id_lines: list[int]
    rejected: list[tuple[int, str, str]]
    usd: float | None = 0.0
    tokens: int = 0
    answers: int = 0


def run_rows(stage: RowStage, report: Report) -> Counts:
    """Write the rows that stay to ``stage.out``, and what does not stay beside it with the reasons.

    A shard is written to ``.part`` files, and done when its last one has its name; a run that is killed begins with
    the first shard that is not. Raises InputFileError, StorageError, and DatasetError when no line is a row.
    """
    folder = stage.out.with_name(f"{stage.out.name}.shards")
    _claim(folder, stage.key)
    unpacked = folder / "input"
    make_folder(unpacked)
    spans = split_file(plain_file(stage.source, unpacked), stage.shown or str(stage.source), stage.shard_bytes)
    total = spans[-1].end
    ids = Ids()
    shards = []
    first = 1
    for number, span in enumerate(spans):
        shard = _read_facts(folder, number)
        if shard is None:
            shard = _do_shard(stage, folder, number, ids.without_repeated(_read(stage, span, first), first))
        else:
            ids.add(dict(zip(shard.ids, (first + place for place in shard.id_lines), strict=True)))
            if stage.meter is not None:
                stage.meter.carry(_cost_of(stage.meter.read(), (shard,)))
        shards.append(shard)
        first += shard.lines
        rejected = sum(len(one.rejected) for one in shards)
        report(ProgressEvent(stage.progress, span.end, total, rejected=rejected, unit="bytes"))
    counts = _merge(stage, folder, shards)
    _drop(folder)
    return counts


def _claim(folder: Path, key: str) -> None:
    """Leave in ``folder`` nothing of a stage with other inputs or settings."""
    named = folder / "key"
    if not named.exists() or named.read_text(encoding="ascii") != key:
        _drop(folder)
        make_folder(folder)
        with atomic_writer(named) as file:
            file.write(key.encode("ascii"))


def _drop(folder: Path) -> None:
    """The key goes first: what a kill leaves of the folder is claimed by nobody."""
    (folder / "key").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _read(stage: RowStage, span: Span, first: int) -> SpanRows:
    found = read_span(span, stage.parse)
    if stage.id_prefix:
        for row in found.rows:
            if row.value.get("id") is None:
                row.value["id"] = f"{stage.id_prefix}-{first + row.line}"
    return found


def _do_shard(stage: RowStage, folder: Path, number: int, found: SpanRows) -> _Shard:
    rows = [row.value for row in found.rows]
    known = [row for row in found.rows if row.value.get("id") is not None]
    removed: Counter[str] = Counter()
    kept = 0
    before = stage.meter.read() if stage.meter else None
    with atomic_writer(_part(folder, number, "kept")) as good, atomic_writer(_part(folder, number, "removed")) as bad:
        for outcome in stage.work(rows):
            if outcome.reason:
                removed[outcome.reason] += 1
                bad.write(dump_line({"reason": outcome.reason, "row": outcome.row}))
            else:
                kept += 1
                good.write(dump_line(outcome.row))
    ids, id_lines = [row.value["id"] for row in known], [row.line for row in known]
    shard = _Shard(found.lines, len(rows), kept, dict(removed), ids, id_lines, found.rejected)
    if stage.meter is not None and before is not None:
        paid = stage.meter.read()
        shard.usd = None if paid.usd is None or before.usd is None else paid.usd - before.usd
        shard.tokens, shard.answers = paid.tokens - before.tokens, paid.answers - before.answers
    with atomic_writer(_part(folder, number, "facts")) as file:
        file.write(orjson.dumps(asdict(shard)))
    return shard


def _part(folder: Path, number: int, kind: str) -> Path:
    return folder / f"{number:05}.{kind}"


def _read_facts(folder: Path, number: int) -> _Shard | None:
    """What is known of a shard that is done: all three of its files are there. None for every other one."""
    facts = _part(folder, number, "facts")
    parts = (_part(folder, number, "kept"), _part(folder, number, "removed"), facts)
    return _Shard(**orjson.loads(facts.read_bytes())) if all(path.exists() for path in parts) else None


def _merge(stage: RowStage, folder: Path, shards: Sequence[_Shard]) -> Counts:
    """The shards behind each other; the output appears last."""
    out, removed_path, rejected_path = side_files(stage.out)
    rejected = list(_rejected(stage, shards))
    write_rejected(rejected_path, rejected)
    removed = Counter[str]()
    for shard in shards:
        removed.update(shard.removed)
    if not any(shard.rows for shard in shards):
        raise DatasetError(f"{stage.source} holds no row that can be used.", fix=f"{rejected_path} says why, by line.")
    removed_path.unlink(missing_ok=True)
    if removed:
        with atomic_writer(removed_path) as file:
            _join(file, (_part(folder, number, "removed") for number in range(len(shards))))
    with atomic_writer(out) as file:
        _join(file, (_part(folder, number, "kept") for number in range(len(shards))))
    return Counts(
        sum(shard.rows for shard in shards),
        sum(shard.kept for shard in shards),
        dict(sorted(removed.items())),
        dict(Counter(one.kind for one in rejected).most_common()),
        (_cost_of(stage.meter.read(), shards),) if stage.meter else (),
    )


def _cost_of(named: Cost, shards: Sequence[_Shard]) -> Cost:
    known = [shard.usd for shard in shards if shard.usd is not None]
    tokens, answers = sum(shard.tokens for shard in shards), sum(shard.answers for shard in shards)
    notes = f"{answers:,} answers paid, {tokens:,} tokens"
    usd = sum(known) if len(known) == len(shards) else None
    return Cost(named.component, named.provider, usd, notes, tokens, answers)


def _rejected(stage: RowStage, shards: Sequence[_Shard]) -> Iterator[RejectedLine]:
    first = 1
    for shard in shards:
        for place, kind, reason in shard.rejected:
            yield RejectedLine(stage.shown or str(stage.source), first + place, kind, reason)
        first += shard.lines


def _join(target: IO[bytes], parts: Iterable[Path]) -> None:
    for part in parts:
        with part.open("rb") as file:
            shutil.copyfileobj(file, target, 1 << 20)
