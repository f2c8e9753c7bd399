"""What can be done with datasets that are stored: split anew, export again, describe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import orjson

from src.core.config import RunConfig
from src.core.types import ModelLimits, ProviderName, RunReport, TokenCount, Usage, ValidationReport
from src.persistence.backup import backup_database
from src.persistence.exporters import write_json
from src.persistence.models import DatasetRecord, StoredSample
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store
from src.pipeline import Parts
from src.providers import limits
from src.publish import (
    make_facts,
    make_report,
    publish_csv,
    publish_dataset,
    publish_jsonl,
    publish_rejected,
    sides_of,
    split_as_configured,
    stats_path,
)
from src.reports.statistics import RunFacts, build_statistics
from src.utils.token_counter import TokenCounter


def resplit(config: RunConfig, parts: Parts, name: str) -> RunReport:
    """Divide a stored dataset anew by ``config.split`` and write its files again. Raises DatasetError, and
    StorageError when another run is writing."""
    workspace = parts.workspace
    folder = workspace.output_datasets
    with hold_run_lock(workspace.run_lock), Store(workspace.database, clock=parts.clock) as store:
        record = store.find(name)
        # only now: a wrong name must not push an older backup out
        backup_database(workspace.database, workspace.backups, now=parts.clock())
        stored = tuple(store.samples(record.id))
        samples = [row.sample for row in stored]
        splits = split_as_configured(samples, config.split, config.system.seed, _target(record))
        sides = sides_of(splits, enabled=config.split.enabled)
        store.set_splits(record.id, {sample.id: side for sample, side in sides})
        validation = check_stored(record, stored)
        run = earlier_run(folder, record)
        facts = make_facts(record, validation, splits.warnings, samples)
        files = publish_dataset(store, record, folder, config, facts, run)
    return make_report(record, splits, files, validation, splits.warnings, run)


def export_stored(
    config: RunConfig, parts: Parts, name: str, *, jsonl: bool = True, csv: bool = True
) -> dict[str, Path]:
    """Write the files of a stored dataset again, in the format of its provider; ``jsonl`` also means the rejected rows
    and, where ``config.output`` wants them, the statistics. Raises DatasetError, and StorageError when another run is
    writing."""
    folder = parts.workspace.output_datasets
    with hold_run_lock(parts.workspace.run_lock), Store(parts.workspace.database) as store:
        record = store.find(name)
        files: dict[str, Path] = publish_jsonl(store, record, folder) if jsonl else {}
        if jsonl:
            files |= publish_rejected(store, record, folder)
        if csv:
            files["csv"] = publish_csv(store, record, folder)
        if config.output.include_stats and jsonl:
            files["stats"] = stats_path(folder, record.name)
            write_json(files["stats"], _statistics(parts, store, record))
    return files


def stored_statistics(parts: Parts, name: str) -> dict[str, Any]:
    """The statistics of a stored dataset, as its statistics file has them. Raises DatasetError."""
    with Store(parts.workspace.database) as store:
        return _statistics(parts, store, store.find(name))


def check_stored(record: DatasetRecord, stored: Sequence[StoredSample]) -> ValidationReport:
    """What the provider would say of a stored dataset; tokens are not counted again."""
    target = _target(record)
    exact = TokenCounter(target.tokenizer).exact
    tokens = {row.sample.id: TokenCount(row.token_length, exact) for row in stored}
    return limits.check_dataset((row.sample for row in stored), target, lambda sample: tokens[sample.id])


def earlier_run(folder: Path, record: DatasetRecord) -> RunFacts:
    """What the statistics file of a dataset says of the run that made it; little when there is no such file."""
    run = _earlier_statistics(folder, record).get("run", {})
    created = run.get("created_at")
    tokens = (run.get("input_tokens"), run.get("output_tokens"))
    return RunFacts(
        name=record.name,
        dataset_id=record.id,
        created_at=datetime.fromisoformat(created) if created else record.created_at,
        seconds=run.get("seconds"),
        writer=run.get("writer", ""),
        usage=Usage(*tokens) if None not in tokens else None,
        cost_usd=run.get("cost_usd"),
        calls=run.get("calls"),
        cached_calls=run.get("cached_calls"),
    )


def _statistics(parts: Parts, store: Store, record: DatasetRecord) -> dict[str, Any]:
    folder = parts.workspace.output_datasets
    stored = tuple(store.samples(record.id))
    warnings = _earlier_statistics(folder, record).get("warnings", [])
    facts = make_facts(record, check_stored(record, stored), warnings, [row.sample for row in stored])
    return build_statistics(stored, facts, earlier_run(folder, record))


def _earlier_statistics(folder: Path, record: DatasetRecord) -> Mapping[str, Any]:
    try:
        found = orjson.loads(stats_path(folder, record.name).read_bytes())
        same = found["run"]["dataset_id"] == record.id
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return {}
    return found if same else {}


def _target(record: DatasetRecord) -> ModelLimits:
    return limits.find_model(cast("ProviderName", record.provider), record.model)
