"""Whether a piece of a long text may hold a conversation at all: signs are counted over the piece, no line is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from src.core.types import Section
from src.utils.detection.types import ANSWERERS, ASKERS, Family
from src.utils.detection.words.vocabulary import letter_pairs, read_label, stop_labels, words

_LEAD = r"\n[^\w\n]{0,12}+(?:\d{1,5}[.):]?[^\w\n]{1,4})?"
_WORD = re.compile(
    rf"{_LEAD}(?![^\W_]{{1,14}}+[ ][^\W\d_])([^\W\d_]{{1,14}}+(?:[ ]?[#№]?\d{{1,4}}+)?+)"
    r"(?:[.:：)\]、．）>/*_~`(|·\u3000]|\s\s|[ ][-–—]|[ ]?\n)"
)
"""A line's first word, where something sets it off; what most lines begin with, two words, is refused at once."""
_LOUD = re.compile(
    r"\n[ \t>*_#]{0,12}+([^\W\d_a-z]{2,72}+(?:[ ][^\W\d_a-z]{2,48}+(?:[ ][^\W\d_a-z]{2,24}+)?+)?+[ ]?)[.:,(\n*_\[—–-]"
)
_ENCLOSED = re.compile(r"\n[ \t*_]{0,8}+[<\[【(\\◆◇○●■□▪►▶][ ]?([^\n<>\[\]【】(){}＞]{1,40})[>\]】)}＞{]")
_EMPHASISED = re.compile(r"\n[ \t>#\-•\d.]{0,12}+[*_]{1,3}([^\s*_][^*_\n]{0,46})[*_]")
_BEFORE = re.compile(rf"{_LEAD}([^\W\d_][^\n:：<>{{}}|\"“”=;!?`]{{0,47}}+)")
_BEHIND_NAMES = (":", "：", " - ", " -- ", "—", "–", "―")
_AFTER_DIGIT = (
    r"(?:[:：]\d\d|[hH]\d\d\b|[-/.]\d{1,2}[-/.]\d|[ ]?[时時点點시年月년월]|\.?[ ][^\W\d_]{3,12}\.?,?[ ](?:at[ ])?\d"
    r"|,[ ]\d{4}|[ ]?(?:[^\W\d_]{1,8}[ ])?(?:ago|前|전)\b)"
)
_MOMENT = re.compile(f"0{_AFTER_DIGIT}")
_ANY_MOMENT = re.compile(f"[0-9٠-٩۰-۹०-९０-９]{_AFTER_DIGIT}")
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_OTHER_DIGITS = tuple(zero.encode()[:-1] for zero in "٠۰०０")
_AT_END = re.compile(r".[^\w\n]{0,24}+_{0,4}[^\w\n]{0,4}\n")
_RUN_IN = re.compile(r".(?:\*\*|__)?[ ]")
_ASKING = ("?", "？", "؟", "՞", "か。")
_ITEM = re.compile(
    r"[^\S\n]*+(?:[^\w\s\"“”„«»‘’'「『(¿¡]|\(?\d|[A-Z]{1,2}\d|[A-Z][.)]"
    r"|[^\W\d_]{2,14}(?: \d{1,4})?[.:)]|h[1-6]\.)|[ \t]+\S"
)
_RUN_IN_ITEM = re.compile(r"[^\S\n]*+(?:[-*+•]\s)?(?:\*\*|__|\(?[A-Z]?\d)")
_GREEK = re.compile("[\u0370-\u03ff]")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n(?=[^\S\n]*\S)")
_DASH = re.compile(r"\n[ \t]*(?:[—–―‒]{1,2}|--?|−|>>|＞＞)[ \t\u00a0]*([^\s—–―-][^\n]{0,400})")
_SEPARATED = re.compile(
    r"[ ](?=[_\[]|[^\w\s\"'.!?()\]-])(?<=\S[ ])"
    r"(?:__\w{2,12}__|[^\w\s\"'.!?()\[\]-]{3,9}|[|]{2,3}|<\w{2,8}>|\[SEP\])[ ]"
)
_TABBED = re.compile(r"\t(?<=\S\t)(?=\S)")
_TABLE = re.compile(r"\n[ \t]*(?=[|: -]{0,200}\|)[|:-][|: \t-]*+\n")
_TAGGED = ("<|", "<｜", "[INST]", "<start_of_turn>", "</")
_MIN_NAMED = 5
_TRIED = 20
_MIN_TWICE = 2
_MIN_STAMPED = 4
_MIN_ASKING = 3
_MIN_DASHES = 4
_MIN_MAIL = 3
_NEAR = 64
_ITEM_LINES = 4
_ASKING_SHARE = 0.15
_SAMPLE = 6000
_MAX_LINE = 1000
"""A line that goes on longer before its question is no item."""


def may_hold_conversation(sections: list[Section]) -> bool:
    """Whether any rule of detection may find something in ``sections``; of the pieces that pass many hold nothing."""
    text = "".join(("\n", *(section.text for section in sections)))
    headed = sum("?" in section.text for section in sections if section.kind == "heading")
    return (
        headed >= _MIN_ASKING
        or (("<" in text or "[" in text) and any(mark in text for mark in _TAGGED))
        or _is_stamped(text)
        or _may_name_speakers(text)
        or _may_ask(text)
        or _is_quoted(text)
        or _is_separated(text)
        or ("|" in text and _TABLE.search(text) is not None)
    )


def _is_stamped(text: str) -> bool:
    """Whether times stand near the beginning of lines. The search for one digit leaps: all are made that one, unless
    some may be of another script."""
    data = text.encode()
    if any(lead in data for lead in _OTHER_DIGITS):
        return _count_near(text, _ANY_MOMENT, _MIN_STAMPED)
    return _count_near(data.translate(_ZEROS).decode(), _MOMENT, _MIN_STAMPED)


def _count_near(text: str, sign: re.Pattern[str], least: int) -> bool:
    """Whether ``sign`` stands near the beginning of ``least`` lines."""
    seen = -1
    for found in sign.finditer(text):
        begin = text.rfind("\n", max(0, found.start() - _NEAR), found.start())
        if begin > seen:
            seen, least = begin, least - 1
            if not least:
                return True
    return False


def _may_name_speakers(text: str) -> bool:
    """Whether words of both sides of a conversation begin lines, headers of mails do, or two names that come back."""
    names = Counter(_names(text))
    if _are_both_sides(names + Counter(_plain(_WORD.findall(text)))):
        return True
    if sum(names[header] for header in words("mail_headers") & names.keys()) >= _MIN_MAIL:
        return True
    again = [count for name, count in names.most_common(_TRIED) if count > 1 and name not in stop_labels()][:2]
    return len(again) == 2 and sum(again) >= _MIN_NAMED


def _are_both_sides(labels: Counter[str]) -> bool:
    """Whether an asker's and an answerer's word are among ``labels``, or letters that are partners, twice or more."""
    letters: Counter[str] = Counter()
    sides: Counter[Family | None] = Counter()
    for label, count in labels.items():
        bare = label.rstrip("0123456789 .#")
        if len(bare) == 1:
            letters[bare] += count
        if len(bare) > 1 or bare == "q":
            sides[read_label(label).family] += count
    both = any(sides[family] for family in ASKERS) and any(sides[family] for family in ANSWERERS)
    if both or sides["question"] >= _MIN_ASKING:
        return True
    twice = {letter for letter, count in letters.items() if count >= _MIN_TWICE}
    return len(twice) > 1 and any(twice.issuperset(pair) for pair in letter_pairs())


def _names(text: str) -> Iterator[str]:
    """What stands at the beginning of lines as a name does."""
    for pattern in (_LOUD, _ENCLOSED, _EMPHASISED):
        yield from _plain(pattern.findall(text))
    for place in _places(text, _BEHIND_NAMES):
        begin = text.rfind("\n", max(0, place - _NEAR), place)
        named = _BEFORE.fullmatch(text, begin, place) if begin >= 0 and not text[place + 1].isalnum() else None
        if named:
            yield from _plain([named[1]])


def _places(text: str, marks: Iterable[str]) -> Iterator[int]:
    """Where each of ``marks`` stands, mark by mark: the search for one string leaps."""
    for mark in marks:
        place = text.find(mark)
        while place >= 0:
            yield place
            place = text.find(mark, place + 1)


def _plain(names: list[str]) -> Iterator[str]:
    return (name.casefold().strip(" *_.)]") for name in names)


def _may_ask(text: str) -> bool:
    """Whether marked lines ask, dashes lead questions, or many paragraphs begin or end with one."""
    places = list(_places(text, _ASKING))
    if not text.isascii():
        places += [place for place in _places(text, (";",)) if _GREEK.search(text, place - _NEAR, place)]
    asked = [place for place in places if _AT_END.match(text, place)]
    run_in = [place for place in places if _RUN_IN.match(text, place)]
    beginnings = [list(_lines_up(text, place)) for place in asked]
    if sum(any(_ITEM.match(text, line) for line in lines) for lines in beginnings) >= _MIN_ASKING:
        return True
    items = (_RUN_IN_ITEM.match(text, line) for place in run_in if (line := next(_lines_up(text, place), None)))
    if sum(item is not None for item in items) >= _MIN_ASKING:
        return True
    opening = sum(len(lines) < _ITEM_LINES for lines in beginnings)
    if opening >= _MIN_ASKING and opening >= _ASKING_SHARE * len(_PARAGRAPH.findall(text)):
        return True
    led = _DASH.findall(text)
    return len(led) >= _MIN_DASHES and sum(_asks(line) for line in led) > 1


def _asks(line: str) -> bool:
    return any(mark in line for mark in _ASKING)


def _lines_up(text: str, place: int) -> Iterator[int]:
    """Where the line of ``place`` begins, and those above it in its paragraph: four at most, and no endless one."""
    for _ in range(_ITEM_LINES):
        begin = text.rfind("\n", max(0, place - _MAX_LINE), place)
        if begin < 0 or begin + 1 == place:
            return
        yield begin + 1
        place = begin


def _is_separated(text: str) -> bool:
    sample = text[:_SAMPLE]
    separators = len(_SEPARATED.findall(sample)) + ("\t" in sample and len(_TABBED.findall(sample)))
    return separators * 2 > sample.count("\n")


def _is_quoted(text: str) -> bool:
    return ">" in text and text.count("\n>") + text.count("\n >") >= _MIN_MAIL
