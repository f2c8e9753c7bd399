"""A file of an earlier run is replaced by rows, never by nothing."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from src.core.kept_file import holds_rows, keeping_writer, keeping_writers


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


def test_files_of_one_run_are_replaced_together_or_stay(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("a", "b", "c"))
    first.write_bytes(b"old\n")
    second.write_bytes(b"old\n")
    with keeping_writers([first, second, third]):
        pass
    assert [path.read_bytes() for path in (first, second, third)] == [b"old\n", b"old\n", b""]
    with keeping_writers([first, second, third]) as files:
        files[0].write(b"new\n")
    assert [path.read_bytes() for path in (first, second, third)] == [b"new\n", b"", b""]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]


def test_when_one_of_several_files_fails_all_stay(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"old\n")
    with pytest.raises(TypeError), keeping_writers([first, second]) as files:
        files[1].writelines([b"new\n", None])  # type: ignore[list-item]
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old\n"]
