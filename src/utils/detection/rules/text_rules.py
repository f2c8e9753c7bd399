"""The best reading of text without structure: each rule for lines says what it finds, one of them is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from src.core.types import Section, SourceDocument
from src.utils.detection.lines.cue_times import behind_moment, cue_lines
from src.utils.detection.lines.labels import Label, find_label
from src.utils.detection.lines.lines import Line, index_lines
from src.utils.detection.lines.speech import looks_like_code, looks_like_log
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.messages.mail import find_in_mail, is_mail
from src.utils.detection.messages.signed_talk import find_signed_talk
from src.utils.detection.messages.stamped import find_stamped
from src.utils.detection.rules.answer_keys import find_answer_key
from src.utils.detection.rules.cards import find_cards
from src.utils.detection.rules.closed_labels import find_closed
from src.utils.detection.rules.dashes import find_dashes
from src.utils.detection.rules.episodes import find_episodes
from src.utils.detection.rules.faq import find_faq
from src.utils.detection.rules.field_blocks import find_field_blocks
from src.utils.detection.rules.folded_blocks import find_folded_blocks
from src.utils.detection.rules.hashed_roles import find_hashed_roles
from src.utils.detection.rules.history_lines import find_history_lines
from src.utils.detection.rules.issue_dumps import find_issue
from src.utils.detection.rules.letters import with_counted_letters
from src.utils.detection.rules.letters_column import find_letters
from src.utils.detection.rules.logged_turns import find_logged_chat, find_logged_turns
from src.utils.detection.rules.numbered_exchanges import find_numbered_exchanges
from src.utils.detection.rules.paired_marks import find_paired_marks
from src.utils.detection.rules.parted_answers import find_parted
from src.utils.detection.rules.quiz_exports import find_quiz
from src.utils.detection.rules.quoted_lines import find_quoted
from src.utils.detection.rules.quoted_questions import find_quoted_questions
from src.utils.detection.rules.readers_questions import find_readers
from src.utils.detection.rules.run_on import find_run_on
from src.utils.detection.rules.separators import find_separated
from src.utils.detection.rules.speaker_names import find_named
from src.utils.detection.rules.terminal_sessions import find_terminal_session
from src.utils.detection.rules.tex_exercises import find_tex_exercises
from src.utils.detection.rules.tokens import find_tokens
from src.utils.detection.rules.typed_history import find_typed_history
from src.utils.detection.rules.written_records import find_written_records
from src.utils.detection.structure.activity_pages import find_activity
from src.utils.detection.structure.cell_lists import find_in_json
from src.utils.detection.types import Draft, Finding
from src.utils.detection.unsaid.bylines import without_bylines
from src.utils.detection.unsaid.closing_lines import without_closing_lines
from src.utils.detection.unsaid.common_ends import without_common_ends
from src.utils.detection.unsaid.edge_moments import without_edge_moments
from src.utils.detection.words.interview import find_interview

_FEW_QUESTIONS = 3
_MOST = 0.5
_MIN_APART = 6
_MOSTLY_APART = 0.75
_SURE = 0.8
_QUOTED = 0.75
"""Where so many labels stand in quoted lines, those around the quotation label nothing."""


def read_lines(document: SourceDocument, text: str, lines: Sequence[Line]) -> list[Finding]:
    """The best reading of the lines, if any."""
    written = find_episodes(text, lines) or find_history_lines(text, lines)
    written = written or find_written_records(text, lines) or find_field_blocks(text, lines)
    if written:
        return [written]
    known = _of_known_format(text, lines) or find_activity(text, document.sections)
    if known:
        return [known]
    if looks_like_log(text, lines):
        logged = find_logged_turns(text, lines)
        return [logged] if logged else []
    if looks_like_code(text, lines):
        return []
    sure = find_tokens(text) or find_hashed_roles(text) or find_separated(text, lines) or find_signed_talk(text, lines)
    if sure:
        return [sure]
    mail = find_in_mail(text, lines, document.sections)
    if mail and is_mail(document.sections):
        return [mail]
    letters = find_letters(text, lines)
    if letters:
        return [letters]
    ranked = sorted(
        (finding for finding in _competing(document, text, lines, mail) if finding),
        key=lambda finding: finding.weight * finding.confidence**2,
    )
    return [_without_ends(text, finding) for finding in apart(ranked)]


def _of_known_format(text: str, lines: Sequence[Line]) -> Finding | None:
    """What formats that only hold such turns say outright."""
    known = (
        find_tex_exercises(text) or find_quiz(text) or find_cards(text, lines) or find_numbered_exchanges(text, lines)
    )
    if known and _stands_in_talk(text, lines, known.drafts[0].start):
        known = None
    known = known or find_answer_key(text, lines)
    return known or find_issue(text, lines) or find_typed_history(text, lines) or find_terminal_session(text, lines)


def _stands_in_talk(text: str, lines: Sequence[Line], start: int) -> bool:
    """Whether what begins at ``start`` is code, or follows the label of somebody who talks and quotes it."""
    above = [index for index, line in enumerate(lines) if line.start <= start]
    if lines[above[-1]].code:
        return True
    labels = (find_label(text, lines, index) for index in above)
    return any(label.word.family in ("user", "assistant") for label in labels if label)


def _competing(
    document: SourceDocument, text: str, lines: Sequence[Line], mail: Finding | None
) -> Sequence[Finding | None]:
    """What the rules that may all read the same text find, without what one of them mistakes for its own."""
    marks = _marks(text, lines)
    labels = {mark.index: mark.label for mark in marks}
    closed = find_closed(text, lines, marks) or find_readers(text, lines, marks) or find_parted(text, lines, marks)
    faq = find_faq(text, lines, labels)
    if closed and faq and faq.rule == "questions as label":
        faq = None  # the same labels, but blind to those of the answers
    stamped = find_stamped(text, lines)
    if stamped and closed and _are_pairs(closed) and stamped.turns >= closed.turns:
        closed = None  # who asks and answers with a time beside it is in a chat
    if stamped and faq and faq.confidence < stamped.confidence and faq.turns <= 2 * stamped.turns:
        faq = None  # what is said in a chat may ask too
    spoken = stamped or find_quoted(text, lines) or find_named(text, lines, _without_times(text, lines, marks))
    logged = None if spoken else find_logged_chat(text, lines)
    if logged:
        spoken, faq = logged, None  # a line that asks is one of the chat, too
    if spoken and faq and faq.confidence <= spoken.confidence and faq.turns * _FEW_QUESTIONS <= spoken.turns:
        faq = None  # an exercise between dialogues, whose answers would swallow them
    if spoken and faq and _begin_with_speakers(faq, spoken, {lines[mark.index].start: mark.label for mark in marks}):
        faq = None  # its questions are turns of people
    if faq and faq.rule == "questions as prompt" and cue_lines(text, lines):
        faq = None  # captions set the same mark before every speaker
    quoted = None if mail else find_quoted_questions(text, lines)
    if quoted and closed and _are_pairs(closed) and closed.turns >= quoted.turns:
        quoted = None  # the labels stand in the quotations
    return (
        find_interview(text, closed or find_run_on(text, lines)) if not closed or _are_pairs(closed) else closed,
        spoken,
        (None if spoken else find_paired_marks(text, lines)) or find_dashes(text, lines, document.sections),
        find_interview(text, faq),
        find_interview(text, quoted),
        find_folded_blocks(text, lines),
        mail,
    )


def _begin_with_speakers(faq: Finding, spoken: Finding, labels: dict[int, Label]) -> bool:
    """Whether most questions stand behind labels of those who speak by ``spoken``."""
    speakers = {turn.speaker for draft in spoken.drafts for turn in draft.utterances}
    known = sum(draft.start in labels and labels[draft.start].word.key in speakers for draft in faq.drafts)
    return known * 2 >= len(faq.drafts)


def _without_ends(text: str, finding: Finding) -> Finding:
    """``finding`` without what stands at the ends of its turns and nobody says."""
    trimmed = without_common_ends(text, without_edge_moments(text, finding))
    return without_bylines(text, without_closing_lines(text, trimmed))


def apart(ranked: Sequence[Finding]) -> list[Finding]:
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


def read_by_known_rule(text: str, lines: Sequence[Line], known: str) -> list[Finding]:
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


def read_plain(text: str) -> list[Finding]:
    """The best reading of a text that stands inside a record or a cell."""
    listed = find_in_json(text)
    if listed:
        return [listed]
    document = SourceDocument(Path(), "", (Section(text),), "")
    return read_lines(document, text, index_lines(document, text))


def _marks(text: str, lines: Sequence[Line]) -> list[Mark]:
    found = [Mark(index, label) for index in range(len(lines)) if (label := find_label(text, lines, index))]
    marks = with_counted_letters(text, found)
    quoted = [mark for mark in marks if text[lines[mark.index].first] == ">"]
    return quoted if len(quoted) > _QUOTED * len(marks) else marks


def _without_times(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> list[Mark]:
    """No labels where most stand behind a time: whether those are speakers is decided with the times (stamped.py)."""
    heads = (lines[mark.index] for mark in marks)
    timed = sum(behind_moment(text, line.first, line.end, line.end) > line.first for line in heads)
    return [] if timed * 2 > len(marks) else list(marks)
