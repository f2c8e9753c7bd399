"""Whether an answer begins as one to its question does: no "because" answers "which", no "as soon as" answers "who"."""

from __future__ import annotations

import re

from src.generation.gates.answer_types import agreements, find_kind, has_measure
from src.generation.gates.language import detect_language
from src.generation.gates.texts import PLAIN_WORD, split_sentences
from src.generation.wordlists import read_word_sets

_FORMS = ("content", "indirect", "condition", "cause", "refusal", "pronoun", "adverbial", "purpose")
_ODD = {
    "number": {"content", "indirect", "condition", "cause", "refusal", "pronoun", "agreement"},
    "measure": {"content", "indirect", "cause", "refusal", "agreement", "purpose"},
    "time": {"content", "indirect", "cause", "agreement"},
    "year": {"content", "indirect", "cause", "agreement"},
    "person": {"content", "condition", "cause", "refusal", "pronoun", "agreement"},
    "place": {"content", "indirect", "cause", "refusal", "agreement"},
    "which": {"content", "indirect", "condition", "cause", "refusal", "pronoun", "adverbial", "purpose", "agreement"},
    "in which": {"content", "indirect", "cause", "refusal", "pronoun", "agreement"},
    "what": {"condition", "cause", "refusal", "agreement"},
    "manner": {"content", "indirect", "condition", "cause", "refusal", "agreement"},
    "reason": {"content", "indirect", "adverbial", "agreement"},
    "agreement": {"content", "indirect", "condition", "cause", "adverbial", "purpose"},
    "request": {"content", "condition", "cause", "refusal", "pronoun", "adverbial", "purpose", "agreement"},
}
"""With what answers to a question of each kind hardly ever begin: of 1123 good ones one in thirty does, of those that
belong to another question one in five."""
_AMOUNTS = frozenset({"number", "measure"})
_FIRST_WORDS = 3
_ONE_WORD = re.compile(r"\W*\w+\s*(?:[,.;:!–—]|$)")
_ECHO = re.compile(r"\W*\w+ (\w+?)(?:n['’]t| not)?\s*[,.;:!–—]")
"""It does; they aren't."""


def is_oddly_begun(question: str, answer: str) -> bool:
    """Whether answers to such a question hardly ever begin like this one; False in languages without a list."""
    code = detect_language(question).code or detect_language(answer).code
    asked, form = find_asked(question, code), _find_form(answer, code)
    if asked == "measure" and form != "pronoun" and not has_measure(answer, code):
        return True
    return form in _ODD.get(asked, ())


def find_asked(question: str, code: str) -> str:
    """What the last sentence of a question asks for; "" where it does not say so at once."""
    sentence = _main_clause((split_sentences(question) or [""])[-1], code)
    words = " ".join(word.casefold() for word in PLAIN_WORD.findall(sentence))
    if any(_opens(words, start) for start in _words(code, "request")):
        return "request"
    if any(_opens(words, start) for start in _words(code, "measure")):
        return "measure"
    kind = find_kind(" ".join(sentence.split()[:_FIRST_WORDS]), code)
    if kind == "thing":
        place = next((number for number, word in enumerate(words.split()) if word in _words(code, "which")), None)
        return "what" if place is None else "in which" if place else "which"
    is_plain = not kind and sentence.endswith("?") and not find_kind(sentence, code)
    return "agreement" if is_plain and _words(code, "request") else kind


def asks_amount(question: str, code: str) -> bool:
    """Whether a question asks how many or how much of something there is, maybe behind another word: by how much."""
    words = question.split()
    return not _AMOUNTS.isdisjoint(find_asked(" ".join(words[first:]), code) for first in range(min(2, len(words))))


def _main_clause(sentence: str, code: str) -> str:
    """What follows the comma where a sentence begins with a condition."""
    opens = _words(code, "condition") | _words(code, "circumstance")
    clause, _, rest = sentence.partition(", ")
    return rest if rest and _first_words(clause)[:1] and _first_words(clause)[0] in opens else sentence


def _find_form(answer: str, code: str) -> str:
    words = " ".join(_first_words(answer))
    for form in _FORMS:
        if any(_opens(words, start) for start in _words(code, form)):
            echo = _ECHO.match(answer) if form == "pronoun" else None
            return "agreement" if echo and echo[1].casefold() in _verbs(code) else form
    agrees = words.partition(" ")[0] in agreements() and _ONE_WORD.match(answer)
    return "agreement" if agrees else ""


def _verbs(code: str) -> frozenset[str]:
    return read_word_sets("references.txt").get(f"{code}.verbs", frozenset())


def _first_words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in PLAIN_WORD.findall(text)[:_FIRST_WORDS]]


def _opens(words: str, start: str) -> bool:
    return f"{words} ".startswith(f"{start.replace('_', ' ')} ")


def _words(code: str, kind: str) -> frozenset[str]:
    return read_word_sets("answer_forms.txt").get(f"{code}.{kind}", frozenset())
