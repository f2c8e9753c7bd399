"""From stored samples to what the user holds: the split, and files that are made from what SQLite stores."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, cast

import orjson

from src.agents.base_agent import read_passages
from src.core.config import OutputConfig, RunConfig, SplitConfig, with_values
from src.core.errors import StorageError
from src.core.jsonl import dump_line, storage_error
from src.core.parts import Parts
from src.core.types import (
    QUALITY_SCORE,
    REJECTED,
    DatasetRecord,
    Message,
    ModelLimits,
    ProgressEvent,
    ProviderName,
    RunReport,
    Sample,
    SplitName,
    TokenCount,
    ValidationReport,
)
from src.dataset_files import SIDES, csv_path, files_of, report_path, stats_path
from src.persistence.exporters import (
    export_jsonl,
    export_lines,
    jsonl_path,
    write_csv,
    write_json,
    write_rejected,
    write_text,
)
from src.persistence.former_files import former_kept
from src.persistence.mirror import mirror_finished
from src.persistence.models import StoredSample
from src.persistence.sqlite_client import Store
from src.providers import limits, load_provider
from src.providers.lookup import find_model
from src.providers.training_rows import has_preference_rows
from src.reports.metrics.quality import describe_quality, measure_quality
from src.reports.metrics.sources import Documents
from src.reports.pages.dataset_page import first_of_each_reason, report_page
from src.reports.statistics import build_statistics
from src.reports.tally import Tally
from src.utils.descriptions import bring_up_to_date
from src.utils.formatter import LineFormatter, format_lines
from src.utils.sample_groups import split_key
from src.utils.splitter import Sides, split_samples
from src.utils.token_counter import is_vendored

EXAMPLES_SHOWN = 3
_EXAMPLES_AMONG = 500
PREFERENCE_SIDES = tuple(f"{side}_preference" for side in SIDES)


class Described(NamedTuple):
    """A stored dataset in figures, and what its provider would say of it."""

    record: DatasetRecord
    counts: Tally
    validation: ValidationReport


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
    target = _target(record)
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


def publish_jsonl(store: Store, record: DatasetRecord, folder: Path) -> dict[str, Path]:
    """Write one JSONL per side that has samples, in the format of the dataset's provider, and beside it one with the
    preference pairs among them: these also stand in the first, with their better answer, which is trained on before.

    A file that an earlier split of the same dataset left for a side that is empty now is removed: its rows stand in
    the other file, and validating on them would leak.
    """
    has_pairs = has_preference_rows(_target(record).formats)
    written = export_lines(folder, record.name, _training_lines(store, record, has_pairs=has_pairs))
    remove_unwritten(folder, record.name, (*SIDES, *(PREFERENCE_SIDES if has_pairs else ())), written)
    return {side: written[side] for side in (*SIDES, *PREFERENCE_SIDES) if side in written}


def publish_scored(store: Store, record: DatasetRecord, folder: Path, least: float) -> dict[str, Path]:
    """Write the samples that score ``least`` or more, in the format of the dataset's provider, beside its whole files:
    ``<name>_train_score_<least>.jsonl``. A sample without a score is left out."""

    def is_good(sample: Sample) -> bool:
        score = sample.metadata.get(QUALITY_SCORE)
        return isinstance(score, int | float) and score >= least

    sides = {f"{side}_score_{least:g}": _scored_lines(store, record, side, is_good) for side in SIDES}
    written = export_jsonl(folder, record.name, sides)
    remove_unwritten(folder, record.name, sides, written)
    return written


def remove_unwritten(folder: Path, name: str, sides: Iterable[str], written: Container[str]) -> None:
    """Remove the files of those ``sides`` that have no rows now. Raises StorageError."""
    _remove(jsonl_path(folder, name, side) for side in sides if side not in written)


def publish_csv(store: Store, record: DatasetRecord, folder: Path) -> dict[str, Path]:
    """Write ``<name>.csv`` with one line per sample."""
    path = csv_path(folder, record.name)
    write_csv(path, store.samples(record.id))
    return {"csv": path}


def publish_rejected(store: Store, record: DatasetRecord, folder: Path) -> dict[str, Path]:
    """Write ``<name>_rejected.jsonl``, one line per rejected row with its reason; no file when there is none,
    and an earlier one is removed then."""
    path = jsonl_path(folder, record.name, "rejected")
    if write_rejected(path, store.rejections(record.id)):
        return {"rejected": path}
    _remove([path])
    return {}


def publish_figures(
    store: Store, described: Described, folder: Path, settings: OutputConfig, documents: Documents
) -> dict[str, Path]:
    """Write ``<name>_stats.json`` and ``<name>_report.html``, as far as ``settings`` wants them; only then is the
    quality of the dataset measured."""
    return _write_figures(_measure(store, described, settings, documents), folder, described.record.name)


class _Figures(NamedTuple):
    """What is to be written of a dataset's figures; None where it is not wanted."""

    statistics: Mapping[str, Any] | None = None
    page: str | None = None


def _measure(store: Store, described: Described, settings: OutputConfig, documents: Documents) -> _Figures:
    if not (settings.include_stats or settings.include_report):
        return _Figures()
    record = described.record
    quality = measure_quality(partial(store.samples, record.id), documents, lambda document: read_passages([document]))
    statistics = build_statistics(*described, describe_quality(quality))
    page = None
    if settings.include_report:
        page = report_page(statistics, described.counts, quality, first_of_each_reason(store.rejections(record.id)))
    return _Figures(statistics if settings.include_stats else None, page)


def _write_figures(figures: _Figures, folder: Path, name: str) -> dict[str, Path]:
    files: dict[str, Path] = {}
    if figures.statistics is not None:
        files["stats"] = stats_path(folder, name)
        write_json(files["stats"], figures.statistics)
    if figures.page is not None:
        files["report"] = report_path(folder, name)
        write_text(files["report"], figures.page)
    return files


def as_made(config: RunConfig, record: DatasetRecord, *, is_split: bool) -> RunConfig:
    """``config`` with the split that a stored dataset was made with, and its seed, for a version whose sides are known;
    ``is_split`` says whether it has any."""
    made_with = orjson.loads(record.config)
    own = {f"split.{key}": value for key, value in made_with.get("split", {}).items()}
    seed = made_with.get("system", {}).get("seed", config.system.seed)
    if is_split:
        own["split.enabled"] = True
    return with_values(config, {**own, "system.seed": seed})


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


def _publish(store: Store, record: DatasetRecord, folder: Path, config: RunConfig, documents: Documents) -> RunReport:
    """Write every file that ``config.output`` asks for, and remove what only the former version had.

    What takes long comes first: until all figures are known, every file is that of the former version.
    """
    described = describe_dataset(store, record)
    figures = _measure(store, described, config.output, documents)
    files = publish_jsonl(store, record, folder)
    if config.output.include_csv or csv_path(folder, record.name).is_file():
        files |= publish_csv(store, record, folder)
    files |= publish_rejected(store, record, folder)
    files |= _write_figures(figures, folder, record.name)
    warnings = _remove_former(folder, record, files.values()) if record.version > 1 else ()
    validation = described.counts.sides["validation"]
    splits: dict[SplitName, int] = {"train": record.total_samples - validation, "validation": validation}
    return RunReport(record, described.validation, splits, files, _examples(store, record), warnings)


def _remove_former(folder: Path, record: DatasetRecord, written: Iterable[Path]) -> tuple[str, ...]:
    """Remove the files that an export of the former version left and this one has not ``written``: they hold rows that
    are dropped now, or on the other side, and training on them would leak. Says which."""
    stale = sorted(set(files_of(folder, record.name)) - set(written))
    _remove(stale)
    if not stale:
        return ()
    names = ", ".join(path.name for path in stale)
    return (f"Removed, as made of the version before: {names}. 'export {record.name}' writes such files again.",)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(path, error) from error


def _training_lines(store: Store, record: DatasetRecord, *, has_pairs: bool) -> Iterator[tuple[str, bytes]]:
    """Every line of every side, in one pass over the database."""
    provider = load_provider(cast("ProviderName", record.provider))(model=record.model)
    formatter = LineFormatter(provider)
    for roles, texts, side, worse in store.turns(record.id):
        yield side, formatter.line(roles, texts)
        if has_pairs and worse:
            pair = Sample(tuple(map(Message, roles, texts)), origin="generated", metadata={REJECTED: worse})
            yield f"{side}_preference", dump_line(provider.format_preference(pair))


def _scored_lines(
    store: Store, record: DatasetRecord, side: SplitName, wanted: Callable[[Sample], bool]
) -> Iterator[dict[str, Any]]:
    provider = load_provider(cast("ProviderName", record.provider))(model=record.model)
    samples = (row.sample for row in store.side(record.id, side))
    yield from format_lines(filter(wanted, samples), provider)


def _examples(store: Store, record: DatasetRecord) -> tuple[Sample, ...]:
    """Three samples to look at, of both origins and several sources where there are such among the first ones."""
    first = [row.sample for row in islice(store.side(record.id, "train"), _EXAMPLES_AMONG)]
    different: dict[tuple[str, str], Sample] = {}
    for sample in first:
        different.setdefault((sample.origin, sample.source_file), sample)
    chosen = list(different.values())[:EXAMPLES_SHOWN]
    rest = (sample for sample in first if sample not in chosen)
    return (*chosen, *islice(rest, EXAMPLES_SHOWN - len(chosen)))


def _target(record: DatasetRecord) -> ModelLimits:
    return find_model(cast("ProviderName", record.provider), record.model)
