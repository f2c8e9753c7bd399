"""What a chat program writes into its log: turns behind a word for who speaks, among lines about other things."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.speech import is_personal, is_spoken
from src.utils.detection.structure.columns import is_prose
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Finding, Utterance
from src.utils.detection.words.vocabulary import html_tags, read_label, words

_MARKED = re.compile(
    r"(?<![^\s\[(|<\"'])(?P<word>[^\W\d_][^\W\d_]{1,19})[\])>\"']{0,2}[ ]?(?::|<(?!\w)|>|»|«|[-=]>|<-)[ ]+(?=\S)"
)
_WHEN = re.compile(r"[^<>\n]{0,60}?\d:[0-5]\d(?!\d)")
"""The time that a server writes in front of all that it tells: a manual sets ``<file>`` behind other things."""
_NAMED = re.compile(
    r"(?:\]:?|:|\d)[ \t]+(?:\[[^\[\]\n]{1,16}\][ ])?<(?P<name>[^\s<>/!?][^<>\n=/]{0,30})>[ ]+(?=[^\s<])"
)
"""What a player says, among the lines of a game's server: ``[19:02:29 INFO]: <Ann> hi``."""
_QUOTED = re.compile(r"\"(?P<name>[^\"<>\n]{1,32})<\d{1,5}><[^<>\n]{0,40}><[^<>\n]{0,24}>\" say(?:_team)? \"")
"""``"Ann<3><[U:1:22]><Blue>" say "hi"``, in the logs of another engine."""
_VALUED = re.compile(
    r"[ \t](?P<side>[^\W\d_]{2,16})_?(?P<way>in|out|input|output|message|msg|text|utterance|said|says|reply)?"
    r"[ \t:]{1,2}(?:text|message|msg|utterance|content|body)=\"(?P<said>(?:[^\"\\\n]|\\.){1,4000})\"",
    re.IGNORECASE,
)
"""``USER_IN text="..."``: what was said as a quoted value behind the word for who said it."""
_SESSION = re.compile(
    r"(?<![\w-])(?:session|conversation|conv|chat|dialog|dialogue|thread|call)(?:_?id)?=(?P<id>[\w:.-]{1,64})"
)
_WORD = re.compile(r"[^\W\d_]+")
_REACH = 160
_MIN_OF_SIDE = 2
_MIN_CHANGES = 0.5
_MOST = 0.75
_PERSONAL_SHARE = 0.3
_MIN_GREETED = 2
_CONFIDENCE = 0.85


def find_logged_turns(text: str, lines: Sequence[Line]) -> Finding | None:
    """The dialogue that the lines of a log hold behind words for those who ask and answer; None where what stands
    there are values, or one side is missing."""
    valued = _find_valued(text, lines)
    if valued:
        return valued
    turns = list(_turns(text, lines))
    if not turns:
        return find_logged_chat(text, lines)
    sides = [turn.family in ASKERS for turn in turns]
    if min(sides.count(True), sides.count(False)) < _MIN_OF_SIDE:
        return None
    changes = sum(one != other for one, other in pairwise(sides))
    draft = Draft(tuple(turns), turns[0].pieces[0].start)
    contents = [text[slice(*turn.pieces[0])] for turn in turns]
    if changes < _MIN_CHANGES * (len(turns) - 1) or not is_spoken(text, [draft]) or not is_prose(contents):
        return None
    return Finding("labelled dialogue", (draft,), _CONFIDENCE, f"{len(turns)} lines of a log that label what was said")


def _find_valued(text: str, lines: Sequence[Line]) -> Finding | None:
    """What quoted values behind words for both sides say, one conversation for each session that the lines name."""
    if '="' not in text:
        return None
    sessions: dict[str, list[Utterance]] = {}
    for line in lines:
        found = None if line.blank else _VALUED.search(text, line.first, line.end)
        family = read_label(found["side"]).family if found else None
        if found and family in (*ASKERS, *ANSWERERS):
            session = _SESSION.search(text, line.first, found.start())
            turn = Utterance(found["side"].casefold(), family, (Span(*found.span("said")),))
            sessions.setdefault(session["id"] if session else "", []).append(turn)
    turns = [turn for members in sessions.values() for turn in members]
    asked = sum(turn.family in ASKERS for turn in turns)
    contents = [text[slice(*turn.pieces[0])] for turn in turns]
    if min(asked, len(turns) - asked) < _MIN_OF_SIDE or not is_prose(contents):
        return None
    drafts = tuple(Draft(tuple(members), members[0].pieces[0].start) for members in sessions.values())
    return Finding("labelled dialogue", drafts, _CONFIDENCE, f"{len(turns)} quoted values of a log, of both sides")


def find_logged_chat(text: str, lines: Sequence[Line]) -> Finding | None:
    """The chat in lines of a log that name somebody in angle brackets; None where hardly a name comes back, or where
    those who are named neither greet nor reply: the parts of a program report, too."""
    turns = list(_named_turns(text, lines))
    names = Counter(turn.speaker for turn in turns)
    returning = sum(count for count in names.values() if count > 1)
    contents = [text[slice(*turn.pieces[0])] for turn in turns]
    if sum(count > 1 for count in names.values()) < _MIN_OF_SIDE or returning < _MOST * len(turns):
        return None
    if sum(map(_greets, contents)) < _MIN_GREETED or not is_personal(contents, _PERSONAL_SHARE):
        return None
    draft = Draft(tuple(turns), turns[0].pieces[0].start)
    return Finding("speaker names", (draft,), _CONFIDENCE, f"{len(turns)} lines of a log that name who spoke")


def _greets(content: str) -> bool:
    """Whether the first word greets, or answers somebody."""
    first = _WORD.search(content.casefold())
    return first is not None and (first[0] in words("greetings") or first[0] in words("replies"))


def _named_turns(text: str, lines: Sequence[Line]) -> Iterator[Utterance]:
    for line in lines:
        if line.blank or line.foreign or text.find(">", line.first, line.first + _REACH) < 0:
            continue
        end = min(line.end, line.first + _REACH)
        quoted = _QUOTED.search(text, line.first, end)
        if quoted and text[line.end - 1] == '"':
            yield Utterance(quoted["name"].casefold(), None, (Span(quoted.end(), line.end - 1),))
            continue
        found = _NAMED.search(text, line.first, end) if _WHEN.match(text, line.first, end) else None
        if found and found["name"].casefold() not in html_tags():
            yield Utterance(found["name"].casefold(), None, (Span(found.end(), line.end),))


def _turns(text: str, lines: Sequence[Line]) -> Iterator[Utterance]:
    for line in lines:
        if line.blank or line.foreign:
            continue
        for found in _MARKED.finditer(text, line.first, min(line.end, line.first + _REACH)):
            word = read_label(found["word"])
            if word.family in (*ASKERS, *ANSWERERS):
                yield Utterance(word.key, word.family, (Span(found.end(), line.end),))
                break
