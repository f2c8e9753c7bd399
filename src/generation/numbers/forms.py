"""Numbers as people write them: which numbers of an answer does its source not have, in digits or in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Set
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from src.generation.gates.terms import is_function_word
from src.generation.numbers.clock import is_hour, without_known_times
from src.generation.numbers.measures import (
    Quantity,
    centuries,
    find_quantities,
    is_among,
    is_century,
    read_quantity,
    unit_of,
    years_between,
)
from src.generation.numbers.words import (
    claimed_numbers,
    in_digits,
    is_han_digit,
    numbers_by_word,
    spaced,
    spelled_numbers,
    values_of,
)
from src.generation.wordlists import read_word_sets, read_wordlist, scales

_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*")
_DATE = re.compile(r"\d{1,2}[.]\d{1,2}[.](?:\d{4}|\d{2})|\d{4}[.]\d{1,2}[.]\d{1,2}")
"""Three numbers with points that are no version."""
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+")
_SEPARATOR = re.compile(r"[.,'’ \u00a0\u202f]")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LINE_MARKER = re.compile(r"^\W*(?:(?P<word>[^\W\d]+)\s+)?(?P<number>\d{1,2})\s*[.):]\s", re.MULTILINE)
_FEWEST_ITEMS = 2
_SCALE = re.compile(r"[\s\u00a0-]*([^\W\d_]+)\.?")
_AFTERNOON = re.compile(r"\d\s*p\.?m\b", re.IGNORECASE)
_EVENING = re.compile(
    r"(?<![\d.,:])(1?\d)(?:\s?(?:uhr|heures?|h|o['’]clock))?\s(?:abends|nachmittags|du soir|de l['’]après-midi"
    r"|de la (?:tarde|noche)|di sera|del pomeriggio|da (?:tarde|noite)|['’]s (?:avonds|middags)|вечера"
    r"|in the (?:evening|afternoon)|at night)\b",
    re.IGNORECASE,
)
"""Hours of the second half of the day."""
_HOUR = re.compile(r"(?<![\d.,:])\d{1,2}(?![\d,])")
_NOON = 12
_FULL_HOUR = re.compile(r"(?<=\d):00\b")
_BESIDE_NUMBER = re.compile(r"\d(?:st|nd|rd|th)?\.?\s+(?:of\s+|de\s+)?([^\W\d_]{3,})|([^\W\d_]{3,})\.?,?\s+\d")
_COUNT = re.compile(r"\d{1,9}")
"""Longer ones are keys and digests, which count nothing."""
_GLUED = re.compile(r"[A-Za-z]{2}$")
_RANGE_SCALE = re.compile(
    r"\s*(?:to|and|or|bis|und|oder|à|et|ou|a|y|o|e|en|tot|[-–])\s*\d+(?:[.,]\d+)?[\s\u00a0-]*([^\W\d_]+)"
)
"""From 1.26 to 1.19 million: the scale stands behind the second one."""
_LONGEST_LIST, _UNIT_CHARS = 12, 24
_BY_WORDS = frozenset({"share", "time", "months"})
"""What a number measures with words around it: three quarters of it, three times a day."""
_COUNTED = re.compile(r"[\s\u00a0]*:?[\s\u00a0]*([^\W\d_]+)")
"""After a number: what it counts, or the first of it."""
_INTRODUCES = re.compile(r"[^.:;\n]*:\s")
"""After a number: what it counts is listed behind a colon."""
_ITEM = re.compile(r"^\s*(?:[-*•–]|\d{1,3}[.)])\s+\S", re.MULTILINE)
_COMMA = re.compile(
    r",(?:\s+(?:and|or|und|oder|et|ou|y|o|e|en|of|и|или)\b)?|\s(?:and|or|und|oder|et|ou|y|e|en|и|или)\s|、|，|和|及|与"
)
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s*|\n")
_INLINE_MARKER = re.compile(r"(?<!\S)\(?(\d{1,2})[.)](?=\s)")


class NumberClaim(NamedTuple):
    """A number as a text writes it, and the values that it may have."""

    words: str
    values: frozenset[str]


def missing_numbers(answer: str, source: str, code: str = "") -> tuple[str, ...]:
    """The numbers of ``answer`` that ``source`` has neither in digits nor in words, as the answer writes them."""
    return tuple(claim.words for claim in find_missing(answer, source, code))


def find_missing(answer: str, source: str, code: str = "") -> tuple[NumberClaim, ...]:
    """The numbers of ``answer`` that ``source`` has neither in digits nor in words.

    Grouping, decimal comma or point, leading and trailing zeros, the script of the digits, a scale ("1.5 million"), the
    parts of a date and the hour of a clock of twelve make no difference. Numbers that only count list items ("1." at
    the start of a line, "1) ... 2) ..." in a row) are left out, and so is the number of things that the answer itself
    lists. ``code`` is the language whose number words count as numbers of the answer; "": none.
    """
    answer = _FULL_HOUR.sub("", _without_markers(_with_ascii_digits(without_known_times(answer, source))))
    found = [(match.group(), _scaled(match, answer)) for match in _NUMBER.finditer(answer) if not _is_glued(match)]
    claims = claimed_numbers(answer, code) if code else ()
    if not found and not claims:
        return ()
    known = known_numbers(source, code)
    strange = [
        (text, text, number_forms(text) | scaled)
        for text, scaled in found
        if not _is_known(text, known) and not scaled & known
    ]
    strange += [(claim.words, claim.value, {claim.value}) for claim in claims if claim.value not in known]
    return tuple(
        NumberClaim(words, frozenset(forms))
        for words, value, forms in strange
        if not _counts_a_list(words, value, answer)
        and not is_hour(value, answer, known)
        and not _is_worked_out(words, value, answer, source)
    )


def said_numbers(text: str, code: str = "") -> frozenset[str]:
    """The values of all numbers of ``text``, in digits and in words."""
    plain = _with_ascii_digits(text)
    digits = (number_forms(match.group()) | _scaled(match, plain) for match in _NUMBER.finditer(plain))
    words = (values for word in _WORD.findall(plain.casefold()) if len(values := numbers_by_word().get(word, ())) == 1)
    return frozenset[str]().union(
        *digits, *words, {claim.value for claim in claimed_numbers(text, code)} if code else ()
    )


def _is_glued(match: re.Match[str]) -> bool:
    """Whether a single digit ends a word and counts nothing: BLAKE3, not v3."""
    return len(match.group()) == 1 and _GLUED.search(match.string, max(0, match.start() - 2), match.start()) is not None


def _is_known(number: str, known: Set[str]) -> bool:
    if number_forms(number) & known:
        return True
    # "in 10 100" may be ten thousand one hundred or two numbers side by side; 12.03.2024 is a date of three
    parts = number.split() if " " in number else _SEPARATOR.split(number)
    is_version = len(parts) > 2 and " " not in number and not _is_date(number, known)
    return (len(parts) > 2 or " " in number) and not is_version and all(number_forms(part) & known for part in parts)


def _is_date(number: str, known: Set[str]) -> bool:
    """Whether three numbers with points are a date; 5.3.11 is none where the source has versions or dates like it."""
    if not _DATE.fullmatch(number):
        return False
    has_year = any(len(part) > 2 for part in number.split("."))
    return has_year or not any(form.count(".") > 1 for form in known)


def _is_worked_out(written: str, value: str, answer: str, source: str) -> bool:
    """Whether the number says what the source says in another unit, in percent, as a century or as years between."""
    if is_century(value, answer, source):
        return True
    known = find_quantities(source) | years_between(source)
    pattern = r"[\s-]+".join(map(re.escape, written.split()))
    places = list(re.finditer(rf"(?<![\d\w]){pattern}(?!\d)", answer, re.IGNORECASE))
    return any(_says(value, answer, place, known) for place in places)


def _says(value: str, answer: str, place: re.Match[str], known: frozenset[Quantity]) -> bool:
    if is_among(read_quantity(value, answer[place.end() : place.end() + _UNIT_CHARS]), known):
        return True
    before, after = answer[max(0, place.start() - _UNIT_CHARS) : place.start()], answer[place.end() :][:_UNIT_CHARS]
    by_number = find_quantities(f"{before}{place.group()}{after}") - find_quantities(f"{before}·{after}")
    return is_among(frozenset(quantity for quantity in by_number if quantity.measures in _BY_WORDS), known)


def _scaled(match: re.Match[str], text: str) -> frozenset[str]:
    """The values of a number with the word of scale that follows it: 1.5 million, 3万."""
    following = _SCALE.match(text, match.end())
    if following is None or following.group(1).casefold() not in scales():
        following = _RANGE_SCALE.match(text, match.end())
    factor = scales().get(following.group(1).casefold()) if following else None
    if factor is None:
        return frozenset()
    values = (Decimal(form) for form in number_forms(match.group()) if form.count(".") <= 1)
    return frozenset(_plain(value * factor) for value in values)


def _counts_a_list(number: str, value: str, answer: str) -> bool:
    """Whether ``number`` says how many things the answer lists: as items, or in a row after the number itself."""
    if not _COUNT.fullmatch(value) or not 1 < int(value) <= _LONGEST_LIST:
        return False
    if len(_ITEM.findall(answer)) == int(value):
        return True
    for sentence in _SENTENCES.split(answer.casefold()):
        before, found, after = sentence.partition(number)
        counted = _COUNTED.match(after) if found else None
        if counted and not unit_of(counted[1]) and _INTRODUCES.match(after):
            return True
        if counted and not unit_of(counted[1]) and int(value) == len(_COMMA.findall(after)) + 1:
            return True
        if found and int(value) == len(_COMMA.findall(before)) + 1:
            return True
    return False


@lru_cache(maxsize=256)
def known_numbers(source: str, code: str = "") -> frozenset[str]:
    """The values of all numbers of ``source``, a text of language ``code``, in digits and in words."""
    known: set[str] = set()
    text = _with_ascii_digits(source)
    for match in _NUMBER.finditer(text):
        number = match.group()
        known |= number_forms(number) | _scaled(match, text)
        parts = _SEPARATOR.split(number)
        if len(parts) > 2 or " " in number:  # a date, a list, a version: its parts are numbers too
            known.update(*(number_forms(part) for part in parts))
    known.update(centuries(text))
    claims = spelled_numbers(source)
    plain = unicodedata.normalize("NFKC", source).casefold()
    for claim in claims:  # the three of three hundred is no number of the source
        if " " in claim.words:
            plain = re.sub(spaced(claim.words), " ", plain)
    words = set(_WORD.findall(plain))
    known.update(*(values_of(word, code) for word in words))
    known.update(claim.value for claim in claims if claim.value in (values_of(claim.words, code) or claim.value))
    known.update(_months(text))
    if _AFTERNOON.search(text):
        known.update(str(int(hour) + 12) for hour in _HOUR.findall(text) if 1 <= int(hour) < _NOON)
    known.update(str(int(hour) + 12) for hour in _EVENING.findall(in_digits(text)) if 1 <= int(hour) < _NOON)
    words_in_a_row = " ".join(_WORD.findall(source.casefold()))
    known.update(value for value, phrases in _phrases().items() if any(phrase in words_in_a_row for phrase in phrases))
    # Ⅳ, ②; Chinese characters are read above, as whole numbers
    signs = {unicodedata.numeric(mark, -1) for mark in set(source) if not mark.isdecimal() and not is_han_digit(mark)}
    return frozenset(known | {str(int(value)) for value in signs if value >= 0 and value == int(value)})


def number_forms(number: str) -> set[str]:
    """The values that a written number may have: ``1.000`` is a thousand or one, ``3,50`` is 3.5, ``1,234.50`` is
    1234.5; a version or a date stays as it is, with points."""
    forms: set[str] = set()
    *parts, last = _SEPARATOR.split(number)
    if _GROUPED.fullmatch(number):
        forms.add(_strip_zeros("".join([*parts, last])))
    grouped = number[: len(number) - len(last) - 1]
    if _GROUPED.fullmatch(grouped) and number[len(grouped)] not in grouped:
        forms.add(_strip_zeros("".join(parts), last))
    elif len(parts) <= 1:
        forms.add(_strip_zeros(parts[0], last) if parts else _strip_zeros(last))
    else:
        forms.add(".".join([*parts, last]))
    return forms


def _strip_zeros(whole: str, decimals: str = "") -> str:
    return f"{whole.lstrip('0') or '0'}.{decimals.rstrip('0')}".rstrip(".")


def _with_ascii_digits(text: str) -> str:
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit.group())), text)


def _without_markers(text: str) -> str:
    markers = [int(number) for number in _INLINE_MARKER.findall(text)]
    if len(markers) > 1 and markers == list(range(1, len(markers) + 1)):
        text = _INLINE_MARKER.sub(" ", text)
    lines = [found["number"] for found in _LINE_MARKER.finditer(text)]
    if len(lines) < _FEWEST_ITEMS and lines != ["1"]:  # "$25: a ticket costs 5" is no list
        return text
    return _LINE_MARKER.sub(lambda found: found.group() if _is_grammar(found["word"]) else " ", text)


def _is_grammar(word: str | None) -> bool:
    """Whether a word before a number makes no heading of it: by 19."""
    return word is not None and is_function_word(word.casefold())


def _months(text: str) -> Iterator[str]:
    """The numbers of the months that ``text`` names beside a number: 3 March, März 2024."""
    named = {word.casefold() for pair in _BESIDE_NUMBER.findall(text) for word in pair if word}
    return (month for month, names in read_word_sets("months.txt").items() if names & named)


@cache
def _phrases() -> Mapping[str, tuple[str, ...]]:
    """Numbers that a phrase stands for: half an hour is 30 minutes."""
    lines = (line.partition(":") for line in read_wordlist("number_phrases.txt"))
    return {value: tuple(phrase.strip() for phrase in phrases.split("|")) for value, _, phrases in lines}


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
