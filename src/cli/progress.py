"""Progress on the screen: a bar on a terminal, one line per stage elsewhere, remarks in between."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from src.cli.console import Console
from src.core.types import ProgressEvent

if TYPE_CHECKING:
    from tqdm import tqdm

_STAGES = {
    "read": "Reading documents",
    "generate": "Collecting samples",
    "validate": "Validating",
    "split": "Splitting",
    "save": "Saving",
}
_BAR = "{desc} |{bar}| {n_fmt}/{total_fmt}{unit} [{elapsed}{postfix}]"
_COUNT = "{desc} {n_fmt}{unit} [{elapsed}{postfix}]"


class Progress:
    """Shows ProgressEvents; a context manager that leaves the screen tidy however the work ends."""

    def __init__(self, console: Console, *, shown: bool = True) -> None:
        self._console = console
        self._shown = shown
        self._stage = ""
        self._bar: tqdm[Any] | None = None

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
            self._note(event.note)
        if self._bar is not None:
            self._advance(self._bar, event)

    def close(self) -> None:
        """End the bar, which stays on the screen as it stands."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None
        self._stage = ""

    def _begin(self, event: ProgressEvent) -> None:
        self.close()
        self._stage = event.stage
        if not self._console.err.isatty():
            self._console.remark(f"{_STAGES[event.stage]} ...")
            return
        from tqdm import tqdm

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

    def _note(self, note: str) -> None:
        if self._bar is None:
            self._console.warning(note)
            return
        self._bar.clear()
        self._console.warning(note)
        self._bar.refresh()

    @staticmethod
    def _advance(bar: tqdm[Any], event: ProgressEvent) -> None:
        if event.total is not None and event.total != bar.total:
            bar.total = event.total
        facts = []
        if event.rejected:
            facts.append(f"{event.rejected} rejected")
        if event.cost_usd:
            facts.append(f"${event.cost_usd:.4f}")
        bar.set_postfix_str(", ".join(facts), refresh=False)
        bar.update(event.done - bar.n)
        bar.refresh()


def _shows_blocks(console: Console) -> bool:
    encoding = getattr(console.err, "encoding", None) or "ascii"
    try:
        "█".encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
