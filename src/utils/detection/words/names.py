"""Which words before a separator may be the name of somebody who speaks."""

from __future__ import annotations

import re
from functools import lru_cache

from src.utils.detection.words.vocabulary import html_tags, role_words, stop_labels, words

_BY_SURNAME = re.compile(r"[^\s,]{2,24},[ ](?:[^\W\d_]\.?[ -]?){1,3}")
"""``Miller, J. K.``: who wrote a book, not who speaks."""
_MAX_PARTICLE = 3
"""Letters of a word that heads a mail alone and begins a name before another word: ``De:``, ``De Bode:``."""
_INITIALS = re.compile(r"[A-Z]{2,3}")
"""``EM``, ``DL``: somebody's initials, where a tag is set in small letters."""


_DECISION = re.compile(r"[ ]\d{1,4}/\d{1,4}$")
"""The number of a decision and its year: ``Decision 17/2026``."""


@lru_cache(maxsize=8192)
def is_speaker_name(name: str) -> bool:
    """Whether an open-vocabulary label can name a person: few words, no stop word, no number or path alone."""
    plain = name.strip().casefold()
    if _DECISION.sub("", plain) in words("minutes"):
        return True  # nobody, but a label of its own: what a meeting decided
    if not plain or plain in stop_labels() or len(plain) > 40 or len(plain.split()) > 5:
        return False
    if plain in html_tags() and not _INITIALS.fullmatch(name.strip()):
        return False
    if _BY_SURNAME.fullmatch(name.strip()):
        return False
    if "/" in plain or "://" in plain or plain.endswith(("]", ".py", ".js", ".c", ".java", ".txt")):
        return False
    head = plain.split()[0]
    named_behind = len(head) <= _MAX_PARTICLE and name.strip()[len(head) :].lstrip()[:1].isupper()  # De Bode, An Lam
    if head in stop_labels() and len(plain.split()) <= 2 and head not in role_words() and not named_behind:
        return False
    return any(character.isalpha() or ord(character) > 0x2000 for character in plain)
