"""Pairs of question and answer that are one interview: a person answers, speaking of themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from src.utils.detection.types import ANSWERERS, ASKERS, Finding, Utterance
from src.utils.detection.words.vocabulary import words, words_of

_MIN_PAIRS = 3
_SELF_SHARE = 0.35
_SOME_SHARE = 0.2
"""Answers that speak of themselves: enough alone, or enough beside another sign of an interview."""
_READER_SHARE = 0.35
_ADDRESSED_SHARE = 0.25
_GOING_ON_SHARE = 0.2
_SOME_GOING_ON = 0.1
_MOSTLY_RULED = 0.75
_MAX_CHARS = 1500
_HEAD_CHARS = 800
_LOOKED_UP = frozenset(f"questions as {kind}" for kind in ("number", "prefix", "heading", "definition", "tag"))
"""Who numbers questions, or makes headings of them, wants them looked up one by one."""
_LABELLED = ("labelled pairs", "blocks of a page")
_TYPED = "questions as prompt"
"""One session at a terminal."""
_RULE = re.compile(r"\n[ \t]*(?:%|([-*_=~])\1{2,})[ \t]*\n")


class _Signs(NamedTuple):
    """Shares of questions and answers that show who talks to whom; ``told``: the text before calls it an interview,
    ``sworn``: a witness answers."""

    answers_self: float
    questions_self: float
    addressed: float
    going_on: float
    told: bool
    sworn: bool


def find_interview(text: str, finding: Finding | None) -> Finding | None:
    """``finding`` with its pairs joined to one conversation, where a person answers somebody: the answers speak in the
    first person singular and the questions do not (readers of a FAQ ask "How do I ...?"), the questions address that
    person, or go on from the answer before ("And then?"), or the text before calls it an interview."""
    if finding is None or len(finding.drafts) < _MIN_PAIRS:
        return finding
    turns = [turn for draft in finding.drafts for turn in draft.utterances]
    answers = [turn for turn in turns if turn.family in ANSWERERS]
    questions = [turn for turn in turns if turn.family in ASKERS]
    if not answers or not questions or any(turn.speaker[-1:].isdigit() for turn in questions):
        return finding
    signs = _Signs(
        _share(text, answers),
        _share(text, questions),
        sum(_holds(text, turn, "second_person") for turn in questions) / len(questions),
        sum(_goes_on(text, turn) for turn in questions) / len(questions),
        calls_interview(text, finding.drafts[0].start),
        _calls(text, finding.drafts[0].start, "testimony"),
    )
    goes_on = signs.told or signs.going_on > _GOING_ON_SHARE
    if not _is_interview(finding.rule, signs) or (not goes_on and _are_set_apart(text, finding)):
        return finding
    joined = finding.drafts[0]._replace(utterances=tuple(turns))
    return replace(
        finding, drafts=(joined,), reason=f"{finding.reason}; one interview: a person answers for themselves"
    )


def _are_set_apart(text: str, finding: Finding) -> bool:
    """Whether rules stand between most pairs: entries of a collection, each for itself."""
    starts = [draft.start for draft in finding.drafts]
    ruled = sum(_RULE.search(text, one, other) is not None for one, other in pairwise(starts))
    return ruled >= _MOSTLY_RULED * (len(starts) - 1)


def _is_interview(rule: str, signs: _Signs) -> bool:
    if rule == _TYPED or (signs.sworn and rule in _LABELLED):
        return True
    if signs.questions_self > _READER_SHARE:
        return False
    beside = signs.told or signs.addressed >= _ADDRESSED_SHARE or signs.going_on >= _SOME_GOING_ON
    if rule in _LOOKED_UP:
        return signs.told and signs.answers_self >= _SOME_SHARE
    if rule in _LABELLED:
        reads = signs.questions_self > _SOME_SHARE and signs.going_on < _SOME_GOING_ON
        told = signs.told and signs.answers_self >= _SOME_SHARE and signs.questions_self < _SOME_SHARE
        return told or (beside and not reads and signs.answers_self > _SOME_SHARE)
    if signs.answers_self >= _SELF_SHARE or (beside and signs.answers_self > _SOME_SHARE):
        return True
    if signs.told and signs.questions_self <= _SOME_SHARE:  # many languages say "I" by the form of the verb alone
        return True
    return signs.going_on > _GOING_ON_SHARE and signs.questions_self <= _SOME_SHARE


def calls_interview(text: str, start: int) -> bool:
    """Whether the text right above ``start`` calls what follows an interview."""
    return _calls(text, start, "interview") or _calls(text, start, "testimony")


def _calls(text: str, start: int, group: str) -> bool:
    head = text[max(0, start - _HEAD_CHARS) : start].casefold()
    return any(word in head.replace(f"{word} question", "") for word in words(group) if word in head)


def _share(text: str, turns: Sequence[Utterance]) -> float:
    return sum(_speaks_of_self(text, turn) for turn in turns) / len(turns)


def _speaks_of_self(text: str, turn: Utterance) -> bool:
    said = _said(text, turn)
    if not words("first_person").isdisjoint(_without_reply(words_of(said))):
        return True
    return any(word in said for word in words("first_person_wide")) and not any(
        word in said for word in words("first_plural_wide")
    )


def _without_reply(said: list[str]) -> list[str]:
    """Without a first word that may be a reply: ``ja`` says yes in one language and I in another."""
    return said[1:] if said and said[0] in words("replies") else said


def _holds(text: str, turn: Utterance, group: str) -> bool:
    return not words(group).isdisjoint(words_of(_said(text, turn)))


def _goes_on(text: str, turn: Utterance) -> bool:
    """Whether a question begins with "And" or "But": it goes on from the answer before."""
    said = words_of(_said(text, turn))
    return bool(said) and said[0] in words("going_on")


def _said(text: str, turn: Utterance) -> str:
    return " ".join(text[piece.start : piece.end] for piece in turn.pieces)[:_MAX_CHARS].casefold()
