"""The decision about one document, or one part of a long one: structure first, then the lines, then plausibility."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from src.core.types import SourceDocument
from src.utils.detection.beside_tables import beside_each_other
from src.utils.detection.contexts import contexts_in, contexts_of
from src.utils.detection.lines.lines import Line, index_lines
from src.utils.detection.plausibility import implausible
from src.utils.detection.roles import to_conversations
from src.utils.detection.rules.text_rules import apart, read_by_known_rule, read_lines, read_plain
from src.utils.detection.structure.captions import find_in_captions
from src.utils.detection.structure.embedded import find_in_values
from src.utils.detection.structure.page_blocks import find_in_pages
from src.utils.detection.structure.pipe_tables import find_in_pipe_tables
from src.utils.detection.structure.records import find_in_records
from src.utils.detection.structure.tables import find_in_tables
from src.utils.detection.types import Conversation, Detection, Finding
from src.utils.detection.undecided import may_be_dialogue
from src.utils.detection.unsaid.edge_moments import without_edge_moments
from src.utils.detection.unsaid.folding_signs import without_folding_signs
from src.utils.detection.unsaid.layout import read_layout
from src.utils.detection.unsaid.markup import without_markup
from src.utils.detection.unsaid.page_furniture import mask_page_furniture
from src.utils.detection.words.interview import find_interview

NOTHING_FOUND = "no rule found speakers or answered questions"


def decide(document: SourceDocument, min_turns: int, known: str, before: int = 0) -> Detection:
    """Structure (tables, records, captions) is read first, then the lines: labels, names, quoting, questions.

    Of the rules for lines the one that explains most text wins, or, in a later part of a document, the ``known`` one.
    A leading answer becomes a system turn (roles.py). ``before`` counts the characters of the whole text that stand
    before a part.
    """
    text = document.text
    lines, found = find_all(document, text, known)
    detection = _conclude(text, lines, found, min_turns, before)
    if detection.conversations or not may_be_dialogue(text, lines):
        return detection
    return replace(detection, decision="undecided", undecided=True)


def find_all(document: SourceDocument, text: str, known: str = "") -> tuple[list[Line], list[Finding]]:
    """The lines of ``document``, whose text is ``text``, and what the rules find; some of it nobody may have said.

    Where all is records or rows, and their keys tell the turns, no line is looked at.
    """
    keyed = all(section.kind in ("record", "row") for section in document.sections)
    structured = list(_structured(document, text, ())) if keyed else []
    if structured:
        return [], structured
    lines = index_lines(document, text)
    mask_page_furniture(document.sections, lines)
    read_layout(text, lines)
    found = read_by_known_rule(text, lines, known)
    if not found:
        structured = [] if keyed else list(_structured(document, text, lines))
        found = beside_each_other(text, structured, _from_page_or_lines(document, text, lines))
    return lines, found


def conclude(text: str, finding: Finding, min_turns: int, before: int) -> Detection:
    """The conversations of a ``finding`` in plain ``text`` that is known to be spoken, ``before`` which the whole text
    has so many characters."""
    contexts = contexts_in(text, [draft.start for draft in finding.drafts])
    conversations = tuple(to_conversations(text, finding, contexts, min_turns, before))
    return Detection(conversations, finding.rule if conversations else "none", (finding.reason,), undecided=False)


def _conclude(text: str, lines: Sequence[Line], found: Sequence[Finding], min_turns: int, before: int) -> Detection:
    """The conversations in what was ``found``, without what nobody can have said, and the reasons."""
    refused = {number: why for number, finding in enumerate(found) if (why := implausible(text, finding))}
    kept = [one for number, one in enumerate(found) if number not in refused]
    findings = [without_markup(text, without_folding_signs(text, one)) for one in kept]
    conversations: list[Conversation] = []
    for finding in findings:
        starts = [draft.start for draft in finding.drafts]
        contexts = contexts_of(text, lines, starts)
        conversations.extend(to_conversations(text, finding, contexts, min_turns, before))
    conversations.sort(key=lambda conversation: conversation.span)
    reasons = tuple(finding.reason for finding in findings)
    reasons += tuple(f"{found[number].rule} refused: {why}" for number, why in refused.items())
    if conversations:
        rules = " + ".join(dict.fromkeys(finding.rule for finding in findings))
        return Detection(tuple(conversations), rules, reasons, undecided=False)
    if findings:
        reasons = (*reasons, f"no conversation has {min_turns} turns with both roles")
    return Detection((), "none", reasons or (NOTHING_FOUND,), undecided=False)


def _structured(document: SourceDocument, text: str, lines: Sequence[Line]) -> Iterator[Finding]:
    tables = list(find_in_tables(text, document.sections))
    if any(section.kind == "row" for section in document.sections):
        written = find_in_values(text, document.sections, read_plain)
        if written and written.turns > sum(table.turns for table in tables):
            tables = [written]
    yield from tables
    yield from find_in_pipe_tables(text, lines)
    yield from find_in_records(text, document.sections, read_plain)
    captions = find_in_captions(document.sections)
    if captions:
        yield captions


def _from_page_or_lines(document: SourceDocument, text: str, lines: Sequence[Line]) -> list[Finding]:
    """The blocks of a web page, unless the lines say much more, or label more turns outright."""
    read = read_lines(document, text, lines)
    blocks = find_interview(text, find_in_pages(text, document.sections))
    if blocks is None:
        return read
    read = [line for line in read if not implausible(text, line)]
    blocks = without_edge_moments(text, blocks)
    more = (line.turns > blocks.turns and line.confidence >= blocks.confidence for line in read)
    trust = blocks.weight * blocks.confidence
    lines_win = any(more) or any(line.weight * line.confidence > 2 * trust for line in read)
    return apart([blocks, *reversed(read)] if lines_win else [*reversed(read), blocks])
