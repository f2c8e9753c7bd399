"""The program behind `make fuzz`: repeatable mutants, and a short run over our own documents."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from src.core.errors import InputFileError
from src.utils.reading.process import WorkerFailedError
from tests import fuzz_readers

HANDBOOK = Path(__file__).parents[1] / "input_files" / "pottery_studio_handbook.docx"


def test_the_same_seed_makes_the_same_mutants_and_another_seed_makes_others():
    data = HANDBOOK.read_bytes()
    first = [fuzz_readers.mutate(data, random.Random(7)) for _ in range(2)]
    assert first[0] == first[1]
    assert fuzz_readers.mutate(data, random.Random(8)) != first[0]


def test_a_broken_worker_is_a_fault_and_an_honest_refusal_is_none():
    assert "its reader broke" in fuzz_readers._fault(WorkerFailedError("a: its reader broke.", fix="x"))
    assert "no fix" in fuzz_readers._fault(InputFileError("a is odd."))
    assert not fuzz_readers._fault(InputFileError("a is damaged.", fix="Save it again."))


def test_damaged_samples_are_read_or_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(fuzz_readers, "FOLDERS", (HANDBOOK.parent,))
    assert fuzz_readers.main(["--count", "20"]) == 0
    assert "20 fine, 0 failed" in capsys.readouterr().out
