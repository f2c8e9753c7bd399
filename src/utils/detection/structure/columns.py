"""Tables, and what their columns hold: questions, answers, sentences, whatever the header says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.speech import count_words
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.moments import is_moment
from src.utils.detection.words.signs import SENTENCE_ENDS, STOPS
from src.utils.detection.words.vocabulary import compact_key, json_keys, words

SAMPLE = 2000
"""Rows that are looked at before a column is classed."""

MIN_WORDS = 2.5
_MIN_FILLED = 0.7
_MIN_ASKING = 0.6
_MIN_DISTINCT = 0.6
_ENDS = SENTENCE_ENDS + '"”»)'
_CLOSING = ' \n\t"”»)’」'
_MIN_SENTENCES = 0.6
_INNER_END = re.compile(rf"[{SENTENCE_ENDS}][\"”»)’]?(?:\s|\Z)")
_LONG = 40
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")


class Row(NamedTuple):
    """A row: where it begins, and the pieces of its filled cells by the name of their column.

    ``thread`` is the list that the row stands in where rows of several lists are looked at together.
    """

    start: int
    cells: dict[str, tuple[Span, ...]]
    thread: str = ""


@dataclass(slots=True)
class Table:
    """Rows of equal make-up and the text that they are cut from."""

    text: str
    rows: Sequence[Row]
    _values: dict[str, list[str]] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The columns in order of appearance."""
        return list(dict.fromkeys(name for row in self.rows[:SAMPLE] for name in row.cells))

    def values(self, name: str) -> list[str]:
        """The cells of a column from top to bottom, trimmed; "" where a row has none."""
        if name not in self._values:
            self._values[name] = [self._cell(row, name) for row in self.rows]
        return self._values[name]

    def _cell(self, row: Row, name: str) -> str:
        pieces = row.cells.get(name, ())
        if len(pieces) == 1:
            return self.text[slice(*pieces[0])].strip()
        return "\n".join(self.text[piece.start : piece.end] for piece in pieces).strip()


def best_named(names: Sequence[str], group: str) -> str | None:
    """The column whose name is a word for ``group`` (role, text, question, ...), the best word first."""
    ranks = json_keys(group)
    known = [name for name in names if last_key(name) in ranks]
    return min(known, key=lambda name: ranks[last_key(name)]) if known else None


def speakers_in(table: Table, name: str) -> list[str]:
    """Who speaks row by row; where a column gives numbers to speakers, its name and the number."""
    values = table.values(name)
    return (
        [value and f"{name} {value}" for value in values] if last_key(name) in json_keys("speaker_number") else values
    )


def headings_of(table: Table) -> list[str]:
    """What the rows are called, where a column says so."""
    name = best_named(table.names(), "heading")
    return table.values(name) if name else []


def worded(names: Sequence[str], group: str) -> list[str]:
    """The columns in whose names a word for ``group`` stands as a whole word: ``Resposta esperada``."""
    ranks = json_keys(group)
    return [name for name in names if any(len(word) > 1 and word in ranks for word in words_of(name))]


def words_of(name: str) -> list[str]:
    """The words of a column's name, in small letters: ``authorType`` and ``author_type`` have two."""
    return [word.casefold() for word in _WORD.findall(name.rsplit("/", 1)[-1])]


def last_key(name: str) -> str:
    """The last word of a path of keys that is no position: what the column is called."""
    steps = [step for step in name.split("/") if step not in ("*", "")]
    return compact_key(steps[-1]) if steps else ""


def find_pairs(table: Table) -> tuple[str, str] | None:
    """The column that asks, and the longest other one where it answers in words."""
    names = table.names()
    asking = [name for name in names if asks(table.values(name))]
    others = [name for name in names if name not in asking]
    if len(asking) != 1 or not others or len(table.rows) < 2:
        return None
    told = max(others, key=length_in(table))
    return (asking[0], told) if holds_answers(table.values(told)) else None


def asks(values: Sequence[str]) -> bool:
    """Whether most cells of a column end as questions do, and not all as the same one ("Was this helpful?")."""
    asking = sum(map(ends_as_question, values))
    return asking >= 2 and asking >= _MIN_ASKING * len(values) and len(set(values)) > 1


def holds_answers(values: Sequence[str]) -> bool:
    """Whether cells hold sentences, not the values of a form."""
    filled = [value for value in values if value][:SAMPLE]
    return sum(map(count_words, filled)) >= 3 * len(values[:SAMPLE])


def holds_words(values: Sequence[str]) -> bool:
    """Whether most cells hold words, not times, numbers or yes and no."""
    filled = [value for value in values[:SAMPLE] if value]
    return sum(any(map(str.isalpha, value)) and not is_moment(value) for value in filled) * 2 > len(filled)


def is_prose(values: Sequence[str]) -> bool:
    """Whether a column holds what somebody said: words that differ from row to row, sentences or questions."""
    sample = values[:SAMPLE]
    filled = [value for value in sample if value]
    if not filled or len(filled) < _MIN_FILLED * len(sample) or not differ(filled):
        return False
    if sum(map(count_words, filled)) < MIN_WORDS * len(filled):
        return False
    return sum(map(_ends_sentence, filled)) >= 0.3 * len(filled)


def answer_in_sentences(values: Sequence[str]) -> bool:
    """Whether most of what stands at questions are sentences that ask nothing: figures, choices, what people fill in
    and translations are not."""
    sentences = sum(value.rstrip(_CLOSING)[-1:] in tuple(STOPS) for value in values)
    return sentences >= _MIN_SENTENCES * len(values) and sum(map(count_words, values)) >= MIN_WORDS * len(values)


def differ(values: Sequence[str]) -> bool:
    """Whether most texts differ by more than their numbers: programs fill the same sentence in again and again."""
    return len({_DIGITS.sub("", value) for value in values}) >= _MIN_DISTINCT * len(values)


def _ends_sentence(value: str) -> bool:
    """Whether the end of a sentence is the end of a text, or stands somewhere in a long one."""
    return value[-1] in _ENDS or (len(value) > _LONG and _INNER_END.search(value) is not None)


def are_languages(values: Iterable[str]) -> bool:
    """Whether values tell in which language texts are: ``en``, ``de-AT``."""
    return all(value.replace("_", "-").partition("-")[0] in words("language_codes") for value in values)


def length_in(table: Table) -> Callable[[str], int]:
    return lambda name: sum(map(len, table.values(name)[:SAMPLE]))
