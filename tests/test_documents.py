"""The documents of a run: limits from the configuration, progress in bytes, losses by name."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from pypdf import PdfWriter

from src.core.config import RunConfig, with_values
from src.core.errors import InputFileError
from src.core.types import ProgressEvent
from src.core.workspace import Workspace
from src.documents import open_reader, read_folder

SAMPLES = Path(__file__).parents[1] / "input_files"


def test_progress_counts_the_bytes_of_all_files_and_names_what_is_skipped(workspace: Workspace) -> None:
    inbox = workspace.root / "input_files"
    for name in ("sourdough_guide.md", "seed_library_faq.csv"):
        shutil.copy(SAMPLES / name, inbox)
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    events: list[ProgressEvent] = []
    documents = read_folder(RunConfig(), workspace, events.append)
    total = sum(path.stat().st_size for path in inbox.iterdir())
    assert {(event.unit, event.total) for event in events} == {("bytes", total)}
    assert (events[-1].done, events[-1].kept, events[-1].rejected) == (total, 2, 1)
    assert [event.note.partition(":")[0] for event in events if event.note] == ["broken.pdf skipped"]
    assert [document.name for document in documents.documents] == ["seed_library_faq.csv", "sourdough_guide.md"]
    assert documents.warnings[0].startswith("broken.pdf skipped: it is no readable PDF")


def test_languages_of_ocr_come_from_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = PdfWriter()
    writer.add_blank_page(60, 40)
    writer.write(tmp_path / "scan.pdf")
    program = tmp_path / "ocrmypdf"
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.exit(f'languages {{sys.argv[2]}}')\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        open_reader(with_values(RunConfig(), {"input.ocr": "eng+ces"})) as reader,
        pytest.raises(InputFileError, match=r"languages eng\+ces"),
    ):
        reader.read(tmp_path / "scan.pdf")
    with (
        open_reader(with_values(RunConfig(), {"input.ocr": ""})) as reader,
        pytest.raises(InputFileError, match="no text layer"),
    ):
        reader.read(tmp_path / "scan.pdf")
