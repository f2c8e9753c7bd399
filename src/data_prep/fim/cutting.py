"""The rows of a file: spans are cut out of it, and windows around them made to fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final, NamedTuple

from src.core.jsonl import dump_line
from src.data_prep.fim.forms import FormWriter, Place
from src.data_prep.fim.gauge import Gauge
from src.data_prep.fim.mix import Mix, kind_of
from src.data_prep.fim.private import count_private
from src.data_prep.fim.source_text import SourceText
from src.data_prep.fim.spans import LONGEST, Span, SpanPicker
from src.data_prep.fim.syntax import parse
from src.data_prep.fim.types import Candidate, FimSettings, MadeRow
from src.data_prep.fim.windows import Window, cut_window

_CUTS: Final = 5
_SPARE: Final = 0.98
"""Of the size at which a window that was too long would just fit: tokens are not spread evenly."""


class Origin(NamedTuple):
    """What rows are said to come from; ``commit`` is "" outside of git."""

    name: str
    commit: str


class Cut(NamedTuple):
    """The rows of one file, how many spans did not fit into one, and how much of what kind in the file leads to a
    person."""

    rows: list[MadeRow]
    too_long: int
    private: Mapping[str, int]


class _Piece(NamedTuple):
    """A span of a text, how many tokens a row of its file has without any code, and whether it can hold all of it."""

    text: SourceText
    span: Span
    around: int
    fits: bool


class RowCutter:
    """Makes the rows of files. Cheap to pickle: what it counts with is loaded where it is used first."""

    def __init__(self, settings: FimSettings, origin: Origin, gauge: Gauge) -> None:
        self._settings = settings
        self._origin = origin
        self._gauge = gauge
        self._writer = FormWriter(settings.form, settings.family)

    def __call__(self, files: Sequence[Candidate]) -> list[Cut]:
        """The rows of each of ``files``. The shares of the kinds are kept over all of them together."""
        mix = Mix()
        return [self._cut(file, mix) for file in files]

    def _cut(self, file: Candidate, mix: Mix) -> Cut:
        made = list(self._rows_of(file, mix))
        rows = [MadeRow(file.language.label, row["fim"]["kind"], dump_line(row)) for row in made if row]
        return Cut(rows, len(made) - len(rows), count_private(file.text.written) if rows else {})

    def _rows_of(self, file: Candidate, mix: Mix) -> Iterator[dict[str, Any] | None]:
        """The row of each span; None where it is too long."""
        path, language, text, licence = file
        rng = Random(f"{self._settings.seed}:{path}")  # noqa: S311 - a draw that can be repeated, no secret
        meta = {"path": path, "licence": licence or "none stated", "commit": self._origin.commit}
        place = Place(path, language, f"{self._origin.name}:{path}", meta)
        around = self._gauge.count_around(self._writer.draft(Window("", "", ""), place, rng))
        budget = self._gauge.budget(around)
        fits = len(text.data) <= budget and self._gauge.fits_surely(text.written, around)
        picker = SpanPicker(text, parse(language.grammar, text.data), min(LONGEST, budget // 2), rng)
        for span in picker.pick(self._settings.per_file, mix):
            yield self._row(_Piece(text, span, around, fits), place, rng)

    def _row(self, piece: _Piece, place: Place, rng: Random) -> dict[str, Any] | None:
        """The row with the widest window that fits; None where not even the lines of the span do."""
        span = piece.span
        spanned = place._replace(meta={**place.meta, "node": span.node}) if span.node else place
        budget = self._gauge.budget(piece.around)
        for _ in range(_CUTS):
            window = cut_window(piece.text, span, budget)
            if window is None:
                return None
            draft = self._writer.draft(window, spanned, rng)
            used = 0.0 if piece.fits else self._gauge.share_used(draft, window, piece.around)
            if used <= 1:
                return self._writer.row(draft, window, spanned, kind_of(span.wish))
            budget = int(sum(len(part.encode("utf-8")) for part in window) / used * _SPARE)
        return None
