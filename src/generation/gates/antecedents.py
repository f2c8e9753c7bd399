"""What an English "it" or "one" of a question may stand for: a noun before it that is no plural."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.generation.answer_first.question_parts import AUXILIARY_WORDS, is_past_form, is_verb
from src.generation.gates.terms import is_function_word, is_known_word

_SUBJECTS = frozenset({"i", "you", "we", "they", "people", "one", "who", "what", "not", "to", "and", "or"})
"""Behind them, as behind an auxiliary and a plural, a word that may be a verb is one."""
_SINGULAR_ENDS = ("ss", "us", "is", "as", "os", "ics")
_NO_PLURALS = frozenset(
    {"series", "species", "means", "news", "lens", "corps", "always", "sometimes", "perhaps"}
    | {"headquarters", "diabetes", "mumps", "rickets"}
)
_SIBILANT_ENDS = ("ses", "xes", "zes", "ches", "shes", "oes")
_SURELY_PLURAL = 5
"""Letters from which a word in s is a plural, though its singular is too rare to be known; not one in es: rabies."""
_GERUND = re.compile(r"\w*[aeiouy]\w*ing")
"""A form of a verb, or the noun made of it (caching, a wedding); not string or spring."""
_NO_NOUNS = frozenset({"thing", "something", "anything", "nothing", "everything"})
_BEFORE_GERUND = frozenset(
    {"before", "after", "by", "without", "while", "when", "if", "once", "until", "since", "in", "on", "at", "for"}
    | {"from", "of", "to", "with", "about", "against", "than", "and", "or", "but", "not", "through", "despite"}
)
"""Prepositions and conjunctions: behind them it is a form of a verb (before taking it out)."""
_POSSESSIVES = frozenset({"its", "his", "her", "their"})
_BEFORE_SUBJECT = AUXILIARY_WORDS - {"is", "are", "was", "were"}


def has_antecedent(words: Sequence[str], asking: frozenset[str]) -> bool:
    """Whether ``words``, those of a question before "it", may have a noun that it stands for: one that is neither a
    plural nor certainly a verb, nor one of the words that only ask."""
    plain = [word.casefold() for word in words]
    return any(
        _may_be_singular_noun(words, plain, number)
        for number, word in enumerate(plain)
        if len(word) > 1 and not is_function_word(word) and word not in asking
    )


def is_named_behind(words: Sequence[str], number: int) -> bool:
    """Whether a name follows as the subject of the main clause that the pronoun at that place belongs to, or whose
    first clause it stands in: what share of its income does the Harrow club spend?"""
    if words[number].casefold() not in _POSSESSIVES and "," not in words[number:]:
        return False
    places = (place for place, word in enumerate(words) if place > number and word.casefold() in _BEFORE_SUBJECT)
    behind = ([word for word in words[place + 1 : place + 3] if word != "the"] for place in places)
    return any(subject[0][0].isupper() for subject in behind if subject)


def _may_be_singular_noun(words: Sequence[str], plain: Sequence[str], number: int) -> bool:
    word = plain[number]
    if number and (words[number][0].isupper() or not word.isalpha()):
        return True
    before = plain[number - 1] if number else ""
    if _is_plural(word):
        return False
    if number > 1 and _is_plural(before) and plain[number - 2] in AUXILIARY_WORDS:
        return False
    if word.endswith("ing"):
        return word not in _NO_NOUNS and not _is_gerund(plain, number)
    return not (is_verb(word) and (before in _SUBJECTS | AUXILIARY_WORDS or _is_plural(before)))


def _is_gerund(plain: Sequence[str], number: int) -> bool:
    """Whether a word in -ing is a form of a verb: right before the pronoun, behind a preposition, a conjunction or a
    past form (who kept working on it), or between a verb and a preposition (is working on it). Else it is a noun: what
    is caching, how does logging work."""
    if not _GERUND.fullmatch(plain[number]):
        return False
    before, behind = plain[number - 1] if number else "", "".join(plain[number + 1 : number + 2])
    if not behind or before in _BEFORE_GERUND or is_past_form(before):
        return True
    return behind in _BEFORE_GERUND - {"and", "or", "but", "for"} and (before in AUXILIARY_WORDS or is_verb(before))


def _is_plural(word: str) -> bool:
    if not word.endswith("s") or word.endswith(_SINGULAR_ENDS) or word in _NO_PLURALS:
        return False
    if not word.endswith("es"):  # otters, lichens
        return len(word) >= _SURELY_PLURAL or is_known_word(word[:-1])
    singular = f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
    return is_known_word(singular) or (word.endswith(_SIBILANT_ENDS) and is_known_word(word[:-2]))
