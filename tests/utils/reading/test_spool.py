"""Texts on disk: what is written comes back, and damage is noticed."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.errors import InputFileError
from src.core.types import Field, Section, Span
from src.utils.reading import spool
from src.utils.reading.spool import DamagedSpoolError, Spool, Summary, text_size, write_sections, write_summary

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)
SECTIONS = st.builds(
    Section,
    TEXT,
    TEXT,
    st.sampled_from(["text", "heading", "row", "turn", "record"]),
    st.integers(0, 6),
    st.lists(st.builds(Field, TEXT, st.builds(Span, st.integers(0, 9), st.integers(0, 9))), max_size=2).map(tuple),
)


def write(folder: Path, sections: list[Section], source: Path | None = None) -> Spool:
    source = source or folder / "source.txt"
    source.touch()
    write_summary(folder, write_sections(folder, sections, source))
    return Spool(folder)


@given(st.lists(SECTIONS, max_size=8))
def test_what_is_written_comes_back(sections):
    with tempfile.TemporaryDirectory() as folder:
        found = write(Path(folder), sections)
        assert list(found.sections()) == sections
        text = "".join(section.text for section in sections)
        assert found.text_file.read_bytes().decode() == text
        assert found.summary == Summary(hashlib.sha256(text.encode()).hexdigest(), len(sections), len(text))


def test_many_sections_are_written_in_batches(tmp_path):
    sections = [Section(f"číslo {number}\n", f"line {number}") for number in range(1234)]
    found = write(tmp_path, sections)
    assert list(found.sections()) == sections
    assert text_size(tmp_path) == found.text_file.stat().st_size


def test_a_document_carries_its_name_and_its_warnings(tmp_path):
    source = tmp_path / "a.txt"
    source.touch()
    summary = replace(write_sections(tmp_path, [Section("words\n")], source), warnings=("odd",))
    write_summary(tmp_path, summary)
    document = Spool(tmp_path).document(source, "inner/a.txt")
    assert (document.name, document.text, document.warnings) == ("inner/a.txt", "words\n", ("odd",))
    assert document.sha256 == hashlib.sha256(b"words\n").hexdigest()


@pytest.mark.parametrize("part", ["text.txt", "sections.jsonl", "summary.json"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_damage_is_noticed(tmp_path, part, damage):
    write(tmp_path, [Section("some words\n", "line 1"), Section("more words\n", "line 2")])
    content = (tmp_path / part).read_bytes()
    if damage == "gone":
        (tmp_path / part).unlink()
    else:
        (tmp_path / part).write_bytes(content[: len(content) // 2] if damage == "cut" else b"\xff" + content[1:])
    with pytest.raises(DamagedSpoolError):
        list(Spool(tmp_path).sections())


def test_far_more_text_than_a_file_of_its_size_holds_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "_MAX_TEXT_BYTES", 1000)
    with pytest.raises(InputFileError, match=r"source\.txt holds more than"):
        write(tmp_path, [Section("x" * 2000)])
