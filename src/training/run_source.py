"""Which rows a training run was made with: their digests, and where they were from as far as the run says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from src.training.checkpoints import run_facts
from src.training.outcome import REPORT_FILE
from src.training.settings import Row, TrainSettings

_RUN_FILE = "run.json"


class RunSource(NamedTuple):
    """``dataset`` and ``held_out_from`` are names or paths as the run noted them; "" for what it did not note."""

    dataset: str = ""
    held_out_from: str = ""
    rows: str = ""
    """The digest of the rows that were trained on."""
    held_out: str = ""
    """The digest of the rows that were held out."""

    @property
    def held_nothing_out(self) -> bool:
        return self.held_out == _digest(())

    def held_these_out(self, rows: Sequence[Row]) -> bool:
        """Whether the run measured itself on just these rows; a run without digests may have."""
        return bool(rows) and self.held_out in {"", _digest(rows)}


def read_source(run: Path) -> RunSource:
    """What the files in ``run`` say; an older run says less."""
    report, begun = _facts(run / REPORT_FILE), _facts(run / _RUN_FILE)
    return RunSource(
        *(str(report.get(name) or begun.get(name) or "") for name in ("dataset", "held_out_from")),
        *(str(begun.get(name) or "") for name in ("rows", "held-out rows")),
    )


def _digest(rows: Sequence[Row]) -> str:
    return str(run_facts(TrainSettings(), (), rows)["held-out rows"])


def _facts(path: Path) -> dict[str, Any]:
    """An object of JSON; empty where there is none, for neither file is needed to evaluate a run."""
    try:
        facts = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}
