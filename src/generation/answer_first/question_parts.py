"""Parts that English questions are made of: auxiliaries, imperatives, the forms of a clause as a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from src.generation.answer_first.words import content_stems, load_list, load_rules, split_words
from src.utils.wordlists import load_words

AUXILIARY_WORDS = frozenset(
    ["do", "does", "did", "has", "have", "had", "is", "are", "was", "were", "cannot"]
) | frozenset(["can", "could", "may", "might", "must", "should", "shall", "will", "would"])
_MODAL = "is|are|was|were|can|could|may|might|must|should|shall|will|would|cannot"
_AUXILIARY = re.compile(
    rf"\b(?:({_MODAL})|(has|have|had)(?= (?:(?:not|never|always|already|also|\w+ly) )?"
    r"(?:been|had|made|kept|left|lost|built|sold|held|led|run|set|put|cut|come|become|begun|\w+ed|\w+en|\w+wn)\b))\b"
)
_SAME_FOR_ALL = frozenset(["can", "could", "may", "might", "must", "should", "shall", "will", "would"])
_PLURALS = frozenset(["people", "children", "men", "women", "you", "we", "feet", "teeth", "mice", "and"])
_CLAUSE_WORDS = frozenset(
    ["who", "that", "which", "whose", "where", "when", "if", "whether", "because", "while", "although", "than", "as"]
) | frozenset(
    ["what", "how", "why", "to", "there", "not", "never", "we", "our", "us", "i", "you", "it", "they", "this"]
)
MAX_SUBJECT_WORDS = 8
INDIRECT = "Can you tell me"
_SUBORDINATE = re.compile(
    r"[,;:]|\b(?:that|which|who|whose|what|how|where|if|whether|when|while|until|because|as|so|before|after|and|but)\b"
)
_WORD = re.compile(r"[^\s,;:!?\"“”()\[\]]+")


@dataclass(frozen=True, slots=True)
class Form:
    """One shape of a question: fixed first words, then words that follow in this order up to where the model stops."""

    start: str
    words: tuple[str, ...] = ()

    @property
    def opening(self) -> str:
        """The first word of its questions."""
        return opening_of(self.start)


@dataclass(frozen=True, slots=True)
class Target:
    """One way to ask for a fact.

    ``given`` is the part of the fact that the question has to name, ``answer`` the part that it asks for, ``closer``
    the last words of the question, ``context`` its first ones where they say what it is about. The model chooses
    between the ``forms`` (the plainest stands first) and where to stop.
    """

    kind: str
    forms: tuple[Form, ...]
    given: str
    answer: str
    closer: str = ""
    context: str = ""


def opening_of(question: str) -> str:
    """The first word of a question, by which its form is told from others."""
    return question.partition(" ")[0].casefold()


def has_auxiliary(clause: str) -> bool:
    """Whether ``clause`` holds a form of be, a modal verb or a perfect tense."""
    return bool(_AUXILIARY.search(clause))


def is_subject(text: str) -> bool:
    """Whether ``text`` can be the whole subject of a sentence: a noun phrase of up to eight words without clauses."""
    words = split_words(text)
    if not 1 <= len(words) <= MAX_SUBJECT_WORDS or re.search(r"[,;:()\"]", text) or has_auxiliary(text):
        return False
    if words[0] in load_list("en_starters") or (words[0].endswith("ly") and len(words) > 1):
        return False
    return not _CLAUSE_WORDS & set(words) and bool(content_stems(text))


def ask_plain(start: str, clause: str, *, is_inverted: bool = False) -> tuple[Form, ...]:
    """``start`` and then the words of ``clause`` as they stand; unless the start is turned round ("What is ..."), also
    as an indirect question."""
    words = tuple(_words(clause))
    direct = Form(start, words)
    return (direct,) if is_inverted else (direct, Form(f"{INDIRECT} {start[:1].lower()}{start[1:]}", words))


def ask_with(question_word: str, clause: str) -> tuple[Form, ...]:
    """``clause`` as a question: with its own auxiliary moved forward, or with a form of do and the verb's base form;
    and as an indirect question, where it stays as it is.

    Empty where subject and verb cannot be told with some certainty.
    """
    indirect = f"{INDIRECT} {question_word[:1].lower()}{question_word[1:]}"
    if is_imperative(clause):
        words = tuple(_words(clause))
        return Form(f"{question_word} should you", words), Form(f"{indirect} you should", words)
    found = _AUXILIARY.search(clause)
    direct = _ask_with_auxiliary(question_word, clause, found) if found else _ask_with_do(question_word, _words(clause))
    return (direct, Form(indirect, tuple(_words(clause)))) if direct else ()


def is_imperative(clause: str) -> bool:
    """Whether ``clause`` tells somebody to do something: it begins with a verb of instructions."""
    first, _, rest = clause.partition(" ")
    following = rest.partition(" ")[0]
    if first.casefold() not in load_list("en_imperatives") or not following or following[0].isupper():
        return False
    is_finite = (
        following in AUXILIARY_WORDS or following in _past_forms() or _base_of_third_person(following) in _verbs()
    )
    # "Empty strings are ...": what has a verb of its own is no request
    is_statement = re.search(r"\b(?:is|are|was|were)\b", _SUBORDINATE.split(rest)[0])
    return not is_finite and not is_statement and following not in ("of", "and", "or")


def is_verb(word: str) -> bool:
    """Whether ``word`` is the base form or the third person of a known verb."""
    return word in _verbs() or _base_of_third_person(word) in _verbs()


def is_past_form(word: str) -> bool:
    """Whether ``word`` is the past form of a known verb."""
    return word in _past_forms() or bool(_regular_base(word))


def third_person(verb: str, *, is_plural: bool) -> str:
    """The form of ``verb`` after "Who"; "" when the word does not look like the verb of its subject, or only says what
    the subject is."""
    if verb in AUXILIARY_WORDS:
        return verb if verb in _SAME_FOR_ALL else ""
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
    return re.split(r"[,;:] |—| because | so that | while | which | although ", " ".join(text.split()))[0]


class _Verb(NamedTuple):
    """The verb of a clause: the form of do that asks with it, and its base form."""

    auxiliary: str
    base: str


def _ask_with_auxiliary(question_word: str, clause: str, found: re.Match[str]) -> Form | None:
    subject, rest = clause[: found.start()], clause[found.end() :]
    if not is_subject(subject) or has_auxiliary(rest):
        return None
    auxiliary, _, negation = (found[1] or found[2]).replace("cannot", "can not").partition(" ")
    words = _words(f"{negation} {rest}")
    needed = next((count for count, word in enumerate(words, start=1) if content_stems(word)), len(words))
    start = [question_word, auxiliary, *_words(subject), *words[:needed]]
    return Form(" ".join(start), tuple(words[needed:]))


def _ask_with_do(question_word: str, words: list[str]) -> Form | None:
    for position in range(1, len(words)):
        verb = _read_verb(words, position)
        if verb is not None:
            start = [question_word, verb.auxiliary, *words[:position], verb.base]
            is_clear = is_subject(" ".join(words[:position]))
            return Form(" ".join(start), tuple(words[position + 1 :])) if is_clear else None
    return None


def _read_verb(words: list[str], position: int) -> _Verb | None:
    word = words[position]
    following = words[position + 1] if position + 1 < len(words) else ""
    third_base = _base_of_third_person(word)
    is_function_word = word in load_words("en") and third_base not in _verbs()
    if not word.isalpha() or not word.islower() or is_function_word:
        return None
    past_base = _past_forms().get(word, "") or _regular_base(word)
    is_participle = words[position - 1].endswith("ly")  # "frequently touched surfaces"
    if past_base and not is_participle:
        return _Verb("did", past_base)
    if word in _verbs() and _looks_plural(words[:position]):
        return _Verb("do", word)
    # "plants need": of two verbs in a row the first one is a plural
    is_verb_form = third_base in _verbs() and following not in _verbs() | _past_forms().keys()
    return _Verb("does", third_base) if is_verb_form else None


def _base_of_third_person(word: str) -> str:
    if word == "has":
        return "have"
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if re.search(r"(?:ch|sh|ss|x|zz|o)es$", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^su]s$", word) else ""


def _regular_base(word: str) -> str:
    """The base form of a regular past form of a known verb; "" for everything else."""
    if not word.endswith("ed"):
        return ""
    return next((base for base in (word[:-1], word[:-2], word[:-3], f"{word[:-3]}y") if base in _verbs()), "")


def _looks_plural(subject: list[str]) -> bool:
    return any(word.casefold() in _PLURALS or re.search(r"[^su]s$", word) for word in subject)


@cache
def _verbs() -> frozenset[str]:
    return load_list("en_imperatives") | load_list("en_verbs") | {"have"}


@cache
def _past_forms() -> dict[str, str]:
    return {past: base for past, (base,) in load_rules("en_past")}


def _words(clause: str) -> list[str]:
    """The words of ``clause`` up to its first comma."""
    return _WORD.findall(first_clause(clause))
