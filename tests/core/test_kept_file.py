"""A file of an earlier run is replaced by rows, never by nothing."""

from __future__ import annotations

import os
import threading
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


@pytest.mark.skipif(os.name == "nt", reason="named pipes are POSIX")
@pytest.mark.parametrize("rows", [b"new\n", b""])
def test_a_pipe_takes_what_there_is(tmp_path: Path, rows: bytes) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with keeping_writer(pipe) as file:
        file.write(rows)
    reader.join()
    assert read == [rows]
    assert pipe.is_fifo()
