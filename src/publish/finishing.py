"""The end of a run: its samples are divided and their files written, before it counts as finished."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from pathlib import Path

import orjson

from src.core.config import RunConfig, SplitConfig, with_values
from src.core.errors import StorageError
from src.core.jsonl import remove_files
from src.core.parts import Parts
from src.core.types import DatasetRecord, ProgressEvent, RunReport, Sample, SplitName
from src.dataset_files import csv_path, files_of
from src.persistence.former_files import former_kept
from src.persistence.mirror import mirror_finished
from src.persistence.sqlite_client import Store
from src.publish.figures import describe_dataset, measure, write_figures
from src.publish.row_files import publish_csv, publish_jsonl, publish_rejected
from src.reports.metrics.sources import Documents
from src.utils.descriptions import bring_up_to_date
from src.utils.sample_groups import split_key
from src.utils.splitter import Sides, split_samples

EXAMPLES_SHOWN = 3
_EXAMPLES_AMONG = 500


def finish_dataset(
    store: Store,
    record: DatasetRecord,
    config: RunConfig,
    parts: Parts,
    documents: Documents,
    sides: Sides | None = None,
) -> RunReport:
    """Divide the samples of an unfinished dataset as ``config`` says, or into ``sides`` that are known already, write
    its files, and mark it finished. Where Supabase is configured it is then copied there: that this fails is a warning.

    ``documents`` are what it was made from: its quality is measured against them.
    Killed on the way, it stays unfinished; the next start puts the files of its former version back. Raises
    StorageError when the files cannot be written, with the command that writes them: the dataset is finished then.
    """
    started = time.monotonic()
    sides = sides or _split(store, record, config)
    store.arrange(record, (("train" if config.split.enabled else None, sides.train), ("validation", sides.validation)))
    kept = record.total_samples
    parts.on_event(ProgressEvent("split", kept, kept, kept=len(sides.train)))
    seconds = (record.run.seconds or 0.0) + time.monotonic() - started
    run = replace(record.run, seconds=seconds, split_warnings=sides.warnings)
    record = replace(record, run=run, config=_with_split(record.config, config.split))
    with former_kept(store, record, parts.workspace, files_of) if record.version > 1 else nullcontext():
        try:
            report = _publish(store, record, parts.workspace.output_datasets, config, documents)
            bring_up_to_date(parts.workspace.output_datasets)
        except StorageError as error:
            store.mark_finished(record)  # what is stored can be exported; only a kill leaves the run to be resumed
            again = f"The dataset is stored; write its files with: python -m src.main export {record.name}"
            raise StorageError(str(error), fix=f"{error.fix} {again}") from error
        report = replace(report, record=store.mark_finished(record))
    parts.on_event(ProgressEvent("save", kept, kept, kept=kept, rejected=sum(record.rejected.values())))
    return replace(report, warnings=(*report.warnings, *mirror_finished(store, report.record, parts)))


def as_made(config: RunConfig, record: DatasetRecord, *, is_split: bool) -> RunConfig:
    """``config`` with the split that a stored dataset was made with, and its seed, for a version whose sides are known;
    ``is_split`` says whether it has any."""
    made_with = orjson.loads(record.config)
    own = {f"split.{key}": value for key, value in made_with.get("split", {}).items()}
    seed = made_with.get("system", {}).get("seed", config.system.seed)
    if is_split:
        own["split.enabled"] = True
    return with_values(config, {**own, "system.seed": seed})


def _publish(store: Store, record: DatasetRecord, folder: Path, config: RunConfig, documents: Documents) -> RunReport:
    """Write every file that ``config.output`` asks for, and remove what only the former version had.

    What takes long comes first: until all figures are known, every file is that of the former version.
    """
    described = describe_dataset(store, record)
    figures = measure(store, described, config.output, documents)
    files = publish_jsonl(store, record, folder)
    if config.output.include_csv or csv_path(folder, record.name).is_file():
        files |= publish_csv(store, record, folder)
    files |= publish_rejected(store, record, folder)
    files |= write_figures(figures, folder, record.name)
    warnings = _remove_former(folder, record, files.values()) if record.version > 1 else ()
    validation = described.counts.sides["validation"]
    splits: dict[SplitName, int] = {"train": record.total_samples - validation, "validation": validation}
    judged = dict(described.counts.judged)
    told = (*figures.warnings, *warnings)
    return RunReport(record, described.validation, splits, files, _examples(store, record), told, judged)


def _split(store: Store, record: DatasetRecord, config: RunConfig) -> Sides:
    """Everything is training data when splitting is off."""
    settings = config.split
    if not settings.enabled:
        return Sides(list(range(record.total_samples)), [])
    return split_samples(
        (split_key(row.sample) for row in store.arrivals(record.id)),
        ratio=settings.ratio,
        strategy=settings.strategy,
        weight_by=settings.weight_by,
        seed=config.system.seed,
        leak_threshold=settings.leak_threshold if settings.leakage_safe else None,
    )


def _with_split(config: str, settings: SplitConfig) -> str:
    """The stored configuration of a dataset with the split that was made."""
    values = {**orjson.loads(config), "split": settings.model_dump(mode="json")}
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()


def _remove_former(folder: Path, record: DatasetRecord, written: Iterable[Path]) -> tuple[str, ...]:
    """Remove the files that an export of the former version left and this one has not ``written``: they hold rows that
    are dropped now, or on the other side, and training on them would leak. Says which."""
    stale = sorted(set(files_of(folder, record.name)) - set(written))
    remove_files(stale)
    if not stale:
        return ()
    names = ", ".join(path.name for path in stale)
    return (f"Removed, as made of the version before: {names}. 'export {record.name}' writes such files again.",)


def _examples(store: Store, record: DatasetRecord) -> tuple[Sample, ...]:
    """Three samples to look at, of both origins and several sources where there are such among the first ones."""
    first = [row.sample for row in islice(store.side(record.id, "train"), _EXAMPLES_AMONG)]
    different: dict[tuple[str, str], Sample] = {}
    for sample in first:
        different.setdefault((sample.origin, sample.source_file), sample)
    chosen = list(different.values())[:EXAMPLES_SHOWN]
    rest = (sample for sample in first if sample not in chosen)
    return (*chosen, *islice(rest, EXAMPLES_SHOWN - len(chosen)))
