"""Layout of plain text that nobody says: line numbers at the margin, page numbers, and the divisions of a work."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from src.utils.detection.lines.cue_times import skip_cue_times
from src.utils.detection.lines.lines import Line, next_filled, starts_block
from src.utils.detection.unsaid.card_marks import mark_cards
from src.utils.detection.unsaid.coded_heads import mark_coded_heads
from src.utils.detection.unsaid.directives import skip_directives
from src.utils.detection.unsaid.info_nodes import part_by_nodes
from src.utils.detection.unsaid.numbered_quotes import part_by_numbers
from src.utils.detection.unsaid.outlines import mark_outline
from src.utils.detection.unsaid.sequence_marks import part_by_preamble, strip_end_tokens
from src.utils.detection.unsaid.tiers import skip_tiers
from src.utils.detection.unsaid.titles import mark_titles
from src.utils.detection.words.vocabulary import LETTER_SIGNS, role_words, words

_MARGIN_NUMBER = re.compile(r"(?P<number>\d{1,5})(?=[ ]{2}|\t|$)")
_PAGE_OF = re.compile(
    r"[-–—_*=|•·(\[ ]{0,6}(?:(?P<word>[^\W\d_]{1,12})\.?[ ]?)?(?P<page>\d{1,4})[ ]?(?:/|[^\W\d_]{1,6}[ ]?\.?)[ ]?"
    r"(?P<all>\d{1,4})(?:[ ]?(?P<behind>[^\W\d_]{1,12}))?[-–—_*=|•·)\]. ]{0,6}"
)
_PAGE_NUMBER = re.compile(r"[-–—\[(|]{0,2}[ ]?(?:(?P<word>[^\W\d_]{1,8})\.?[ ])?(?P<number>\d{1,4})[ ]?[-–—\])|]{0,2}")
_DIVISION = re.compile(
    rf"(?P<one>(?:[^\W_]|[{LETTER_SIGNS}]){{1,24}})[ ]+(?P<other>[^\W_]{{1,16}})"
    r"(?P<rest>(?:[ \t–—-]|[.:](?!\d))[^\n]{0,70})?"
)
_NUMBERED_HEAD = re.compile(r"[#№][ ]?(?P<number>\d{1,9})(?!\w)[^\n?]{0,70}")
"""``#10233  (+412)  2009-10-03``"""
_ROMAN = re.compile(r"[IVXLC]{1,7}")
_FIGURES = re.compile(r"\d+")
_WIDE_GAP = "   "
_PAGE_FIGURES = 4
_MIN_NUMBERED_LINES = 10
_NUMBERED_SHARE = 0.6
_IN_ORDER_SHARE = 0.8
_MIN_PAGES = 2
_MAX_PAGE_LINE = 16
_MAX_RECURRING = 40
_MAX_DIVISION = 100


class _Division(NamedTuple):
    """A line that may part a work: the word that all its divisions share, and its ordinal."""

    line: Line
    word: str
    ordinal: str


def read_layout(text: str, lines: Sequence[Line]) -> None:
    """Take numbers at the margin off their lines, leave out page numbers, and mark numbered divisions as headings."""
    mark_outline(text, lines)
    skip_directives(text, lines)
    part_by_nodes(text, lines)
    mark_titles(text, lines)
    mark_cards(text, lines)
    skip_tiers(text, lines)
    skip_cue_times(text, lines)
    strip_end_tokens(text, lines)
    part_by_preamble(text, lines)
    part_by_numbers(text, lines)
    _strip_margin_numbers(text, lines)
    _skip_page_numbers(text, lines)
    _skip_running_heads(text, lines)
    _mark_divisions(text, lines)
    mark_coded_heads(text, lines)
    _skip_last_words(text, lines)


def _strip_margin_numbers(text: str, lines: Sequence[Line]) -> None:
    """Where most lines begin with a number that counts up (and may begin anew on a page), it is not their text."""
    filled = [line for line in lines if not (line.blank or line.foreign)]
    if len(filled) < _MIN_NUMBERED_LINES:
        return
    found = [(line, match) for line in filled if (match := _MARGIN_NUMBER.match(text, line.first, line.end))]
    if len(found) < max(_MIN_NUMBERED_LINES, _NUMBERED_SHARE * len(filled)):
        return
    numbers = [int(match["number"]) for _, match in found]
    in_order = sum(other in (one + 1, 1) for one, other in pairwise(numbers))
    if in_order < _IN_ORDER_SHARE * (len(numbers) - 1) or numbers.count(1) * 4 > len(numbers):
        return
    for line, match in found:
        line.start = min(match.end(), line.end)
        content = text[line.start : line.end]
        lead = len(content) - len(content.lstrip())
        line.indent += match.end() - line.first + lead
        line.first = line.body = line.start + lead
        line.blank = line.first >= line.end


def _skip_page_numbers(text: str, lines: Sequence[Line]) -> None:
    """Numbers alone in paragraphs of their own that count up by one: all of them, those behind a word for a page, or
    those in brackets; and a single one behind such a word that also tells how many pages there are."""
    found = []
    for index, line in enumerate(lines):
        if line.end - line.first > _MAX_PAGE_LINE or line.blank or line.code or line.foreign or line.level:
            continue
        if not _stands_alone(lines, index):
            continue
        line.skip = line.skip or _is_page_of(text[line.first : line.end])
        match = _PAGE_NUMBER.fullmatch(text, line.first, line.end)
        if match:
            found.append((line, match))
    named = [(line, match) for line, match in found if (match["word"] or "").casefold() in words("pages")]
    bracketed = [(line, match) for line, match in found if text[line.first] in "(["]
    for pages in (found, named, bracketed):
        in_order = sum(int(other["number"]) == int(one["number"]) + 1 for (_, one), (_, other) in pairwise(pages))
        if len(pages) >= _MIN_PAGES and in_order >= _IN_ORDER_SHARE * (len(pages) - 1):
            for line, _ in pages:
                line.skip = True


def _is_page_of(content: str) -> bool:
    """``- Page 1/2 -``, ``Seite 3 von 9``: a word for a page, its number and that of all pages."""
    found = _PAGE_OF.fullmatch(content)
    if found is None or (found["word"] or found["behind"] or "").casefold() not in words("pages"):
        return False
    return int(found["page"]) <= int(found["all"])


def _skip_running_heads(text: str, lines: Sequence[Line]) -> None:
    """Lines of their own, set across the page, that come back with a number that counts up, and the lines that stand
    below each of them alike."""
    groups: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.blank or line.end - line.first > _MAX_DIVISION or text.find(_WIDE_GAP, line.first, line.end) < 0:
            continue
        number = _FIGURES.search(text, line.first, line.end)
        if number and len(number[0]) <= _PAGE_FIGURES and starts_block(lines, index) and not line.foreign:
            groups[_FIGURES.sub("0", text[line.first : line.end])].append((index, int(number[0])))
    for found in groups.values():
        in_order = sum(other == one + 1 for (_, one), (_, other) in pairwise(found))
        if len(found) > _MIN_PAGES and in_order >= _IN_ORDER_SHARE * (len(found) - 1):
            below = [next_filled(lines, index + 1) for index, _ in found]
            for index, _ in found:
                lines[index].skip = True
            alike = {text[lines[index].first : lines[index].end] for index in below if index < len(lines)}
            for index in below if len(alike) == 1 else ():
                lines[index].skip = index < len(lines)


def _skip_last_words(text: str, lines: Sequence[Line]) -> None:
    """``FINIS.``, ``CURTAIN``: a last line of its own, of one or two words in capitals."""
    last = next((index for index in range(len(lines) - 1, -1, -1) if not lines[index].blank), -1)
    if last < 1 or not _stands_alone(lines, last) or lines[last].foreign:
        return
    content = text[lines[last].first : lines[last].end]
    if len(content) <= _MAX_RECURRING and content.isupper() and len(content.split()) <= 2 and content[-1] not in "?!":
        lines[last].skip = True


def _mark_divisions(text: str, lines: Sequence[Line]) -> None:
    """Acts, scenes, lessons: lines of their own that share a word and differ in a number before or after it."""
    found = [
        division
        for index, line in enumerate(lines)
        if line.end - line.body <= _MAX_DIVISION and not line.blank
        for division in _divisions(text, lines, index)
    ]
    ordinals: dict[str, set[str]] = {}
    for division in found:
        ordinals.setdefault(division.word, set()).add(division.ordinal)
    counts = Counter(division.word for division in found)
    for division in found:
        if len(ordinals[division.word]) > 1 and counts[division.word] > 1:
            division.line.division = True
            division.line.level = division.line.level or 1
    _mark_numbered_heads(text, lines)
    _mark_recurring(text, lines)


def _mark_numbered_heads(text: str, lines: Sequence[Line]) -> None:
    """Lines above a paragraph that begin with a number behind its sign, each another: quotations, tickets."""
    found = [
        (line, match["number"])
        for index, line in enumerate(lines)
        if not (line.blank or line.code or line.foreign or line.level)
        and text[line.first] in "#№"
        and starts_block(lines, index)
        and index + 1 < len(lines)
        and not lines[index + 1].blank
        and (match := _NUMBERED_HEAD.fullmatch(text, line.first, line.end))
    ]
    if 1 < len(found) == len({number for _, number in found}):
        for line, _ in found:
            line.division, line.level = True, 1


def _mark_recurring(text: str, lines: Sequence[Line]) -> None:
    """The same short line once below every division (``Vocabulary``) ends what is said there as the next one does."""
    parts: list[Counter[str]] = []
    alone: list[tuple[Line, str]] = []
    if sum(line.division for line in lines) < _MIN_PAGES:
        return
    for index, line in enumerate(lines):
        if line.division:
            parts.append(Counter())
        elif parts and not line.blank and line.end - line.first <= _MAX_RECURRING and _stands_alone(lines, index):
            parts[-1][text[line.first : line.end]] += 1
            alone.append((line, text[line.first : line.end]))
    if len(parts) < _MIN_PAGES:
        return
    for line, content in alone:
        if content[-1].isalpha() and all(part[content] == 1 for part in parts):
            line.division, line.level = True, line.level or 2


def _divisions(text: str, lines: Sequence[Line], index: int) -> Iterator[_Division]:
    line = lines[index]
    if line.code or line.foreign or line.skip or not starts_block(lines, index):
        return
    found = _DIVISION.fullmatch(text, line.body, line.end)
    if not found or text[line.end - 1] in "?？؟,;":
        return
    for word, ordinal in ((found["one"], found["other"]), (found["other"], found["one"])):
        if (
            len(word) > 2
            and (word[0].isupper() or (line.level and not word[0].islower()))
            and word.casefold() not in role_words()
            and not _is_ordinal(word)
            and _is_ordinal(ordinal)
            and (word == found["one"] or not found["rest"])
        ):
            yield _Division(line, word.casefold(), ordinal.casefold())


def _is_ordinal(word: str) -> bool:
    return word.isdecimal() or _ROMAN.fullmatch(word) is not None or word.casefold() in words("ordinals")


def _stands_alone(lines: Sequence[Line], index: int) -> bool:
    return starts_block(lines, index) and (
        index + 1 == len(lines) or lines[index + 1].blank or lines[index + 1].section != lines[index].section
    )
