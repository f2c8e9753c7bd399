"""Numbers that lead to a person: of phones, cards, accounts, and those that states give their citizens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from src.utils.privacy import check_digits as check
from src.utils.privacy.rule import places
from src.utils.privacy.spans import PrivateSpan
from src.utils.privacy.words import words

_RUN = re.compile(r"\d[\d \xa0\u202f()./+-]{4,40}\d")
"""Digits with what stands between the groups of a number: cards, phones and the like are looked for in these only."""
_CARD = re.compile(r"(?<![\w.-])\d(?:[ \xa0\u202f-]?\d){12,18}(?![\w-]|\.\d)")
_GIVEN_CARD = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|35\d{14,17}"
    r"|3(?:0[0-5]|[689]\d)\d{11,16}"
)
"""How numbers of cards begin, and how long they are then."""
_TEST_CARDS = frozenset({"4111111111111111", "4242424242424242", "5555555555554444", "378282246310005"})
_PHONE = re.compile(
    r"(?<![0-9A-Za-z_.+/-])(?:\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ ./-]?\d{2,8}){1,5}"
    r"|00\d{2}[ .-]\d{1,4}(?:[ .-]?\d{2,8}){1,4}"
    r"|(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]\d{4}|(?:1-)?\d{3}-\d{3}-\d{4}|\d{3}\.\d{3}\.\d{4}"  # North America
    r"|07\d{3} \d{3} ?\d{3}|(?<![0-9a-f] )0[1-9](?: \d{2}){4}(?! [0-9a-f]{2}\b)"  # Britain, France
    r"|0[1-9](?:\.\d{2}){4}|\(0\d\) \d{4} \d{4}"  # France, Australia
    r"|\(\d{2}\) ?9?\d{4}-\d{4}|0\d{1,3}-\d{2,4}-\d{4}|0\d{2,4} ?/ ?\d{5,9}"  # Brazil, Japan, Germany
    r"|01[567]\d[ -]?\d{7,8}|8 ?\(\d{3}\) ?\d{3}-\d{2}-\d{2}"  # Germany, Russia
    r")(?![0-9A-Za-z_-]|\.\d)"
)
_PHONE_OF_COUNTRY = re.compile(
    r"(?<![0-9A-Za-z_.+/-])(?:0[1-9]\d-\d{3} \d{2} \d{2}|06[ -]\d{8}"  # Sweden, Netherlands
    r"|(?<![0-9a-f] )(?:0[1-9]\d{1,2} \d{3} \d{2} \d{2}|0[4-9]\d{2} \d{3} \d{3,4}|0[1-9]\d \d{3} \d{4}"
    r"|04\d\d \d{2} \d{2} \d{2}|01[567]\d[ /-]\d{3,4} \d{4}"
    r"|\(?0[12]\d\)? \d{4} \d{4}|[1-9]\d 9\d{4}-\d{4})(?! [0-9a-f]{2})"
    r")(?![0-9A-Za-z_-]|\.\d)"
)
"""Groups of digits that articles, orders and versions have too: a word or the country must say what they are."""
_COUNTRY_BEFORE = re.compile(r"(?<![\w-])(?:AU|BR|CH|NG|NL|NZ|SE|TR|UK|GB|ZA)[ :]{1,2}\Z")
_ADDRESS_BEFORE = re.compile(r"@(?:[A-Za-z0-9-]{1,30}\.){1,4}[A-Za-z]{2,12}>?[ \t]{0,4}[/|–—-][ \t]{0,4}\Z")
_LINE_END = re.compile(r"[ \t]*(?:[\r\n]|\Z)")
"""A number that stands beside an address of e-mail and ends the line, as below a letter: logs and tables go on."""
_NO_PHONE = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b|^\+\d{1,8}$|^\+\d{1,3}[ .]?000[ .]?000$")
"""A date behind a sign, an amount."""
_DATE = re.compile(r"(?:19|20)\d\d([-./])(?:0[1-9]|1[0-2])\1[0-3]\d(?!\d)|[0-3]?\d([-./])[01]?\d\2(?:19|20)\d\d(?!\d)")
_FICTITIOUS = re.compile(r"555[ .-]?01\d\d\Z")
_LATIN = re.compile(r"[0-9A-Za-z]")
_WORDS = re.compile(r"[^\W\d_]+")
_PASSPORTS = ("passport", "reisepass", "passeport", "pasaporte", "passaporto", "licence", "license")
_PASSPORT = re.compile(
    r"[a-z]{7,10}(?:nummer)?(?: (?:no\.?|nr\.?|number|id))?[^\w\n]{1,4}(?:is )?"
    r"(?P<number>(?=(?:[A-Za-z]*\d){5})[A-Z0-9]{7,12})(?!\w)",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<![\w.:-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_IBAN_BEFORE, _IBAN_LENGTH = 16, 42
_ITALIAN_SAID = ("fiscale", "c.f.", "cf:", "cf ")
_ITALIAN = re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)")
_SEPARATORS = re.compile(r"[^0-9A-Za-z]")
_MAX_SAID, _WORDS_SAID, _SAME_LINE = 45, 3, 3
_MIN_DIGITS = 6
_MIN_CARD_DIGITS = 3
_MIN_PHONE_DIGITS, _MAX_PHONE_DIGITS = 7, 15


class _NationalId(NamedTuple):
    """The words one of which stands before it, how it is written, and what its check digit must be."""

    said: frozenset[str]
    pattern: re.Pattern[str]
    is_right: Callable[[str], bool]


def _national(said: str, pattern: str, is_right: Callable[[str], bool]) -> _NationalId:
    return _NationalId(frozenset(said.split()), re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), is_right)


_NATIONAL = (
    _national("ssn security tax taxid itin", r"\d{3}[- ]\d{2}[- ]\d{4}|\d{9}", check.american),
    _national("dni nif nie", r"(?:\d{8}|[XYZ]-?\d{7})-?[A-Z]", check.spanish),
    _national("cpf", r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}", check.brazilian),
    _national("sécu sécurité insee nir sociale", r"[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}", check.french),
    _national("steuer steuerid idnr steueridentifikationsnummer tin id", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", check.german),
    _national("pesel", r"\d{11}", check.polish),
    _national("bsn burgerservicenummer sofinummer", r"\d{4}\.?\d{2}\.?\d{3}", check.dutch),
    _national("aadhaar aadhar uidai", r"\d{4}[ -]?\d{4}[ -]?\d{4}", check.indian),
    _national("nino insurance ni", r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", bool),
    _national("personnummer personal", r"(?:\d{2})?(?P<number>\d{6}[-+]?\d{4})", check.luhn),
    _national("sin insurance", r"\d{3}[ -]?\d{3}[ -]?\d{3}", check.luhn),
    _national("nhs", r"\d{3}[ -]?\d{3}[ -]?\d{4}", check.british_health),
    _national("ahv avs", r"756\.?\d{4}\.?\d{4}\.?\d{2}", check.swiss),
)
_WITHOUT_WORDS = re.compile(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)")
"""The Brazilian number with its signs."""


def find_numbers(text: str) -> Iterator[PrivateSpan]:
    """Every number in ``text`` that leads to a person; findings may overlap."""
    for run in _RUN.finditer(text):
        begin, end = run.span()
        digits = len(_SEPARATORS.sub("", run[0]))
        if digits < _MIN_DIGITS:
            continue
        if begin and text[begin - 1] == "(":
            begin -= 1
        if begin and text[begin - 1] == "+":
            begin -= 1
        said = _said(text[max(0, begin - _MAX_SAID) : begin])
        yield from _cards(text, begin, end, digits)
        yield from _phones(text, begin, end, digits, said)
        yield from _nationals(text, begin, end, said)
        if any(char.isupper() for char in text[max(0, begin - 7) : begin]):
            for match in _IBAN.finditer(text, max(0, begin - _IBAN_BEFORE), end + _IBAN_LENGTH):
                if check.iban(match[0].replace(" ", "")):
                    yield PrivateSpan(*match.span(), "IBAN")
    yield from _documents(text)


def _said(before: str) -> list[str]:
    """The last words before a number in small letters, the nearest first, without "no.", "is" and the like."""
    found = _WORDS.findall(before.casefold())[::-1]
    return [word for word in found if word not in words("number_fillers")][:_WORDS_SAID]


def _documents(text: str) -> Iterator[PrivateSpan]:
    """Numbers with many letters, where a word says what they are: of passports, and the Italian code."""
    lower = text.lower()
    if len(lower) != len(text):
        return
    for place in places(lower, _PASSPORTS):
        if match := _PASSPORT.match(text, place):
            yield PrivateSpan(*match.span("number"), "NATIONAL_ID")
    for place in places(lower, _ITALIAN_SAID):
        match = _ITALIAN.search(text, place, place + 40)
        if match and check.italian(match[0]):
            yield PrivateSpan(*match.span(), "NATIONAL_ID")


def _cards(text: str, begin: int, end: int, digits: int) -> Iterator[PrivateSpan]:
    if digits > 12:
        for match in _CARD.finditer(text, begin, end):
            number = _SEPARATORS.sub("", match[0])
            if _is_card(number):
                yield PrivateSpan(*match.span(), "CARD")


def _is_card(number: str) -> bool:
    """Whether a card may have the number; those that payment services publish for tests are none."""
    if number in _TEST_CARDS or len(set(number)) <= _MIN_CARD_DIGITS:
        return False
    return bool(_GIVEN_CARD.fullmatch(number)) and check.luhn(number)


def _phones(text: str, begin: int, end: int, digits: int, said: list[str]) -> Iterator[PrivateSpan]:
    if digits > _MIN_PHONE_DIGITS:
        is_said = not words("phone_words").isdisjoint(said) or _is_below_letter(text, begin, end)
        is_said = is_said or bool(_COUNTRY_BEFORE.search(text, max(0, begin - 5), begin))
        for pattern in (_PHONE, _PHONE_OF_COUNTRY) if is_said else (_PHONE,):
            for match in pattern.finditer(text, begin, end):
                size = len(_SEPARATORS.sub("", match[0]))
                if not _MIN_PHONE_DIGITS < size <= _MAX_PHONE_DIGITS or _NO_PHONE.search(match[0]):
                    continue
                if not _FICTITIOUS.search(match[0]):
                    yield PrivateSpan(*match.span(), "PHONE")
    if digits > _MAX_PHONE_DIGITS or digits < _MIN_PHONE_DIGITS or _LATIN.match(text, end):
        return
    in_line = "\n" not in text[max(0, begin - _SAME_LINE) : begin]
    if in_line and said and said[0] in words("phone_words") and not _DATE.match(text, begin):
        yield PrivateSpan(begin, end, "PHONE")


def _is_below_letter(text: str, begin: int, end: int) -> bool:
    return bool(_LINE_END.match(text, end) and _ADDRESS_BEFORE.search(text, max(0, begin - 60), begin))


def _nationals(text: str, begin: int, end: int, said: list[str]) -> Iterator[PrivateSpan]:
    for match in _WITHOUT_WORDS.finditer(text, begin, end):
        if check.brazilian(_SEPARATORS.sub("", match[0])):
            yield PrivateSpan(*match.span(), "NATIONAL_ID")
    for national in _NATIONAL if said else ():
        if not national.said.isdisjoint(said):
            for match in national.pattern.finditer(text, max(0, begin - 3), min(len(text), end + 3)):
                number = match["number"] if "number" in national.pattern.groupindex else match[0]
                if national.is_right(_SEPARATORS.sub("", number)):
                    yield PrivateSpan(*match.span(), "NATIONAL_ID")
