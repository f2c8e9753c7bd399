"""Mail: replies with quoted text below or above them, and the mails of one thread in a mailbox."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from src.core.types import Section, Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import tidy
from src.utils.detection.messages.attributions import ORIGINAL_WRITER, find_attributions
from src.utils.detection.messages.copied_headers import (
    MIN_HEADERS,
    count_headers,
    find_header_blocks,
    headers_below,
)
from src.utils.detection.types import Draft, Finding, Utterance

_SIGNATURE = re.compile(r"(?:--|—|_{10,}|-[^\W\d_][\w .]{1,30}$)")
_REPLY = re.compile(r"(?:(?:re|aw|fwd?|wg|sv|antw|tr|rv|rif|odp|vs|回复|答复|转发)\s*[:：]\s*)+", re.IGNORECASE)
_MIN_INSIDE = 4
"""Quoted and own lines in turn, so often, are answers between the lines."""
_MAX_DEPTH = 30


@dataclass(slots=True)
class _Mail:
    """The header values of a mail, and the indexes of the lines of its body."""

    subject: str
    sender: str
    start: int
    lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Part:
    """Lines of one quote depth without their marks, with who wrote them."""

    spans: list[Span] = field(default_factory=list)
    author: str = ""


class _Quoted(NamedTuple):
    """How deep a line is quoted, and its own text behind the marks."""

    depth: int
    span: Span


def find_in_mail(text: str, lines: Sequence[Line], sections: Sequence[Section]) -> Finding | None:
    """A thread: the mails of a mailbox by subject, or the quote depths of one mail, oldest first."""
    if all(section.kind in ("text", "heading") for section in sections) and not _names_writers(text, lines):
        return None
    mails = _mails(text, lines, sections)
    drafts = _threads(text, lines, mails) if len(mails) > 1 else _one_mail(text, lines, mails)
    if not drafts:
        return None
    return Finding("mail thread", tuple(drafts), 0.8, f"{len(drafts)} threads by reply headers and quoting")


def is_mail(sections: Sequence[Section]) -> bool:
    """Whether the document is a mail or a mailbox, by the headers that its reader found."""
    return any(
        section.kind == "record" and {"From", "Subject"} <= {each.name for each in section.fields}
        for section in sections
    )


def _names_writers(text: str, lines: Sequence[Line]) -> bool:
    """Whether a line above quoted text, or headers copied into it, tell who wrote it."""
    if count_headers(text) >= MIN_HEADERS:
        return True
    return bool(find_attributions(text, lines, range(len(lines))))


def _mails(text: str, lines: Sequence[Line], sections: Sequence[Section]) -> list[_Mail]:
    heads: dict[int, _Mail] = {}
    position = 0
    for number, section in enumerate(sections):
        values = {each.name: text[position + each.span.start : position + each.span.end] for each in section.fields}
        if section.kind == "record" and "From" in values:
            heads[number] = _Mail(values.get("Subject", ""), values["From"], position)
        position += len(section.text)
    if not heads:
        return [_Mail("", "", 0, [index for index, line in enumerate(lines) if not line.foreign])]
    current: _Mail | None = None
    for index, line in enumerate(lines):
        if line.section in heads:
            current = heads[line.section]
        elif current is not None and sections[line.section].kind != "routing":
            current.lines.append(index)
    return list(heads.values())


def _threads(text: str, lines: Sequence[Line], mails: Sequence[_Mail]) -> list[Draft]:
    """Mails of one subject follow each other; only what each adds (its unquoted text) is its turn."""
    groups: dict[str, list[_Mail]] = defaultdict(list)
    for mail in mails:
        groups[_REPLY.sub("", mail.subject.strip()).casefold()].append(mail)
    drafts: list[Draft] = []
    for members in groups.values():
        if len(members) == 1:
            drafts.extend(_one_mail(text, lines, members))
            continue
        turns = []
        for mail in members:
            part = _by_depth(text, lines, mail).get(0)
            pieces = _pieces(text, part.spans, signed=True) if part else ()
            if pieces:
                turns.append(Utterance(mail.sender.casefold(), None, pieces))
        if len({turn.speaker for turn in turns}) > 1:
            drafts.append(Draft(tuple(turns), members[0].start))
    return drafts


def _one_mail(text: str, lines: Sequence[Line], mails: Sequence[_Mail]) -> list[Draft]:
    answered = _answered_inside(text, lines, mails[0])
    if answered:
        return [answered]
    parts = _by_depth(text, lines, mails[0])
    if len(parts) < 2 or not any(part.author for part in parts.values()):
        return []
    turns = []
    for depth in sorted(parts, reverse=True):
        pieces = _pieces(text, parts[depth].spans, signed=depth == 0)
        if pieces:
            author = parts[depth].author or (_name_of(mails[0].sender) if depth == 0 else "") or f"writer {depth % 2}"
            turns.append(Utterance(author.casefold(), None, pieces))
    return [Draft(tuple(turns), mails[0].start)] if len(turns) > 1 else []


def _name_of(sender: str) -> str:
    """Who sent a mail as those call them who quote it: without the address, where there is a name."""
    return sender.partition("<")[0].strip(" \"'") or sender


def _answered_inside(text: str, lines: Sequence[Line], mail: _Mail) -> Draft | None:
    """A mail answered between its quoted lines: what is quoted and what stands below it, pair after pair."""
    attribution = find_attributions(text, lines, mail.lines, mailed=bool(mail.sender))
    if len(attribution) != 1 or count_headers(text) >= 2 * MIN_HEADERS:
        return None
    [(head, quoted_writer)] = attribution.items()
    runs: list[tuple[int, list[Span]]] = []
    for index in mail.lines:
        if index <= head or (lines[index].blank and not runs):
            continue
        depth, span = _quoted(text, lines[index])
        if not lines[index].blank and (not runs or runs[-1][0] != depth):
            runs.append((depth, []))
        runs[-1][1].append(span)
    if len(runs) < _MIN_INSIDE or any(depth != (number + 1) % 2 for number, (depth, _) in enumerate(runs)):
        return None
    turns = []
    for depth, spans in runs:
        pieces = _pieces(text, spans, signed=depth == 0)
        author = quoted_writer if depth else mail.sender or "writer"
        if pieces:
            turns.append(Utterance(author.casefold(), None, pieces))
    return Draft(tuple(turns), mail.start)


def _by_depth(text: str, lines: Sequence[Line], mail: _Mail) -> dict[int, _Part]:
    """The lines of a mail by depth of quoting; attributions (``On ... X wrote:``) name the writer one level down."""
    parts: dict[int, _Part] = defaultdict(_Part)
    extra = 0
    attribution = find_attributions(text, lines, mail.lines, mailed=bool(mail.sender))
    originals = {
        index: headers_below(text, lines, index) for index, writer in attribution.items() if writer == ORIGINAL_WRITER
    }
    for index, below in originals.items():
        attribution[index] = next((value.strip(" *") for value in below.values() if value), ORIGINAL_WRITER)
    headers = {index for below in originals.values() for index in below}
    blocks = find_header_blocks(text, lines, [index for index in mail.lines if index not in headers])
    for index in mail.lines:
        if index in headers:
            continue
        if index in blocks:
            if blocks[index]:
                extra += bool(_filled_parts(parts))
                parts[extra].author = blocks[index]
            continue
        line = lines[index]
        depth, span = _quoted(text, line)
        if index in attribution:
            if attribution[index]:
                quoted_below = _quoted_below(text, lines, index, depth)
                parts[depth + extra + 1].author = parts[depth + extra + 1].author or attribution[index]
                extra += 0 if quoted_below else 1
            continue
        if line.level and not mail.sender and not extra and blocks:
            continue  # the title of what was printed
        parts[depth + extra].spans.append(span)
    return _filled_parts(parts)


def _filled_parts(parts: Mapping[int, _Part]) -> dict[int, _Part]:
    return {depth: part for depth, part in parts.items() if any(span.end > span.start for span in part.spans)}


def _quoted_below(text: str, lines: Sequence[Line], index: int, depth: int) -> bool:
    for below in range(index + 1, min(index + 4, len(lines))):
        if text[lines[below].start : lines[below].end].strip("> \t"):
            return _quoted(text, lines[below]).depth > depth
    return False


def _quoted(text: str, line: Line) -> _Quoted:
    depth, position = 0, line.start
    after = line.start
    while position < line.end and depth < _MAX_DEPTH:
        if text[position] == ">":
            depth += 1
            after = position + 1
        elif text[position] != " " or (depth and position > after):
            break
        position += 1
    if depth and after < line.end and text[after] == " ":
        after += 1
    start = after if depth else line.start
    return _Quoted(depth, Span(start, max(start, line.end)))


def _pieces(text: str, spans: Sequence[Span], *, signed: bool) -> tuple[Span, ...]:
    """What ``spans`` say; what is ``signed`` ends above the signature."""
    stop = len(spans)
    if signed:
        signatures = (
            index for index, span in enumerate(spans) if index and _SIGNATURE.match(text[span.start : span.end].strip())
        )
        stop = next(signatures, stop)
    return tidy(text, list(spans[:stop]), [0] * stop)
