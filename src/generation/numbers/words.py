"""Numbers written in words: twenty-five, zweihundert, quatre-vingt-dix, 三百."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from src.generation.wordlists import read_wordlist

_VALUES = (*range(2, 21), *range(30, 100, 10), 100, 1000)
_HUNDRED, _THOUSAND = 100, 1000
_SCORE, _SCORES = 20, 4
_DEFINITE = re.compile(
    r"\b(?:the|these|those|its|their|both|other|last|first|any|die|der|den|beide[nr]?|diese[nr]?|les|ces|los|las|estos|estas|i|gli|le|"
    r"os|as|de|эти|этих)\s+(?:other\s+|last\s+|first\s+)?(?:two|three|zwei|drei|deux|trois|dos|tres|due|tre|dois|três|twee|drie|два|две|двух)\b",
    re.IGNORECASE,
)
"""Two or three things that are known already: "the two ends" counts nothing."""
_JOINTS = frozenset(["and", "und", "et", "y", "e", "en", "&"])
_ONES = frozenset(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
_TENS = frozenset(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
_TEENS = frozenset(
    ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
)
"""English numbers that an old way of writing puts the other way round: six and thirty."""
_ENGLISH = _ONES | _TEENS | _TENS
"""They are never written in one word: zweiten is no two and ten."""
_ENDINGS = {"first": 1, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
_ENDINGS |= {"ninth": 9, "un": 1, "une": 1, "unième": 1, "deuxième": 2, "troisième": 3, "quatrième": 4, "cinquième": 5}
_ENDINGS |= {"sixième": 6, "septième": 7, "huitième": 8, "neuvième": 9}
"""What only counts behind a ten: twenty-first, vingt et un, trente-deuxième."""
_TENS_OF_ALL = _TENS | {"vingt", "trente", "quarante", "cinquante", "soixante", "septante", "octante", "nonante"}
_SECOND = re.compile(rf"\b({'|'.join(sorted(_TENS))})-second\b", re.IGNORECASE)
"""An ordinal, the twenty-second day, or a time, a thirty-second break: its text has either number."""
_LONGEST_PART = 14
_BETWEEN = r"[\s\u00a0\u2011-]+"
_WORD = re.compile(r"[^\W\d_]+")
_HAN_DIGITS = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2, "〇": 0}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "萬": 10_000, "億": 10**8, "亿": 10**8}
_COUNTERS = "時时日月年人個枚本軒回歳倍円匹台点天个元米名次岁週種"
"""What is counted behind a ten that stands alone; it is a part of other words too."""
_HAN = re.compile(
    f"[{''.join(_HAN_DIGITS)}][{''.join({**_HAN_DIGITS, **_HAN_UNITS})}]*"
    f"|十(?:[一二三四五六七八九]|(?=[{_COUNTERS}]|分間|分钟))"
)
_HAN_MYRIAD = 10_000
_MAL = re.compile(r"\b([^\W\d_]{4,9})mal\b", re.IGNORECASE)
_COINS = re.compile(r"\d\scents?$", re.IGNORECASE)
"""Behind digits they are no hundreds."""
_PER_CENT = re.compile(r"(?<=\w)\s+(?:per\s+cento?|pour\s+cent|por\s+cien(?:to)?|por\s+cento)\b", re.IGNORECASE)
"""Two words, of which the second one is no hundred."""


class Spelled(NamedTuple):
    """A number in words: its value in digits, and the words."""

    value: str
    words: str


@lru_cache(maxsize=1024)
def spelled_numbers(text: str) -> tuple[Spelled, ...]:
    """Every number that ``text`` has in words of two or more parts, and every one in Chinese characters."""
    text = unicodedata.normalize("NFKC", text)
    seconds = (Spelled(str(_parts()[ten] + 2), f"{ten}-second") for ten in _SECOND.findall(text.casefold()))
    return (*(_spell(run) for run in _runs(text)), *seconds, *_han_numbers(text))


def claimed_numbers(text: str, code: str) -> tuple[Spelled, ...]:
    """The numbers from two on that ``text``, written in language ``code``, claims in words."""
    if code in {"zh", "ja"}:
        return tuple(number for number in _han_numbers(text) if number.value not in {"0", "1"})
    claiming = _claiming_words(code)
    runs = _runs(_SECOND.sub(" ", _DEFINITE.sub(" ", unicodedata.normalize("NFKC", text))))
    found = (_spell(run) for run in runs if any(word in claiming or _compound(word) for word in run))
    return tuple(number for number in found if number.value not in {"0", "1"})


def is_han_digit(mark: str) -> bool:
    """Whether a character is a numeral of Chinese and Japanese."""
    return mark in _HAN_DIGITS or mark in _HAN_UNITS


@cache
def numbers_by_word() -> Mapping[str, tuple[str, ...]]:
    """The values that a number word may have, in any language of the list."""
    numbers: dict[str, tuple[str, ...]] = {}
    for number, *words in (line.split() for line in read_wordlist("number_words.txt")):
        for word in words:
            numbers[word] = (*numbers.get(word, ()), number)
    return numbers


def values_of(word: str, code: str = "") -> tuple[str, ...]:
    """The values of a number word in a text of language ``code``: once is eleven in Spanish, and one in English. All
    of them where the language is not known or has no such word."""
    values = numbers_by_word().get(word, ())
    if len(values) < 2 or not code:
        return values
    foreign = {value for other, words in _values_by_language().items() if other != code and (value := words.get(word))}
    own = _values_by_language().get(code, {}).get(word)
    return (own,) if own else tuple(value for value in values if value not in foreign) or values


@cache
def _values_by_language() -> Mapping[str, Mapping[str, str]]:
    lines = (line.partition(":") for line in read_wordlist("number_claims.txt"))
    return {
        code: {word: str(value) for word, value in zip(words.split(), _VALUES, strict=True) if word != "-"}
        for code, _, words in lines
    }


@lru_cache(maxsize=1024)
def in_digits(text: str) -> str:
    """``text`` with its number words from two on as digits, those that mean one number in every language."""
    known = numbers_by_word()
    text = _PER_CENT.sub(" %", text)
    for claim in spelled_numbers(text):  # three hundred is no 3 hundred
        if " " in claim.words:
            text = re.sub(spaced(claim.words), claim.value, text, flags=re.IGNORECASE)
    text = _HAN.sub(
        lambda found: str(_evaluate_han(found.group())) if found.group() not in "零一〇" else found.group(), text
    )

    def digits(found: re.Match[str]) -> str:
        values = known.get(found.group().casefold(), ())
        is_number = len(values) == 1 and values[0] not in {"0", "1"}
        is_number = is_number and not _COINS.search(found.string, max(0, found.start() - 2), found.end())
        return values[0] if is_number else found.group()

    return _WORD.sub(digits, _MAL.sub(r"\1 mal", text))


def spaced(words: str) -> str:
    """A pattern for number words, however they are joined."""
    return rf"(?<!\w){words.replace(' ', _BETWEEN)}(?!\w)"


@cache
def _claiming_words(code: str) -> frozenset[str]:
    line = next((line for line in read_wordlist("number_claims.txt") if line.startswith(f"{code}:")), "")
    return frozenset(line.partition(":")[2].split()) - {"-"}


@cache
def _parts() -> Mapping[str, int]:
    """The words that larger numbers are made of."""
    parts: dict[str, int] = {}
    for line in read_wordlist("number_claims.txt"):
        words = line.partition(":")[2].split()
        parts.update({word: value for word, value in zip(words, _VALUES, strict=True) if word != "-"})
    ones = {"ein": 1, "eine": 1, "one": 1, "elf": 11, "ventuno": 21, "vingts": 20, "hundert": 100, "ciento": 100}
    millions = dict.fromkeys(["million", "millionen", "millón", "millones", "milioni", "milhões", "miljoen"], 10**6)
    return {**parts, **ones, **millions, "cents": 100, "hundreds": 100, "mila": 1000}


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Number words side by side, with what joins them inside."""
    run: list[str] = []
    last_end = 0
    for match in _WORD.finditer(text.casefold()):
        word = match.group()
        between = text[last_end : match.start()]
        is_near = not run or not between.strip(" -\u00a0\u2011")
        ten = run[-2] if run[-1:] == ["et"] and len(run) > 1 else (run[-1] if run and between == "-" else "")
        ends = word in _ENDINGS and ten in _TENS_OF_ALL
        joins = word in _JOINTS and run and (run[-1] in {"hundred", "thousand"} | _ONES or word != "and")
        if is_near and (ends or joins or word in _parts() or _compound(word)) and not _is_money(word, run):
            run.append(word)
        else:
            if run:
                yield from _split(run)
            run = [word] if word in _parts() or _compound(word) else []
        last_end = match.end()
    if run:
        yield from _split(run)


def _is_money(word: str, run: Sequence[str]) -> bool:
    """Whether cents are coins and no hundreds, which only French counts by."""
    return word == "cents" and bool(run) and run[-1] not in _claiming_words("fr")


def _split(run: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """``run`` in one piece, or in several where an "and" joins numbers of their own, or a small one counts a larger:
    four twelve-minute rounds. Six and thirty is one number."""
    for place, word in enumerate(run[:-1]):
        following = run[place + 1]
        is_joint = following == "and" and "".join(run[place + 2 : place + 3]) not in _TENS
        if word in _ONES and (is_joint or following in _TEENS or following in _TENS):
            yield _trim(run[: place + 1])
            yield from _split(run[place + 1 + is_joint :])
            return
    if run:
        yield _trim(run)


def _trim(run: Sequence[str]) -> tuple[str, ...]:
    last = len(run)
    while run[last - 1] in _JOINTS:
        last -= 1
    return tuple(run[:last])


def _spell(run: Sequence[str]) -> Spelled:
    known = {**_ENDINGS, **_parts()}
    values = [value for word in run for value in (_compound(word) or ([known[word]] if word in known else []))]
    return Spelled(str(_evaluate(values)), " ".join(run))


def _evaluate(values: Sequence[int]) -> int:
    total = current = 0
    for value in values:
        if value >= _THOUSAND:
            total += max(1, current) * value
            current = 0
        elif value == _HUNDRED:
            current = max(1, current) * value
        elif value == _SCORE and current == _SCORES:  # quatre-vingt
            current = _SCORE * _SCORES
        else:
            current += value
    return total + current


@lru_cache(maxsize=1 << 13)
def _compound(word: str) -> tuple[int, ...]:
    """The values that one written word is made of (dreiundzwanzig); empty when it is no such compound."""
    return _cut(word) if len(word) > _MIN_COMPOUND and word not in _parts() else ()


_MIN_COMPOUND = 6


def _cut(word: str) -> tuple[int, ...]:
    for length in range(min(len(word), _LONGEST_PART), 2, -1):
        value = _parts().get(word[:length])
        if value is None or word[:length] in _ENGLISH:
            continue
        rest = word[length:]
        if not rest:
            return (value,)
        for joint in ("", "und", "en", "ën", "e"):
            if rest.startswith(joint) and (inner := _cut(rest[len(joint) :])):
                return (value, *inner)
    return ()


def _han_numbers(text: str) -> Iterator[Spelled]:
    for match in _HAN.finditer(text):
        yield Spelled(str(_evaluate_han(match.group())), match.group())


def _evaluate_han(text: str) -> int:
    if not set(text) & _HAN_UNITS.keys():
        return int("".join(str(_HAN_DIGITS[mark]) for mark in text))
    total = section = digit = 0
    for mark in text:
        if mark in _HAN_DIGITS:
            digit = _HAN_DIGITS[mark]
        elif _HAN_UNITS[mark] >= _HAN_MYRIAD:
            total = (total + section + digit) * _HAN_UNITS[mark]
            section = digit = 0
        else:
            section += max(1, digit) * _HAN_UNITS[mark]
            digit = 0
    return total + section + digit
