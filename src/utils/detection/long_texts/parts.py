"""Documents of any size: read part by part, the decisions joined."""

from __future__ import annotations

import gc
import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from src.core.types import SourceDocument, Span
from src.utils.detection.deciding import NOTHING_FOUND, conclude, decide, find_all
from src.utils.detection.long_texts.regular import Regular, learn
from src.utils.detection.long_texts.windows import Windows
from src.utils.detection.types import Detection

_MAX_REASONS = 12
_PLAIN = re.compile(r"(?:lines? \d|$)")
_MIN_CUT_TURNS = 8
_SAMPLE = 24_000
"""Characters of the beginning of a long part that tell how all of it is read."""


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
    rule = ""
    regular: Regular | None = None
    for window in windows:
        if window.goes_on and regular is None and _is_bare(window.document):
            regular = _learn(window.document)
            windows.goes_on_in = regular.goes_on_in if regular else None
        text = window.document.text
        bare = regular if _is_bare(window.document) else None
        detection = _read_on(bare, text, min_turns, window.start) if bare else None
        if detection is None:
            regular = windows.goes_on_in = None
            detection = decide(window.document, min_turns, rule, window.start)
            rule = detection.decision if detection.conversations else rule
        if window.goes_on:
            detection, end = _without_last(detection)
            if end:
                windows.resume(text.find("\n", end - window.start) + 1)
        yield detection


@contextmanager
def _uncollected() -> Iterator[None]:
    """Turns are small tuples without cycles, 100 000 in a part: to search them for cycles again and again takes longer
    than to make them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_uncollected()
def _read_on(regular: Regular, text: str, min_turns: int, before: int) -> Detection | None:
    """What a part holds, read as the beginning was; None where that explains far less of it."""
    finding = regular.read(text)
    return conclude(text, finding, min_turns, before) if finding else None


def _is_bare(document: SourceDocument) -> bool:
    """Whether a part holds lines of plain text and nothing else: headings, headers and notes of other documents are no
    turns, and only the rules know them."""
    return all(section.kind == "text" and _PLAIN.match(section.locator) for section in document.sections)


def _learn(document: SourceDocument) -> Regular | None:
    """How the beginning of a long part is read, if its turns are regular enough to read all of it so."""
    sizes = itertools.accumulate(len(section.text) for section in document.sections)
    count = next((number for number, size in enumerate(sizes, start=1) if size >= _SAMPLE), len(document.sections))
    sample = replace(document, sections=document.sections[:count])
    text = sample.text
    return learn(text, find_all(sample, text)[1])


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
