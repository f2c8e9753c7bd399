"""The gates that a generated draft must pass: each is one function with one reason code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.number_forms import missing_numbers
from src.generation.wordlists import read_wordlist

MIN_QUESTION_WEIGHT = 8
MIN_ANSWER_WEIGHT = 3
MIN_LEAK_CHARS = 40
"""Shortest line of the prompt (normalised) whose appearance in a draft is no coincidence."""

_QUOTED = re.compile(r'"([^"\n]{2,300})"|“([^”\n]{2,300})”|„([^“”\n]{2,300})[“”]|«([^»\n]{2,300})»|`([^`\n]{2,300})`')
_EXAMPLE = re.compile(r'"(?:question|answer|content)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_NO_WORD = re.compile(r"[^\w]+")
_NO_LETTER = re.compile(r"[\W_]+")
_EAST_ASIAN = re.compile("[\u2e80-\U0010ffff]")
_SAME_MARKS = str.maketrans(
    {**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("‐‑‒–—−", "-"), "\u00ad": None}
)


def normalise(text: str) -> str:
    """``text`` in NFKC, casefolded, one kind of quote and dash, single spaces: equal for a reader, equal here."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_SAME_MARKS).split())


def question_key(text: str) -> str:
    """The letters, digits and vowel signs of a question: equal when two differ only in case, spacing and marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return _NO_LETTER.sub("", text)
    # \w leaves out the vowel signs of Indic scripts, which tell words apart
    return "".join(mark for mark in text if mark.isalnum() or unicodedata.category(mark).startswith("M"))


def letter_weight(text: str) -> int:
    """How much a text says: its letters and digits; East Asian ones count twice, for one says as much as two."""
    return sum(map(str.isalnum, text)) + sum(map(str.isalnum, _EAST_ASIAN.findall(text)))


def check_lengths(draft: Draft) -> Verdict:
    """Reject what is too short to ask or to say anything, and an answer that only repeats its question."""
    if letter_weight(draft.messages[0].content) < MIN_QUESTION_WEIGHT:
        return Verdict(False, "question_too_short")
    if any(letter_weight(turn.content) < MIN_ANSWER_WEIGHT for turn in draft.messages[1::2]):
        return Verdict(False, "answer_too_short")
    if question_key(draft.question) == question_key(draft.answer):
        return Verdict(False, "answer_repeats_question")
    return Verdict(True)


def check_source_references(draft: Draft) -> Verdict:
    """Reject "according to the passage", "as mentioned above": the trained model will never see what is meant."""
    text = _words(f"{draft.question} {draft.answer}")
    hit = any(phrase in text for phrase in _source_references())
    return Verdict(False, "refers_to_source") if hit else Verdict(True)


def check_numbers(draft: Draft, passage: str) -> Verdict:
    """Reject an answer with a number that the passage does not have, in digits or in words."""
    return Verdict(False, "number_not_in_source") if missing_numbers(draft.answer, passage) else Verdict(True)


def check_quotes(draft: Draft, passage: str) -> Verdict:
    """Reject an answer with a quotation or inline code that the passage does not have."""
    quotes = [normalise(match.group()[1:-1]).strip(" .,;:!?…") for match in _QUOTED.finditer(draft.answer)]
    source = normalise(passage) if quotes else ""
    return Verdict(True) if all(quoted in source for quoted in quotes) else Verdict(False, "quote_not_in_source")


@dataclass(frozen=True, slots=True)
class PromptTraces:
    """What of a prompt must not come back: the texts of its examples and its longer lines."""

    examples: frozenset[str] = frozenset()
    lines: tuple[str, ...] = ()

    @classmethod
    def of(cls, template: str) -> PromptTraces:
        """Read them out of a prompt file: JSON examples by their field names, lines without ``$names`` as they are."""
        examples = frozenset(question_key(match.group(1)) for match in _EXAMPLE.finditer(template)) - {""}
        lines = (normalise(line) for line in template.splitlines() if "$" not in line and not _EXAMPLE.search(line))
        return cls(examples, tuple(line for line in lines if len(line) >= MIN_LEAK_CHARS))

    def check(self, draft: Draft) -> Verdict:
        """Reject a copied example (question or answer) and a draft that recites the prompt."""
        if any(question_key(turn.content) in self.examples for turn in draft.messages):
            return Verdict(False, "copied_example")
        text = normalise(f"{draft.question}\n{draft.answer}")
        return Verdict(False, "copied_prompt") if any(line in text for line in self.lines) else Verdict(True)


@dataclass(slots=True)
class Gates:
    """All gates in order, and the questions admitted so far. One per run: ask it in the order of the plan, so that the
    same answers give the same dataset whatever arrived first."""

    traces: PromptTraces = PromptTraces()
    taken: set[str] = field(default_factory=set)

    def take(self, questions: Iterable[str]) -> None:
        """Mark questions as already in the dataset (those of extracted conversations)."""
        self.taken.update(question_key(question) for question in questions)

    def admit(self, draft: Draft, passage: str) -> Verdict:
        """Keep the draft and remember its question, or give the first reason against it. An empty ``passage`` means
        that there is no source: then nothing is checked against one."""
        verdict = self._check(draft, passage)
        if not verdict.keep:
            return verdict
        key = question_key(draft.messages[0].content)
        if key in self.taken:
            return Verdict(False, "duplicate_question")
        self.taken.add(key)
        return verdict

    def _check(self, draft: Draft, passage: str) -> Verdict:
        for check in (check_lengths, self.traces.check, check_source_references):
            verdict = check(draft)
            if not verdict.keep:
                return verdict
        if not passage.strip():
            return Verdict(True)
        numbers = check_numbers(draft, passage)
        return check_quotes(draft, passage) if numbers.keep else numbers


def _words(text: str) -> str:
    return f" {_NO_WORD.sub(' ', normalise(text))} "


@cache
def _source_references() -> tuple[str, ...]:
    return tuple(_words(phrase) for phrase in read_wordlist("source_references.txt"))
