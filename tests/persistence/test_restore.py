"""Backups brought back without losing the present."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from datetime import timedelta

import pytest

from src.core.errors import StorageError
from src.persistence.backup import backup_database, preview_restore
from src.persistence.migrations import LATEST
from src.persistence.restore import restore_backup
from tests.patience import PATIENCE_S
from tests.persistence.rows import NOON, damage, fill, names_in, names_of


def test_a_restore_brings_the_backup_back_and_keeps_the_present(db, folder):
    fill(db, "old")
    made = backup_database(db, folder, now=NOON)
    fill(db, "new", minutes=5)
    assert made is not None
    report = restore_backup(db, made, folder, now=NOON + timedelta(hours=1))
    assert names_in(db) == ["old"]
    assert report.restored == made
    assert report.safety_copy is not None
    assert preview_restore(report.safety_copy).names == ("new", "old")
    restore_backup(db, report.safety_copy, folder, now=NOON + timedelta(hours=2))
    assert names_in(db) == ["new", "old"]


def test_a_restore_never_deletes_a_backup(db, folder):
    fill(db)
    made = [backup_database(db, folder, now=NOON + timedelta(hours=number)) for number in range(5)]
    assert made[0] is not None
    restore_backup(db, made[0], folder, now=NOON + timedelta(days=1))
    assert len(names_of(folder)) == 6


def test_a_restore_folds_the_log_of_a_killed_process_into_the_copy_and_leaves_none_behind(db, folder):
    fill(db, "old")
    made = backup_database(db, folder, now=NOON)
    program = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from tests.persistence.rows import make_record, make_rows, store_dataset
        from src.persistence.sqlite_client import Store
        store_dataset(Store(Path(sys.argv[1])), make_record("logged", minutes=1), make_rows(2))
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    assert subprocess.run([sys.executable, "-c", program, str(db)], check=False).returncode == -9
    assert db.with_name(f"{db.name}-wal").exists()
    assert made is not None
    report = restore_backup(db, made, folder, now=NOON + timedelta(hours=1))
    assert sorted(path.name for path in db.parent.iterdir()) == ["backups", "dataset_builder.db"]
    assert names_in(db) == ["old"]
    assert report.safety_copy is not None
    assert preview_restore(report.safety_copy).names == ("logged", "old")


@pytest.mark.parametrize("harm", ["rubbish", "pages"])
def test_a_damaged_present_is_kept_aside_and_replaced(db, folder, harm):
    fill(db, "old", count=300)
    made = backup_database(db, folder, now=NOON)
    if harm == "rubbish":
        db.write_bytes(b"rubbish" * 4000)
        db.with_name(f"{db.name}-wal").write_bytes(b"stale log")
    else:
        damage(db)
    harmed = db.read_bytes()
    assert made is not None
    report = restore_backup(db, made, folder, now=NOON + timedelta(hours=1))
    assert names_in(db) == ["old"]
    assert report.safety_copy is not None
    assert report.safety_copy.name == "dataset_builder.db.corrupt-20260301T130000000000Z"
    assert report.safety_copy.read_bytes() == harmed
    if harm == "rubbish":
        assert (folder / f"{report.safety_copy.name}-wal").read_bytes() == b"stale log"


def test_a_missing_database_is_restored_without_a_safety_copy(db, folder):
    fill(db, "old")
    made = backup_database(db, folder, now=NOON)
    db.unlink()
    assert made is not None
    assert restore_backup(db, made, folder, now=NOON).safety_copy is None
    assert names_in(db) == ["old"]


def test_a_restore_is_refused_while_another_process_has_the_database_open(db, folder):
    fill(db, "old")
    made = backup_database(db, folder, now=NOON)
    fill(db, "new", minutes=5)
    program = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('SELECT * FROM datasets').fetchall()"
    program += "; print('open', flush=True); sys.stdin.readline()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(db)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        assert made is not None
        with pytest.raises(StorageError, match="another run is using the database"):
            restore_backup(db, made, folder, now=NOON, busy_timeout_s=0.2)
        other.communicate("\n", timeout=PATIENCE_S)
    assert names_in(db) == ["new", "old"]
    assert names_of(folder) == [made.name]
    assert not list(db.parent.glob("*.part"))


def test_what_is_not_a_sound_backup_is_refused_and_the_present_stays(db, folder, tmp_path):
    fill(db, "present", count=300)
    broken, foreign, newer = tmp_path / "broken.db", tmp_path / "foreign.db", tmp_path / "newer.db"
    fill(broken, count=300)
    damage(broken)
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    fill(newer)
    with closing(sqlite3.connect(newer)) as other:
        other.execute(f"PRAGMA user_version = {LATEST + 1}")
    for path, problem in (
        (broken, "cannot be restored"),
        (foreign, "holds no datasets"),
        (newer, "newer version"),
        (tmp_path / "nowhere.db", "no backup"),
        (tmp_path, "no backup"),
        (db, "the present database itself"),
    ):
        with pytest.raises(StorageError, match=problem):
            restore_backup(db, path, folder, now=NOON)
    assert names_in(db) == ["present"]


def test_a_backup_reached_through_links_and_odd_paths_restores_behind_a_linked_database(tmp_path):
    real, odd = tmp_path / "real" / "a.db", tmp_path / "odd #?%41 é"
    fill(real, "old")
    made = backup_database(real, odd, now=NOON)
    fill(real, "new", minutes=5)
    assert made is not None
    link, alias = tmp_path / "link.db", tmp_path / "alias.db"
    link.symlink_to(made)
    alias.symlink_to(real)
    restore_backup(alias, link, odd, now=NOON)
    assert alias.is_symlink()
    assert names_in(real) == ["old"]


def test_a_copy_of_a_database_from_elsewhere_can_be_restored(db, folder, tmp_path):
    elsewhere = tmp_path / "laptop.db"
    fill(elsewhere, "from_laptop")
    fill(db, "present")
    restore_backup(db, elsewhere, folder, now=NOON)
    assert names_in(db) == ["from_laptop"]
    assert names_in(elsewhere) == ["from_laptop"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_backup_or_restore_without_room_on_the_disk_leaves_all_as_it_was(db, folder, tmp_path):
    fill(db, "present", count=3000)
    big = tmp_path / "big.db"
    fill(big, "big", count=3000)
    program = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from src.core.errors import StorageError
        from src.persistence.backup import backup_database
        from src.persistence.restore import restore_backup
        db, big, folder = map(Path, sys.argv[1:])
        whole = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, whole[1]))
        for action in (lambda: backup_database(db, folder), lambda: restore_backup(db, big, folder)):
            try:
                action()
            except StorageError as error:
                print("told:", error.fix)
        resource.setrlimit(resource.RLIMIT_FSIZE, whole)
        """
    )
    arguments = [sys.executable, "-c", program, str(db), str(big), str(folder)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout.count("told: Check the free space") == 2
    assert names_in(db) == ["present"]
    assert names_of(folder) == []
    assert not list(db.parent.glob("*.part"))
