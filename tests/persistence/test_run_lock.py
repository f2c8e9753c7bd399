"""One writing run at a time, and nothing to clean up after a killed one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from src.core.errors import StorageError
from src.persistence.run_lock import hold_run_lock
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from src.persistence.run_lock import hold_run_lock
with hold_run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def start_holder(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, str(path)]
    holder = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_second_run_is_refused_and_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "memory" / "run.lock"
    with start_holder(path) as holder:
        with (
            pytest.raises(StorageError, match=rf"Another run is writing .*process {holder.pid}") as caught,
            hold_run_lock(path),
        ):
            pytest.fail("the lock was given twice")
        holder.communicate("")
    assert "end it" in caught.value.fix
    with hold_run_lock(path):
        pass


def test_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with start_holder(path) as holder:
        holder.kill()
        holder.wait(timeout=PATIENCE_S)
    with hold_run_lock(path):
        assert path.exists()


def test_lock_is_free_again_after_an_error_inside(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with pytest.raises(ValueError, match="inside"), hold_run_lock(path):
        raise ValueError("inside")
    with hold_run_lock(path):
        pass
    assert path.read_bytes() == b""


def test_second_time_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with hold_run_lock(path), pytest.raises(StorageError, match="Another run"), hold_run_lock(path):
        pytest.fail("the lock was given twice")


def test_place_that_cannot_hold_a_lock_file_is_an_error_with_a_fix(tmp_path: Path) -> None:
    (tmp_path / "memory").write_text("a file", encoding="utf-8")
    with pytest.raises(StorageError) as caught, hold_run_lock(tmp_path / "memory" / "run.lock"):
        pytest.fail("there is no such folder")
    assert "rename" in caught.value.fix.lower()
