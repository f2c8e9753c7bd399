"""The schema: what the first version has, and how an older database grows."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from src.core.types import Message
from src.persistence import migrations
from src.persistence.migrations import LATEST, MIGRATIONS, migrate, schema_version
from src.persistence.sqlite_client import Store
from tests.patience import PATIENCE_S

FIRST_DATASET_COLUMNS = [
    ("id", "TEXT", 1),
    ("name", "TEXT", 0),
    ("provider", "TEXT", 0),
    ("model", "TEXT", 0),
    ("mode", "TEXT", 0),
    ("created_at", "TIMESTAMP", 0),
    ("total_samples", "INTEGER", 0),
    ("total_tokens", "INTEGER", 0),
    ("config", "TEXT", 0),
]
FIRST_SAMPLE_COLUMNS = [
    ("id", "TEXT", 1),
    ("dataset_id", "TEXT", 0),
    ("content", "TEXT", 0),
    ("token_length", "INTEGER", 0),
    ("topic_keywords", "TEXT", 0),
    ("source_file", "TEXT", 0),
    ("split", "TEXT", 0),
    ("created_at", "TIMESTAMP", 0),
]


@pytest.fixture
def db(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as connection:
        yield connection


def columns(db, table):
    return [(row[1], row[2], row[5]) for row in db.execute(f"PRAGMA table_info({table})")]


def make_first_version(db):
    """A database as the first version left it, with one dataset of two samples."""
    MIGRATIONS[0](db)
    db.execute("PRAGMA user_version = 1")
    db.execute(
        "INSERT INTO datasets (id, name, provider, model, mode, total_samples, total_tokens, config)"
        " VALUES ('d1', 'old', 'openai', 'gpt-4.1', 'create', 2, 9, '{}')"
    )
    for number in (1, 2):
        content = f'[{{"role":"user","content":"Q{number}"}},{{"role":"assistant","content":"A{number}"}}]'
        db.execute(
            "INSERT INTO samples (id, dataset_id, content, token_length, topic_keywords, source_file, split)"
            f" VALUES ('s{number}', 'd1', ?, 4, 'clay,kiln', 'a.txt', 'train')",
            (content,),
        )


def test_the_first_migration_makes_the_two_tables_with_their_columns_and_indexes(db):
    MIGRATIONS[0](db)
    assert columns(db, "datasets") == FIRST_DATASET_COLUMNS
    assert columns(db, "samples") == FIRST_SAMPLE_COLUMNS
    indexes = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
    assert indexes == {
        "idx_dataset_id": "CREATE INDEX idx_dataset_id ON samples(dataset_id)",
        "idx_split": "CREATE INDEX idx_split ON samples(split)",
    }
    assert [row[2:5] for row in db.execute("PRAGMA foreign_key_list(samples)")] == [("datasets", "dataset_id", "id")]


def test_later_migrations_keep_the_first_columns_in_their_place(db):
    migrate(db)
    assert columns(db, "datasets")[: len(FIRST_DATASET_COLUMNS)] == FIRST_DATASET_COLUMNS
    assert columns(db, "samples")[: len(FIRST_SAMPLE_COLUMNS)] == FIRST_SAMPLE_COLUMNS
    assert schema_version(db) == LATEST == len(MIGRATIONS)


def test_a_database_of_the_first_version_is_migrated_when_it_is_opened(tmp_path):
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        make_first_version(db)
    with Store(path) as store:
        record = store.find("old")
        stored = list(store.samples("d1"))
    assert (record.status, record.total_samples, record.proposed) == ("finished", 2, 2)
    assert record.finished_at == record.created_at
    assert [row.id for row in stored] == ["s1", "s2"]
    assert stored[0].sample.messages == (Message("user", "Q1"), Message("assistant", "A1"))
    assert stored[0].sample.topic_keywords == ("clay", "kiln")


def test_migrated_samples_get_the_content_hash_of_the_sample(tmp_path):
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        make_first_version(db)
        db.execute("INSERT INTO samples (id, dataset_id, content) VALUES ('s3', 'd1', 'something else')")
        migrate(db)
        hashes = dict(db.execute("SELECT id, content_hash FROM samples"))
    with Store(path) as store:
        first = next(store.samples("d1"))
    assert hashes["s1"] == first.sample.id
    assert len(hashes["s3"]) == 64


def test_a_step_that_fails_leaves_the_former_schema_and_number(db, monkeypatch):
    def broken_step(connection):
        connection.execute("CREATE TABLE half (a)")
        connection.execute("CREATE TABLE half (a)")

    migrate(db)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, broken_step))
    monkeypatch.setattr(migrations, "LATEST", LATEST + 1)
    with pytest.raises(sqlite3.OperationalError):
        migrate(db)
    assert schema_version(db) == LATEST
    assert columns(db, "half") == []
    assert not db.in_transaction


def test_migrating_twice_changes_nothing(db):
    migrate(db)
    before = list(db.execute("SELECT name, sql FROM sqlite_master"))
    migrate(db)
    assert list(db.execute("SELECT name, sql FROM sqlite_master")) == before


def test_several_processes_may_create_the_same_database_at_once(tmp_path):
    path = tmp_path / "shared.db"
    program = "\n".join(
        [
            "import sys",
            "from pathlib import Path",
            "from src.persistence.sqlite_client import Store",
            "Store(Path(sys.argv[1])).close()",
        ]
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(path)], stderr=subprocess.PIPE) for _ in range(6)]
    outcomes = [(process.communicate(timeout=PATIENCE_S)[1].decode(), process.returncode) for process in running]
    assert outcomes == [("", 0)] * 6
    with closing(sqlite3.connect(path)) as db:
        assert schema_version(db) == LATEST
