"""The schema of the database for PostgreSQL: the twin of ``migrations``, step by step and under the same names.

A released step is never edited: changes are appended to both. Times stay the text that the program writes, which
sorts by time and is compared as it is. Texts are compared byte by byte and numbers that count are wide, as in SQLite.
No step rewrites rows that an earlier one may have left, for PostgreSQL has been spoken to since step 10 only: what came
before meets empty tables.
"""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One step: the name of its twin, and its statements in order."""

    name: str
    statements: tuple[str, ...]


_ROWID = "rowid BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE"
"""What SQLite gives every table: the number of a row in the order of arrival."""


def _step(name: str, *statements: str) -> Step:
    return Step(name, tuple(statement.replace(" TEXT", ' TEXT COLLATE "C"') for statement in statements))


STEPS: tuple[Step, ...] = (
    _step(
        "m001_datasets_and_samples",
        f"""CREATE TABLE datasets (
          {_ROWID},
          id TEXT PRIMARY KEY,
          name TEXT NOT NULL,
          provider TEXT NOT NULL,
          model TEXT NOT NULL,
          mode TEXT NOT NULL,
          created_at TEXT,
          total_samples BIGINT,
          total_tokens BIGINT,
          config TEXT
        )""",
        f"""CREATE TABLE samples (
          {_ROWID},
          id TEXT PRIMARY KEY,
          dataset_id TEXT REFERENCES datasets(id),
          content TEXT NOT NULL,
          token_length BIGINT,
          topic_keywords TEXT,
          source_file TEXT,
          split TEXT,
          created_at TEXT
        )""",
        "CREATE INDEX idx_dataset_id ON samples(dataset_id, rowid)",
        "CREATE INDEX idx_split ON samples(split)",
    ),
    _step(
        "m002_runs_and_provenance",
        """ALTER TABLE datasets
          ADD COLUMN status TEXT NOT NULL DEFAULT 'finished',
          ADD COLUMN config_hash TEXT NOT NULL DEFAULT '',
          ADD COLUMN finished_at TEXT,
          ADD COLUMN requested BIGINT NOT NULL DEFAULT 0,
          ADD COLUMN proposed BIGINT NOT NULL DEFAULT 0,
          ADD COLUMN rejected TEXT NOT NULL DEFAULT '{}'""",
        """ALTER TABLE samples
          ADD COLUMN content_hash TEXT NOT NULL DEFAULT '',
          ADD COLUMN origin TEXT NOT NULL DEFAULT 'generated',
          ADD COLUMN span_start BIGINT,
          ADD COLUMN span_end BIGINT,
          ADD COLUMN locator TEXT NOT NULL DEFAULT '',
          ADD COLUMN group_id TEXT NOT NULL DEFAULT '',
          ADD COLUMN position BIGINT NOT NULL DEFAULT 0,
          ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}'""",
        "CREATE INDEX idx_samples_position ON samples(dataset_id, position)",
        "CREATE INDEX idx_samples_content_hash ON samples(dataset_id, content_hash)",
        "CREATE INDEX idx_datasets_config_hash ON datasets(config_hash)",
        f"""CREATE TABLE rejections (
          {_ROWID},
          dataset_id TEXT NOT NULL REFERENCES datasets(id),
          position BIGINT NOT NULL,
          reason TEXT NOT NULL,
          detail TEXT NOT NULL,
          source_file TEXT NOT NULL,
          span_start BIGINT,
          span_end BIGINT,
          content TEXT,
          raw TEXT NOT NULL,
          PRIMARY KEY (dataset_id, position)
        )""",
    ),
    _step(
        "m003_journal",
        """CREATE TABLE requests (
          key TEXT PRIMARY KEY,
          requested_model TEXT NOT NULL,
          model TEXT NOT NULL,
          text BYTEA NOT NULL,
          input_tokens BIGINT NOT NULL,
          output_tokens BIGINT NOT NULL,
          finish_reason TEXT NOT NULL,
          created_at TEXT NOT NULL
        )""",
    ),
    _step("m004_paid_failures", "ALTER TABLE requests ADD COLUMN outcome TEXT NOT NULL DEFAULT 'answer'"),
    _step(
        "m005_batches",
        """CREATE TABLE batches (
          id TEXT PRIMARY KEY,
          provider TEXT NOT NULL,
          endpoint TEXT NOT NULL,
          model TEXT NOT NULL,
          edition TEXT NOT NULL,
          created_at TEXT NOT NULL,
          closed_at TEXT
        )""",
        """CREATE TABLE batch_requests (
          batch_id TEXT NOT NULL REFERENCES batches(id),
          position BIGINT NOT NULL,
          key TEXT NOT NULL,
          PRIMARY KEY (batch_id, position)
        )""",
    ),
    _step(
        "m006_runs_and_versions",
        """ALTER TABLE datasets
          ADD COLUMN run TEXT NOT NULL DEFAULT '{}',
          ADD COLUMN parent TEXT REFERENCES datasets(id),
          ADD COLUMN version BIGINT NOT NULL DEFAULT 1,
          ADD COLUMN reason TEXT NOT NULL DEFAULT ''""",
    ),
    _step(
        "m007_dropped_samples",
        """CREATE TABLE dropped_samples (
          dataset_name TEXT NOT NULL,
          content_hash TEXT NOT NULL,
          note TEXT NOT NULL,
          dropped_at TEXT NOT NULL,
          PRIMARY KEY (dataset_name, content_hash)
        )""",
    ),
    _step(
        "m008_tuning_jobs",
        f"""CREATE TABLE tuning_jobs (
          {_ROWID},
          key TEXT PRIMARY KEY,
          base TEXT NOT NULL,
          number BIGINT NOT NULL,
          service TEXT NOT NULL,
          place TEXT NOT NULL,
          model TEXT NOT NULL,
          dataset TEXT NOT NULL,
          parameters TEXT NOT NULL,
          step TEXT NOT NULL DEFAULT '',
          step_at TEXT,
          train_file TEXT NOT NULL DEFAULT '',
          validation_file TEXT NOT NULL DEFAULT '',
          job TEXT NOT NULL DEFAULT '',
          status TEXT NOT NULL DEFAULT '',
          is_over BIGINT NOT NULL DEFAULT 0,
          tuned_model TEXT NOT NULL DEFAULT '',
          failure TEXT NOT NULL DEFAULT '',
          created_at TEXT NOT NULL,
          updated_at TEXT NOT NULL,
          UNIQUE (base, number)
        )""",
    ),
    _step(
        "m009_batches_before_they_are_sent",
        "ALTER TABLE batches ADD COLUMN vendor_id TEXT NOT NULL DEFAULT ''",
    ),
    _step(
        "m010_library",
        """ALTER TABLE datasets
          ADD COLUMN author TEXT NOT NULL DEFAULT '',
          ADD COLUMN content_hash TEXT NOT NULL DEFAULT '',
          ADD COLUMN deleted_at TEXT""",
    ),
    _step("m011_versions_by_parent", "CREATE INDEX idx_datasets_parent ON datasets(parent)"),
)

TABLES = frozenset(
    {"datasets", "samples", "rejections", "requests", "batches", "batch_requests", "dropped_samples", "tuning_jobs"}
)
"""What the steps make: where one of them stands already, and no note of ours, another program has made it."""
