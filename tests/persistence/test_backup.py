"""Backups: consistent, rotated and never made of damage."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from src.core.errors import StorageError
from src.persistence.backup import backup_database, find_backup, list_backups, preview_restore
from src.persistence.migrations import LATEST, MIGRATIONS
from src.persistence.restore import restore_backup
from src.persistence.sqlite_client import Store
from tests.persistence.rows import (
    NOON,
    damage,
    fill,
    make_record,
    make_rows,
    names_in,
    names_of,
    quick_check,
    store_dataset,
)


def test_a_database_that_does_not_exist_or_holds_nothing_is_not_backed_up(db, folder):
    assert backup_database(db, folder, now=NOON) is None
    db.parent.mkdir()
    db.touch()
    assert backup_database(db, folder, now=NOON) is None
    Store(db).close()
    assert backup_database(db, folder, now=NOON) is None
    assert names_of(folder) == []


def test_a_journal_without_datasets_is_worth_a_backup(db, folder):
    with Store(db) as store, store.database.transaction() as connection:
        connection.execute("""INSERT INTO requests (key, requested_model, model, text, input_tokens, output_tokens,
            finish_reason, created_at) VALUES ('k', 'm', 'm', x'41', 1, 1, 'stop', '2026-01-01')""")
    assert backup_database(db, folder, now=NOON) is not None


def test_a_backup_is_one_sound_file_with_everything_committed_so_far(db, folder):
    with Store(db, clock=lambda: NOON) as store:
        store_dataset(store, make_record(), make_rows(3))
        assert db.with_name(f"{db.name}-wal").stat().st_size > 0, "the rows still stand in the log"
        made = backup_database(db, folder, now=NOON)
    assert made is not None
    assert made.name == "dataset_builder-20260301T120000000000Z.db"
    assert names_of(folder) == [made.name]
    assert quick_check(made) == "ok"
    assert [info[:4] for info in list_backups(folder)] == [(made, NOON, 1, 3)]


def test_a_backup_taken_while_another_connection_writes_holds_the_state_before(db, folder):
    fill(db, "before")
    with Store(db) as store, store.database.transaction() as connection:
        connection.execute("DELETE FROM samples")
        made = backup_database(db, folder, now=NOON)
    assert made is not None
    assert list_backups(folder)[0].samples == 3


def test_a_database_locked_for_good_is_an_error_and_not_an_endless_wait(db, folder):
    fill(db)
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="another run is using the database"):
            backup_database(db, folder, now=NOON, busy_timeout_s=0.1)


def test_the_newest_five_are_kept_and_nothing_else_is_touched(db, folder):
    fill(db)
    folder.mkdir()
    strangers = [
        "notes.txt",
        "dataset_builder-old.db",
        "other-20200101T000000000000Z.db",
        "dataset_builder.db.corrupt-1",
    ]
    for name in strangers:
        (folder / name).write_text("mine")
    made = [backup_database(db, folder, now=NOON + timedelta(hours=number)) for number in range(8)]
    assert names_of(folder) == sorted([*strangers, *(path.name for path in made[-5:])])


def test_two_backups_of_one_moment_get_two_names(db, folder):
    fill(db)
    first, second = (backup_database(db, folder, now=NOON) for _ in range(2))
    assert first != second
    assert len(names_of(folder)) == 2


def test_a_backup_made_with_a_clock_gone_back_is_not_the_one_deleted(db, folder):
    fill(db)
    for number in range(5):
        backup_database(db, folder, now=NOON + timedelta(days=number))
    made = backup_database(db, folder, now=NOON - timedelta(days=400))
    assert made is not None
    assert made.name in names_of(folder)
    assert len(names_of(folder)) == 5


def test_what_a_killed_backup_left_is_cleared_later_but_not_at_once(db, folder):
    fill(db)
    folder.mkdir()
    old, fresh = (folder / f"dataset_builder-2026030{day}T120000000000Z.db.part" for day in (1, 2))
    for part in (old, fresh):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    backup_database(db, folder, now=NOON)
    assert not old.exists()
    assert fresh.exists()


def test_a_damaged_database_is_not_backed_up_and_pushes_no_good_backup_out(db, folder):
    fill(db, count=300)
    good = backup_database(db, folder, keep=1, now=NOON)
    damage(db)
    with pytest.raises(StorageError, match="damaged") as caught:
        backup_database(db, folder, keep=1, now=NOON + timedelta(days=1))
    assert "datasets restore" in caught.value.fix
    assert good is not None
    assert names_of(folder) == [good.name]


def test_damage_that_only_a_full_check_finds_is_found(db, folder):
    fill(db, count=300)
    good = backup_database(db, folder, now=NOON)
    damage(db, start=db.stat().st_size - 3 * 4096)
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("SELECT count(*) FROM datasets").fetchone() == (1,), "the rest can be read"
    with pytest.raises(StorageError, match="damaged"):
        backup_database(db, folder, now=NOON + timedelta(days=1))
    assert good is not None
    report = restore_backup(db, good, folder, now=NOON + timedelta(days=1))
    assert report.safety_copy is not None
    assert ".corrupt-" in report.safety_copy.name
    assert names_in(db) == ["pots"]


def test_a_database_of_the_first_version_is_backed_up_and_another_programs_is_not(db, folder):
    db.parent.mkdir()
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        MIGRATIONS[0](connection)
        connection.execute("INSERT INTO datasets (id, name, provider, model, mode) VALUES ('d', 'n', 'p', 'm', 'x')")
    assert backup_database(db, folder, now=NOON) is not None
    assert list_backups(folder)[0].datasets == 1
    with closing(sqlite3.connect(db.with_name("other.db"))) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    assert backup_database(db.with_name("other.db"), folder, now=NOON) is None


def test_files_that_only_look_like_backups_do_not_break_the_list(folder):
    folder.mkdir(parents=True)
    (folder / "x-99999999T999999999999Z.db").write_bytes(b"")
    (folder / "y-20260301T120000000000Z.db").mkdir()
    (folder / "z-20260301T120000000000Z.db").symlink_to(folder / "gone")
    (found,) = list_backups(folder)
    assert found.problem


def test_a_backup_folder_that_cannot_be_made_is_an_error(db, folder):
    fill(db)
    folder.write_text("a file stands in the way")
    with pytest.raises(StorageError, match="cannot be written"):
        backup_database(db, folder, now=NOON)


def test_times_of_backups_are_in_utc(db, folder):
    fill(db)
    made = backup_database(db, folder)
    assert made is not None
    assert abs(list_backups(folder)[0].created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_backups_are_listed_newest_first_with_the_problem_of_a_broken_one(db, folder):
    fill(db)
    backup_database(db, folder, now=NOON)
    fill(db, "more", minutes=3)
    newer = backup_database(db, folder, now=NOON + timedelta(hours=1))
    broken = folder / "dataset_builder-20260302T000000000000Z.db"
    broken.write_bytes(b"rubbish" * 1000)
    listed = list_backups(folder)
    assert [(info.datasets, info.samples) for info in listed] == [(0, 0), (2, 6), (1, 3)]
    assert "not a database" in listed[0].problem
    assert listed[1] == (newer, NOON + timedelta(hours=1), 2, 6, newer.stat().st_size, "")
    assert list_backups(folder / "nowhere") == ()


def test_a_backup_is_found_by_name_path_or_as_the_latest(db, folder, tmp_path):
    fill(db)
    made = backup_database(db, folder, now=NOON)
    assert made is not None
    assert find_backup(folder, made.name) == find_backup(folder, str(made)) == find_backup(folder, "latest") == made
    for name in ("", "nothing.db", "a\0b"):
        with pytest.raises(StorageError, match="no backup") as caught:
            find_backup(folder, name)
        assert made.name in caught.value.fix
    with pytest.raises(StorageError) as caught:
        find_backup(tmp_path / "empty", "latest")
    assert "none yet" in caught.value.fix


def test_a_preview_names_the_datasets_and_changes_nothing(db, folder):
    fill(db, "old")
    fill(db, "new", minutes=5)
    made = backup_database(db, folder, now=NOON)
    assert made is not None
    before = made.read_bytes()
    assert preview_restore(made).names == ("new", "old")
    assert made.read_bytes() == before
    assert names_of(folder) == [made.name]


def test_a_database_of_a_newer_version_is_never_copied_and_pushes_no_backup_out(db, folder):
    fill(db)
    good = backup_database(db, folder, now=NOON)
    with closing(sqlite3.connect(db)) as other:
        other.execute(f"PRAGMA user_version = {LATEST + 1}")
    with pytest.raises(StorageError, match="newer version"):
        backup_database(db, folder, keep=1, now=NOON + timedelta(hours=1))
    assert names_of(folder) == [good.name]


def test_latest_means_the_newest_backup_that_this_version_can_read(db, folder):
    fill(db)
    good = backup_database(db, folder, now=NOON)
    newer = backup_database(db, folder, now=NOON + timedelta(hours=1))
    with closing(sqlite3.connect(newer)) as other:
        other.execute(f"PRAGMA user_version = {LATEST + 1}")
    assert find_backup(folder, "latest") == good
    assert "newer version" in list_backups(folder)[0].problem
