"""A finished run is never overwritten by another one without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import UsageError
from src.training.checkpoints import begin_run, place_of, run_facts
from src.training.settings import TrainSettings

ROWS = [{"messages": [{"role": "user", "content": "Where is the pump?"}]}]
FACTS = run_facts(TrainSettings(), ROWS, ())
OTHERS = run_facts(TrainSettings(epochs=9), ROWS, ())


def finish(out: Path, facts: dict[str, object]) -> Path:
    begin_run(out, facts, resume=True)
    (out / "adapter").mkdir()
    (out / "train_report.json").write_text("{}", encoding="utf-8")
    return out


def test_another_run_gets_a_place_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    assert place_of(folder, FACTS) == folder
    finish(folder, FACTS)
    assert place_of(folder, FACTS) == folder
    other = place_of(folder, OTHERS)
    assert other == tmp_path / "rows-2"
    finish(other, OTHERS)
    assert place_of(folder, OTHERS) == other


def test_a_finished_run_in_a_place_that_was_named_is_kept(tmp_path: Path) -> None:
    out = finish(tmp_path / "run", FACTS)
    with pytest.raises(UsageError, match="was begun with something else: epochs"):
        begin_run(out, OTHERS, resume=True)
    assert (out / "adapter").is_dir()


def test_begun_anew_on_request_it_makes_room(tmp_path: Path) -> None:
    out = finish(tmp_path / "run", FACTS)
    assert begin_run(out, OTHERS, resume=False) is None
    assert not (out / "adapter").exists()


@pytest.mark.parametrize("left", ["adapter", "checkpoints", "metrics.jsonl"])
def test_what_no_run_has_left_is_removed_on_request_only(tmp_path: Path, left: str) -> None:
    folder = tmp_path / "mine"
    (folder / left).mkdir(parents=True)
    with pytest.raises(UsageError, match=f"holds {left}") as found:
        begin_run(folder, FACTS, resume=True)
    assert "--again" in found.value.fix
    assert (folder / left).is_dir()
    assert place_of(folder, FACTS) == tmp_path / "mine-2"
