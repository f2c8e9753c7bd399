"""Messages headed by a time and a name (chats, transcripts, forums), by the shape that most of their headers share."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import tidy
from src.utils.detection.messages.header_blocks import headers_of_blocks, with_lines_beside
from src.utils.detection.messages.headers import Header, Stamped, stamped_lines
from src.utils.detection.messages.message_lines import behind_quotation, heads_reactions, is_service, without_marks
from src.utils.detection.messages.stamped_names import may_name, with_names, with_tailed
from src.utils.detection.messages.stamped_talk import is_spoken, is_talk
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.moment_order import stand_newest_first
from src.utils.detection.words.moments import find_moment
from src.utils.detection.words.vocabulary import read_label, words

_MIN_SHARE = 0.4
_MIN_FIXED = 3
_FEW = 4
_SHORT_NAME = 3
"""Words of a name where hardly any header backs it up."""
_CLOSING_SHARE = 0.6
_DRAWN = 4
"""Characters of a drawn line that tell it from a list."""
_OPENING = 12
_MAX_HEAD = 240
_MAX_NOTICE = 240
_SAMPLE = 12
"""Messages whose times tell whether it is worth to read those of all."""
_OPENED = 3
_DRAWN_LINE = re.compile(r"[-–—]{3,}")
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
    best = _best(_by_shape(text, lines, found), found)
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


def _best(groups: dict[str, list[Header]], found: Sequence[Stamped]) -> tuple[str, list[Header]] | None:
    """The shape that explains the stamped lines best, and its headers; None where no names behave like speakers."""
    scores = {shape: _score(headers, found) for shape, headers in groups.items()}
    shape = max(scores, key=lambda one: scores[one], default="")
    return (shape, groups[shape]) if scores.get(shape, 0) > 0 else None


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


def _by_shape(text: str, lines: Sequence[Line], found: Sequence[Stamped]) -> dict[str, list[Header]]:
    groups: dict[str, list[Header]] = defaultdict(list)
    for stamped in found:
        for header in stamped.readings:
            bracketed = header.shape.startswith(("[M", "(M"))
            if header.text_start < lines[header.line].end or bracketed or _text_below(text, lines, header.line):
                groups[_DRAWN_LINE.sub("", header.shape)].append(header)
    groups = with_tailed({shape: with_names(headers) for shape, headers in groups.items()})
    blocks = headers_of_blocks(text, lines, found)
    if blocks:
        groups["block"] = with_names(blocks)
    alone = [stamped.line for stamped in found if stamped.alone]
    if len(alone) > 1:
        for shape, step in (("M/N/", 1), ("N/M/", -1)):
            beside = (_name_beside(text, lines, index, step) for index in alone)
            groups[shape] = [header for header in beside if header]
    return {
        shape: _without_said(lines, headers) if shape.endswith("/") else headers for shape, headers in groups.items()
    }


def _without_said(lines: Sequence[Line], headers: Sequence[Header]) -> list[Header]:
    """Without the line right below a header that names somebody nobody else does: what is said holds times too. A name
    like those that come back, with a line below it that heads nothing, follows a message without text."""
    names = Counter(header.name.casefold() for header in headers)
    heads = {header.line for header in headers}
    known = [header for header in headers if names[header.name.casefold()] > 1]
    below = {header.line + 1 for header in known}
    looks = {_capitals(header.name) for header in known}
    return [
        header
        for header in headers
        if names[header.name.casefold()] > 1
        or header.line not in below
        or (_capitals(header.name) in looks and _says_below(lines, header.line, heads))
    ]


def _capitals(name: str) -> tuple[bool, ...]:
    """Which words of a name begin with a capital letter."""
    return tuple(word[:1].isupper() for word in name.split())


def _says_below(lines: Sequence[Line], head: int, heads: set[int]) -> bool:
    return head + 1 < len(lines) and not lines[head + 1].blank and head + 1 not in heads


def _text_below(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether what was said stands below; quoted text stands below the line that names the writer of a mail."""
    below = next((line for line in lines[index + 1 : index + 3] if not line.blank and not line.rule), None)
    return below is not None and not text.startswith(">", below.first)


def _name_beside(text: str, lines: Sequence[Line], index: int, step: int) -> Header | None:
    """A short line next to a moment that stands alone: the name. The text begins below both."""
    other = index + step
    while 0 <= other < len(lines) and lines[other].blank and abs(other - index) < 3:
        other += step
    if not 0 <= other < len(lines) or lines[other].blank or lines[other].rule:
        return None
    name = text[lines[other].body : lines[other].end].strip("*_ :#")
    if not may_name(name) or name[-1:] in ".!?。！？…,;":
        return None
    last = max(index, other)
    below = last + 1
    while below < len(lines) and lines[below].blank and below < last + 3:
        below += 1
    if below >= len(lines):
        return None
    return Header(last, "M/N/" if step > 0 else "N/M/", name, lines[last].end, abs(other - index))


def _score(headers: Sequence[Header], found: Sequence[Stamped]) -> float:
    """How well a shape explains the stamped lines; 0 when its names do not behave like speakers."""
    if len(headers) < 2:
        return 0
    if len(headers) < _FEW and any(len(header.name.split()) > _SHORT_NAME for header in headers):
        return 0
    names = Counter(header.name.casefold() for header in headers)
    repeated = sum(count for count in names.values() if count > 1)
    if len(names) < 2 or (len(headers) > 4 and repeated * 3 < len(headers)):
        return 0
    if len(headers) < _MIN_SHARE * len(found):
        return 0
    changes = sum(one.name.casefold() != other.name.casefold() for one, other in itertools.pairwise(headers))
    if changes * 5 < len(headers) - 1:
        return 0
    return (len(headers) / len(found)) * (1 + repeated / len(headers)) * (1 - 0.5 * len(names) / len(headers))


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
        fresh = not drafts or divided or (parted and _rule_above(lines, message.head))
        if fresh:
            drafts.append([])
            starts.append(lines[message.head].start)
        if pieces and not _tells_encryption(text, pieces):
            word = read_label(message.speaker)
            drafts[-1].append(Utterance(word.key, word.family, pieces))
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True) if turns]


def _tells_encryption(text: str, pieces: Sequence[Span]) -> bool:
    """Whether all of a message is what the program says of its encryption, under the name of the group."""
    if len(pieces) > 1 or pieces[0].end - pieces[0].start > _MAX_NOTICE:
        return False
    content = text[slice(*pieces[0])].casefold()
    return any(phrase in content for phrase in words("encryption"))


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
        if heads_reactions(text, lines, index) and _is_last(lines, index, stop):
            break
        own = index == message.first and message.text_start < line.end and index >= message.head
        start = message.text_start if own else line.start
        if line.skip or (not own and is_service(text, line)):
            silent = True
            continue
        if silent and line.blank:
            continue
        silent = False
        if line.rule and all(other.blank or other.rule for other in lines[index:stop]):
            break
        spans.append(Span(start, max(start, line.end)))
        indents.append(-1 if own else line.indent)
    return without_marks(text, tidy(text, spans, indents), in_cell=text[message.text_start - 1] == "\t")


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
