"""Progress: a bar on a terminal, a line per stage elsewhere, remarks in between."""

from __future__ import annotations

import io

from src.cli.console import Console
from src.cli.progress import Progress
from src.core.types import ProgressEvent
from tests.cli.driver import without_colour
from tests.cli.test_console import Terminal

EVENTS = (
    ProgressEvent("read", 1),
    ProgressEvent("read", 2, note="broken.pdf skipped: it is damaged"),
    ProgressEvent("generate", 1, 4, kept=1),
    ProgressEvent("generate", 3, 4, kept=2, rejected=1, cost_usd=0.5),
    ProgressEvent("generate", 4, 5, kept=2),
)


def test_without_a_terminal_every_stage_is_one_line() -> None:
    out, err = io.StringIO(), io.StringIO()
    with Progress(Console(out, err)) as progress:
        for event in EVENTS:
            progress(event)
    assert err.getvalue().splitlines() == [
        "Reading documents ...",
        "warning: broken.pdf skipped: it is damaged",
        "Collecting samples ...",
    ]
    assert out.getvalue() == ""


def test_on_a_terminal_a_bar_shows_count_rejections_and_cost() -> None:
    err = Terminal()
    with Progress(Console(io.StringIO(), err, width=80)) as progress:
        for event in EVENTS:
            progress(event)
    text = without_colour(err.getvalue())
    assert "3/4" in text
    assert "1 rejected, $0.5000" in text
    assert "4/5" in text
    assert "warning: broken.pdf skipped" in text
    assert text.endswith("\n")


def test_bar_is_ascii_where_blocks_cannot_be_shown() -> None:
    class AsciiTerminal(Terminal):
        encoding = "ascii"

    err = AsciiTerminal()
    with Progress(Console(io.StringIO(), err, width=80)) as progress:
        progress(ProgressEvent("generate", 2, 4))
    assert err.getvalue().isascii()


def test_hidden_progress_writes_nothing() -> None:
    err = io.StringIO()
    Progress(Console(err, err), shown=False)(EVENTS[0])
    assert err.getvalue() == ""


def test_bytes_are_shown_in_their_unit() -> None:
    err = Terminal()
    with Progress(Console(io.StringIO(), err, width=80)) as progress:
        progress(ProgressEvent("read", 0, 3_400_000, unit="bytes"))
        progress(ProgressEvent("read", 1_200_000, 3_400_000, unit="bytes"))
    assert "1.20M/3.40MB" in without_colour(err.getvalue())
