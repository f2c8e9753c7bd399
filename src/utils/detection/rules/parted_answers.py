"""Letters without a label, each with a labelled answer below it and a rule behind: ``From the editor: ...``."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.pieces import collect
from src.utils.detection.lines.speech import count_words, is_personal
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import bare_key
from src.utils.detection.types import ASKERS, Draft, Finding, Utterance
from src.utils.detection.words.asking import asks
from src.utils.detection.words.signs import SENTENCE_ENDS
from src.utils.detection.words.vocabulary import words

_MIN_ANSWERS = 3
_MIN_WORDS = 5
_ASKING_SHARE = 0.3
_MIN_SIGNATURE_INDENT = 16
"""Columns that a letter runs on at; what stands further right alone signs it."""
_CONFIDENCE = 0.9


class _Block(NamedTuple):
    """The lines of a letter, of its answer and behind it: ``[begin, answer)``, ``[answer, stop)``."""

    begin: int
    answer: Mark
    stop: int


def find_parted(text: str, lines: Sequence[Line], labels: Sequence[Mark]) -> Finding | None:
    """A pair for each block between rules with one answer behind the same word; those who write ask or say "I"."""
    answers = [mark for mark in labels if mark.label.word.family == "answer" and mark.label.opens_block]
    counts = Counter(bare_key(mark.label) for mark in answers)
    word, count = counts.most_common(1)[0] if counts else ("", 0)
    if count < _MIN_ANSWERS or len(word) < 2 or word in words("outputs"):
        return None
    if sum(mark.label.word.family in ASKERS for mark in labels) * 2 > count:
        return None
    blocks = _blocks(lines, [mark for mark in answers if bare_key(mark.label) == word])
    pairs = [(_letter(text, lines, block), block) for block in blocks]
    pairs = [(begin, block) for begin, block in pairs if begin < block.answer.index]
    drafts = [_draft(text, lines, begin, block) for begin, block in pairs]
    said = [[_content(text, turn.pieces) for turn in draft.utterances] for draft in drafts]
    if len(drafts) < max(_MIN_ANSWERS, len(blocks)) or not all(map(all, said)):
        return None
    letters, told = zip(*said, strict=True)
    if sum(map(count_words, letters)) < _MIN_WORDS * len(letters) or len(set(told)) * 2 <= len(told):
        return None
    if sum(map(asks, letters)) < _ASKING_SHARE * len(letters) and not is_personal(letters):
        return None
    return Finding("labelled pairs", tuple(drafts), _CONFIDENCE, f"{len(drafts)} letters between rules, each answered")


def _blocks(lines: Sequence[Line], answers: Sequence[Mark]) -> list[_Block]:
    """The blocks, where a rule stands behind every answer but the last; [] where one does not."""
    rules = [index for index, line in enumerate(lines) if line.rule]
    stops = [*(mark.index for mark in answers[1:]), len(lines)]
    blocks = []
    begin = 0
    for mark, following in zip(answers, stops, strict=True):
        inside = rules[bisect_right(rules, mark.index) : bisect_left(rules, following)]
        if not inside and following < len(lines):
            return []
        blocks.append(_Block(begin, mark, inside[0] if inside else _paragraph_end(lines, mark.index)))
        begin = inside[-1] + 1 if inside else following
    usual = Counter(len(_paragraphs(lines, block)) for block in blocks[1:]).most_common(1)[0][0]
    first = _paragraphs(lines, blocks[0])[-usual:]  # below the title
    return [blocks[0]._replace(begin=first[0] if first else blocks[0].answer.index), *blocks[1:]]


def _paragraphs(lines: Sequence[Line], block: _Block) -> list[int]:
    inside = range(block.begin, block.answer.index)
    return [
        index
        for index in inside
        if not lines[index].blank
        and starts_block(lines, index)
        and (index == 0 or lines[index - 1].blank or index == block.begin)
    ]


def _letter(text: str, lines: Sequence[Line], block: _Block) -> int:
    """Where the words of a letter begin: below a line that tells from whom it is."""
    begin = next((index for index in range(block.begin, block.answer.index) if not lines[index].blank), block.begin)
    head = text[lines[begin].first : lines[begin].end]
    sender = head.split(" ", 1)[0].casefold() in words("mail_from") and " " in head
    below = begin + 1 < block.answer.index and not lines[begin + 1].blank
    return begin + 1 if sender and below and head[-1] not in SENTENCE_ENDS else begin


def _draft(text: str, lines: Sequence[Line], begin: int, block: _Block) -> Draft:
    end = block.answer.index
    while end > begin and lines[end - 1].blank:
        end -= 1
    signed = end - 1 > begin and lines[end - 1].indent - lines[begin].indent >= _MIN_SIGNATURE_INDENT
    asked = collect(text, lines, begin, end - 1 if signed else end, lines[begin].first)
    label = block.answer.label
    if label.alone:
        told = collect(text, lines, block.answer.index + 1, block.stop)
    else:
        told = collect(text, lines, block.answer.index, block.stop, label.text_start, label.text_end)
    turns = (Utterance("question", "question", asked), Utterance("answer", "answer", told))
    return Draft(turns, lines[begin].start)


def _content(text: str, pieces: Sequence[Span]) -> str:
    return text[pieces[0].start : pieces[-1].end] if pieces else ""


def _paragraph_end(lines: Sequence[Line], index: int) -> int:
    while index < len(lines) and not lines[index].blank:
        index += 1
    return index
