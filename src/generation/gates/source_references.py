"""Drafts that speak of their source ("the passage says"), which the trained model will not see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.answer_types import agreements
from src.generation.gates.language import detect_language
from src.generation.gates.leakage import question_words
from src.generation.gates.support import measure
from src.generation.gates.terms import Vocabulary, content_words
from src.generation.gates.texts import split_sentences
from src.generation.wordlists import read_word_sets, read_wordlist

MIN_LACKING = 0.25
"""Rarity of the words of a question that its source has not, from which it may well say nothing about it."""
_NEAR = 5
"""Words between what a source is called and the negation that belongs to it."""
_MIN_FIRST_PERSON = 2
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def check_source_references(draft: Draft, passage: str, *, may_deny: bool = False) -> Verdict:
    """Reject "according to the passage", "as mentioned above"; not where the source itself speaks like that, nor where
    a text, a document or an author is what the draft is about. An answer may say of its source that it does not tell
    something: ``may_deny``, where its question asks whether it does, or where it says more than that."""
    source = f" {question_words(passage)} "
    sentences = split_sentences(draft.answer)
    denials = [sentence for sentence in sentences if _denies(sentence, source)]
    others = [sentence for sentence in sentences if sentence not in denials]
    asks = find_source_reference(draft.question, source)
    if not (may_deny or asks or others or _begins_with_no(draft.answer)):
        denials, others = [], sentences
    if denials or _begins_with_no(draft.answer):
        asks = ""
    found = asks or next(filter(None, (find_source_reference(one, source, draft.question) for one in others)), "")
    return Verdict(False, "refers_to_source", found) if found else Verdict(True)


def tells_of_silence(draft: Draft, passage: str) -> bool:
    """Whether all that an answer says is that its source does not tell something, and the question has a word that the
    source really lacks, or asks whether it tells that."""
    source, code = f" {question_words(passage)} ", detect_language(passage).code
    sentences = split_sentences(draft.answer)
    if not all(_denies(sentence, source) or _is_near_negation(sentence, "tellings") for sentence in sentences):
        return False
    asks = bool(_words("tellings") & set(question_words(draft.question).split())) and _begins_with_no(draft.answer)
    return asks or measure(content_words(draft.question, code), Vocabulary([passage]), code).missing >= MIN_LACKING


def find_source_reference(text: str, source: str, before: str = "") -> str:
    """The first phrase of ``text`` that points to what only the writer saw; "" where there is none. ``source`` are the
    words of the source with spaces around them, ``before`` is what comes before the text."""
    said, earlier = f" {question_words(text)} ", f" {question_words(before)} "
    for phrase in _source_references():
        place = said.find(phrase)
        if place < 0 or phrase in source:
            continue
        if not _is_matter(phrase, text, said[place + len(phrase) :].split(), f"{source}{earlier}{said[: place + 1]}"):
            return phrase.strip()
    return ""


def _is_matter(phrase: str, text: str, following: Sequence[str], around: str) -> bool:
    """Whether what a phrase names (the passage, in the text) is a thing that the draft is about: it stands in
    ``around``, or what follows without a comma says which one: the author of the letter."""
    words = phrase.split()
    if not _words("writers").isdisjoint(words) and _has_writer(around.split()):
        return True
    if words[-1] not in _words("nouns") or words[0] in _words("attributions"):
        return False
    is_told = len(following) > 1 and following[0] in _words("qualifiers") and following[1] not in _words("nouns")
    ends = re.search(rf"\b{re.escape(words[-1])}[,;:]", text, re.IGNORECASE)
    return (is_told and not ends) or f" {words[-1]} " in around


def _has_writer(words: Sequence[str]) -> bool:
    """Whether a text is about something written, or told by the one who wrote it, who has no other name there."""
    is_told = sum(word in _words("first_person") for word in words) >= _MIN_FIRST_PERSON
    return is_told or not _words("works").isdisjoint(words)


def _denies(sentence: str, source: str) -> bool:
    """Whether a sentence says that the source does not tell something: a negation stands near what the source is
    called, and nothing is told as its words (according to)."""
    if _SPACELESS.search(sentence):
        negations = (word for word in _words("negations") if _SPACELESS.search(word))
        return bool(find_source_reference(sentence, source)) and any(word in sentence for word in negations)
    words = question_words(sentence).split()
    if not _words("attributions").isdisjoint(words):
        return False
    return _is_near_negation(sentence, "nouns")


def _is_near_negation(sentence: str, kind: str) -> bool:
    """Whether a word of that kind stands near a negation."""
    words = question_words(sentence).split()
    places = (place for place, word in enumerate(words) if word in _words(kind))
    near = (words[max(0, place - _NEAR) : place + _NEAR] for place in places)
    return any(not _words("negations").isdisjoint(part) for part in near)


def _begins_with_no(answer: str) -> bool:
    """Whether an answer says no: then its question may have asked whether the source tells something."""
    if _SPACELESS.search(answer):
        return any(answer.startswith(word) for word in _words("negations") if _SPACELESS.search(word))
    first = question_words(answer).partition(" ")[0]
    return first in agreements() & _words("negations")


def _words(kind: str) -> frozenset[str]:
    return read_word_sets("source_words.txt")[kind]


@cache
def _source_references() -> tuple[str, ...]:
    phrases = (question_words(phrase) for phrase in read_wordlist("source_references.txt"))
    return tuple(phrase if _SPACELESS.search(phrase) else f" {phrase} " for phrase in phrases)
