"""The subcommand fim."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.actions.curation_places import path_of
from src.cli.actions.earlier_file import say_it_stays
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.data_prep.fim.types import FimReport, FimSettings

_LEAST_TOKENS = 256
"""Fewer leave no room for code beside what a row says."""
_SHOWN_LINES = 3


def fim(arguments: Namespace, session: Session) -> Outcome:
    """Write rows cut from the code at --repo, and say what was left out and why. Raises UsageError, InputFileError,
    MissingPackageError, ConfigError, StorageError."""
    settings = _settings(arguments, session)
    from src.data_prep.fim.extract import extract

    repository, out = path_of(arguments.repo), path_of(arguments.out)
    if out.is_dir():
        raise UsageError(f"--out {out} is a folder.", fix="Name a file in it, as in train.fim.jsonl.")
    with Progress(session.console) as progress:
        report = extract(repository, out, settings, progress)
    _show(report, settings, str(out), session)
    return Outcome(_facts(report, settings, str(out)), ok=report.rows.total() > 0)


def _settings(arguments: Namespace, session: Session) -> FimSettings:
    from src.data_prep.fim.types import FimSettings
    from src.data_prep.quality.broken import DEFAULT_MODEL

    if arguments.per_file < 1:
        raise UsageError("--per_file is a number of rows from 1 on.", fix="As in --per_file 6.")
    if arguments.max_len < _LEAST_TOKENS:
        raise UsageError(f"--max_len is a number of tokens from {_LEAST_TOKENS} on.", fix="As in --max_len 1600.")
    return FimSettings(
        arguments.per_file,
        arguments.max_len,
        arguments.form,
        arguments.sentinels,
        arguments.model or DEFAULT_MODEL,
        arguments.balance or "",
        session.config().system.seed,
        arguments.licence or "",
        arguments.copyleft,
    )


def _show(report: FimReport, settings: FimSettings, out: str, session: Session) -> None:
    from src.cli.screens import counted, table

    console = session.console
    if report.skipped:
        rows = [(reason.replace("_", " "), f"{count:,}") for reason, count in report.skipped.most_common()]
        console.lines(table(("files left out", "count"), rows, width=console.width, right=frozenset({1})))
        console.say()
    if report.before:
        heads = ("language", "rows", "share", "balanced", "share")
        last = None if settings.balance else 3
        languages = [_language_row(name, report)[:last] for name, _ in report.before.most_common()]
        console.lines(table(heads[:last], languages, width=console.width, right=frozenset(range(1, len(heads[:last])))))
        console.say()
    if report.first is not None:
        console.say(f"Spans: {_shares(report.kinds)}")
        _preview(report.first["fim"], session)
    if report.rows:
        console.success(
            f"{counted(report.rows.total(), 'row')} from {report.used:,} of {report.files:,} files in {out}"
        )
    else:
        console.warning(f"No rows: none of {report.files:,} files could be used.{say_it_stays(Path(out))}")
    _remarks(report, settings, session)


def _language_row(name: str, report: FimReport) -> tuple[str, ...]:
    before, after = report.before[name], report.rows[name]
    return (name, f"{before:,}", _share(before, report.before), f"{after:,}", _share(after, report.rows))


def _remarks(report: FimReport, settings: FimSettings, session: Session) -> None:
    console = session.console
    if not report.licence:
        console.warning(
            "The code states no licence: make sure that you may train on it. --licence notes it in the rows."
        )
    elif report.skipped["licence"]:
        console.warning(
            f"Left out for their licence (the repository: {report.licence}): {report.skipped['licence']:,} files. "
            "--copyleft uses code under the GPL and its like; --licence names one that could not be told."
        )
    if report.private:
        labels = ", ".join(f"{label} {count:,}" for label, count in report.private.most_common())
        console.warning(
            f"Personal data stays in code: {labels} in {report.private_files:,} of {report.used:,} files that rows were"
            " made of. Look at them before you share the rows."
        )
    if report.too_long:
        console.warning(f"{report.too_long:,} spans were left out: not even their own lines fit into --max_len.")
    if not report.exact:
        fix = f" make setup-tokenizers ({report.needs}) makes them exact." if report.needs else ""
        console.remark(f"Tokens of {settings.model} are estimates, so rows are kept as much shorter.{fix}")
    if not report.enry:
        console.remark("enry is not there: what is vendored or generated was decided by our own rules alone.")


def _preview(parts: Mapping[str, str], session: Session) -> None:
    """One row, as an editor would show it: the lines around the cursor and what belongs there."""
    console = session.console
    console.say(f"An example, from {parts['path']} ({parts['kind']}):")
    before = parts["prefix"].splitlines()[-_SHOWN_LINES:]
    behind = parts["suffix"].splitlines()[:_SHOWN_LINES]
    middle = parts["middle"].splitlines()
    more = ["..."] if len(middle) > 2 * _SHOWN_LINES else []
    console.lines([f"    {line}" for line in before])
    console.lines([f"  + {line}" for line in [*middle[: 2 * _SHOWN_LINES], *more]], "success")
    console.lines([f"    {line}" for line in behind])
    console.say()


def _shares(counts: Counter[str]) -> str:
    return ", ".join(f"{kind} {count:,} ({_share(count, counts)})" for kind, count in counts.most_common())


def _share(count: int, counts: Counter[str]) -> str:
    return f"{count / max(1, counts.total()):.0%}"


def _facts(report: FimReport, settings: FimSettings, out: str) -> dict[str, Any]:
    return {
        "out": out,
        "rows": report.rows.total(),
        "files": report.files,
        "used": report.used,
        "skipped": dict(report.skipped),
        "too_long": report.too_long,
        "private": dict(report.private),
        "private_files": report.private_files,
        "kinds": dict(report.kinds),
        "languages": {"before": dict(report.before), "after": dict(report.rows)},
        "repository": report.source,
        "commit": report.commit or None,
        "licence": report.licence or None,
        "form": settings.form,
        "sentinels": None if settings.form == "chat" else settings.family,
        "model": settings.model,
        "max_len": settings.max_len,
        "tokens_exact": report.exact,
        "seed": settings.seed,
    }
