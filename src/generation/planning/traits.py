"""What a passage is made of, seen from its outside: what each task needs to be asked for with sense."""

from __future__ import annotations

import re
from typing import Literal

from src.generation.planning.contrasts import has_contrast
from src.generation.planning.passage_words import EAST_ASIAN, Words
from src.generation.planning.procedures import has_steps

Trait = Literal["statements", "length", "premises", "figures", "steps", "contrast"]

MIN_STATEMENTS = 3
MIN_FIGURES = 3
MIN_PREMISES = 2
MIN_ROWS = 2
MIN_LETTERS = 120
"""A summary of two sentences has about as many."""
_LETTERS_OF_A_SIGN = 3
"""What a sign of Chinese, Japanese, Korean or Thai says takes about three letters elsewhere."""

_STATEMENT_END = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s|$)|[。！？।؟]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_NUMBERED = re.compile(r"^[ \t]*\(?(?:\d{1,2}|[a-z])[.)][ \t]+\S|^[ \t]*[①-⑳]", re.MULTILINE)
_CELL_END = re.compile(r"[\t|]")
_FIELD = re.compile(r"^[ \t]*[^\W\d_][^:：\n]{0,40}[:：](?!//)[ \t]*\S.{0,80}$", re.MULTILINE)
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


def find_traits(text: str) -> frozenset[Trait]:
    """The traits of a passage. Line marks, rows, fields and figures are the same in every language; order, contrast and
    conditions in running text are known by lists of words (wordlists/), which most written languages have entries in.
    """
    rows = sum(_count_cells(line) > 1 for line in text.splitlines())
    figures = _count_figures(text)
    statements = max(_count_statements(text), rows)
    has_premises = figures >= MIN_PREMISES or Words.of(text).count("condition_words.txt") > 0
    traits: dict[Trait, bool] = {
        "statements": statements >= MIN_STATEMENTS,
        "length": _weigh_letters(text) >= MIN_LETTERS,
        "premises": statements >= MIN_STATEMENTS and has_premises,
        "figures": rows >= MIN_ROWS or len(_FIELD.findall(text)) >= MIN_ROWS or figures >= MIN_FIGURES,
        "steps": has_steps(text),
        "contrast": rows >= MIN_ROWS or has_contrast(text),
    }
    return frozenset(trait for trait, found in traits.items() if found)


def _count_statements(text: str) -> int:
    """Sentences, or lines with words in them where a table or a list has no full stops."""
    sentences = len(_STATEMENT_END.findall(text))
    if sentences >= MIN_STATEMENTS:
        return sentences
    return max(sentences, sum(len(_LETTERS.findall(line)) > 1 for line in text.splitlines()))


def _weigh_letters(text: str) -> int:
    """Letters of running text; a sign of a script without spaces counts for several."""
    signs = len(EAST_ASIAN.findall(text))
    return sum(map(str.isalpha, text)) - signs + _LETTERS_OF_A_SIGN * signs


def _count_cells(line: str) -> int:
    return sum(any(map(str.isalnum, cell)) for cell in _CELL_END.split(line)) if _CELL_END.search(line) else 1


def _count_figures(text: str) -> int:
    return len(set(_FIGURE.findall(_NUMBERED.sub("", text))))
