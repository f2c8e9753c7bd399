"""How many tokens the rows of training files have, for one or several models."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from src.core.errors import DatasetError
from src.core.types import ProgressEvent
from src.data_prep.merging.strata import UNKNOWN
from src.data_prep.quality.reading import Line, Origin, id_of, meta_of, read_lines
from src.providers.conversation import Conversation, Turn
from src.utils.formats.any_row import recognise_row
from src.utils.formats.shape import FormatError
from src.utils.token_counter import TokenCounter, tokenizer_for

Report = Callable[[ProgressEvent], None]
_REPORT_EVERY: Final = 1_000
_QUANTILES: Final = (0.5, 0.9, 0.95, 0.99)


class LongRow(NamedTuple):
    """A row that has more tokens than are allowed."""

    origin: Origin
    id: str
    tokens: int


class Spread(NamedTuple):
    """Figures of a number of rows, in tokens; all 0 without a row."""

    rows: int
    least: int = 0
    mean: float = 0.0
    median: int = 0
    p90: int = 0
    p95: int = 0
    p99: int = 0
    most: int = 0

    @classmethod
    def of(cls, tokens: Sequence[int]) -> Spread:
        """The figures of counted rows; a quantile is the smallest count that so many rows do not exceed."""
        if not tokens:
            return cls(0)
        ordered = sorted(tokens)
        quantiles = [ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)] for share in _QUANTILES]
        mean = round(sum(ordered) / len(ordered), 1)
        return cls(len(ordered), ordered[0], mean, quantiles[0], quantiles[1], quantiles[2], quantiles[3], ordered[-1])


@dataclass(slots=True)
class ModelLengths:
    """The counts for one model, by file and by source. ``exact`` is False where they are estimates, which the package
    ``needs`` would make exact. ``over`` are the rows above the limit."""

    model: str
    tokenizer: str
    exact: bool
    needs: str
    files: dict[str, array[int]] = field(default_factory=dict)
    sources: dict[str, array[int]] = field(default_factory=dict)
    over: list[LongRow] = field(default_factory=list)

    @property
    def tokens(self) -> list[int]:
        """The counts of all rows."""
        return [count for counts in self.files.values() for count in counts]


@dataclass(slots=True)
class Lengths:
    """``unread`` are lines that hold no training row, with the reason."""

    models: list[ModelLengths]
    unread: list[tuple[Origin, str]] = field(default_factory=list)


def measure_lengths(paths: Sequence[Path], models: Sequence[str], limit: int | None, report: Report) -> Lengths:
    """Count the tokens of every row, with the markers of the model's chat template; rows may have any training format,
    or a ``text`` as it stands. ``limit``: rows with more are listed.

    Raises ConfigError for a model of no known family, InputFileError, DatasetError without a single row.
    """
    tokenizers = {model: tokenizer_for(model) for model in models}
    counters = {name: TokenCounter(name) for name in tokenizers.values()}
    found = Lengths(
        [ModelLengths(model, name, counters[name].exact, counters[name].needs) for model, name in tokenizers.items()]
    )
    rows = 0
    for number, line in enumerate(read_lines(paths), start=1):
        try:
            conversation = _conversation(line)
        except FormatError as error:
            found.unread.append((line.origin, str(error)))
            continue
        rows += 1
        counts = {name: counter.count_turns(conversation.turns) for name, counter in counters.items()}
        for lengths in found.models:
            _note(lengths, line, counts[lengths.tokenizer].tokens, limit)
        if number % _REPORT_EVERY == 0:
            report(ProgressEvent("rows", number, rejected=len(found.unread)))
    if not rows:
        why = f" (line {found.unread[0][0].line}: {found.unread[0][1]})" if found.unread else ""
        raise DatasetError(f"{', '.join(map(str, paths))}: no row to be counted{why}.", fix="Name a training file.")
    return found


def _conversation(line: Line) -> Conversation:
    if line.value is None:
        raise FormatError("", line.error)
    text = line.value.get("text")
    if isinstance(text, str) and "messages" not in line.value:
        return Conversation((Turn("assistant", text),))
    return recognise_row(line.value).conversation


def _note(lengths: ModelLengths, line: Line, tokens: int, limit: int | None) -> None:
    row: dict[str, Any] = line.value or {}
    source = str(meta_of(row).get("source") or UNKNOWN)
    lengths.files.setdefault(line.origin.file, array("Q")).append(tokens)
    lengths.sources.setdefault(source, array("Q")).append(tokens)
    if limit is not None and tokens > limit:
        lengths.over.append(LongRow(line.origin, id_of(row), tokens))
