"""Parts that English questions are made of: auxiliaries, imperatives, and the forms that a clause takes as a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from src.generation.words import load_list, load_rules, split_words
from src.utils.wordlists import load_words

AUXILIARY_WORDS = frozenset(["do", "does", "did", "has", "have", "had", "is", "are", "was", "were", "cannot"]) | frozenset(
    ["can", "could", "may", "might", "must", "should", "will", "would"]
)
_MODAL = "is|are|was|were|can|could|may|might|must|should|will|would|cannot"
_AUXILIARY = re.compile(
    rf"\b(?:({_MODAL})|(has|have|had)(?= (?:(?:not|never|always|already|also|\w+ly) )?"
    r"(?:been|had|made|kept|left|lost|built|sold|held|led|run|set|put|cut|come|become|begun|\w+ed|\w+en|\w+wn)\b))\b"
)
_PLURALS = frozenset(["people", "children", "men", "women", "you", "we", "feet", "teeth", "mice", "and"])
_WORD = re.compile(r"[^\s,;:!?\"“”()\[\]]+")


@dataclass(frozen=True, slots=True)
class Form:
    """One shape of a question: fixed first words, then words that follow in this order up to where the model stops."""

    start: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One way to ask for a fact.

    ``given`` is the part of the fact that the question has to name, ``answer`` the part that it asks for, ``closer``
    the last words of the question. The model chooses between the ``forms`` and where to stop.
    """

    kind: str
    forms: tuple[Form, ...]
    given: str
    answer: str
    closer: str = ""


def has_auxiliary(clause: str) -> bool:
    """Whether ``clause`` holds a form of be, a modal verb or a perfect tense."""
    return bool(_AUXILIARY.search(clause))


def plain_form(start: str, clause: str) -> tuple[Form, ...]:
    """``start`` and then the words of ``clause`` as they stand."""
    return (Form(start, tuple(_words(clause))),)


def ask_with(question_word: str, clause: str) -> tuple[Form, ...]:
    """``clause`` as a question: with its own auxiliary moved forward, or with a form of do and the verb's base form.

    Which word is the verb is not known; there is one form for each that may be, and the model chooses.
    """
    if is_imperative(clause):
        return plain_form(f"{question_word} should you", clause[:1].lower() + clause[1:])
    found = _AUXILIARY.search(clause)
    if found:
        auxiliary = (found[1] or found[2]).replace("cannot", "can not")
        auxiliary, _, rest = f"{auxiliary} {clause[found.end() :]}".partition(" ")
        subject = " ".join(_words(clause[: found.start()]))
        return (Form(f"{question_word} {auxiliary} {subject}", tuple(_words(rest))),)
    return tuple(_ask_with_do(question_word, _words(clause)))


def is_imperative(clause: str) -> bool:
    """Whether ``clause`` tells somebody to do something: it begins with a verb of instructions."""
    first, _, rest = clause.partition(" ")
    return first.casefold() in load_list("en_imperatives") and not re.match(rf"(?:{_MODAL}|has|have)\b", rest)


def third_person(verb: str, *, is_plural: bool) -> str:
    """The form of ``verb`` after "Who"; "" when the word does not look like the verb of its subject."""
    changed = {"are": "is", "were": "was", "have": "has", "do": "does"}
    if verb in AUXILIARY_WORDS:
        return changed.get(verb, verb)
    if verb in _past_forms() or verb.endswith("ed"):
        return verb
    if not is_plural:
        return verb if verb.endswith("s") and not verb.endswith("ss") else ""
    if verb not in load_list("en_imperatives"):
        return ""
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if re.search(r"(?:s|x|ch|sh|o)$", verb) else f"{verb}s"


def first_clause(text: str) -> str:
    """Up to the first comma, colon or subordinate clause: more a question need not name."""
    return re.split(r"[,;:] | because | so that | while | which | although ", " ".join(text.split()))[0]


def _ask_with_do(question_word: str, words: list[str]) -> Iterator[Form]:
    for position, word in enumerate(words):
        if position == 0 or not word.isalpha() or not word.islower() or word in load_words("en") - {"has", "does"}:
            continue
        before, after = " ".join(words[:position]), tuple(words[position + 1 :])
        past = _past_forms().get(word) or _regular_base(word)
        if past:
            yield Form(f"{question_word} did {before} {past}", after)
        for base in _bases_of_third_person(word):
            yield Form(f"{question_word} does {before} {base}", after)
        if _looks_plural(words[:position]) and word in load_list("en_imperatives") | load_list("en_verbs"):
            yield Form(f"{question_word} do {before} {word}", after)


def _bases_of_third_person(word: str) -> Iterator[str]:
    if word == "has":
        yield "have"
    elif word.endswith("ies"):
        yield f"{word[:-3]}y"
    elif re.search(r"(?:ch|sh|ss|x|zz|o)es$", word):
        yield word[:-2]
    elif re.search(r"[^su]s$", word):
        yield word[:-1]


def _regular_base(word: str) -> str:
    """The base form of a regular past form of a known verb; "" for everything else."""
    verbs = load_list("en_imperatives") | load_list("en_verbs")
    if not word.endswith("ed"):
        return ""
    return next((base for base in (word[:-1], word[:-2], word[:-3], f"{word[:-3]}y") if base in verbs), "")


def _looks_plural(subject: list[str]) -> bool:
    return any(word.casefold() in _PLURALS or re.search(r"[^su]s$", word) for word in subject)


@cache
def _past_forms() -> dict[str, str]:
    return {past: base for past, (base,) in load_rules("en_past")}


def _words(clause: str) -> list[str]:
    """The words of ``clause`` up to its first comma; its first one in lower case when it is a function word."""
    words: list[str] = _WORD.findall(first_clause(clause))
    if words and (words[0].casefold() in load_words("en") or split_words(words[0])[0] in load_list("en_persons")):
        words[0] = words[0][:1].lower() + words[0][1:]
    return words
