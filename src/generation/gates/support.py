"""What an answer says beyond its question must come from its passage: evidence of its words for and against that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from src.core.types import Verdict
from src.generation.answer_first.embedder import Embedder
from src.generation.answer_parser import Draft
from src.generation.gates.answer_forms import is_oddly_begun
from src.generation.gates.code_terms import code_terms
from src.generation.gates.language import detect_language
from src.generation.gates.terms import Vocabulary, content_words, rarity
from src.generation.gates.texts import split_sentences
from src.generation.numbers.fractions import find_parts
from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_word_sets

FREE, FREE_IF_ODD = 1.5, 0.2
PER_SUPPORTED, PER_NEAR = 0.8, 1.2
"""How much rarity the words that a passage does not have may bring together: ``FREE`` in any case, for good answers
say things in their own words (``FREE_IF_ODD`` for one that begins as none to its question does), ``PER_SUPPORTED``
times the rarity of those that it has, and ``PER_NEAR`` times that of those beside the words of the question. Of 792
good answers 0.9 % lie above, of 327 from elsewhere that no other gate caught 87 % (benchmarks/quality.py)."""
SCATTERED = 0.25
"""What words of the answer count for in a part of the source that has no word of the question."""
FREE_IN_SENTENCE, PER_SUPPORTED_IN_SENTENCE = 3.0, 5.0
"""The same for a single sentence of an answer, which may be free of the source's words while it says little."""
DIGIT, NUMBER = 0.6, 1.0
"""What a number that the passage has counts for: one of a single digit stands in many texts."""
SYNONYM = 0.5
"""What a word counts for of which the source has only a synonym."""
MIN_COSINE = 0.5
"""MiniLM: from here an answer says what a sentence of the source says. Two of three good answers that only lack the
source's words lie above, one in thirteen from elsewhere."""
MIN_EVIDENCE = 1.5
"""Rarity of a question's words that it takes to judge by them: two or three words of the subject."""
MIN_TOPIC = 0.2
"""Share of a question's rarity that the passage must have."""
_NOUN_PHRASE = 3
"""Words of an answer that is a noun phrase and no sentence: the lid, le cours d'eau."""
_SPACELESS = frozenset({"zh", "ja"})


class Support(NamedTuple):
    """The rarity of the words of a text that a source has, and of those that it does not have."""

    found: float
    missing: float

    @property
    def share(self) -> float:
        """What the source has of it; 1 where there are no words."""
        total = self.found + self.missing
        return self.found / total if total else 1.0

    def is_short(self, free: float, per_supported: float) -> bool:
        """Whether there is more against a text than ``free`` and what speaks for it allow."""
        return self.missing > free + per_supported * self.found


def check_support(draft: Draft, source: str, embedder: Embedder | None = None) -> Verdict:
    """Reject an answer whose new words are not those of ``source`` (passage and heading), a sentence of one, and a
    question about something else. Where there is an ``embedder``, an answer that is near a sentence of the source in
    meaning may have words of its own."""
    known, code = vocabulary_of(source), detect_language(source).code
    topic = measure(content_words(draft.question, code), known)
    is_off = topic.found + topic.missing >= MIN_EVIDENCE and topic.share < MIN_TOPIC
    if is_off and not _shares_term(draft.question, source, code):
        return Verdict(False, "question_off_source", f"{topic.share:.2f} of its words")
    asked = Vocabulary([draft.question])
    for sentence in split_sentences(draft.answer):
        found = measure(new_words(sentence, asked, code), known, code)
        if found.is_short(FREE_IN_SENTENCE, PER_SUPPORTED_IN_SENTENCE) and not is_near(sentence, source, embedder):
            return Verdict(False, "answer_not_in_source", f"{found.share:.2f} of the words of: {sentence[:120]}")
    question, answer = draft.messages[0].content, draft.messages[1].content
    is_odd = is_oddly_begun(question, answer) or _begins_with_a_stranger(question, answer, source)
    lacking = lacks_support(draft.question, draft.answer, source, is_odd=is_odd)
    if lacking and not is_near(draft.answer, source, embedder):
        found = measure_answer(draft.question, draft.answer, source)
        return Verdict(False, "answer_not_in_source", f"{found.share:.2f} of its words")
    return Verdict(True)


def _begins_with_a_stranger(question: str, answer: str, source: str) -> bool:
    """Whether an answer begins with an article and a noun that neither question nor source has, and says more than
    these, which may be a synonym: the flysheet is green, in answer to how many loaves a bakery sells."""
    code = detect_language(source).code
    article, *_ = [*answer.casefold().split(maxsplit=1), ""]
    if article not in read_word_sets("finite_verbs.txt").get(f"{code}.articles", frozenset()):
        return False
    if len(answer.split()) <= _NOUN_PHRASE:
        return False
    noun = next(iter(content_words(answer, code)), "")
    known = vocabulary_of(source)
    is_known = known.has(noun) or known.has_meaning(noun) or Vocabulary([question]).has(noun)
    return noun.isalpha() and not is_known


def lacks_support(question: str, answer: str, source: str, *, is_odd: bool = False, margin: float = 1.0) -> bool:
    """Whether ``answer`` says more beyond ``question`` than what ``source`` has of it allows, times ``margin``.
    ``is_odd``: it does not begin as an answer to such a question does."""
    found = measure_answer(question, answer, source)
    free = FREE_IF_ODD if is_odd else FREE
    if not found.is_short(margin * free, margin * PER_SUPPORTED):
        return False
    beside = PER_NEAR * found_beside(question, answer, source)
    return found.missing > margin * (free + PER_SUPPORTED * found.found + beside)


def found_beside(question: str, answer: str, source: str) -> float:
    """The rarity of the answer's new words in that part of ``source``, a sentence and its neighbours, that has most of
    them and of the words of the question: an answer from elsewhere finds its words here and there."""
    known, code = vocabulary_of(source), detect_language(source).code
    new = new_words(answer, Vocabulary([question]), code)
    about = [word for word in dict.fromkeys(content_words(in_digits(question), code)) if known.has(word)]
    most = 0.0
    for part in _parts(source):
        beside = measure(about, part, code).share if about else 0.0
        most = max(most, measure(new, part, code).found * (SCATTERED + (1 - SCATTERED) * beside))
    return most


def measure_answer(question: str, answer: str, source: str) -> Support:
    """How much ``source`` has of what ``answer`` says beyond ``question``."""
    known, code = vocabulary_of(source), detect_language(source).code
    return measure(new_words(answer, Vocabulary([question]), code), known, code)


def is_near(answer: str, source: str, embedder: Embedder | None) -> bool:
    """Whether ``answer`` is near ``source``, or a sentence of it, in meaning; not where there is no ``embedder``."""
    if embedder is None:
        return False
    return any(embedder.cosine(answer, sentence) >= MIN_COSINE for sentence in (*split_sentences(source), source))


def _shares_term(question: str, source: str, code: str) -> bool:
    """Whether a question has an option, a path or an identifier of the source, or, without spaces between its words, a
    pair of its characters as it is."""
    if code_terms(question) & code_terms(source):
        return True
    known = vocabulary_of(source)
    return code in _SPACELESS and any(known.has_exactly(word) for word in content_words(question, code))


def new_words(answer: str, asked: Vocabulary, code: str) -> list[str]:
    """The content words of an answer that its question does not have, each once."""
    for part in find_parts(answer):  # half an hour is a number: its gate judges it
        answer = re.sub(re.escape(part.words), " ", answer, flags=re.IGNORECASE)
    return [word for word in dict.fromkeys(content_words(in_digits(answer), code)) if not asked.has_form(word)]


def measure(words: Sequence[str], known: Vocabulary, code: str = "") -> Support:
    """How much of ``words`` a source has. A number speaks for a text or says nothing: whether it stands in the source
    in another form is decided by the gate for numbers."""
    found = missing = 0.0
    for word in dict.fromkeys(words):
        if word.isdigit():
            found += (DIGIT if len(word) == 1 else NUMBER) * known.has_exactly(word)
        elif known.has(word):
            found += rarity(word, code)
        elif known.has_meaning(word):
            found += SYNONYM * rarity(word, code)
        else:
            missing += rarity(word, code)
    return Support(found, missing)


@lru_cache(maxsize=64)
def _parts(source: str) -> tuple[Vocabulary, ...]:
    """The words of every sentence of ``source`` with those of its neighbours."""
    sentences = split_sentences(in_digits(source))
    around = (sentences[max(0, number - 1) : number + 2] for number in range(len(sentences)))
    return tuple(map(Vocabulary, around))


@lru_cache(maxsize=256)
def vocabulary_of(source: str) -> Vocabulary:
    """The words of ``source``, its numbers in words and in digits."""
    return Vocabulary([source, in_digits(source)])
