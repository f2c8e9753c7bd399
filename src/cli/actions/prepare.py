"""The subcommand prepare: the commands of data preparation one after the other, on what lies in data/."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from src.cli.actions.curation_places import path_of
from src.cli.actions.data_prep_places import project_root
from src.cli.file_questions import run_line
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import DatasetError, MissingPackageError, UsageError


class Step(NamedTuple):
    """One converter: its command line, the files that it writes to be checked and merged, and those to be checked
    only, because their rows are in the others as well."""

    line: tuple[str, ...]
    made: tuple[Path, ...] = ()
    beside: tuple[Path, ...] = ()


def prepare(arguments: Namespace, session: Session) -> Outcome:
    """Convert, check, merge and split, and fill the table of data/README.md; what is missing is said and left out.
    Raises UsageError where nothing is there, and what the single commands raise."""
    data = path_of(arguments.data) if arguments.data else project_root(session) / "data"
    steps = [*_log_steps(data, arguments, session), *_code_steps(data, arguments, session)]
    if not steps:
        raise UsageError(
            f"There is nothing to prepare in {data}.",
            fix=f"Put exports of chats into {data / 'claude_logs'}, or name a git repository: --repo PATH, REPO=PATH.",
        )
    facts: dict[str, Any] = {}
    clean: list[str] = []
    for step in steps:
        session.console.heading(" ".join(step.line[:3]))
        try:
            done = run_line(session, *step.line)
        except MissingPackageError as error:
            session.console.warning(f"Left out: {error} {error.fix}")
            continue
        facts.setdefault(step.line[0], []).append(done.facts)
        if not done.ok:  # what lies there is an earlier run's
            continue
        clean += _check(session, step.made)
        _check(session, step.beside)
    if not clean:
        raise DatasetError("No row is left to be merged.", fix="The tables above say why rows were left out.")
    session.console.heading("merge-split")
    wished = ("--name", arguments.name, "--eval_frac", str(arguments.eval_frac), "--out-dir", str(data / "staging"))
    merged = run_line(session, "merge-split", *clean, *wished)
    facts["merge-split"] = merged.facts
    _fill(session, data, arguments.name)
    return Outcome(facts, ok=merged.ok)


def _log_steps(data: Path, arguments: Namespace, session: Session) -> Iterator[Step]:
    folder = data / "claude_logs"
    if not any(_exports(folder)):
        session.console.remark(f"No chat logs: put exports into {folder}.")
        return
    out = folder / "train.jsonl"
    follow = folder / f"train.follow{arguments.followups}m.jsonl"
    line = ("chat-logs", "--src", str(folder), "--out", str(out), "--followups", str(arguments.followups))
    yield Step(line, (out,), (follow,))


def _code_steps(data: Path, arguments: Namespace, session: Session) -> Iterator[Step]:
    repos = list({path_of(name).resolve(): path_of(name) for name in arguments.repo}.values())
    if not repos:
        session.console.remark("No repository: name one with REPO=PATH, or --repo PATH.")
    for number, repo in enumerate(repos):
        mark = f".{number + 1}-{repo.resolve().name}" if number else ""  # names of folders may be the same
        git = data / "git_history" / f"git_sft{mark}.jsonl"
        yield Step(("git-history", "--repo", str(repo), "--out", str(git)), (git,))
        messages = git.with_name(f"git_sft{mark}.messages.jsonl")
        yield Step(("git-history", "--repo", str(repo), "--out", str(messages), "--format", "messages"))
        fim = data / "actual_code" / f"train.fim{mark}.jsonl"
        sizes = ("--per_file", str(arguments.per_file), "--max_len", str(arguments.max_len))
        yield Step(("fim", "--repo", str(repo), "--out", str(fim), *sizes), (fim,))


def _exports(folder: Path) -> Iterator[Path]:
    """What lies in the folder but for what was made of it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(".git") and not _is_own(path, folder):
            yield path


def _is_own(path: Path, folder: Path) -> bool:
    return path.parent == folder and path.name.startswith("train.") and path.suffix == ".jsonl"


def _check(session: Session, files: Sequence[Path]) -> list[str]:
    """Quality control of each file that was written; the clean ones that have a row."""
    clean: list[str] = []
    for path in filter(Path.is_file, files):
        if not path.stat().st_size:
            session.console.warning(f"{path} has no rows.")
            continue
        out = path.with_name(f"{path.name.removesuffix('.jsonl')}.clean.jsonl")
        run_line(session, "qc", str(path), "--out", str(out), "--rejects")
        clean.append(str(out))
    return clean


def _fill(session: Session, data: Path, name: str) -> None:
    """Lengths of what was made, and the table of the README where there is one."""
    files = [str(path) for path in sorted((data / "staging").glob(f"*.{name}.jsonl")) if _is_set(path, name)]
    readme = data / "README.md"
    fill = ("--fill", str(readme)) if readme.is_file() else ()
    run_line(session, "lengths", *files, *fill)


def _is_set(path: Path, name: str) -> bool:
    return path.name in {f"train.{name}.jsonl", f"eval.{name}.jsonl"} and path.stat().st_size > 0
