"""Rows, documents and measured datasets that the tests of this room share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from src.agents.base_agent import read_passages
from src.core.types import Message, Rejection, Sample, Section, SourceDocument, Span, SplitName
from src.reports.metrics.quality import Quality, measure_quality

KILN = "The kiln of Anna Berg heats to 1200 degrees and cools for two days before anybody opens its heavy door.\n"
GLAZE = "A glaze is a thin layer of glass; copper colours it green, and cobalt colours it a deep and lasting blue.\n"
WHEEL = "The wheel turns with the foot, so that both hands stay free to raise the wall of a vessel evenly upwards.\n"


@dataclass(frozen=True)
class Row:
    """What the store gives, without a store."""

    sample: Sample
    token_length: int = 10
    split: SplitName | None = "train"


def make_document(*texts: str, name: str = "pottery.txt", sha256: str = "abc") -> SourceDocument:
    """A document with a heading before each text, so that each is a passage."""
    sections = [
        section
        for number, text in enumerate(texts, start=1)
        for section in (Section(f"Part {number}\n", f"line {2 * number}", "heading", 1), Section(text, "line"))
    ]
    return SourceDocument(Path(name), name, tuple(sections), sha256)


def generated(question: str, answer: str, passage: str, document: SourceDocument) -> Sample:
    """A sample that was written from ``passage``, which is part of ``document``."""
    start = document.text.index(passage)
    messages = (Message("user", question), Message("assistant", answer))
    return Sample(messages, "generated", document.name, Span(start, start + len(passage.rstrip())), ("clay",))


def extracted(document: SourceDocument, *turns: str) -> Sample:
    """A sample that was cut from ``document``: its turns are parts of the text, in their order."""
    messages, start = [], 0
    for number, turn in enumerate(turns):
        start = document.text.index(turn, start)
        piece = Span(start, start + len(turn))
        messages.append(Message("assistant" if number % 2 else "user", turn, (piece,)))
    span = Span(messages[0].pieces[0].start, messages[-1].pieces[0].end)
    metadata = {"text_sha256": document.sha256}
    return Sample(tuple(messages), "extracted", document.name, span, ("clay",), metadata=metadata)


def measure(samples: Sequence[Sample], *documents: SourceDocument | Rejection) -> Quality:
    """Measure samples against documents, which are cut as a run cuts them."""
    rows = [Row(sample) for sample in samples]
    return measure_quality(lambda: rows, documents, lambda document: read_passages([document]))
