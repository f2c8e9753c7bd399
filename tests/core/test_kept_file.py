"""A file of an earlier run is replaced by rows, never by nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.kept_file import holds_rows, keeping_writer


def test_rows_replace_an_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"old\n")
    with keeping_writer(path) as file:
        file.write(b"new\n")
    assert path.read_bytes() == b"new\n"


def test_nothing_leaves_an_earlier_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"old\n")
    with keeping_writer(path):
        pass
    assert path.read_bytes() == b"old\n"
    assert [one.name for one in tmp_path.iterdir()] == ["rows.jsonl"]
    assert holds_rows(path)


def test_without_an_earlier_file_an_empty_one_says_that_nothing_was_found(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with keeping_writer(path):
        pass
    assert path.read_bytes() == b""
    assert not holds_rows(path)
    with keeping_writer(path) as file:
        file.write(b"new\n")
    assert path.read_bytes() == b"new\n"


def test_what_fails_leaves_no_trace_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with pytest.raises(TypeError), keeping_writer(path) as file:
        file.writelines([b"new\n", None])  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []


def test_a_device_takes_what_there_is() -> None:
    with keeping_writer(Path("/dev/null")) as file:
        file.write(b"new\n")
    with keeping_writer(Path("/dev/null")):
        pass
