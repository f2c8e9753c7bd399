"""The subcommand chat-logs."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from src.cli.actions.curation_places import path_of
from src.cli.actions.earlier_file import say_it_stays
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.data_prep.chat_logs.report import LogReport
    from src.data_prep.chat_logs.settings import LogSettings

_SHOWN_PROBLEMS = 5
_PREVIEW_LINES = 4


def chat_logs(arguments: Namespace, session: Session) -> Outcome:
    """Write the rows of every conversation below --src, and say what became of the others. Raises UsageError,
    InputFileError, ConfigError, StorageError."""
    settings = _settings(arguments)
    from src.data_prep.chat_logs.convert import convert

    with Progress(session.console) as progress:
        report = convert(settings, progress)
    _show(report, settings, session)
    return Outcome(_facts(report, settings), ok=report.rows > 0)


def _settings(arguments: Namespace) -> LogSettings:
    from src.data_prep.chat_logs.settings import LogSettings
    from src.data_prep.quality.broken import DEFAULT_MODEL
    from src.data_prep.rows import SYSTEM_PROMPT

    if arguments.followups == 1 or arguments.followups < 0:
        raise UsageError("--followups is a number of questions from 2 on.", fix="As in --followups 3.")
    if arguments.max_len < 1:
        raise UsageError("--max_len is a number of tokens from 1 on.", fix="As in --max_len 4096.")
    settings = LogSettings(
        path_of(arguments.src),
        path_of(arguments.out),
        arguments.max_len,
        arguments.model or DEFAULT_MODEL,
        _topics(arguments.topics),
        arguments.followups,
        arguments.privacy,
        arguments.system or SYSTEM_PROMPT,
    )
    _check_places(settings)
    return settings


def _topics(text: str | None) -> tuple[Any, ...]:
    from src.data_prep.chat_logs.topic import TOPICS

    if text is None or text == "all":
        return () if text else TOPICS
    names = tuple(name.strip() for name in text.split(","))
    unknown = [name for name in names if name not in TOPICS]
    if unknown:
        raise UsageError(f"There is no topic {unknown[0]!r}.", fix=f"Name some of {', '.join(TOPICS)}; or: all.")
    return names


def _check_places(settings: LogSettings) -> None:
    """Raises UsageError where a file that is written would take the place of a log."""
    from src.data_prep.chat_logs.detect import is_log

    for path in settings.written:
        if path.is_dir():
            raise UsageError(f"{path} is a folder.", fix="Name a file in it, as in train.jsonl.")
        if path.is_file() and (path.resolve() == settings.source.resolve() or is_log(path)):
            raise UsageError(f"{path} holds chats and would be overwritten.", fix="Give --out another name.")


def _show(report: LogReport, settings: LogSettings, session: Session) -> None:
    from src.cli.screens import counted, table

    console = session.console
    rows = [
        (name, *(f"{number:,}" for number in (counts.files, counts.conversations, counts.kept, counts.rows)))
        for name, counts in sorted(report.formats.items())
    ]
    heads = ("format", "files", "conversations", "kept", "rows")
    if rows:
        console.lines(table(heads, rows, width=console.width, right=frozenset({1, 2, 3, 4})))
        console.say()
    reasons = [("kept", report.kept), *report.rejected.most_common()]
    _show_counts(session, ("conversations", "count"), reasons)
    _show_counts(session, ("topic", "conversations"), report.topics.most_common())
    _show_counts(session, ("left out of kept conversations", "exchanges"), report.left_out.most_common())
    _show_private(report, settings, session)
    for problem in report.unreadable[:_SHOWN_PROBLEMS]:
        console.warning(problem)
    if report.broken_lines:
        console.warning(f"{counted(report.broken_lines, 'line')} no JSON, and left out.")
    if report.skipped:
        console.remark(f"{counted(report.skipped, 'file')} without chats.")
    _show_first(report, session)
    _show_written(report, settings, session)


def _show_counts(session: Session, heads: tuple[str, str], counts: list[tuple[str, int]]) -> None:
    from src.cli.screens import table

    rows = [(name.replace("_", " "), f"{count:,}") for name, count in counts if count]
    if rows:
        session.console.lines(table(heads, rows, width=session.console.width, right=frozenset({1})))
        session.console.say()


def _show_private(report: LogReport, settings: LogSettings, session: Session) -> None:
    done = {"redact": "replaced", "drop": "left out with their conversations", "report": "found and left in place"}
    if report.private:
        _show_counts(session, (f"private details, {done[settings.privacy]}", "count"), report.private.most_common())


def _show_first(report: LogReport, session: Session) -> None:
    """The first row, cut."""
    from src.cli.screens import fold

    if report.first_row is None:
        return
    console = session.console
    console.heading("The first row")
    for message in report.first_row["messages"][1:]:
        first, *rest = fold(message["content"], console.width - 12, limit=_PREVIEW_LINES)
        console.lines([f"{message['role']:<11} {first}", *(f"{'':<11} {line}" for line in rest)])
    console.say()


def _show_written(report: LogReport, settings: LogSettings, session: Session) -> None:
    from src.cli.screens import counted

    console = session.console
    if not report.rows:
        console.warning(f"No row was written: {settings.rejects} says why.{say_it_stays(settings.out)}")
        return
    exactly = "" if report.tokens_exact else ", by an estimate: 'make setup-tokenizers' makes counts exact"
    console.success(f"{counted(report.rows, 'row')} in {settings.out}")
    console.say(f"Cut to {settings.max_len:,} tokens of {settings.model}{exactly}.")
    if settings.follow_ups:
        console.success(f"{counted(report.follow_up_rows, 'row')} of follow-ups in {settings.follow_up_out}")
    if report.rejected or report.unreadable:
        console.say(f"What was left out, with the reasons: {settings.rejects}")


def _facts(report: LogReport, settings: LogSettings) -> dict[str, Any]:
    return {
        "formats": {
            name: {"files": one.files, "conversations": one.conversations, "kept": one.kept, "rows": one.rows}
            for name, one in sorted(report.formats.items())
        },
        "conversations": report.conversations,
        "kept": report.kept,
        "rejected": dict(report.rejected),
        "left_out": dict(+report.left_out),
        "topics": dict(report.topics),
        "private": dict(report.private),
        "privacy": settings.privacy,
        "rows": report.rows,
        "tokens_exact": report.tokens_exact,
        "follow_up_rows": report.follow_up_rows,
        "unreadable": report.unreadable,
        "broken_lines": report.broken_lines,
        "files_without_chats": report.skipped,
        "out": str(settings.out),
        "rejects": str(settings.rejects),
        "follow_ups": str(settings.follow_up_out) if settings.follow_ups else None,
    }
