"""Datasets side by side: stored ones by their names, and JSONL files, on the same measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from src.agents.base_agent import read_passages
from src.core.config import RunConfig
from src.core.types import Sample, SplitName
from src.core.workspace import Workspace
from src.documents import read_again
from src.library.file_rows import read_samples
from src.persistence.exporters import write_text
from src.persistence.sqlite_client import Store
from src.persistence.versions import find_version
from src.reports.metrics.comparison import Comparison, Contender, compare
from src.reports.metrics.quality import measure_quality
from src.reports.pages.comparison_page import comparison_page
from src.reports.setups import Setup
from src.resume import settings_of
from src.utils.token_counter import TokenCounter

_TOKENIZER = "o200k_base"


def compare_datasets(names: Sequence[str], config: RunConfig, workspace: Workspace) -> Comparison:
    """Measure each of ``names`` and compare them. What ends in .jsonl is a file, everything else a stored dataset, or
    ``NAME@2`` its version 2.

    Raises DatasetError for a dataset that is not there, InputFileError for a file that cannot be read.
    """
    return compare([_measure(name, config, workspace) for name in names])


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write a comparison as a page. Raises StorageError."""
    write_text(path, comparison_page(comparison))


@dataclass(frozen=True, slots=True)
class _CountedRow:
    """A row whose tokens are counted when they are asked for, which nobody does for most; by one counter for all
    contenders, whatever model each was made for."""

    sample: Sample
    counter: TokenCounter
    split: SplitName | None = None

    @property
    def token_length(self) -> int:
        return self.counter.count_sample(self.sample).tokens


def _measure(name: str, config: RunConfig, workspace: Workspace) -> Contender:
    counter = TokenCounter(_TOKENIZER)
    if name.endswith(".jsonl"):
        path = Path(name).expanduser()
        return Contender(name, measure_quality(partial(_read_file, path, counter), (), lambda _document: ()))
    with Store(workspace.database) as store:
        record = find_version(store, name)
        documents = read_again(record, config, workspace)

        def rows() -> Iterator[_CountedRow]:
            return (_CountedRow(row.sample, counter) for row in store.samples(record.id))

        quality = measure_quality(rows, documents, lambda document: read_passages([document]))
    kept, paid = record.total_samples, record.run.cost_usd
    cost = None if paid is None else paid / kept
    setup = Setup(settings_of(record), record.run.prompts)
    return Contender(record.name, quality, kept, record.proposed, cost, setup)


def _read_file(path: Path, counter: TokenCounter) -> Iterator[_CountedRow]:
    return (_CountedRow(sample, counter) for sample in read_samples(path))
