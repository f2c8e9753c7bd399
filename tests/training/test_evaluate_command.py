"""The command evaluate where no model is needed: what was measured before is reported anew."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from src.main import main
from src.training.findings import write_evaluation
from src.training.outcome import write_report
from tests.training.answers import run

ROOT = Path(__file__).parents[2]


def make_run(folder: Path) -> Path:
    out = folder / "memory" / "training" / "tiny"
    (out / "adapter").mkdir(parents=True)
    (out / "adapter" / "adapter_config.json").write_text("{}", encoding="utf-8")
    write_report(run().report, out)
    write_evaluation(run(), out)
    shutil.copy(ROOT / "config.yaml", folder / "config.yaml")
    return out


def call(folder: Path, *words: str) -> int:
    return main(["evaluate", *words, "--config", str(folder / "config.yaml"), "--no-color"])


def test_the_report_is_written_anew_without_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = make_run(tmp_path)
    assert call(tmp_path, str(out), "--rewrite") == 0
    said = capsys.readouterr().out
    assert "perplexity of held-out rows" in said
    assert "Training loss decreases over epochs" in said
    assert (out / "before_after.md").read_text(encoding="utf-8").startswith("# Before and after")


def test_a_list_of_things_to_do_beside_the_report_is_ticked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = make_run(tmp_path)
    todo = tmp_path / "todo.md"
    todo.write_text("- [ ] Train <!-- trained -->\n- [ ] Fly <!-- file wings -->\n", encoding="utf-8")
    assert call(tmp_path, str(out), "--rewrite", "--report", str(tmp_path / "before_after.md")) == 0
    assert todo.read_text(encoding="utf-8") == "- [x] Train <!-- trained -->\n- [ ] Fly <!-- file wings -->\n"
    assert "1 of 2 items are done" in capsys.readouterr().out


def test_facts_come_as_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = make_run(tmp_path)
    assert call(tmp_path, str(out), "--rewrite", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["run"] == "tiny"
    assert [one["result"] for one in facts["targets"]] == ["met", "met", "met"]
    assert facts["criteria"][-1]["result"] == "not met"


def test_a_folder_that_was_never_trained_in_is_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_run(tmp_path)
    assert call(tmp_path, str(tmp_path), "--rewrite") != 0
    assert "fix:" in capsys.readouterr().err


def test_answers_of_no_length_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = make_run(tmp_path)
    assert call(tmp_path, str(out), "--max-new-tokens", "0") == 2
    assert "--max-new-tokens is 1 or more" in capsys.readouterr().err


def test_the_script_of_tiny_sft_is_the_command_train_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tiny_sft" / "train.py"), "--epochs", "0", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "usage: python -m src.main train" in done.stdout
