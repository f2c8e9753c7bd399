"""A draft must belong to its own passage among all of the run: its question finds it again, and its answer has more of
its words there than elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from src.core.types import Verdict
from src.generation.answer_first.embedder import Embedder
from src.generation.answer_first.retrieval import Bm25
from src.generation.answer_parser import Draft
from src.generation.gates.code_terms import code_terms
from src.generation.gates.support import measure_answer
from src.generation.gates.terms import retrieval_terms
from src.utils.chunker import Passage

NEAR_BEST = 0.45
"""Share of the best score that the own passage must have: documents say things twice, and a paraphrase has its words
from more than one place."""
MAX_RANK = 3
MIN_COSINE = 0.35
"""MiniLM: what a question and its own passage have at least; unrelated texts lie below .2."""
_NEAR = 2
OWN, ELSEWHERE, LEAST_ELSEWHERE = 0.4, 0.8, 1.0
"""Share of an answer's new words that its passage has at most, and another one at least, and their rarity there, from
which it is an answer of that one. Of 2149 good answers two are, among ten times as many passages as here."""


class Origin:
    """The index of a run's passages."""

    def __init__(self, passages: Sequence[Passage], embedder: Embedder | None = None) -> None:
        self._passages = passages
        self._numbers = {passage.id: number for number, passage in enumerate(passages)}
        self._index = Bm25([_text(passage) for passage in passages], retrieval_terms)
        self._embedder = embedder

    def check(self, draft: Draft, passage: Passage) -> Verdict:
        """Reject a draft whose question and answer lead elsewhere. Among the first few passages, nearly as good as the
        best one, or beside it in the same document is near enough; a run of one passage has nothing to tell apart."""
        own = self._numbers.get(passage.id)
        if own is None or len(self._passages) < _NEAR:
            return Verdict(True)
        rank = self._rank(draft.question, own)
        # a question in its own words is led home by its answer
        if rank <= MAX_RANK or self._rank(f"{draft.question}\n{draft.answer}", own) <= MAX_RANK:
            return Verdict(True)
        if code_terms(draft.answer) & code_terms(passage.text):  # it may stand in many passages
            return Verdict(True)
        if self._embedder is not None and self._embedder.cosine(draft.question, passage.text) >= MIN_COSINE:
            return Verdict(True)
        return Verdict(False, "question_off_source", f"its passage is only number {rank} for it")

    def check_answer(self, draft: Draft, passage: Passage) -> Verdict:
        """Reject an answer that has few of its words from its own passage, and nearly all from another one that is not
        beside it in the same document. One with a word of the question speaks of the like: there an answer in its own
        words finds some of these by chance."""
        own = self._numbers.get(passage.id)
        question, answer = draft.messages[0].content, draft.messages[1].content
        if own is None or measure_answer(question, answer, _text(passage)).share > OWN:
            return Verdict(True)
        scores = self._index.scores(answer)
        others = scores.keys() - set(self._around(own))
        nearest = max(others, key=scores.__getitem__, default=own)
        if nearest == own or nearest in self._index.scores(question):
            return Verdict(True)
        other = self._passages[nearest]
        found = measure_answer(question, answer, _text(other))
        if found.share < ELSEWHERE or found.found < LEAST_ELSEWHERE:
            return Verdict(True)
        return Verdict(False, "answer_not_in_source", f"it has its words from {other.source_file}")

    def _rank(self, text: str, own: int) -> int:
        """The rank of a passage for ``text``, 1 where it or a neighbour is nearly as good as the best one, or where no
        passage has any of its words."""
        scores = self._index.scores(text)
        best = max(scores.values(), default=0.0)
        mine = max((scores.get(number, 0.0) for number in self._around(own)), default=0.0)
        if best == 0.0 or mine >= NEAR_BEST * best:
            return 1
        return 1 + sum(score > mine + 1e-9 for score in scores.values())

    def _around(self, own: int) -> list[int]:
        """The passage itself and its neighbours in the same document."""
        source = self._passages[own].source_file
        near = range(max(0, own - 1), min(len(self._passages), own + 2))
        return [number for number in near if self._passages[number].source_file == source]


def _text(passage: Passage) -> str:
    return f"{passage.heading}\n{passage.text}"
