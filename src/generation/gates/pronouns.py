"""Pronouns and demonstratives of a question that stand for nothing in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from src.generation.answer_first.question_parts import is_past_form, is_verb
from src.generation.gates.antecedents import has_antecedent, is_named_behind
from src.generation.gates.expletives import DO, WINDOW, is_expletive
from src.generation.gates.terms import content_words, is_function_word
from src.generation.wordlists import read_word_sets

_Kinds = Mapping[str, frozenset[str]]
"""The words of a language by kind: pronouns, demonstratives, verbs, expletives."""
_INVERTED = re.compile(r"\b(\w+?)(?:-t)?-(ils?|elles?)\b", re.IGNORECASE)
"""French questions put the pronoun behind the verb: est-il, parvient-elle, a-t-il."""
_COUNTED = re.compile(r"\bcombien\s(?:des?\b|du\b|d['’])", re.IGNORECASE)
_SHORT = re.compile(r"\b(it|he|she)['’]s\b", re.IGNORECASE)
_CLITICS = {
    "fr": re.compile(
        r"\b(?:(?:le|la|les)\s|l['’])\w+(?:-t)?-(?:on|ils?|elles?|je|tu|vous|nous)\b",
        re.IGNORECASE,
    ),
}
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[.!?;:,]")
_FORMS_OF_BE = frozenset({"be", "been", "being", "not"})
_WH = 5
"""Letters of the longest word that asks: where, which."""
_WH_WORDS = frozenset({"what", "which", "who", "whom", "whose", "when", "where", "why", "how"})
_LONGEST_ASKED = 12
"""Words of a question before its subject, at most."""
_BEFORE_ASKED = frozenset({"of", "in", "to", "at", "on", "for", "from", "by", "with", "under", "about"})
_SUBORDINATES = {"en": {"that", "because", "although", "while", "when", "if"}, "de": {","}}
"""Behind what is asked for they open a clause in which a pronoun stands for it: how many said that they ..."""
_BEFORE_CLAUSE = frozenset({"if", "when", "once", "because", "unless", "until"})
"""Behind them "that" opens no clause."""
_OBJECTS = frozenset({"them", "him", "her", "it"})
_ADVERBS = frozenset({"why", "when", "where", "how"})
_PASSIVE = frozenset({"is", "are", "was", "were"})
_PREPOSITIONS = frozenset({"on", "in", "at", "for", "from", "to", "by", "under", "through", "with"})
_ARTICLES = frozenset({"the", "a", "an", "any"})
_FEWEST_OF_PASSIVE = 5
_KINDS = ("pronouns", "demonstratives", "verbs", "expletives")


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
    if code == "en":
        question = _SHORT.sub(r"\1 is", question)
    originals: list[str] = _WORD.findall(question)
    tokens = [word.casefold().replace("’", "'") for word in originals]
    named = False
    asked_for = 0
    in_front = bool(set(tokens[:3]) & asking_words(code))
    for number, word in enumerate(tokens):
        if dangling := _find_at(number, originals, tokens, code, kinds, named=named):
            return dangling
        if in_front and asked_for and word in _SUBORDINATES.get(code, ()):
            named = True
        elif in_front and (word in kinds["verbs"] or (asked_for and _is_verb(word, code))):
            in_front = False
        elif _may_name(originals[number], number, code) and not _is_verb_form(tokens, number, code, kinds["verbs"]):
            asked_for += in_front
            named = named or not in_front or asked_for > 1
        if word in ".!?;" and number:
            in_front = number + 1 < len(tokens) and tokens[number + 1] in asking_words(code)
            named = named or number > 4
    return "it" if code == "en" and _is_place_of_passive(originals) else ""


def _find_at(number: int, originals: list[str], tokens: list[str], code: str, kinds: _Kinds, *, named: bool) -> str:
    """The pronoun or demonstrative at that place, where it stands for nothing: neither for what is ``named`` before it
    nor for what follows."""
    original, word = originals[number], tokens[number]
    if word in kinds["pronouns"] and not (code == "de" and _is_no_pronoun(originals, number)):
        lacks_name = not named or _is_subject_of_asked(originals, number, code, kinds["verbs"])
        if code == "en":
            lacks_name = lacks_name or (word == "it" and not has_antecedent(originals[:number], asking_words(code)))
            lacks_name = lacks_name and not is_named_behind(originals, number)
        if lacks_name and not is_expletive(tokens, number, kinds["expletives"]):
            return original
    if code == "en" and word == "one" and _is_left_open(originals, number):
        return original
    if named:
        return ""
    if code == "de" and word == "das" and not _has_noun(originals[number + 1 : number + 4]):
        return original
    if word in kinds["demonstratives"] and not _points_forward(tokens, number, code, kinds["verbs"]):
        return " ".join(originals[number : number + 2])
    return ""


def _is_left_open(originals: list[str], number: int) -> bool:
    """Whether "one that ..." says neither itself nor by a noun before it of what it is one."""
    return originals[number + 1 : number + 2] in (["that"], ["which"]) and not has_antecedent(
        originals[:number], asking_words("en")
    )


def _is_no_pronoun(originals: list[str], number: int) -> bool:
    """Whether a German word is a form of address or, before no word that says something, the verb "sein"."""
    behind = "".join(originals[number + 1 : number + 2])
    is_verb_sein = originals[number] == "sein" and (not behind.isalpha() or is_function_word(behind.casefold()))
    return originals[number] == "Sie" or is_verb_sein


def find_clitic(question: str, code: str) -> str:
    """A French pronoun before its verb (la nettoie-t-on), where at most one word that says something stands before
    it; "" when there is none."""
    found = _CLITICS[code].search(question) if code in _CLITICS else None
    if found is None:
        return ""
    asking = asking_words(code)
    before = [word for word in content_words(question[: found.start()], code) if word not in asking]
    return found.group() if len(before) <= 1 else ""


def asking_words(code: str) -> frozenset[str]:
    """Words of a language that ask, and name no subject."""
    return read_word_sets("references.txt").get(f"{code}.asking", frozenset())


def _uninvert(found: re.Match[str], question: str, kinds: _Kinds) -> str:
    """A French verb and the pronoun behind it: the verb alone where the subject stands before it and the pronoun
    repeats that; both where it is a common one; else the pronoun alone, for a verb is nothing that it stands for."""
    if _has_subject(question[: found.start()]):
        return found[1]
    is_common = found[1].casefold() in kinds["verbs"] | kinds["expletives"]
    return f"{found[1]} {found[2]}" if is_common else found[2]


def _has_subject(before: str) -> bool:
    """Whether a noun stands between the word that asks and an inverted French verb: "Pourquoi le four est-il ...". What
    follows "quel", "que" or "combien de" is what is asked for."""
    words = [word.casefold() for word in _WORD.findall(before)]
    asking = {"quel", "quelle", "quels", "quelles", "que", "qu"}
    is_asked = not asking.isdisjoint(words[:2]) or _COUNTED.search(before) is not None
    return not is_asked and any(_names(word, "fr") for word in words)


def _is_subject_of_asked(originals: list[str], number: int, code: str, verbs: frozenset[str]) -> bool:
    """Whether a pronoun follows a first verb before which only stands what is asked for, without an article or a name:
    "how many kinds of moss did she ...". Nothing of that can be its subject."""
    is_subject = originals[number].casefold() in {"he", "she", "they"} or originals[number - 1] in DO
    if code != "en" or not is_subject or originals[number - 1] not in verbs or not 1 < number <= _LONGEST_ASKED:
        return False
    front = originals[: number - 1]
    plain = [word.casefold() for word in front]
    is_asked = not _WH_WORDS.isdisjoint(plain[:2])
    return (
        is_asked
        and all(
            (not is_function_word(word) or word in asking_words(code) or word in _BEFORE_ASKED) and word.isalpha()
            for word in plain
        )
        and not any(word[0].isupper() for word in front[1:])
    )


def _is_place_of_passive(originals: list[str]) -> bool:
    """Whether a question with one noun phrase ends in "it" behind a participle and a preposition: (why) are boats
    allowed on it? Its subject, the only thing that it names, would be "itself"."""
    words = [word for word in originals if word[0].isalnum()]
    words = words[words[0].casefold() in _ADVERBS :] if words else []
    if originals[:-1] != [word for word in originals[:-1] if word[0].isalnum()] or len(words) < _FEWEST_OF_PASSIVE:
        return False
    first, *subject, participle, preposition, last = words
    return (
        last == "it"
        and first.casefold() in _PASSIVE
        and preposition in _PREPOSITIONS
        and is_past_form(participle)
        and all(word.islower() and (word in _ARTICLES or not is_function_word(word)) for word in subject)
    )


def _points_forward(tokens: list[str], number: int, code: str, verbs: frozenset[str]) -> bool:
    """ "those who", "those tried for it", "these: ..." say themselves what they mean; "that" is no demonstrative
    before a clause, nor between a noun and its verb ("two things that can fail")."""
    word, rest = tokens[number], tokens[number + 1 : number + 7]
    before = tokens[number - 1] if number else ""
    if before == "there" or (word == "those" and rest and code == "en" and is_past_form(rest[0])):
        return True
    if rest[:1] in (["which"], ["who"]) or ":" in tokens[number : number + WINDOW]:
        return True
    if word == "that" and code == "en" and (before in _BEFORE_CLAUSE or _ends_asking(tokens, number, verbs)):
        return False
    if word in {"that", "dat", "die"}:
        is_noun = not is_function_word(before) or (len(before) > _WH and before in asking_words(code))
        follows_noun = before.isalpha() and is_noun and before not in verbs
        if follows_noun and bool(rest) and rest[0] in verbs and not _is_verb(before, code):
            return True
        return bool(rest) and rest[0].isalnum() and rest[0] not in verbs
    return bool(rest) and rest[0] in {"who", "which", "that", "whose", "of", "in", "with", "die", "der", "qui", "que"}


def _ends_asking(tokens: list[str], number: int, verbs: frozenset[str]) -> bool:
    """Whether the first verb of a question stands before that word: why was that ..., how much should that ..."""
    front = tokens[: number - 1]
    is_asking = not front or not _WH_WORDS.isdisjoint(front[:2])
    return number > 0 and tokens[number - 1] in verbs and is_asking and verbs.isdisjoint(front)


def _may_name(word: str, number: int, code: str) -> bool:
    """Whether a word of a question may be what a later pronoun stands for; in German only one with a capital."""
    if not word[0].isalnum() or (code == "de" and number and not (word[0].isupper() or word[0].isdigit())):
        return False
    return _names(word.casefold().replace("’", "'"), code)


def _names(word: str, code: str) -> bool:
    return not is_function_word(word) and word not in asking_words(code) and len(word) > 1


def _is_verb_form(tokens: list[str], number: int, code: str, verbs: frozenset[str]) -> bool:
    """Whether a word is a verb, what is done and not what it is done to: one that follows a form of be or a modal verb,
    a past form before a pronoun, the first word of a German question before one."""
    before, behind = tokens[number - 1] if number else "", "".join(tokens[number + 1 : number + 2])
    if code == "de" and not number:
        return behind in {"er", "sie"}
    if code == "en" and behind in _OBJECTS and (tokens[number].endswith("ed") or is_past_form(tokens[number])):
        return True
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
