"""A small grid of runs over learning rate, epochs and rank: which setting is best on rows that none was trained on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from src.core.errors import DatasetError, UsageError
from src.core.jsonl import atomic_writer
from src.training.checkpoints import place_of, run_facts
from src.training.datasets import TrainingSet
from src.training.outcome import TrainReport
from src.training.settings import TrainSettings

MOST_CELLS: Final = 64
_CELL_FILE: Final = "cell.json"

TrainCell = Callable[[TrainSettings, Path], TrainReport]
"""Trains with some settings into a folder, and goes on where an earlier run of the same was broken off."""
Measure = Callable[[Path | None], float]
"""The perplexity of the held-out rows with an adapter; None: of the untuned model."""


class Cell(NamedTuple):
    """One point of the grid."""

    learning_rate: float
    epochs: int
    rank: int

    @property
    def name(self) -> str:
        """Of its folder."""
        return f"lr{self.learning_rate:g}-e{self.epochs}-r{self.rank}"

    def settings(self, base: TrainSettings) -> TrainSettings:
        """``base`` at this point. The adapter counts as much as before: alpha goes with the rank."""
        alpha = max(1, round(self.rank * base.alpha / base.rank))
        return replace(base, learning_rate=self.learning_rate, epochs=self.epochs, rank=self.rank, alpha=alpha)


class CellResult(NamedTuple):
    """What came of a cell. ``perplexity`` and ``loss`` are NaN where it has failed, ``failure`` says why; ``known``:
    it was trained by an earlier sweep; ``folder``: where it was trained."""

    cell: Cell
    folder: Path
    perplexity: float
    loss: float
    seconds: float
    failure: str = ""
    known: bool = False

    def figures(self) -> dict[str, Any]:
        """What is kept of it; JSON knows no NaN and writes null."""
        return {name: value for name, value in self._asdict().items() if name not in {"cell", "folder", "known"}}


class SweepReport(NamedTuple):
    """All cells in the order of the grid; ``untuned`` is the perplexity before any training. ``best`` is the cell with
    the lowest perplexity, of equal ones the quickest."""

    untuned: float
    results: tuple[CellResult, ...]
    best: CellResult


def make_grid(learning_rates: Sequence[float], epochs: Sequence[int], ranks: Sequence[int]) -> tuple[Cell, ...]:
    """Every combination once, in the order given. Raises UsageError for none or more than ``MOST_CELLS``."""
    cells = tuple(dict.fromkeys(Cell(*values) for values in product(learning_rates, epochs, ranks)))
    if not cells:
        raise UsageError(
            "The grid is empty.", fix="Give at least one value each: --lr 2e-4,5e-4 --epochs 3 --ranks 16."
        )
    if len(cells) > MOST_CELLS:
        raise UsageError(f"The grid has {len(cells)} cells; {MOST_CELLS} is the most.", fix="Give fewer values.")
    return cells


def sweep(
    data: TrainingSet,
    cells: Sequence[Cell],
    base: TrainSettings,
    out: Path,
    *,
    train_cell: TrainCell,
    measure: Measure,
    tell: Callable[[CellResult], None] = lambda _result: None,
) -> SweepReport:
    """Train every cell into a folder of its own below ``out`` and measure it on the held-out rows of ``data``. Where a
    folder holds the same cell of other rows or settings, it stays and another is taken.

    A cell that is finished with the same rows and settings is not trained again. One whose loss runs away is noted and
    the others go on; whatever else goes wrong ends the sweep, and what is finished stays. Raises DatasetError without
    held-out rows, and where every cell has failed.
    """
    if not data.held_out:
        raise DatasetError("There are no held-out rows to compare by.", fix="Name some: --held-out FILE.")
    untuned = measure(None)
    results: list[CellResult] = []
    for cell in cells:
        settings = cell.settings(base)
        facts = run_facts(settings, data.train, data.held_out)
        folder = place_of(out / cell.name, facts)
        result = _known(cell, folder, facts) or _run(cell, settings, folder, facts, train_cell, measure)
        results.append(result)
        tell(result)
    sound = [result for result in results if not result.failure]
    if not sound:
        raise DatasetError(f"Every run has failed: {results[0].failure}", fix="Lower the learning rates.")
    best = min(sound, key=lambda result: (result.perplexity, result.seconds))
    return SweepReport(untuned, tuple(results), best)


def unfinished(data: TrainingSet, cells: Sequence[Cell], base: TrainSettings, out: Path) -> Iterator[Cell]:
    """The cells that a sweep would have to train."""
    for cell in cells:
        facts = run_facts(cell.settings(base), data.train, data.held_out)
        if _known(cell, place_of(out / cell.name, facts), facts) is None:
            yield cell


def count_steps(rows: int, settings: TrainSettings) -> int:
    """Steps of a run over so many rows."""
    return math.ceil(rows / (settings.batch_size * settings.accumulate)) * settings.epochs


def _run(
    cell: Cell, settings: TrainSettings, folder: Path, facts: dict[str, Any], train_cell: TrainCell, measure: Measure
) -> CellResult:
    try:
        report = train_cell(settings, folder)
    except DatasetError as error:
        result = CellResult(cell, folder, math.nan, math.nan, 0.0, str(error))
    else:
        perplexity = measure(report.adapter)
        result = CellResult(cell, folder, perplexity, report.final_loss, report.seconds)
    with atomic_writer(folder / _CELL_FILE) as file:
        file.write(orjson.dumps({"run": facts, "result": result.figures()}, option=orjson.OPT_INDENT_2))
    return result


def _known(cell: Cell, folder: Path, facts: dict[str, Any]) -> CellResult | None:
    """What an earlier sweep found with the same rows and settings."""
    try:
        kept = orjson.loads((folder / _CELL_FILE).read_bytes())
        if kept["run"] != facts:
            return None
        kept = {name: math.nan if value is None else value for name, value in kept["result"].items()}
        return CellResult(cell, folder, **kept, known=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # no such file, or one that was not written here
        return None
