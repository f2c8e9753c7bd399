"""The lines of a message in a chat that nobody says: what the program did, reactions, what a reply quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.words.moments import is_moment
from src.utils.detection.words.vocabulary import words

_PROGRAM = ("===", "--- ", "*** ", "-!-", "--> ", "<-- ", "-->\t", "<--\t", "→ ", "← ")
_LOGGED = re.compile(r"\*{4} [^\d\n]{1,60}\d{1,2}[^\d\n][^\n]{0,24}\d:[0-5]\d:[0-5]\d[^\n]{0,20}")
"""``**** BEGIN LOGGING AT Tue Nov  7 21:04:10 2023``, in the language of the program."""
_MAX_LINE = 120
_MAX_NOTICE = 240
_MAX_PLACEHOLDER = 50
_AROUND = " .<>[]()\u200e\u200f\u202f\U0001f4f7\U0001f3a5\U0001f6ab"
_CLOSERS = ")）]"
_FACES = (
    "\u2639-\u263b\u270a-\u270d\U0001f440-\U0001f450\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a"
)
_SIGNS = (
    "\u2705\u274c\u2753\u2757\u2764\u2795\U0001f389\U0001f38a\U0001f494-\U0001f49f\U0001f4aa\U0001f4af"
    "\U0001f525\U0001f5a4\U0001f680\U0001f90d\U0001f90e"
)
_PICTURE = f"[{_FACES}{_SIGNS}][\ufe0f\u200d\U0001f3fb-\U0001f3ff{_FACES}{_SIGNS}]{{0,8}}"
"""Faces, hands, hearts and signs of assent: fruit beside a number may be a list."""
_REACTIONS = re.compile(
    rf"(?:(?:{_PICTURE}|:[a-z0-9_+-]{{2,30}}:)[ ]?\d{{1,4}}[ ]?(?:[·|,][ ]?)?){{1,12}}|\(- [^\n]{{1,80}} -\)"
)
"""Pictures with how many set them, or with who did: ``👍 2 · 👀 1``, ``(- Ann: ❤️ -)``."""
_BEFORE_WHEN = re.compile(r"^(?:at|on|um|am|à|a las|alle|às|om|op|by|von|par|por)[ ]")
"""What stands before the time, or before the name of who did it."""
_SIGNING = "_" * 10
_MAX_SIGNATURE = 4
"""Lines of a signature with the one drawn above it."""


_WHOSE = re.compile(r"\([^()\n]{1,80}\)[ ]?(?=[:：]|$)")
"""Between whom a session is: ``Session Start (ann:ben): ...``."""
_DRAWN = "-—–=*_ ·•~[]().!"


def is_service(text: str, line: Line) -> bool:
    """Whether a line says what the program did: a date between messages, somebody who joined, left or liked it."""
    if line.blank or line.end - line.first > _MAX_LINE:
        return False
    content = text[line.first : line.end].lstrip("\u200e\u200f")
    if content.startswith(_PROGRAM) or _LOGGED.fullmatch(content) or _REACTIONS.fullmatch(content):
        return True
    if content.strip("-—–=*_ ·•~[]").casefold() in words("service_lines"):
        return True
    if is_moment(content):
        return True
    folded = content.casefold()
    if ". " in content:
        return False
    return any(phrase in folded for phrase in _phrases_in(text, "service_phrases")) or _is_notice(folded)


def begins_session(text: str, line: Line) -> bool:
    """Whether a line is a program's notice that another session begins."""
    content = text[line.first : min(line.end, line.first + _MAX_LINE)].casefold()
    return content.lstrip(_DRAWN).startswith(_notices("session_starts")) and _is_notice(content)


def _is_notice(folded: str) -> bool:
    """Whether a line is a notice that a session begins or ends, with no more behind it than when, or whose it is."""
    bare = folded.strip(_DRAWN)
    if not bare.startswith(_notices("session_notices")):
        return False
    for phrase in _notices("session_notices"):
        if bare.startswith(phrase):
            rest = _WHOSE.sub("", bare[len(phrase) :].lstrip())
            told = _BEFORE_WHEN.sub("", rest, count=1)
            return rest[:1] in ("", ":", "：") or is_moment(told) or (told != rest and " " not in told)
    return False


@lru_cache(maxsize=2)
def _phrases_in(text: str, group: str) -> list[str]:
    """Those of the group that stand anywhere in ``text``: few do, and a line is asked for no other."""
    folded = text.casefold()
    return [phrase for phrase in words(group) if phrase in folded]


@cache
def _notices(group: str) -> tuple[str, ...]:
    return tuple(words(group))


def is_placeholder(text: str, pieces: Sequence[Span]) -> bool:
    """Whether all of a message is what the program shows for a picture, a call or a message that was deleted."""
    if len(pieces) != 1 or pieces[0].end - pieces[0].start > _MAX_PLACEHOLDER:
        return False
    return text[slice(*pieces[0])].strip(_AROUND).casefold() in words("placeholders")


def signs(text: str, lines: Sequence[Line]) -> bool:
    """Whether the first of the last lines of a message draws what forums set above a signature."""
    line = lines[0]
    drawn = not line.blank and text.startswith(_SIGNING, line.first) and not text[line.first : line.end].strip("_")
    return drawn and sum(not line.blank for line in lines) <= _MAX_SIGNATURE


def tells_encryption(text: str, pieces: Sequence[Span]) -> bool:
    """Whether all of a message is what the program says of its encryption, under the name of the group."""
    known = _phrases_in(text, "encryption")
    if not known or len(pieces) > 1 or pieces[0].end - pieces[0].start > _MAX_NOTICE:
        return False
    content = text[slice(*pieces[0])].casefold()
    return any(phrase in content for phrase in known)


def heads_reactions(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether deeper lines tell who liked the message, below a word for that: ``Tapbacks:``."""
    line = lines[index]
    if line.blank or text[line.end - 1] != ":" or index + 1 == len(lines) or lines[index + 1].indent <= line.indent:
        return False
    return text[line.first : line.end - 1].casefold() in words("reaction_heads")


def behind_quotation(text: str, lines: Sequence[Line], first: int, stop: int) -> int:
    """The line where a message below its header begins to say something of its own, behind the quoted lines that it
    answers; ``first`` where it quotes nothing, or nothing else."""
    index = first
    while index < stop and (lines[index].blank or text.startswith(">", lines[index].first)):
        index += 1
    quoted = any(text.startswith(">", lines[place].first) for place in range(first, index) if not lines[place].blank)
    index = index if quoted else _behind_indented(text, lines, index, stop)
    return index if index < stop else first


def _behind_indented(text: str, lines: Sequence[Line], head: int, stop: int) -> int:
    """The line behind a quotation set in below its writer: ``Ida wrote:`` and deeper lines; ``stop`` for none."""
    if head + 1 >= stop or text[lines[head].end - 1] not in ":：" or lines[head].end - lines[head].first > _MAX_LINE:
        return stop
    verb = text[lines[head].first : lines[head].end - 1].casefold().split()[-1:]
    if not verb or verb[0] not in words("wrote"):
        return stop
    index = head + 1
    while index < stop and (lines[index].blank or lines[index].indent > lines[head].indent):
        index += 1
    return index if index > head + 1 else stop


def without_marks(text: str, pieces: tuple[Span, ...], *, in_cell: bool) -> tuple[Span, ...]:
    """``pieces`` without the mark of a message that was edited, and, of a message of several lines that stands in a
    cell between tabs, without the quotation marks around it."""
    if not pieces:
        return pieces
    start, end = pieces[-1]
    edited = _edited().search(text, max(start, end - _MAX_LINE), end) if text[end - 1] in _CLOSERS else None
    if edited and edited.start() > start:
        pieces = (*pieces[:-1], Span(start, edited.start()))
    first, last = pieces[0].start, pieces[-1].end
    if in_cell and text[first] == '"' == text[last - 1] and last - first > 2 and "\n" in text[first:last]:
        return _narrowed(pieces, first + 1, last - 1)
    return pieces


def _narrowed(pieces: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    cut = (Span(max(piece.start, start), min(piece.end, end)) for piece in pieces)
    return tuple(piece for piece in cut if piece.end > piece.start)


@cache
def _edited() -> re.Pattern[str]:
    """A word for "edited" in brackets at the end of a message."""
    known = "|".join(map(re.escape, sorted(words("edited"))))
    return re.compile(rf"[ ]?[(（\[](?:{known})[{re.escape(_CLOSERS)}]\Z", re.IGNORECASE)
