"""Questions for numbers and times: how many, how much, how long, how often, when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.generation.question_parts import AUXILIARY_WORDS, Target, ask_with, first_clause
from src.generation.words import load_rules
from src.utils.wordlists import load_words

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
_NUMBER_WORD = rf"(?:{_TENS})(?:-\w+)?|{_SMALL}|(?:a |one )?hundred|(?:a |one )?thousand"
_NUMBER = re.compile(
    rf"(?P<currency>[€$£])? ?(?P<number>\b\d[\d.,]*\d|\b\d|\b(?:{_NUMBER_WORD})\b)(?![:\w-]|[.,]\d)"
    rf"(?:(?: to | or |–)(?:[\d.,]+\b|{_SMALL}|{_TENS}))?"
    r"(?: ?(?P<unit>%|°[CF]|[^\W\d_][\w-]*)(?: (?:Celsius|Fahrenheit))?)?",
    re.IGNORECASE,
)
_DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_MONTHS = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_CLOCK = r"\d{1,2}[:.]\d\d|\d{1,2} ?(?:[ap]\.?m|o'clock)"
_TIME = re.compile(
    rf"\b(?:(?P<since>since) |(?:in|until|by|before|after|from|on|at|every|each) )(?:the |early |late )?"
    rf"(?:first |second |third |last |end of |beginning of )?"
    rf"(?:{_MONTHS}|spring|summer|autumn|winter|{_DAYS}|midnight|noon|dawn|dusk|sunrise|sunset|(?:1\d|20)\d\d|{_CLOCK})\b[^,;]*"
)
_OFTEN = re.compile(
    rf"\b(?:(?:once|twice|(?:{_SMALL}) times)(?: (?:a|an|each|every|per) \w+)?"
    rf"|every (?:second |other |few |\d+ |(?:{_NUMBER_WORD}) )?(?:minute|hour|day|week|month|year|morning|evening|night)s?"
    r"|daily|weekly|monthly|yearly)\b"
)
_ADJECTIVE = re.compile(r" ?(long|wide|high|deep|tall|thick|away|old|broad)\b")


def ask_frequency(plain: str) -> Iterator[Target]:
    """How often: "every seven days", "twice a year"."""
    match = _OFTEN.search(plain)
    if match and match.start() > 0 and not re.search(r"[,;:]", plain[: match.start()]):
        before = plain[: match.start()]
        yield Target("frequency", ask_with("How often", before), first_clause(before + plain[match.end() :]), match[0])


def ask_time(plain: str) -> Iterator[Target]:
    """When: days, months, seasons, years, clock times."""
    match = _TIME.search(plain)
    if not match or _OFTEN.search(plain):
        return
    before = plain[: match.start()]
    if len(before.split()) < 2 or re.search(r"[,;:]", before):
        return
    openers = ask_with("Since when" if match["since"] else "When", before)
    if re.search(r"\b(?:1\d|20)\d\d\b", match[0]) and len(openers) > 1:
        openers = tuple(opener for opener in openers if " did" in opener)
    yield Target("time", openers, before, match[0])


def ask_quantity(plain: str) -> Iterator[Target]:
    """How many, how much, how long, what temperature: the first number of a sentence that has one or two."""
    numbers = [match for match in _NUMBER.finditer(plain) if not _is_date(match)]
    if not 1 <= len(numbers) <= 2 or _OFTEN.search(plain):
        return
    match = numbers[0]
    before, after = plain[: match.start()], plain[match.end() :]
    question_word = _question_word(match, before, after)
    if not question_word or re.search(r"[,;:]", before):
        return
    if before.strip().casefold() in ("", "about", "at least", "up to", "nearly", "almost", "more than"):
        if question_word.startswith("How many"):
            yield Target("quantity", (f"{question_word} ",), first_clause(f"{match['unit']} {after}"), match[0])
        return
    yield Target("quantity", ask_with(question_word, before), first_clause(f"{before} {after}"), match[0])


def _question_word(match: re.Match[str], before: str, after: str) -> str:
    unit = (match["unit"] or "").casefold()
    if match["currency"]:
        return "How much"
    kind = next((kind for kind, units in load_rules("en_units") if unit in units), "")
    if kind == "what temperature":
        preposition = re.search(r"\b(to|at)\s*(?:about\s*)?$", before)
        return f"{preposition[1].capitalize()} what temperature" if preposition else "What temperature"
    adjective = _ADJECTIVE.match(after)
    if adjective and kind in ("size", "How long"):
        return {"away": "How far away"}.get(adjective[1], f"How {adjective[1]}")
    if kind == "How much":
        return f"How much {_substance(after)}".rstrip()
    if kind == "size":
        return ""
    if kind == "How long" and re.search(r"\bafter (?:about |at least |almost )?$", f"{before} "):
        return "After how long"
    is_countable = unit.endswith("s") and not unit.endswith("ss") and unit not in load_words("en") | AUXILIARY_WORDS
    return kind or (f"How many {unit}" if is_countable else "")


def _substance(after: str) -> str:
    """What is measured, at most two words: "of rye flour with water" gives "rye flour"."""
    match = re.match(r" of ([\w-]+)(?: ([\w-]+))?", after)
    if not match:
        return ""
    return match[1] if not match[2] or match[2] in load_words("en") else f"{match[1]} {match[2]}"


def _is_date(match: re.Match[str]) -> bool:
    return bool(re.fullmatch(r"1[0-9]{3}|20[0-9]{2}", match["number"])) and not match["unit"]
