"""The subcommand lengths."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from src.cli.actions.curation_places import path_of
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.data_prep.lengths import ModelLengths

_SHOWN_LONG = 10
_SHOWN_UNREAD = 5
_FIGURES = ("rows", "least", "mean", "median", "p90", "p95", "p99", "most")


def lengths(arguments: Namespace, session: Session) -> Outcome:
    """Show figures and a histogram per model; a row above ``--limit`` is bad news. Raises UsageError, InputFileError,
    DatasetError, ConfigError, StorageError."""
    for name in ("max_len", "limit"):
        if getattr(arguments, name) is not None and getattr(arguments, name) < 1:
            raise UsageError(f"--{name} is a number of tokens, 1 or more.", fix=f"As in --{name} 2048.")
    limits = [value for value in (arguments.max_len, arguments.limit) if value is not None]
    from src.data_prep.lengths import measure_lengths
    from src.data_prep.quality.broken import DEFAULT_MODEL
    from src.data_prep.statistics_table import fill_table, statistics_table

    models = list(dict.fromkeys(arguments.model)) or [DEFAULT_MODEL]
    with Progress(session.console) as progress:
        found = measure_lengths(
            [path_of(name) for name in arguments.files], models, min(limits, default=None), progress
        )
    for measured in found.models:
        _show(session, measured, arguments.max_len, arguments.limit)
    for origin, reason in found.unread[:_SHOWN_UNREAD]:
        session.console.warning(f"{origin.file}, line {origin.line}: not counted: {reason}")
    if len(found.unread) > _SHOWN_UNREAD:
        session.console.warning(f"{len(found.unread) - _SHOWN_UNREAD:,} more lines were not counted.")
    if arguments.fill:
        fill_table(path_of(arguments.fill), statistics_table(found.models[0]))
        session.console.success(f"Table of statistics in {arguments.fill}")
    too_long = sum(_over(measured, arguments.limit) for measured in found.models) if arguments.limit else 0
    facts = {
        "models": [_facts(measured, arguments) for measured in found.models],
        "not_counted": len(found.unread),
        "limit": arguments.limit,
    }
    return Outcome(facts, ok=not too_long)


def _show(session: Session, measured: ModelLengths, max_len: int | None, limit: int | None) -> None:
    from src.cli.screens import counted, table
    from src.data_prep.lengths import Spread
    from src.reports.tables import text_histogram

    console = session.console
    console.heading(f"{measured.model}: {measured.tokenizer}, {'exact' if measured.exact else 'estimated'}")
    if measured.needs:
        console.remark(f"Exact counts need {measured.needs}: make setup-tokenizers")
    spreads = [(name, Spread.of(counts)) for name, counts in measured.files.items()]
    if len(spreads) > 1:
        spreads.append(("all files", Spread.of(measured.tokens)))
    rows = [(name, *(f"{value:,.0f}" for value in spread)) for name, spread in spreads]
    console.lines(
        table(
            ("file", *_FIGURES),
            rows,
            width=console.width,
            right=frozenset(range(1, len(_FIGURES) + 1)),
            spare=(7, 5),
        )
    )
    console.say()
    console.lines(text_histogram(measured.tokens, width=console.width))
    for option, value in (("--max_len", max_len), ("--limit", limit)):
        if value is None:
            continue
        over = _over(measured, value)
        say = console.warning if over else console.success
        say(f"{counted(over, 'row')} of {len(measured.tokens):,} above {option} {value:,}")
    if limit is not None:
        _show_longest(session, measured, limit)
    console.say()


def _show_longest(session: Session, measured: ModelLengths, limit: int) -> None:
    over = sorted((row for row in measured.over if row.tokens > limit), key=lambda row: -row.tokens)
    for row in over[:_SHOWN_LONG]:
        session.console.say(f"  {row.origin.file}, line {row.origin.line}: {row.tokens:,} tokens {row.id}".rstrip())
    if len(over) > _SHOWN_LONG:
        session.console.say(f"  ... and {len(over) - _SHOWN_LONG:,} more")


def _over(measured: ModelLengths, limit: int) -> int:
    return sum(row.tokens > limit for row in measured.over)


def _facts(measured: ModelLengths, arguments: Namespace) -> dict[str, Any]:
    from src.data_prep.lengths import Spread

    return {
        "model": measured.model,
        "tokenizer": measured.tokenizer,
        "exact": measured.exact,
        "files": {name: Spread.of(counts)._asdict() for name, counts in measured.files.items()},
        "sources": {name: Spread.of(counts)._asdict() for name, counts in measured.sources.items()},
        "all": Spread.of(measured.tokens)._asdict(),
        "over_max_len": None if arguments.max_len is None else _over(measured, arguments.max_len),
        "over_limit": None if arguments.limit is None else _over(measured, arguments.limit),
    }
