"""JSONL: strict reading line by line, and files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import InputFileError, StorageError
from src.core.jsonl import atomic_writer, dump_line, read_rows, storage_error, write_jsonl
from src.core.workspace import PROGRAM_ROOT


def test_rows_come_with_line_numbers_and_every_bad_line_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\n\n[1]\n{"a": NaN}\n{"b": "\xc3\xa9"}')
    rows = list(read_rows(path))
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert rows[0].value == {"a": 1}
    assert [bool(row.error) for row in rows] == [False, True, True, True, False]
    assert rows[4].value == {"b": "é"}


def test_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="cannot be read"):
        list(read_rows(tmp_path / "none.jsonl"))


def test_what_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        dump_line({"text": "\ud800"})


def test_written_rows_come_back(tmp_path: Path) -> None:
    rows = [{"n": number} for number in range(3)]
    assert write_jsonl(tmp_path / "deep" / "rows.jsonl", rows) == 3
    assert [row.value for row in read_rows(tmp_path / "deep" / "rows.jsonl")] == rows


def test_failure_midway_leaves_the_old_file_and_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    write_jsonl(path, [{"old": True}])

    def broken() -> Iterator[dict[str, bool]]:
        yield {"new": True}
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError):
        write_jsonl(path, broken())
    assert [row.value for row in read_rows(path)] == [{"old": True}]
    assert os.listdir(tmp_path) == ["rows.jsonl"]


def test_place_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StorageError) as caught, atomic_writer(tmp_path / "file" / "rows.jsonl"):
        pass
    assert caught.value.fix


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.ENAMETOOLONG, errno.EIO]
)
def test_every_failed_write_has_a_fix(tmp_path: Path, number: int) -> None:
    error = storage_error(tmp_path / "x", OSError(number, os.strerror(number)))
    assert str(tmp_path / "x") in str(error)
    assert error.fix


def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "rows.jsonl"
    write_jsonl(kept, [{"old": True}])
    link = tmp_path / "link.jsonl"
    link.symlink_to(kept)
    write_jsonl(link, [{"new": True}])
    assert link.is_symlink()
    assert [row.value for row in read_rows(kept)] == [{"new": True}]
    assert sorted(os.listdir(tmp_path)) == ["kept", "link.jsonl"]


@pytest.mark.skipif(os.name == "nt", reason="named pipes are POSIX")
def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_jsonl(pipe, [{"n": 1}])
    reader.join()
    assert read == [b'{"n":1}\n']
    assert pipe.is_fifo()


def test_a_writer_that_is_never_left_leaves_no_trace_at_the_end_of_the_process(tmp_path: Path) -> None:
    code = (
        "import sys, threading, time; from pathlib import Path; from src.core.jsonl import atomic_writer\n"
        "writer = atomic_writer(Path(sys.argv[1]))\nwriter.__enter__().write(b'x')\n"
        "threading.Thread(target=lambda _: time.sleep(600), args=(writer,), daemon=True).start()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "rows.jsonl")], cwd=PROGRAM_ROOT, check=True)
    assert not os.listdir(tmp_path)
