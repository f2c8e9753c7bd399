"""Whether a row stays below a number of tokens of the model that will be trained."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from src.data_prep.fim.forms import Draft
from src.data_prep.fim.windows import Window
from src.utils.token_counter import TokenCounter, tokenizer_for
from src.utils.tokens.by_lines import load_line_counter
from src.utils.tokens.ceilings import Ceiling, load_ceiling
from src.utils.tokens.families import FAMILIES
from src.utils.tokens.templates import Template

BYTES_PER_TOKEN: Final = 3.2
"""Code of every language measured has more (3.7 to 4.4): windows of that size nearly always fit."""

_SEAMS: Final = 24
"""Tokens that may be added where the parts meet what stands around them: a few at each of six seams."""


class Gauge:
    """Counts what a trainer reads of a row. Where counts are estimates, ``limit`` is as much below ``max_len`` as 95 of
    100 estimates are off. Raises ConfigError for a model of no known family."""

    def __init__(self, model: str, max_len: int) -> None:
        self._counter = TokenCounter(tokenizer_for(model))
        self._tokenizer = self._counter.tokenizer
        self.limit = int(max_len / (1 + self._counter.error))

    @property
    def _ceiling(self) -> Ceiling | None:
        return load_ceiling(self._tokenizer) if self._counter.exact else None

    @property
    def _template(self) -> Template:
        return FAMILIES[self._tokenizer].template

    @property
    def exact(self) -> bool:
        """Whether counts are those of the model's own vocabulary."""
        return self._counter.exact

    @property
    def needs(self) -> str:
        """The package that would make the counts exact; "" when they are, or when there is none."""
        return self._counter.needs

    def share_used(self, draft: Draft, window: Window, around: int) -> float:
        """What share of the limit the row takes, at most: it fits with 1 or less. With the markers that a chat template
        or trainer adds; ``around`` are the tokens of what it says besides its window."""
        highest = self._ceiling_of(window)
        # near the truth for ASCII alone
        if highest is None or (highest + around > self.limit and not all(map(str.isascii, window))):
            return self.count(draft) / self.limit
        return (highest + around) / self.limit

    def fits_surely(self, text: str, around: int) -> bool:
        """Whether a row with all of ``text`` around its gap fits, as far as that is known without counting it."""
        highest = self._ceiling_of([text])
        return highest is not None and highest + around <= self.limit

    def _ceiling_of(self, parts: Iterable[str]) -> int | None:
        """What these pieces of code cannot exceed in a row; None where that takes counting."""
        if self._ceiling is None:
            return None
        highest = [self._ceiling(part) for part in parts]
        return None if None in highest else sum(filter(None, highest)) + _SEAMS

    def count(self, draft: Draft) -> int:
        """The tokens of the row. In a raw text control tokens are counted as the text they are written in."""
        is_chat = draft.form == "chat"
        if count := load_line_counter(self._tokenizer):  # windows of one file have most of their lines in common
            texts, markers = self._template(draft.texts) if is_chat else ([draft.texts[0].content], 1)
            return markers + sum(map(count, texts))
        if is_chat:
            return self._counter.count_turns(draft.texts).tokens
        return self._counter.count_text(draft.texts[0].content).tokens + 1

    def count_around(self, empty: Draft) -> int:
        """The tokens of what a row says besides its window, or a few more: ``empty`` is the row without one."""
        if self._ceiling is None or empty.form != "chat":
            return self.count(empty)
        texts, markers = self._template(empty.texts)
        highest = [self._ceiling(text) for text in texts]
        return self.count(empty) if None in highest else markers + sum(filter(None, highest))

    def budget(self, around: int) -> int:
        """Bytes of code that fit beside ``around`` tokens."""
        return int((self.limit - around) * BYTES_PER_TOKEN)
