"""How many tokens a text or a sample has: exact where the vocabulary is there, else an estimate that says so."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Final

from src.core.errors import ConfigError
from src.core.types import PROVIDER_NAMES, Sample, TokenCount
from src.providers.lookup import find_model_anywhere
from src.utils.encodings import ENCODING_NAMES, load_encoding
from src.utils.tokens.accelerator import knows, load_accelerator
from src.utils.tokens.families import FAMILIES, family_of
from src.utils.tokens.templates import Spoken
from src.utils.tokens.vocabularies import has_vocabulary, load_vocabulary

_BASE: Final = "o200k_base"
"""The encoding that estimates are ratios of."""
_CJK_RUN: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")

# tiktoken 0.14 panics when the pattern matches a run of a million blanks; a shorter run is counted as it is.
_LONGEST_BLANK: Final = 900_000
_LONG_BLANKS: Final = re.compile(rf"\s{{{_LONGEST_BLANK + 1},}}")

Count = Callable[[str], int]


class TokenCounter:
    """Counts with one tokenizer: a value of ``ModelLimits.tokenizer``. Raises ConfigError for any other name.

    Exact when its vocabulary is part of this project or of an optional package that is installed
    (requirements-tokenizers.txt). Cheap to make and to pickle: the vocabulary is loaded by the first count and shared
    by the process. ``estimated`` asks for estimates even so.
    """

    def __init__(self, tokenizer: str, *, estimated: bool = False) -> None:
        if tokenizer not in FAMILIES:
            raise ConfigError(
                f"Unknown tokenizer {tokenizer!r}.", fix=f"Use one of: {', '.join(FAMILIES)} (see models.yaml)."
            )
        self.tokenizer = tokenizer
        self._family = FAMILIES[tokenizer]
        self._vocabulary = self._family.vocabulary if is_exact(tokenizer) and not estimated else ""

    @property
    def exact(self) -> bool:
        """True when counts are those of the model's own vocabulary; False when they are estimates."""
        return bool(self._vocabulary)

    @property
    def error(self) -> float:
        """The share by which 95 of 100 estimates are off at most: 0.2 is 20 %. 0 when exact."""
        return 0.0 if self.exact else self._family.error

    @property
    def needs(self) -> str:
        """The optional package that would make the counts exact; "" when they are, or when there is none."""
        return "" if self.exact else self._family.needs

    def count_text(self, text: str) -> TokenCount:
        """Tokens of a bare text, without the markers of a chat template."""
        if self._vocabulary and len(text) <= _LONGEST_BLANK:  # millions of texts go this way: no call too many
            return TokenCount(_counter(self._vocabulary)(text), True)
        return self._total((text,), 0)

    def count_sample(self, sample: Sample) -> TokenCount:
        """Tokens of a training example, with the markers that the chat template puts around its messages."""
        return self.count_turns(sample.messages)

    def count_turns(self, turns: Sequence[Spoken]) -> TokenCount:
        """As ``count_sample``, of anything that has roles and texts."""
        return self._total(*self._family.template(turns))

    def _total(self, texts: Sequence[str], markers: int) -> TokenCount:
        # the way of nearly every example of a large set: nothing but the vocabulary's own work
        if self._vocabulary:
            count, tokens = _counter(self._vocabulary), markers
            for text in texts:
                if len(text) > _LONGEST_BLANK:
                    break
                tokens += count(text)
            else:
                return TokenCount(tokens, True)
        measured = sum(map(self._measure, texts))
        return TokenCount(math.ceil(measured) + markers, self.exact and not any(map(_has_long_blank, texts)))

    def _measure(self, text: str) -> float:
        if self._vocabulary:
            return count_with(self._vocabulary, text)
        family = self._family
        tokens = count_with(_BASE, text)
        if family.cjk == family.other or text.isascii():
            return tokens * family.other
        share = _cjk_share(text)
        return tokens * (family.cjk * share + family.other * (1 - share))


def is_exact(tokenizer: str) -> bool:
    """Whether counts of ``tokenizer`` are exact on this machine."""
    return is_vendored(tokenizer) or has_vocabulary(FAMILIES[tokenizer].vocabulary)


def is_vendored(tokenizer: str) -> bool:
    """Whether the vocabulary of ``tokenizer`` is part of this project, so that its counts were never estimates."""
    return FAMILIES[tokenizer].vocabulary in ENCODING_NAMES


def tokenizer_for(model: str) -> str:
    """The tokenizer of a model id: as models.yaml says, else by the family's name.

    The id of a tuned OpenAI model (``ft:gpt-4o-mini-2024-07-18:org::id``) counts as its base model. Raises ConfigError
    for a name of no known family.
    """
    with suppress(ConfigError):
        return find_model_anywhere(model).tokenizer
    name = model.strip().lower()
    found = family_of(name.split(":")[1] if name.startswith("ft:") else name)
    if found:
        return found
    raise ConfigError(
        f"No tokenizer is known for model {model!r}.", fix=f"Name a model of {', '.join(PROVIDER_NAMES[:-1])}."
    )


def count_with(vocabulary: str, text: str) -> int:
    """Tokens of ``text`` in a vocabulary that is there. Raises StorageError when its file is damaged."""
    if len(text) > _LONGEST_BLANK:
        return sum(map(_counter(vocabulary), _cut_long_blanks(text)))
    return _counter(vocabulary)(text)


@cache
def _counter(vocabulary: str) -> Count:
    if vocabulary not in ENCODING_NAMES:
        return load_vocabulary(vocabulary)
    fast = load_accelerator(vocabulary)
    if fast is None:
        return _plain_counter(vocabulary)

    def count(text: str) -> int:
        return fast(text) if knows(text) else len(load_encoding(vocabulary).encode_ordinary(text))

    return count


def _plain_counter(vocabulary: str) -> Count:
    encoding = load_encoding(vocabulary)
    # what encode_ordinary itself calls: one call less for each of millions of texts
    encode = encoding._core_bpe.encode_ordinary

    def count(text: str) -> int:
        try:
            return len(encode(text))
        except UnicodeEncodeError:
            return len(encoding.encode_ordinary(text))

    return count


def _cjk_share(text: str) -> float:
    # By bytes of UTF-8: about 6 of them make a token of o200k_base in CJK, about 5 in Latin script.
    inside = sum(len(run.encode("utf-8", "replace")) for run in _CJK_RUN.findall(text))
    return inside / len(text.encode("utf-8", "replace"))


def _has_long_blank(text: str) -> bool:
    return len(text) > _LONGEST_BLANK and _LONG_BLANKS.search(text) is not None


def _cut_long_blanks(text: str) -> Iterator[str]:
    start = 0
    for run in _LONG_BLANKS.finditer(text):
        for cut in range(run.start() + _LONGEST_BLANK, run.end(), _LONGEST_BLANK):
            yield text[start:cut]
            start = cut
    yield text[start:]
