"""How many tokens a text or a sample has: exact where the tokenizer is public, else an estimate that says so."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from src.core.errors import ConfigError
from src.core.types import PROVIDER_NAMES, Sample, TokenCount
from src.providers.limits import find_model
from src.utils.encodings import load_encoding


class _Rule(NamedTuple):
    """How the tokens of one family are counted.

    Tokens of ``encoding`` times ``cjk`` or ``other``, by the script of the text, plus ``per_message`` and
    ``per_sample`` for the markers of the chat template; ``counts_role`` adds the tokens of the role's name. ``error``
    is the share by which 95 of 100 estimates of single samples are off at most; 0 is exact.
    """

    encoding: str
    cjk: float = 1.0
    other: float = 1.0
    error: float = 0.0
    per_message: int = 0
    per_sample: int = 0
    counts_role: bool = False


# Ratios to o200k_base and their errors were measured on 250 snippets each of Chinese, Japanese, English and Python,
# against ctok 1.3.0 (Claude 3 to 4.6), gemma3 (Gemini 2.x), mistral-common 1.13.1 and llama-models 0.3.0, 2026-11.
# Other scripts than Latin and CJK take the Latin ratio: nobody measured them, so the error is not known there.
# Markers: OpenAI's cookbook (3 per message, the role, 3 for the reply); Llama 3's template (header, role, end of
# header, blank line, end of turn; begin of text); [INST] [/INST] and end of sequence for Mistral. Anthropic and Google
# publish none for training rows: those of their open relatives stand in, on the high side.
_RULES: Final = {
    "o200k_base": _Rule("o200k_base", per_message=3, per_sample=3, counts_role=True),
    "cl100k_base": _Rule("cl100k_base", per_message=3, per_sample=3, counts_role=True),
    "claude": _Rule("o200k_base", cjk=1.33, other=1.25, error=0.18, per_message=5, per_sample=3),
    "gemini": _Rule("o200k_base", cjk=0.93, other=1.16, error=0.20, per_message=5, per_sample=1),
    "mistral-tekken": _Rule("o200k_base", cjk=1.11, other=1.14, error=0.19, per_message=2, per_sample=2),
    "mistral-spm": _Rule("o200k_base", cjk=1.39, other=1.30, error=0.20, per_message=2, per_sample=2),
    "llama3": _Rule("o200k_base", cjk=0.98, other=0.99, error=0.06, per_message=5, per_sample=1),
}

# For models that models.yaml does not list. First match wins; names as the vendors write them.
_FAMILIES: Final = (
    (re.compile(r"^(gpt-3\.5|gpt-4-|gpt-4$|gpt-4-turbo)"), "cl100k_base"),
    (re.compile(r"^(gpt-|chatgpt-|o[1-9](-|$))"), "o200k_base"),
    (re.compile(r"claude"), "claude"),
    (re.compile(r"gemini|gemma"), "gemini"),
    (re.compile(r"nemo|pixtral|ministral|magistral|devstral|mistral-(small|medium)"), "mistral-tekken"),
    (re.compile(r"mistral|mixtral|codestral"), "mistral-spm"),
    (re.compile(r"llama"), "llama3"),
)

_CJK_RUN: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")

# tiktoken 0.14 panics when the pattern matches a run of a million blanks; a shorter run is counted as it is.
_LONGEST_BLANK: Final = 900_000
_LONG_BLANKS: Final = re.compile(rf"\s{{{_LONGEST_BLANK + 1},}}")


class TokenCounter:
    """Counts with one tokenizer: a value of ``ModelLimits.tokenizer``. Raises ConfigError for any other name.

    Cheap to make and to pickle: the vocabulary is loaded by the first count and shared by the process.
    """

    def __init__(self, tokenizer: str) -> None:
        if tokenizer not in _RULES:
            raise ConfigError(
                f"Unknown tokenizer {tokenizer!r}.", fix=f"Use one of: {', '.join(_RULES)} (src/providers/models.yaml)."
            )
        self.tokenizer = tokenizer
        self._rule = _RULES[tokenizer]

    @property
    def exact(self) -> bool:
        """True when counts are the vendor's own; False when they are estimates."""
        return not self._rule.error

    @property
    def error(self) -> float:
        """The share by which 95 of 100 estimates are off at most: 0.2 is 20 %. 0 when exact."""
        return self._rule.error

    def count_text(self, text: str) -> TokenCount:
        """Tokens of a bare text, without the markers of a chat template."""
        tokens, exact = self._measure(text)
        return TokenCount(math.ceil(tokens), exact)

    def count_sample(self, sample: Sample) -> TokenCount:
        """Tokens of a training example, with the markers that the chat template puts around its messages."""
        rule = self._rule
        total, all_exact = float(rule.per_sample), True
        for message in sample.messages:
            tokens, exact = self._measure(message.content)
            total += tokens + rule.per_message
            if rule.counts_role:
                total += self._measure(message.role)[0]
            all_exact = all_exact and exact
        return TokenCount(math.ceil(total), all_exact)

    def _measure(self, text: str) -> tuple[float, bool]:
        encoding = load_encoding(self._rule.encoding)
        pieces = list(_cut_long_blanks(text))
        tokens = sum(len(encoding.encode_ordinary(piece)) for piece in pieces)
        return tokens * self._ratio(text), self.exact and len(pieces) == 1

    def _ratio(self, text: str) -> float:
        rule = self._rule
        if rule.cjk == rule.other or text.isascii():
            return rule.other
        share = _cjk_share(text)
        return rule.cjk * share + rule.other * (1 - share)


def tokenizer_for(model: str) -> str:
    """The tokenizer of a model id: as models.yaml says, else by the family's name.

    The id of a tuned OpenAI model (``ft:gpt-4o-mini-2024-07-18:org::id``) counts as its base model. Raises ConfigError
    for a name of no known family.
    """
    for provider in PROVIDER_NAMES:
        with suppress(ConfigError):
            return find_model(provider, model).tokenizer
    name = model.strip().lower()
    base = name.split(":")[1] if name.startswith("ft:") else name
    for family, tokenizer in _FAMILIES:
        if family.search(base):
            return tokenizer
    raise ConfigError(
        f"No tokenizer is known for model {model!r}.", fix=f"Name a model of {', '.join(PROVIDER_NAMES[:-1])}."
    )


def _cjk_share(text: str) -> float:
    # By bytes of UTF-8: about 6 of them make a token of o200k_base in CJK, about 5 in Latin script.
    inside = sum(len(run.encode("utf-8", "replace")) for run in _CJK_RUN.findall(text))
    return inside / len(text.encode("utf-8", "replace"))


def _cut_long_blanks(text: str) -> Iterator[str]:
    start = 0
    if len(text) > _LONGEST_BLANK:
        for run in _LONG_BLANKS.finditer(text):
            for cut in range(run.start() + _LONGEST_BLANK, run.end(), _LONGEST_BLANK):
                yield text[start:cut]
                start = cut
    yield text[start:]
