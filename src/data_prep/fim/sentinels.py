"""The control tokens with which code models are asked to fill in, and in which order each one reads the parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from src.core.errors import UsageError
from src.data_prep.fim.windows import Window
from src.utils.formats.control_tokens import all_control_tokens, control_tokens
from src.utils.token_counter import tokenizer_for
from src.utils.word_search import WordSearch


@dataclass(frozen=True, slots=True)
class Sentinels:
    """How one family of models writes a fill-in-the-middle text. ``psm`` and ``spm`` are templates of the prompt and
    the answer, "" where the family was never trained on that order; ``tokens`` are the control tokens."""

    psm: str
    spm: str
    tokens: tuple[str, ...]

    def write(self, order: str, window: Window) -> str:
        """The text that a trainer reads, in the order ``psm`` or ``spm``. Raises UsageError for an order that the
        family does not know."""
        template = self.psm if order == "psm" else self.spm
        if not template:
            raise UsageError(
                f"These models never read the order {order.upper()}.", fix=f"Use --form {'spm' if self.spm else 'psm'}."
            )
        parts = {"P": window.prefix, "S": window.suffix, "M": window.middle}
        return _PART.sub(lambda part: parts[part[1]], template)


_PART = re.compile(r"\{([PSM])\}")


def _joint(prefix: str, suffix: str, middle: str, end: str, *others: str) -> Sentinels:
    """Families whose SPM is the second variant of Bavarian 2022 (arXiv 2207.14255): the prefix stands before the middle
    without a token in between, so that a word cut in two is read as one."""
    return Sentinels(
        psm=f"{prefix}{{P}}{suffix}{{S}}{middle}{{M}}{end}",
        spm=f"{prefix}{suffix}{{S}}{middle}{{P}}{{M}}{end}",
        tokens=(prefix, suffix, middle, end, *others),
    )


# Sources: README of QwenLM/Qwen2.5-Coder; fim.py of bigcode-project/Megatron-LM and the StarCoder2 paper; README of
# deepseek-ai/DeepSeek-Coder (hole and end stand where others have suffix and middle); llama/generation.py of
# meta-llama/codellama (the blanks belong to its tokens); encode_fim of mistralai/mistral-common (suffix first, no other
# order); ai.google.dev/gemma/docs/codegemma/prompt-structure.
FAMILIES: Final[dict[str, Sentinels]] = {
    "qwen2.5-coder": _joint(
        "<|fim_prefix|>",
        "<|fim_suffix|>",
        "<|fim_middle|>",
        "<|endoftext|>",
        "<|fim_pad|>",
        "<|file_sep|>",
        "<|repo_name|>",
    ),
    "starcoder2": _joint(
        "<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<|endoftext|>", "<fim_pad>", "<file_sep>", "<repo_name>"
    ),
    "codellama": Sentinels(
        "<PRE> {P} <SUF>{S} <MID>{M} <EOT>",
        "<PRE> <SUF>{S} <MID> {P}{M} <EOT>",
        ("<PRE>", "<SUF>", "<MID>", "<EOT>"),
    ),
    "deepseek-coder": _joint("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", "<｜end▁of▁sentence｜>"),
    "codestral": Sentinels("", "[SUFFIX]{S}[PREFIX]{P}{M}</s>", ("[SUFFIX]", "[PREFIX]", "[MIDDLE]", "</s>", "<s>")),
    "codegemma": _joint("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>", "<eos>", "<bos>"),
}
DEFAULT_FAMILY: Final = "qwen2.5-coder"

# Marks between bars, whole or begun: control tokens of some model, whether this program knows it or not.
_BARRED: Final = re.compile(
    r"<\|(?:[A-Za-z][\w -]{0,40}\|>|(?:fim|im|file|repo|start|end|begin|eot|object|box|vision|image|tool)_)"
    r"|<\uff5c[^\uff5c<>\n]{1,40}\uff5c>"
)
_TAG: Final = re.compile(r"</?[a-z]{1,3}>")
"""A tag of HTML or of mathematics as well: a control token only for the models that have it."""


def forbidden_tokens(model: str, family: str = "") -> tuple[str, ...]:
    """What no code may hold besides marks between bars: the control tokens of every chat template and every family, but
    of short tags only those of ``model`` and ``family`` ("" for rows that are conversations)."""
    known = {*all_control_tokens(), *(token for one in FAMILIES.values() for token in one.tokens)}
    others = {token for token in known if not _TAG.fullmatch(token.lower())}
    own = {*control_tokens(tokenizer_for(model)), *(FAMILIES[family].tokens if family else ())}
    return tuple(sorted(token for token in others | own if not _BARRED.fullmatch(token)))


def holds_control(text: str, tokens: tuple[str, ...]) -> bool:
    """Whether ``text`` holds control tokens: marks between bars, or one of ``tokens``."""
    if ("<|" in text or "<\uff5c" in text) and _BARRED.search(text):
        return True
    return bool(_search_for(tokens).places(text))


@cache
def _search_for(tokens: tuple[str, ...]) -> WordSearch:
    return WordSearch(tokens)
