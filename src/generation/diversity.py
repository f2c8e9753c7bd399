"""What of a draft the dataset has already: the same question, nearly the same one, or the same fact asked for again."""

from __future__ import annotations

import importlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from src.core.types import Verdict
from src.generation.answer_first.embedder import Embedder
from src.generation.common_words import share
from src.generation.gates.texts import question_key
from src.generation.same_fact import answers_may_agree, are_different_questions, tell_the_same
from src.generation.telling import Telling, read_telling
from src.utils.similarity.overlap import rouge_l
from src.utils.similarity.overlap_index import OverlapIndex

MAX_ROUGE = 0.7
"""ROUGE-L from which two questions are too alike (Self-Instruct, Wang et al. 2022, section 2.2)."""
MAX_WORDS_SHARED = 0.8
"""The same for the content words of two questions in whatever order."""
MAX_COSINE = 0.8
"""MiniLM: four of six true duplicates lie above, none of six pairs that only share a subject."""
FEWEST_ASKED, MOST_ASKED = 4, 0.5
"""Kept questions about a passage, and the share of them from which a word that they have is its subject."""
_LEAST_TOKENS, _LEAST_STEMS = 0.68, 0.6
"""Dice coefficients of the different tokens, and of the stems, of two questions, below which none of the measures is
reached: a little less than these, for some tokens stand there twice, and not every stem weighs the same."""
_LEAST_LENGTH = MAX_ROUGE / (2 - MAX_ROUGE)
"""Tokens of the shorter question by those of the longer one, below which MAX_ROUGE cannot be reached."""


class Admitted:
    """Everything kept so far. Ask it in the order of the plan: what came first stays."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._keys: dict[str, str] = {}
        self._kept: list[Telling] = []
        self._by_passage: defaultdict[str, list[int]] = defaultdict(list)
        self._asked: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._by_tokens, self._by_stems = OverlapIndex(), OverlapIndex()
        self._vectors = _Vectors(embedder) if embedder else None

    def find(self, question: str, answer: str = "", passage: str = "") -> Verdict:
        """Whether a question may come in: no kept one is the same, nearly the same, or, at the same ``passage`` (its
        id), answered by the same fact."""
        known = self._keys.get(question_key(question))
        if known is not None:
            return Verdict(False, "duplicate_question", known)
        new = read_telling(question, answer, passage)
        subject = self._find_subject(passage)
        for number in self._near(new):
            if not are_different_questions(new, self._kept[number], subject):
                return Verdict(False, "near_duplicate_question", self._kept[number].question)
        for number in self._by_passage.get(passage, ()) if passage else ():
            if tell_the_same(new, self._kept[number], subject):
                return Verdict(False, "paraphrased_duplicate", self._kept[number].question)
        if self._vectors is not None:
            for number in self._vectors.near(question, MAX_COSINE):
                if answers_may_agree(new, self._kept[number]):
                    return Verdict(False, "near_duplicate_question", self._kept[number].question)
        return Verdict(True)

    def add(self, question: str, answer: str = "", passage: str = "") -> None:
        """Remember what was kept; a question of a document needs no answer."""
        self._keys.setdefault(question_key(question), question)
        kept = read_telling(question, answer, passage)
        number = len(self._kept)
        self._kept.append(kept)
        if passage:
            self._by_passage[passage].append(number)
            self._asked[passage].update(kept.stems)
        self._by_tokens.add(kept.token_set)
        self._by_stems.add(kept.stems)
        if self._vectors is not None:
            self._vectors.add(question)

    def _find_subject(self, passage: str) -> frozenset[str]:
        """The stems that most kept questions about a passage have: what it is about, and nothing that one of them asks
        for more than another."""
        questions = len(self._by_passage.get(passage, ()))
        if questions < FEWEST_ASKED:
            return frozenset()
        return frozenset(stem for stem, count in self._asked[passage].items() if count >= MOST_ASKED * questions)

    def _near(self, new: Telling) -> Iterator[int]:
        """Kept questions of almost the same words, in whatever order; what has too few of them is never looked at."""
        by_words = frozenset(self._by_stems.near(new.stems, _LEAST_STEMS))
        for number in sorted(by_words.union(self._by_tokens.near(new.token_set, _LEAST_TOKENS))):
            old = self._kept[number]
            if not _LEAST_LENGTH * len(new.tokens) <= len(old.tokens) <= len(new.tokens) / _LEAST_LENGTH:
                continue
            is_near = rouge_l(new.tokens, old.tokens) >= MAX_ROUGE
            if is_near or (number in by_words and share(new.words, old.words) >= MAX_WORDS_SHARED):
                yield number


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
