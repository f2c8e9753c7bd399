"""The sweep: every point of the grid once, finished ones not again, and the best is marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from src.core.errors import DatasetError, UsageError
from src.training.checkpoints import begin_run, run_facts
from src.training.datasets import TrainingSet
from src.training.outcome import StepLoss, TrainReport
from src.training.settings import TrainSettings
from src.training.sweep import Cell, CellResult, count_steps, make_grid, sweep, unfinished
from tests.training.tiny_run import finished


def row(number: int) -> dict[str, object]:
    turns = [("user", f"What does bell {number} say?"), ("assistant", f"Bell {number} says ding.")]
    return {"messages": [{"role": role, "content": text} for role, text in turns]}


DATA = TrainingSet("bells", tuple(map(row, range(6))), tuple(map(row, range(6, 8))), "its validation side")
BASE = TrainSettings(rank=16, alpha=32)


class Workshop:
    """Trains nothing: it remembers what was asked for and knows the perplexity of each learning rate."""

    def __init__(self, perplexities: dict[float, float]) -> None:
        self.perplexities = perplexities
        self.trained: list[TrainSettings] = []
        self.data = DATA

    def train(self, settings: TrainSettings, out: Path) -> TrainReport:
        self.trained.append(settings)
        begin_run(out, run_facts(settings, self.data.train, self.data.held_out), resume=True)
        if settings.learning_rate not in self.perplexities:
            raise DatasetError("The loss is not a number after step 2: the weights have run away.")
        (out / "adapter").mkdir(parents=True, exist_ok=True)
        (out / "adapter" / "rate.txt").write_text(f"{settings.learning_rate}")
        step = StepLoss(1, 1, 1.0, 2.5, settings.learning_rate, 10, 1.0)
        return replace(finished(settings, out / "adapter"), losses=(step,))

    def measure(self, adapter: Path | None) -> float:
        return 20.0 if adapter is None else self.perplexities[float((adapter / "rate.txt").read_text())]

    def sweep(self, cells: Sequence[Cell], out: Path, data: TrainingSet = DATA) -> tuple[list[CellResult], CellResult]:
        told: list[CellResult] = []
        self.data = data
        report = sweep(data, cells, BASE, out, train_cell=self.train, measure=self.measure, tell=told.append)
        assert list(report.results) == told or any(math.isnan(one.perplexity) for one in told)
        assert report.untuned == 20.0
        return told, report.best


def test_every_point_of_the_grid_stands_in_it_once_in_order() -> None:
    assert make_grid([1e-4, 5e-4], [1, 3], [8]) == (
        Cell(1e-4, 1, 8),
        Cell(1e-4, 3, 8),
        Cell(5e-4, 1, 8),
        Cell(5e-4, 3, 8),
    )
    assert len(make_grid([1e-4, 1e-4], [1], [8])) == 1
    for values in (([], [1], [8]), ([1e-4], range(1, 12), range(1, 12))):
        with pytest.raises(UsageError):
            make_grid(*values)


def test_alpha_goes_with_the_rank_and_the_name_is_a_folder() -> None:
    cell = Cell(0.0005, 3, 4)
    assert cell.name == "lr0.0005-e3-r4"
    assert cell.settings(BASE) == replace(BASE, learning_rate=5e-4, epochs=3, rank=4, alpha=8)
    assert Cell(1e-4, 1, 1).settings(replace(BASE, alpha=1)).alpha == 1
    assert count_steps(7, replace(BASE, batch_size=2, accumulate=2, epochs=3)) == 6


def test_the_lowest_perplexity_is_the_best(tmp_path: Path) -> None:
    told, best = Workshop({1e-4: 15.0, 5e-4: 9.0}).sweep(make_grid([1e-4, 5e-4], [3], [16]), tmp_path)
    assert [one.perplexity for one in told] == [15.0, 9.0]
    assert best.cell == Cell(5e-4, 3, 16)
    assert (best.loss, best.seconds, best.failure, best.known) == (2.5, 1.0, "", False)


def test_a_finished_cell_is_not_trained_again_and_new_ones_join_it(tmp_path: Path) -> None:
    workshop = Workshop({1e-4: 15.0, 5e-4: 9.0})
    workshop.sweep(make_grid([1e-4], [3], [16]), tmp_path)
    cells = make_grid([1e-4, 5e-4], [3], [16])
    assert list(unfinished(DATA, cells, BASE, tmp_path)) == [Cell(5e-4, 3, 16)]
    told, _ = workshop.sweep(cells, tmp_path)
    assert [one.known for one in told] == [True, False]
    assert [settings.learning_rate for settings in workshop.trained] == [1e-4, 5e-4]
    assert told[0].perplexity == 15.0


def test_other_rows_are_another_sweep(tmp_path: Path) -> None:
    workshop = Workshop({1e-4: 15.0})
    cells = make_grid([1e-4], [3], [16])
    workshop.sweep(cells, tmp_path)
    (tmp_path / cells[0].name / "train_report.json").write_text("{}")
    _, best = workshop.sweep(cells, tmp_path, replace(DATA, train=DATA.train[:5]))
    assert len(workshop.trained) == 2
    assert best.folder == tmp_path / f"{cells[0].name}-2"
    assert not list(unfinished(DATA, cells, BASE, tmp_path))
    assert not list(unfinished(replace(DATA, train=DATA.train[:5]), cells, BASE, tmp_path))


def test_a_cell_file_that_was_cut_off_or_changed_is_not_believed(tmp_path: Path) -> None:
    workshop = Workshop({1e-4: 15.0})
    cells = make_grid([1e-4], [3], [16])
    workshop.sweep(cells, tmp_path)
    kept = tmp_path / cells[0].name / "cell.json"
    for content in (b"", b"[]", orjson.dumps({"run": {}, "result": {}})):
        kept.write_bytes(content)
        workshop.sweep(cells, tmp_path)
    assert len(workshop.trained) == 4


def test_a_cell_whose_loss_runs_away_is_noted_and_the_others_go_on(tmp_path: Path) -> None:
    workshop = Workshop({1e-4: 15.0})
    cells = make_grid([1.0, 1e-4], [3], [16])
    told, best = workshop.sweep(cells, tmp_path)
    assert "not a number" in told[0].failure
    assert math.isnan(told[0].perplexity)
    assert best.cell.learning_rate == 1e-4
    again, _ = workshop.sweep(cells, tmp_path)
    assert [one.known for one in again] == [True, True]
    assert math.isnan(again[0].loss)


def test_a_sweep_in_which_every_cell_fails_and_one_without_held_out_rows_are_errors(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="Every run has failed") as error:
        Workshop({}).sweep(make_grid([1.0], [3], [16]), tmp_path)
    assert "learning rate" in error.value.fix
    with pytest.raises(DatasetError, match="held-out"):
        Workshop({1e-4: 1.0}).sweep(make_grid([1e-4], [3], [16]), tmp_path, replace(DATA, held_out=()))
