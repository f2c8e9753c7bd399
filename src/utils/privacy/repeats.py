"""Secrets that a text says again, where nothing shows what they are: "the value hunter2Zx9!q is fine"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from src.utils.privacy.randomness import (
    has_words,
    is_name_of_class,
    is_placeholder,
    is_surely_drawn,
    is_unspeakable,
    is_wording,
)
from src.utils.privacy.spans import SECRETS, Label, PrivateSpan
from src.utils.word_search import WordSearch

_MIN_TELLING = 6
_SIGN_WITHIN = re.compile(r"\w[^\w\s.,:;/'’-]+\w")
"""A sign between letters that joins no words: ``fjord!kelp``."""
_PHRASE = re.compile(r"(?:[^\W\d_]+[\s-]+){3}[^\W\d_]+")
"""Four words in a certain order are no accident: ``correct-horse-battery-staple``."""
_JOINTS = re.compile(r"[\s_./:-]+")
_NAME_PART = re.compile(r"[^\W\d_]+\d*[^\W\d_]*|\d+[a-z]{0,2}|")
"""A word with no more than one number, a number, or one with its unit: ``shop1db``, ``2024``, ``4o``."""
_ASSIGNMENT = re.compile(r"(?P<name>[\w.-]{3,})[=(\[][^=]")
"""``force_download=True``, ``sign(payload``, ``rows[0]``."""
_MARKUP = re.compile(r"&(?:#x?[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")
_HEAD = 12
"""Characters of a secret that are searched for; what follows is compared. It bounds what a search holds in memory,
however long the secrets are."""
_GOES_ON_BEFORE, _GOES_ON_BEHIND = re.compile(r"[A-Za-z0-9]_?\Z"), re.compile(r"_?[A-Za-z0-9]")
"""What makes a secret part of a longer word; Chinese and the like write theirs without a gap."""
_IN_PATH = re.compile(r"[/\\]|\.[A-Za-z]")


def is_telling(value: str) -> bool:
    """Whether a secret is meant wherever ``value`` stands. Words ("admin"), numbers, names of things ("summer2024",
    "OAuth2AccessToken"), code and what is shorter than six characters stand in ordinary text too: they are secret only
    where something shows that they are."""
    if len(value) < _MIN_TELLING or is_placeholder(value) or not any(map(str.isalpha, value)) or _is_code(value):
        return False
    if is_surely_drawn(value) or is_unspeakable(value) or _PHRASE.match(value):
        return True
    if is_wording(value) or _is_name(value):
        return False
    return any(map(str.isdigit, value)) or bool(_SIGN_WITHIN.search(value))


def _is_code(value: str) -> bool:
    """Whether ``value`` assigns, calls or indexes something that has a name, or holds markup."""
    assignment = _ASSIGNMENT.match(value)
    return bool(assignment and _is_name(assignment["name"])) or bool(_MARKUP.search(value))


def _is_name(value: str) -> bool:
    """Whether ``value`` names a thing, a version or a date: words and numbers that are written together or joined."""
    return all(map(_is_part_of_name, _JOINTS.split(value)))


def _is_part_of_name(part: str) -> bool:
    """Whether ``part`` is a word with one number at most, or the name of a class. Capitals begin words in them
    ("iPhone15"); what is drawn by chance has them anywhere."""
    if is_name_of_class(part):
        return True
    has_case = part.upper() != part and part.lower() != part
    return bool(_NAME_PART.fullmatch(part)) and (not has_case or has_words(part))


def telling_secrets(text: str, spans: Iterable[PrivateSpan]) -> dict[str, Label]:
    """The secrets among ``spans`` of ``text`` that may be looked for elsewhere, and what they are."""
    secrets = ((text[start:end], label) for start, end, label in spans if label in SECRETS)
    return {value: label for value, label in secrets if is_telling(value)}


class KnownSecrets:
    """Secrets to look for, and what they are; more may be added. To add n of them one by one costs n log n: searches of
    like size become one, so that there are few of them."""

    def __init__(self, secrets: Mapping[str, Label] | None = None) -> None:
        self._searches: list[_Search] = []
        self._values: set[str] = set()
        self.add(secrets or {})

    def add(self, secrets: Mapping[str, Label]) -> None:
        """Look for ``secrets`` too; what is known keeps its label."""
        new = {value: label for value, label in secrets.items() if value not in self._values}
        self._values |= new.keys()
        while new and self._searches and len(self._searches[-1].secrets) <= len(new):
            new |= self._searches.pop().secrets
        if new:
            self._searches.append(_Search(new))

    def find(self, text: str) -> Iterator[PrivateSpan]:
        """Every place of them in ``text``, but for those within a longer word or path."""
        for search in self._searches:
            yield from search.find(text)


class _Search:
    """One pass for the heads of ``secrets``."""

    def __init__(self, secrets: dict[str, Label]) -> None:
        self.secrets = secrets
        self._lengths: dict[str, set[int]] = defaultdict(set)
        for value in secrets:
            self._lengths[value[:_HEAD]].add(len(value))
        self._heads = WordSearch(self._lengths)

    def find(self, text: str) -> Iterator[PrivateSpan]:
        for head, places in self._heads.places(text).items():
            for start in places:
                for length in self._lengths[head]:
                    label = self.secrets.get(text[start : start + length])
                    if label and not _is_part(text, start, start + length):
                        yield PrivateSpan(start, start + length, label)


def _is_part(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` belongs to a longer word, or stands within a path and may be the name of a folder."""
    if _is_ascii_word(text[start]) and _GOES_ON_BEFORE.search(text[max(0, start - 2) : start]):
        return True
    if _is_ascii_word(text[end - 1]) and _GOES_ON_BEHIND.match(text, end):
        return True
    return (
        text[start - 1 : start] in {"/", "\\"}
        and bool(_IN_PATH.match(text, end))
        and not is_surely_drawn(text[start:end])
    )


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")
