"""What of a draft the dataset has already: the same question, nearly the same one, or the same fact asked for again."""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from src.core.types import Verdict
from src.generation.answer_first.embedder import Embedder
from src.generation.answer_first.words import stem
from src.generation.gates.code_terms import code_terms
from src.generation.gates.form import agreements
from src.generation.gates.language import detect_language
from src.generation.gates.support import new_words
from src.generation.gates.terms import STEM_CHARS, Vocabulary, content_words, rarity
from src.generation.gates.texts import question_key
from src.generation.number_words import in_digits
from src.utils.similarity.overlap import rouge_l
from src.utils.similarity.overlap_index import OverlapIndex
from src.utils.similarity.shingles import tokenize

MAX_ROUGE = 0.7
"""ROUGE-L from which two questions are too alike (Self-Instruct, Wang et al. 2022, section 2.2)."""
MAX_WORDS_SHARED = 0.8
"""The same for the content words of two questions in whatever order."""
MAX_COSINE = 0.8
"""MiniLM: four of six true duplicates lie above, none of six pairs that only share a subject."""
ALIKE, TOUCHED = 0.32, 0.3
"""Share of the words of question and answer from which two samples of one passage tell the same, where the answers
also have that much in common: of 241 paraphrases 217 reach this or one of the next two rules, of 2072 pairs of
different questions about one passage four (benchmarks/quality.py)."""
CONTAINED, RELATED = 0.8, 0.24
"""Where one answer says more than the other: how much of the shorter one the longer one has, and how much of all their
words the two samples share."""
MIN_BESIDE = 0.5
"""Rarity of the words from which an answer says more than the number in it."""
SAME_ASKED = 0.45
"""Where an answer is a mere number, which may stand for anything, and the other one says more."""
SAME_QUESTION = 0.35
"""Share of the words of two questions of yes or no from which they are the same where both answers agree on it."""
SAME_FACT, MOSTLY_CONTAINED = 0.48, 0.5
"""Share of what two answers say beyond their questions from which they tell the same fact, whatever is asked."""
OTHER_FACT = 0.3
"""Below it two answers tell different facts, however alike their questions are ("How high is A?", "How high is B?")."""
DISTINCT = 0.2
"""Rarity of the words by which two questions about different passages must differ, each from the other."""
_LEAST_TOKENS, _LEAST_STEMS = 0.68, 0.6
"""Dice coefficients of the different tokens, and of the stems, of two questions, below which none of the measures is
reached: a little less than these, for some tokens stand there twice, and not every stem weighs the same."""
_LEAST_LENGTH = MAX_ROUGE / (2 - MAX_ROUGE)
"""Tokens of the shorter question by those of the longer one, below which MAX_ROUGE cannot be reached."""


_FIRST_WORD = re.compile(r"\W*(\w+)\b(?=[,.;:!–—]|\s*$)")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A question that was admitted, with what it is compared by."""

    question: str
    tokens: tuple[str, ...]
    words: tuple[str, ...]
    facts: tuple[str, ...]
    answer_words: tuple[str, ...]
    passage: str
    has_answer: bool
    code: frozenset[str]
    is_code: bool
    agreement: str
    token_set: frozenset[str]
    stems: frozenset[str]


class Admitted:
    """Everything kept so far. Ask it in the order of the plan: what came first stays."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._keys: dict[str, str] = {}
        self._kept: list[_Kept] = []
        self._by_passage: defaultdict[str, list[int]] = defaultdict(list)
        self._by_tokens, self._by_stems = OverlapIndex(), OverlapIndex()
        self._vectors = _Vectors(embedder) if embedder else None

    def find(self, question: str, answer: str = "", passage: str = "") -> Verdict:
        """Whether a question may come in: no kept one is the same, nearly the same, or, at the same ``passage`` (its
        id), answered by the same fact."""
        known = self._keys.get(question_key(question))
        if known is not None:
            return Verdict(False, "duplicate_question", known)
        new = _read(question, answer, passage)
        for number in self._near(new):
            if not _differs(new, self._kept[number]):
                return Verdict(False, "near_duplicate_question", self._kept[number].question)
        for number in self._by_passage.get(passage, ()) if passage else ():
            if _tells_same(new, self._kept[number]):
                return Verdict(False, "paraphrased_duplicate", self._kept[number].question)
        if self._vectors is not None:
            for number in self._vectors.near(question, MAX_COSINE):
                if _answers_agree(new, self._kept[number]):
                    return Verdict(False, "near_duplicate_question", self._kept[number].question)
        return Verdict(True)

    def add(self, question: str, answer: str = "", passage: str = "") -> None:
        """Remember what was kept; a question of a document needs no answer."""
        self._keys.setdefault(question_key(question), question)
        kept = _read(question, answer, passage)
        number = len(self._kept)
        self._kept.append(kept)
        if passage:
            self._by_passage[passage].append(number)
        self._by_tokens.add(kept.token_set)
        self._by_stems.add(kept.stems)
        if self._vectors is not None:
            self._vectors.add(question)

    def _near(self, new: _Kept) -> Iterator[int]:
        """Kept questions of almost the same words, in whatever order; what has too few of them is never looked at."""
        by_words = frozenset(self._by_stems.near(new.stems, _LEAST_STEMS))
        for number in sorted(by_words.union(self._by_tokens.near(new.token_set, _LEAST_TOKENS))):
            old = self._kept[number]
            if not _LEAST_LENGTH * len(new.tokens) <= len(old.tokens) <= len(new.tokens) / _LEAST_LENGTH:
                continue
            is_near = rouge_l(new.tokens, old.tokens) >= MAX_ROUGE
            if is_near or (number in by_words and share(new.words, old.words) >= MAX_WORDS_SHARED):
                yield number


@lru_cache(maxsize=16)  # what is found admissible is added next
def _read(question: str, answer: str, passage: str) -> _Kept:
    code = detect_language(f"{question}\n{answer}").code
    question_in_digits, answer = (in_digits(text) for text in (question, answer))
    asked = Vocabulary([question_in_digits])
    facts = new_words(answer, asked, code) if answer else []
    tokens = tuple(tokenize(question))
    words = tuple(dict.fromkeys(content_words(question_in_digits, code)))
    return _Kept(
        question,
        tokens,
        words,
        tuple(facts),
        tuple(dict.fromkeys(content_words(answer, code))),
        passage,
        bool(answer),
        code_terms(answer) - code_terms(question),
        answer.strip().startswith("`") and answer.strip().endswith("`"),
        _agreement(answer),
        frozenset(tokens),
        frozenset(stem(word)[:STEM_CHARS] for word in words),
    )


def _differs(new: _Kept, old: _Kept) -> bool:
    """Whether two questions of almost the same words are two questions: about things of other passages, or with other
    answers ("When was the kiln built?", "Where was the kiln built?")."""
    only_new, only_old = _only(new.words, old.words), _only(old.words, new.words)
    both = min(sum(map(rarity, only_new)), sum(map(rarity, only_old))) >= DISTINCT
    if both and (not new.passage or new.passage != old.passage):
        return True
    if not new.has_answer or not old.has_answer:
        return False
    said = _same_facts(new, old)
    if said and contained(new.facts, old.facts) >= MOSTLY_CONTAINED:
        return False
    return said < OTHER_FACT or (both and said < SAME_FACT)


def _answers_agree(new: _Kept, old: _Kept) -> bool:
    """Whether nothing in the answers speaks against two questions of one meaning being the same."""
    return not (new.has_answer and old.has_answer) or _same_facts(new, old) >= OTHER_FACT


def _tells_same(new: _Kept, old: _Kept) -> bool:
    """Whether two samples of one passage tell the same fact, in whatever words."""
    if not new.has_answer or not old.has_answer:
        return False
    if _numbers_conflict(new.facts, old.facts) or _numbers_conflict(new.words, old.words):
        return False
    if (new.code or old.code) and not new.code & old.code and (new.is_code or old.is_code or (new.code and old.code)):
        return False
    if _is_less(new, old) and share(new.words, old.words) < SAME_ASKED:
        return False
    if new.agreement and new.agreement == old.agreement and share(new.words, old.words) >= SAME_QUESTION:
        return True
    all_new, all_old = (list(dict.fromkeys([*kept.words, *kept.answer_words])) for kept in (new, old))
    alike, inside = share(all_new, all_old), contained(new.facts, old.facts)
    return (alike >= ALIKE and inside >= TOUCHED) or (alike >= RELATED and inside >= CONTAINED)


def _is_less(new: _Kept, old: _Kept) -> bool:
    """Whether one answer tells mere numbers and the other one words beside them."""
    told = [sum(rarity(word) for word in kept.facts if not word.isdigit()) for kept in (new, old)]
    numbers = [any(map(str.isdigit, kept.facts)) for kept in (new, old)]
    return all(numbers) and min(told) < DISTINCT and max(told) >= MIN_BESIDE


def _agreement(answer: str) -> str:
    """The yes or no that an answer begins with."""
    first = _FIRST_WORD.match(answer.casefold())
    return first[1] if first and first[1] in agreements() else ""


def _same_facts(new: _Kept, old: _Kept) -> float:
    return 0.0 if _numbers_conflict(new.facts, old.facts) else share(new.facts, old.facts)


def _numbers_conflict(left: Sequence[str], right: Sequence[str]) -> bool:
    first, second = (frozenset(word for word in words if word.isdigit()) for words in (left, right))
    return bool(first and second and not first & second)


def _only(words: Sequence[str], others: Sequence[str]) -> list[str]:
    exactly = frozenset(others)
    strange = [word for word in words if word not in exactly]
    if not strange:
        return []
    known = _vocabulary(exactly)
    return [word for word in strange if not known.has_form(word)]


@lru_cache(maxsize=1 << 14)
def _vocabulary(words: frozenset[str]) -> Vocabulary:
    return Vocabulary(words)


def share(left: Sequence[str], right: Sequence[str]) -> float:
    """Jaccard similarity by rarity; forms of one word are the same. 0 to 1."""
    if not left or not right:
        return 0.0
    only_left, only_right = (sum(map(rarity, _only(*pair))) for pair in ((left, right), (right, left)))
    both = min(sum(map(rarity, left)) - only_left, sum(map(rarity, right)) - only_right)
    total = both + only_left + only_right
    return both / total if total else 0.0


def contained(left: Sequence[str], right: Sequence[str]) -> float:
    """Share of the lighter of two sets of words that the other one has, by rarity."""
    shares = []
    for words, others in ((left, right), (right, left)):
        total = sum(map(rarity, words))
        shares.append(1 - sum(map(rarity, _only(words, others))) / total if total else 0.0)
    return max(shares)


class _Vectors:
    """The sentence vectors of the kept questions, in one growing matrix."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._numpy: Any = importlib.import_module("numpy")
        self._rows: Any = None
        self._count = 0

    def add(self, question: str) -> None:
        (vector,) = self._embedder.embed([question])
        if self._rows is None or self._count == len(self._rows):
            larger = self._numpy.zeros((max(64, 2 * self._count), len(vector)), dtype=vector.dtype)
            if self._rows is not None:
                larger[: self._count] = self._rows[: self._count]
            self._rows = larger
        self._rows[self._count] = vector
        self._count += 1

    def near(self, question: str, least: float) -> list[int]:
        if not self._count:
            return []
        (vector,) = self._embedder.embed([question])
        return [int(number) for number in self._numpy.flatnonzero(self._rows[: self._count] @ vector >= least)]
