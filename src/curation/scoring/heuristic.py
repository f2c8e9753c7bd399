"""A free score by form, without a model: what can be seen in a row without understanding it, each rule with its price.

It finds what is broken: empty, cut off, repeated, refused, code that cannot be parsed, sums that are wrong. It cannot
tell whether what is said is true; ``correctness`` is 8 where nothing could be checked, for want of a reason for more.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Final

from src.curation.records import Pair
from src.curation.scoring.dimensions import Dimensions
from src.curation.verify.arithmetic import check_sums
from src.curation.verify.code_blocks import check_code, find_code
from src.utils.refusals import is_refusal

_BEST: Final = 10.0
_UNCHECKED: Final = 8.0
"""Correctness of an answer in which nothing can be checked."""
_FULL_WORDS: Final = 64
"""Words from which a longer answer is not more complete."""
_SHORT_QUESTION_WORDS: Final = 3
_HELPS_DESPITE: Final = 2.0
"""By how much an answer may help more than it is correct and complete."""
_OPENING: Final = 200
"""Characters in which a placeholder is looked for."""
_WORDS: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_ENDS: Final = frozenset(".!?…。！？`'\")]}>:;»”’*|$_-0123456789")
_CUT: Final = 40
"""Words from which an answer that ends in the middle of a sentence is taken as cut off."""
_DAMAGE: Final = re.compile("\ufffd|Ã[\u0080-\u00bf]|â€")
"""What is left of text that was decoded wrongly."""


def score_by_form(pair: Pair) -> Dimensions:
    """The four dimensions of a row, from 1 to 10 each."""
    question, answer = _WORDS.findall(pair.question), _WORDS.findall(pair.answer)
    correctness = _bounded(_correctness(pair.answer))
    completeness = _bounded(_completeness(pair.answer, len(answer)))
    helpfulness = min(_helpfulness(pair, question, answer), min(correctness, completeness) + _HELPS_DESPITE)
    return Dimensions(
        _bounded(_clarity(pair.question, len(question))), correctness, completeness, _bounded(helpfulness)
    )


def _bounded(value: float) -> float:
    return round(max(1.0, min(_BEST, value)), 2)


def _clarity(question: str, words: int) -> float:
    """No words: 1; one or two words: 5 or 7; a placeholder: 5 less; damaged letters: 3 less."""
    if not words:
        return 1.0
    score = _BEST if words >= _SHORT_QUESTION_WORDS else 3.0 + 2 * words
    score -= 5 * _holds_placeholder(question)
    return score - 3 * (_DAMAGE.search(question) is not None)


def _correctness(answer: str) -> float:
    """8; 10 where code or sums were checked and are right; 3 where code is broken, 2 to 8 by the share of right sums;
    damaged letters: 3 less."""
    verdicts = [check_code(block).state for block in find_code(answer)]
    sums = [one.right for one in check_sums(answer)]
    checked = [1.0] * verdicts.count("parses") + [0.1] * verdicts.count("broken")
    score = _UNCHECKED
    if checked:
        score = _BEST * min(checked) if min(checked) == 1 else 3.0
    if sums:
        share = sum(sums) / len(sums)
        by_sums = _BEST if share == 1 else 2.0 + 6 * share
        score = min(score, by_sums) if checked else by_sums
    return score - 3 * (_DAMAGE.search(answer) is not None)


def _completeness(answer: str, words: int) -> float:
    """From 5 for a word to 10 for 64, by their logarithm; 1 for none; a refusal: 3; cut off in the middle of a
    sentence: 4 less; a fence of code that never ends: 3 less."""
    if not words:
        return 3.0 if answer.strip() else 1.0
    if is_refusal(answer):
        return 3.0
    score = 5.0 + 5.0 * min(1.0, math.log2(words) / math.log2(_FULL_WORDS))
    end = answer.rstrip()[-1:]
    if words >= _CUT and end not in _ENDS and not end.isspace() and _is_prose(answer):
        score -= 4
    return score - 3 * (answer.count("```") % 2)


def _helpfulness(pair: Pair, question: list[str], answer: list[str]) -> float:
    """10; a refusal: 6 less; a placeholder for an answer: 6 less; nothing but the question again: 6 less; the same
    words over and over: up to 6 less."""
    if not answer and not pair.answer.strip():
        return 1.0
    score = _BEST - 6 * is_refusal(pair.answer)
    score -= 6 * (len(answer) <= 4 and _holds_placeholder(pair.answer))
    if len(answer) > 2 and answer == question[-len(answer) :]:
        score -= 6
    return score - _repetition(answer)


def _repetition(words: list[str]) -> float:
    """0 to 6: nothing below a half of runs of four words that were there before."""
    runs = len(words) - 3
    if runs < 30:
        return 0.0
    different = len({tuple(words[start : start + 4]) for start in range(runs)})
    share = 1 - different / runs
    return max(0.0, 12 * (share - 0.5))


def _is_prose(answer: str) -> bool:
    """Whether the last line reads as running text rather than as an item, a table or code."""
    last = answer.rstrip().rpartition("\n")[2]
    return len(last) > 60 and not last.startswith((" ", "\t", "-", "*", "|", "#"))


def _holds_placeholder(text: str) -> bool:
    opening = text[:_OPENING].strip().lower()
    return opening.startswith(_phrases("placeholders"))


@cache
def _phrases(name: str) -> tuple[str, ...]:
    lines = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
