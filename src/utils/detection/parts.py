"""Documents of any size: read part by part, the decisions joined."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from src.core.types import SourceDocument, Span
from src.utils.detection.deciding import NOTHING_FOUND, decide
from src.utils.detection.types import Detection
from src.utils.detection.windows import Windows

_MAX_REASONS = 12
_MIN_CUT_TURNS = 8


def join_parts(parts: Sequence[Detection]) -> Detection:
    """The decision about a document by those about its parts."""
    if len(parts) == 1:
        return parts[0]
    conversations = tuple(conversation for part in parts for conversation in part.conversations)
    decisions = dict.fromkeys(part.decision for part in parts if part.conversations)
    undecided = not conversations and any(part.undecided for part in parts)
    reasons = dict.fromkeys(reason for part in parts for reason in part.reasons)
    return Detection(
        conversations,
        " + ".join(decisions) or ("undecided" if undecided else "none"),
        tuple(itertools.islice(reasons, _MAX_REASONS)) or (NOTHING_FOUND,),
        undecided,
    )


def detect_in_parts(document: SourceDocument, *, min_turns: int = 2) -> Iterator[Detection]:
    """The same part by part, for documents of any size: a short or structured one is one part, of a long text the
    parts that may hold something are read one after the other. All spans are those of the whole text.

    A conversation at the end of a part is read again with the next one, so that none is cut by chance; one that is
    longer than a part is cut behind an answer.
    """
    windows = Windows(document)
    known = ""
    for window in windows:
        detection = decide(window.document, min_turns, known)
        if window.goes_on:
            detection, end = _without_last(detection)
            if end:
                windows.resume(window.document.text.find("\n", end) + 1)
            known = detection.decision
        if window.start:
            moved = tuple(conversation.moved(window.start) for conversation in detection.conversations)
            detection = replace(detection, conversations=moved)
        yield detection


def _without_last(detection: Detection) -> tuple[Detection, int]:
    """Without what may go on in the next part, and where the rest ends; 0 where nothing is left to be read again."""
    found = detection.conversations
    if len(found) > 1:
        return replace(detection, conversations=found[:-1]), found[-2].span.end
    if not found or len(found[0].turns) < _MIN_CUT_TURNS:
        return detection, 0
    turns = found[0].turns[:-1]
    turns = turns if turns[-1].role == "assistant" else turns[:-1]
    span = Span(found[0].span.start, max(piece.end for piece in turns[-1].pieces))
    return replace(detection, conversations=(replace(found[0], turns=turns, span=span),)), span.end
