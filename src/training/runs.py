"""What a training run has left: the adapter, and the base model that it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from src.core.errors import ConfigError
from src.training.outcome import ADAPTER, read_report


class TunedRun(NamedTuple):
    """A finished run: the name of its base model and the folder of its adapter."""

    base: str
    adapter: Path


def find_run(folder: Path) -> TunedRun:
    """The run whose ``--out`` was ``folder``, or whose adapter lies in it.

    The adapter may have been moved together with its report. Raises ConfigError where no adapter is there, DatasetError
    where its report cannot be read.
    """
    if (folder / "adapter_config.json").is_file():
        folder = folder.resolve().parent
    adapter = folder / ADAPTER
    if not (adapter / "adapter_config.json").is_file():
        raise ConfigError(
            f"{folder} holds no trained adapter.",
            fix="Name the --out folder of a training run that has ended; repeating 'train' goes on with one.",
        )
    return TunedRun(read_report(folder).settings.base, adapter)
