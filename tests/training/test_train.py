"""Training from rows to an adapter: what is left behind, what is refused, and that a killed run ends as an unbroken."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from src.core.errors import DatasetError, RunStoppedError, UsageError
from src.core.jsonl import read_rows
from src.training.base_model import load_base, load_tuned
from src.training.checkpoints import begin_run, find_unfinished, is_finished, run_facts
from src.training.evaluate import perplexity
from src.training.outcome import HeldOutLoss, Remark, StepLoss, TrainPlan, read_report
from src.training.settings import TrainSettings
from src.training.train import train
from tests.patience import PATIENCE_S
from tests.training.tiny_model import data_of, make_tokenizer, rows

pytestmark = pytest.mark.train

ROOT = Path(__file__).resolve().parents[2]


def settings_for(base: Path, **changes: Any) -> TrainSettings:
    fixed = {"learning_rate": 1e-2, "epochs": 2, "threads": 1}
    return TrainSettings(**{"base": str(base), **fixed, **changes})


@pytest.fixture(scope="module")
def done(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that has ended: 8 rows, 2 epochs, 2 rows held out."""
    out = tmp_path_factory.mktemp("run") / "out"
    train(data_of(rows(8), rows(10)[8:]), settings_for(tiny), out)
    return out


def test_a_run_leaves_adapter_report_metrics_and_curve(done: Path) -> None:
    assert sorted(path.name for path in done.iterdir()) == [
        "adapter",
        "loss.svg",
        "metrics.jsonl",
        "run.json",
        "train_report.json",
    ]
    assert {"adapter_config.json", "adapter_model.safetensors", "tokenizer.json"} <= {
        path.name for path in (done / "adapter").iterdir()
    }
    report = read_report(done)
    assert report.steps == report.plan.steps == 8
    assert [one.step for one in report.losses] == list(range(1, 9))
    assert [one.epoch for one in report.held_out] == [0.0, 1.0, 2.0]
    assert report.final_loss < report.first_loss
    assert report.held_out[-1].loss < report.held_out[0].loss
    assert report.adapter == done / "adapter"
    assert (report.plan.device, report.plan.dtype, report.plan.threads) in {
        ("cpu", "float32", 1),
        ("cuda", "bfloat16", 1),
        ("mps", "float32", 1),
    }
    # rank 16 at q, k, v, o of two layers: r * (in + out) each
    assert report.plan.trainable == 2 * 16 * ((32 + 32) + (32 + 16) * 2 + (32 + 32))
    assert report.peak_memory_mb > 0 or sys.platform == "win32"


def test_metrics_hold_one_line_per_step_and_measurement(done: Path) -> None:
    lines = [row.value for row in read_rows(done / "metrics.jsonl")]
    assert [line["step"] for line in lines if line] == [0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 8]
    report = read_report(done)
    assert [line["loss"] for line in lines if line and "loss" in line] == [one.loss for one in report.losses]


def test_the_curve_is_a_picture_by_itself(done: Path) -> None:
    root = ET.fromstring((done / "loss.svg").read_text(encoding="utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [8, 8, 3]


def test_equal_seeds_give_equal_losses_and_another_seed_others(tiny: Path, done: Path, tmp_path: Path) -> None:
    known = [one.loss for one in read_report(done).losses]
    again = train(data_of(rows(8), rows(10)[8:]), settings_for(tiny), tmp_path / "again")
    other = train(data_of(rows(8), rows(10)[8:]), settings_for(tiny, seed=8), tmp_path / "other")
    assert [one.loss for one in again.losses] == known
    assert [one.loss for one in other.losses] != known


def test_an_adapter_that_is_loaded_again_is_the_trained_model(tiny: Path, done: Path) -> None:
    import torch

    from src.training.training_rows import encode

    def held_out_loss(model: Any, tokenizer: Any) -> float:
        total, count = 0.0, 0
        for row in rows(10)[8:]:
            ids, mask = encode(tokenizer, row)
            labels = [token if counts else -100 for token, counts in zip(ids, mask, strict=True)]
            with torch.inference_mode():
                loss = model(input_ids=torch.tensor([ids]), labels=torch.tensor([labels])).loss
            learnt = sum(mask)
            total, count = total + float(loss) * learnt, count + learnt
        return total / count

    report = read_report(done)
    tuned = load_tuned(str(tiny), done / "adapter")
    tuned.model.eval()
    assert held_out_loss(*load_base(str(tiny))) == pytest.approx(report.held_out[0].loss, rel=1e-4)
    assert held_out_loss(*tuned) == pytest.approx(report.held_out[-1].loss, rel=1e-4)


def test_a_dry_run_does_one_step_and_writes_nothing(tiny: Path, tmp_path: Path) -> None:
    seen: list[Any] = []
    out = tmp_path / "out"
    report = train(data_of(rows(8)), settings_for(tiny), out, dry_run=True, on_event=seen.append)
    assert not out.exists()
    assert report.adapter is None
    assert [one.step for one in report.losses] == [1]
    plan = next(event for event in seen if isinstance(event, TrainPlan))
    assert plan.steps == 8
    assert plan.seconds > 0
    assert any(isinstance(event, Remark) and "No held-out rows" in event.text for event in seen)


def test_the_held_out_loss_is_that_of_the_perplexity_however_rows_are_put_together(tiny: Path, tmp_path: Path) -> None:
    uneven = [*rows(1), {"messages": [rows(2)[1]["messages"][0], {"role": "assistant", "content": "Ask Ada. " * 20}]}]
    settings = settings_for(tiny, epochs=1, batch_size=1)
    report = train(data_of(rows(2), uneven), settings, tmp_path / "out")
    assert (report.dataset, report.held_out_from) == ("rows.jsonl", "two more")
    assert read_report(tmp_path / "out") == report
    assert math.exp(report.held_out[0].loss) == pytest.approx(perplexity(*load_base(str(tiny)), uneven), rel=1e-3)


def test_held_out_rows_that_are_trained_on_too_are_said(tiny: Path, tmp_path: Path) -> None:
    seen: list[Any] = []
    train(data_of(rows(4), rows(6)[3:]), settings_for(tiny), tmp_path, dry_run=True, on_event=seen.append)
    said = [event.text for event in seen if isinstance(event, Remark)]
    assert any(text.startswith("1 of 3 held-out rows") for text in said), said


def test_an_interrupted_run_says_from_which_step_it_goes_on(tiny: Path, tmp_path: Path) -> None:
    def stop_at(step: int) -> Callable[[Any], None]:
        def stop(event: Any) -> None:
            if isinstance(event, StepLoss) and event.step == step:
                raise KeyboardInterrupt

        return stop

    settings = settings_for(tiny, epochs=5)  # 20 steps: a checkpoint every second one
    for step, said in ((1, "from its first step"), (6, "from step 5 of 20")):
        with pytest.raises(RunStoppedError, match=f"interrupted at step {step} of 20") as found:
            train(data_of(rows(8)), settings, tmp_path / "out", resume=True, on_event=stop_at(step))
        assert found.value.interrupted
        assert said in found.value.fix
    with pytest.raises(KeyboardInterrupt):
        train(data_of(rows(8)), settings, tmp_path / "out", dry_run=True, on_event=stop_at(1))


def test_only_answers_count_unless_everything_is_to_be_learnt(tiny: Path, tmp_path: Path) -> None:
    data = data_of(rows(4))
    first = {
        loss_on: train(data, settings_for(tiny, loss_on=loss_on), tmp_path / loss_on, dry_run=True).losses[0].loss
        for loss_on in ("assistant", "all")
    }
    assert first["assistant"] != first["all"]


def test_gradient_checkpointing_changes_the_memory_not_the_loss(tiny: Path, tmp_path: Path) -> None:
    data = data_of(rows(4))
    losses = [
        train(data, settings_for(tiny, checkpointing=kept, dropout=0.0), tmp_path, dry_run=True).losses[0].loss
        for kept in (False, True)
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_training_stops_when_the_held_out_rows_get_no_better(tiny: Path, tmp_path: Path) -> None:
    opposite = [{"messages": [rows(1)[0]["messages"][0], {"role": "assistant", "content": "zq!" * 20}]}] * 2
    settings = settings_for(tiny, epochs=30, patience=1, learning_rate=0.05)
    report = train(data_of(rows(4), opposite), settings, tmp_path / "out")
    assert report.stopped_early
    assert report.steps < report.plan.steps
    best = min(one.loss for one in report.held_out[1:])
    assert report.held_out[-1].loss >= best


def test_stopping_early_needs_rows_to_measure(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="held-out rows"):
        train(data_of(rows(4)), settings_for(tiny, patience=1), tmp_path / "out")


def test_modules_that_the_model_lacks_are_named_with_those_it_has(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no modules c_attn") as found:
        train(data_of(rows(4)), settings_for(tiny, targets=("c_attn",)), tmp_path / "out")
    assert "q_proj" in found.value.fix


def test_a_loss_that_is_no_number_ends_the_run(tiny: Path, tmp_path: Path) -> None:
    from src.training.progress import Recorder

    recorder = Recorder(tmp_path, 100, lambda _news: None)
    recorder.add(1, 2, 0.5, {"loss": 3.0, "learning_rate": 0.1})
    with pytest.raises(DatasetError, match="not a number after step 2") as found:
        recorder.add(2, 2, 1.0, {"loss": math.nan})
    assert "Lower --lr" in found.value.fix


def test_losses_that_do_not_fall_and_rows_that_are_learnt_by_heart_are_said(tmp_path: Path) -> None:
    from src.training.progress import Recorder

    recorder = Recorder(None, 100, lambda _news: None)
    for step in range(1, 31):
        recorder.add(step, 30, step / 10, {"loss": 3.0, "learning_rate": 1e-6})
        if step % 10 == 0:
            recorder.add(step, 30, step / 10, {"eval_loss": 2.0 + step / 100})
    flat, by_heart = recorder.complaints()
    assert "hardly fallen (3.00 to 3.00)" in flat
    assert "best after epoch 1 (2.10)" in by_heart


KILLED = """
import os, signal, sys
from pathlib import Path
from src.training.outcome import StepLoss
from src.training.settings import TrainSettings
from src.training.train import train
from tests.training.tiny_model import data_of, rows

def die(event):
    if isinstance(event, StepLoss) and event.step == 9:
        os.kill(os.getpid(), signal.SIGKILL)

base, out = sys.argv[1:]
settings = TrainSettings(base=base, learning_rate=1e-2, epochs=3, threads=1)
train(data_of(rows(8), rows(10)[8:]), settings, Path(out), on_event=die)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_a_killed_run_that_goes_on_ends_with_the_losses_of_an_unbroken_one(tiny: Path, tmp_path: Path) -> None:
    settings, held_out = settings_for(tiny, epochs=3), rows(10)[8:]
    unbroken = train(data_of(rows(8), held_out), settings, tmp_path / "unbroken")
    out = tmp_path / "killed"
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(tiny), str(out)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-2000:]
    checkpoint = find_unfinished(out)
    assert checkpoint is not None
    assert not (out / "adapter").exists()
    with pytest.raises(UsageError, match="begun with something else: learning rate"):
        train(data_of(rows(8), held_out), replace(settings, learning_rate=1e-3), out, resume=True)
    seen: list[Any] = []
    resumed = train(data_of(rows(8), held_out), settings, out, resume=True, on_event=seen.append)
    plan = next(event for event in seen if isinstance(event, TrainPlan))
    assert plan.resumed_at == int(checkpoint.name.rpartition("-")[2]) > 0
    assert next(event.step for event in seen if isinstance(event, StepLoss)) == plan.resumed_at + 1
    assert [one.step for one in resumed.losses] == [one.step for one in unbroken.losses]
    assert [one.loss for one in resumed.losses] == pytest.approx([one.loss for one in unbroken.losses], rel=0.01)
    assert resumed.held_out[-1].loss == pytest.approx(unbroken.held_out[-1].loss, rel=0.01)
    assert [one.epoch for one in resumed.held_out] == [one.epoch for one in unbroken.held_out]
    assert find_unfinished(out) is None
    assert is_finished(out, run_facts(settings, rows(8), held_out))


def test_a_checkpoint_that_was_being_written_is_passed_over(tmp_path: Path) -> None:
    for step, state in ((4, {"global_step": 4}), (8, {"global_step": 4}), (12, None), (10, {"global_step": 10})):
        folder = tmp_path / "checkpoints" / f"checkpoint-{step}"
        folder.mkdir(parents=True)
        if state:
            (folder / "trainer_state.json").write_bytes(orjson.dumps(state))
    found = find_unfinished(tmp_path)
    assert found is not None
    assert found.name == "checkpoint-10"
    (found / "trainer_state.json").write_text('{"global_step": 1')
    assert find_unfinished(tmp_path) == tmp_path / "checkpoints" / "checkpoint-4"


def test_a_run_from_the_start_removes_what_an_earlier_one_left(tmp_path: Path) -> None:
    old = tmp_path / "checkpoints" / "checkpoint-4"
    old.mkdir(parents=True)
    (old / "trainer_state.json").write_text('{"global_step": 4}')
    facts = run_facts(TrainSettings(), rows(2), ())
    assert begin_run(tmp_path, facts, resume=False) is None
    assert not old.exists()
    assert not is_finished(tmp_path, facts)


def test_a_resume_without_a_checkpoint_begins_at_the_start(tmp_path: Path) -> None:
    facts = run_facts(TrainSettings(), rows(2), ())
    assert begin_run(tmp_path / "new", facts, resume=True) is None
    assert (tmp_path / "new" / "run.json").exists()


def test_what_a_killed_run_wrote_beyond_its_checkpoint_is_dropped(tmp_path: Path) -> None:
    from src.training.progress import Recorder

    first = Recorder(tmp_path, 100, lambda _news: None)
    for step in (1, 2, 3):
        first.add(step, 4, step / 2, {"loss": float(step), "learning_rate": 0.1})
    first.add(2, 4, 1.0, {"eval_loss": 1.5})
    with (tmp_path / "metrics.jsonl").open("ab") as file:
        file.write(b'{"step": 4, "lo')
    second = Recorder(tmp_path, 100, lambda _news: None, resumed_at=2)
    assert [one.step for one in second.losses] == [1, 2]
    assert second.held_out == [HeldOutLoss(2, 1.0, 1.5)]
    assert len((tmp_path / "metrics.jsonl").read_bytes().splitlines()) == 3


@pytest.mark.parametrize(
    "bad", [{"rank": 0}, {"learning_rate": 0.0}, {"epochs": 0}, {"dropout": 1.0}, {"targets": ()}, {"threads": 0}]
)
def test_settings_out_of_range_are_refused_by_name(bad: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="allowed"):
        TrainSettings(**bad)


def test_a_tokenizer_without_padding_pads_with_the_end(tiny: Path, tmp_path: Path) -> None:
    tokenizer = make_tokenizer()
    tokenizer.pad_token = None
    folder = tmp_path / "model"
    folder.mkdir()
    for path in tiny.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    tokenizer.save_pretrained(folder)
    loaded = load_base(str(folder))
    assert loaded.tokenizer.pad_token == loaded.tokenizer.eos_token
