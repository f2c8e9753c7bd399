"""toktok-rs counts as tiktoken does, wherever it is let near a text; the probes say what tiktoken says."""

from __future__ import annotations

import logging
import sys
from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.utils.encodings import ENCODING_NAMES, load_encoding
from src.utils.token_counter import count_with
from src.utils.tokens.accelerator import is_installed, knows, load_accelerator, read_probes


@pytest.mark.parametrize("encoding", ENCODING_NAMES)
def test_the_probes_hold_what_tiktoken_counts(encoding: str) -> None:
    probes = read_probes(encoding)
    assert len(probes) > 100
    for text, tokens in probes:
        assert len(load_encoding(encoding).encode_ordinary(text)) == tokens


@pytest.mark.skipif(not is_installed(), reason="toktok-rs is not installed")
@pytest.mark.parametrize("encoding", ENCODING_NAMES)
@given(text=st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_both_count_every_text_alike_that_is_handed_over(encoding: str, text: str) -> None:
    count = load_accelerator(encoding)
    assert count is not None
    if knows(text):
        assert count(text) == len(load_encoding(encoding).encode_ordinary(text))


@pytest.mark.parametrize("encoding", ENCODING_NAMES)
@pytest.mark.parametrize("text", ["\u0c5c+m", "\u1ae0.z", "\U00016ea1_k", "\U000323b0.z", "a\ud800"])
def test_characters_newer_than_tiktoken_are_left_to_tiktoken(encoding: str, text: str) -> None:
    assert not knows(text)
    assert count_with(encoding, text) == len(load_encoding(encoding).encode_ordinary(text))


@pytest.fixture
def _anew() -> None:
    load_accelerator.cache_clear()
    yield
    load_accelerator.cache_clear()


@pytest.mark.usefixtures("_anew")
@pytest.mark.parametrize(
    "found",
    [
        SimpleNamespace(_encoding=lambda _name: SimpleNamespace(count=len)),
        SimpleNamespace(),
        SimpleNamespace(_encoding=lambda name: {}[name]),
    ],
)
def test_a_package_that_counts_otherwise_is_not_used(
    found: ModuleType, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "toktok", found)
    with caplog.at_level(logging.WARNING):
        assert load_accelerator("o200k_base") is None
    assert "toktok-rs" in caplog.text


@pytest.mark.usefixtures("_anew")
def test_without_the_package_tiktoken_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "toktok", None)
    assert load_accelerator("o200k_base") is None
