"""Topic keywords of a text: words and phrases that are frequent in it and not everywhere, in any language."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, pairwise
from typing import Final, NamedTuple

from src.utils.wordlists import LANGUAGES, load_words

# Marks that belong to a word in Latin, Cyrillic, Hebrew and Arabic script, and the blocks of Indic scripts, Thai, Lao,
# Tibetan, Myanmar and Khmer but for their full stops: \w leaves out vowel signs, and words would fall apart.
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d"
    "\u0900-\u0963\u0966-\u096f\u0971-\u0df3\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0ece\u0f00-\u0f07\u0f18-\u0fbc"
    "\u1000-\u1049\u1050-\u109f\u1780-\u17d3"
)
_HAN: Final = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA: Final = "\u3041-\u3096\u3099-\u30ff"
# \w without Chinese and Japanese, or marks: no two alternatives below begin with the same character
_LETTERS: Final = rf"(?:[^\W{_HAN}{_KANA}]+|[{_MARKS}])+"
_WORD: Final = re.compile(
    rf"(?P<word>{_LETTERS}(?:-{_LETTERS})*)"
    rf"|(?P<gap>[^\s\w{_HAN}{_KANA}])|(?P<han>[{_HAN}]+)|(?P<katakana>[\u30a1-\u30ff]+)|(?P<hiragana>[\u3041-\u309f]+)"
    r"|(?P<other>[^\s\w])"
)
_ASCII_WORD: Final = re.compile(r"\w+(?:-\w+)*|[^\s\w]", re.ASCII)
_HAN_FIRST: Final = re.compile(f"[{_HAN}]").match
_LONGEST_WORD: Final = 40
"""Characters; what is longer is a key, a hash or a path."""
_PHRASE_BONUS: Final = 1.4
"""A phrase that stands in a text twice, and at every other place of its words, says more than they do."""


class _Terms(NamedTuple):
    """The candidate terms of a text: single words, and pairs of neighbours, with how often each one stands there."""

    words: Counter[str]
    pairs: Counter[tuple[str, str]]


class KeywordExtractor:
    """Finds keywords; ``texts`` are what a word must stand out from: the passages of a run, each text once."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._documents = 0
        self._frequency: Counter[str] = Counter()
        for text in texts:
            self._documents += 1
            self._frequency.update(set(_find_terms(text).words))

    def keywords(self, text: str, limit: int = 5) -> tuple[str, ...]:
        """Up to ``limit`` keywords in lower case, the one that most of the texts share first: it names the topic.

        Words and phrases of two words; in Chinese and Japanese, where nothing separates words, pairs of characters.
        The same texts always give the same keywords. Never empty for a text with a letter, unless ``limit`` is 0.
        """
        terms = _find_terms(text)
        if not terms.words:
            return _any_words(text)[:limit]
        scores = {word: count * self._rarity(word) for word, count in terms.words.items()}
        for pair, count in terms.pairs.items():
            most = max(terms.words[word] for word in pair)
            if count > 1 and 2 * count >= most:
                rarity = sum(map(self._rarity, pair)) / 2
                scores[" ".join(pair)] = most * rarity * _PHRASE_BONUS
        # The sort is stable: of equal terms the one that stands first in the text wins.
        chosen = _choose(sorted(scores, key=lambda term: -scores[term]), limit)
        return tuple(sorted(chosen, key=lambda term: (-self._spread(term), chosen.index(term))))

    def _rarity(self, word: str) -> float:
        # Never 0, so that a single text has keywords too; smallest for what every text has.
        return math.log(2 + self._documents / (1 + self._frequency[word]))

    def _spread(self, term: str) -> int:
        return min(self._frequency[word] for word in term.split(" "))


def _find_terms(text: str) -> _Terms:
    normal = _normalise(text)
    tokens = list(_tokenize(normal))
    common = _common_words(tokens)
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    useful = [token if _is_topic(token, common) else "" for token in tokens]
    words.update(token for token in useful if token)
    pairs.update((first, second) for first, second in pairwise(useful) if first and second and not _is_han(first))
    return _Terms(words, pairs)


def _tokenize(text: str) -> Iterator[str]:
    """Words in order; "" where a mark stands between two, so that no phrase reaches over it."""
    if text.isascii():  # the same, a good deal faster
        yield from (token if token[0].isalnum() or token[0] == "_" else "" for token in _ASCII_WORD.findall(text))
        return
    for match in _WORD.finditer(text):
        if match.lastgroup == "han":
            yield from _character_pairs(match.group())
            yield ""
        elif match.lastgroup in {"word", "katakana"}:
            yield match.group()
        else:
            yield ""


def _character_pairs(run: str) -> Iterator[str]:
    joining = load_words("zh")
    if len(run) == 1:
        yield run
    for first, second in pairwise(run):
        if first not in joining and second not in joining:
            yield first + second


def _common_words(tokens: Sequence[str]) -> frozenset[str]:
    """The stop words of the language that the text has most of, and parts of web addresses."""
    languages = _languages_by_word()
    hits = Counter(chain.from_iterable(languages[token] for token in tokens if token in languages))
    language = max(LANGUAGES, key=lambda name: hits[name])
    return _common_words_of(language if hits[language] else "")


@cache
def _languages_by_word() -> dict[str, tuple[str, ...]]:
    words = frozenset().union(*map(load_words, LANGUAGES))
    return {word: tuple(name for name in LANGUAGES if word in load_words(name)) for word in words}


@cache
def _common_words_of(language: str) -> frozenset[str]:
    return load_words("web") | (load_words(language) if language else frozenset())


def _is_topic(token: str, common: frozenset[str]) -> bool:
    if len(token) > _LONGEST_WORD or token in common:
        return False
    if not token.isalpha() and not any(map(str.isalpha, token)):
        return False
    return len(token) > 1 or _is_han(token)


def _is_han(token: str) -> bool:
    return _HAN_FIRST(token) is not None


def _choose(ranked: Sequence[str], limit: int) -> list[str]:
    """The best terms, without those that repeat a word or an overlapping pair of characters of a better one."""
    chosen: list[str] = []
    used: set[str] = set()
    for term in ranked:
        if len(chosen) >= limit:
            break
        parts = set(term) if _is_han(term) else set(term.split(" "))
        if not parts & used:
            chosen.append(term)
            used |= parts
    return chosen


def _any_words(text: str) -> tuple[str, ...]:
    """For a text of nothing but common words: those words, the longest first."""
    found = {match.group() for match in _WORD.finditer(_normalise(text)) if any(map(str.isalpha, match.group()))}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()
