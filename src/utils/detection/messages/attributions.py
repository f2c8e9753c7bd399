"""The line above quoted mail that tells who wrote it: ``On Monday Ann wrote:``, ``-----Original Message-----``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from operator import attrgetter

from src.utils.detection.lines.lines import Line, next_filled
from src.utils.detection.messages.copied_headers import headers_below
from src.utils.detection.words.moments import find_moment, names_day
from src.utils.detection.words.vocabulary import words

ORIGINAL_WRITER = "original"
"""Stands for the writer of an original message, whom only the headers below such a line name."""
_UNNAMED = "writer"
_MAX_LINE = 300
_OPENING = re.compile(r"[>\s]*(?:On|Am|Le|El|Il|Em|Den|Op|W dniu|Dne|Em|Pe|В|On)\b.{0,200}$", re.IGNORECASE)
_NAME = re.compile(r"[,;]?\s*(?P<name>[^,;<>\"]{2,60}?)\s*(?:<[^<>]*>|\[[^\]]*\]|\([^()]*\))?\s*$")
_ADDRESS = re.compile(r"[<(\[][^<>()\[\]]{0,200}[>)\]]")
_ADDRESSED = re.compile(
    r"[<(\[]{1,2}[\u202a-\u202e\u2066-\u2069]?(?:mailto:)?[^<>()\[\]\s@]{1,100}@[^<>()\[\]\s]{1,100}[>)\]]"
)
_MARKS = re.compile(r"[> \t]*")
_INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_HINT = re.compile(rf"[:：][{_INVISIBLE}]{{0,8}}[ \t\r]*$|^[ \t]*(?:\d{{1,5}}[ \t.:|]{{1,8}})?[-_>]", re.MULTILINE)
"""What every attribution has: a colon at its end, drawn dashes, or quoted text below."""
_EDGE = f"{_INVISIBLE} ,;:-–—"
_FIRST_WORDS = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w.'’-]{0,30}(?:[ ][^\W\d_a-zß-öø-ÿ][\w.'’-]{0,30}){1,3}(?=[ ,]{1,2}\w)")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Letters of scripts in which a verb stands right behind a name, without a space."""
_DRAWN = "-_> \t\r"
_FIGURES = re.compile(r"\d[\d:.]{0,12}[ ](?=[^\W\d_]{2})")
"""The figures of a date or time right before a word."""


def find_attributions(
    text: str, lines: Sequence[Line], indexes: Sequence[int], *, mailed: bool = False
) -> dict[int, str]:
    """Line -> writer; "" for the first half of an attribution that is broken over two lines.

    Without a verb, an address and a date above what is quoted suffice in a text that was ``mailed``, elsewhere where
    such lines stand at several depths: others quote, too.
    """
    found: dict[int, str] = {}
    verbless: dict[int, int] = {}
    hinted = _hinted(text, lines)
    for index in filter(hinted.__contains__, indexes):
        line = lines[index]
        if line.blank or line.end - line.first > _MAX_LINE or not _may_attribute(text, lines, index):
            continue
        content = text[line.first : line.end]
        if _original().fullmatch(content) and any(letter.isalpha() for letter in content):
            sure = content.strip(_DRAWN).casefold() in words("original_message")
            if sure or headers_below(text, lines, index) or _is_quoted_below(text, lines, index):
                found[index] = ORIGINAL_WRITER
            continue
        above = _above(text, lines, index)
        broken = not _OPENING.match(content) and _OPENING.match(above) is not None
        attribution = f"{above} {content.strip('> ')}" if broken else content
        wrote = _wrote().search(attribution)
        if not any(map(str.isdigit, content + above)):
            continue
        if not wrote:
            if not _ADDRESSED.search(content) or not _is_quoted_below(text, lines, index):
                continue
            verbless[index] = _depth(text, line)
        elif broken:
            found[index - 1] = ""
        found[index] = _writer(attribution if wrote else content, wrote)
    if mailed or len(set(verbless.values())) > 1:
        return found
    return {index: writer for index, writer in found.items() if index not in verbless}


def _hinted(text: str, lines: Sequence[Line]) -> set[int]:
    """The lines with a hint, and those above them: one search of the text is cheaper than a look at each line."""
    found: set[int] = set()
    for hint in _HINT.finditer(text):
        index = bisect_right(lines, hint.end() - 1, key=attrgetter("start")) - 1
        found |= {index - 1, index}
    return found


@cache
def _wrote() -> re.Pattern[str]:
    """The end of the line above quoted text: a verb, perhaps a few more words (or many with an address or a moment), a
    colon."""
    verbs = "|".join(
        verb if _UNSPACED.search(verb) else rf"(?<![\w-]){verb}(?![\w-])" for verb in sorted(words("wrote"))
    )
    moment = r"(?:(?:19|20)\d\d|\d\d?[./-]\d\d?)[^\n:]{0,20}\d:\d\d"
    behind = rf"[^:：\n]{{0,60}}|(?=[^\n]{{0,120}}?(?:@|{moment}))(?:[^:：\n]|(?<=\d):(?=\d)){{0,120}}"
    return re.compile(rf"(?P<verb>{verbs})(?P<behind>{behind})[:：]?\s*$", re.IGNORECASE)


@cache
def _original() -> re.Pattern[str]:
    """A line such as ``-----Original Message-----``."""
    nouns = "|".join(sorted(words("message")))
    return re.compile(rf"[-_]{{2,}}\s*(?=[^-_\n]{{0,60}}(?:{nouns}))[^-_\n]{{4,60}}\s*[-_]{{2,}}", re.IGNORECASE)


def _may_attribute(text: str, lines: Sequence[Line], index: int) -> bool:
    """A cheap look: the line ends with a colon, is drawn with dashes, or stands above quoted text."""
    line = lines[index]
    if text[line.first] in "-_" or text[max(line.first, line.end - 8) : line.end].rstrip(_INVISIBLE)[-1:] in (
        ":",
        "：",
    ):
        return True
    return index + 1 < len(lines) and text.startswith(">", lines[index + 1].first)


def _is_quoted_below(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether the next line that says something is quoted deeper than line ``index``."""
    below = next_filled(lines, index + 1)
    while below < len(lines) and not text[lines[below].first : lines[below].end].strip("> \t"):
        below = next_filled(lines, below + 1)
    return below < len(lines) and _depth(text, lines[below]) > _depth(text, lines[index])


def _depth(text: str, line: Line) -> int:
    marks = _MARKS.match(text, line.start, line.end)
    return marks[0].count(">") if marks else 0


def _above(text: str, lines: Sequence[Line], index: int) -> str:
    return text[lines[index - 1].first : lines[index - 1].end] if index else ""


def _writer(content: str, wrote: re.Match[str] | None) -> str:
    """The name before an address; else the one behind the verb, or before it: where a whole name stands before, what
    follows is something else."""
    address = _ADDRESSED.search(content)
    if address:
        begin = wrote.end("verb") if wrote and wrote.end("verb") <= address.start() else 0
        return _capitalised(_named_before(content[begin : address.start()])) or address[0].strip("<>()[]")
    if not wrote:
        return _UNNAMED
    before = content[: wrote.start()]
    named = sum(word[:1].isupper() for word in _behind_figures(before).split()) > 1
    return ("" if named else _named_behind(wrote["behind"])) or _named_first(before) or _named_before(before)


def _capitalised(name: str) -> str:
    """``name`` from its first word that does not begin small: ``je oseba Ida Brand``; "" where it is no name."""
    parts = name.strip(_EDGE).split()
    while parts and (parts[0][0].islower() or not parts[0][0].isalpha()):
        del parts[0]
    return " ".join(parts)


def _named_first(content: str) -> str:
    """The name of two words or more that opens a line, before its date: ``Ida Brand on Mon, 1 Apr 2024``."""
    begun = _FIRST_WORDS.match(content.lstrip("> "))
    if not begun or _OPENING.match(content) or find_moment(begun[0], 0, len(begun[0]), len(begun[0])):
        return ""
    return "" if any(names_day(word) for word in begun[0].split()) else begun[0].strip()


def _named_behind(content: str) -> str:
    """The name behind the verb, where languages put it there: ``um 8:10 Uhr schrieb Anna <a@x.org>:``; "" for the date
    that others put there."""
    name = _ADDRESS.sub("", content).strip(" :：*_")
    is_name = sum(map(str.isalpha, name)) > 1 and not name[:1].islower() and not any(map(str.isdigit, name))
    return _without_following(content.strip(" :：*_")) if is_name and name[:1].isalpha() else ""


def _without_following(name: str) -> str:
    """``name`` without a word for "the following" behind it."""
    folded = name.casefold()
    ends = (len(phrase) for phrase in words("the_following") if folded.endswith(f" {phrase}"))
    return name[: len(name) - max(ends, default=0)].rstrip()


def _named_before(content: str) -> str:
    name = _NAME.search(content.lstrip("> ").rstrip())
    return _behind_figures(name["name"]) if name else _UNNAMED


def _behind_figures(content: str) -> str:
    """A name without the date and time before it."""
    ends = [figures.end() for figures in _FIGURES.finditer(content)]
    return content[ends[-1] if ends else 0 :].strip()
