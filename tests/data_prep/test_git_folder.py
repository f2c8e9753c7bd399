"""The folder that git works in: gone with its owner, and after a killed one with the next."""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from src.data_prep.git_folder import EmptyGitFolder, remove_abandoned
from tests.cli.driver import ROOT, bare_environment

_HOLDS = """
import sys
from pathlib import Path
from src.data_prep.git_folder import EmptyGitFolder
folder = EmptyGitFolder("sha1", Path("none"))
print(folder.path.name, flush=True)
sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_goes_with_its_owner(shared: Path) -> None:
    folder = EmptyGitFolder("sha1", shared / "none")
    assert (folder.path / "HEAD").is_file()
    del folder
    gc.collect()
    assert not list(shared.iterdir())


def test_the_folder_of_a_killed_process_goes_and_that_of_a_living_one_stays(shared: Path) -> None:
    mine = EmptyGitFolder("sha1", shared / "none")
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS],
        cwd=ROOT,
        env=bare_environment(ROOT) | {"TMPDIR": str(shared), "TEMP": str(shared), "TMP": str(shared)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        theirs = shared / process.stdout.readline().strip()
        remove_abandoned()
        assert (theirs / "config").is_file()
        process.kill()
    assert theirs.is_dir()
    remove_abandoned()
    assert not theirs.exists()
    assert (mine.path / "config").is_file()


def test_what_others_have_put_there_is_left_alone(shared: Path) -> None:
    (shared / "elsewhere").mkdir()
    (shared / "elsewhere" / "in-use").touch()
    (shared / "git-reading-without-lock").mkdir()
    (shared / "git-reading-file").touch()
    try:
        (shared / "git-reading-link").symlink_to(shared / "elsewhere", target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    before = sorted(shared.rglob("*"))
    remove_abandoned()
    assert sorted(shared.rglob("*")) == before
