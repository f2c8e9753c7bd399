"""What a draft must fulfil for its task beside the form: what is extracted stands in the source, what is compared is
named."""

from __future__ import annotations

import re

from src.generation.answer_parser import Draft, ParseFailure
from src.generation.gates.texts import normalise

_WORD = re.compile(r"\w+")
_STEM = 4
"""Letters of a word that endings leave alone in most languages."""


def check_task(draft: Draft, passage: str) -> ParseFailure | None:
    """What is wrong with ``draft`` by the rule of its task; None when nothing is. Texts are compared as a reader would:
    without regard to case, spacing, width of characters and kind of quotation marks."""
    source = normalise(passage)
    for value in draft.claims:
        if normalise(value) not in source:
            detail = f"the value {value!r} does not stand in the passage: copy values as they stand there"
            return ParseFailure("value_not_in_source", detail)
    for thing in draft.things:
        if not _is_named(thing, f"{draft.question}\n{draft.answer}"):
            return ParseFailure("things_not_named", f"neither question nor answer names {thing!r}")
    return None


def _is_named(thing: str, text: str) -> bool:
    """Whether a word of ``thing`` comes in ``text``, with whatever ending."""
    said = normalise(text)
    words = sorted(_WORD.findall(normalise(thing)), key=len, reverse=True)
    return normalise(thing) in said or any(word[: max(_STEM, len(word) - 3)] in said for word in words[:2])
