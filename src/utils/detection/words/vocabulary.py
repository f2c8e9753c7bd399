"""The word lists of detection: label words by role, words that are no speakers, JSON keys, HTML tags."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from string import whitespace
from typing import NamedTuple, cast

from src.utils.detection.types import Family

_NUMBER = re.compile(r"\d{1,4}\Z")
_BEFORE_NUMBER = ".#№°º-_\u00a0\u202f" + whitespace
_PART_NUMBER = re.compile(r"(?<=[\s#№])\d{1,3}(?:\.\d{1,3}){1,2}\Z")
"""A number below another one: ``Comment 1.2``."""
_OF_ALL = re.compile(r"(?<=\d)[ ]?/[ ]?\d{1,4}\Z")
"""How many there are, behind a number: ``Question 1/4``."""
_NUMBER_WORD = re.compile(r"[ ][^\W\d_]{1,3}[.°º]?$")
"""The word for a number behind a label word: ``Question n° 3``, ``Pytanie nr 3``."""
_LETTERS = re.compile(r"[^\W\d_]+")
LETTER_SIGNS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0dff\u0e31-\u0e4e"
"""Signs that scripts of South Asia and the Near East set on a letter, which are no letters themselves."""
_WORD = re.compile(rf"(?:[^\W\d_]|[{LETTER_SIGNS}])+")
_MIN_COMPOUND = 5
_WIDE = "\u3040"
"""Scripts without spaces begin here: two of their signs make a word."""
_THAI = range(0x0E01, 0x0F00)
"""Thai and Lao, which set no spaces either, but write a word with more signs."""
_MIN_THAI = 3
_MIN_OFFICE = 2
_MAX_LABEL = 40
_SHORTENED = 3
"""Letters of a word that is written short: ``Ans`` and ``Ot`` are given names too, ``Ans de Vries``."""
_MAX_QUALIFIERS = 3
_MAX_VERB_WORDS = 2
_GENITIVE = re.compile(r"[^\W\d_]{2,}(?:[аяыи]|го|ей|[ayi]|ego|ej|ului|ei)|[اה][^\W\d_]{2,}")
"""A word that tells whose something is by its ending or its article: ``Вопрос прокурора``, ``سؤال القاضي``."""
_ZEROS = "٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐"
_USUAL = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {
    ord(zero) + figure: str(figure) for zero in _ZEROS for figure in range(10)
}
"""The wide forms of Latin letters, figures and signs (``Ｑ１``), and the figures of other scripts (``پرسش ۱``)."""
_GREEK = re.compile(r"[άέήίόύώϊϋΐΰ]")
_KEY_NOISE = re.compile(r"[\s_\-.]+")


class LabelWord(NamedTuple):
    """A label reduced to what can be compared: ``key`` with its number, the closed word's family, the number alone."""

    key: str
    family: Family | None
    number: str


@cache
def role_words() -> dict[str, Family]:
    """Label word (casefolded) -> family. A word listed twice keeps its first family."""
    found: dict[str, Family] = {}
    for family, words in _sections("roles.txt").items():
        for word in words:
            found.setdefault(word, cast("Family", family))
    return found


@cache
def first_words() -> frozenset[str]:
    """The first word of every label word, and the letters that ask and answer."""
    letters = {letter for pair in letter_pairs() for letter in pair}
    found = (_LETTERS.match(label) for label in (*role_words(), *letters))
    return frozenset(word[0] for word in found if word)


@cache
def letter_pairs() -> tuple[tuple[str, str], ...]:
    """Single letters that ask and answer, as (asker, answerer), the commonest first."""
    pairs = (entry.partition("/") for entry in _sections("letter_pairs.txt")[""])
    return tuple((asks, answers) for asks, _, answers in pairs)


@cache
def _letter_families() -> dict[str, Family]:
    """What a letter most often stands for; which one it is in a document, its partner there decides."""
    found: dict[str, Family] = {}
    for asks, answers in letter_pairs():
        found.setdefault(asks, "question")
        found.setdefault(answers, "answer")
    return found


@cache
def stop_labels() -> frozenset[str]:
    """Words before a colon that never name a speaker."""
    return frozenset(_sections("stop_labels.txt")[""])


@cache
def html_tags() -> frozenset[str]:
    """Names of HTML tags."""
    return frozenset(_sections("html_tags.txt")[""])


@cache
def words(group: str) -> frozenset[str]:
    """The words of a section of words.txt: log_levels, speech_verbs, chat_keys, wrote, message."""
    return frozenset(_sections("words.txt")[group])


@cache
def moment_words(group: str) -> frozenset[str]:
    """The words of a section of moments.txt: month_stems, weekday_stems, beside, joiners, ago_units, ago_marks."""
    return frozenset(word.rstrip(".") for word in _sections("moments.txt")[group])


@cache
def month_stems() -> dict[str, int]:
    """Stem of the name of a month -> its number."""
    return {stem: int(number) for number, stems in _sections("months.txt").items() for stem in stems}


@cache
def json_keys(group: str) -> dict[str, int]:
    """Keys of records and headers of tables that hold ``group`` (role, text, question, ...) -> rank, best first.

    Programs write them without accents as well: ``sesión`` and ``sesion``.
    """
    words = [compact_key(word) for word in _sections("json_keys.txt")[group]]
    plain = {_without_accents(word): rank for rank, word in reversed(list(enumerate(words)))}
    return plain | {word: rank for rank, word in reversed(list(enumerate(words)))}


def _without_accents(word: str) -> str:
    """A Latin word in plain letters; any other as it is."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return plain if plain.isascii() else word


def words_of(content: str) -> list[str]:
    """The words of ``content``, with the signs on their letters."""
    return (_LETTERS if content.isascii() else _WORD).findall(content)


@lru_cache(maxsize=8192)
def compact_key(name: str) -> str:
    """A key or header without case, spaces, underscores, hyphens and dots."""
    return _KEY_NOISE.sub("", name.casefold())


@lru_cache(maxsize=8192)
def read_label(name: str) -> LabelWord:
    """``"Question 12"`` -> key "question 12", family "question", number "12"."""
    key = " ".join(in_usual_signs(name).casefold().split())
    head = _without_verb(key)
    if head in words("second_person"):
        return LabelWord(key, "user", "")
    key = head or key
    known = role_words()
    if len(key) > 1 and key in known:
        return LabelWord(key, known[key], "")
    plain = key.replace("_", " ").replace("-", " ").strip()
    if len(plain) > 1 and plain in known:
        return LabelWord(key, known[plain], "")
    if len(key) == 1:
        return LabelWord(key, _letter_families().get(key), "")
    key = _OF_ALL.sub("", key) if "/" in key else key
    numbered = _PART_NUMBER.search(key[-12:]) or _NUMBER.search(key[-4:])
    if numbered:
        word = key[: -len(numbered[0])]
        word = word.rstrip(_BEFORE_NUMBER).strip()
        family = known.get(word) or _letter_families().get(word) or known.get(_NUMBER_WORD.sub("", word))
        family = family or _family_of_longer(word) or ("question" if word in words("asks_with_number") else None)
        return LabelWord(key, family, numbered[0])
    return LabelWord(key, _family_of_longer(key), "")


def in_usual_signs(word: str) -> str:
    """``word`` with wide letters, and the figures of any script, as the usual ones."""
    return word if word.isascii() else word.translate(_USUAL)


def _without_verb(key: str) -> str:
    """``anna said`` -> ``anna``, ``vous avez dit`` -> ``vous``; "" where no verb of speaking ends the label."""
    split = key.split(" ")
    for size in range(min(_MAX_VERB_WORDS, len(split) - 1), 0, -1):
        if " ".join(split[-size:]) in words("speech_verbs"):
            return " ".join(split[:-size])
    return ""


def _family_of_longer(key: str) -> Family | None:
    """The family of a longer label with a question's or an answer's word in it: ``Musterlösung``, ``Frage von X``."""
    first, *others = key.split() or [""]
    if len(key) > _MAX_LABEL:
        found = None
    elif not others:
        least = _MIN_THAI if key and ord(key[0]) in _THAI else _MIN_COMPOUND if key < _WIDE else 2
        ends = (key[-size:] for size in range(least, len(key) - least + 2))
        found = next((role_words()[end] for end in ends if end in role_words()), None)
        found = "answer" if key > _WIDE and _answers_from(key) else found
    elif first in words("answer_verbs"):
        found = "answer"
    elif first in words("asking_verbs") or (others[-1] in words("asking_verbs") and _names_role(key)):
        found = "question"
    elif " ".join(others) in words("ordinals"):
        found = role_words().get(first)
    elif others[0] in words("answer_to") and _tells_question(others[1:]):
        found = "answer" if role_words().get(first) == "answer" else None
    elif (others[0] in words("by") and len(first) > _SHORTENED) or _says_whose(first, others):
        found = role_words().get(first)
    else:
        found = None
    return found if found in ("question", "answer") else None


def _answers_from(key: str) -> bool:
    """``事務局より``: whether what answers stands before a word for "from"."""
    return any(key.endswith(word) and len(key) - len(word) >= _MIN_OFFICE for word in words("answers_from"))


def _names_role(key: str) -> bool:
    """Whether all but the last word are a word for a role: ``the customer asks``."""
    return key.rpartition(" ")[0] in role_words()


def _tells_question(others: list[str]) -> bool:
    """``question``, ``la question``, ``السؤال الأول``: whether a word for a question stands here, at most its number
    or an article beside it."""
    return 0 < len(others) <= _MAX_QUALIFIERS and any(role_words().get(word) == "question" for word in others[:2])


def _says_whose(first: str, others: list[str]) -> bool:
    """Whether a word for a question or an answer is followed by whose it is, not by what it has (``Question type``)."""
    if len(others) > _MAX_QUALIFIERS:
        return False
    if first in words("asked_by_ending"):
        return all(map(_GENITIVE.fullmatch, others))
    told = others[0].startswith(tuple(words("elided"))) or (len(others) > 1 and others[0] in words("whose"))
    return told and first in words("asked_by")


def _sections(file_name: str) -> dict[str, list[str]]:
    """Comma-separated words of a data file by [section]; words above the first section stand under ""."""
    found: dict[str, list[str]] = {"": []}
    current = ""
    text = files("src.utils.detection").joinpath("data", file_name).read_text(encoding="utf-8")
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            current = stripped[1:-1]
            found.setdefault(current, [])
        elif stripped and not stripped.startswith("#"):
            listed = [word.strip().casefold() for word in stripped.split(",") if word.strip()]
            found[current].extend(listed)
            found[current].extend(_in_capitals(word) for word in listed if not word.isascii() and _GREEK.search(word))
    return found


def _in_capitals(word: str) -> str:
    """A Greek word without its accents, as capitals are written: ``ΕΡΩΤΗΣΗ`` for ``ερώτηση``."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
    return plain.upper().casefold()
