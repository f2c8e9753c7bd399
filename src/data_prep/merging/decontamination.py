"""Rows that hold what a benchmark asks: found by runs of 13 tokens, and short texts as they stand.

Runs of 13 words are what GPT-3 was cleaned by (Brown et al. 2020, appendix C). A row counts as soon as a good part of a
text stands in it, so that a line of boilerplate, which two texts share, does not. In code the marks say as much as the
words: a text is looked for both ways.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from src.data_prep.merging.benchmark_texts import BenchmarkText
from src.utils.similarity.code_text import spell_marks
from src.utils.similarity.shingles import Shingler, tokenize

RUN: Final = 13
"""Tokens of a run."""
SHORTEST: Final = 8
"""Words of the shortest text that is looked for: less says nothing by itself (GPT-3 used the same bound)."""
OVERLAP: Final = 0.4
"""Share of the runs of a benchmark's text, or of a row's, that make a hit."""


class Hit(NamedTuple):
    """A benchmark's text of which the share ``overlap`` stands in a row."""

    text: BenchmarkText
    overlap: float


class Benchmarks:
    """Items to look for: ``count`` of them; ``too_short`` ones have no text of SHORTEST words."""

    def __init__(self, texts: Iterable[BenchmarkText], overlap: float = OVERLAP) -> None:
        self._overlap = overlap
        # a text shorter than RUN is one run, which must stand in a row as it is
        self._indexes = [_Index(size, str) for size in range(SHORTEST, RUN + 1)]
        self._marked = _Index(RUN, spell_marks)
        items: dict[tuple[str, str], bool] = {}
        for text in texts:
            item = (text.file, text.item)
            items[item] = self._add(text) or items.get(item, False)
        self.count = sum(items.values())
        self.too_short = len(items) - self.count

    def find(self, text: str) -> Hit | None:
        """The text of a benchmark that most of stands in ``text``; None for none."""
        if not self.count:
            return None
        hits = (hit for index in (*self._indexes, self._marked) for hit in index.hits(text))
        best = max(hits, key=lambda hit: hit.overlap, default=None)
        return best if best and best.overlap >= self._overlap else None

    def _add(self, text: BenchmarkText) -> bool:
        words = len(tokenize(text.text))
        if words < SHORTEST:
            return False
        self._indexes[min(words, RUN) - SHORTEST].add(text)
        if words >= RUN:
            self._marked.add(text)
        return True


class _Index:
    """Texts by their runs of one size. ``view`` says what of a text is looked at."""

    def __init__(self, size: int, view: Callable[[str], str]) -> None:
        self._size = size
        self._view = view
        self._shingler = Shingler(size)
        self._texts: list[tuple[BenchmarkText, int]] = []
        self._having: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, text: BenchmarkText) -> None:
        runs = self._shingler.shingles(self._view(text.text))
        for run in runs:
            self._having[run].append(len(self._texts))
        self._texts.append((text, len(runs)))

    def hits(self, text: str) -> Iterator[Hit]:
        """Every text that shares a run with ``text``."""
        if not self._texts:
            return
        seen = self._view(text)
        runs = self._shingler.shingles(seen)
        if len(runs) == 1 and len(tokenize(seen)) < self._size:
            return
        shared = Counter(number for run in runs for number in self._having.get(run, ()))
        for number, count in shared.items():
            found, size = self._texts[number]
            yield Hit(found, round(count / min(len(runs), size), 3))
