"""From checked samples to what the user holds: the split, and files that are made from what SQLite stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from src.core.config import RunConfig, SplitConfig
from src.core.errors import StorageError
from src.core.types import ModelLimits, ProviderName, RunReport, Sample, SplitName, Splits, Usage, ValidationReport
from src.persistence.exporters import export_jsonl, jsonl_path, write_csv, write_json, write_rejected
from src.persistence.models import DatasetRecord
from src.persistence.sqlite_client import Store
from src.providers import limits, load_provider
from src.reports.statistics import DatasetFacts, RunFacts, build_statistics
from src.utils.formatter import format_lines
from src.utils.splitter import split_samples

EXAMPLES_SHOWN = 3
SIDES: tuple[SplitName, ...] = ("train", "validation")


def split_as_configured(samples: Sequence[Sample], settings: SplitConfig, seed: int, target: ModelLimits) -> Splits:
    """Divide ``samples`` as ``settings`` say; everything is training data when splitting is off. What the target
    provider says of the size of the validation set is a warning."""
    if not settings.enabled:
        return Splits(tuple(samples), ())
    splits = split_samples(
        samples, ratio=settings.ratio, strategy=settings.strategy, weight_by=settings.weight_by, seed=seed
    )
    issues = limits.check_split(len(splits.train), len(splits.validation), target)
    return splits._replace(warnings=(*splits.warnings, *(f"{issue.message} {issue.fix}" for issue in issues)))


def sides_of(splits: Splits, *, enabled: bool) -> list[tuple[Sample, SplitName | None]]:
    """Every sample with its side, in the order of the files; None where nothing was split."""
    train: SplitName | None = "train" if enabled else None
    sides: list[tuple[Sample, SplitName | None]] = [(sample, train) for sample in splits.train]
    return sides + [(sample, "validation") for sample in splits.validation]


def publish_dataset(
    store: Store, record: DatasetRecord, folder: Path, config: RunConfig, facts: DatasetFacts, run: RunFacts
) -> dict[str, Path]:
    """Write every file that ``config.output`` asks for; returns what lies where (train, validation, csv, ...).

    Raises StorageError, with the command that writes the files of the stored dataset again.
    """
    try:
        return _write_files(store, record, folder, config, facts, run)
    except StorageError as error:
        again = f"The dataset is stored; write its files with: python -m src.main export {record.name}"
        raise StorageError(str(error), fix=f"{error.fix} {again}") from error


def _write_files(
    store: Store, record: DatasetRecord, folder: Path, config: RunConfig, facts: DatasetFacts, run: RunFacts
) -> dict[str, Path]:
    files = publish_jsonl(store, record, folder)
    if config.output.include_csv:
        files["csv"] = publish_csv(store, record, folder)
    files |= publish_rejected(store, record, folder)
    if config.output.include_stats:
        files["stats"] = stats_path(folder, record.name)
        write_json(files["stats"], build_statistics(store.samples(record.id), facts, run))
    return files


def publish_jsonl(store: Store, record: DatasetRecord, folder: Path) -> dict[str, Path]:
    """Write one JSONL per side that has samples, in the format of the dataset's provider.

    A file that an earlier split of the same dataset left for a side that is empty now is removed: its rows stand in
    the other file, and validating on them would leak.
    """
    written = export_jsonl(folder, record.name, {side: _rows(store, record, side) for side in SIDES})
    for side in SIDES:
        if side not in written:
            jsonl_path(folder, record.name, side).unlink(missing_ok=True)
    return {str(side): path for side, path in written.items()}


def publish_csv(store: Store, record: DatasetRecord, folder: Path) -> Path:
    """Write ``<name>.csv`` with one line per sample."""
    path = folder / f"{record.name}.csv"
    write_csv(path, store.samples(record.id))
    return path


def publish_rejected(store: Store, record: DatasetRecord, folder: Path) -> dict[str, Path]:
    """Write ``<name>_rejected.jsonl``, one line per rejected row with its reason; no file when there is none."""
    path = folder / f"{record.name}_rejected.jsonl"
    return {"rejected": path} if write_rejected(path, store.rejections(record.id)) else {}


def stats_path(folder: Path, name: str) -> Path:
    """Where the statistics of a dataset lie."""
    return folder / f"{name}_stats.json"


def _rows(store: Store, record: DatasetRecord, side: SplitName) -> Iterator[dict[str, Any]]:
    provider = load_provider(cast("ProviderName", record.provider))(model=record.model)
    chosen = (row.sample for row in store.samples(record.id) if (row.split or "train") == side)
    yield from format_lines(chosen, provider)


def has_files(folder: Path, name: str) -> bool:
    """Whether files of a dataset of that name lie in ``folder``."""
    paths = (*(jsonl_path(folder, name, side) for side in SIDES), folder / f"{name}.csv", stats_path(folder, name))
    return any(path.exists() for path in paths)


def make_facts(
    record: DatasetRecord, validation: ValidationReport, warnings: Sequence[str], samples: Sequence[Sample]
) -> DatasetFacts:
    """What the statistics say of a dataset beside its samples."""
    return DatasetFacts(
        provider=record.provider,
        model=record.model,
        mode=record.mode,
        requested=record.requested,
        proposed=record.proposed,
        rejected=record.rejected,
        exact=validation.exact,
        demo_quality=any(sample.metadata.get("quality") == "demo" for sample in samples),
        validation=validation,
        warnings=tuple(warnings),
    )


def make_report(
    record: DatasetRecord,
    splits: Splits,
    files: Mapping[str, Path],
    validation: ValidationReport,
    warnings: Sequence[str],
    run: RunFacts,
) -> RunReport:
    """What the screen shows of a finished run."""
    return RunReport(
        dataset_id=record.id,
        name=record.name,
        requested=record.requested,
        proposed=record.proposed,
        kept=record.total_samples,
        rejected=record.rejected,
        files=files,
        splits={"train": len(splits.train), "validation": len(splits.validation)},
        validation=validation,
        warnings=tuple(warnings),
        seconds=run.seconds or 0.0,
        usage=run.usage or Usage(),
        cost_usd=run.cost_usd,
        calls=run.calls or 0,
        cached_calls=run.cached_calls or 0,
        examples=_examples(splits),
    )


def _examples(splits: Splits) -> tuple[Sample, ...]:
    """Three samples to look at, of both origins and several sources where there are such."""
    chosen: list[Sample] = []
    for sample in splits.train:
        seen = {(example.origin, example.source_file) for example in chosen}
        if (sample.origin, sample.source_file) not in seen and len(chosen) < EXAMPLES_SHOWN:
            chosen.append(sample)
    rest = [sample for sample in splits.train if sample not in chosen]
    return tuple((chosen + rest)[:EXAMPLES_SHOWN])
