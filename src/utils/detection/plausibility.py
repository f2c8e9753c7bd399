"""Whether what a rule found can be a conversation at all: not a form, a survey, a guide, fields, or signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from src.core.types import Span
from src.utils.detection.speech import asks, count_words, leaves_blanks
from src.utils.detection.types import Finding

_MIN_TURNS = 6
_MANY_TURNS = 12
_MAX_TEXT = 4000
_BLANK_SHARE = 0.3
_ASKING_ANSWERS = 0.6
_MIN_ANSWERS = 8
_MAX_ALIKE = 0.35
_FEW_WORDS = 4
_VALUE_SHARE = 0.3
_SIGNED_SHARE = 0.6
_ENDS = ".!?…。！？؟՞;।։"
_CLOSERS = " \t\n*_`~\"'”’»」』)）"
_DASHES = "-–—―~ \t"
_COMMENT = ("#:", "#,", "#.", "//", "/*", "%%", ";;", "--[")
_WRITTEN_FOR_TRAINING = frozenset({"records of turns", "records of pairs", "chat template", "captions"})
"""The keys or tokens of these name the turns outright; a classifier's answers may well be all alike."""
_NAMED = frozenset({"speaker names", "blocks of a page"})


def implausible(text: str, finding: Finding) -> str:
    """Why nobody can have said the turns of ``finding`` to another, or "" where somebody may have.

    Judged by what stands in the turns alone, whatever rule found them: a rule reads labels and layout, and forms,
    surveys, logs and collections of quotations have both.
    """
    if finding.rule in _WRITTEN_FOR_TRAINING:
        return ""
    drafts = [[_content(text, turn.pieces) for turn in draft.utterances] for draft in finding.drafts]
    contents = [content for draft in drafts for content in draft]
    if len(contents) < _MIN_TURNS:
        return ""
    pairs = _joined_pairs(finding, drafts) or [draft for draft in drafts if len(draft) == 2]
    if len(pairs) * 2 > len(drafts):
        reason = _why_no_pairs(pairs)
    elif finding.rule == "dialogue of dashes":
        reason = "dashes lead signatures" if _are_signatures(contents, len(contents)) else ""
    else:
        reason = _why_no_dialogue(finding, contents)
    return reason


def _joined_pairs(finding: Finding, drafts: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The pairs of an interview, which is one draft of questions and answers."""
    if len(drafts) > 1 or any(turn.family not in ("question", "answer") for turn in finding.drafts[0].utterances):
        return []
    return [drafts[0][place : place + 2] for place in range(0, len(drafts[0]) - 1, 2)]


def _why_no_pairs(pairs: Sequence[Sequence[str]]) -> str:
    questions = [pair[0] for pair in pairs]
    answers = [pair[1] for pair in pairs]
    if sum(map(leaves_blanks, answers)) >= _BLANK_SHARE * len(answers):
        return "a form: the answers are left blank"
    if sum(_asks_back(answer) for answer in answers) >= _ASKING_ANSWERS * len(answers):
        return "a guide or questionnaire: questions are followed by questions"
    if _are_signatures(
        [answer.lstrip(_DASHES) for answer in answers if answer.lstrip()[:1] in tuple(_DASHES)], len(answers)
    ):
        return "names below quotations, not answers"
    alike = len(set(answers)) <= _MAX_ALIKE * len(answers)
    if len(answers) >= _MIN_ANSWERS and alike and sum(map(count_words, answers)) < _FEW_WORDS * len(answers):
        return "a survey: the same few values answer everything"
    if sum(question.startswith(_COMMENT) for question in questions) * 2 >= len(questions):
        return "comments of a program or catalogue, not questions"
    return ""


def _why_no_dialogue(finding: Finding, contents: Sequence[str]) -> str:
    if finding.rule not in _NAMED or len(contents) < _MANY_TURNS:
        return ""
    firsts = [content.strip().split("\n", 1)[0].strip() for content in contents]
    counts = Counter(firsts)
    values = sum(counts[first] > 2 and not _ends_sentence(first) for first in firsts)
    if values >= _VALUE_SHARE * len(firsts):
        return "fields: the same values come again and again"
    turns = [turn for draft in finding.drafts for turn in draft.utterances]
    if all(turn.family is None for turn in turns) and any(map(asks, contents)):
        answered = any(
            _ends_asking(content) and turn.speaker != other.speaker
            for (turn, content), (other, _) in pairwise(zip(turns, contents, strict=True))
        )
        return "" if answered else "nobody is asked: no entry leaves its question to the next"
    return ""


def _asks_back(answer: str) -> bool:
    """Whether an answer begins with a line that is a question."""
    first = answer.strip().split("\n", 1)[0]
    return _ends_asking(first)


def _are_signatures(contents: Sequence[str], of: int) -> bool:
    """Whether a few words without the end of a sentence, and a gap, follow most dashes: names below quotations."""
    heads = [content.strip().split("\n\n", 1)[0] for content in contents]
    signed = sum(count_words(head) <= _FEW_WORDS and not _ends_sentence(head) for head in heads)
    return signed >= _SIGNED_SHARE * of


def _ends_asking(content: str) -> bool:
    bare = content.rstrip(_CLOSERS)
    return asks(bare[-1:]) or bare.endswith(("か。", "か")) or (bare.endswith(";") and asks(bare))


def _ends_sentence(content: str) -> bool:
    return content.rstrip(_CLOSERS)[-1:] in tuple(_ENDS)


def _content(text: str, pieces: Sequence[Span]) -> str:
    return "\n".join(text[piece.start : piece.end] for piece in pieces)[:_MAX_TEXT]
