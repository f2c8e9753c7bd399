"""The subcommand git-history."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from src.cli.actions.curation_places import path_of
from src.cli.actions.earlier_file import say_it_stays
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError
from src.core.workspace import PROGRAM_ROOT

if TYPE_CHECKING:
    from src.data_prep.git_history.history import HistoryReport, HistorySettings, Places

PROMPTS = PROGRAM_ROOT / "prompts"


def git_history(arguments: Namespace, session: Session) -> Outcome:
    """Write the rows of every commit that is worth one, and say what became of the others. Raises UsageError,
    InputFileError, ConfigError, StorageError."""
    places = _places(arguments)
    from src.data_prep.git_history.history import convert_history, find_licence
    from src.data_prep.git_reading import GitRepository

    repository = GitRepository(places.repository)
    licence = find_licence(
        repository, repository.resolve(arguments.branch), arguments.licence or "", copyleft=arguments.copyleft
    )
    settings = _settings(arguments, places, licence)
    _warn(session, places, licence, is_shallow=bool(repository.shallow_ids))
    with Progress(session.console) as progress:
        report = convert_history(repository, places, settings, progress)
    _show(report, places, settings, session)
    return Outcome(_facts(report, places, settings), ok=report.rows > 0)


def _places(arguments: Namespace) -> Places:
    from src.data_prep.git_history.history import Places

    for name, least in (("max_len", 200), ("limit", 1)):
        value = getattr(arguments, name)
        if value is not None and value < least:
            raise UsageError(f"--{name} is a number from {least} on.", fix=f"As in --{name} 1600.")
    places = Places(
        path_of(arguments.repo), path_of(arguments.out), path_of(arguments.decisions) if arguments.decisions else None
    )
    for path in filter(None, (places.out, places.decisions)):
        if path.is_dir():
            raise UsageError(f"{path} is a folder.", fix="Name a file in it, as in git_sft.jsonl.")
    if places.decisions and places.decisions.resolve() == places.out.resolve():
        raise UsageError("--out and --decisions are the same file.", fix="Give --decisions another name.")
    return places


def _settings(arguments: Namespace, places: Places, licence: str) -> HistorySettings:
    from src.data_prep.git_history.history import HistorySettings
    from src.data_prep.git_history.rows import RowSettings
    from src.data_prep.quality.broken import DEFAULT_MODEL
    from src.data_prep.rows import SYSTEM_PROMPT

    rows = RowSettings(
        places.repository.resolve().name,
        licence,
        arguments.system or SYSTEM_PROMPT,
        arguments.model or DEFAULT_MODEL,
        PROMPTS,
        arguments.shape,
        arguments.max_len,
        arguments.privacy,
        arguments.copyleft,
    )
    return HistorySettings(rows, arguments.branch, arguments.limit, arguments.format)


def _warn(session: Session, places: Places, licence: str, *, is_shallow: bool) -> None:
    console = session.console
    if not licence:
        console.warning(
            f"{places.repository} does not say under which licence it is: its code is taken to be your own. "
            "If it is not, ask before you train on it; --licence notes what you know."
        )
    if is_shallow:
        console.warning(
            f"{places.repository} is a shallow clone: its history ends early. "
            f"All of it: git -C {places.repository} fetch --unshallow"
        )
    for path in filter(None, (places.out, places.decisions)):
        if path.exists():
            console.remark(f"{path} is there already; rows that are found will replace it.")


def _show(report: HistoryReport, places: Places, settings: HistorySettings, session: Session) -> None:
    from src.cli.screens import counted

    console = session.console
    _show_counts(session, ("commits", "count"), [("kept", report.kept), *report.dropped.most_common()])
    _show_counts(session, ("rows", "count"), report.shapes.most_common())
    done = {"redact": "replaced", "report": "found and left in place"}.get(settings.rows.privacy, "found")
    _show_counts(session, (f"private details, {done}", "count"), report.private.most_common())
    if not report.rows:
        console.warning(f"None of {counted(report.commits, 'commit')} gave a row.{say_it_stays(places.out)}")
        return
    exactly = "" if report.tokens_exact else ", by an estimate: 'make setup-tokenizers' makes counts exact"
    mean = report.tokens // report.rows
    console.success(f"{counted(report.rows, 'row')} in {places.out}")
    console.say(f"{mean:,} tokens of {settings.rows.model} on average, at most {settings.rows.max_tokens:,}{exactly}.")
    if places.decisions:
        console.say(f"Every decision with its reason: {places.decisions}")


def _show_counts(session: Session, heads: tuple[str, str], counts: list[tuple[str, int]]) -> None:
    from src.cli.screens import table

    rows = [(name.replace("_", " "), f"{count:,}") for name, count in counts if count]
    if rows:
        session.console.lines(table(heads, rows, width=session.console.width, right=frozenset({1})))
        session.console.say()


def _facts(report: HistoryReport, places: Places, settings: HistorySettings) -> dict[str, Any]:
    return {
        "commits": report.commits,
        "kept": report.kept,
        "dropped": dict(report.dropped.most_common()),
        "rows": report.rows,
        "shapes": dict(report.shapes),
        "tokens": report.tokens,
        "tokens_exact": report.tokens_exact,
        "licence": settings.rows.licence or None,
        "private": dict(report.private),
        "privacy": settings.rows.privacy,
        "out": str(places.out),
        "decisions": str(places.decisions) if places.decisions else None,
    }
