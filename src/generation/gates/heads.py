"""What an answer names first, where its question asks who, which, what or where: the source must have it, and it must
stand there beside what is asked about, not with another one's name in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from src.core.types import Verdict
from src.generation.answer_first.embedder import Embedder
from src.generation.answer_parser import Draft
from src.generation.gates.answer_types import find_kind
from src.generation.gates.code_terms import code_terms
from src.generation.gates.language import detect_language
from src.generation.gates.names import find_name_runs, writes_nouns_with_capitals
from src.generation.gates.support import is_near
from src.generation.gates.terms import Vocabulary, content_words, rarity
from src.generation.gates.texts import split_sentences
from src.generation.numbers.measures import unit_of
from src.generation.numbers.words import in_digits

MIN_STRANGE = 0.95
"""Rarity of the words of a head from which the source would have to have one of them."""
MIN_BESIDE = 2.5
"""Rarity of the words of question and answer that one sentence must have to be the one that they were taken from."""
MOST_WITH_NAME = 0.25
"""What of that a sentence with the name may have where the name belongs to something else."""
_NAMING = frozenset({"person", "place", "thing"})
_LONGEST_HEAD = 4
_END_OF_HEAD = re.compile(r"[,;:.!?]|\s(?:because|since|which|who|with|as|from|at|by|so|that)\s")


def check_head(draft: Draft, passage: str, embedder: Embedder | None = None) -> Verdict:
    """Reject an answer whose head is a term that neither passage nor question has in any form, or a name that stands in
    the passage far from all that is asked about and said, where another name stands. Where there is an ``embedder``, a
    term may be another word for one of the passage."""
    question, answer = draft.messages[0].content, draft.messages[1].content
    code = detect_language(passage).code
    if find_kind(question, code) not in _NAMING:
        return Verdict(True)
    strange = _find_strange_head(question, answer, passage) if code == "en" else ""
    if strange and not is_near(answer, passage, embedder):
        return Verdict(False, "answer_not_in_source", f"neither source nor question has {strange}")
    swapped = "" if writes_nouns_with_capitals(passage) else _find_swapped(question, answer, passage)
    return Verdict(False, "name_not_in_source", swapped) if swapped else Verdict(True)


def _find_strange_head(question: str, answer: str, passage: str) -> str:
    """The first words of ``answer``, up to a mark or a clause, where they are few and all of them new and rare. Only in
    English is the rarity of a word known well enough."""
    head = _END_OF_HEAD.split(answer, maxsplit=1)[0]
    words = content_words(in_digits(head), "en")
    if not words or len(head.split()) > _LONGEST_HEAD or code_terms(head) or any(map(_is_measure, words)):
        return ""
    known = Vocabulary([passage, in_digits(passage), question])
    if any(known.has(word) or known.has_meaning(word) for word in words):
        return ""
    return head.strip() if sum(map(rarity, words)) >= MIN_STRANGE else ""


def _is_measure(word: str) -> bool:
    return any(map(str.isdigit, word)) or bool(unit_of(word))


def _find_swapped(question: str, answer: str, passage: str) -> str:
    """The first name of ``answer`` where one sentence has most words of question and answer, and another name, and no
    sentence with the first one has more than a few of them."""
    run = next(find_name_runs((split_sentences(answer) or [""])[0], passage), ())
    asked, said = Vocabulary([question]), Vocabulary([answer])
    sentences = _sentences(passage)
    own = [number for number, (_, words) in enumerate(sentences) if run and all(map(words.has_exactly, run))]
    if not own or any(map(asked.has_form, run)):
        return ""
    told = [word for word in dict.fromkeys(content_words(f"{question}\n{answer}")) if word not in run]
    beside = [_weigh(told, words) for _, words in sentences]
    best = max(range(len(beside)), key=beside.__getitem__)
    if beside[best] < MIN_BESIDE or max(beside[number] for number in own) > MOST_WITH_NAME * beside[best]:
        return ""
    others = find_name_runs(sentences[best][0], passage)
    other = next((one for one in others if not any(asked.has_form(word) or said.has_form(word) for word in one)), ())
    return f"{' '.join(run)}, where the source has {' '.join(other)}" if other else ""


def _weigh(words: Sequence[str], known: Vocabulary) -> float:
    return sum(rarity(word) for word in words if not word.isdigit() and known.has_form(word))


@lru_cache(maxsize=64)
def _sentences(passage: str) -> tuple[tuple[str, Vocabulary], ...]:
    return tuple((sentence, Vocabulary([sentence])) for sentence in split_sentences(passage))
