"""Drafts that only make sense to someone who sees the source, which the trained model will not."""

from __future__ import annotations

import re
from itertools import pairwise

from src.core.types import Verdict
from src.generation.answer_first.words import split_words
from src.generation.answer_parser import Draft
from src.generation.gates.code_terms import code_terms
from src.generation.gates.language import detect_language
from src.generation.gates.names import find_names
from src.generation.gates.pointers import find_pointer
from src.generation.gates.pronouns import asking_words, find_clitic, find_dangling
from src.generation.gates.terms import (
    Vocabulary,
    content_words,
    rarity,
)
from src.generation.wordlists import read_word_sets

MIN_SPECIFIC = 0.6
"""Rarity that the words of a question must have together, counting those that its source has: below it the question
names nothing that it could be about."""
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def check_context(draft: Draft, passage: str, title: str = "") -> Verdict:
    """Reject a first question that needs something before it: a pronoun or "this ..." without anything that it could
    stand for, or no word that says what it is about. What the
    ``title`` of the source (file and heading) names is specific enough, however common the word."""
    question = draft.messages[0].content
    code = detect_language(f"{question}\n{passage}").code
    dangling = find_dangling(question, code) or find_clitic(question, code) or find_pointer(question, code)
    if dangling:
        return Verdict(False, "question_without_context", dangling)
    known = Vocabulary([passage])
    code = detect_language(passage).code
    asking = asking_words(code)
    titled = _nouns_of_title(question, title, code)
    words = dict.fromkeys([*(word for word in content_words(question, code) if word not in asking), *titled])
    names = {name.casefold() for name in find_names(question, passage)} | set(split_words(title))
    named = sum(
        max(rarity(word), MIN_SPECIFIC * (word in names or _is_term(word, known))) for word in words if known.has(word)
    )
    if code_terms(question) & code_terms(passage):
        return Verdict(True)
    if named < MIN_SPECIFIC and sum(map(rarity, words)) < 2 * MIN_SPECIFIC:
        return Verdict(False, "question_without_context", "it names nothing")
    return Verdict(True)


def _nouns_of_title(question: str, title: str, code: str) -> list[str]:
    """Words of a question that stand in the title and behind an article: a will, a can."""
    articles, named = read_word_sets("finite_verbs.txt").get(f"{code}.articles", frozenset()), set(split_words(title))
    return [word for before, word in pairwise(split_words(question)) if before in articles and word in named]


def _is_term(word: str, known: Vocabulary) -> bool:
    """Whether a pair of East Asian characters stands in the source as it is: then it is most likely a word."""
    return bool(_SPACELESS.search(word)) and known.has_exactly(word)
