"""Progress: a bar on a terminal, a line per stage elsewhere, remarks in between."""

from __future__ import annotations

import io
import threading

import pytest

from src.cli.console import Console
from src.cli.progress import Progress
from src.core.types import ProgressEvent
from tests.cli.driver import without_colour
from tests.cli.test_console import Terminal
from tests.patience import PATIENCE_S

EVENTS = (
    ProgressEvent("read", 1),
    ProgressEvent("read", 2, rejected=1, note="broken.pdf skipped: it is damaged"),
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
    assert "1 skipped]" in text  # as the line about it says
    assert "1 rejected, $0.50" in text
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


class WatchedTerminal(Terminal):
    """Says when it has been written to ``times`` times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times
        self.reached = threading.Event()

    def write(self, text: str) -> int:
        self.times -= 1
        if self.times <= 0:
            self.reached.set()
        return super().write(text)


def test_bar_is_drawn_anew_while_no_event_comes() -> None:
    err = WatchedTerminal(times=20)
    with Progress(Console(io.StringIO(), err, width=80), tick_s=0.005) as progress:
        progress(ProgressEvent("generate", 1, 4))
        assert err.reached.wait(PATIENCE_S)
    lines = [line.rstrip() for line in without_colour(err.getvalue()).split("\r") if line.strip()]
    assert all(line.startswith("Collecting samples") for line in lines)  # drawn over itself, never cleared in between
    assert err.getvalue().count("\n") == 1


def test_no_thread_outlives_the_work() -> None:
    before = threading.enumerate()
    for failure in (None, KeyboardInterrupt, RuntimeError):
        try:
            with Progress(Console(io.StringIO(), Terminal(), width=80), tick_s=0.005) as progress:
                for event in EVENTS:
                    progress(event)
                if failure:
                    raise failure
        except (KeyboardInterrupt, RuntimeError):
            pass
        assert threading.enumerate() == before


def test_terminal_that_is_gone_is_told_where_the_work_goes_on() -> None:
    class Broken(WatchedTerminal):
        def write(self, text: str) -> int:
            super().write(text)
            if self.reached.is_set():
                raise BrokenPipeError
            return len(text)

    err = Broken(times=10)
    progress = Progress(Console(io.StringIO(), err, width=80), tick_s=0.005)
    progress(ProgressEvent("generate", 1, 4))
    assert err.reached.wait(PATIENCE_S)
    with pytest.raises(BrokenPipeError):
        progress(ProgressEvent("generate", 2, 4))
    with pytest.raises(BrokenPipeError):
        progress.close()
    assert all(thread.name != "progress" for thread in threading.enumerate())
