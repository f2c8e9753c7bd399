"""The nouns of the pipeline: identity by content, spans that point into the text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from src.core.types import Message, Section, SourceDocument, Span
from src.core.workspace import Workspace
from tests.fakes import make_sample


def test_id_depends_on_content_alone() -> None:
    sample = make_sample()
    assert sample.id == replace(sample, source_file="other.txt", metadata={"x": 1}).id
    assert sample.id != make_sample(answer="Another answer.").id
    pointed = replace(sample, messages=tuple(replace(turn, pieces=(Span(0, 3),)) for turn in sample.messages))
    assert sample.id == pointed.id


def test_roles_are_part_of_the_identity() -> None:
    sample = make_sample()
    swapped = replace(sample, messages=(Message("assistant", "a"), Message("user", "b")))
    assert swapped.id != replace(sample, messages=(Message("user", "a"), Message("assistant", "b"))).id


def test_document_locates_positions_in_its_sections() -> None:
    document = SourceDocument(Path("a.txt"), "a.txt", (Section("one\n", "page 1"), Section("two\n", "page 2")), "hash")
    assert document.text == "one\ntwo\n"
    assert [document.locate(position) for position in (0, 3, 4, 7, 8)] == ["page 1", "page 1", "page 2", "page 2", ""]


def test_workspace_places_follow_its_root(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.config_file == tmp_path / "config.yaml"
    assert workspace.database == tmp_path / "memory" / "dataset_builder.db"
    assert workspace.env_file.parent == workspace.prompts.parent == workspace.output_datasets.parent == tmp_path
    assert workspace.backups.parent == workspace.log_file.parent == tmp_path / "memory"
