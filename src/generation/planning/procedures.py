"""Does a passage tell how something is done? Steps of a list, instructions, or words that put what is done in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from src.generation.planning.lists import numbered_items
from src.generation.planning.passage_words import EAST_ASIAN, Words, fold, one_of, read_entries, split_sentences, tokens
from src.generation.wordlists import read_word_sets, read_wordlist

MIN_STEPS = 2

_LIST = "procedure_words.txt"
_BEGINNING = 120
"""Characters in which a sentence shows that it is an instruction."""
_MARK = re.compile(r"^[\s\-*•–·▪\d.)(]+")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


def has_steps(text: str) -> bool:
    """Whether a question how to do something can be answered from the passage alone.

    Headings of numbered parts, rules whose items begin with a subject, and what a story tells in its order are no
    steps: a model that is asked for steps of them makes them up.
    """
    items = numbered_items(text)
    stated = sum(_first_word(item) in read_word_sets(_LIST)["statement"] for item in items)
    if len(items) - stated >= MIN_STEPS and stated * 2 <= len(items):
        return True
    return len(_words_of_order(text)) >= MIN_STEPS or _count_instructions(text) >= MIN_STEPS


def _first_word(text: str) -> str:
    return next(iter(tokens(fold(text))), "")


def _count_instructions(text: str) -> int:
    return sum(_instructs(sentence) for sentence in split_sentences(text))


def _instructs(sentence: str) -> bool:
    """Whether a sentence tells its reader to do something: by its first word (English), or by a form of it."""
    start = _MARK.sub("", sentence)
    if start[:1].islower():  # a line that goes on with the one before
        return False
    words = tokens(start[:_BEGINNING])
    if not words:
        return False
    first, second, third = (*map(fold, words[:3]), "", "")[:3]
    known = read_word_sets(_LIST)
    if first in _imperatives():
        is_noun = _is_predicate(second, _verbs()) or _is_predicate(third, _verbs() | _imperatives())
        return words[0][0].isupper() and bool(second) and (second in known["statement"] or not is_noun)
    if start.startswith(_forms("open")) or start.rstrip().endswith(_forms("close")):
        return True
    is_formal = words[0].endswith("en") and words[1:2] == ["Sie"]
    ends_so = first.endswith(_forms("ending")) and first not in known["no_ending"]
    return words[0][0].isupper() and (is_formal or (ends_so and bool(second)))


def _is_predicate(word: str, verbs: frozenset[str]) -> bool:
    """What an English subject stands before: "of", a form of be, one of ``verbs`` in the third person."""
    base = word.removesuffix("s")
    return word in read_word_sets(_LIST)["noun"] or (word != base and base in verbs)


def _words_of_order(text: str) -> set[str]:
    """The words of order that begin a clause, but those of a story: a year stands beside them, or somebody behind."""
    if Words.of(text).count("sequence_words.txt") < MIN_STEPS:
        return set()
    return {word for sentence in split_sentences(fold(text)) if not _YEAR.search(sentence) for word in _order(sentence)}


def _order(sentence: str) -> Iterator[str]:
    yield from (match[1] for match in _order_pattern().finditer(sentence))
    if EAST_ASIAN.search(sentence):
        yield from (word for word in read_entries("sequence_words.txt").phrases if word[0] != " " and word in sentence)


@cache
def _forms(kind: str) -> tuple[str, ...]:
    return tuple(read_word_sets(_LIST)[kind])


@cache
def _order_pattern() -> re.Pattern[str]:
    words = [fold(word) for word in read_wordlist("sequence_words.txt") if not EAST_ASIAN.search(word)]
    entries = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    before = r"(?:^[\s\-*•–·▪\d.)(\"“«]*|[:;,،(—–]\s*|[\s,](?:and|und|et|y|e|en|i|и|ve)\s+)"
    behind = rf"(?!\w)(?!\s*\d|\s+(?:{one_of(_LIST, 'preposition')}|{one_of(_LIST, 'story')})(?!\w))"
    return re.compile(f"{before}({entries}){behind}")


@cache
def _imperatives() -> frozenset[str]:
    return frozenset(word for line in read_wordlist("en_imperatives.txt") for word in line.split())


@cache
def _verbs() -> frozenset[str]:
    return frozenset(word for line in read_wordlist("en_verbs.txt") for word in line.split())
