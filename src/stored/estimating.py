"""What training on a dataset would cost with each of several models: a stored dataset or a JSONL file, read once."""

from __future__ import annotations

import asyncio
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from src.core.config import RunConfig
from src.core.errors import InputFileError
from src.core.jsonl import read_rows
from src.core.parts import Parts
from src.core.specs import ModelLimits, ProviderSpec, WriterModel
from src.core.types import PROVIDER_NAMES, DatasetRecord, ProgressEvent, ProviderName, SplitName
from src.generation.estimate import minutes_for
from src.generation.progress import Progress
from src.generation.token_counts import count_examples, has_counter
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.providers.conversation import Conversation, conversation_of
from src.providers.lookup import find_model, find_model_anywhere, provider_spec
from src.reports.costs import Costs, ModelCost, messages_of, writing_cost
from src.utils.formats.any_row import recognise_row
from src.utils.formats.shape import FormatError

ASKED_TOKENS = 1_150
"""Tokens of a prompt with its passage: what a written sample is taken to ask for where no run has shown it."""
DEFAULT_EPOCHS = 3


@dataclass(frozen=True, slots=True)
class WritingCost:
    """What writing as many samples anew would cost with one model, and take; ``usd`` is None where no price is
    published, ``batch_usd`` also where the model has no batches."""

    provider: ProviderName
    writer: WriterModel
    usd: float | None
    batch_usd: float | None
    minutes: float


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """A dataset or a file, and every model that was asked about, the best choice first.

    ``rows`` are trained on, ``held_out`` stand in the validation file, which some vendors bill. ``unread`` maps why
    lines of a file are no training row to their number. ``asked_tokens`` and ``answer_tokens`` are those of one sample
    that ``writing`` reckons with.
    """

    name: str
    rows: int
    held_out: int
    unread: Mapping[str, int]
    epochs: int
    models: tuple[ModelCost, ...]
    writing: tuple[WritingCost, ...]
    asked_tokens: int
    answer_tokens: int


def models_to_compare(provider: ProviderName | None, model: str | None) -> tuple[ModelLimits, ...]:
    """One model, all of a provider, or all there are, as far as they are named. Raises ConfigError for an unknown
    one."""
    if model:
        return (find_model(provider, model) if provider else find_model_anywhere(model),)
    names = [provider] if provider else list(PROVIDER_NAMES)
    return tuple(limits for name in names for limits in provider_spec(name).models)


def estimate_costs(
    name: str, models: Sequence[ModelLimits], config: RunConfig, parts: Parts, *, epochs: int = DEFAULT_EPOCHS
) -> CostEstimate:
    """Read ``name`` once and reckon for every one of ``models``. What ends in .jsonl is a file, everything else a
    stored dataset. With ``tokens.ask_provider`` vendors are asked for the tokens first.

    Raises DatasetError, InputFileError, and ProviderError from a vendor that is asked.
    """
    with Store(parts.workspace.database, clock=parts.clock) as store:
        source = _FileRows(Path(name).expanduser()) if name.lower().endswith(".jsonl") else _StoredRows(store, name)
        costs = Costs(models)
        costs.use_counts(_ask_vendors(source, models, config, parts, Journal(store)))
        for conversation in source.rows():
            costs.add(conversation)
            if costs.rows % 500 == 0:
                parts.on_event(ProgressEvent("rows", costs.rows, source.total))
        for conversation in source.held_out_rows():
            costs.add_held_out(conversation)
    if not costs.rows:
        raise InputFileError(f"{name} holds no training row.", fix="Name a file with one training example a line.")
    answers = max(1, round(costs.answer_tokens / costs.rows))
    asked = source.asked_tokens or ASKED_TOKENS
    return CostEstimate(
        source.name,
        costs.rows,
        source.held_out,
        dict(source.unread),
        epochs,
        tuple(costs.models(epochs, is_whole=not source.unread)),
        _writing_costs(costs.rows + source.held_out, asked, answers),
        asked,
        answers,
    )


def _writing_costs(rows: int, asked: int, answers: int) -> tuple[WritingCost, ...]:
    """Every model that writes over the network, the cheapest first."""
    costs = [
        _writing_cost(provider_spec(name), writer, rows, asked, answers)
        for name in PROVIDER_NAMES
        if name != "local"
        for writer in provider_spec(name).writers
    ]
    return tuple(sorted(costs, key=lambda cost: (cost.usd is None, cost.usd or 0.0)))


def _writing_cost(spec: ProviderSpec, writer: WriterModel, rows: int, asked: int, answers: int) -> WritingCost:
    usd = writing_cost(writer, rows, asked, answers)
    batch = spec.batch if spec.batch and (not spec.batch.presets or writer.preset in spec.batch.presets) else None
    batch_usd = None if usd is None or batch is None else usd * (1 - batch.discount)
    return WritingCost(spec.name, writer, usd, batch_usd, minutes_for(rows, spec.concurrency, answers))


class _StoredRows:
    """The training rows of a stored dataset."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._record = store.find(name)
        self.name = self._record.name
        self.held_out = sum(1 for _ in store.side(self._record.id, "validation"))
        self.total: int | None = self._record.total_samples - self.held_out
        self.unread: Counter[str] = Counter()
        self.asked_tokens = _asked_tokens(self._record)

    def rows(self) -> Iterator[Conversation]:
        """A preference pair stands in the training file with its better answer."""
        return self._side("train")

    def held_out_rows(self) -> Iterator[Conversation]:
        """The rows of the validation file."""
        return self._side("validation")

    def _side(self, side: SplitName) -> Iterator[Conversation]:
        for row in self._store.side(self._record.id, side):
            yield conversation_of(row.sample)._replace(rejected=None)


class _FileRows:
    """The rows of a JSONL file in any training format; what is none is counted by its reason."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)
        self.held_out = 0
        self.total: int | None = None
        self.unread: Counter[str] = Counter()
        self.asked_tokens = 0

    def rows(self) -> Iterator[Conversation]:
        self.unread.clear()
        for row in read_rows(self._path):
            if row.value is None:
                self.unread[row.error] += 1
                continue
            try:
                yield recognise_row(row.value).conversation
            except FormatError as error:
                self.unread[str(error)] += 1

    def held_out_rows(self) -> Iterator[Conversation]:
        """None: a file is all training rows."""
        return iter(())


def _asked_tokens(record: DatasetRecord) -> int:
    """The tokens that one written sample of this dataset has asked for; 0 where no model wrote."""
    usage, calls = record.run.usage, record.run.calls
    return usage.input_tokens // record.total_samples if usage and calls and record.total_samples else 0


def _ask_vendors(
    source: _StoredRows | _FileRows, models: Sequence[ModelLimits], config: RunConfig, parts: Parts, journal: Journal
) -> dict[str, array[int]]:
    """The tokens of every row by the vendor's own count, by the model that counts."""
    if not config.tokens.ask_provider:
        return {}
    counting = {model.counted_by: model.provider for model in models if model.counted_by}
    counts = {}
    for counted_by, provider in counting.items():
        if not has_counter(provider, parts.secrets, config):
            continue
        conversations = (messages_of(conversation) for conversation in source.rows())
        progress = Progress("rows", source.total, parts.on_event)
        asked = count_examples(conversations, provider, counted_by, config, parts.secrets, journal, progress)
        counts[counted_by] = asyncio.run(asked)
    return counts
