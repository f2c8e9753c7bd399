"""Progress on the screen: a bar on a terminal, one line per stage elsewhere, remarks in between."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Lock, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from src.cli.console import Console
from src.core.types import ProgressEvent
from src.core.wording import dollars

if TYPE_CHECKING:
    from tqdm import tqdm

_STAGES = {
    "read": "Reading documents",
    "generate": "Collecting samples",
    "validate": "Validating",
    "split": "Splitting",
    "save": "Saving",
    "mirror": "Copying to Supabase",
    "rows": "Reading rows",
    "compare": "Comparing rows",
    "score": "Scoring rows",
    "distill": "Asking teachers",
    "files": "Reading files",
    "commits": "Reading commits",
    "train": "Training",
}
_BAR = "{desc} |{bar}| {n_fmt}/{total_fmt}{unit} [{elapsed}{postfix}]"
_COUNT = "{desc} {n_fmt}{unit} [{elapsed}{postfix}]"


_TICK_S = 1.0


class Progress:
    """Shows ProgressEvents; a context manager that leaves the screen tidy however the work ends.

    Every ``tick_s`` seconds the bar is drawn anew, so that its clock goes on while no event comes: one sample of a
    slow model takes longer than people wait before they think that a program hangs.
    """

    def __init__(self, console: Console, *, shown: bool = True, tick_s: float = _TICK_S) -> None:
        self._console = console
        self._shown = shown
        self.noted: set[str] = set()
        """What was said on the way: it need not be said again at the end."""
        self._stage = ""
        self._tick_s = tick_s
        self._bar: tqdm[Any] | None = None
        self._drawing = Lock()  # not tqdm's own, which stays locked where drawing fails
        self._ended = Event()
        self._clock: Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, event: ProgressEvent) -> None:
        """Show one event."""
        if not self._shown:
            return
        if event.stage != self._stage:
            self._begin(event)
        if event.note:
            self.noted.add(event.note)
            self._note(event.note)
        if self._bar is not None:
            with self._drawing:
                self._advance(self._bar, event)

    def close(self) -> None:
        """End the bar, which stays on the screen as it stands."""
        if self._clock is not None:
            self._ended.set()
            self._clock.join()
            self._clock = None
        if self._bar is not None:
            self._bar.close()
        self._bar = None
        self._stage = ""

    def _begin(self, event: ProgressEvent) -> None:
        self.close()
        self._stage = event.stage
        self._console.was_busy = True
        if not self._console.err.isatty():
            self._console.remark(f"{_STAGES[event.stage]} ...")
            return
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # the clock below does what its own thread, which never ends, is for
        self._bar = tqdm(
            total=event.total,
            desc=f"{_STAGES[event.stage]:<18}",
            bar_format=_COUNT if event.total is None else _BAR,
            unit="B" if event.unit == "bytes" else "",
            unit_scale=event.unit == "bytes",
            file=self._console.err,
            ncols=self._console.width,
            ascii=not _shows_blocks(self._console),
            dynamic_ncols=False,
            leave=True,
        )
        self._ended = Event()
        self._clock = Thread(
            target=_redraw, args=(self._bar, self._drawing, self._ended, self._tick_s), name="progress", daemon=True
        )
        self._clock.start()

    def _note(self, note: str) -> None:
        if self._bar is None:
            self._console.warning(note)
            return
        with self._drawing:
            self._bar.clear(nolock=True)
            self._console.warning(note)
            self._bar.refresh(nolock=True)

    @staticmethod
    def _advance(bar: tqdm[Any], event: ProgressEvent) -> None:
        if event.total is not None and event.total != bar.total:
            bar.total = event.total
        facts = []
        if event.rejected:
            facts.append(f"{event.rejected:,} {'skipped' if event.stage == 'read' else 'rejected'}")
        if event.cost_usd:
            facts.append(dollars(event.cost_usd))
        if event.figure:
            facts.append(event.figure)
        bar.set_postfix_str(", ".join(facts), refresh=False)
        bar.n = event.done
        bar.refresh(nolock=True)


def _redraw(bar: tqdm[Any], drawing: Lock, ended: Event, tick_s: float) -> None:
    """Draw the bar in place every ``tick_s`` seconds until ``ended``, or until it cannot be drawn: the next event then
    meets the same error, where it can be told."""
    with suppress(OSError):
        while not ended.wait(tick_s):
            with drawing:
                bar.refresh(nolock=True)


def _shows_blocks(console: Console) -> bool:
    encoding = getattr(console.err, "encoding", None) or "ascii"
    try:
        "█".encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
