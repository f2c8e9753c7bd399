"""Parts that English questions are made of: auxiliaries, imperatives, the main clause of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from src.generation.words import load_list

AUXILIARY_WORDS = frozenset(
    ["is", "are", "was", "were", "has", "have", "had", "do", "does", "did", "can", "could", "may", "might", "must", "should", "will", "would", "cannot"]
)
_MODAL = "is|are|was|were|can|could|may|might|must|should|will|would|cannot"
_AUXILIARY = re.compile(
    rf"\b(?:({_MODAL})|(has|have|had) (?:not |never |always |already |also |\w+ly )?"
    r"(?:been|had|made|kept|left|lost|built|sold|held|led|run|set|put|cut|come|become|begun|\w+ed|\w+en|\w+wn))\b"
)
_DO = ("do", "does", "did")


@dataclass(frozen=True, slots=True)
class Target:
    """One way to ask for a fact.

    ``openers`` are the first words to choose from and ``closer`` the last ones; ``given`` is the part of the fact that
    the question has to name, ``answer`` the part that it asks for.
    """

    kind: str
    openers: tuple[str, ...]
    given: str
    answer: str
    closer: str = ""


def has_auxiliary(clause: str) -> bool:
    """Whether ``clause`` holds a form of be, a modal verb or a perfect tense."""
    return bool(_AUXILIARY.search(clause))


def ask_with(question_word: str, clause: str) -> tuple[str, ...]:
    """Openers that turn ``clause`` into a question, with its own auxiliary or a form of do."""
    if is_imperative(clause):
        return (f"{question_word} should you ",)
    found = _AUXILIARY.search(clause)
    if found:
        return (f"{question_word} {(found[1] or found[2]).removesuffix('not')} ",)
    if load_list("en_past") & set(clause.split()):
        return (f"{question_word} did ",)
    return tuple(f"{question_word} {auxiliary} " for auxiliary in _DO)


def is_imperative(clause: str) -> bool:
    """Whether ``clause`` tells somebody to do something: it begins with a verb of instructions."""
    first, _, rest = clause.partition(" ")
    return first.casefold() in load_list("en_imperatives") and not re.match(rf"(?:{_MODAL}|has|have)\b", rest)


def third_person(verb: str, *, is_plural: bool) -> str:
    """The form of ``verb`` after "Who"; "" when the word does not look like the verb of its subject."""
    changed = {"are": "is", "were": "was", "have": "has", "do": "does"}
    if verb in AUXILIARY_WORDS:
        return changed.get(verb, verb)
    if verb in load_list("en_past") or verb.endswith("ed"):
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
