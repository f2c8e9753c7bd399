"""A stored dataset in figures: counted, checked as its provider would, measured, and the files that tell of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, cast

from src.agents.base_agent import read_passages
from src.core.config import OutputConfig
from src.core.types import DatasetRecord, ProviderName, Sample, SplitName, TokenCount, ValidationReport
from src.dataset_files import report_path, stats_path
from src.persistence.exporters import write_json, write_text
from src.persistence.models import StoredSample
from src.persistence.sqlite_client import Store
from src.providers import limits
from src.providers.lookup import find_model
from src.reports.metrics.quality import describe_quality, measure_quality
from src.reports.metrics.sources import Documents
from src.reports.metrics.uniform import uniformity_warnings
from src.reports.pages.dataset_page import report_page
from src.reports.pages.outcome_sections import first_of_each_reason
from src.reports.statistics import build_statistics
from src.reports.tally import Tally
from src.utils.token_counter import is_vendored


class Described(NamedTuple):
    """A stored dataset in figures, and what its provider would say of it."""

    record: DatasetRecord
    counts: Tally
    validation: ValidationReport


class Figures(NamedTuple):
    """What is to be written of a dataset's figures, None where it is not wanted; ``warnings`` are what they warn of."""

    statistics: Mapping[str, Any] | None = None
    page: str | None = None
    warnings: tuple[str, ...] = ()


def describe_dataset(store: Store, record: DatasetRecord) -> Described:
    """Count and check the stored samples of a dataset, in one pass."""
    return describe_rows(store.samples(record.id), record)


def describe_rows(rows: Iterable[StoredSample], record: DatasetRecord) -> Described:
    """Count and check ``rows``, which are read one at a time, as those of ``record``."""
    counts = Tally()

    def counted() -> Iterator[StoredSample]:
        for row in rows:
            counts.add(row)
            yield row

    validation = check_rows(counted(), record)
    return Described(record, counts, validation)


def check_rows(rows: Iterable[StoredSample], record: DatasetRecord) -> ValidationReport:
    """What the provider of a dataset would say of ``rows``, which are read one at a time, of the training file without
    those that are held out for validation; tokens are not counted again."""
    target = find_model(cast("ProviderName", record.provider), record.model)
    said = record.run.exact_tokens
    exact = is_vendored(target.tokenizer) if said is None else said
    tokens = 0
    side: SplitName | None = None

    def samples() -> Iterator[Sample]:
        nonlocal tokens, side
        for row in rows:
            tokens, side = row.token_length, row.split
            yield row.sample

    return limits.check_dataset(
        samples(), target, lambda _sample: TokenCount(tokens, exact), lambda _sample: side == "validation"
    )


def publish_figures(
    store: Store, described: Described, folder: Path, settings: OutputConfig, documents: Documents
) -> dict[str, Path]:
    """Write ``<name>_stats.json`` and ``<name>_report.html``, as far as ``settings`` wants them; only then is the
    quality of the dataset measured."""
    return write_figures(measure(store, described, settings, documents), folder, described.record.name)


def measure(store: Store, described: Described, settings: OutputConfig, documents: Documents) -> Figures:
    """The figures that ``settings`` want; the quality of the dataset is measured only where they want any."""
    if not (settings.include_stats or settings.include_report):
        return Figures()
    record = described.record
    quality = measure_quality(partial(store.samples, record.id), documents, lambda document: read_passages([document]))
    measures = describe_quality(quality)
    statistics = build_statistics(*described, measures)
    page = None
    if settings.include_report:
        page = report_page(statistics, described.counts, quality, first_of_each_reason(store.rejections(record.id)))
    return Figures(statistics if settings.include_stats else None, page, uniformity_warnings(measures))


def write_figures(figures: Figures, folder: Path, name: str) -> dict[str, Path]:
    """Write the files of ``figures``. Raises StorageError."""
    files: dict[str, Path] = {}
    if figures.statistics is not None:
        files["stats"] = stats_path(folder, name)
        write_json(files["stats"], figures.statistics)
    if figures.page is not None:
        files["report"] = report_path(folder, name)
        write_text(files["report"], figures.page)
    return files
