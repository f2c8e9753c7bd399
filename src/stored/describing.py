"""The figures of a stored dataset, of one of its versions, or of a JSONL file, and a page with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from src.agents.base_agent import read_passages
from src.core.config import RunConfig
from src.core.types import DatasetRecord
from src.core.workspace import Workspace
from src.documents import read_again
from src.library.file_rows import read_samples
from src.persistence.exporters import write_text
from src.persistence.models import StoredSample
from src.persistence.sqlite_client import Store, utc_now
from src.persistence.versions import find_version
from src.providers.lookup import find_model
from src.publish.figures import Described, describe_dataset, describe_rows
from src.reports.metrics.quality import describe_quality, measure_quality
from src.reports.metrics.sources import Documents
from src.reports.pages.dataset_page import report_page
from src.reports.pages.outcome_sections import first_of_each_reason
from src.reports.statistics import IMPORTED, build_statistics
from src.utils.token_counter import TokenCounter


def describe(name: str, config: RunConfig, workspace: Workspace) -> Described:
    """Count and check a dataset: a stored one by its name or id (``NAME@2``: its version 2), or the file that ``name``
    ends in .jsonl for, as one for the configured model. Raises DatasetError, InputFileError."""
    with _opened(name, config, workspace) as source:
        return source.described()


def write_page(name: str, config: RunConfig, workspace: Workspace, path: Path) -> Described:
    """As ``describe``, with the quality measured and everything written as a page. Raises StorageError too."""
    with _opened(name, config, workspace) as source:
        described = source.described()
        quality = measure_quality(source.rows, source.documents(), lambda document: read_passages([document]))
        statistics = build_statistics(*described, describe_quality(quality))
        rejections = first_of_each_reason(source.rejections())
        write_text(path, report_page(statistics, described.counts, quality, rejections))
        return described


@dataclass(frozen=True, slots=True)
class _Stored:
    store: Store
    record: DatasetRecord
    config: RunConfig
    workspace: Workspace

    def __enter__(self) -> _Stored:
        return self

    def __exit__(self, *_error: object) -> None:
        self.store.close()

    def described(self) -> Described:
        return describe_dataset(self.store, self.record)

    def rows(self) -> Iterator[StoredSample]:
        return self.store.samples(self.record.id)

    def rejections(self) -> Any:
        return self.store.rejections(self.record.id)

    def documents(self) -> Documents:
        return read_again(self.record, self.config, self.workspace)


class _File:
    def __init__(self, path: Path, config: RunConfig) -> None:
        self._path = path
        self._counter = TokenCounter(find_model(config.provider, config.model).tokenizer)
        self._record = DatasetRecord(
            id="",
            name=path.name,
            provider=config.provider,
            model=config.model,
            mode=IMPORTED,
            created_at=utc_now(),
            status="finished",
        )

    def described(self) -> Described:
        described = describe_rows(self.rows(), self._record)
        rows, tokens = described.validation.rows, described.validation.total_tokens
        record = replace(self._record, total_samples=rows, total_tokens=tokens, requested=rows, proposed=rows)
        return described._replace(record=record)

    def rows(self) -> Iterator[StoredSample]:
        count = self._counter.count_sample
        return (StoredSample(sample, count(sample).tokens) for sample in read_samples(self._path))

    def rejections(self) -> Any:
        return iter(())

    def documents(self) -> Documents:
        return ()


def _opened(name: str, config: RunConfig, workspace: Workspace) -> AbstractContextManager[_Stored | _File]:
    if name.endswith(".jsonl"):
        return nullcontext(_File(Path(name).expanduser(), config))
    store = Store(workspace.database)
    try:
        return _Stored(store, find_version(store, name), config, workspace)
    except BaseException:
        store.close()
        raise
