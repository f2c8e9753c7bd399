"""Questions as headings: picks the class of lines that asks, and takes what stands below each as its answer."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from src.utils.detection.lines.candidates import Candidate, QuestionClass
from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.questions import find_candidates
from src.utils.detection.rules.faq_answers import MIN_OPTIONS, OPTION, pair_with_answers
from src.utils.detection.rules.solved_tasks import are_solved
from src.utils.detection.types import Draft, Finding
from src.utils.detection.unsaid.opening_marks import without_opening_marks
from src.utils.detection.words.interview import calls_interview
from src.utils.detection.words.signs import QUESTION_MARKS

_MIN_ASKING = 3
_MIN_SHARE = 0.35
_MANY = 10
_MIN_SHARE_OF_MANY = 0.25
_WHOLE_CLASS_SHARE = 0.5
_TYPED_SHARE = 0.35
_SURE_SHARE = 0.9
_MAX_CONTENTS = 8000
_MIN_STATEMENT_WORDS = 2
_MIN_ANSWERED = 0.5
_TYPED = re.compile(r"[¿¡\"'«“(]?[^\W_]")
_ANCHOR = re.compile(r"\(#[^()\n]{0,300}\)")
"""Where a link leads inside the same page."""
_CODE = re.compile(r"\w[(\[=]|[)\]}]$|[^\s?!]=|;$|^(?:import|from|print|def|for|if)\b")


class _Kind(NamedTuple):
    """A kind of lines that may ask: how often such lines are questions, and what they are called in a reason."""

    confidence: float
    members: str


_KINDS = {
    "heading": _Kind(0.9, "headings of one level"),
    "number": _Kind(0.85, "numbered lines"),
    "prefix": _Kind(0.85, "lines behind the same word"),
    "definition": _Kind(0.9, "defined terms"),
    "label": _Kind(0.9, "lines labelled as questions"),
    "tag": _Kind(0.85, "lines in the same tag"),
    "prompt": _Kind(0.85, "lines behind a prompt"),
    "bold": _Kind(0.85, "lines in emphasis"),
    "capitals": _Kind(0.8, "paragraphs in capitals"),
    "indent": _Kind(0.8, "lines above deeper text"),
    "bullet": _Kind(0.7, "items of a list"),
    "run-in": _Kind(0.7, "items that go on in their line"),
    "line": _Kind(0.6, "first lines of paragraphs"),
    "block": _Kind(0.45, "short paragraphs"),
}
_TELLING = ("heading", "number", "definition", "label", "prompt")
"""Kinds whose members may put questions that do not ask, where enough others ask."""


def find_faq(text: str, lines: Sequence[Line], labels: dict[int, Label]) -> Finding | None:
    """The questions of the class that asks most, each with what stands below it; None when no class asks enough."""
    sides = Counter(label.word.family for label in labels.values())
    if (
        max(sides["question"], sides["answer"]) < _MIN_ASKING
        and sum(text.count(mark) for mark in (*QUESTION_MARKS, ";")) < _MIN_ASKING
    ):
        return None
    asking = _asking_classes(text, lines, labels)
    found = [_answer_class(text, lines, labels, kind, members) for kind, members in asking.items()]
    return max((finding for finding in found if finding), key=_rank, default=None)


def _rank(finding: Finding) -> tuple[float, int]:
    return len(finding.drafts) * finding.confidence, finding.weight


def _asking_classes(
    text: str, lines: Sequence[Line], labels: dict[int, Label]
) -> dict[QuestionClass, Sequence[Candidate]]:
    """The classes of lines that ask often enough, with their members; numbers of any depth are one class."""
    groups: dict[QuestionClass, list[Candidate]] = defaultdict(list)
    for candidate in find_candidates(text, lines, labels):
        groups[candidate.kind].append(candidate)
    asking: dict[QuestionClass, Sequence[Candidate]] = {
        kind: members
        for kind, members in groups.items()
        if (_asks_enough(_below_opening(text, kind, members)) and not _outnumbered(groups, kind))
        or are_solved(text, lines, labels, kind, members)
    }
    numbered = [kind for kind in asking if kind[0] == "number"]
    if len(numbered) > 1:  # chapters and their sections ask alike: 2.1. and 2.1.3.
        merged = [member for kind in numbered for member in asking.pop(kind)]
        asking[("number", "of any depth")] = sorted(merged, key=lambda member: member.index)
    return asking


def _asks_enough(members: Sequence[Candidate]) -> bool:
    asking = sum(member.asks for member in members)
    share = _MIN_SHARE_OF_MANY if asking >= _MANY else _MIN_SHARE
    return asking >= _MIN_ASKING and asking >= share * len(members)


def _below_opening(text: str, kind: QuestionClass, members: Sequence[Candidate]) -> Sequence[Candidate]:
    """The paragraphs from the first question on, where those above it call what follows an interview."""
    if kind[0] != "block":
        return members
    first = next((place for place, member in enumerate(members) if member.asks), 0)
    return members[first:] if first and calls_interview(text, members[first].start) else members


def _outnumbered(groups: dict[QuestionClass, list[Candidate]], kind: QuestionClass) -> bool:
    """Whether most items of the same numbering or emphasis hold no question with its answer."""
    if kind[0] != "run-in":
        return False
    if not kind[1][:1].isalnum() and kind[1] != "bold" and "9" not in kind[1]:
        return False  # a mark stands behind each question
    others = ("bold", "**", kind[2]) if kind[1] == "bold" else ("number", kind[1], kind[2])
    return len(groups.get(others, ())) > len(groups[kind])


def _answer_class(
    text: str, lines: Sequence[Line], labels: dict[int, Label], kind: QuestionClass, members: Sequence[Candidate]
) -> Finding | None:
    """The questions of one class with their answers; None where too few have one, or what stands below is none."""
    whole = _asks_as_a_whole(kind, members) or are_solved(text, lines, labels, kind, members)
    is_put = _is_said if kind[0] == "prompt" else _is_statement
    questions = [member for member in members if member.asks or (whole and is_put(text, member))]
    if kind[0] == "heading":
        questions = _below_titles(text, lines, questions)
    enders = [member for member in members if member.asks or whole or kind[0] == "heading"]
    known = {_letters(text[member.start : member.end]) for member in questions}
    drafts = [
        draft
        for draft in pair_with_answers(text, lines, labels, questions, enders)
        if not _lists_questions(_told(text, draft), known)
    ]
    drafts = without_opening_marks(text, drafts)
    told = [_told(text, draft) for draft in drafts]
    if sum(map(_lists_options, told)) * 2 > len(told):
        return None  # an exam without its key
    if sum(map(_is_table, told)) * 2 > len(told):
        return None  # the figures of a survey
    least = _MIN_ASKING if kind[0] == "block" else _MIN_ASKING - 1  # an essay has paragraphs that ask, too
    if len(drafts) < least or len(drafts) < _MIN_ANSWERED * len(known):
        return None
    asking = sum(member.asks for member in members)
    reason = f"{asking} of {len(members)} {_KINDS[kind[0]].members} ask a question; {len(drafts)} have an answer below"
    return Finding(f"questions as {kind[0]}", tuple(drafts), _KINDS[kind[0]].confidence, reason)


def _asks_as_a_whole(kind: QuestionClass, members: Sequence[Candidate]) -> bool:
    """Whether so many members ask that the others put questions, too."""
    share = sum(member.asks for member in members) / len(members)
    telling = kind[0] in _TELLING or share >= _SURE_SHARE
    return telling and share >= (_TYPED_SHARE if kind[0] == "prompt" else _WHOLE_CLASS_SHARE)


def _below_titles(text: str, lines: Sequence[Line], questions: list[Candidate]) -> list[Candidate]:
    """``questions`` without those above the first that asks that are titles: one of the first level opens the
    document, others stand in a part of it that ends before that first one."""
    first = next((place for place, member in enumerate(questions) if member.asks), 0)
    stop = questions[first].index if questions else 0

    def is_title(member: Candidate) -> bool:
        level = lines[member.index].level
        if level == 1:
            return not text[: lines[member.index].start].strip()
        return any(0 < line.level < level for line in lines[member.index + 1 : stop])

    return [member for place, member in enumerate(questions) if place >= first or not is_title(member)]


def _is_said(text: str, member: Candidate) -> bool:
    """Whether what is typed behind a prompt is said to somebody: no command (``/bye``), no code."""
    content = text[member.start : member.end]
    return _TYPED.match(content) is not None and _CODE.search(content) is None


def _is_statement(text: str, member: Candidate) -> bool:
    """Whether a member that does not ask is long enough to be a problem put as a statement."""
    return len(text[member.start : member.end].split()) >= _MIN_STATEMENT_WORDS


def _told(text: str, draft: Draft) -> str:
    return "\n".join(text[slice(*piece)] for piece in draft.utterances[-1].pieces)


def _letters(content: str) -> str:
    return "".join(filter(str.isalpha, content.casefold()))


def _lists_questions(told: str, known: set[str]) -> bool:
    """Whether an answer mostly repeats questions: a table of contents."""
    shown = _ANCHOR.sub("", told[:_MAX_CONTENTS])
    found = [letters for line in shown.splitlines() if (letters := _letters(line))]
    listed = sum(line in known or line[1:] in known for line in found)
    return listed * 2 > len(found)


def _lists_options(told: str) -> bool:
    """Whether an answer is nothing but lettered options to choose from."""
    filled = [line for line in told.splitlines() if line.strip()]
    options = sum(OPTION.match(line.strip()) is not None for line in filled)
    return options == len(filled) >= MIN_OPTIONS


def _is_table(told: str) -> bool:
    """Whether an answer is nothing but rows of a table."""
    return all(line.lstrip().startswith("|") for line in told.splitlines() if line.strip())
