"""In which script and language a text is written, by its letters and its function words; and the gate for it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.utils.wordlists import LANGUAGES, load_words

MIN_HITS = 2
MIN_RATE = 0.15
"""Share of function words: running text has 35 to 55 % of them, a list of names next to none."""
MIN_LEAD = 1.4
"""How many times more function words the language has than the next one: related ones share many."""
NO_FUNCTION_WORDS = 0.07
MIN_FOREIGN_WORDS = 7
MIN_STRANGE_WORDS = 3
MIN_SCRIPT_SHARE = 0.6
MIN_LETTERS = 4
VERBATIM = 0.7
MIN_SHARED_BEGINNINGS = 0.25
_BEGINNING = 4

_WORD = re.compile(r"[^\W\d_]+")
_IN_NAME = re.compile(r"\b[^\W\d_a-zß-ÿ][a-zß-ÿ]+(?= [^\W\d_a-zß-ÿ])|(?<=\w )(?!I\b)[^\W\d_a-zß-ÿ]\b(?!['’])")
"""A word before another one with a capital, and a capital alone behind a word: Los Angeles, Model S."""
_ROW = re.compile(r"^[^\t\n]*\t.*$", re.MULTILINE)
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+", re.DOTALL)
_SCRIPTS = {"CJK": "HAN", "HIRAGANA": "KANA", "KATAKANA": "KANA"}


class Language(NamedTuple):
    """``script`` is the one that most letters belong to ("" without letters); ``code`` the language where its function
    words show it, "" where they do not. Japanese and Chinese are told apart by their kana."""

    script: str
    code: str

    def differs(self, other: Language) -> bool:
        """Whether the two are surely not the same."""
        if not self.script or not other.script:
            return False
        return self.script != other.script or bool(self.code and other.code and self.code != other.code)


class WrongLanguage(NamedTuple):
    """The gate: question and answer stand in the language of the passage, where each of them can be told."""

    def check(self, draft: Draft, passage: str) -> Verdict:
        """Reject a turn in another script or language; what mostly stands in the passage as it is may be foreign."""
        expected = detect_language(passage)
        for turn in draft.messages:
            found = detect_language(turn.content)
            if _is_quoted(turn.content, passage):
                continue
            if found.differs(expected) and not (found.script == expected.script and _is_short(turn.content, 4)):
                return Verdict(False, "wrong_language", f"{_name(found)} where the source is {_name(expected)}")
            if (
                found.code
                and not expected.code
                and not _is_table(passage)
                and _lacks(passage, found.code)
                and not _resembles(turn.content, passage)
            ):
                return Verdict(False, "wrong_language", f"{found.code}, which the source is not")
            if expected.code and not found.code and _speaks_another(turn.content, expected.code):
                return Verdict(False, "wrong_language", f"words of another language than {expected.code}")
            if expected.code and not found.code and _lacks(turn.content, expected.code):
                return Verdict(False, "wrong_language", f"no word of the source's language ({expected.code})")
        return Verdict(True)


@lru_cache(maxsize=512)
def detect_language(text: str) -> Language:
    """The language of ``text``, as far as it shows."""
    text = _CODE.sub(" ", text)
    script = find_script(text)
    if script in {"HAN", "KANA", "HANGUL"} or not script:
        return Language(script, {"HAN": "zh", "KANA": "ja", "HANGUL": "ko"}.get(script, ""))
    words = _WORD.findall(text)
    said = _WORD.findall(_IN_NAME.sub(" ", text))
    hits = Counter(code for word in said for code in _languages_by_word().get(word.casefold(), ()))
    ranked = hits.most_common(2)
    if not ranked or ranked[0][1] < MIN_HITS or ranked[0][1] < MIN_RATE * len(words):
        return Language(script, "")
    if len(ranked) > 1 and ranked[0][1] < MIN_LEAD * ranked[1][1]:
        return Language(script, "")
    return Language(script, ranked[0][0])


def find_script(text: str) -> str:
    """The script of most letters of ``text``, by its Unicode name; "KANA" for Japanese, "HAN" for Chinese."""
    scripts = Counter(_script_of(letter) for letter in text if letter.isalpha())
    if not scripts or scripts.total() < MIN_LETTERS:
        return ""
    if scripts["KANA"] and scripts["KANA"] + scripts["HAN"] >= MIN_SCRIPT_SHARE * scripts.total():
        return "KANA" if scripts["KANA"] > 0.1 * scripts["HAN"] else "HAN"
    # a Han character says as much as two or three letters: an English term in a Chinese sentence does not outweigh it
    scripts["HAN"] *= 3
    scripts["HANGUL"] *= 2
    name, count = scripts.most_common(1)[0]
    return name if count >= MIN_SCRIPT_SHARE * scripts.total() else ""


def function_words(code: str) -> frozenset[str]:
    """The function words of a language; empty for one without a list."""
    return load_words(code) if code in LANGUAGES else frozenset()


@lru_cache(maxsize=1 << 14)
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return _SCRIPTS.get(name, name)


def _is_quoted(text: str, passage: str) -> bool:
    words = _WORD.findall(text.casefold())
    known = _words_of(passage)
    return bool(words) and sum(word in known for word in words) >= VERBATIM * len(words)


@lru_cache(maxsize=256)
def _words_of(passage: str) -> frozenset[str]:
    return frozenset(_WORD.findall(passage.casefold()))


def _speaks_another(text: str, code: str) -> bool:
    """Whether at least half of the words are function words of other languages, related ones maybe, and none of this
    one: De 40 lignes, en passant de 20 à 60."""
    words = _WORD.findall(_CODE.sub(" ", text).casefold())
    foreign = [word for word in words if word in _languages_by_word() and word not in function_words(code)]
    return (
        len(foreign) >= MIN_STRANGE_WORDS and 2 * len(foreign) >= len(words) and function_words(code).isdisjoint(words)
    )


def _lacks(text: str, code: str) -> bool:
    words = _WORD.findall(_CODE.sub(" ", text).casefold())
    known = function_words(code)
    return len(words) >= MIN_FOREIGN_WORDS and sum(word in known for word in words) < NO_FUNCTION_WORDS * len(words)


def _is_table(passage: str) -> bool:
    """Whether most lines are rows of cells: names and numbers show no language."""
    return 2 * len(_ROW.findall(passage)) > len(passage.splitlines())


def _resembles(text: str, passage: str) -> bool:
    """Whether a text is too short to tell, or has beginnings of words of the passage: then it is of its language, one
    that has no list here."""
    words = [word for word in _WORD.findall(text.casefold()) if len(word) >= _BEGINNING]
    known = {word[:_BEGINNING] for word in _words_of(passage)}
    shared = sum(word[:_BEGINNING] in known for word in words)
    return _is_short(text) or shared >= MIN_SHARED_BEGINNINGS * len(words)


def _is_short(text: str, least: int = MIN_FOREIGN_WORDS) -> bool:
    """Whether a text has too few words to tell a language by."""
    return len(_WORD.findall(text)) < least


def _name(language: Language) -> str:
    return language.code or language.script.lower()


@cache
def _languages_by_word() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code in LANGUAGES:
        for word in load_words(code):
            found[word] = (*found.get(word, ()), code)
    return found
