"""What a training run is done with: one frozen object, its presets, and defaults by the size of the model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple

from src.core.errors import UsageError

EMBEDDED: Final = "smollm2"
"""The name of the embedded model, whose weights are a package."""
TINY_LLAMA: Final = "TinyLlama/TinyLlama-1.1B-Chat-v1.0"
"""A usual model for a first try beyond the embedded one: 2.2 GB, fetched from Hugging Face when it is named."""

Row = Mapping[str, Any]
"""One training row: ``messages``, a list of ``{"role", "content"}``; ``tools`` where the conversation has some."""


class PlacedRow(dict[str, Any]):
    """A row that knows where it stands, as in ``rows.jsonl, row 3``, so that an error can say it."""

    def __init__(self, row: Row, place: str) -> None:
        super().__init__(row)
        self.place = place


def place_of_row(row: Row) -> str:
    """Where ``row`` stands, for an error; ``A row`` where nobody knows."""
    return row.place if isinstance(row, PlacedRow) else "A row"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSettings:
    """Everything that decides what is learned. Equal settings, rows and threads give equal losses."""

    base: str = EMBEDDED
    rank: int = 16
    alpha: int = 32
    """The adapter counts alpha / rank times."""
    dropout: float = 0.1
    targets: tuple[str, ...] = ("q_proj", "k_proj", "v_proj", "o_proj")
    learning_rate: float = 2e-4
    schedule: Literal["linear", "cosine", "constant"] = "linear"
    warmup: float = 0.0
    """Share of the steps in which the learning rate rises from 0."""
    weight_decay: float = 0.0
    epochs: int = 3
    batch_size: int = 2
    accumulate: int = 1
    """Batches per step: memory of one batch, effect of several."""
    max_length: int = 1024
    """Tokens of one row; what lies beyond is cut off."""
    loss_on: Literal["assistant", "all"] = "assistant"
    seed: int = 7
    quantize: bool = False
    """QLoRA: the base in 4 bits. Needs a CUDA GPU."""
    checkpointing: bool | None = None
    """Gradient checkpointing: less memory, about a third more time. None: for models above a billion parameters."""
    patience: int = 0
    """Evaluations without a better held-out loss after which training stops, and the best state is kept; 0: never."""
    threads: int | None = None
    """CPU threads; None: as many as processors are idle, at least one."""

    def __post_init__(self) -> None:
        for name, value, sound, allowed in self._bounds():
            if not sound:
                raise UsageError(
                    f"{name} is {value}; allowed: {allowed}.", fix="See 'python -m src.main train --help'."
                )

    def _bounds(self) -> list[_Bound]:
        return [
            _Bound("rank", self.rank, 1 <= self.rank <= 1024, "1 to 1024"),
            _Bound("alpha", self.alpha, self.alpha >= 1, "1 or more"),
            _Bound("dropout", self.dropout, 0 <= self.dropout < 1, "0 up to, but not including, 1"),
            _Bound("targets", self.targets, bool(self.targets), "at least one module"),
            _Bound("learning rate", self.learning_rate, 0 < self.learning_rate <= 1, "above 0, up to 1"),
            _Bound("warmup", self.warmup, 0 <= self.warmup <= 1, "0 to 1"),
            _Bound("weight decay", self.weight_decay, 0 <= self.weight_decay <= 1, "0 to 1"),
            _Bound("epochs", self.epochs, 1 <= self.epochs <= 1000, "1 to 1000"),
            _Bound("batch size", self.batch_size, 1 <= self.batch_size <= 4096, "1 to 4096"),
            _Bound("accumulate", self.accumulate, 1 <= self.accumulate <= 4096, "1 to 4096"),
            _Bound("max length", self.max_length, self.max_length >= 16, "16 or more"),
            _Bound("patience", self.patience, self.patience >= 0, "0 or more"),
            _Bound("threads", self.threads, self.threads is None or self.threads >= 1, "1 or more"),
        ]


class _Bound(NamedTuple):
    name: str
    value: object
    sound: bool
    allowed: str


SEED_PRESET: Final = TrainSettings(rank=16, alpha=32, dropout=0.1, learning_rate=5e-5, epochs=3, batch_size=2)
"""The usual textbook values; on a model of 135 million parameters they were measured to change next to nothing."""


class _Size(NamedTuple):
    """Settings of models up to so many parameters."""

    parameters: float
    changes: Mapping[str, Any]


_BY_SIZE: Final[Sequence[_Size]] = (
    _Size(400e6, {"learning_rate": 1e-3, "accumulate": 2, "dropout": 0.0, "epochs": 3}),
    _Size(3e9, {"learning_rate": 2e-4}),
    _Size(float("inf"), {"learning_rate": 1e-4}),
)
"""The first line is the best of the few settings that were tried on one set of rows, each with one seed
(tiny_sft/settings_tried.md), with its four rows a step in two halves: four long rows at once take more than 3 GB. The
others are what LoRA is commonly trained with."""
_ROWS_SEEN: Final = 130
_MOST_EPOCHS: Final = 5
"""A few dozen rows are gone through more often, up to this, until so many rows were seen."""


def defaults_for(parameters: int, base: str = EMBEDDED, rows: int | None = None) -> TrainSettings:
    """The settings for a model of so many parameters; where the number of ``rows`` is known, epochs to go with it."""
    changes = next(size.changes for size in _BY_SIZE if parameters <= size.parameters)
    settings = replace(TrainSettings(base=base), **changes)
    if not rows:
        return settings
    return replace(settings, epochs=max(settings.epochs, min(_MOST_EPOCHS, math.ceil(_ROWS_SEEN / rows))))
