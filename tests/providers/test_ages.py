"""Entries that nobody has checked for a quarter of a year are named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from src.core.types import PROVIDER_NAMES
from src.providers.ages import MOST_DAYS, outdated_entries

NAMES = [name for name in PROVIDER_NAMES if name != "local"]


def test_what_was_checked_lately_is_not_named() -> None:
    assert outdated_entries(NAMES, date(2026, 11, 22)) == []


def test_models_writers_and_batches_grow_old() -> None:
    found = outdated_entries(["google"], date(2027, 11, 21))
    assert {entry.days for entry in found} == {365}
    assert {"gemini-3.5-flash", "gemini-3.8-flash", "batch API"} <= {entry.name for entry in found}
    assert all(entry.source for entry in found)


def test_the_day_counts_and_no_day_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    entry = "{id: own, title: Own, status: available, tunable: true, tokenizer: llama3}"
    (tmp_path / "models.local.yaml").write_text(f"llama: {{models: [{entry}]}}")
    assert [one.days for one in outdated_entries(["llama"], date(2026, 11, 21))] == [None]
    edge = date(2026, 11, 21).toordinal() + MOST_DAYS
    assert len(outdated_entries(["mistral"], date.fromordinal(edge))) == 0
    assert len(outdated_entries(["mistral"], date.fromordinal(edge + 1))) > 5
