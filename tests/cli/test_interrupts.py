"""Ctrl-C in the middle of an import waits for its end, anywhere else it acts at once; SIGTERM ends in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
# the signal arrives from within the import of a module, as when a person is impatient with a menu item
LOADED = """
import signal
signal.raise_signal(signal.SIGINT)
steps = ["begun"]
try:
    exec("steps.append('done')")
except KeyboardInterrupt:
    steps.append("torn")
"""


def run_interrupted(folder: Path, body: str, *, ignored: bool = False) -> subprocess.CompletedProcess[str]:
    (folder / "loaded_late.py").write_text(LOADED, encoding="utf-8")
    program = f"""
import signal, sys, time
sys.path[:0] = [{str(ROOT)!r}, {str(folder)!r}]
signal.signal(signal.SIGINT, signal.SIG_IGN if {ignored} else signal.default_int_handler)
from src.cli.interrupts import interrupt_between_loads

from tests.patience import PATIENCE_S
interrupt_between_loads()
try:
{body}
    print("went on")
except KeyboardInterrupt:
    print("interrupted", sys.modules["loaded_late"].steps if "loaded_late" in sys.modules else "")
"""
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


def test_an_import_is_finished_before_the_interrupt_is_raised(tmp_path):
    done = run_interrupted(tmp_path, "    import loaded_late\n    time.sleep(20)")
    assert (done.stdout, done.stderr, done.returncode) == ("interrupted ['begun', 'done']\n", "", 0)


def test_outside_of_imports_the_interrupt_is_raised_at_once(tmp_path):
    done = run_interrupted(tmp_path, "    signal.raise_signal(signal.SIGINT)")
    assert done.stdout == "interrupted \n"


@pytest.mark.skipif(sys.platform == "win32", reason="SIG_IGN is inherited on POSIX only")
def test_where_interrupts_are_ignored_they_stay_ignored(tmp_path):
    done = run_interrupted(tmp_path, "    signal.raise_signal(signal.SIGINT)", ignored=True)
    assert done.stdout == "went on\n"


ENDED = """
import signal, sys, time
from pathlib import Path
from src.core.jsonl import write_jsonl
import src.main

def rows():
    yield {"n": 1}
    signal.raise_signal(signal.SIGTERM)
    time.sleep(60)

src.main.run = lambda arguments: write_jsonl(Path("rows.jsonl"), rows())
src.main.program()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process outright there")
def test_a_process_that_is_told_to_end_leaves_nothing_behind(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", ENDED],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 128 + signal.SIGTERM
    assert "told to end" in done.stderr
    assert not os.listdir(tmp_path)
