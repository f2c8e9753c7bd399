"""Pairs of question and answer that are one interview: a person answers, speaking of themselves."""

from __future__ import annotations

import re
from dataclasses import replace

from src.utils.detection.types import ANSWERERS, ASKERS, Finding, Utterance
from src.utils.detection.vocabulary import words

_MIN_PAIRS = 3
_MIN_SHARE = 0.35
_MAX_CHARS = 1500
_MIN_GOING_ON = 2
_GOING_ON_SHARE = 0.2
_INDEPENDENT = ("questions as number", "questions as prefix")
"""Who numbers questions wants them looked up one by one."""
_WORD = re.compile(r"[^\W\d_]+")


def find_interview(text: str, finding: Finding | None) -> Finding | None:
    """``finding`` with its pairs joined to one conversation, where the answers speak in the first person singular and
    the questions do not (readers of a FAQ ask "How do I ...?")."""
    if finding is None or len(finding.drafts) < _MIN_PAIRS or finding.rule in _INDEPENDENT:
        return finding
    turns = [turn for draft in finding.drafts for turn in draft.utterances]
    answers = [turn for turn in turns if turn.family in ANSWERERS]
    questions = [turn for turn in turns if turn.family in ASKERS]
    if not answers or not questions:
        return finding
    personal = _share(text, answers) >= _MIN_SHARE and _share(text, questions) <= _MIN_SHARE
    if not personal and not _goes_on(text, questions[1:]):
        return finding
    joined = replace(finding.drafts[0], utterances=tuple(turns))
    return replace(finding, drafts=(joined,), reason=f"{finding.reason}; one interview: the answers say 'I' or the questions go on")


def _goes_on(text: str, questions: list[Utterance]) -> bool:
    """Whether some questions begin with "And" or "But": they go on from the answer before."""
    going = 0
    for question in questions:
        first = _WORD.search(text, question.pieces[0].start, question.pieces[0].end)
        going += first is not None and first[0].casefold() in words("going_on")
    return going >= max(_MIN_GOING_ON, _GOING_ON_SHARE * len(questions))


def _share(text: str, turns: list[Utterance]) -> float:
    return sum(_speaks_of_self(text, turn) for turn in turns) / len(turns)


def _speaks_of_self(text: str, turn: Utterance) -> bool:
    said = " ".join(text[piece.start : piece.end] for piece in turn.pieces)[:_MAX_CHARS].casefold()
    if not words("first_person").isdisjoint(_WORD.findall(said)):
        return True
    return any(word in said for word in words("first_person_wide")) and not any(
        word in said for word in words("first_plural_wide")
    )
