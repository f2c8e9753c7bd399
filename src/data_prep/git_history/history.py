"""A repository's history as training rows: decisions for every commit, rows for those that are kept."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, Literal, NamedTuple

import orjson

from src.core.errors import InputFileError
from src.core.jsonl import atomic_writer, dump_line
from src.core.kept_file import keeping_writer
from src.core.types import ProgressEvent, Verdict
from src.data_prep.git_attributes import read_attributes
from src.data_prep.git_history.commits import Commit, count_commits, read_commits
from src.data_prep.git_history.groups import Groups, patch_key, read_links
from src.data_prep.git_history.marking import mark_files
from src.data_prep.git_history.message_rules import judge_commit, subject_of
from src.data_prep.git_history.patch_rules import judge_patch
from src.data_prep.git_history.patches import MISSING, CommitPatch, read_patches
from src.data_prep.git_history.rows import RowMaker, RowSettings
from src.data_prep.git_reading import GitRepository
from src.data_prep.licences import is_allowed
from src.data_prep.repository_licence import licence_of_repository

_SCANNED_AT_ONCE: Final = 1_000
RowFormat = Literal["sft", "messages"]
Report = Callable[[ProgressEvent], None]


@dataclass(frozen=True, slots=True)
class Places:
    """What is read and written; ``decisions`` None: no list of decisions."""

    repository: Path
    out: Path
    decisions: Path | None = None


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """``limit`` is a number of commits, None for all. ``row_format`` messages leaves ``meta`` out."""

    rows: RowSettings
    revision: str = "HEAD"
    limit: int | None = None
    row_format: RowFormat = "sft"


@dataclass
class HistoryReport:
    """``commits`` = ``kept`` + all that ``dropped`` counts by reason."""

    commits: int = 0
    kept: int = 0
    rows: int = 0
    tokens: int = 0
    tokens_exact: bool = True
    dropped: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    private: Counter[str] = field(default_factory=Counter)


class _Decided(NamedTuple):
    commit: Commit
    verdict: Verdict
    patch: CommitPatch | None = None


def find_licence(repository: GitRepository, revision: str, stated: str, *, copyleft: bool) -> str:
    """The licence of the repository at ``revision``, "" where nothing says one; ``stated`` is the user's word, which
    counts. Raises InputFileError for one that does not allow training."""
    licence = stated or licence_of_repository(repository, revision)
    if licence and not is_allowed(licence, copyleft=copyleft):
        known = "a licence that is not known here" if licence == "unknown" else f"the licence {licence}"
        raise InputFileError(
            f"{repository.path} is under {known}.",
            fix="Name its licence if you know it (--licence MIT), or allow licences such as the GPL with --copyleft.",
        )
    return licence


def convert_history(
    repository: GitRepository, places: Places, settings: HistorySettings, report: Report
) -> HistoryReport:
    """Write the rows of the kept commits to ``places.out``, where an earlier file stays if there are none, and a
    decision for every commit that was seen.

    Raises InputFileError, ConfigError, StorageError; nothing is written then.
    """
    start = repository.resolve(settings.revision)
    total = count_commits(repository, start)
    if repository.shallow_ids and total <= len(repository.shallow_ids):
        raise InputFileError(
            f"{repository.path} is a shallow clone without history.",
            fix=f"Fetch it first: git -C {repository.path} fetch --unshallow",
        )
    groups, maker, counts = Groups(), RowMaker(settings.rows), HistoryReport()
    read_links(repository, start, groups)
    with ExitStack() as stack:
        shelf = stack.enter_context(tempfile.TemporaryFile())
        decisions = stack.enter_context(atomic_writer(places.decisions)) if places.decisions else None
        commits = mark_files(read_commits(repository, start, settings.limit), read_attributes(repository, start))
        total = min(total, settings.limit or total)
        for decided in _decide(repository, commits):
            rows, verdict = _rows_of(decided, maker, groups)
            _count(counts, verdict, total, report)
            if decisions:
                decisions.write(_decision_line(decided.commit, verdict))
            for row in rows:
                counts.rows += 1
                shelf.write(dump_line(row))
        report(ProgressEvent("commits", counts.commits, total, counts.kept))
        _write(places.out, shelf, groups, settings.row_format)
    counts.shapes, counts.private, counts.tokens = maker.shapes, maker.private, maker.tokens
    counts.tokens_exact = maker.counter.exact
    return counts


def _decide(repository: GitRepository, commits: Iterator[Commit]) -> Iterator[_Decided]:
    """Every commit in order: judged by its message, and where that leaves it open, by its patch."""
    while chunk := list(islice(commits, _SCANNED_AT_ONCE)):
        verdicts = [_judge(commit, repository.shallow_ids) for commit in chunk]
        patches = read_patches(repository, [one for one, verdict in zip(chunk, verdicts, strict=True) if verdict.keep])
        for commit, verdict in zip(chunk, verdicts, strict=True):
            if not verdict.keep:
                yield _Decided(commit, verdict)
                continue
            patch = next(patches)
            yield _Decided(commit, judge_patch(patch, subject_of(commit)), patch)


def _judge(commit: Commit, shallow: frozenset[str]) -> Verdict:
    if not commit.is_whole:
        return Verdict(keep=False, reason=MISSING)
    # where the history was cut, a commit seems to add every file there is
    return Verdict(keep=False, reason="history_cut") if commit.id in shallow else judge_commit(commit)


def _rows_of(decided: _Decided, maker: RowMaker, groups: Groups) -> tuple[list[dict[str, Any]], Verdict]:
    if not decided.verdict.keep or decided.patch is None:
        return [], decided.verdict
    made = maker.make(decided.patch, subject_of(decided.commit))
    if isinstance(made, Verdict):
        return [], made
    groups.join(decided.commit.id, patch_key(decided.patch.files))
    return made, decided.verdict


def _count(counts: HistoryReport, verdict: Verdict, total: int, report: Report) -> None:
    counts.commits += 1
    if verdict.keep:
        counts.kept += 1
    else:
        counts.dropped[verdict.reason] += 1
    if counts.commits % 200 == 0:
        report(ProgressEvent("commits", counts.commits, total, counts.kept))


def _decision_line(commit: Commit, verdict: Verdict) -> bytes:
    decision = "keep" if verdict.keep else "drop"
    return dump_line({"commit": commit.id, "decision": decision, "reason": verdict.reason or None})


def _write(out: Path, shelf: IO[bytes], groups: Groups, row_format: RowFormat) -> None:
    """The rows, once all groups are known: a commit is met after what reverts it."""
    shelf.seek(0)
    with keeping_writer(out) as sink:
        sink.writelines(dump_line(_finished(orjson.loads(line), groups, row_format)) for line in shelf)


def _finished(row: dict[str, Any], groups: Groups, row_format: RowFormat) -> dict[str, Any]:
    if row_format == "messages":
        return {"messages": row["messages"]}
    row["meta"]["group"] = groups.find(row["meta"]["group"])
    return row
