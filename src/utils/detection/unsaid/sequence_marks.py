"""What sets apart conversations written out for training: the token that ends an answer, a preamble that comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.utils.detection.lines.labels import find_label
from src.utils.detection.lines.lines import Line, next_filled, starts_block
from src.utils.detection.words.asking import ends_as_question

_ENDS = re.compile(r"(?:[ \t]{0,4}(?:</s>|<eos>|<EOS>|<\|(?:endoftext|im_end|eot_id|end)\|>)){1,4}\Z")
_LONGEST = 40
_MIN_PREAMBLE = 40
"""Characters of a first line that comes back by no chance."""


def strip_end_tokens(text: str, lines: Sequence[Line]) -> None:
    """Take the token that ends a sequence off the end of its line."""
    if "</s>" not in text and "<|e" not in text and "<eos>" not in text.casefold():
        return
    for line in lines:
        if line.blank or line.code or text[line.end - 1] != ">":
            continue
        found = _ENDS.search(text[max(line.first, line.end - _LONGEST) : line.end])
        if found and "<s>" not in text[line.first : line.end - len(found[0])].lstrip()[1:]:
            line.end -= len(found[0])
            line.blank = line.end <= line.first


def part_by_preamble(text: str, lines: Sequence[Line]) -> None:
    """Where the first line, a paragraph of its own, comes back word for word, it parts what stands below as rules do:
    ``A chat between a user and an assistant.`` A question, or a line that a label begins, is said however often
    it comes back."""
    first = next_filled(lines, 0)
    if first == len(lines) or lines[first].end - lines[first].first < _MIN_PREAMBLE or find_label(text, lines, first):
        return
    preamble = text[lines[first].first : lines[first].end]
    if ends_as_question(preamble):
        return
    alike = [
        index
        for index, line in enumerate(lines)
        if line.end - line.first == len(preamble) and text.startswith(preamble, line.first)
    ]
    if len(alike) > 1 and all(starts_block(lines, index) and not lines[index].foreign for index in alike):
        for index in alike:
            lines[index].rule, lines[index].level = True, 0
