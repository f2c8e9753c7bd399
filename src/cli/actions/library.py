"""The subcommands that look things up in the library: search, diff, why."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.screens import counted
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.facts import sample_facts
from src.cli.views.library import change_lines, match_lines, row_lines, trace_lines
from src.core.errors import DatasetError, UsageError
from src.persistence.sqlite_client import Store

if TYPE_CHECKING:
    from src.core.types import DatasetRecord, Rejection, SourceDocument
    from src.library.differences import Change, Row, Rows
    from src.library.provenance import Trace
    from src.library.search import Match
    from src.persistence.search_index import SearchIndex

_TOLD_EVERY = 100_000


def search(arguments: Namespace, session: Session) -> Outcome:
    """Samples that hold all of the words, the best first."""
    from src.library.search import Wish, search_samples
    from src.persistence.search_index import COUNTED, SearchIndex

    words = " ".join(arguments.words)
    wish = Wish(words, arguments.dataset or "", arguments.split, arguments.source or "", arguments.limit)
    with Store(session.workspace.database) as store, SearchIndex(session.workspace.search_index) as index:
        _bring_up_to_date(index, store, session)
        found = search_samples(store, index, wish)
    console = session.console
    for match in found.matches:
        console.lines(match_lines(match, width=console.width))
    total = f"more than {COUNTED:,} samples" if found.total > COUNTED else counted(found.total, "sample")
    if not found.matches:
        console.say("Nothing was found.")
    else:
        which = "best" if found.is_ranked else "newest"
        shown = "" if len(found.matches) == found.total else f"; the {which} {len(found.matches)} are shown"
        console.remark(f"{total} found{shown}. 'why ID' tells where one comes from.")
    if not found.is_ranked:
        console.remark("The newest are shown first. With more words less is found, and the best comes first.")
    facts = {"matches": [_match_facts(match) for match in found.matches], "total": found.total}
    return Outcome({**facts, "is_total_exact": found.total <= COUNTED})


def _bring_up_to_date(index: SearchIndex, store: Store, session: Session) -> None:
    """Let the index take in what is new; only of a large dataset is anything said."""

    def tell(record: DatasetRecord, rows: int) -> None:
        if rows % _TOLD_EVERY == 0:
            session.console.remark(f"Indexing {record.name} (once): {rows:,} of {record.total_samples:,} samples")

    index.update(store, tell)


def _match_facts(match: Match) -> dict[str, Any]:
    sample = match.stored.sample
    return {
        "dataset": match.record.name,
        "version": match.record.version,
        "sample_id": sample.id,
        "split": match.stored.split,
        "score": round(match.score, 4),
        "excerpt": {"role": match.excerpt.role, "text": match.excerpt.text},
        **sample_facts(sample),
    }


def diff(arguments: Namespace, session: Session) -> Outcome:
    """Two datasets, versions or files by sample."""
    from src.library.differences import find_differences

    console = session.console
    with Store(session.workspace.database) as store:
        names = _pair(store, arguments.a, arguments.b)
        found = find_differences(*(_rows_of(store, name) for name in names))
    console.heading(f"From {names[0]} to {names[1]}")
    counts = found.counts
    console.say(", ".join(f"{counts[kind]:,} {kind}" for kind in ("added", "dropped", "changed", "unchanged")))
    if found.is_empty:
        console.success("They hold the same samples.")
    for kind, rows in (("Added", found.added), ("Dropped", found.dropped)):
        _show_rows(session, kind, rows, arguments.limit)
    _show_changes(session, found.changed, arguments.limit)
    return Outcome(
        {
            "from": names[0],
            "to": names[1],
            **counts,
            "added_samples": [_row_facts(row) for row in found.added[: arguments.limit]],
            "dropped_samples": [_row_facts(row) for row in found.dropped[: arguments.limit]],
            "changed_samples": [
                {"what": list(change.what), "before": _row_facts(change.before), "after": _row_facts(change.after)}
                for change in found.changed[: arguments.limit]
            ],
        }
    )


def _pair(store: Store, first: str, second: str | None) -> tuple[str, str]:
    """What is compared: one dataset alone means its last two versions. Raises DatasetError when it has only one."""
    if second:
        if first == second:
            raise UsageError("A dataset does not differ from itself.", fix="Name two, or one alone.")
        return first, second
    from src.persistence.versions import versions_of

    record = store.find(first)
    versions = versions_of(store, record.name)
    if len(versions) < 2:
        raise DatasetError(
            f"Dataset {record.name!r} has one version only.", fix="Name another dataset or file to compare it with."
        )
    return f"{record.name}@{versions[-2].version}", f"{record.name}@{versions[-1].version}"


def _rows_of(store: Store, name: str) -> Rows:
    """The rows of a stored dataset, or of what ends in .jsonl."""
    from src.library.differences import Row

    if name.endswith(".jsonl"):
        from src.library.file_rows import read_samples

        path = Path(name).expanduser()
        return lambda: (Row(sample) for sample in read_samples(path))
    from src.persistence.versions import find_version

    record = find_version(store, name)
    return lambda: (Row(stored.sample, stored.split) for stored in store.samples(record.id))


def _show_rows(session: Session, kind: str, rows: Sequence[Row], limit: int) -> None:
    if not rows:
        return
    console = session.console
    console.heading(kind)
    for row in rows[:limit]:
        console.lines(row_lines(row, width=console.width))
    _say_more(session, len(rows) - limit)


def _show_changes(session: Session, changes: Sequence[Change], limit: int) -> None:
    if not changes:
        return
    console = session.console
    console.heading("Changed")
    for change in changes[:limit]:
        console.lines(change_lines(change, width=console.width))
    _say_more(session, len(changes) - limit)


def _say_more(session: Session, left: int) -> None:
    if left > 0:
        session.console.remark(f"... and {left:,} more (--limit)")


def _row_facts(row: Row) -> dict[str, Any]:
    return {"sample_id": row.sample.id, "split": row.split, **sample_facts(row.sample)}


def why(arguments: Namespace, session: Session) -> Outcome:
    """Where one sample comes from."""
    from src.library.provenance import trace_sample

    def documents(record: DatasetRecord, name: str) -> Iterable[SourceDocument | Rejection]:
        from src.documents import read_again

        return read_again(_with_file(record, name, session), session.config(), session.workspace)

    with Store(session.workspace.database) as store:
        trace = trace_sample(store, _inside(arguments.sample, session), documents)
    console = session.console
    for line, tone in trace_lines(trace, width=console.width):
        console.say(line, tone)
    return Outcome(_trace_facts(trace))


def _inside(wanted: str, session: Session) -> str:
    """A row of a file that is not here is meant in output_datasets/, where exports lie."""
    name, colon, line = wanted.rpartition(":")
    path = Path(name).expanduser()
    exported = session.workspace.output_datasets / path.name
    if colon and name and not path.exists() and len(path.parts) == 1 and exported.exists():
        return f"{exported}:{line}"
    return wanted


def _with_file(record: DatasetRecord, name: str, session: Session) -> DatasetRecord:
    """The record of a dataset made from one file of its folder, where that file is there: only it is read again."""
    import orjson

    config = orjson.loads(record.config)
    settings = config.get("input", {})
    folder = session.workspace.root / settings.get("folder", "input_files")
    if not (folder / name).is_file():
        return record
    return replace(record, config=orjson.dumps({**config, "input": {**settings, "files": [name]}}).decode())


def _trace_facts(trace: Trace) -> dict[str, Any]:
    sample, record, excerpt = trace.stored.sample, trace.record, trace.excerpt
    return {
        "sample_id": sample.id,
        "dataset": record.name,
        "version": record.version,
        "is_deleted": record.deleted_at is not None,
        "split": trace.stored.split,
        "tokens": trace.stored.token_length,
        **sample_facts(sample),
        "span": list(sample.span) if sample.span else None,
        "metadata": dict(sample.metadata),
        "source_text": excerpt.text if excerpt else None,
        "source_line": excerpt.first_line if excerpt else None,
        "is_verbatim": excerpt.verbatim if excerpt else None,
        "evidence": [{"line": line, "words": words} for line, words in excerpt.cited] if excerpt else [],
        "source_missing": trace.missing,
        "writer": trace.writer,
        "history": [
            {
                "version": step.record.version,
                "what": step.what,
                "reason": step.record.reason,
                "author": step.record.author,
                "made_at": step.record.created_at.isoformat(timespec="seconds"),
            }
            for step in trace.steps
        ],
        "also_in": list(trace.elsewhere),
    }
