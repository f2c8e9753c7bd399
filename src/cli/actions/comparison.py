"""The subcommand that puts datasets side by side."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from src.cli.screens import counted, pairs, table
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError
from src.reports.tables import display_width

if TYPE_CHECKING:
    from src.reports.metrics.comparison import ComparedMetric, Comparison


def compare(arguments: Namespace, session: Session) -> Outcome:
    """Measure two or three datasets and show where they differ by more than noise."""
    from src.reports.metrics.comparison import describe_comparison
    from src.stored.comparing import compare_datasets, write_comparison

    names = [name for name in (arguments.a, arguments.b, arguments.c) if name]
    if len(set(names)) < len(names):
        raise UsageError("A dataset cannot be compared with itself.", fix="Name each of them once.")
    out = _page_file(arguments.html, names) if arguments.html else None
    comparison = compare_datasets(names, session.config(), session.workspace)
    _show(comparison, session)
    if out:
        write_comparison(comparison, out)
        session.console.success(f"Written: {arguments.html}")
    return Outcome({**describe_comparison(comparison), "html": arguments.html})


def _page_file(typed: str, names: Sequence[str]) -> Path:
    """The page to write. Raises UsageError, before anything is measured, where it cannot be written or would take the
    place of one of the files."""
    path = Path(typed).expanduser()
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"--html {typed} cannot be written.", fix="Name a file in a folder that is there.")
    if path.resolve() in {Path(name).expanduser().resolve() for name in names}:
        raise UsageError(f"--html {typed} is one of the files to be compared.", fix="Name another file.")
    return path


def _show(comparison: Comparison, session: Session) -> None:
    from src.reports.metrics.comparison import LEAST_ROWS, LETTERS

    console = session.console
    console.heading("Comparison")
    sizes = [(one.name, one.quality.counts.rows) for one in comparison.contenders]
    lines = [(letter, f"{name}, {counted(rows, 'row')}") for letter, (name, rows) in zip(LETTERS, sizes, strict=False)]
    console.lines(pairs(lines, width=console.width))
    letters = LETTERS[: len(sizes)]
    _show_differences(comparison, session)
    for title, metrics in comparison.measured_groups().items():
        console.say()
        console.lines(_metric_table(title, metrics, letters, console.width))
    console.say()
    on = f"Measured on {counted(comparison.rows, 'row')} of each, sources and cost on all rows; "
    console.remark(f"{on}+- is half of a 95 % interval. Without an interval nothing is called better.")
    if comparison.rows < LEAST_ROWS:
        console.remark(f"With fewer than {LEAST_ROWS} rows there is none for the measures of rows.")
    for contender in comparison.contenders:
        missing = contender.quality.sources.missing
        if missing:
            names = ", ".join(list(missing)[:3])
            console.warning(f"{contender.name}: {counted(len(missing), 'source')} could not be looked at ({names}).")


def _metric_table(title: str, metrics: Sequence[ComparedMetric], letters: Sequence[str], width: int) -> list[str]:
    """One line per measure, or more where its name has no room; where even figures have none, without margins."""
    heads, places = (title, *letters, "beyond noise"), range(len(letters))

    def lines(*, margins: bool) -> list[str]:
        rows = [
            (metric.title, *(_cell(metric, place, margins=margins) for place in places), metric.verdict(letters))
            for metric in metrics
        ]
        numbers, verdict = frozenset(range(1, len(heads) - 1)), frozenset({len(heads) - 1})
        return table(heads, rows, width=width, right=numbers, whole=verdict, folded=frozenset({0}))

    found = lines(margins=True)
    return found if max(map(display_width, found)) <= width else lines(margins=False)


def _show_differences(comparison: Comparison, session: Session) -> None:
    """What differs in how they were made, where that is known of two of them."""
    from src.reports.metrics.comparison import LETTERS, NO_PROMPTS, SAME_SETUP

    if comparison.known_setups < 2:
        return
    console = session.console
    console.say()
    if comparison.differences:
        heads = ("made with", *LETTERS[: len(comparison.contenders)])
        rows = [(one.name, *one.values) for one in comparison.differences]
        console.lines(table(heads, rows, width=console.width, folded=frozenset(range(len(heads)))))
    else:
        console.say(SAME_SETUP)
    if comparison.without_prompts:
        console.remark(f"{NO_PROMPTS} {', '.join(comparison.without_prompts)}.")


def _cell(metric: ComparedMetric, place: int, *, margins: bool) -> str:
    """A figure, with its margin where ``margins`` are wanted."""
    from src.reports.pages.figures import in_unit, number

    margin = metric.margins[place] if margins else None
    value = in_unit(metric.values[place], metric.unit).replace("\N{NARROW NO-BREAK SPACE}", " ")
    return value if margin is None else f"{value} +-{number(100 * margin if metric.unit == 'share' else margin)}"
