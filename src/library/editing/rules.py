"""Rules by which samples are dropped, each with its reason; and the scope that says which samples a change is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Literal, NamedTuple

from src.core.types import OBJECTION, QUALITY_SCORE, Sample
from src.generation.gates.language import detect_language
from src.library.editing.patterns import Pattern
from src.persistence.models import StoredSample
from src.utils.refusals import is_refusal
from src.utils.wordlists import LANGUAGES

Part = Literal["all", "question", "answer", "system"]
PARTS: tuple[Part, ...] = ("all", "question", "answer", "system")
_ROLES = {"question": "user", "answer": "assistant", "system": "system"}
KNOWN_LANGUAGES = (*LANGUAGES, "ja", "ko", "zh")

Rule = Callable[[StoredSample], str]
"""The reason for which a sample goes; "" for one that stays."""


class Scope(NamedTuple):
    """Which samples a change is about; empty: all. ``sources`` are names of files, in which ``*`` stands for anything;
    ``topics`` are keywords."""

    sources: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()

    def holds(self, row: StoredSample) -> bool:
        """Whether the change is about ``row``."""
        sample = row.sample
        return (
            (not self.sources or any(fnmatchcase(sample.source_label, name) for name in self.sources))
            and (not self.topics or not set(self.topics).isdisjoint(sample.topic_keywords))
            and (not self.splits or (row.split or "none") in self.splits)
        )


def texts_of(sample: Sample, part: Part) -> Iterator[str]:
    """The turns that ``part`` means; the worse answer of a pair is an answer."""
    for message in sample.messages:
        if part == "all" or message.role == _ROLES[part]:
            yield message.content
    if sample.rejected and part in {"all", "answer"}:
        yield sample.rejected


def by_length(least: int | None, most: int | None) -> Rule:
    """``too_short`` and ``too_long``: the characters of the last answer."""

    def rule(row: StoredSample) -> str:
        length = len(_answer(row.sample))
        if least is not None and length < least:
            return "too_short"
        return "too_long" if most is not None and length > most else ""

    return rule


def by_tokens(most: int) -> Rule:
    """``too_many_tokens``: those of the whole sample."""
    return lambda row: "too_many_tokens" if row.token_length > most else ""


def by_language(wanted: Collection[str]) -> Rule:
    """``other_language``: the answer is surely in none of the ``wanted`` languages. One whose language does not show (a
    number, a name, code) stays."""

    def rule(row: StoredSample) -> str:
        code = detect_language(_answer(row.sample)).code
        return "other_language" if code and code not in wanted else ""

    return rule


def by_score(least: float) -> Rule:
    """``low_score``: a score below ``least``. A sample that was never scored stays."""

    def rule(row: StoredSample) -> str:
        score = row.sample.metadata.get(QUALITY_SCORE)
        return "low_score" if isinstance(score, int | float) and score < least else ""

    return rule


def refusals(row: StoredSample) -> str:
    """``refusal``: the last answer begins as one that declines, and was not asked for as one."""
    wanted = row.sample.metadata.get("task") == "refusal"
    return "refusal" if not wanted and is_refusal(_answer(row.sample)) else ""


def by_pattern(pattern: Pattern, part: Part) -> Rule:
    """``matches_pattern``: found in a turn that ``part`` means."""
    return lambda row: "matches_pattern" if any(map(pattern.matches, texts_of(row.sample, part))) else ""


def by_objection(reasons: Collection[str]) -> Rule:
    """``objection``: a check spoke against the sample when it was made, for one of ``reasons``; empty: for any."""

    def rule(row: StoredSample) -> str:
        reason = row.sample.metadata.get(OBJECTION)
        return "objection" if reason and (not reasons or reason in reasons) else ""

    return rule


def by_mark(marked: Collection[str]) -> Rule:
    """``dropped_by_user``: a person has marked it (``Sample.id`` in ``marked``)."""
    return lambda row: "dropped_by_user" if row.sample.id in marked else ""


def first_reason(rules: Sequence[Rule], row: StoredSample) -> str:
    """The reason of the first rule that speaks against ``row``; "" where none does."""
    return next((reason for rule in rules if (reason := rule(row))), "")


def _answer(sample: Sample) -> str:
    last = sample.messages[-1] if sample.messages else None
    return last.content if last and last.role == "assistant" else ""
