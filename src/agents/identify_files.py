"""Conversations of single files, as they stand there: to write down, to preview. Asks no model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from src.agents.extraction import Cutting, SourceText, to_sample
from src.core.types import ALTERED, Rejection, Sample, SourceDocument
from src.utils.conversation_detector import detect_conversations, detect_in_parts


class Preview(NamedTuple):
    """What identify mode sees in one document. ``style`` names the rules that found its conversations ("none",
    "undecided"); ``reasons`` say why it was or was not taken."""

    source: str
    style: str
    conversations: int
    turns: int
    reasons: tuple[str, ...]


def identify_files(
    documents: Iterable[SourceDocument | Rejection], *, min_turns: int = 2, context: bool = True
) -> Iterator[Sample | Rejection]:
    """Every conversation of ``documents``, whole, in order, as soon as its document was read; with a Rejection for
    every file that could not be read (passed on) and every conversation that is no exact part of its source."""
    cutting = Cutting(min_turns, context=context, whole=True)
    for document in documents:
        if isinstance(document, Rejection):
            yield document
            continue
        source = SourceText.of(document)
        for part in detect_in_parts(document, min_turns=min_turns):
            for conversation in part.conversations:
                yield to_sample(source, conversation, cutting)


def conversation_row(sample: Sample) -> dict[str, Any]:
    """A row of ``identify --out``: texts, and where they stand. ``spans`` holds the pieces of each turn as character
    offsets of the document's text; none of a turn from which something private was taken (``altered`` counts it)."""
    row: dict[str, Any] = {
        "messages": [{"role": message.role, "content": message.content} for message in sample.messages],
        "source_file": sample.source_file,
        "spans": [list(map(list, message.pieces)) for message in sample.messages],
        "locator": sample.locator,
        "confidence": sample.metadata.get("confidence"),
    }
    if sample.metadata.get("context"):
        row["context"] = sample.metadata["context"]
    if sample.metadata.get(ALTERED):
        row[ALTERED] = sample.metadata[ALTERED]
    return row


def preview_conversations(documents: Iterable[SourceDocument], *, min_turns: int = 2) -> Iterator[Preview]:
    """One line per document: source, style, conversations, turns, and the reasons of the decision."""
    for document in documents:
        detection = detect_conversations(document, min_turns=min_turns)
        turns = sum(len(conversation.turns) for conversation in detection.conversations)
        yield Preview(document.name, detection.decision, len(detection.conversations), turns, detection.reasons)
