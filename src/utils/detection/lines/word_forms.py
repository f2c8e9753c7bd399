"""Label words that no colon sets off: before a full stop, a dash, a gap or a number, or in brackets with the answer."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from src.utils.detection.lines.label_patterns import BRACKETED, DASH, DOT, FIRST_WORD, GAP, NUMBERED, SHAPES
from src.utils.detection.words.vocabulary import first_words, in_usual_signs, read_label, words

_MAX_NAME_WORDS = 4
_OPENERS = "[【(（［"


class WordLabel(NamedTuple):
    """A label word at the beginning of a line, up to ``end``; ``closed``: emphasis closes behind it."""

    name: str
    form: Literal["dash", "dot"]
    separator: str
    end: int
    closed: bool


def begins_with_word(text: str, position: int, end: int) -> bool:
    """Whether the first word is one that a label of the closed vocabulary begins with."""
    word = FIRST_WORD.match(text, position, end)
    return word is not None and in_usual_signs(word[0]).casefold() in first_words()


def short_word(text: str, position: int, end: int, *, opens: bool) -> WordLabel | None:
    """``Q. text``, ``A1) text``, ``Q - text``; ``opens``: the line begins a paragraph."""
    for pattern in (DASH, DOT, GAP, NUMBERED):
        found = pattern.match(text, position, end)
        if found and pattern is DOT and _is_title(text, found, end):
            return None
        if found and read_label(found["name"]).family and not _runs_on(found["name"], opens=opens):
            closed = bool(found["close"] or found.groupdict().get("after"))
            separator = found[0].strip()[-1:] if pattern in (DASH, DOT) else " "
            return WordLabel(found["name"], "dash" if pattern is DASH else "dot", separator, found.end(), closed)
    return None


def _is_title(text: str, found: re.Match[str], end: int) -> bool:
    """``Dr. Ida Brand``: whether a title and a name are all of the line."""
    rest = text[found.end() : end].split()
    named = 0 < len(rest) <= _MAX_NAME_WORDS and all(word.istitle() for word in rest) and rest[-1][-1].isalpha()
    return named and found["name"].casefold() in words("titles")


def _runs_on(name: str, *, opens: bool) -> bool:
    """Whether a word without a capital stands at the beginning of a line by chance: the line above runs on."""
    return len(name) > 1 and name[0].islower() and not opens and not name[-1].isdigit()


def goes_before_name(text: str, position: int, end: int) -> bool:
    """``A6. Patient: ...``, ``A    He asked me: ...``: whether a letter with its number, or set apart, begins the line,
    which goes before a name with a colon."""
    set_apart = GAP.match(text, position, end)
    if set_apart and len(set_apart["name"]) == 1:
        return True
    found = DOT.match(text, position, end)
    return (
        found is not None and len(found["name"].rstrip("0123456789.-")) == 1 and bool(read_label(found["name"]).number)
    )


def goes_before_colon(text: str, position: int, end: int) -> bool:
    """``Answer. Once: as a courtesy``: whether a whole word begins the line, which goes before what else stands before
    the colon."""
    found = DOT.match(text, position, end)
    return found is not None and len(found["name"]) > 1 and read_label(found["name"]).family in ("question", "answer")


def bracketed_answer(text: str, position: int, end: int) -> re.Match[str] | None:
    """``(Answer: a lemon)``: a word for an answer in the brackets that hold it."""
    found = BRACKETED.match(text, position, end) if text[position] in _OPENERS else None
    return found if found and read_label(found["name"]).family == "answer" else None


def word_behind_shape(name: str) -> str:
    """``◆Question 1``: the word of the closed vocabulary behind a sign that also stands before headings; "" where none
    does."""
    word = name.lstrip(SHAPES)
    return word if len(word) > 1 and read_label(word).family else ""
