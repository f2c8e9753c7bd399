"""Letters to an editor or an expert in Markdown: the reader's question as a block quotation, the answer below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import collect
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import asks

_SIGNED = re.compile(r">[> \t]*[*_]{0,3}(?:[-–—―]{1,2}|/|~)[ ]?(?=[^\W\d_*])[^\n?!]{1,80}$")
"""Who asks, in the last line of a quotation: ``> — Dorothy, Leeds``"""
_MIN_PAIRS = 3
_MIN_ASKING = 0.6
_MIN_SIGNED = 0.5
_CONFIDENCE = 0.85


@dataclass(slots=True)
class _Block:
    """Lines ``first`` to before ``stop`` that are all quoted, or all plain; ``ends``: a heading or rule follows."""

    quoted: bool
    first: int
    stop: int
    ends: bool = field(default=False)


def find_quoted_questions(text: str, lines: Sequence[Line]) -> Finding | None:
    """The pairs of a quotation that asks and the plain paragraphs below it; None where few quotations ask, or are
    led in by a line that ends with a colon, as in a mail or an essay."""
    if text.find("\n>") < 0:
        return None
    blocks = _blocks(text, lines)
    pairs = [(one, other) for one, other in pairwise(blocks) if one.quoted and not one.ends and not other.quoted]
    quotations = [block for block in blocks if block.quoted]
    if len(pairs) < _MIN_PAIRS or len(pairs) * 4 < len(quotations) * 3:
        return None
    asking = sum(asks(text[lines[one.first].first : lines[one.stop - 1].end]) for one, _ in pairs)
    led_in = sum(text[lines[other.stop - 1].end - 1] in ":：" for _, other in pairs)
    if asking < _MIN_ASKING * len(pairs) or led_in * 2 >= len(pairs):
        return None
    signed = sum(_is_signed(text, lines, one) for one, _ in pairs) >= _MIN_SIGNED * len(pairs)
    drafts = [_draft(text, lines, one, other, signed=signed) for one, other in pairs]
    drafts = [draft for draft in drafts if all(turn.pieces for turn in draft.utterances)]
    reason = f"{asking} of {len(pairs)} quotations ask a question, each with an answer below"
    return Finding("quoted questions", tuple(drafts), _CONFIDENCE, reason)


def _blocks(text: str, lines: Sequence[Line]) -> list[_Block]:
    blocks: list[_Block] = []
    fresh = True
    for index, line in enumerate(lines):
        if line.blank or line.skip:
            continue
        if line.level or line.rule or line.foreign:
            if blocks:
                blocks[-1].ends = True
            fresh = True
            continue
        quoted = text[line.first] == ">" and not (line.code or text.startswith(">>", line.first))
        if fresh or not blocks or blocks[-1].quoted != quoted:
            blocks.append(_Block(quoted, index, index + 1))
        blocks[-1].stop = index + 1
        fresh = False
    return blocks


def _is_signed(text: str, lines: Sequence[Line], block: _Block) -> bool:
    last = lines[block.stop - 1]
    return block.stop - block.first > 1 and _SIGNED.match(text, last.first, last.end) is not None


def _draft(text: str, lines: Sequence[Line], one: _Block, other: _Block, *, signed: bool) -> Draft:
    stop = one.stop - 1 if signed and _is_signed(text, lines, one) else one.stop
    question = Utterance("question", "question", collect(text, lines, one.first, stop))
    answer = Utterance("answer", "answer", collect(text, lines, other.first, other.stop))
    return Draft((question, answer), lines[one.first].start)
