"""Why a model cannot be written as GGUF, said so that a person can act; none of this needs the training stack."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from src.core.errors import BuilderError, ConfigError, MissingPackageError, StorageError
from src.training.export import explain_failure, export_gguf
from src.training.outcome import write_report
from src.training.runs import TunedRun, find_run
from src.training.settings import TrainSettings
from tests.training.tiny_run import finished

UNKNOWN_TOKENIZER = """WARNING:hf-to-gguf:** WARNING: The BPE pre-tokenizer was not recognized!
Traceback (most recent call last):
  File "base.py", line 1, in get_vocab_base_pre
NotImplementedError: BPE pre-tokenizer was not recognized - update get_vocab_base_pre()
"""
UNKNOWN_MODEL = "INFO:hf-to-gguf:Loading model: x\nERROR:hf-to-gguf:Model OddForCausalLM is not supported\n"


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (UNKNOWN_TOKENIZER, "does not know the tokenizer"),
        (UNKNOWN_MODEL, "as GGUF: Model OddForCausalLM is not supported"),
        ("Killed\n", "as GGUF: Killed"),
        ("", "it said nothing"),
    ],
)
def test_what_the_converter_said_last_is_the_cause(said: str, cause: str) -> None:
    error = explain_failure(said, Path("tuned.gguf"))
    assert cause in str(error)
    assert "merge-adapter" in error.fix


def test_a_converter_that_found_the_disk_full_is_no_fault_of_the_model() -> None:
    said = "Traceback (most recent call last):\nOSError: [Errno 28] No space left on device\n"
    error = explain_failure(said, Path("tuned.gguf"))
    assert isinstance(error, StorageError)
    assert "tuned.gguf cannot be written" in str(error)
    assert "The disk is full" in error.fix


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="the training stack is installed")
def test_without_the_stack_the_way_to_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingPackageError) as error:
        export_gguf(TunedRun("smollm2", tmp_path / "adapter"), tmp_path / "tuned.gguf")
    assert "make setup-train" in error.value.fix


def test_a_run_needs_its_adapter_and_its_report(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no trained adapter"):
        find_run(tmp_path)
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "adapter_config.json").write_text("{}")
    with pytest.raises(BuilderError, match="no report"):
        find_run(tmp_path)
    write_report(finished(TrainSettings(base="some/model"), tmp_path / "adapter"), tmp_path)
    assert find_run(tmp_path) == find_run(tmp_path / "adapter") == TunedRun("some/model", tmp_path / "adapter")
