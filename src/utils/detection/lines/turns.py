"""Cuts labelled text into turns; one line may hold several of them, a question and its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import Line, next_filled
from src.utils.detection.lines.pieces import collect
from src.utils.detection.lines.turn_ends import Between, Manner, Mark, find_asides, manner_of, turn_end
from src.utils.detection.types import Utterance
from src.utils.detection.words.vocabulary import letter_pairs, read_label

_INLINE = re.compile(
    r"(?:(?<=\s)|(?<=[?？!.。]))[*_]{0,2}(?P<name>[^\W\d_]{1,14}\s?\d{0,3})[*_]{0,2}\s?[:：][*_]{0,2}\s*"
    r"|(?<=[?？؟!.][ ])(?P<word>[^\W\d_]{3,14})\.[ ]"
)
"""A label inside a line: before a colon, or a word that is a sentence of its own (``Why? Answer. Because``)."""


class Cut(NamedTuple):
    """One turn of the text, where its label begins, and what stands before that: a rule, a heading, a division of the
    work, other text that nobody says, or none of them."""

    turn: Utterance
    start: int
    after: Between = Between()


def cut_turns(text: str, lines: Sequence[Line], marks: Sequence[Mark], *, closed_pairs: bool) -> list[Cut]:
    """One turn per mark, each in the manner of the document; what stands between two turns is told of the second."""
    manner = manner_of(text, lines, marks, closed_pairs=closed_pairs)
    cuts: list[Cut] = []
    between = Between()
    for mark, following in zip(marks, [*(mark.index for mark in marks[1:]), len(lines)], strict=True):
        pieces, after = cut_turn(text, lines, mark, following, manner)
        word = mark.label.word
        cuts.append(Cut(Utterance(word.key, word.family, pieces), mark.label.start, between))
        between = after
    return cuts


def cut_turn(
    text: str, lines: Sequence[Line], mark: Mark, stop: int, manner: Manner
) -> tuple[tuple[Span, ...], Between]:
    """The pieces of the turn that ``mark`` begins, and what stands behind it, before line ``stop``."""
    begin = mark.index
    end, parted = turn_end(text, lines, mark, stop, manner)
    asides = find_asides(text, lines, begin + 1, end) if manner.dialogue else ()
    if mark.label.alone and begin + 1 <= end:
        pieces = collect(text, lines, begin + 1, end, without=asides)
    else:
        pieces = collect(text, lines, begin, max(end, begin + 1), mark.label.text_start, mark.label.text_end, asides)
    rest = lines[end:stop]
    if not rest:
        return pieces, Between(gap=parted)
    return pieces, Between(
        any(line.rule for line in rest),
        any(line.level > 0 for line in rest),
        any(line.division for line in rest),
        parted,
    )


def split_inline(text: str, turn: Utterance) -> list[Utterance]:
    """The turn, or, where an answer label stands inside its text (``Q: ... A: ...`` on one line), all turns in it."""
    found: list[Utterance] = []
    speaker, family = turn.speaker, turn.family
    pieces: list[Span] = []
    for piece in turn.pieces:
        start = piece.start
        for inner in _INLINE.finditer(text, piece.start, piece.end):
            word = read_label(inner["name"] or inner["word"])
            if word.family not in ("question", "answer") or word.family == family or inner.start() == piece.start:
                continue
            if word.family == "question" and bare_speaker(word.key) != bare_speaker(turn.speaker):
                continue
            pieces.append(Span(start, _before_space(text, start, inner.start())))
            found.append(Utterance(speaker, family, tuple(pieces)))
            speaker, family, pieces, start = word.key, word.family, [], inner.end()
        pieces.append(Span(start, piece.end))
    found.append(Utterance(speaker, family, tuple(pieces)))
    return found


def holds_inline_answer(text: str, mark: Mark) -> bool:
    """Whether an answer label stands inside the first line of a question's text."""
    for inner in _INLINE.finditer(text, mark.label.text_start, min(mark.label.text_end, mark.label.text_start + 4000)):
        if read_label(inner["name"] or inner["word"]).family == "answer":
            return True
    return False


def bare_key(label: Label) -> str:
    """The word of a label without its number."""
    return bare_speaker(label.word.key)


def bare_speaker(key: str) -> str:
    """A label's key without its number."""
    return key.rstrip("0123456789 .#-")


def is_option(text: str, lines: Sequence[Line], mark: Mark) -> bool:
    """Whether a letter is one of lettered options: its neighbour in the alphabet begins the line above or below.

    Letters that ask and answer each other may be neighbours too (P and O): those are none.
    """
    key = mark.label.word.key
    if len(key) != 1 or mark.label.form not in ("dot", "colon", "bracket"):
        return False
    below = next_filled(lines, mark.index + 1)
    above = mark.index - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    after, before = chr(ord(key) + 1), chr(ord(key) - 1)
    follows = below < len(lines) and _option_letter(text, lines[below]) == after and not _are_partners(key, after)
    precedes = above >= 0 and _option_letter(text, lines[above]) == before and not _are_partners(key, before)
    return follows or precedes


def _are_partners(one: str, other: str) -> bool:
    return (one, other) in letter_pairs() or (other, one) in letter_pairs()


def _option_letter(text: str, line: Line) -> str:
    head = text[line.first : min(line.end, line.first + 8)].lstrip("-*+•([ \t_").casefold()
    return head[:1] if head[1:2] in (".", ")", ":", "]") else ""


def _before_space(text: str, low: int, end: int) -> int:
    while end > low and text[end - 1].isspace():
        end -= 1
    return end
