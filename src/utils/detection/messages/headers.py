"""Lines that head a message with a time and a name: every way to read such a line, by the shape of its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from src.utils.detection.lines.label_patterns import CLOSERS
from src.utils.detection.lines.lines import Line
from src.utils.detection.words.moments import MOMENT_HINT, find_moment, read_moment
from src.utils.detection.words.vocabulary import moment_words, words

WINDOW = 160
_MAX_NAME = 48
_LEAD = re.compile("[\\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff>#*_~`\\[(<{|•▪◦·\\-–—✓✔🕐-🕧📅]*")
_SEPARATED = re.compile(
    r"(?P<open>[\[<({*_@~ ]{0,4})(?P<name>[^\s:：|<>\[\]{}](?:[^:：\t\n|<>\[\]{}│┃»]|(?<=\S)\|(?=\S)){0,47}?)"
    r"(?P<close>[\])>}*_]{0,4})"
    r"(?P<mark>[ ]?[:：](?=[*_]{0,3}(?:\s|$|[^\x00-\x7f]))|\t+"
    r"|[ ]?[│┃»›→⇒][ ]?|[ ]\|[ ]?|\|[ ]|[>\])](?=[ ])|[ ]{2,}|[ ][-–—][ ])"
    r"(?P<after>[*_]{0,3})[ \t]*"
)
_CLOSED_NAME = re.compile(
    r"(?:<[ @+%&~!]?(?P<angle>[^<>\n]{1,48})>|\[(?P<square>[^\[\]\n]{1,48})\])[*_]{0,3}"
    r"(?:[:：]|[ \t]+[:：](?=\s|$))?[ \t]*"
)
_DIRECTED = re.compile(
    r"(?P<name>[^\s:：|<>\[\]{}]{1,24}(?:[ ][^\s:：|<>\[\]{}]{1,24}){0,2})[ ]?(?:[-=]?>|[→⇒»])[ ]?"
    r"[^\s:：|<>\[\]{}]{1,24}(?:[ ][^\s:：|<>\[\]{}]{1,24}){0,2}(?P<mark>\t+|[ ]{2,}|[ ]?[:：](?=\s)|[ ][-–—][ ])[ \t]*"
)
"""Who speaks and to whom: ``TWR>NOR61T  text``, ``Ann -> Ben: text``."""
_PIPED = re.compile(
    r"(?:[^\s|·•]{1,12}(?:[ ][^\s|·•]{1,12}){0,2}[ ]?[|·•][ ]?){0,8}[^\s|·•]{1,12}(?:[ ][^\s|·•]{1,12}){0,2}"
)
"""What a page sets behind the time of a post, between bars: ``parent | next [–]``."""
_ELAPSED = re.compile(r"(?:\d{1,3}[ ]?h[ ])?(?:\d{1,3}[ ]?m(?:in)?[ ])?\d{1,3}[ ]?s(?:ec)?(?=[ ]?[)\]])")
"""How long the talk has lasted, in brackets: ``( 1m 20s )``."""
_ADDRESS = re.compile(r"[ ]?<[^<>\s]{1,60}@[^<>\s]{1,60}>")
_NICK = re.compile(r"[ ][\[(]:[\w.|-]{1,30}[\])]")
"""What a tracker sets behind the name of somebody who is called by it in chats: ``Ann Bell [:annb]``."""
_IN_BRACKETS = re.compile(r"[^\[\](){}<>\n]{0,32}(?:\[[^\[\]\n]{1,32}\])?(?=[\])}>])")
"""What a program adds to a moment in brackets: when it was edited, a zone, the rest of a date."""
_NOTE = re.compile(r"\([^()\n]{12,80}\)")
"""What stands behind a moment that is alone in its line: ``(Read by you after 3 minutes)``."""
_OPENERS = "[({<"
_ASIDE = re.compile(r"[^\s:：<>\[\]{}()][^:：\t\n<>\[\]{}()]{0,40}\([^()\n]{1,40}\)")
_BEHIND_ASIDE = re.compile(
    r"[^:：\t\n<>\[\]{}]{0,32}?(?P<mark>[ ]?[:：](?=[*_]{0,3}(?:\s|$|[^\x00-\x7f]))|\t+|[ ]{2,})[ \t]*"
)
_LATER_COLON = re.compile(r"(?P<name>[^:：\n<>\[\]]{1,96}?)[ ]?[:：](?=\s|$)[ \t]*")
_AFTER_NAMED = re.compile("[ \\t]*[\\])>}*_~`\u200e\u200f]*[ \\t]*(?:[:：|>»-](?=\\s|$))?[*_]*[ \\t]*")
TAILED = "+"
"""The end of the shape of a header with a few words behind its moment."""
_POST_NUMBER = re.compile(r"\d{1,6}[.)]?[ ]+(?=[^\W\d_])")
_DIGIT = re.compile(r"\d")
_SECTION = re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}\.?[ \u00a0]+[^\W\d_]")
"""The number of a section, which is written as some write a date: ``5.2.10. Notes``."""
_SENTENCE = re.compile(r"(?:[!?。！？…]|(?<=\w{5})[.;])(?:\s|$)")
"""The end of a sentence; a full stop behind a short word may end an initial or a title."""
_EDGE = " \t[](){}<>*_~`#|,:：·•-–—\u200e\u200f\u202a\u202c\u2068\u2069\u202f\u00a0✓✔@%"
_NOT_MARKS = re.compile(r"[^\[\](){}<>|,:：·•–—\t-]+")


class Header(NamedTuple):
    """One reading of a line: its shape, the name, where the text begins (at the line's end: below).

    A header of several lines ends with ``line`` and begins ``above`` lines higher.
    """

    line: int
    shape: str
    name: str
    text_start: int
    above: int = 0


class Stamped(NamedTuple):
    """A line that holds a moment where a header has it, with all readings; without any it may stand alone."""

    line: int
    readings: tuple[Header, ...]
    alone: bool
    leads: bool


def stamped_lines(text: str, lines: Sequence[Line]) -> Iterator[Stamped]:
    """Every line whose first characters hold a moment, in order."""
    for index, line in enumerate(lines):
        if line.blank or line.code or line.foreign or line.skip:
            continue
        end = min(line.end, line.first + WINDOW)
        if line.level and _SECTION.match(text, line.first, end):
            continue
        if not _DIGIT.search(text, line.first, end) or not MOMENT_HINT.search(text, line.first, end):
            continue
        found = _read(text, line, index, end)
        if found:
            yield found


def _read(text: str, line: Line, index: int, end: int) -> Stamped | None:
    lead = _LEAD.match(text, line.first, end)
    position = lead.end() if lead else line.first
    stop = _moment_end(text, line, position, end)
    if stop > 0 and text[position].isdigit():
        return _after_moment(text, line, index, position, stop)
    first = _first_figure(text, position, end) if stop > 0 else position
    moment = find_moment(text, first, end, position + _MAX_NAME + 8)
    named = _after_name(text, line, index, position, moment) if moment else None
    if stop < 0:
        return named
    leading = _after_moment(text, line, index, position, stop)  # "May", a day of the week: or somebody's name
    return leading._replace(readings=leading.readings + (named.readings if named else ()))


def _moment_end(text: str, line: Line, position: int, end: int) -> int:
    if position >= end:
        return -1
    stop = read_moment(text, position, end)
    if stop < 0 and text[line.first] in _OPENERS:
        elapsed = _ELAPSED.match(text, position, end)
        return elapsed.end() if elapsed else -1
    return stop


def _first_figure(text: str, position: int, end: int) -> int:
    """Where the first figure behind a word stands: a name may look like the beginning of a moment."""
    found = _DIGIT.search(text, position, end)
    return found.start() if found else end


def _after_moment(text: str, line: Line, index: int, start: int, stop: int) -> Stamped:
    if any(opener in text[line.first : start] for opener in _OPENERS):
        inner = _IN_BRACKETS.match(text, stop, line.end)
        stop = inner.end() if inner else stop
    closers = CLOSERS.match(text, stop, line.end)
    position = closers.end() if closers else stop
    lead = _marks(text[line.first : start]) + "M" + _marks(text[stop:position])
    if position >= line.end:
        return Stamped(index, (), alone=True, leads=True)
    readings = []
    limit = min(line.end, position + WINDOW)
    directed = _DIRECTED.match(text, position, limit)
    if directed:
        shape = f"{lead}N>N{_separator(directed['mark'])}"
        readings.append(Header(index, shape, directed["name"], directed.end()))
    closed = _CLOSED_NAME.match(text, position, limit)
    if closed:
        name = (closed["angle"] or closed["square"]).strip()
        shape = "<N>" if closed["angle"] else "[N]"
        readings.append(Header(index, f"{lead}{shape}", name, closed.end()))
    separated = None if closed else _separated(text, position, limit)
    if separated:
        shape, name, begin, mark = separated
        readings.append(Header(index, f"{lead}{shape}", name, begin))
        if not mark.strip(" "):  # two spaces may also stand inside what is said
            readings.extend(_colon_later(text, index, lead, position, limit))
    noted = _NOTE.fullmatch(text, position, line.end) is not None
    rest = _ADDRESS.sub("", text[position : line.end]).strip(_EDGE)
    rest += ")" if rest.count("(") > rest.count(")") else ""  # the bracket is the name's
    if len(rest) <= _MAX_NAME and rest and not _SENTENCE.search(rest) and "\t" not in rest:
        readings.append(Header(index, f"{lead}N/", rest, line.end))
    return Stamped(index, tuple(readings), alone=noted, leads=True)


def _separated(text: str, position: int, limit: int) -> tuple[str, str, int, str] | None:
    """Shape, name, beginning of the text and separator; a bracket that the name opens is no separator."""
    found = _SEPARATED.match(text, position, limit)
    if not found:
        return None
    aside = _ASIDE.match(text, position, limit)
    if aside and found.end("mark") <= aside.end():
        behind = _BEHIND_ASIDE.match(text, aside.end(), limit)
        if not behind:
            return None
        name = text[position : behind.start("mark")].strip(_EDGE)
        return f"N{_separator(behind['mark'])}", name, behind.end(), behind["mark"]
    name, close = found["name"].strip(_EDGE), found["close"]
    if close.startswith(")") and name.count("(") > name.count(")"):  # the bracket is the name's
        name, close = f"{name})", close[1:]
    shape = f"{_marks(found['open'])}N{_marks(close)}{_separator(found['mark'])}"
    return shape, name, found.end(), found["mark"]


def _colon_later(text: str, index: int, lead: str, position: int, limit: int) -> Iterator[Header]:
    found = _LATER_COLON.match(text, position, limit)
    if found:
        yield Header(index, f"{lead}N:", " ".join(found["name"].split()), found.end())


def _after_name(text: str, line: Line, index: int, start: int, moment: tuple[int, int]) -> Stamped | None:
    before = _NICK.sub("", text[line.first : moment[0]])
    name = _bare_name(_NICK.sub("", _ADDRESS.sub("", text[start : moment[0]])).strip(_EDGE))
    if not name or len(name) > _MAX_NAME or _SENTENCE.search(text, start, moment[0]) or "：" in name or ": " in name:
        return None
    if name[-1] == "." and name[-2:-1].isdigit():
        return None  # the rest of a number is no moment: "Release 2.1.0 (5 May 2004)"
    stop = moment[1]
    if any(opener in before[len(before.rstrip(_EDGE)) :] for opener in _OPENERS):
        inner = _IN_BRACKETS.match(text, stop, line.end)
        stop = inner.end() if inner else stop
    closers = _AFTER_NAMED.match(text, stop, line.end)
    position = closers.end() if closers else stop
    tail = text[position : line.end].strip(_EDGE)
    behind = before[len(before.rstrip(_EDGE)) :]
    if name.count("(") > name.count(")"):  # the bracket is the name's
        name, behind = f"{name})", behind.replace(")", "", 1)
    shape = f"{_marks(before[: len(before) - len(before.lstrip(_EDGE))])}N{_marks(behind)}M"
    if not tail:
        return Stamped(index, (Header(index, f"{shape}/", name, line.end),), alone=False, leads=False)
    marked = _marks(text[stop:position])
    if "|" in text[stop:position] and _PIPED.fullmatch(tail) and not _SENTENCE.search(tail):
        return Stamped(index, (Header(index, f"{shape}/|", name, line.end),), alone=False, leads=False)
    readings = [Header(index, f"{shape}{marked}T", name, position)] if marked else []
    if len(tail) <= 24 and not _SENTENCE.search(tail):  # "(edited)", "APP", a count of replies
        readings.append(Header(index, f"{shape}/{TAILED}", name, line.end))
    return Stamped(index, tuple(readings), alone=False, leads=False) if readings else None


def _bare_name(name: str) -> str:
    """A name without the number of its post before it and "said at" behind it: ``#3 Ann``, ``Ann said at``."""
    numbered = _POST_NUMBER.match(name)
    found = name[numbered.end() if numbered else 0 :].split(" ")
    while len(found) > 1 and found[-1].casefold() in words("speech_verbs") | moment_words("joiners"):
        found.pop()
    return " ".join(found)


@lru_cache(maxsize=1024)
def _marks(between: str) -> str:
    return _NOT_MARKS.sub("", between)


def _separator(mark: str) -> str:
    return "  " if not mark.strip(" ") else mark.strip(" ")[:1]
