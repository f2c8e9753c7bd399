"""The golden files, read by those they are for: TRL, mistral-common, LLaMA-Factory, OpenAI's data preparation rules."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest

from src.utils.formats.sharegpt import llama_factory_info

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "formats"
pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]


def rows_of(name: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (GOLDEN / f"{name}.jsonl").read_bytes().splitlines()]


@pytest.mark.parametrize("name", ["openai-chat", "together", "trl"])
def test_rows_keep_the_rules_of_openai_s_data_preparation(name: str) -> None:
    """What its checker asks of every row: a list of messages, known keys and roles, text or a call, an assistant."""
    known = {"role", "content", "name", "weight", "tool_calls", "tool_call_id"}
    for row in rows_of(name):
        assert isinstance(row["messages"], list)
        for message in row["messages"]:
            assert message.keys() <= known
            assert message["role"] in {"system", "user", "assistant", "tool"}
            assert message.get("content") or message.get("tool_calls")
        assert any(message["role"] == "assistant" for message in row["messages"])


@pytest.mark.parametrize("name", ["trl", "trl-prompt-completion", "trl-preference"])
def test_trl_takes_the_rows_for_conversations(name: str, tmp_path: Path) -> None:
    data_utils = pytest.importorskip("trl.data_utils")
    datasets = pytest.importorskip("datasets")
    loaded = datasets.load_dataset(
        "json", data_files=str(GOLDEN / f"{name}.jsonl"), split="train", cache_dir=str(tmp_path)
    )
    assert len(loaded) == len(rows_of(name))
    for row in loaded:
        assert data_utils.is_conversational(row)
    if name == "trl-preference":
        assert data_utils.maybe_extract_prompt(loaded[0])["chosen"][0]["content"] == "After a week."


def test_mistral_s_own_validator_takes_every_row() -> None:
    validator = pytest.importorskip("mistral_common.protocol.instruct.validator")
    request = pytest.importorskip("mistral_common.protocol.instruct.request")
    check = validator.MistralRequestValidatorV3(validator.ValidationMode.finetuning)
    for row in rows_of("mistral"):
        if any(isinstance(message["content"], list) for message in row["messages"] if "content" in message):
            continue  # images are read by later versions only
        messages = [dict(message) for message in row["messages"]]
        for message in messages:
            message.setdefault("content", None if "tool_calls" in message else "")
        check.validate_request(request.ChatCompletionRequest.from_openai(messages, tools=row.get("tools")))


def test_llama_factory_finds_and_aligns_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = pytest.importorskip("llamafactory.data.parser", exc_type=ImportError)
    converter = pytest.importorskip("llamafactory.data.converter", exc_type=ImportError)
    shutil.copy(GOLDEN / "llama-factory.jsonl", tmp_path / "kiln.jsonl")
    (tmp_path / "dataset_info.json").write_bytes(orjson.dumps({"kiln": llama_factory_info("kiln.jsonl")}))
    (attributes,) = parser.get_dataset_list(["kiln"], str(tmp_path))
    assert os.fspath(tmp_path / attributes.dataset_name) == os.fspath(tmp_path / "kiln.jsonl")
    align = converter.SharegptDatasetConverter(dataset_attr=attributes, data_args=None)
    for row in rows_of("llama-factory"):
        aligned = align(row)
        assert aligned["_prompt"]
        assert aligned["_response"][0]["content"] == row["conversations"][-1]["value"]


def test_axolotl_trains_on_the_answers_that_the_rows_say_and_on_nothing_else() -> None:
    chat_template = pytest.importorskip("axolotl.prompt_strategies.chat_template", exc_type=ImportError)
    tokenizer = _byte_tokenizer()
    prompter = chat_template.ChatTemplatePrompter(
        tokenizer, tokenizer.chat_template, max_length=4096, message_field_training="train"
    )
    strategy = chat_template.ChatTemplateStrategy(prompter, tokenizer, False, 4096, ["assistant"], train_on_eos="turn")
    rows = [row for row in rows_of("axolotl") if "tools" not in row]  # a template without tools has no place for them
    assert len(rows) > 3
    for row in rows:
        found = strategy.tokenize_prompt(row)
        pairs = zip(found["input_ids"], found["labels"], strict=True)
        trained = tokenizer.decode([token for token, label in pairs if label != -100])
        wanted = [
            message["content"]
            for message in row["messages"]
            if message["role"] == "assistant" and message.get("train", True)
        ]
        assert trained.replace(_END, " ").split() == " ".join(wanted).split()


_END = "<|im_end|>"
_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def _byte_tokenizer() -> Any:
    """A tokenizer of bytes, made here: axolotl only looks where the texts stand among the tokens."""
    tokenizers = pytest.importorskip("tokenizers")
    transformers = pytest.importorskip("transformers")
    letters = {letter: number for number, letter in enumerate(sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet()))}
    raw = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=letters, merges=[]))
    raw.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = tokenizers.decoders.ByteLevel()
    raw.add_special_tokens(["<|im_start|>", _END])
    made = transformers.PreTrainedTokenizerFast(tokenizer_object=raw, eos_token=_END, pad_token=_END)
    made.chat_template = _TEMPLATE
    return made
