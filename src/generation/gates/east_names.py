"""Names in Chinese characters: what stands before a word such as station, river or Mr must stand in the source."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.wordlists import read_word_sets

_HAN = r"[\u3400-\u9fff\u3005]"
_RUN = re.compile(rf"{_HAN}{{3,12}}")
_STRANGE = 2
"""Characters of the longest title behind a name."""
_GIVEN = 2
"""Characters of a given name."""


def check_east_names(draft: Draft, passage: str) -> Verdict:
    """Reject an answer with a run of characters that ends like the name of a place or a person and stands nowhere in
    passage or question, where two of its characters side by side do not either, or one of them where the source has
    another name of the same ending."""
    around = f"{passage}\n{draft.question}"
    known = frozenset(around)
    for found in _RUN.finditer(draft.answer):
        name = found.group()
        place = _ending().search(name)
        following = draft.answer[found.end() : found.end() + _STRANGE]
        if name in around or not (place or any(following.startswith(title) for title in _titles())):
            continue
        tail = place.group() if place else name[-_GIVEN:]
        strange = [mark not in known for mark in name.removesuffix(tail)]
        has_other = re.search(rf"{_HAN}{re.escape(tail)}", passage) is not None
        if any(map(all, pairwise(strange))) or (has_other and any(strange)):
            return Verdict(False, "name_not_in_source", name)
    return Verdict(True)


@cache
def _ending() -> re.Pattern[str]:
    words = sorted(read_word_sets("east_names.txt")["places"], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})$")


def _titles() -> frozenset[str]:
    return read_word_sets("east_names.txt")["titles"]
