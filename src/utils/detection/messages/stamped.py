"""Messages headed by a time and a name (chats, transcripts, forums), by the shape that most of their headers share."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import tidy
from src.utils.detection.messages.header_blocks import with_lines_beside
from src.utils.detection.messages.header_shapes import best_shape
from src.utils.detection.messages.headers import Header, Stamped, stamped_lines
from src.utils.detection.messages.message_lines import (
    begins_session,
    behind_quotation,
    heads_reactions,
    is_placeholder,
    is_service,
    signs,
    tells_encryption,
    without_marks,
)
from src.utils.detection.messages.stamped_talk import is_spoken, is_talk
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.moment_order import stand_newest_first
from src.utils.detection.words.moments import find_moment
from src.utils.detection.words.vocabulary import read_label

_MIN_FIXED = 3
_CLOSING_SHARE = 0.6
_DRAWN = 4
"""Characters of a drawn line that tell it from a list."""
_OPENING = 12
_MAX_HEAD = 240
_SAMPLE = 12
"""Messages whose times tell whether it is worth to read those of all."""
_OPENED = 3
_SET_BY_PROGRAM = "\u200e"
"""What opens a message in which a program tells of a picture, a call or a message taken back, in any language."""
_FIGURES = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")


class Message(NamedTuple):
    """A header and the lines of its text: from ``text_start`` in line ``first`` to before ``stop``."""

    speaker: str
    head: int
    first: int
    text_start: int
    stop: int


def find_stamped(text: str, lines: Sequence[Line]) -> Finding | None:
    """The chat whose messages carry times and names; None when no shape of header behaves like speakers."""
    found = list(stamped_lines(text, lines))
    if len(found) < 2:
        return None
    best = best_shape(text, lines, found)
    if best is None:
        return None
    shape, headers = best
    headers = with_lines_beside(text, lines, headers)
    messages = _without_closing(text, lines, _without_tail(lines, _cut(text, lines, headers, found, shape)))
    drafts = _oldest_first(text, lines, headers, _drafts(text, lines, messages))
    if not is_spoken(text, drafts, ranged="-->" in text) or (shape == "block" and not is_talk(text, drafts)):
        return None
    speakers = {turn.speaker for draft in drafts for turn in draft.utterances}
    reason = f"{len(headers)} messages of {len(speakers)} speakers, headed by times"
    return Finding("messages with times", tuple(drafts), 0.92, reason)


def _oldest_first(text: str, lines: Sequence[Line], headers: Sequence[Header], drafts: Sequence[Draft]) -> list[Draft]:
    """The messages turned round where their times fall from the first to the last: help desks set the newest first."""
    moments: list[str] = []
    for header in headers:
        first = lines[header.line - header.above]
        end = min(max(header.text_start, lines[header.line].end if header.above else 0), first.first + _MAX_HEAD)
        found = find_moment(text, first.first, end, end)
        moments.append(text[found[0] : found[1]] if found else "")
        if len(moments) == _SAMPLE and not stand_newest_first(moments):
            return list(drafts)
    if not stand_newest_first(moments):
        return list(drafts)
    return [draft._replace(utterances=draft.utterances[::-1]) for draft in drafts]


def _cut(
    text: str, lines: Sequence[Line], headers: Sequence[Header], found: Sequence[Stamped], shape: str
) -> list[Message]:
    """The messages: each ends at the next header, at another line of the program, or at a rule."""
    two_lines = shape in ("M/N/", "N/M/", "block")
    heads = {header.line - number for header in headers for number in range(header.above + 1)}
    others = [stamped for stamped in found if stamped.line not in heads]
    leading = shape.lstrip("[(<*").startswith("M") or two_lines
    openings = {_opening(text, lines[header.line - header.above]) for header in headers}
    stops = {
        stamped.line
        for stamped in others
        if leading
        and stamped.leads
        and (not stamped.alone or not two_lines)
        and (two_lines or _opening(text, lines[stamped.line]) in openings)
    }
    stops |= _drawn_alike(text, lines, headers) - heads
    stops |= {index for index, line in enumerate(lines) if line.division} - heads
    ordered = sorted(stops)
    messages = []
    for number, header in enumerate(headers):
        stop = len(lines)
        if number + 1 < len(headers):
            stop = headers[number + 1].line - headers[number + 1].above
        place = bisect_left(ordered, header.line + 1)
        if place < len(ordered):
            stop = min(stop, ordered[place])
        first = header.line if header.text_start < lines[header.line].end else header.line + 1
        messages.append(Message(header.name.casefold(), header.line - header.above, first, header.text_start, stop))
    return messages


def _opening(text: str, line: Line) -> str:
    """The first characters of a line without its figures and letters: ``[9-9-9 9:9]``."""
    return _LETTERS.sub("a", _FIGURES.sub("9", text[line.first : line.first + _OPENING]))[:_OPENED]


def _drawn_alike(text: str, lines: Sequence[Line], headers: Sequence[Header]) -> set[int]:
    """Lines that open with the drawn line that opens every header: ``---- Closed ----``."""
    opening = {text[lines[header.line].first : lines[header.line].first + _DRAWN] for header in headers}
    mark = opening.pop()
    if opening or len(set(mark)) > 1 or mark[0].isalnum() or mark[0] in "([<":
        return set()
    return {index for index, line in enumerate(lines) if text.startswith(mark, line.first)}


def _without_tail(lines: Sequence[Line], messages: list[Message]) -> list[Message]:
    """The last message ends at the first gap, rule or heading, where no other message has one inside."""
    if len(messages) < _MIN_FIXED:
        return messages
    gap = any(_gap_inside(lines, message) for message in messages[:-1])
    drawn = any(lines[index].rule or lines[index].level for one in messages[:-1] for index in _said(lines, one))
    last = messages[-1]
    filled = _filled(lines, last)
    for one, other in itertools.pairwise(filled):
        if not gap and lines[other - 1].blank:
            return [*messages[:-1], last._replace(stop=one + 1)]
    for index in filled:
        if not drawn and (lines[index].rule or lines[index].level):
            return [*messages[:-1], last._replace(stop=index)]
    return messages


def _without_closing(text: str, lines: Sequence[Line], messages: list[Message]) -> list[Message]:
    """The same last line of most messages (``reply  share  report``) is the program's."""
    lasts = [filled[-1] if len(filled := _filled(lines, message)) > 1 else -1 for message in messages]
    closings = Counter(text[lines[last].first : lines[last].end] for last in lasts if last >= 0)
    closing, count = closings.most_common(1)[0] if closings else ("", 0)
    if count < max(_MIN_FIXED, _CLOSING_SHARE * len(messages)):
        return messages
    return [
        message._replace(stop=last) if last >= 0 and text[lines[last].first : lines[last].end] == closing else message
        for message, last in zip(messages, lasts, strict=True)
    ]


def _filled(lines: Sequence[Line], message: Message) -> list[int]:
    return [index for index in range(message.first, message.stop) if not lines[index].blank]


def _said(lines: Sequence[Line], message: Message) -> list[int]:
    """The filled lines of a message without the rules that part it from the next one."""
    filled = _filled(lines, message)
    while filled and lines[filled[-1]].rule:
        filled.pop()
    return filled


def _gap_inside(lines: Sequence[Line], message: Message) -> bool:
    filled = _filled(lines, message)
    return bool(filled) and any(lines[index].blank for index in range(filled[0], filled[-1]))


def _drafts(text: str, lines: Sequence[Line], messages: Sequence[Message]) -> list[Draft]:
    drafts: list[list[Utterance]] = []
    starts: list[int] = []
    ruled = sum(1 for message in messages if _rule_above(lines, message.head))
    parted = ruled > 1 and len(messages) <= ruled * 8 <= 6 * len(messages)  # above nearly all, rules part messages
    for number, message in enumerate(messages):
        following = messages[number + 1].speaker if number + 1 < len(messages) else ""
        pieces = pieces_of(text, lines, message, following)
        above = messages[number - 1].stop if number else message.head
        divided = above < message.head and lines[above].division
        begun = number > 0 and _begins_between(text, lines, messages[number - 1], message)
        fresh = not drafts or divided or begun or (parted and _rule_above(lines, message.head))
        if fresh:
            drafts.append([])
            starts.append(lines[message.head].start)
        if pieces and not (tells_encryption(text, pieces) or is_placeholder(text, pieces)):
            word = read_label(message.speaker)
            drafts[-1].append(Utterance(word.key, word.family, pieces))
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True) if turns]


def _begins_between(text: str, lines: Sequence[Line], one: Message, other: Message) -> bool:
    return any(begins_session(text, lines[index]) for index in range(max(one.first, one.head + 1), other.head))


def _rule_above(lines: Sequence[Line], index: int) -> bool:
    above = index - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    return above >= 0 and lines[above].rule


def pieces_of(text: str, lines: Sequence[Line], message: Message, following: str) -> tuple[Span, ...]:
    """What a message says, without the lines of the program in it; ``following`` speaks next."""
    spans: list[Span] = []
    indents: list[int] = []
    stop = _without_initials(text, lines, message, following)
    silent = False
    first = message.first if message.first == message.head else behind_quotation(text, lines, message.first, stop)
    for index in range(first, stop):
        line = lines[index]
        if (heads_reactions(text, lines, index) and _is_last(lines, index, stop)) or (
            spans and signs(text, lines[index:stop])
        ):
            break
        own = index == message.first and message.text_start < line.end and index >= message.head
        start = message.text_start if own else line.start
        if line.skip or (text.startswith(_SET_BY_PROGRAM, start) if own else is_service(text, line)):
            silent = True
            continue
        if silent and line.blank:
            continue
        silent = False
        if (line.rule or (line.level and index > message.first)) and _leads_on(lines[index:stop]):
            break
        spans.append(Span(start, max(start, line.end)))
        indents.append(-1 if own else line.indent)
    return without_marks(text, tidy(text, spans, indents), in_cell=text[message.text_start - 1] == "\t")


def _leads_on(lines: Sequence[Line]) -> bool:
    """Whether nothing but rules and headings stands at the end of a message: they lead to the next one."""
    return all(line.blank or line.rule or line.level for line in lines)


def _is_last(lines: Sequence[Line], index: int, stop: int) -> bool:
    """Whether only deeper lines follow in the message."""
    return all(line.blank or line.indent > lines[index].indent for line in lines[index + 1 : stop])


def _without_initials(text: str, lines: Sequence[Line], message: Message, following: str) -> int:
    """Pages show a picture before a name, as its initials: a last line that only holds those is left out."""
    last = message.stop - 1
    while last > message.first and lines[last].blank:
        last -= 1
    if not following or last <= message.first or message.stop >= len(lines):
        return message.stop
    content = text[lines[last].first : lines[last].end].casefold()
    initials = "".join(word[:1] for word in following.split())
    return last if content and content in (initials, initials[:1], initials[:2]) else message.stop
