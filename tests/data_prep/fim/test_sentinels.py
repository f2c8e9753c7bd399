"""The control tokens of six families, letter by letter, and code that holds control tokens."""

from __future__ import annotations

import pytest

from src.core.errors import UsageError
from src.data_prep.fim.sentinels import FAMILIES, forbidden_tokens, holds_control
from src.data_prep.fim.windows import Window

WINDOW = Window("pre{S}\n", "mid", "\nsuf")
MODEL = "Qwen/Qwen2.5-Coder-7B-Instruct"


@pytest.mark.parametrize(
    ("family", "psm", "spm"),
    [
        (
            "qwen2.5-coder",
            "<|fim_prefix|>pre{S}\n<|fim_suffix|>\nsuf<|fim_middle|>mid<|endoftext|>",
            "<|fim_prefix|><|fim_suffix|>\nsuf<|fim_middle|>pre{S}\nmid<|endoftext|>",
        ),
        (
            "starcoder2",
            "<fim_prefix>pre{S}\n<fim_suffix>\nsuf<fim_middle>mid<|endoftext|>",
            "<fim_prefix><fim_suffix>\nsuf<fim_middle>pre{S}\nmid<|endoftext|>",
        ),
        (
            "codellama",
            "<PRE> pre{S}\n <SUF>\nsuf <MID>mid <EOT>",
            "<PRE> <SUF>\nsuf <MID> pre{S}\nmid <EOT>",
        ),
        (
            "deepseek-coder",
            "<｜fim▁begin｜>pre{S}\n<｜fim▁hole｜>\nsuf<｜fim▁end｜>mid<｜end▁of▁sentence｜>",
            "<｜fim▁begin｜><｜fim▁hole｜>\nsuf<｜fim▁end｜>pre{S}\nmid<｜end▁of▁sentence｜>",
        ),
        ("codestral", "", "[SUFFIX]\nsuf[PREFIX]pre{S}\nmid</s>"),
        (
            "codegemma",
            "<|fim_prefix|>pre{S}\n<|fim_suffix|>\nsuf<|fim_middle|>mid<|file_separator|>",
            "<|fim_prefix|><|fim_suffix|>\nsuf<|fim_middle|>pre{S}\nmid<|file_separator|>",
        ),
    ],
)
def test_each_family_is_written_as_it_was_trained(family: str, psm: str, spm: str) -> None:
    assert FAMILIES[family].write("spm", WINDOW) == spm
    if psm:
        assert FAMILIES[family].write("psm", WINDOW) == psm


def test_an_order_that_a_family_never_read_is_refused() -> None:
    with pytest.raises(UsageError, match="PSM"):
        FAMILIES["codestral"].write("psm", WINDOW)


@pytest.mark.parametrize(
    "text",
    [
        'END = "<|im_end|>"',
        'print("<|fim_")',
        "x = '<|some_new_token|>'",
        "<｜fim▁hole｜>",
        "'<fim_middle>'",
        "[INST] ring [/INST]",
        "<start_of_turn>user",
    ],
)
def test_control_tokens_of_any_family_are_found(text: str) -> None:
    assert holds_control(f"a = 1\n{text}\n", forbidden_tokens(MODEL))


@pytest.mark.parametrize(
    "text", ["a <| b |> c", "x <|> y", "<s>struck</s>", "/** <PRE>text</PRE> */", "if a < b | c > d"]
)
def test_operators_and_tags_are_no_control_tokens(text: str) -> None:
    assert not holds_control(text, forbidden_tokens(MODEL))


def test_tags_are_control_tokens_for_the_families_that_have_them() -> None:
    assert holds_control("/** <PRE> */", forbidden_tokens(MODEL, "codellama"))
    assert holds_control("<s>", forbidden_tokens(MODEL, "codestral"))
