"""Cards to learn from, a line each: a question, a tab (or what the head of the file names) and its answer.

Many lists ask in their first column: what is done, what is bought, who speaks when. So either a program that keeps
cards says above them how they are written, or the lines have two columns and nearly all of them a question of several
words and a sentence that tells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.lines.speech import count_words
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.signs import STOPS

_HEAD = re.compile(
    r"#(?P<key>separator|html|columns|notetype|deck|tags|guid|if matches)(?P<column> column)?:[ \t]*(?P<value>.*)"
)
"""What Anki writes above the cards that it exports: ``#separator:tab``, ``#tags column:3``."""
_HEADS = ("#separator:", "#html:")
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "colon": ":", "pipe": "|", "space": " "}
_MIN_CARDS = 3
_SAMPLE = 60
"""Lines that tell whether it is worth to read all."""
_ASKING_SHARE = 0.6
_ALIKE_SHARE = 0.9
_SAYING_SHARE = 0.5
_MOST_FIELDS = 3
"""A question, its answer and a remark: more of them are answers to choose from."""
_MIN_ASKED = 3
_MIN_TOLD = 2
"""Words of a question and of its answer where no head says that these are cards."""
_CONFIDENCE = 0.9


def find_cards(text: str, lines: Sequence[Line]) -> Finding | None:
    """The cards whose first fields mostly ask: what translates words, or counts who chose what, asks nothing."""
    headed = text.startswith(_HEADS)
    if text.find("\t") < 0 and not headed:
        return None
    filled = [line for line in lines if not line.blank]
    size = next((number for number, line in enumerate(filled) if not _HEAD.match(text, line.start, line.end)), 0)
    separator, beside = _read_head(text, filled[:size])
    if separator == " " or any(line.foreign or line.code for line in filled[size:]):
        return None
    body = filled[size:]
    if body and not headed and not ends_as_question(text[body[0].start : body[0].end].partition(separator)[0]):
        body = body[1:]  # names of the columns
    most = _MOST_FIELDS if headed else 2
    if not headed and _go_on(text, [_fields(text, line, separator, most) for line in filled[:_SAMPLE]]):
        cards = [(own[0], own[1]) for line in filled if len(own := _fields(text, line, separator, most)) > 1]
        return _finding(cards)
    for rows in (body[:_SAMPLE], body):
        fields = (_fields(text, line, separator, len(beside) + most) for line in rows)
        cards = [card for own in fields if (card := _sides(own, beside, most))]
        if len(cards) < max(_MIN_CARDS, _ALIKE_SHARE * len(rows)) or not _are_cards(text, cards):
            return None
        if not headed and not _tell(text, cards):
            return None
    return _finding(cards)


def _finding(cards: Sequence[tuple[Span, Span]]) -> Finding:
    drafts = tuple(
        Draft((Utterance("question", "question", (asked,)), Utterance("answer", "answer", (told,))), asked.start)
        for asked, told in cards
    )
    return Finding("question cards", drafts, _CONFIDENCE, f"{len(cards)} lines of a question and its answer")


def _go_on(text: str, rows: Sequence[Sequence[Span]]) -> bool:
    """Whether most answers of several words stand once more as the next question, and some of them ask: the pairs were
    cut from dialogues. Steps and legs that go on from each other ask nothing."""
    if len(rows) < _MIN_CARDS or any(len(row) != 2 or row[1].end == row[1].start for row in rows):
        return False
    pairs = [(text[slice(*asked)], text[slice(*told)]) for asked, told in rows]
    chained = sum(one[1] == other[0] for one, other in pairwise(pairs))
    asking = sum(ends_as_question(asked) for asked, _ in pairs)
    words = sum(count_words(told) for _, told in pairs)
    return 2 * chained >= len(pairs) - 1 and 4 * asking >= len(pairs) and words >= _MIN_ASKED * len(pairs)


def _read_head(text: str, lines: Sequence[Line]) -> tuple[str, frozenset[int]]:
    """What parts the fields, a tab if nothing is said, and the columns that hold neither side of a card."""
    separator, beside = "\t", set()
    for line in lines:
        found = _HEAD.match(text, line.start, line.end)
        if found and found["key"] == "separator":
            separator = _SEPARATORS.get(found["value"].casefold(), found["value"][:1] or "\t")
        elif found and found["column"] and found["value"].isdecimal():
            beside.add(int(found["value"]) - 1)
    return separator, frozenset(beside)


def _fields(text: str, line: Line, separator: str, last: int) -> list[Span]:
    """The fields of a line, which quotation marks may enclose, up to the one with the number ``last``."""
    found: list[Span] = []
    start = line.start
    while start <= line.end and len(found) <= last:
        quoted = text.startswith('"', start)
        close = text.find(f'"{separator}', start + 1, line.end) if quoted else -1
        if quoted and close < 0 and text[line.end - 1] == '"':
            close = line.end - 1
        stop = close + 1 if close > 0 else text.find(separator, start, line.end)
        stop = line.end if stop < 0 else stop
        found.append(Span(start + 1, stop - 1) if close > 0 else trimmed(text, start, stop))
        start = stop + 1
    return found


def _sides(fields: Sequence[Span], beside: frozenset[int], most: int) -> tuple[Span, Span] | None:
    """The question and the answer; None where one is missing, or more than ``most`` fields say something."""
    own = [field for number, field in enumerate(fields) if number not in beside]
    filled = [field for field in own if field.end > field.start]
    return (own[0], own[1]) if filled[:2] == own[:2] and 1 < len(filled) <= most else None


def _are_cards(text: str, cards: Sequence[tuple[Span, Span]]) -> bool:
    answers = [text[slice(*told)] for _, told in cards]
    asking = sum(ends_as_question(text[slice(*asked)]) for asked, _ in cards)
    asking_back = sum(map(ends_as_question, answers))
    saying = sum(any(map(str.isalpha, answer)) for answer in answers)
    return (
        asking >= _ASKING_SHARE * len(cards)
        and asking_back * 2 < asking
        and saying >= _SAYING_SHARE * len(cards)
        and 2 * len(set(answers)) > len(answers)
    )


def _tell(text: str, cards: Sequence[tuple[Span, Span]]) -> bool:
    """Whether nearly all are a question of several words and, in the same script, a sentence."""
    telling = 0
    for asked, told in cards:
        question, answer = text[slice(*asked)], text[slice(*told)]
        long = count_words(question) >= _MIN_ASKED and count_words(answer) >= _MIN_TOLD
        told_all = ends_as_question(question) and answer.endswith(tuple(STOPS))
        telling += long and told_all and _script(question) == _script(answer)
    return telling >= _ALIKE_SHARE * len(cards)


def _script(content: str) -> str:
    """The script of the first letter, as the name of the character begins: ``LATIN``."""
    letter = next(filter(str.isalpha, content), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""
