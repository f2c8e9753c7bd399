"""What of a draft the dataset has already: the same question, nearly the same one, or the same fact asked for again."""

from __future__ import annotations

import importlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from src.core.types import Verdict
from src.generation.answer_first.embedder import Embedder
from src.generation.answer_first.words import stem
from src.generation.gates.language import detect_language
from src.generation.gates.support import new_words
from src.generation.gates.terms import STEM_CHARS, Vocabulary, content_words, rarity
from src.generation.gates.texts import question_key
from src.generation.number_words import in_digits
from src.utils.similarity.overlap import rouge_l
from src.utils.similarity.shingles import tokenize

MAX_ROUGE = 0.7
"""ROUGE-L from which two questions are too alike (Self-Instruct, Wang et al. 2022, section 2.2)."""
MAX_WORDS_SHARED = 0.8
"""The same for the content words of two questions in whatever order."""
MAX_COSINE = 0.8
"""MiniLM: four of six true duplicates lie above, none of six pairs that only share a subject."""
SAME_FACT = 0.48
"""Share of what two answers say beyond their questions, from which both tell the same fact of one passage: paraphrases
lie above .4 but for a few, different questions at one passage below .35 (benchmarks/quality.py)."""
MOSTLY_CONTAINED, ALIKE = 0.5, 0.36
WHOLLY_CONTAINED, RELATED = 0.95, 0.22
"""Where one answer says more than the other: how much of the shorter one the longer one has, and how much of all their
words the two pairs of question and answer share."""
OTHER_FACT = 0.3
"""Below it two answers tell different facts, however alike their questions are ("How high is A?", "How high is B?")."""
DISTINCT = 0.2
"""Rarity of the words by which two questions about different passages must differ, each from the other."""
_MIN_FACT = 0.5
_LEAST_BOUND = 0.68
"""Of the different tokens of two questions, a little less than MAX_ROUGE: some stand there twice."""


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
    token_set: frozenset[str]
    stems: frozenset[str]


class Repeat(NamedTuple):
    """Why a draft is one too many: the code, and the question that was kept."""

    reason: str
    question: str


class Admitted:
    """Everything kept so far. Ask it in the order of the plan: what came first stays."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._keys: dict[str, str] = {}
        self._kept: list[_Kept] = []
        self._by_passage: defaultdict[str, list[int]] = defaultdict(list)
        self._index: defaultdict[str, list[int]] = defaultdict(list)
        self._vectors = _Vectors(embedder) if embedder else None
        self.openings: Counter[str] = Counter()
        self.lengths: Counter[int] = Counter()

    def find(self, question: str, answer: str = "", passage: str = "") -> Verdict:
        """Whether a question may come in: no kept one is the same, nearly the same, or, at the same ``passage`` (its
        id), answered by the same fact."""
        known = self._keys.get(question_key(question))
        if known is not None:
            return Verdict(False, "duplicate_question", known)
        new = _read(question, answer, passage)
        for number in self._alike(new):
            if _is_near(new, self._kept[number]):
                return Verdict(False, "near_duplicate_question", self._kept[number].question)
        for number in self._by_passage.get(passage, ()) if passage else ():
            if _tells_same(new, self._kept[number]):
                return Verdict(False, "paraphrased_duplicate", self._kept[number].question)
        if self._vectors is not None:
            for number in self._vectors.near(question, MAX_COSINE):
                if not _differs(new, self._kept[number]):
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
        for token in _rarest(kept.tokens):
            self._index[token].append(number)
        if self._vectors is not None:
            self._vectors.add(question)
        self.openings[opening(question)] += 1
        self.lengths[len(tokenize(answer))] += 1

    def _alike(self, new: _Kept) -> list[int]:
        """Kept questions that may reach MAX_ROUGE: with so many tokens in common they share one of the rarer half."""
        shared = Counter(number for token in _rarest(new.tokens) for number in self._index.get(token, ()))
        least = MAX_ROUGE / (2 - MAX_ROUGE)
        size = len(new.tokens)
        return [number for number in sorted(shared) if least * size <= len(self._kept[number].tokens) <= size / least]


def opening(question: str) -> str:
    """The first two words of a question, in lower case."""
    return " ".join(tokenize(question)[:2])


def entropy(counts: Iterable[int]) -> float:
    """How evenly things are spread over kinds, in bits: 0 for one kind, log2(n) for n kinds of the same size."""
    sizes = [count for count in counts if count]
    total = sum(sizes)
    return math.fsum(-size / total * math.log2(size / total) for size in sizes) if total else 0.0


def spread(lengths: Counter[int]) -> float:
    """The coefficient of variation of lengths (value -> how often): standard deviation over mean; 0 for none."""
    total = lengths.total()
    mean = sum(length * count for length, count in lengths.items()) / total if total else 0.0
    if not mean:
        return 0.0
    return math.sqrt(sum(count * (length - mean) ** 2 for length, count in lengths.items()) / total) / mean


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
        frozenset(tokens),
        frozenset(stem(word)[:STEM_CHARS] for word in words),
    )


def _rarest(tokens: Sequence[str]) -> list[str]:
    """The rarer tokens of a question, so many that two questions of MAX_ROUGE must share one of them. Rarity is
    the same in every run, so that the order of all tokens is too."""
    ordered = sorted(dict.fromkeys(tokens), key=lambda token: (-rarity(token), token))
    least = MAX_ROUGE / (2 - MAX_ROUGE)
    return ordered[: len(ordered) - math.ceil(least * len(ordered)) + 1] if ordered else []


def _is_near(new: _Kept, old: _Kept) -> bool:
    if not _may_be_near(new, old):
        return False
    if rouge_l(new.tokens, old.tokens) < MAX_ROUGE and share(new.words, old.words) < MAX_WORDS_SHARED:
        return False
    return not _differs(new, old)


def _may_be_near(new: _Kept, old: _Kept) -> bool:
    """A quick no for most pairs: too few tokens in common for the one measure, too few stems for the other."""
    if 2 * len(new.token_set & old.token_set) >= _LEAST_BOUND * (len(new.token_set) + len(old.token_set)):
        return True
    return 2 * len(new.stems & old.stems) >= MAX_WORDS_SHARED * (len(new.stems) + len(old.stems)) > 0


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


def _tells_same(new: _Kept, old: _Kept) -> bool:
    """Whether two questions at one passage ask for the same fact: their answers say the same beyond them."""
    if not new.has_answer or not old.has_answer:
        return False
    if _numbers_conflict(new.facts, old.facts) or _numbers_conflict(new.words, old.words):
        return False
    all_new, all_old = (list(dict.fromkeys([*kept.words, *kept.answer_words])) for kept in (new, old))
    alike = share(all_new, all_old)
    if min(sum(map(rarity, new.facts)), sum(map(rarity, old.facts))) < _MIN_FACT:
        return alike >= MAX_WORDS_SHARED
    if _same_facts(new, old) >= SAME_FACT:
        return True
    inside = contained(new.facts, old.facts)
    return (inside >= MOSTLY_CONTAINED and alike >= ALIKE) or (inside >= WHOLLY_CONTAINED and alike >= RELATED)


def _same_facts(new: _Kept, old: _Kept) -> float:
    return 0.0 if _numbers_conflict(new.facts, old.facts) else share(new.facts, old.facts)


def _numbers_conflict(left: Sequence[str], right: Sequence[str]) -> bool:
    first, second = (frozenset(word for word in words if word.isdigit()) for words in (left, right))
    return bool(first and second and not first & second)


def _only(words: Sequence[str], others: Sequence[str]) -> list[str]:
    known = Vocabulary(others)
    return [word for word in words if not known.has_form(word)]


def share(left: Sequence[str], right: Sequence[str]) -> float:
    """Jaccard similarity by rarity; forms of one word are the same. 0 to 1."""
    if not left or not right:
        return 0.0
    only_left, only_right = _only(left, right), _only(right, left)
    both = sum(map(rarity, left)) - sum(map(rarity, only_left))
    total = both + sum(map(rarity, only_left)) + sum(map(rarity, only_right))
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
