"""Base models by name: found, converted once, or refused with a way out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from src.core.errors import ConfigError, MissingPackageError, UsageError
from src.core.workspace import Workspace
from src.training.base_model import (
    count_parameters,
    device,
    load_base,
    load_tuned,
    prepare_base,
    settings_for,
)
from src.training.settings import SEED_PRESET, defaults_for
from tests.cli.driver import run_program
from tests.training.tiny_model import rows

pytestmark = pytest.mark.train


def test_a_folder_is_taken_as_it_is_and_its_parameters_are_counted(tiny: Path) -> None:
    assert prepare_base(str(tiny)) == tiny
    assert count_parameters(tiny) == load_base(str(tiny)).model.num_parameters() == 41_184


@pytest.mark.parametrize("name", ["smollm3", "no/such/model/at/all", "model.bin"])
def test_a_name_that_means_nothing_is_refused_with_what_can_be_named(name: str) -> None:
    with pytest.raises(ConfigError, match="no base model") as found:
        prepare_base(name)
    assert "smollm2" in found.value.fix
    assert "TinyLlama/TinyLlama-1.1B-Chat-v1.0" in found.value.fix


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no config\.json"):
        prepare_base(str(tmp_path))


def test_a_damaged_folder_is_refused_with_the_cause(tiny: Path, tmp_path: Path) -> None:
    for path in tiny.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "config.json").write_text('{"model_type": "unheard_of"}')
    with pytest.raises(ConfigError, match="cannot be loaded"):
        load_base(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ConfigError, match="no safetensors file"):
        count_parameters(tmp_path)


def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF but not really" * 10)
    with pytest.raises(ConfigError, match=r"model\.gguf cannot be converted"):
        prepare_base(str(path), tmp_path / "models")
    assert not list((tmp_path / "models").iterdir())


def test_four_bits_without_a_gpu_are_refused(tiny: Path) -> None:
    if device() == "cuda":
        pytest.skip("there is a GPU here")
    with pytest.raises(UsageError, match="needs a CUDA GPU") as found:
        load_base(str(tiny), quantize=True)
    assert "--quantize" in found.value.fix


def test_an_adapter_belongs_to_its_base(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no adapter"):
        load_tuned(str(tiny), tmp_path)


def test_defaults_go_by_size_and_the_seed_preset_is_fixed(tiny: Path) -> None:
    assert settings_for(str(tiny)) == defaults_for(41_184, str(tiny))
    assert defaults_for(135_000_000).learning_rate > defaults_for(1_100_000_000).learning_rate
    assert [defaults_for(135_000_000, rows=count).epochs for count in (1, 26, 50, 200, 100_000)] == [5, 5, 3, 3, 3]
    seed = SEED_PRESET
    assert (seed.rank, seed.alpha, seed.dropout, seed.learning_rate) == (16, 32, 0.1, 5e-5)
    assert (seed.epochs, seed.batch_size, seed.targets) == (3, 2, ("q_proj", "k_proj", "v_proj", "o_proj"))


@pytest.mark.slow
def test_the_embedded_model_becomes_safetensors_once_and_loses_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        folder = prepare_base("smollm2", tmp_path)
    except MissingPackageError:
        pytest.skip("the weights of the embedded model are not installed")
    assert capfd.readouterr() == ("", "")  # no bars of the libraries
    written = (folder / "model.safetensors").stat()
    assert prepare_base("smollm2", tmp_path) == folder
    assert (folder / "model.safetensors").stat() == written
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert count_parameters(folder) == 134_515_008
    model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
    assert "quantization_config" not in json.loads((folder / "config.json").read_text())
    assert {weights.dtype for weights in model.parameters()} == {torch.float32}
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    assert tokenizer.chat_template.startswith("{% for message in messages %}")
    assert tokenizer.decode(tokenizer("Grüße, 你好!")["input_ids"]) == "Grüße, 你好!"


def test_the_command_shows_plan_and_result_and_does_no_run_twice(tiny: Path, workspace: Workspace) -> None:
    path = workspace.root / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows(6)), encoding="utf-8")
    call = ("train", "--dataset", "rows.jsonl", "--base", str(tiny), "--epochs", "1", "--threads", "1", "--json")
    first = run_program(workspace.root, *call)
    assert first.returncode == 0, first.stderr
    facts = json.loads(first.stdout)
    assert facts["steps"] == 2  # six rows, four a step
    assert facts["plan"]["rows"] == 6
    assert Path(facts["adapter"]) == workspace.memory / "training" / "rows" / "adapter"
    for said in ("Training on rows", "parameters", "about", "tokens a second", "train_report.json"):
        assert said in first.stderr
    for noise in ("Warning", "it/s", "Loading weights"):
        assert noise not in first.stderr
    second = run_program(workspace.root, *call)
    assert "nothing was done" in second.stderr
    assert json.loads(second.stdout)["final_loss"] == facts["final_loss"]


def test_import_and_help_load_no_part_of_the_stack() -> None:
    program = (
        "import sys, src.training.train, src.training.base_model, src.training.training_rows, src.cli.actions.train;"
        "print(sorted({'torch', 'transformers', 'peft', 'trl', 'datasets'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    said = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
