"""A GBNF grammar that lets a model write one question out of the words of one fact."""

from __future__ import annotations

import re
from collections.abc import Iterable

from src.generation.question_parts import Target

MAX_QUESTION_WORDS = 20
_GLUE = "a an the of to in on at for from with by and or do does did is are was be been you your not as into"
_WORD = re.compile(r"[^\s,;:!?\"“”()\[\]]+")


def build_grammar(target: Target, fact: str) -> str:
    """One of the target's openers, then words of the fact (verbs also in their base form), then its closer and "?".

    The first words are ours, so that a question of the wanted kind comes out; the vocabulary is the fact's, so that
    the model cannot bring in anything else. It decides which words, in which order.
    """
    openers = " | ".join(_literal(f" {opener.rstrip()}") for opener in target.openers)
    words = " | ".join(_literal(f" {word}") for word in sorted(_vocabulary(fact)))
    end = _literal(f"{target.closer}?")
    return f"root ::= ({openers}) word{{1,{MAX_QUESTION_WORDS}}} {end}\nword ::= {words}"


def _vocabulary(fact: str) -> set[str]:
    words: set[str] = set(_GLUE.split())
    first, *rest = (word.rstrip(".") for word in _WORD.findall(fact)) if fact else [""]
    words.update(rest)
    words.update((first, first[:1].lower() + first[1:]))
    for word in list(rest):
        words.update(_base_forms(word))
    return {word for word in words if word}


def _base_forms(word: str) -> Iterable[str]:
    if len(word) < 4 or not word.isalpha() or not word.islower():
        return
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
    if word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        yield word[:-2]
    if word == "has":
        yield "have"
    if word.endswith("ed"):
        yield word[:-2]
        yield word[:-1]


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
