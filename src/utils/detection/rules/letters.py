"""Single letters as labels: which of them ask and which answer, by their partner in the document."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.speech import is_personal
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import bare_key
from src.utils.detection.types import ASKERS, Family
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import LabelWord, letter_pairs, read_label, role_words

_LETTER_FIRST = re.compile(r"(?P<letter>[^\W\d_])\.(?:[ ]?[-–—]{1,2})?[ \t]+")
_MIN_LETTERS = 2
_MAX_ASKED = 600
_MIN_COUNTED = 6
_MIN_TURNS = 3
_COUNTED_SHARE = 0.9
_COUNTED = re.compile(r"(?P<letter>[^\W\d_])[.]?(?P<number>\d{1,4})")


def with_partners(text: str, marks: list[Mark]) -> list[Mark]:
    """Letters get the role that their partner of the same form gives them; letters without one are no labels (``A.``
    may open a list or be an initial), but for ``Q:`` and ``A:`` beside a whole word."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for mark in marks:
        if _is_letter(mark.label):
            counts[(mark.label.form, mark.label.separator)][bare_key(mark.label)] += 1
    pairs = {shape: _best_pair(letters) for shape, letters in counts.items()}
    pairs = {shape: pair if _letters_ask(text, marks, shape, pair) else ("", "") for shape, pair in pairs.items()}
    sides = {mark.label.word.family in ASKERS for mark in marks if not _is_letter(mark.label)}
    kept = []
    for mark in marks:
        if not _is_letter(mark.label):
            kept.append(mark)
            continue
        family = _letter_family(mark.label, pairs[(mark.label.form, mark.label.separator)], sides)
        if family and family == mark.label.word.family:
            kept.append(mark)
        elif family:
            word = mark.label.word._replace(family=family)
            kept.append(Mark(mark.index, mark.label._replace(word=word)))
    return kept


def with_letters_before_colons(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """``A. Three: the first`` read as the letter it begins with, where that letter labels other lines."""
    letters = Counter(bare_key(mark.label) for mark in marks if _is_letter(mark.label) and mark.label.form == "dot")
    return [_letter_before_colon(text, mark, letters) for mark in marks]


def with_counted_letters(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """``A.1:``, ``B.2:``, ``A.3:`` read as the letters that speak, where one count runs through the turns of all, and
    they say I and you: cells and clauses are counted, too."""
    found = {
        mark.index: match
        for mark in marks
        if mark.label.form == "colon" and (match := _COUNTED.fullmatch(mark.label.word.key))
    }
    letters = Counter(match["letter"] for match in found.values())
    numbers = [int(match["number"]) for match in found.values()]
    counted = sum(other == one + 1 for one, other in pairwise(numbers))
    if len(found) < _MIN_COUNTED or counted < _COUNTED_SHARE * (len(found) - 1):
        return list(marks)
    if "q" in letters or sum(count >= _MIN_TURNS for count in letters.values()) < _MIN_LETTERS:
        return list(marks)
    if not is_personal([text[mark.label.text_start : mark.label.text_end] for mark in marks if mark.index in found]):
        return list(marks)
    return [_as_speaker(mark, found[mark.index]["letter"]) if mark.index in found else mark for mark in marks]


def _as_speaker(mark: Mark, letter: str) -> Mark:
    return Mark(mark.index, mark.label._replace(name=letter.upper(), word=LabelWord(letter, None, "")))


def _letter_before_colon(text: str, mark: Mark, letters: Counter[str]) -> Mark:
    found = _LETTER_FIRST.match(mark.label.name) if mark.label.form == "colon" else None
    if found is None or letters[found["letter"].casefold()] < _MIN_LETTERS:
        return mark
    start = text.index(mark.label.name, mark.label.start) + found.end()
    word = read_label(found["letter"])
    label = mark.label._replace(name=found["letter"], word=word, form="dot", text_start=start, separator=".")
    return Mark(mark.index, label)


def _best_pair(letters: Counter[str]) -> tuple[str, str]:
    """The pair whose letters both stand in the document, most often; ("", "") when no letter has its partner."""
    known = [pair for pair in letter_pairs() if pair[0] in letters and pair[1] in letters]
    return max(known, key=lambda pair: min(letters[pair[0]], letters[pair[1]]), default=("", ""))


def _letters_ask(text: str, marks: Sequence[Mark], shape: tuple[str, str], pair: tuple[str, str]) -> bool:
    """Whether a pair of letters is no part of an alphabetical list: q and a, and signs that are words for a question
    and an answer, are taken as they are, others must ask."""
    if (pair == ("q", "a") and shape[0] != "dot") or role_words().get(pair[1]) == "answer":
        return True
    stops = [*(mark.label.start for mark in marks[1:]), len(text)]
    asked = []
    for mark, stop in zip(marks, stops, strict=True):
        label = mark.label
        if (label.form, label.separator) == shape and bare_key(label) == pair[0]:
            end = max(label.text_end, min(stop, label.text_start + _MAX_ASKED))
            asked.append(asks(text[label.text_start : end]))
    return sum(asked) * 3 >= len(asked)


def _letter_family(label: Label, pair: tuple[str, str], sides: set[bool]) -> Family | None:
    letter = bare_key(label)
    if letter in pair:
        return "question" if letter == pair[0] else "answer"
    if pair != ("", "") or letter not in ("q", "a") or label.separator != ":":
        return None
    asks = letter == "q"
    return ("question" if asks else "answer") if (not asks) in sides or (asks and not sides) else None


def _is_letter(label: Label) -> bool:
    return len(bare_key(label)) == 1
