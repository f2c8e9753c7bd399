"""Every question with its answer, turn by turn: those of the samples kept so far, and those that may not come back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from src.core.types import Message, Sample, Span, Verdict
from src.generation.common_words import only, share
from src.generation.diversity import MAX_ROUGE, MAX_WORDS_SHARED
from src.generation.gates.admission import GateMode
from src.generation.gates.terms import rarity
from src.generation.gates.texts import question_key
from src.generation.same_fact import DISTINCT, are_different_questions, tell_the_same
from src.generation.telling import Telling, read_telling
from src.utils.sample_groups import pair_turns
from src.utils.similarity.overlap import rouge_l
from src.utils.similarity.overlap_index import OverlapIndex
from src.utils.similarity.shingles import tokenize

DROPPED_BEFORE = "dropped_before"
EXTRACTED_ALREADY = "extracted_already"
REPEATED = "repeated_exchange"
_LEAST_TOKENS = 0.68
"""Dice coefficient of the different tokens of two questions below which they are never compared: less than MAX_ROUGE,
for some tokens stand there twice."""
_LEAST_ANSWER = 0.4
"""The same for the words of two answers that say something: one fact may be told in other words."""
_STANDS_ALONE = 4
"""Tokens from which a later question, or its answer, says something without the turns before it ("And on Sundays?")."""


class Exchange(NamedTuple):
    """A question and its answer."""

    question: str
    answer: str


def exchanges_of(messages: Sequence[Message]) -> list[Exchange]:
    """The exchanges of a conversation in their order."""
    told = pair_turns((message.role, message.content) for message in messages)
    return [Exchange(question, answer) for question, answer in told]


def exchanges_in(sample: Sample) -> list[Exchange]:
    """The exchanges of a sample as they were written: without the passage that stands below a request to extract."""
    told = exchanges_of(sample.messages)
    if told and sample.metadata.get("task") == "extraction":
        told[0] = told[0]._replace(question=_without_passage(told[0].question, sample.span))
    return told


def _without_passage(request: str, span: Span | None) -> str:
    before = request[: -(span.end - span.start)] if span else ""
    return before.rstrip() if before.endswith("\n\n") else request.partition("\n\n")[0]


class Exchanges:
    """What a run knows of what has been told. Ask it in the order of the plan: what came first stays."""

    def __init__(self, extracted: Iterable[Exchange] = (), dropped: Iterable[Exchange] = ()) -> None:
        """``extracted`` stand in the dataset word for word; ``dropped`` were taken out of it by a person."""
        self._first, self._later, self._extracted, self._dropped = _Told(), _Told(), _Told(), _Told()
        for exchange in extracted:
            self._extracted.add(exchange)
        for exchange in dropped:
            self._dropped.add(exchange)

    def add(self, exchanges: Sequence[Exchange], passage: str = "") -> None:
        """Remember what was kept; ``passage`` is the id of what it was written from."""
        for exchange in exchanges[:1]:
            self._first.add(exchange, passage)
        for exchange in exchanges[1:]:
            self._later.add(exchange, passage)

    def find(self, exchanges: Sequence[Exchange], passage: str = "", mode: GateMode = "strict") -> Verdict:
        """Whether a sample of these exchanges may come in, by the ``mode`` of the gates; what a person has dropped
        comes back in none.

        None of them may ask nearly what was dropped, tell what was extracted, or stand in a kept sample or twice in
        this one. Two that begin their samples are not compared: of these the question alone decides (``Admitted``).
        """
        dropped = next(filter(None, map(self._dropped.asked, exchanges)), None)
        if dropped is not None:
            return Verdict(False, DROPPED_BEFORE, dropped.question)
        if mode == "off":
            return Verdict(True)
        verdict = self._find_told(exchanges, passage)
        return verdict._replace(keep=True) if mode == "report" else verdict

    def _find_told(self, exchanges: Sequence[Exchange], passage: str) -> Verdict:
        own = _Told()
        for number, exchange in enumerate(exchanges):
            extracted = self._extracted.told(exchange)
            if extracted is not None:
                return Verdict(False, EXTRACTED_ALREADY, extracted.question)
            beside = (own, self._later, self._first) if number else (self._later,)
            known = next(filter(None, (told.repeated(exchange, passage) for told in beside)), None)
            if known is not None:
                return Verdict(False, REPEATED, known.question)
            own.add(exchange, passage)
        return Verdict(True)


class _Place(NamedTuple):
    exchange: Exchange
    passage: str


class _Told:
    """A growing number of exchanges, found by the words of their questions or of their answers."""

    def __init__(self) -> None:
        self._places: list[_Place] = []
        self._by_question, self._by_answer = OverlapIndex(), OverlapIndex()

    def add(self, exchange: Exchange, passage: str = "") -> None:
        self._places.append(_Place(exchange, passage))
        self._by_question.add(tokenize(exchange.question))
        self._by_answer.add(_telling_words(exchange.answer))

    def asked(self, new: Exchange) -> Exchange | None:
        """One that asks the same or nearly the same, and is not answered by another fact."""
        for old in self._asked_nearly(new):
            same = question_key(new.question) == question_key(old.exchange.question)
            if same or not are_different_questions(_read(new), _read(old.exchange)):
                return old.exchange
        return None

    def told(self, new: Exchange) -> Exchange | None:
        """One that tells the same fact, whatever is asked."""
        for number in self._by_answer.near(_telling_words(new.answer), _LEAST_ANSWER):
            old = self._places[number].exchange
            said, known = _read(new), _read(old)
            if _say_the_same(new.answer, old.answer) or (tell_the_same(said, known) and not _are_others(said, known)):
                return old
        return None

    def repeated(self, new: Exchange, passage: str) -> Exchange | None:
        """One with nearly the same question and an answer that tells nothing else."""
        alike = frozenset(self._by_answer.near(_telling_words(new.answer), _LEAST_ANSWER)) if self._places else ()
        for old in self._asked_nearly(new, alike):
            if not _say_something(new, old.exchange):
                continue
            if not are_different_questions(_read(new, passage), _read(old.exchange, old.passage)):
                return old.exchange
        return None

    def _asked_nearly(self, new: Exchange, among: Collection[int] | None = None) -> Iterator[_Place]:
        tokens = tokenize(new.question)
        for number in self._by_question.near(tokens, _LEAST_TOKENS):
            old = self._places[number]
            if among is not None and number not in among:
                continue
            if rouge_l(tokens, tokenize(old.exchange.question)) >= MAX_ROUGE:
                yield old


def _telling_words(answer: str) -> frozenset[str]:
    """The tokens of an answer without those that every text has; all of them where it has no others."""
    tokens = frozenset(tokenize(answer))
    return frozenset(token for token in tokens if rarity(token) >= DISTINCT) or tokens


@lru_cache(maxsize=1 << 12)
def _read(exchange: Exchange, passage: str = "") -> Telling:
    return read_telling(exchange.question, exchange.answer, passage)


def _say_the_same(new: str, old: str) -> bool:
    """Whether two answers say the same in almost the same words, with the same numbers in the same order."""
    left, right = tokenize(new), tokenize(old)
    if min(len(left), len(right)) < _STANDS_ALONE or rouge_l(left, right) < MAX_ROUGE:
        return False
    if list(filter(str.isdigit, left)) != list(filter(str.isdigit, right)):
        return False
    return share(read_telling("", new, "").answer_words, read_telling("", old, "").answer_words) >= MAX_WORDS_SHARED


def _are_others(new: Telling, old: Telling) -> bool:
    """Whether each of two answers has a word that the other sample is without: they tell alike of two things."""
    beyond = (only(one.answer_words, (*other.words, *other.answer_words)) for one, other in ((new, old), (old, new)))
    return min(sum(map(rarity, words)) for words in beyond) >= DISTINCT


def _say_something(*exchanges: Exchange) -> bool:
    return all(len(tokenize(text)) >= _STANDS_ALONE for exchange in exchanges for text in exchange)
