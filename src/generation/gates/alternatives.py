"""Words of one kind that exclude each other, the red valve and the yellow one: an answer may not name one that its
source does not have where the source has another one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.language import detect_language, function_words
from src.generation.gates.terms import Vocabulary
from src.generation.wordlists import read_word_sets

_ANY = "any"
_SHORTEST, _LONG = 3, 5
_FEW = 4
_ROMANCE = re.compile(r"(?:os|as|es|[soaei])$")
_ENDINGS = {
    "en": re.compile(r"(?:'s|ies|y|(?<=[sxz])es|(?<=[cs]h)es|(?<![sui])s)$"),
    "de": re.compile(r"(?:en|em|er|es|[ens])$"),
    "fr": re.compile(r"(?:es|[es])$"),
    "es": _ROMANCE,
    "it": _ROMANCE,
    "pt": _ROMANCE,
    "nl": re.compile(r"(?:en|[es])$"),
    "ru": re.compile(r"(?:ый|ой|ий|ая|ое|ые|ого|ом|ами|[аоуыиея])$"),
}
_WORD = re.compile(r"\w+(?:-\w+)*")
_HAN = r"[\u3400-\u9fff]"
_OPENING = ("", ".", "!", "?", ":", "-", "•", "\n")
_SPACELESS = frozenset({"zh", "ja"})


def check_alternatives(draft: Draft, passage: str) -> Verdict:
    """Reject an answer with a word of a kind (a colour, a metal, a bird) that neither passage nor question has in any
    form, where the passage has another one of that kind which neither question nor answer has."""
    code = detect_language(passage).code
    given, asked, said = (dict(_members(text, code)) for text in (passage, draft.question, draft.answer))
    around = f"{passage}\n{draft.question}".casefold()
    known = Vocabulary([around])
    for key, (kind, word) in said.items():
        if (
            key in given
            or key in asked
            or _in_compound(word, around)
            or known.has_form(word)
            or known.has_meaning(word)
        ):
            continue
        others = [other for place, (its, other) in given.items() if its == kind and place not in {**asked, **said}]
        if others:
            return Verdict(False, "answer_not_in_source", f"{word}, where the source has {others[0]}")
    return Verdict(True)


def _in_compound(word: str, around: str) -> bool:
    """Whether a word stands in a longer one: Kupfer in Kupferblech. A short one stands in any: red in considered."""
    return len(word) >= _LONG and word in around


def _members(text: str, code: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The words of ``text`` that are of some kind: what each is looked up by, its kind and how it stands there. Names
    (Mr Brown) are none, but where nouns have capitals."""
    if code in _SPACELESS:
        for word, kind in _kinds(code).items():
            is_alone = rf"(?<!{_HAN}){word}(?!{_HAN})" if len(word) == 1 else word
            if re.search(is_alone, text):
                yield word, (kind, word)
        return
    kinds = _kinds(code)
    for found in _WORD.finditer(text):
        word = found.group().casefold()
        key = _key(word, code)
        if key in kinds and word not in function_words(code) and (code == "de" or not _is_name(text, found.start())):
            yield key, (kinds[key], word)


def _is_name(text: str, place: int) -> bool:
    """Whether a word with a capital stands inside of a sentence."""
    before = text[max(0, place - _FEW) : place].rstrip(" \"'“‘«*")
    return text[place].isupper() and before[-1:] not in _OPENING


def _key(word: str, code: str) -> str:
    """A word without its ending."""
    ending = _ENDINGS.get(code)
    short = ending.sub("", word) if ending else word
    return short if len(short) >= _SHORTEST else word


@cache
def _kinds(code: str) -> Mapping[str, str]:
    """By what a word of a language is looked up by: its kind."""
    lists = read_word_sets("alternatives.txt").items()
    return {
        word if code in _SPACELESS else _key(word, code): name
        for name, words in lists
        if name.partition(".")[0] in {code, _ANY}
        for word in sorted(words)
    }
