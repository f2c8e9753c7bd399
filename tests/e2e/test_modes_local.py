"""Every mode with the real embedded model: no key, no network, a whole dataset."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from src.core.config import RunConfig, with_values
from src.core.secrets import Secrets
from src.core.workspace import Workspace
from src.pipeline import Parts, build_dataset

SAMPLES = Path(__file__).parents[2] / "input_files"


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["create", "identify", "hybrid", "free"])
def test_every_mode_runs_end_to_end_with_the_embedded_model(workspace: Workspace, mode: str) -> None:
    for path in SAMPLES.iterdir():
        shutil.copy(path, workspace.root / "input_files")
    config = with_values(RunConfig(), {"mode": mode, "dataset_size": 4, "system.agentic_llm": "local"})
    report = build_dataset(config, Parts(workspace, Secrets({})))
    assert report.record.total_samples == 4
    stats = json.loads(report.files["stats"].read_text(encoding="utf-8"))
    assert ("quality" in stats) == (mode != "identify")
    assert any("demo quality" in warning for warning in report.record.run.warnings) == (mode != "identify")
