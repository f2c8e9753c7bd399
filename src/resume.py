"""Under which name and id a run goes: those of the unfinished run of the same configuration, or new ones; and when a
run has not begun at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import orjson

from src.core.author import author_of
from src.core.config import RunConfig
from src.core.config_schema import GenerationConfig
from src.core.errors import ConfigError, InputFileError
from src.core.types import DatasetRecord
from src.persistence.dataset_writer import DatasetWriter
from src.persistence.models import make_dataset_id, to_timestamp
from src.persistence.sqlite_client import Store

_FRESH = "fresh"
REFINED = "refined"


def record_of_run(
    config: RunConfig, store: Store, *, size: int, now: datetime, has_files: Callable[[str], bool], fresh: bool = False
) -> DatasetRecord:
    """The record to begin: of the run that was stopped where there is one, so that it goes on under its name. A
    ``fresh`` run is always a new one.

    ``size`` is the wished number of samples after the provider's cap; ``has_files`` says whether files of a name are
    there already.
    """
    config_hash = hash_config(config)
    resumed = None if fresh else store.unfinished(config_hash)
    name = resumed.name if resumed else _free_name(config.output_name, config_hash, store, has_files)
    record = _new_record(config, name, config_hash, resumed.created_at if resumed else now)
    return replace(record, requested=size, reason=resumed.reason if resumed else _FRESH if fresh else "")


def record_of_refinement(
    config: RunConfig,
    store: Store,
    parent: DatasetRecord,
    rounds: int,
    *,
    now: datetime,
    has_files: Callable[[str], bool],
) -> DatasetRecord:
    """The record to begin for refining ``parent``: that of the refinement that was stopped where there is one.

    ``config`` has the wished size and the wished name.
    """
    values = f"{hash_config(config)}\n{parent.id}\n{rounds}"
    config_hash = hashlib.sha256(values.encode()).hexdigest()
    resumed = store.unfinished(config_hash)
    name = resumed.name if resumed else _free_name(config.output_name, config_hash, store, has_files)
    record = _new_record(config, name, config_hash, resumed.created_at if resumed else now)
    return replace(record, parent=parent.id, reason=REFINED)


def _new_record(config: RunConfig, name: str, config_hash: str, created_at: datetime) -> DatasetRecord:
    return DatasetRecord(
        id=make_dataset_id(name, config_hash),
        name=name,
        provider=config.provider,
        model=config.model,
        mode=config.mode,
        created_at=created_at,
        config=dump_config(config),
        config_hash=config_hash,
        author=author_of(),
        requested=config.dataset_size,
    )


def _free_name(wanted: str, config_hash: str, store: Store, has_files: Callable[[str], bool]) -> str:
    """The first free name whose id is free too: a dataset that was renamed keeps the one that its first name gave."""
    return store.free_name(wanted, lambda name: has_files(name) or store.has_id(make_dataset_id(name, config_hash)))


@contextmanager
def begin_run(store: Store, record: DatasetRecord) -> Iterator[DatasetWriter]:
    """The dataset of ``record``, begun. Settings or documents that turn out to be wrong end a new one as if it had
    never been: its name stays free for the next attempt, which has other settings. What was stopped before is kept."""
    is_new = not store.has_id(record.id)
    dataset = store.begin(record)
    try:
        yield dataset
    except (ConfigError, InputFileError):
        if is_new:
            store.discard(dataset.record)
        raise


def journal_edition(record: DatasetRecord) -> str:
    """Whose answers a run takes from the journal: a fresh one only its own, also when it is resumed."""
    # the time too: a dataset that was deleted leaves its name, and so its id, to the next one
    return f"{record.id} {to_timestamp(record.created_at)}" if record.reason == _FRESH else ""


def dump_config(config: RunConfig) -> str:
    """The configuration as it is stored with a dataset."""
    return orjson.dumps(config.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS).decode()


# where a job is launched, how patiently a provider is called, what may be paid, or how a file is read, makes no other
# dataset: of generation, only who answers does
_MAKES_NO_OTHER: Final[Mapping[str, frozenset[str]]] = {
    "system": frozenset({"max_retries", "timeout"}),
    "input": frozenset({"file_seconds", "file_memory_mb", "cache_mb"}),
    "endpoints": frozenset(),
    "tuning": frozenset(),
    "generation": frozenset(GenerationConfig.model_fields) - {"teachers"},
}
"""Settings by section; none named: the whole section."""


def settings_of(record: DatasetRecord) -> dict[str, Any]:
    """The settings that a dataset was made with, without those that make no other one, and without its name."""
    return _that_count({key: value for key, value in orjson.loads(record.config).items() if key != "output_name"})


def _that_count(settings: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for section, value in settings.items():
        left_out = _MAKES_NO_OTHER.get(section)
        if left_out is None:
            kept[section] = value
        elif left_out:
            kept[section] = {key: own for key, own in value.items() if key not in left_out}
    return kept


def hash_config(config: RunConfig) -> str:
    """Equal for configurations that make the same dataset."""
    values = _that_count(config.model_dump(mode="json"))
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()
