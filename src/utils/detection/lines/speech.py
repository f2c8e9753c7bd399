"""Whether labelled text says something, or is a form or the log of a program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from src.utils.detection.lines.lines import Line
from src.utils.detection.types import Draft
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import words, words_of

_MAX_LOG_SHARE = 0.2
_MAX_LINES = 4000
_MAX_CODE_SHARE = 0.5
_MIN_CODE_LINES = 8
_STATEMENT = re.compile(
    r"(?:(?:def|class|import|from|return|elif|else|try|except|func|fn|function|const|let|var|public|private|static"
    r"|void|int|package|using|namespace|module|end|raise|throw|assert)\b[^.?!\n]{0,160}[\w:;{})\]\"',]\Z"
    r"|[\w.\[\]'\"$@*]{1,60}[ \t]*(?:[-+*/|&:]?=)[ \t]*\S|[\w.:>-]{1,60}\([^\n]{0,160}\)[;:{ ]{0,3}\Z|[{}\])]+[;,]?\Z"
    r"|(?:if|for|while|with|switch|match)\b[^?\n]{0,160}[:{]\Z|#include\b|#!|//|/\*|\*/|#[ ]|[^\n]{0,160};\Z)"
)
_BLANK = re.compile(r"[☐☑☒□▢◻❏❑○◯][ \t]*\w|_{3,}|\.{8,}|…{3,}|\|_{1,2}\||\[[ _]{1,4}\]")
"""What a form leaves to be filled in: boxes to tick, lines to write on."""
_WIDE = re.compile("[\u2e81-\U0010ffff]")
_UNSPACED = re.compile("[\u0e01-\u0ed9\u1000-\u109f\u1780-\u17d3]+")
_SIGNS_OF_A_WORD = 4
"""Letters and vowel signs of a word, on average, in scripts of South-East Asia, which set no spaces between words."""
_FIRST_WORDS = 6
_LEVELS_OF_SERVERS = (["info"], ["warn"], ["error"])
_BEHIND_TIME = re.compile(r":\d\d(?:[.,]\d{1,9})?(?:Z|[ ]?[AP]M)?\]?[ \t|]{1,4}\[?(?P<level>[A-Z]{3})(?=[\] \t|])")
_SPACED = str.maketrans("[]:|/", "     ")
_PERSONAL_SHARE = 0.4
_MIN_MEDIAN_WORDS = 4
_FEW_TURNS = 6


def looks_like_log(text: str, lines: Sequence[Line]) -> bool:
    """Whether many lines carry a log level among their first words."""
    head_text = text[: lines[min(len(lines), _MAX_LINES) - 1].end].casefold() if lines else ""
    filled = sum(map(bool, map(str.strip, head_text.split("\n"))))
    known = (*words("log_levels"), *words("short_log_levels"))
    if 2 * sum(map(head_text.count, known)) < _MAX_LOG_SHARE * filled:
        return False
    seen = levels = 0
    for line in lines[:_MAX_LINES]:
        if line.blank:
            continue
        seen += 1
        head = text[line.first : min(line.end, line.first + 80)]
        levels += _names_level(head) and any(map(str.isdigit, head[:24]))
    return seen >= 5 and levels / seen >= _MAX_LOG_SHARE


def _names_level(head: str) -> bool:
    """Whether a log level stands among the first words of a line, or ends one of its first brackets; one of three
    letters right behind a time: ``[10:03:22 INF] ready``."""
    sign = _BEHIND_TIME.search(head)
    if sign and sign["level"].casefold() in words("short_log_levels"):
        return True
    head = head.casefold()
    if not words("log_levels").isdisjoint(head.translate(_SPACED).split()[:_FIRST_WORDS]):
        return True
    return any(part.translate(_SPACED).split()[-1:] in _LEVELS_OF_SERVERS for part in head.split("]")[:2])


def looks_like_code(text: str, lines: Sequence[Line]) -> bool:
    """Whether most lines outside fences are statements of a programming language."""
    filled = [line for line in lines[:_MAX_LINES] if not (line.blank or line.code or line.foreign)]
    statements = sum(_STATEMENT.match(text[line.first : line.end]) is not None for line in filled)
    return len(filled) >= _MIN_CODE_LINES and statements > _MAX_CODE_SHARE * len(filled)


def leaves_blanks(content: str) -> bool:
    """Whether ``content`` has boxes to tick or lines to write on."""
    return _BLANK.search(content) is not None


def is_spoken(text: str, drafts: Sequence[Draft]) -> bool:
    """Whether the turns say something: sentences or questions, not the values of a form."""
    turns = [turn for draft in drafts for turn in draft.utterances]
    contents = ["".join(text[piece.start : piece.end] for piece in turn.pieces[:3])[:400] for turn in turns]
    if any(map(asks, contents)):
        return True
    lengths = sorted(count_words(content) for content in contents)
    if not lengths or lengths[len(lengths) // 2] < _MIN_MEDIAN_WORDS:
        return False
    sentences = sum(content.rstrip()[-1:] in '.!。！…"”»)' for content in contents)
    return len(contents) > _FEW_TURNS or sentences * 2 >= len(contents)


def is_personal(contents: Sequence[str], share: float = _PERSONAL_SHARE) -> bool:
    """Whether a ``share`` of those who speak greet, ask, answer as one answers somebody, or say "I" and "you"."""
    return sum(map(_addresses, contents)) >= share * len(contents)


def _addresses(content: str) -> bool:
    """Whether ``content`` is said to somebody."""
    said = words_of(content.casefold())
    if any(word in words("first_person") or word in words("second_person") for word in said):
        return True
    if said and (said[0] in words("replies") or said[0] in words("greetings")):
        return True
    wide = not content.isascii() and any(part in content for part in _wide_parts())
    return wide or asks(content)


@cache
def _wide_parts() -> tuple[str, ...]:
    return (*words("first_person_wide"), *words("first_plural_wide"), *words("second_person_wide"))


def count_words(content: str) -> int:
    """Words, where a script without spaces counts two characters as one, or four where its letters spell sounds."""
    if content.isascii():
        return len(content.split())
    spelt = sum(max(0, len(run) // _SIGNS_OF_A_WORD - 1) for run in _UNSPACED.findall(content))
    return len(content.split()) + len(_WIDE.findall(content)) // 2 + spelt
