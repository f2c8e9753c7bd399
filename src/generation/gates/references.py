"""Drafts that only make sense to someone who sees the source, which the trained model will not."""

from __future__ import annotations

import re
from itertools import pairwise

from src.core.types import Verdict
from src.generation.answer_first.question_parts import is_past_form, is_verb
from src.generation.answer_first.words import split_words
from src.generation.answer_parser import Draft
from src.generation.gates.code_terms import code_terms
from src.generation.gates.language import detect_language
from src.generation.gates.names import find_names
from src.generation.gates.pointers import find_pointer
from src.generation.gates.terms import (
    Vocabulary,
    content_words,
    is_function_word,
    rarity,
)
from src.generation.wordlists import read_word_sets

MIN_SPECIFIC = 0.6
"""Rarity that the words of a question must have together, counting those that its source has: below it the question
names nothing that it could be about."""
_INVERTED = re.compile(r"(\w+?)(?:-t)?-(ils?|elles?)\b", re.IGNORECASE)
"""French questions put the pronoun behind the verb: est-il, parvient-elle, a-t-il."""
_CLITICS = {
    "fr": re.compile(
        r"\b(?:(?:le|la|les)\s|l['’])\w+(?:-t)?-(?:on|ils?|elles?|je|tu|vous|nous)\b",
        re.IGNORECASE,
    ),
}
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[.!?;:,]")


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
    asking = _asking_words(code)
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


def find_dangling(question: str, code: str) -> str:
    """The first pronoun or demonstrative of ``question`` that stands for nothing in it; "" when there is none.

    The words that a question begins with ("what temperature") are what is asked for and cannot be what a pronoun
    stands for, so that only what follows their verb counts.
    """
    kinds = {kind: read_word_sets("references.txt").get(f"{code}.{kind}", frozenset()) for kind in _KINDS}
    if not any(kinds.values()):
        return ""
    if code == "fr":
        question = _INVERTED.sub(lambda found: _uninvert(found, question, kinds), question)
    originals: list[str] = _WORD.findall(question)
    tokens = [word.casefold().replace("’", "'") for word in originals]
    named = False
    asked_for = 0
    in_front = bool(set(tokens[:3]) & _asking_words(code))
    for number, word in enumerate(tokens):
        is_formal = code == "de" and originals[number] == "Sie"
        if code == "de" and word == "das" and not named and not _has_noun(originals[number + 1 : number + 4]):
            return originals[number]
        if word in kinds["pronouns"] and not named and not is_formal and not _is_expletive(tokens, number, kinds):
            return originals[number]
        if word in kinds["demonstratives"] and not named and not _points_forward(tokens, number, code, kinds["verbs"]):
            return " ".join(originals[number : number + 2])
        if in_front and (word in kinds["verbs"] or (asked_for and _is_verb(word, code))):
            in_front = False
        elif _may_name(originals[number], number, code) and not _is_verb_form(tokens, number, code, kinds["verbs"]):
            asked_for += in_front
            named = named or not in_front or asked_for > 1
        if word in ".!?;" and number:
            in_front = number + 1 < len(tokens) and tokens[number + 1] in _asking_words(code)
            named = named or number > 4
    return ""


def find_clitic(question: str, code: str) -> str:
    """A French pronoun before its verb (la nettoie-t-on), where at most one word that says something stands before
    it; "" when there is none."""
    found = _CLITICS[code].search(question) if code in _CLITICS else None
    if found is None:
        return ""
    asking = _asking_words(code)
    before = [word for word in content_words(question[: found.start()], code) if word not in asking]
    return found.group() if len(before) <= 1 else ""


def _uninvert(found: re.Match[str], question: str, kinds: dict[str, frozenset[str]]) -> str:
    """A French verb and the pronoun behind it: the verb alone where the subject stands before it and the pronoun
    repeats that; both where it is a common one; else the pronoun alone, for a verb is nothing that it stands for."""
    if _has_subject(question[: found.start()]):
        return found[1]
    is_common = found[1].casefold() in kinds["verbs"] | kinds["expletives"]
    return f"{found[1]} {found[2]}" if is_common else found[2]


def _has_subject(before: str) -> bool:
    """Whether a noun stands between the word that asks and an inverted French verb: "Pourquoi le four est-il ...". What
    follows "quel" or "que" is what is asked for."""
    words = [word.casefold() for word in _WORD.findall(before)]
    asking = {"quel", "quelle", "quels", "quelles", "que", "qu", "combien"}
    return not asking & set(words[:2]) and any(_names(word, "fr") for word in words)


_FORMS_OF_BE = frozenset({"be", "been", "being", "not"})
_WH = 5
"""Letters of the longest word that asks: where, which."""
_TO_BE = frozenset({"is", "was", "be", "ist", "war", "wäre"})
_KINDS = ("pronouns", "demonstratives", "verbs", "expletives")


def _is_expletive(tokens: list[str], number: int, kinds: dict[str, frozenset[str]]) -> bool:
    """ "How long does it take to ...", "is it safe to ...", "il faut": a pronoun that stands for nothing at all."""
    after_be = number > 0 and tokens[number - 1] in _TO_BE
    following = tokens[number + 1 : number + (6 if after_be else 4)]  # is it a very good idea to ...
    window = tokens[max(0, number - 2) : number] + following[:3]
    if set(window) & kinds["expletives"]:
        return True
    if tokens[number] == "it" and "for" in following[1:]:
        return True
    opens = {"to", "that", "if", "when", "zu", "dass", "wenn", "de", "que", "di", "che", "om", "dat"}
    return bool(set(following) & opens) and (
        tokens[number] in {"it", "es", "il", "het", "'t"} or tokens[number].startswith("da")
    )


def _points_forward(tokens: list[str], number: int, code: str, verbs: frozenset[str]) -> bool:
    """ "those who", "those tried for it", "these: ..." say themselves what they mean; "that" is no demonstrative
    before a clause, nor between a noun and its verb ("two things that can fail")."""
    token, rest = tokens[number], tokens[number + 1 : number + 7]
    before = tokens[number - 1] if number else ""
    if tokens[number] == "those" and rest and code == "en" and is_past_form(rest[0]):
        return True
    if token in {"that", "dat", "die"}:
        is_noun = not is_function_word(before) or (len(before) > _WH and before in _asking_words(code))
        follows_noun = before.isalpha() and is_noun and before not in verbs
        if follows_noun and bool(rest) and rest[0] in verbs and not _is_verb(before, code):
            return True
        return bool(rest) and rest[0].isalnum() and rest[0] not in verbs
    return bool(rest) and rest[0] in {"who", "which", "that", "whose", "of", "in", "with", "die", "der", "qui", "que"}


def _may_name(word: str, number: int, code: str) -> bool:
    """Whether a word of a question may be what a later pronoun stands for; in German only one with a capital."""
    if not word[0].isalnum() or (code == "de" and number and not (word[0].isupper() or word[0].isdigit())):
        return False
    return _names(word.casefold().replace("’", "'"), code)


def _names(word: str, code: str) -> bool:
    return not is_function_word(word) and word not in _asking_words(code) and len(word) > 1


def _is_verb_form(tokens: list[str], number: int, code: str, verbs: frozenset[str]) -> bool:
    """Whether a word that follows a form of be or a modal verb is a verb: what is done, not what it is done to."""
    before = tokens[number - 1] if number else ""
    if code != "en" or before not in verbs | _FORMS_OF_BE:
        return False
    return is_verb(tokens[number]) or is_past_form(tokens[number])


def _has_noun(words: list[str]) -> bool:
    """Whether a word with a capital comes before the next mark: then "das" is its article."""
    for word in words:
        if not word[0].isalnum():
            return False
        if word[0].isupper() or word[0].isdigit():
            return True
    return False


def _is_verb(word: str, code: str) -> bool:
    return code == "en" and word.endswith("s") and is_verb(word)


def _asking_words(code: str) -> frozenset[str]:
    return read_word_sets("references.txt").get(f"{code}.asking", frozenset())
