"""Secrets that a text says again, where nothing shows what they are: "the value hunter2Zx9!q is fine"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from src.utils.privacy.randomness import is_placeholder, is_unspeakable, is_wording
from src.utils.privacy.spans import SECRETS, Label, PrivateSpan
from src.utils.word_search import WordSearch

_MIN_TELLING = 6
_SIGN_WITHIN = re.compile(r"\w[^\w\s.,:;/'’-]+\w")
"""A sign between letters that joins no words: ``fjord!kelp``."""
_PHRASE = re.compile(r"(?:[^\W_]+[\s._-]+){3}[^\W_]+")
"""Four words in a certain order are no accident: ``correct-horse-battery-staple``."""


def is_telling(value: str) -> bool:
    """Whether a secret is meant wherever ``value`` stands. Words ("admin"), numbers and what is shorter than six
    characters stand in ordinary text too: they are secret only where something shows that they are."""
    if len(value) < _MIN_TELLING or is_placeholder(value) or not any(map(str.isalpha, value)):
        return False
    if is_unspeakable(value) or _PHRASE.match(value):
        return True
    return not is_wording(value) and (any(map(str.isdigit, value)) or bool(_SIGN_WITHIN.search(value)))


def telling_secrets(text: str, spans: Iterable[PrivateSpan]) -> dict[str, Label]:
    """The secrets among ``spans`` of ``text`` that may be looked for elsewhere, and what they are."""
    secrets = ((text[start:end], label) for start, end, label in spans if label in SECRETS)
    return {value: label for value, label in secrets if is_telling(value)}


def find_repeats(text: str, secrets: Mapping[str, Label], search: WordSearch) -> Iterator[PrivateSpan]:
    """Every place of ``secrets``, which ``search`` looks for, in ``text``, but for those within a longer word."""
    for value, places in search.places(text).items():
        for start in places:
            end = start + len(value)
            if not (_goes_on(text[start - 1 : start + 1]) or _goes_on(text[end - 1 : end + 1])):
                yield PrivateSpan(start, end, secrets[value])


def _goes_on(pair: str) -> bool:
    """Whether two neighbours belong to one word; Chinese and the like write theirs without a gap."""
    return len(pair) > 1 and all(char.isalnum() and char.isascii() for char in pair)
