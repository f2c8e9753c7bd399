"""Finds existing conversations in a document, verbatim: every turn is a set of spans of the text."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from src.core.types import Section, SourceDocument, Span
from src.utils.detection.captions import find_in_captions
from src.utils.detection.cell_lists import find_in_json
from src.utils.detection.closed_labels import find_closed
from src.utils.detection.dashes import find_dashes
from src.utils.detection.embedded import find_in_values
from src.utils.detection.faq import find_faq
from src.utils.detection.interview import find_interview
from src.utils.detection.labels import find_label
from src.utils.detection.layout import read_layout
from src.utils.detection.lines import Line, index_lines, starts_block
from src.utils.detection.mail import find_in_mail, is_mail
from src.utils.detection.moments import read_moment
from src.utils.detection.page_blocks import find_in_pages
from src.utils.detection.page_furniture import mask_page_furniture
from src.utils.detection.paired_marks import find_paired_marks
from src.utils.detection.pipe_tables import find_in_pipe_tables
from src.utils.detection.plausibility import implausible
from src.utils.detection.records import find_in_records
from src.utils.detection.roles import to_conversations
from src.utils.detection.run_on import find_run_on
from src.utils.detection.separators import find_separated
from src.utils.detection.speaker_names import find_named
from src.utils.detection.speech import looks_like_code, looks_like_log
from src.utils.detection.stamped import find_stamped
from src.utils.detection.tables import find_in_tables
from src.utils.detection.tokens import find_tokens
from src.utils.detection.turns import Mark
from src.utils.detection.types import Conversation, Detection, Draft, Finding, Turn
from src.utils.detection.vocabulary import words
from src.utils.detection.windows import Windows

__all__ = [
    "Conversation",
    "Detection",
    "Turn",
    "detect_conversations",
    "detect_in_parts",
    "join_parts",
    "turn_text",
]

_MAX_CONTEXT = 600
_UNDECIDED_QUESTIONS = 3
_UNDECIDED_PARAGRAPHS = 4
_FEW_QUESTIONS = 3
_MAX_REASONS = 12
_MIN_CUT_TURNS = 8
_MOST = 0.5
_MIN_APART = 6
_MOSTLY_APART = 0.75
_SURE = 0.8
_QUOTED = 0.75
"""Where so many labels stand in quoted lines, those around the quotation label nothing."""
_NOTHING = "no rule found speakers or answered questions"
_REPLY = re.compile(r"([^\W\d_]{1,12})(?=[,.!?…，。！—–-]|$)")


def detect_conversations(document: SourceDocument, *, min_turns: int = 2) -> Detection:
    """All conversations of ``document`` with ``min_turns`` turns or more, in the order of the text, and why."""
    return join_parts(list(detect_in_parts(document, min_turns=min_turns)))


def join_parts(parts: Sequence[Detection]) -> Detection:
    """The decision about a document by those about its parts."""
    if len(parts) == 1:
        return parts[0]
    conversations = tuple(conversation for part in parts for conversation in part.conversations)
    decisions = dict.fromkeys(part.decision for part in parts if part.conversations)
    undecided = not conversations and any(part.undecided for part in parts)
    reasons = dict.fromkeys(reason for part in parts for reason in part.reasons)
    return Detection(
        conversations,
        " + ".join(decisions) or ("undecided" if undecided else "none"),
        tuple(itertools.islice(reasons, _MAX_REASONS)) or (_NOTHING,),
        undecided,
    )


def detect_in_parts(document: SourceDocument, *, min_turns: int = 2) -> Iterator[Detection]:
    """The same part by part, for documents of any size: a short or structured one is one part, of a long text the
    parts that may hold something are read one after the other. All spans are those of the whole text.

    A conversation at the end of a part is read again with the next one, so that none is cut by chance; one that is
    longer than a part is cut behind an answer.
    """
    windows = Windows(document)
    known = ""
    for window in windows:
        detection = _detect(window.document, min_turns, known)
        if window.goes_on:
            detection, end = _without_last(detection)
            if end:
                windows.resume(window.document.text.find("\n", end) + 1)
            known = detection.decision
        if window.start:
            moved = tuple(conversation.moved(window.start) for conversation in detection.conversations)
            detection = replace(detection, conversations=moved)
        yield detection


def _without_last(detection: Detection) -> tuple[Detection, int]:
    """Without what may go on in the next part, and where the rest ends; 0 where nothing is left to be read again."""
    found = detection.conversations
    if len(found) > 1:
        return replace(detection, conversations=found[:-1]), found[-2].span.end
    if not found or len(found[0].turns) < _MIN_CUT_TURNS:
        return detection, 0
    turns = found[0].turns[:-1]
    turns = turns if turns[-1].role == "assistant" else turns[:-1]
    span = Span(found[0].span.start, max(piece.end for piece in turns[-1].pieces))
    return replace(detection, conversations=(replace(found[0], turns=turns, span=span),)), span.end


def _detect(document: SourceDocument, min_turns: int, known: str) -> Detection:
    """Structure (tables, records, captions) is read first, then the lines: labels, names, quoting, questions.

    Of the rules for lines the one that explains most text wins, or, in a later part of a document, the ``known`` one.
    A leading answer becomes a system turn (roles.py).
    """
    text = document.text
    lines = index_lines(document, text)
    mask_page_furniture(document.sections, lines)
    read_layout(text, lines)
    found = _by_known_rule(text, lines, known) or [
        *_structured(document, text, lines),
        *_from_page_or_lines(document, text, lines),
    ]
    refused = {number: why for number, finding in enumerate(found) if (why := implausible(text, finding))}
    findings = [finding for number, finding in enumerate(found) if number not in refused]
    conversations: list[Conversation] = []
    for finding in findings:
        starts = [draft.start for draft in finding.drafts]
        contexts = _contexts(lines, starts)
        conversations.extend(to_conversations(text, finding, contexts, min_turns))
    conversations.sort(key=lambda conversation: conversation.span)
    reasons = tuple(finding.reason for finding in findings)
    reasons += tuple(f"{found[number].rule} refused: {why}" for number, why in refused.items())
    if conversations:
        rules = " + ".join(dict.fromkeys(finding.rule for finding in findings))
        return Detection(tuple(conversations), rules, reasons, undecided=False)
    if findings:
        reasons = (*reasons, f"no conversation has {min_turns} turns with both roles")
    undecided = _may_be_dialogue(text, lines)
    return Detection((), "undecided" if undecided else "none", reasons or (_NOTHING,), undecided)


def _by_known_rule(text: str, lines: Sequence[Line], known: str) -> list[Finding]:
    """What the rule finds that has explained the part before, where it again explains most of the text."""
    if known == "messages with times":
        finding = find_stamped(text, lines)
    elif known == "speaker names":
        finding = find_named(text, lines, _marks(text, lines))
    elif known in ("labelled dialogue", "labelled pairs"):
        finding = find_closed(text, lines, _marks(text, lines))
    else:
        finding = None
    return [finding] if finding and finding.rule == known and finding.weight > _MOST * len(text) else []


def _marks(text: str, lines: Sequence[Line]) -> list[Mark]:
    marks = [Mark(index, label) for index in range(len(lines)) if (label := find_label(text, lines, index))]
    quoted = [mark for mark in marks if text[lines[mark.index].first] == ">"]
    return quoted if len(quoted) > _QUOTED * len(marks) else marks


def turn_text(text: str, turn: Turn) -> str:
    """The content of a turn: its pieces of ``text`` (the document's text) joined by line breaks, nothing else."""
    return "\n".join(text[piece.start : piece.end] for piece in turn.pieces)


def _structured(document: SourceDocument, text: str, lines: Sequence[Line]) -> Iterator[Finding]:
    tables = list(find_in_tables(text, document.sections))
    if any(section.kind == "row" for section in document.sections):
        written = find_in_values(text, document.sections, _read_plain)
        if written and written.turns > sum(table.turns for table in tables):
            tables = [written]
    yield from tables
    yield from find_in_pipe_tables(text, lines)
    yield from find_in_records(text, document.sections, _read_plain)
    captions = find_in_captions(document.sections)
    if captions:
        yield captions


def _from_page_or_lines(document: SourceDocument, text: str, lines: Sequence[Line]) -> list[Finding]:
    """The blocks of a web page, unless the lines say much more, or label more turns outright."""
    read = _textual(document, text, lines)
    blocks = find_interview(text, find_in_pages(text, document.sections))
    if blocks is None:
        return read
    more = (line.turns > blocks.turns and line.confidence >= blocks.confidence for line in read)
    lines_win = any(more) or any(line.weight > 2 * blocks.weight for line in read)
    return _apart([blocks, *reversed(read)] if lines_win else [*reversed(read), blocks])


def _textual(document: SourceDocument, text: str, lines: Sequence[Line]) -> list[Finding]:
    """The best reading of the lines, if any."""
    if looks_like_log(text, lines) or looks_like_code(text, lines):
        return []
    template = find_tokens(text)
    if template:
        return [template]
    separated = find_separated(text, lines)
    if separated:
        return [separated]
    marks = _marks(text, lines)
    labels = {mark.index: mark.label for mark in marks}
    mail = find_in_mail(text, lines, document.sections)
    if mail and is_mail(document.sections):
        return [mail]
    closed = find_closed(text, lines, marks)
    faq = find_faq(text, lines, labels)
    if closed and faq and faq.rule == "questions as label":
        faq = None  # the same labels, but blind to those of the answers
    stamped = find_stamped(text, lines)
    if stamped and faq and faq.confidence < stamped.confidence and faq.turns <= 2 * stamped.turns:
        faq = None  # what is said in a chat may ask too
    spoken = stamped or find_named(text, lines, _without_times(text, lines, marks))
    if spoken and faq and faq.confidence <= spoken.confidence and faq.turns * _FEW_QUESTIONS <= spoken.turns:
        faq = None  # an exercise between dialogues, whose answers would swallow them
    found = [
        find_interview(text, closed or find_run_on(text, lines)) if not closed or _are_pairs(closed) else closed,
        spoken,
        (None if spoken else find_paired_marks(text, lines)) or find_dashes(text, lines, document.sections),
        find_interview(text, faq),
        mail,
    ]
    ranked = sorted(
        (finding for finding in found if finding), key=lambda finding: finding.weight * finding.confidence**2
    )
    return _apart(ranked)


def _apart(ranked: Sequence[Finding]) -> list[Finding]:
    """The best finding, and what the others found before or behind it: a FAQ in one chapter, a talk in the next."""
    chosen = list(ranked[-1:])
    for finding in reversed(ranked[:-1]):
        first = min(draft.start for one in chosen for draft in one.drafts)
        end = max(_end(draft) for one in chosen for draft in one.drafts)
        drafts = tuple(draft for draft in finding.drafts if _end(draft) <= first or draft.start >= end)
        rest = replace(finding, drafts=drafts)
        mostly = len(drafts) >= _MOSTLY_APART * len(finding.drafts)
        if drafts and mostly and rest.turns >= _MIN_APART and finding.confidence >= _SURE:
            chosen.append(rest)
    return chosen


def _end(draft: Draft) -> int:
    return max((piece.end for turn in draft.utterances for piece in turn.pieces), default=draft.start)


def _are_pairs(finding: Finding) -> bool:
    return finding.rule == "labelled pairs"


def _read_plain(text: str) -> list[Finding]:
    """The best reading of a text that stands inside a record or a cell."""
    listed = find_in_json(text)
    if listed:
        return [listed]
    document = SourceDocument(Path(), "", (Section(text),), "")
    return _textual(document, text, index_lines(document, text))


def _without_times(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> list[Mark]:
    """No labels where most stand behind a time: whether those are speakers is decided with the times (stamped.py)."""
    timed = sum(_begins_with_time(text, lines[mark.index]) for mark in marks)
    return [] if timed * 2 > len(marks) else list(marks)


def _begins_with_time(text: str, line: Line) -> bool:
    start = line.first + (text[line.first] in "[(<")
    return text[start : start + 1].isdigit() and read_moment(text, start, line.end) > 0


def _contexts(lines: Sequence[Line], starts: Sequence[int]) -> dict[int, Span | None]:
    """For each start of a conversation the nearest heading above that begins none itself, else the passage before."""
    own = set(starts)
    line_starts = [line.start for line in lines]
    headings = [line for line in lines if line.level and line.start not in own]
    heading_starts = [line.start for line in headings]
    found: dict[int, Span | None] = {}
    for start in starts:
        above = bisect_left(heading_starts, start) - 1
        if above >= 0:
            found[start] = Span(headings[above].body, headings[above].end)
        else:
            found[start] = _passage_before(lines, bisect_left(line_starts, start))
    return found


def _passage_before(lines: Sequence[Line], index: int) -> Span | None:
    last = index - 1
    while last >= 0 and (lines[last].blank or lines[last].skip or lines[last].rule):
        last -= 1
    if last < 0 or lines[last].foreign:
        return None
    first = last
    while first > 0 and not lines[first - 1].blank and lines[last].end - lines[first - 1].start <= _MAX_CONTEXT:
        first -= 1
    return Span(lines[first].first, lines[last].end)


def _may_be_dialogue(text: str, lines: Sequence[Line]) -> bool:
    """Whether a closer look is worth its price: paragraphs of which some ask and the one after each does not, or that
    begin as answers do ("Yes,", "Right."), or that open with quotation marks."""
    paragraphs = list(_paragraphs(lines))
    if len(paragraphs) < _UNDECIDED_PARAGRAPHS:
        return False
    asks = [_asks(text, first) for first in paragraphs]
    asking = sum(asks)
    answered = sum(one and not other for one, other in itertools.pairwise(asks))
    if asking >= _UNDECIDED_QUESTIONS and answered >= _UNDECIDED_QUESTIONS and asking * 8 >= len(asks):
        return True
    replies = sum(_opens_as_reply(text, first) for first in paragraphs)
    quoted = sum(text[first.start] in '"“”„«»「『' for first in paragraphs)
    return replies >= max(_UNDECIDED_QUESTIONS, len(paragraphs) // 8) or quoted * 3 >= len(paragraphs)


def _paragraphs(lines: Sequence[Line]) -> Iterator[Span]:
    """The first line of every paragraph of running text."""
    for index, line in enumerate(lines):
        if not line.blank and _opens_paragraph(lines, index):
            yield Span(line.first, line.end)


def _opens_as_reply(text: str, line: Span) -> bool:
    found = _REPLY.match(text, line.start, line.end)
    return found is not None and found[1].casefold() in words("replies")


def _opens_paragraph(lines: Sequence[Line], index: int) -> bool:
    line = lines[index]
    return not (line.blank or line.code or line.foreign or line.level or line.skip) and starts_block(lines, index)


def _asks(text: str, line: Span) -> bool:
    beginning = text[line.start : min(line.end, line.start + _MAX_CONTEXT)]
    return "?" in beginning or (not beginning.isascii() and ("？" in beginning or "؟" in beginning))
