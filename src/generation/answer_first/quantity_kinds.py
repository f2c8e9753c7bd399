"""Questions for numbers and times: how many, how much, how long, how often, when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.generation.answer_first.question_parts import AUXILIARY_WORDS, Target, ask_plain, ask_with, first_clause
from src.generation.answer_first.words import load_rules
from src.utils.wordlists import load_words

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
_NUMBER_WORD = rf"(?:{_TENS})(?:-\w+)?|{_SMALL}|(?:a |one )?hundred|(?:a |one )?thousand"
_NUMBER = re.compile(
    rf"(?<![\w.-])(?P<currency>[€$£])? ?(?P<number>\b\d[\d.,]*\d|\b\d|\b(?:{_NUMBER_WORD})\b)(?![:\w-]|[.,]\d)"
    rf"(?:(?: to | or |–)(?:[\d.,]+\b|{_SMALL}|{_TENS}))?"
    r"(?: ?(?P<unit>%|°[CF]|[^\W\d_][\w-]*)(?: (?:Celsius|Fahrenheit))?)?",
    re.IGNORECASE,
)
_DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_MONTHS = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_CLOCK = r"\d{1,2}[:.]\d\d|\d{1,2} ?(?:[ap]\.?m|o'clock)"
_TIME = re.compile(
    rf"\b(?:(?P<limit>since|until) |(?:in|by|before|after|from|on|at|every|each) )(?:the |early |late )?"
    rf"(?:first |second |third |last |end of |beginning of )?"
    rf"(?:{_MONTHS}|spring|summer|autumn|winter|{_DAYS}|midnight|noon|dawn|dusk|sunrise|sunset|(?:1\d|20)\d\d|{_CLOCK})\b[^,;]*"
)
_OFTEN = re.compile(
    rf"\b(?<!at )(?:(?:once|twice|(?:{_SMALL}) times)(?: (?:a|an|each|every|per) \w+|(?=,|$| consecutively))"
    rf"|every (?:second |other |few |\d+ |(?:{_NUMBER_WORD}) )?"
    r"(?:minute|hour|day|week|month|year|morning|evening|night)s?"
    r"|daily|weekly|monthly|yearly)\b"
)
_LEAD = re.compile(
    r"(?:\b(?:for|about|another|only|up to|at least|at|to|within|in|after|almost|nearly|over|around|roughly|exactly"
    r"|approximately|some|even|also|the (?:first|next|last|past)|just|more than|less than|by|between|from)\s+)+$"
)
"""What stands before a number and means nothing without it."""

_NESTED = re.compile(
    r"[,;:]|\b(?:when|if|that|which|who|where|because|while|as|than)\b|\b(?:is|are|was|were) (?:an?|the)\b.*\bto [a-z]"
)
"""A number behind one of these belongs to a clause of its own."""
_DENIED = re.compile(r"\b(?:not|never|no|none|cannot)\b|n't\b")
"""Nobody asks how many things do not happen."""
_PICKED = re.compile(r"\bthe (?:first|next|last|other|same)$", re.IGNORECASE)
_AFTER = re.compile(r",? (?:and|or|but|that|which|who|where|when|if|so)\b|[,;:(—]")
_ADJECTIVE = re.compile(r" ?(long|wide|high|deep|tall|thick|away|old|broad)\b")


def ask_frequency(plain: str) -> Iterator[Target]:
    """How often: "every seven days", "twice a year"."""
    match = _OFTEN.search(plain)
    if match and match.start() > 0 and not _DENIED.search(plain) and not _NESTED.search(plain[: match.start()]):
        before = _LEAD.sub("", plain[: match.start()])
        asked = first_clause(before + _AFTER.split(plain[match.end() :])[0])
        yield Target("frequency", ask_with("How often", asked), asked, match[0])


def ask_time(plain: str) -> Iterator[Target]:
    """When: days, months, seasons, years, clock times."""
    match = _TIME.search(plain)
    if not match or _OFTEN.search(plain) or _DENIED.search(plain):
        return
    before = _LEAD.sub("", plain[: match.start()])
    if len(before.split()) < 2 or _NESTED.search(before) or _NUMBER.search(before):
        return
    yield Target(
        "time", ask_with(f"{match['limit'].capitalize()} when" if match["limit"] else "When", before), before, match[0]
    )


def ask_quantity(plain: str) -> Iterator[Target]:
    """How many, how much, how long, what temperature: the first number of a sentence that has one or two."""
    numbers = [match for match in _NUMBER.finditer(plain) if not _is_date(match)]
    if not 1 <= len(numbers) <= 2 or _OFTEN.search(plain) or _DENIED.search(plain):
        return
    match = numbers[0]
    is_unit = bool(match["unit"]) and match["unit"].casefold() not in load_words("en")
    before, after = f"{plain[: match.start()].rstrip()} ", plain[match.end() if is_unit else match.end("number") :]
    question_word = _question_word(match, before, after)
    if _PICKED.search(before.strip()) or re.match(r"\W*(?:\w+ )?(?:that|which|who)\b", after):
        return
    if not question_word or _NESTED.search(before) or after.startswith(("'", "’")):
        return
    if before.endswith(" of "):  # the number belongs to what stands before it: a fee of 80 crowns
        return
    if before.strip().casefold() in ("", "about", "at least", "up to", "nearly", "almost", "more than"):
        if question_word.startswith("How many"):
            yield Target("quantity", ask_plain(question_word, after), first_clause(after), match["number"])
        return
    if question_word.endswith(_substance(after)) and _substance(after):
        after = after.removeprefix(f" of {_substance(after)}")
    after = _ADJECTIVE.sub("", after, count=1) if _ADJECTIVE.match(after) else after
    asked = first_clause(f"{_LEAD.sub('', before)} {_AFTER.split(after)[0]}")
    yield Target("quantity", ask_with(question_word, asked), asked, match["number"])


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
        substance = _substance(after)
        is_several = unit.endswith("s") and substance.endswith("s") and not substance.endswith("ss")
        return f"How many {unit} of {substance}" if is_several else f"How much {substance}".rstrip()
    if kind == "size":
        return ""
    timing = re.search(r"\b(after|within|in)(?: about| at least| almost)?\s*$", before)
    if kind == "How long" and timing:
        return f"{timing[1].capitalize()} how many {unit}"
    is_countable = unit.endswith("s") and not unit.endswith("ss") and unit not in load_words("en") | AUXILIARY_WORDS
    return kind or (f"How many {unit}" if is_countable else "")


def _substance(after: str) -> str:
    """What is measured, at most two words: "of rye flour with water" gives "rye flour"."""
    match = re.match(r" of ([\w-]+)(?: ([\w-]+))?", after)
    if not match:
        return ""
    return match[1] if not match[2] or match[2] in load_words("en") else f"{match[1]} {match[2]}"


def _is_date(match: re.Match[str]) -> bool:
    """A year, or the number of a name: "Windows 95", "Hall 3"."""
    is_year = re.fullmatch(r"1[0-9]{3}|20[0-9]{2}", match["number"]) and not match["unit"]
    return bool(is_year or re.search(r"[a-z] [A-Z]\w*\s*$", match.string[: match.start()]))
