"""The quality of datasets of several sizes: seconds per 10,000 rows beside plain reading, and peak memory."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import ROOT, python, run_to_end, show
from src.agents.base_agent import read_passages
from src.core.types import Message, Sample, Section, SourceDocument, Span, SplitName
from src.reports.metrics.quality import measure_quality

SIZES = (10_000, 40_000, 160_000)
_FEW = 100
_PASSAGES_PER_DOCUMENT = 200
_SYLLABLES = tuple(f"{first}{second}{third}" for first in "brdtkmlp" for second in "aeiou" for third in "nrstlk")
_WORDS = random.Random(3).sample([f"{first}{second}" for first in _SYLLABLES for second in _SYLLABLES], 20_000)
"""Of six letters, so that all passages have one length."""


class Row(NamedTuple):
    """What is measured of a stored sample."""

    sample: Sample
    token_length: int
    split: SplitName | None = "train"


def main() -> None:
    """Print seconds per 10,000 rows and peak memory; each size in a process of its own."""
    base = run_to_end(python("-m", "benchmarks.report", str(_FEW)), ROOT)
    rows = [(f"{_FEW} rows", f"{base.total:.1f} s", f"peak {base.megabytes:.0f} MB")]
    for size in SIZES:
        peak = run_to_end(python("-m", "benchmarks.report", str(size)), ROOT)
        speed = (peak.total - base.total) / size * 10_000
        rows.append((f"{size:,} rows", f"{peak.total:.1f} s", f"{speed:.2f} s / 10,000; peak {peak.megabytes:.0f} MB"))
    show("Measuring the quality of a dataset", rows)


def measure(size: int) -> None:
    """Measure a made-up dataset of ``size`` rows, four to a passage."""
    started = time.perf_counter()
    quality = measure_quality(partial(_rows, size), _documents(size), lambda document: read_passages([document]))
    print(f"{quality.counts.rows} rows in {time.perf_counter() - started:.2f} s")


def _rows(size: int) -> Iterator[Row]:
    for number in range(size):
        passage = number // 4
        document, place = divmod(passage, _PASSAGES_PER_DOCUMENT)
        text = _passage(passage)
        words, source = text.split(), random.Random(number)
        question = f"What {' '.join(source.choices(words, k=9))}?"
        answer = " ".join(words[source.randrange(20) :][:40])
        start = place * len(text)
        messages = (Message("user", question), Message("assistant", answer))
        yield Row(Sample(messages, "generated", f"{document}.txt", Span(start, start + len(text))), 80)


def _documents(size: int) -> Iterator[SourceDocument]:
    passages = -(-size // 4)
    for document in range(-(-passages // _PASSAGES_PER_DOCUMENT)):
        first = document * _PASSAGES_PER_DOCUMENT
        texts = [_passage(number) for number in range(first, min(first + _PASSAGES_PER_DOCUMENT, passages))]
        yield SourceDocument(Path(f"{document}.txt"), f"{document}.txt", tuple(map(Section, texts)), "")


def _passage(number: int) -> str:
    """A paragraph of 100 made-up words; some of them stand in other paragraphs too."""
    start = number * 37 % (len(_WORDS) - 100)
    return " ".join(_WORDS[start : start + 100]).capitalize() + ".\n\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        main()
