"""Questions that are keys themselves: ``{"Is the mill open?": "On Sundays, from two."}``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from src.core.types import Span
from src.utils.detection.structure.columns import answer_in_sentences
from src.utils.detection.structure.record_people import Leaf
from src.utils.detection.types import Draft, Utterance
from src.utils.detection.words.asking import ends_as_question

_MIN_PAIRS = 3
_MIN_SHARE = 0.8
_MARK = ": "


def read_asked_keys(text: str, leaves: Sequence[Leaf]) -> Iterator[Draft]:
    """The values whose keys ask, where hardly another value stands between them and they answer in sentences. Where a
    key comes again, it is a field of a form that many have filled in."""
    asked = [(index, key) for index, leaf in enumerate(leaves) if (key := _asking_key(text, leaf.span))]
    if len(asked) < _MIN_PAIRS or len(asked) < _MIN_SHARE * (asked[-1][0] - asked[0][0] + 1):
        return
    if len({text[slice(*key)] for _, key in asked}) < len(asked):
        return
    if not answer_in_sentences([text[slice(*leaves[index].span)] for index, _ in asked]):
        return
    for index, key in asked:
        turns = (Utterance("question", "question", (key,)), Utterance("answer", "answer", (leaves[index].span,)))
        yield Draft(turns, key.start)


def _asking_key(text: str, value: Span) -> Span | None:
    """The key that stands before a value in its line, if it is a question; a path would be cut at its full stops."""
    end = value.start - len(_MARK)
    start = text.rfind("\n", 0, value.start) + 1
    key = Span(start, end)
    asks = end > start and text.startswith(_MARK, end) and ends_as_question(text[start:end])
    return key if asks and any(map(str.isspace, text[start:end].strip())) else None
