"""Words as evidence: how rare each one is in general, whether it is usually a name, and whether a text has it."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from src.generation.answer_first.words import EAST_ASIAN, split_words, stem
from src.generation.gates.language import detect_language, function_words
from src.generation.wordlists import read_wordlist
from src.utils.encodings import load_encoding
from src.utils.wordlists import LANGUAGES, load_words

if TYPE_CHECKING:
    from tiktoken import Encoding

COMMONEST, RAREST = 800, 120_000
"""Places in the vocabulary of o200k_base between which a word goes from saying nothing to saying all. The vocabulary
was built by frequency over many languages: the earlier a word, the more common it is (Zipf)."""
MIN_WEIGHT = 0.08
NUMBER_WEIGHT = 1.2
"""A number that stands where it should says more than any word."""
_NO_WORD = 0.2
_ONE_PIECE, _TWO_PIECES, _MORE_PIECES = 0.5, 0.65, 0.85
"""For languages other than English: what remains of the rarity of a word that has a place of its own, and the rarity of
one that is put together from two entries, or more."""
MIN_PREFIX = 4
PREFIX_SHARE = 0.62
"""Share of the shorter word that two forms of one word begin with alike: inflection and derivation, in languages that
change the ends of words."""
MIN_PART = 4
STEM_CHARS = 6

_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_ELISION = re.compile(r"^[^\W\d_]{1,5}'(?=\w{3})")
"""The article of l'argent, the preposition of dell'olio."""
_ARABIC = re.compile(r"[\u0590-\u06ff]")
_ARABIC_PREFIX = re.compile(r"^(?:[وفبلك]?ال|[وفبل](?=\w{4}))")


def content_words(text: str, code: str = "") -> list[str]:
    """The words of ``text`` in lower case but function words of its language (``code``, or as detected); pairs of
    characters in Chinese, Japanese and Korean, without those that only join words."""
    code = code or detect_language(text).code
    known = function_words(code)
    words = (_ELISION.sub("", word) for word in split_words(text))
    return [word for word in words if not _is_grammar(word, known, code) and _says_something(word)]


def retrieval_terms(text: str) -> list[str]:
    """The content words as an index takes them: rough stems, cut where languages put their endings."""
    return [word if EAST_ASIAN.search(word) else stem(_bare(word))[:STEM_CHARS] for word in content_words(text)]


@lru_cache(maxsize=1 << 15)
def rarity(word: str, code: str = "") -> float:
    """From ``MIN_WEIGHT`` for a word of everyday use to 1 for one that is hardly ever written. ``code``: the language
    of the text, where it is known: most of what the vocabulary was built from is English, so that a word of another
    language is more common in it than its place says."""
    if word.isdigit():
        return NUMBER_WEIGHT
    is_east = bool(EAST_ASIAN.search(word))
    place = _place(word) if is_east else _earliest(_place(f" {word}"), _place(f" {word.capitalize()}"))
    is_foreign = code not in {"", "en"} and not is_east
    if place is None and is_foreign:
        return _TWO_PIECES if _is_in_two(word) else _MORE_PIECES
    if place is None:  # two characters that are no word lie on both sides of a border between words
        return _NO_WORD if is_east else 1.0
    share = _by_place(place)
    return max(MIN_WEIGHT, _ONE_PIECE * share) if is_foreign else share


def _by_place(place: int) -> float:
    share = (math.log(place + 1) - math.log(COMMONEST)) / (math.log(RAREST) - math.log(COMMONEST))
    return min(1.0, max(MIN_WEIGHT, share))


@lru_cache(maxsize=1 << 14)
def is_usually_capitalised(word: str) -> bool:
    """Whether texts mostly write ``word`` with a capital: Paris, Monday; not Bake or Visitors. False for a word too
    rare to tell."""
    upper, lower = _place(f" {word[:1].upper()}{word[1:].lower()}"), _place(f" {word.lower()}")
    return upper is not None and (lower is None or 2 * upper < lower)


def is_known_word(word: str) -> bool:
    """Whether ``word`` in lower case is common enough to have a place of its own."""
    return _place(f" {word.lower()}") is not None


@cache
def is_function_word(word: str) -> bool:
    """Whether ``word`` (lower case) is a function word of any language that has a list."""
    return any(word in load_words(code) for code in LANGUAGES)


class Vocabulary:
    """The words of texts, to be asked for a word in whatever form: inflected, derived, or as a part of a compound."""

    def __init__(self, texts: Iterable[str]) -> None:
        words = {_bare(word) for text in texts for word in split_words(text)}
        self._words = frozenset(words)
        self._stems = frozenset(map(stem, words))
        self._characters = frozenset(mark for word in words if EAST_ASIAN.search(word) for mark in word)
        self._by_prefix: defaultdict[str, list[str]] = defaultdict(list)
        for word in words:
            if len(word) >= MIN_PREFIX:
                self._by_prefix[word[:MIN_PREFIX]].append(word)
        self._parts = tuple(word for word in words if len(word) >= MIN_PART)

    def has_exactly(self, word: str) -> bool:
        """Whether the word itself stands there, in any case."""
        return word in self._words

    def has_form(self, word: str, share: float = PREFIX_SHARE) -> bool:
        """Whether a form of ``word`` stands there: the same stem, or the same beginning for ``share`` of the longer."""
        word = _bare(word)
        if word in self._words or stem(word) in self._stems:
            return True
        if EAST_ASIAN.search(word):
            return self._has_characters(word)
        if not word.isalpha() and any(map(str.isdigit, word)):
            return False  # kiln4 is no form of kiln38
        return any(_same_beginning(word, other, share) for other in self._by_prefix.get(word[:MIN_PREFIX], ()))

    def _has_characters(self, word: str) -> bool:
        """Pairs of characters fall apart when a sentence is put in another order: each one counts, but for hiragana."""
        marks = [mark for mark in word if not _HIRAGANA.match(mark)]
        return bool(marks) and all(mark in self._characters for mark in marks)

    def has(self, word: str) -> bool:
        """Whether a form of ``word`` stands there, or a compound with it, or a part of it at one of its ends."""
        word = _bare(word)
        if self.has_form(word):
            return True
        if EAST_ASIAN.search(word) or len(word) < MIN_PART or any(map(str.isdigit, word)):
            return False
        return any(word in other or word.startswith(other) or word.endswith(other) for other in self._parts)

    def has_meaning(self, word: str) -> bool:
        """Whether another word of a group of synonyms that ``word`` belongs to stands there, in any form."""
        groups = _synonyms().get(stem(_bare(word)), frozenset())
        return any(other in self._stems for other in groups)


def _same_beginning(word: str, other: str, share: float) -> bool:
    word, other = (f"{one[:-1]}i" if one.endswith("y") else one for one in (word, other))  # happy and happiness
    length = 0
    for left, right in zip(word, other, strict=False):
        if left != right:
            break
        length += 1
    shorter = min(len(word), len(other))
    if length >= MIN_PREFIX and share < 0.7 and length == min(len(stem(word)), len(stem(other))):
        return True  # sign and signature
    return length >= max(MIN_PREFIX, share * shorter) and max(len(word), len(other)) - length <= max(4, shorter - 2)


def _bare(word: str) -> str:
    """Without an English possessive or an Arabic article and conjunction."""
    if _ARABIC.search(word):
        return _ARABIC_PREFIX.sub("", word) or word
    return _ELISION.sub("", word).removesuffix("'s").rstrip("'")


def _is_grammar(word: str, known: frozenset[str], code: str) -> bool:
    if word in known or _joins(word, code):
        return True
    parts = re.split(r"[-']", word)
    return len(parts) > 1 and all(part in known for part in parts)  # est-ce, peut-on, l'un


def _joins(word: str, code: str) -> bool:
    """Whether a pair of East Asian characters is grammar: nothing but hiragana, or Chinese that joins words."""
    if not EAST_ASIAN.search(word):
        return False
    if code == "zh":
        return any(mark in load_words("zh") for mark in word)
    return all(_HIRAGANA.match(mark) for mark in word)


def _says_something(word: str) -> bool:
    return len(word) > 1 or bool(EAST_ASIAN.search(word)) or word.isdigit()


def _earliest(first: int | None, second: int | None) -> int | None:
    known = [place for place in (first, second) if place is not None]
    return min(known) if known else None


def _is_in_two(word: str) -> bool:
    return any(len(_encoding().encode_ordinary(f" {form}")) <= 2 for form in (word, word.capitalize()))


@cache
def _synonyms() -> Mapping[str, frozenset[str]]:
    """By the stem of a word: the stems of all words that may stand for it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in read_wordlist("synonyms.txt"):
        group = {stem(word) for word in line.split()}
        for word in group:
            found[word] |= group
    return {word: frozenset(group) for word, group in found.items()}


@lru_cache(maxsize=1 << 15)
def _place(text: str) -> int | None:
    """The place of ``text`` in the vocabulary; None where it is no single entry."""
    tokens = _encoding().encode_ordinary(text)
    return tokens[0] if len(tokens) == 1 else None


@cache
def _encoding() -> Encoding:
    return load_encoding("o200k_base")
