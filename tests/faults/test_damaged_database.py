"""A database with damaged pages: every command says so with the way back, or does its work; none ends in a defect."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from src.main import main
from src.persistence.backup import backup_database, list_backups
from tests.cli.driver import dataset_with

READING = (
    ("datasets",),
    ("datasets", "show", "my_dataset"),
    ("stats",),
    ("export", "my_dataset"),
    ("split", "my_dataset"),
    ("compare", "my_dataset", "another"),
    ("estimate", "my_dataset"),
    ("score", "my_dataset"),
    ("datasets", "drop", "my_dataset", "0000"),
    ("datasets", "backups"),
)


@pytest.fixture
def stored(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with a dataset, whose log is folded into the file, and a backup of it."""
    dataset_with(workspace)
    with closing(sqlite3.connect(workspace.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    backup_database(workspace.database, workspace.backups)
    monkeypatch.chdir(workspace.root)
    return workspace


def damage(path: Path, page: int, data: bytes) -> None:
    """Write ``data`` over the beginning of a page, numbered from 0."""
    with closing(sqlite3.connect(path)) as db:
        size = db.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek(page * size)
        file.write(data[:size])


def pages_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        count: int = db.execute("PRAGMA page_count").fetchone()[0]
    return count


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_command_that_meets_a_damaged_page_names_the_way_back(
    stored: Workspace, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    for page in range(1, pages_of(stored.database)):
        damage(stored.database, page, b"\xff" * 65536)
    main(list(arguments))
    said = capsys.readouterr()
    assert "defect" not in said.err
    assert arguments[-1] == "backups" or "datasets restore" in said.err


def test_no_damage_of_any_page_shows_as_a_defect(stored: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    sound = stored.root / "sound.db"
    shutil.copy(stored.database, sound)
    generator = random.Random(3)
    kinds = (bytes(4096), b"\xff" * 64, generator.randbytes(4096), b"\x80\xfe" * 2048)
    ends = set()
    for page in range(pages_of(sound)):
        for suffix in ("-wal", "-shm"):
            stored.database.with_name(f"{stored.database.name}{suffix}").unlink(missing_ok=True)
        shutil.copy(sound, stored.database)
        damage_raw(stored.database, page, kinds[page % len(kinds)])
        ends.add(main(["export", "my_dataset", "--jsonl"]))
        said = capsys.readouterr().err
        assert "defect" not in said, (page, said)
        assert "fix:" in said or "error:" not in said
    assert ends == {0, 1}


def damage_raw(path: Path, page: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(page * 4096 + (100 if page == 0 else 0))
        file.write(data[: 4096 - 100])


def test_backup_made_before_the_damage_brings_everything_back(
    stored: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    for page in range(1, pages_of(stored.database)):
        damage(stored.database, page, b"\xff" * 65536)
    backup = list_backups(stored.backups)[0].path.name
    assert main(["datasets", "restore", backup, "--yes"]) == 0
    assert main(["export", "my_dataset"]) == 0
    assert "error:" not in capsys.readouterr().err
    assert list(stored.backups.glob("*.corrupt-*"))
