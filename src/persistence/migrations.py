"""The schema of the database, step by step. A released step is never edited: changes are appended.

``PRAGMA user_version`` is the number of steps done; a step and its number are committed together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from sqlite3 import Connection

import orjson


def m001_datasets_and_samples(db: Connection) -> None:
    """Tables and indexes that every version has. IF NOT EXISTS takes over a database made by hand from this schema."""
    db.execute("""
        CREATE TABLE IF NOT EXISTS datasets (
          id TEXT PRIMARY KEY,
          name TEXT NOT NULL,
          provider TEXT NOT NULL,
          model TEXT NOT NULL,
          mode TEXT NOT NULL,
          created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
          total_samples INTEGER,
          total_tokens INTEGER,
          config TEXT  -- JSON string of configuration
        )""")
    db.execute("""
        CREATE TABLE IF NOT EXISTS samples (
          id TEXT PRIMARY KEY,
          dataset_id TEXT REFERENCES datasets(id),
          content TEXT NOT NULL,
          token_length INTEGER,
          topic_keywords TEXT,  -- Comma-separated
          source_file TEXT,
          split TEXT,  -- 'train' or 'validation'
          created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
        )""")
    db.execute("CREATE INDEX IF NOT EXISTS idx_dataset_id ON samples(dataset_id)")
    db.execute("CREATE INDEX IF NOT EXISTS idx_split ON samples(split)")


def m002_runs_and_provenance(db: Connection) -> None:
    """The state of a run, where each sample came from, and what was rejected."""
    for column in (
        "status TEXT NOT NULL DEFAULT 'finished'",
        "config_hash TEXT NOT NULL DEFAULT ''",
        "finished_at TIMESTAMP",
        "requested INTEGER NOT NULL DEFAULT 0",
        "proposed INTEGER NOT NULL DEFAULT 0",
        "rejected TEXT NOT NULL DEFAULT '{}'",  # JSON: reason -> count
    ):
        db.execute(f"ALTER TABLE datasets ADD COLUMN {column}")
    for column in (
        "content_hash TEXT NOT NULL DEFAULT ''",
        "origin TEXT NOT NULL DEFAULT 'generated'",
        "span_start INTEGER",
        "span_end INTEGER",
        "locator TEXT NOT NULL DEFAULT ''",
        "group_id TEXT NOT NULL DEFAULT ''",
        "position INTEGER NOT NULL DEFAULT 0",
        "metadata TEXT NOT NULL DEFAULT '{}'",
    ):
        db.execute(f"ALTER TABLE samples ADD COLUMN {column}")
    db.create_function("content_hash_of", 1, _content_hash, deterministic=True)
    db.execute("UPDATE samples SET position = rowid, content_hash = content_hash_of(content)")
    db.execute("""
        UPDATE datasets SET finished_at = created_at, requested = coalesce(total_samples, 0),
          proposed = coalesce(total_samples, 0)""")
    db.execute("CREATE INDEX idx_samples_position ON samples(dataset_id, position)")
    db.execute("CREATE INDEX idx_samples_content_hash ON samples(dataset_id, content_hash)")
    db.execute("CREATE INDEX idx_datasets_config_hash ON datasets(config_hash)")
    db.execute("""
        CREATE TABLE rejections (
          dataset_id TEXT NOT NULL REFERENCES datasets(id),
          position INTEGER NOT NULL,
          reason TEXT NOT NULL,
          detail TEXT NOT NULL,
          source_file TEXT NOT NULL,
          span_start INTEGER,
          span_end INTEGER,
          content TEXT,  -- JSON of the rejected sample
          raw TEXT NOT NULL,  -- the model's answer, when it could not be read
          PRIMARY KEY (dataset_id, position)
        )""")


def m003_journal(db: Connection) -> None:
    """Every answer of a model, by the hash of what was asked."""
    db.execute("""
        CREATE TABLE requests (
          key TEXT PRIMARY KEY,
          requested_model TEXT NOT NULL,
          model TEXT NOT NULL,
          text BLOB NOT NULL,  -- UTF-8; a blob, for answers may hold unpaired surrogates
          input_tokens INTEGER NOT NULL,
          output_tokens INTEGER NOT NULL,
          finish_reason TEXT NOT NULL,
          created_at TIMESTAMP NOT NULL
        )""")


def m004_paid_failures(db: Connection) -> None:
    """What an answer was: ``answer``, or the kind of a failure that was paid for (its text is the message)."""
    db.execute("ALTER TABLE requests ADD COLUMN outcome TEXT NOT NULL DEFAULT 'answer'")


def m005_batches(db: Connection) -> None:
    """Batches at a vendor that are not collected yet, by the journal keys of their requests."""
    db.execute("""
        CREATE TABLE batches (
          id TEXT PRIMARY KEY,  -- the vendor's
          provider TEXT NOT NULL,
          endpoint TEXT NOT NULL,  -- '' for the vendor's own
          model TEXT NOT NULL,
          edition TEXT NOT NULL,  -- what the journal puts before the keys of this run
          created_at TIMESTAMP NOT NULL,
          closed_at TIMESTAMP
        )""")
    db.execute("""
        CREATE TABLE batch_requests (
          batch_id TEXT NOT NULL REFERENCES batches(id),
          position INTEGER NOT NULL,
          key TEXT NOT NULL,
          PRIMARY KEY (batch_id, position)
        )""")


def m006_runs_and_versions(db: Connection) -> None:
    """What the making of a dataset took and said, and which dataset it was derived from."""
    for column in (
        "run TEXT NOT NULL DEFAULT '{}'",  # JSON of RunFacts
        "parent TEXT REFERENCES datasets(id)",
        "version INTEGER NOT NULL DEFAULT 1",
        "reason TEXT NOT NULL DEFAULT ''",
    ):
        db.execute(f"ALTER TABLE datasets ADD COLUMN {column}")


def m007_dropped_samples(db: Connection) -> None:
    """Samples that a person does not want, by the name of their dataset, whose versions share them."""
    db.execute("""
        CREATE TABLE dropped_samples (
          dataset_name TEXT NOT NULL,
          content_hash TEXT NOT NULL,
          note TEXT NOT NULL,  -- why, in the person's words
          dropped_at TIMESTAMP NOT NULL,
          PRIMARY KEY (dataset_name, content_hash)
        )""")


def m008_tuning_jobs(db: Connection) -> None:
    """Fine-tuning jobs at vendors, noted before every step of their launch."""
    db.execute("""
        CREATE TABLE tuning_jobs (
          key TEXT PRIMARY KEY,  -- hash of service, place, model, parameters, contents of the files and number
          base TEXT NOT NULL,  -- the same hash without the number
          number INTEGER NOT NULL,  -- 2 for a job that was started again on purpose
          service TEXT NOT NULL,
          place TEXT NOT NULL,  -- address, or project and region
          model TEXT NOT NULL,
          dataset TEXT NOT NULL,
          parameters TEXT NOT NULL,  -- JSON
          step TEXT NOT NULL DEFAULT '',  -- what was begun last at the vendor
          step_at TIMESTAMP,
          train_file TEXT NOT NULL DEFAULT '',  -- what the vendor calls it
          validation_file TEXT NOT NULL DEFAULT '',
          job TEXT NOT NULL DEFAULT '',  -- the vendor's id
          status TEXT NOT NULL DEFAULT '',
          is_over INTEGER NOT NULL DEFAULT 0,
          tuned_model TEXT NOT NULL DEFAULT '',
          failure TEXT NOT NULL DEFAULT '',
          created_at TIMESTAMP NOT NULL,
          updated_at TIMESTAMP NOT NULL,
          UNIQUE (base, number)
        )""")


def m009_batches_before_they_are_sent(db: Connection) -> None:
    """What the vendor calls a batch, '' as long as it has not said that it takes it; ``id`` is our own from here on."""
    db.execute("ALTER TABLE batches ADD COLUMN vendor_id TEXT NOT NULL DEFAULT ''")
    db.execute("UPDATE batches SET vendor_id = id")


def m010_library(db: Connection) -> None:
    """Who made a version, what it holds in one hash ('' where it was never worked out), and since when a dataset lies
    among the deleted ones, from which it can be brought back."""
    for column in (
        "author TEXT NOT NULL DEFAULT ''",
        "content_hash TEXT NOT NULL DEFAULT ''",
        "deleted_at TIMESTAMP",
    ):
        db.execute(f"ALTER TABLE datasets ADD COLUMN {column}")


def m011_versions_by_parent(db: Connection) -> None:
    """The versions that follow one are found without a look at every other: a list of datasets asks it of each."""
    db.execute("CREATE INDEX idx_datasets_parent ON datasets(parent)")


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    m001_datasets_and_samples,
    m002_runs_and_provenance,
    m003_journal,
    m004_paid_failures,
    m005_batches,
    m006_runs_and_versions,
    m007_dropped_samples,
    m008_tuning_jobs,
    m009_batches_before_they_are_sent,
    m010_library,
    m011_versions_by_parent,
)
LATEST = len(MIGRATIONS)


def schema_version(db: Connection) -> int:
    """The number of steps that the database has behind it; 0 for a new one."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(db: Connection) -> None:
    """Bring ``db`` (in autocommit mode) to the latest schema; a step that fails leaves the former schema whole."""
    while schema_version(db) < LATEST:
        db.execute("BEGIN IMMEDIATE")
        try:
            number = schema_version(db)  # again: another process may have been faster
            if number < LATEST:
                MIGRATIONS[number](db)
                db.execute(f"PRAGMA user_version = {number + 1}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def _content_hash(content: str) -> str:
    """Hash of roles and texts as ``Sample.id`` makes it; of the bare text where that is no list of messages."""
    try:
        turns = [[turn["role"], turn["content"]] for turn in orjson.loads(content)]
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(content.encode()).hexdigest()
    return hashlib.sha256(orjson.dumps(turns)).hexdigest()
