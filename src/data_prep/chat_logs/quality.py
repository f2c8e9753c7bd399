"""Which exchanges of a conversation are worth learning from; every one that is not has a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from src.data_prep.chat_logs.expressions import any_of
from src.data_prep.chat_logs.types import Exchange

_OPENING: Final = 300
"""Characters of a turn in which it says what kind of turn it is."""
_LONGEST_REFUSAL: Final = 600
_LONGEST_NOTICE: Final = 200
_SHORT_ANSWER: Final = 60
_DUMP: Final = 4_000
"""Characters from which a question may be nothing but what was pasted."""
_ASKED_OF_DUMP: Final = 12
"""Letters of plain words that a person adds at least who wants something done with what they paste."""
_PROSE: Final = re.compile(r"^[\s>*-]*[A-Za-z][^\d{}<>=|/\\;\[\]]*[.?!:,]?\s*$")
_CODE_SIGN: Final = re.compile(r"[`(){}=<>/\\_|$#@]|\w\.\w|--\w")


class Judged(NamedTuple):
    """The exchanges that stay, and how many others there were by reason."""

    kept: list[Exchange]
    dropped: Counter[str]


def judge(exchanges: Sequence[Exchange]) -> Judged:
    """Leave out answers that were refused, abandoned, disliked or corrected, and questions that are pasted dumps.

    From a corrected answer on nothing stays: what follows speaks of it. Where all answers that are left are one-liners
    nothing stays either.
    """
    kept: list[Exchange] = []
    dropped: Counter[str] = Counter()
    for index, exchange in enumerate(exchanges):
        following = exchanges[index + 1] if index + 1 < len(exchanges) else None
        if following and _is_correction(following):
            dropped["corrected"] += len(exchanges) - index
            break
        flaw = exchange.flaw or _flaw(exchange)
        if flaw:
            dropped[flaw] += 1
        else:
            kept.append(exchange)
    if kept and all(map(_is_one_liner, kept)):
        dropped["short_reply"] += len(kept)
        kept = []
    return Judged(kept, dropped)


def _flaw(exchange: Exchange) -> str:
    answer = exchange.answer
    if len(answer) <= _LONGEST_REFUSAL and _is_refusal(answer):
        return "refused"
    if _words("failures").match(answer) or _is_notice(answer):
        return "abandoned"
    return "pasted_dump" if _is_dump(exchange.question) else ""


def _is_refusal(answer: str) -> bool:
    """Whether the model declines; not where it says what it cannot do and goes on with code or an answer."""
    small = answer.lower()  # a search that ignores the case takes four times as long
    refusal = _words("declines").match(small, 0, _OPENING) or _words("refusals", re.NOFLAG).search(small, 0, _OPENING)
    if refusal is None:
        return False
    return "`" not in small[refusal.end() :] and _words("objections").search(small, refusal.end()) is None


def _is_notice(answer: str) -> bool:
    """Whether a program says in place of an answer that there is none."""
    return len(answer) <= _LONGEST_NOTICE and "`" not in answer and _words("notices").match(answer) is not None


def _is_correction(following: Exchange) -> bool:
    """Whether the next exchange says that the answer before was wrong: the person does, or the answer admits it."""
    return bool(
        _words("corrections").match(following.question[:_OPENING])
        or _words("admissions").match(following.answer[:_OPENING])
    )


def _is_one_liner(exchange: Exchange) -> bool:
    answer = exchange.answer
    return len(answer) < _SHORT_ANSWER and "\n" not in answer and _CODE_SIGN.search(answer) is None


def _is_dump(question: str) -> bool:
    """Whether a long question is pasted through and through: no line of it asks for anything."""
    if len(question) < _DUMP or "?" in question[:_OPENING] or "?" in question[-_OPENING:]:
        return False
    lines = question.splitlines()
    ends = [*lines[:5], *lines[-5:]]
    return sum(len(line) for line in ends if _PROSE.match(line)) < _ASKED_OF_DUMP


@cache
def _words(name: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    text = files(__package__).joinpath("data/phrases.txt").read_text(encoding="utf-8")
    lines = [line.split(" ", 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return any_of([phrase for kind, phrase in lines if kind == name], flags)
