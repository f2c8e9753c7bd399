"""What a curated set holds, in one pass: rows, scores, exact duplicates, categories, teachers, tokens of drawn rows."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import numpy as np
from xxhash import xxh3_128_digest

from src.core.types import ProgressEvent
from src.curation.dedupe_files import plain_file
from src.curation.records import CuratedObject, Ids, Pair, SpanRows, as_pair, read_span
from src.curation.row_table import RejectedLine
from src.curation.spans import split_file
from src.curation.verify.teachers import teacher_of
from src.utils.token_counter import TokenCounter

Report = Callable[[ProgressEvent], None]

TOKENIZER: Final = "o200k_base"
_DIGEST_BYTES: Final = 16
_SHOWN_REJECTED: Final = 20
_LONGEST_TOKENIZED: Final = 2_000_000
"""Characters: a row of 10 MB would take the tokenizer minutes."""


class TokenFigures(NamedTuple):
    """Fewest, mean and most tokens of a text."""

    least: int
    mean: float
    most: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Of ``rows`` rows that were drawn, or of all."""

    rows: int
    instruction: TokenFigures
    response: TokenFigures
    total: TokenFigures


@dataclass(slots=True)
class Figures:
    """What was found. ``rejected_lines`` are the first few. ``near`` are near-duplicates, None where nobody looked."""

    rows: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    rejected_lines: list[RejectedLine] = field(default_factory=list)
    exact: int = 0
    near: int | None = None
    scored: int = 0
    score_sum: float = 0.0
    bands: Counter[str] = field(default_factory=Counter)
    scored_by: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    teachers: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    tokens: Tokens | None = None

    @property
    def mean_score(self) -> float | None:
        """The mean of the rows that have a score."""
        return self.score_sum / self.scored if self.scored else None

    @property
    def duplicate_share(self) -> float:
        """Of all rows, those that repeat another one, as far as was looked for."""
        return (self.exact + (self.near or 0)) / self.rows if self.rows else 0.0

    @property
    def valid_share(self) -> float:
        """Of all lines, those that are rows."""
        lines = self.rows + sum(self.rejected.values())
        return self.rows / lines if lines else 0.0


BANDS: Final = (("9-10", 9.0), ("8-9", 8.0), ("7-8", 7.0))
LOWEST_BAND: Final = "below 7"
_BOUNDS: Final = [least for _, least in reversed(BANDS)]
_BAND_NAMES: Final = (LOWEST_BAND, *(name for name, _ in reversed(BANDS)))


def read_figures(path: Path, drawn: int, report: Report) -> Figures:
    """Go through a file once. ``drawn`` rows have their tokens counted, the ones whose hash is largest: the same file
    draws the same rows. 0: none. Raises InputFileError where there is nothing to read."""
    with TemporaryDirectory() as folder:
        reading = _Reading(path, drawn)
        spans = split_file(plain_file(path, Path(folder)), str(path))
        for span in spans:
            reading.take(read_span(span))
            report(ProgressEvent("validate", span.end, spans[-1].end, unit="bytes"))
        return reading.finish()


class _Reading:
    """One pass. Memory: a hash of each text, the ids, and the rows that are drawn."""

    def __init__(self, path: Path, drawn: int) -> None:
        self._name = str(path)
        self._drawn = drawn
        self._figures = Figures()
        self._first_line = 1
        self._texts = bytearray()
        self._ids = Ids()
        self._sample: list[tuple[bytes, int, Pair]] = []

    def take(self, found: SpanRows) -> None:
        """The next lines of the file."""
        figures = self._figures
        found = self._ids.without_repeated(found, self._first_line)
        for place, kind, reason in found.rejected:
            figures.rejected[kind] += 1
            if len(figures.rejected_lines) < _SHOWN_REJECTED:
                figures.rejected_lines.append(RejectedLine(self._name, self._first_line + place, kind, reason))
        self._first_line += found.lines
        figures.rows += len(found.rows)
        self._count([row.value for row in found.rows])

    def finish(self) -> Figures:
        """What all of it comes to."""
        figures = self._figures
        digests = np.frombuffer(self._texts, np.dtype((np.void, _DIGEST_BYTES)))
        figures.exact = figures.rows - len(np.unique(digests))
        if self._sample:
            figures.tokens = count_tokens([pair for _, _, pair in self._sample])
        return figures

    def _count(self, values: Sequence[CuratedObject]) -> None:
        figures = self._figures
        pairs = [as_pair(row) for row in values]
        digests = [xxh3_128_digest(f"{question}\n{answer}".encode()) for question, answer in pairs]
        self._texts += b"".join(digests)
        self._draw(digests, pairs)
        scores = np.array([row["quality_score"] for row in values if row.get("quality_score") is not None], float)
        figures.scored += len(scores)
        figures.score_sum += float(scores.sum())
        bounds, counts = np.unique(np.digitize(scores, _BOUNDS), return_counts=True)
        for bound, count in zip(bounds.tolist(), counts.tolist(), strict=True):
            figures.bands[_BAND_NAMES[bound]] += count
        figures.scored_by.update(
            [row.get("scored_by") or "own" for row in values if row.get("quality_score") is not None]
        )
        figures.categories.update([row.get("category") or "" for row in values])
        figures.teachers.update([teacher_of(row) for row in values])
        figures.licences.update([row["licence"] for row in values if row.get("licence")])

    def _draw(self, digests: Sequence[bytes], pairs: Sequence[Pair]) -> None:
        if not self._drawn:
            return
        for place, (digest, pair) in enumerate(zip(digests, pairs, strict=True)):
            if len(self._sample) < self._drawn:
                heapq.heappush(self._sample, (digest, self._first_line + place, pair))
            elif digest > self._sample[0][0]:
                heapq.heapreplace(self._sample, (digest, self._first_line + place, pair))


def count_tokens(pairs: list[Pair]) -> Tokens:
    """Fewest, mean and most tokens of both halves, by the tokenizer of today's OpenAI models."""
    counter = TokenCounter(TOKENIZER)

    def count(text: str) -> int:
        return counter.count_text(text[:_LONGEST_TOKENIZED]).tokens

    questions = [count(pair.question) for pair in pairs]
    answers = [count(pair.answer) for pair in pairs]
    totals = [sum(both) for both in zip(questions, answers, strict=True)]
    return Tokens(len(pairs), _figures(questions), _figures(answers), _figures(totals))


def _figures(values: list[int]) -> TokenFigures:
    return TokenFigures(min(values), round(sum(values) / len(values), 1), max(values))
