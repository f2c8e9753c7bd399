"""Mail: replies with quoted text below or above them, and the mails of one thread in a mailbox."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from src.core.types import Section, Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import tidy
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.vocabulary import words

_OPENING = re.compile(r"[>\s]*(?:On|Am|Le|El|Il|Em|Den|Op|W dniu|Dne|Em|Pe|В|On)\b.{0,200}$", re.IGNORECASE)
_SIGNATURE = re.compile(r"(?:--|—|_{10,}|-[^\W\d_][\w .]{1,30}$)")
_REPLY = re.compile(r"(?:(?:re|aw|fwd?|wg|sv|antw|tr|rv|rif|odp|vs|回复|答复|转发)\s*[:：]\s*)+", re.IGNORECASE)
_NAME = re.compile(r"[,;]?\s*(?P<name>[^,;<>\"]{2,60}?)\s*(?:<[^<>]*>|\[[^\]]*\]|\([^()]*\))?\s*$")
_ADDRESS = re.compile(r"[<(\[][^<>()\[\]]{0,200}[>)\]]")
_FIGURES = re.compile(r"\d[\d:.]{0,12}[ ](?=[^\W\d_]{2})")
"""The figures of a date or time right before a word."""
_COLON_LINE = re.compile(r"\n[ \t>*_]{0,8}([^\n:：]{1,24}+)[:：]")

_ORIGINAL_WRITER = "original"
_MAX_HEADERS = 10
_MIN_HEADERS = 3
_MIN_INSIDE = 4
"""Quoted and own lines in turn, so often, are answers between the lines."""


@cache
def _wrote() -> re.Pattern[str]:
    """The end of the line above quoted text: a verb, perhaps a few more words (or many with an address or a moment), a
    colon."""
    verbs = "|".join(rf"\b{verb}\b" if verb.isascii() else verb for verb in sorted(words("wrote")))
    moment = r"(?:(?:19|20)\d\d|\d\d?[./-]\d\d?)[^\n:]{0,20}\d:\d\d"
    behind = rf"[^:：\n]{{0,60}}|(?=[^\n]{{0,120}}?(?:@|{moment}))(?:[^:：\n]|(?<=\d):(?=\d)){{0,120}}"
    return re.compile(rf"(?:{verbs})(?P<behind>{behind})[:：]?\s*$", re.IGNORECASE)


@cache
def _original() -> re.Pattern[str]:
    """A line such as ``-----Original Message-----``."""
    nouns = "|".join(sorted(words("message")))
    return re.compile(rf"[-_]{{2,}}\s*(?=[^-_\n]{{0,60}}(?:{nouns}))[^-_\n]{{4,60}}\s*[-_]{{2,}}", re.IGNORECASE)


class _Part:
    """Lines of one quote depth, with who wrote them."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.indents: list[int] = []
        self.author = ""


def find_in_mail(text: str, lines: Sequence[Line], sections: Sequence[Section]) -> Finding | None:
    """A thread: the mails of a mailbox by subject, or the quote depths of one mail, oldest first."""
    if all(section.kind in ("text", "heading") for section in sections) and not _names_writers(text, lines):
        return None
    mails = _mails(text, lines, sections)
    drafts = _threads(text, lines, mails) if len(mails) > 1 else _one_mail(text, lines, mails)
    if not drafts:
        return None
    return Finding("mail thread", tuple(drafts), 0.8, f"{len(drafts)} threads by reply headers and quoting")


def _names_writers(text: str, lines: Sequence[Line]) -> bool:
    """Whether a line above quoted text, or headers copied into it, tell who wrote it."""
    if _count_headers(text) >= _MIN_HEADERS:
        return True
    return bool(_attributions(text, lines, range(len(lines))))


def _count_headers(text: str) -> int:
    if text.count(":") + text.count("：") < _MIN_HEADERS:
        return 0
    names = (name.strip(" *_").casefold() for name in _COLON_LINE.findall(f"\n{text}"))
    return sum(name in words("mail_headers") for name in names)


def is_mail(sections: Sequence[Section]) -> bool:
    """Whether the document is a mail or a mailbox, by the headers that its reader found."""
    return any(
        section.kind == "record" and {"From", "Subject"} <= {field.name for field in section.fields}
        for section in sections
    )


class _Mail:
    """The header values of a mail and the lines of its body."""

    def __init__(self, subject: str, sender: str, start: int) -> None:
        self.subject = subject
        self.sender = sender
        self.start = start
        self.lines: list[int] = []


def _mails(text: str, lines: Sequence[Line], sections: Sequence[Section]) -> list[_Mail]:
    heads: dict[int, _Mail] = {}
    position = 0
    for number, section in enumerate(sections):
        values = {field.name: text[position + field.span.start : position + field.span.end] for field in section.fields}
        if section.kind == "record" and "From" in values:
            heads[number] = _Mail(values.get("Subject", ""), values["From"], position)
        position += len(section.text)
    if not heads:
        plain = _Mail("", "", 0)
        plain.lines = [index for index, line in enumerate(lines) if not line.foreign]
        return [plain]
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
            pieces = _pieces(text, part, signed=True) if part else ()
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
        pieces = _pieces(text, parts[depth], signed=depth == 0)
        if pieces:
            author = parts[depth].author or (mails[0].sender if depth == 0 else "") or f"writer {depth % 2}"
            turns.append(Utterance(author.casefold(), None, pieces))
    return [Draft(tuple(turns), mails[0].start)] if len(turns) > 1 else []


def _answered_inside(text: str, lines: Sequence[Line], mail: _Mail) -> Draft | None:
    """A mail answered between its quoted lines: what is quoted and what stands below it, pair after pair."""
    attribution = _attributions(text, lines, mail.lines)
    if len(attribution) != 1 or _count_headers(text) >= 2 * _MIN_HEADERS:
        return None
    runs: list[tuple[int, list[Span]]] = []
    for index in mail.lines:
        depth, start = _depth(text, lines[index])
        if index <= min(attribution) or (lines[index].blank and not runs):
            continue
        if not lines[index].blank and (not runs or runs[-1][0] != depth):
            runs.append((depth, []))
        runs[-1][1].append(Span(start, max(start, lines[index].end)))
    if len(runs) < _MIN_INSIDE or any(depth != (number + 1) % 2 for number, (depth, _) in enumerate(runs)):
        return None
    turns = []
    for depth, spans in runs:
        part = _Part()
        part.spans, part.indents = spans, [0] * len(spans)
        pieces = _pieces(text, part, signed=depth == 0)
        author = next(iter(attribution.values())) if depth else mail.sender or "writer"
        if pieces:
            turns.append(Utterance(author.casefold(), None, pieces))
    return Draft(tuple(turns), mail.start)


def _by_depth(text: str, lines: Sequence[Line], mail: _Mail) -> dict[int, _Part]:
    """The lines of a mail by depth of quoting; attributions (``On ... X wrote:``) name the writer one level down."""
    parts: dict[int, _Part] = defaultdict(_Part)
    extra = 0
    attribution = _attributions(text, lines, mail.lines)
    headers = _copied_headers(text, lines, attribution)
    blocks = _header_blocks(text, lines, [index for index in mail.lines if index not in headers])
    for index in mail.lines:
        if index in headers:
            continue
        if index in blocks:
            if blocks[index]:
                extra += bool(_filled_parts(parts))
                parts[extra].author = blocks[index]
            continue
        line = lines[index]
        depth, start = _depth(text, line)
        if index in attribution:
            if attribution[index]:
                quoted_below = _quoted_below(text, lines, index, depth)
                parts[depth + extra + 1].author = parts[depth + extra + 1].author or attribution[index]
                extra += 0 if quoted_below else 1
            continue
        if line.level and not mail.sender and not extra and blocks:
            continue  # the title of what was printed
        part = parts[depth + extra]
        part.spans.append(Span(start, max(start, line.end)))
        part.indents.append(0)
    return _filled_parts(parts)


def _filled_parts(parts: Mapping[int, _Part]) -> dict[int, _Part]:
    return {depth: part for depth, part in parts.items() if any(span.end > span.start for span in part.spans)}


def _header_blocks(text: str, lines: Sequence[Line], indexes: Sequence[int]) -> dict[int, str]:
    """The lines of the headers that mail programs copy above a mail (``Von:``, ``Gesendet:``, ``An:``): at least three
    together. The first carries the sender, the others ""."""
    found: dict[int, str] = {}
    if _count_headers(text) < _MIN_HEADERS:
        return found
    inside: set[int] = set()
    for index in indexes:
        if index in inside or lines[index].blank or not _header(text, lines[index])[0]:
            continue
        block = _block(text, lines, index)
        inside.update(block[1:-1])  # a block from there on names fewer headers; from its last line another may go on
        named = {_header(text, lines[each])[0]: _header(text, lines[each])[1] for each in block}
        if len(named) >= _MIN_HEADERS:
            senders = [value for name, value in named.items() if name in words("mail_from")]
            found.update(dict.fromkeys(block, ""))
            found[index] = senders[0] if senders else next(iter(named.values()))
            inside.add(block[-1])
    return found


def _block(text: str, lines: Sequence[Line], index: int) -> list[int]:
    """The header lines from ``index`` on, one below the other, or each a paragraph of its own."""
    block = [index]
    step = 2 if index + 1 < len(lines) and lines[index + 1].blank else 1
    while block[-1] + step < len(lines) and _header(text, lines[block[-1] + step])[0]:
        if step > 1 and not lines[block[-1] + 1].blank:
            break
        block.append(block[-1] + step)
    return block


def _header(text: str, line: Line) -> tuple[str, str]:
    """Name and value of a copied header line; ("", "") for any other line."""
    name, colon, value = text[line.first : min(line.end, line.first + 300)].replace("：", ":", 1).partition(":")
    name = name.strip(" >*_").casefold()
    return (name, value.strip(" *_\t")) if colon and name in words("mail_headers") else ("", "")


def _attributions(text: str, lines: Sequence[Line], indexes: Sequence[int]) -> dict[int, str]:
    """Line -> writer; "" for the first half of an attribution that is broken over two lines."""
    found: dict[int, str] = {}
    for index in indexes:
        line = lines[index]
        if line.blank or line.end - line.first > 300 or not _may_attribute(text, lines, index):
            continue
        content = text[line.first : line.end]
        if _original().fullmatch(content) and any(letter.isalpha() for letter in content):
            found[index] = _ORIGINAL_WRITER
            continue
        above = _above(text, lines, index)
        broken = not _OPENING.match(content) and _OPENING.match(above) is not None
        attribution = f"{above} {content.strip('> ')}" if broken else content
        wrote = _wrote().search(attribution)
        if not wrote or not any(character.isdigit() for character in content + above):
            continue
        if broken:
            found[index - 1] = ""
        found[index] = _writer(attribution[: wrote.start()], wrote["behind"])
    return found


def _writer(before: str, behind: str) -> str:
    """The name behind the verb, or else before it; where a whole name stands before, what follows is something else."""
    named = sum(word[:1].isupper() for word in _behind_figures(before).split()) > 1
    return ("" if named else _named_behind(behind)) or _named_before(before)


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
    return _behind_figures(name["name"]) if name else "writer"


def _behind_figures(content: str) -> str:
    """A name without the date and time before it."""
    ends = [figures.end() for figures in _FIGURES.finditer(content)]
    return content[ends[-1] if ends else 0 :].strip()


def _may_attribute(text: str, lines: Sequence[Line], index: int) -> bool:
    """A cheap look: the line ends with a colon, is drawn with dashes, or stands above quoted text."""
    line = lines[index]
    if text[line.end - 1] in ":：" or text[line.first] in "-_":
        return True
    return index + 1 < len(lines) and text.startswith(">", lines[index + 1].first)


def _copied_headers(text: str, lines: Sequence[Line], attribution: dict[int, str]) -> set[int]:
    """The header lines (``From:``, ``Sent:``, ...) right below ``-----Original Message-----``; the first names the
    writer, who replaces the placeholder in ``attribution``."""
    found: set[int] = set()
    for index in [index for index, writer in attribution.items() if writer == _ORIGINAL_WRITER]:
        below = index + 1
        while below < len(lines) and below - index <= _MAX_HEADERS:
            name, colon, value = text[lines[below].first : min(lines[below].end, lines[below].first + 300)].partition(
                ":"
            )
            if not lines[below].blank and not (colon and name.strip(" >*").casefold() in words("mail_headers")):
                break
            if value and attribution[index] == _ORIGINAL_WRITER:
                attribution[index] = value.strip(" *")
            if not lines[below].blank:
                found.add(below)
            below += 1
    return found


def _above(text: str, lines: Sequence[Line], index: int) -> str:
    return text[lines[index - 1].first : lines[index - 1].end] if index else ""


def _quoted_below(text: str, lines: Sequence[Line], index: int, depth: int) -> bool:
    for below in range(index + 1, min(index + 4, len(lines))):
        if text[lines[below].start : lines[below].end].strip("> \t"):
            return _depth(text, lines[below])[0] > depth
    return False


def _depth(text: str, line: Line) -> tuple[int, int]:
    depth, position = 0, line.start
    after = line.start
    while position < line.end and depth < 30:
        if text[position] == ">":
            depth += 1
            after = position + 1
        elif text[position] != " " or (depth and position > after):
            break
        position += 1
    if depth and after < line.end and text[after] == " ":
        after += 1
    return (depth, after) if depth else (0, line.start)


def _pieces(text: str, part: _Part, *, signed: bool) -> tuple[Span, ...]:
    spans, indents = part.spans, part.indents
    if signed:
        for index, span in enumerate(spans):
            if index and _SIGNATURE.match(text[span.start : span.end].strip()):
                spans, indents = spans[:index], indents[:index]
                break
    return tidy(text, list(spans), list(indents))
