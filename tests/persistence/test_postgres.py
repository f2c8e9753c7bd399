"""The store on a real PostgreSQL: the twin of the schema, one writer at a time, and what a server may refuse."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from threading import Event, Thread

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.core.database_address import parse_database_url
from src.core.errors import BuilderError, ConfigError, StorageError
from src.core.types import Rejection
from src.core.workspace import LockPlace, Workspace
from src.persistence.backup import backup_database
from src.persistence.migrations import LATEST, MIGRATIONS, migrate
from src.persistence.models import StoredSample
from src.persistence.postgres import PostgresDatabase, _translate
from src.persistence.postgres_errors import explain
from src.persistence.postgres_schema import STEPS, TABLES
from src.persistence.restore import restore_backup
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store
from tests.fakes import make_sample
from tests.patience import PATIENCE_S
from tests.persistence import rows
from tests.persistence.rows import begin, make_record, make_rows, store_dataset
from tests.postgres_server import ADMIN, PASSWORD, PostgresServer


@pytest.fixture
def address(postgres: PostgresServer):
    return parse_database_url(postgres.new_schema())


def everything(error: BaseException) -> str:
    """All that a person, or a log, could see of an error."""
    causes = []
    while error is not None:
        causes.append(f"{error!r} {error} {getattr(error, 'fix', '')}")
        error = error.__cause__
    return " ".join(causes)


def test_every_step_of_the_schema_has_its_twin():
    assert [step.name for step in STEPS] == [step.__name__ for step in MIGRATIONS]


def test_both_schemas_hold_the_same_tables_with_the_same_columns_and_keys(address):
    with Store(address) as store, closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrate(db)
        ours = {
            table: {(row[1], bool(row[3] or row[5]), row[5] > 0) for row in db.execute(f"PRAGMA table_info({table})")}
            for table in TABLES
        }
        found = store.database.read(
            """SELECT c.table_name, c.column_name, c.is_nullable = 'NO' AS required,
                 EXISTS (SELECT 1 FROM information_schema.key_column_usage k JOIN information_schema.table_constraints t
                   USING (constraint_schema, constraint_name)
                   WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema
                     AND k.table_name = c.table_name AND k.column_name = c.column_name) AS is_key
               FROM information_schema.columns c WHERE c.table_schema = current_schema()"""
        )
    theirs = {table: set() for table in TABLES}
    for table, column, required, is_key in found:
        if table in TABLES and column != "rowid":
            theirs[table].add((column, required, is_key))
    assert theirs == ours
    made = {row[0] for row in found} - {"dataset_builder_schema"}
    assert made == set(TABLES)


def test_opening_twice_migrates_once(address):
    Store(address).close()
    with Store(address) as store:
        assert store.database.read("SELECT version FROM dataset_builder_schema")[0][0] == LATEST
        with store.database.transaction() as db:
            assert list(db.execute("SELECT version, 1 AS one FROM dataset_builder_schema").fetchone()) == [LATEST, 1]
        row = store.database.read("SELECT version, 1 AS one FROM dataset_builder_schema")[0]
    assert (row.keys(), len(row), row["one"]) == (["version", "one"], 2, 1)


def test_several_processes_may_create_the_same_schema_at_once(address):
    program = "import sys; from src.core.database_address import parse_database_url as parse;"
    program += "from src.persistence.sqlite_client import Store; Store(parse(sys.argv[1])).close()"
    running = [subprocess.Popen([sys.executable, "-c", program, address.url], stderr=subprocess.PIPE) for _ in range(3)]
    outcomes = [(process.communicate(timeout=PATIENCE_S)[1].decode(), process.returncode) for process in running]
    assert outcomes == [("", 0)] * 3
    Store(address).close()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(samples=st.lists(rows.samples, max_size=2, unique_by=lambda sample: sample.id), number=st.integers())
def test_whatever_samples_go_in_come_out(address, samples, number):
    name = f"pots {number}"
    with Store(address) as store:
        record = make_record(name)
        if all(known.name != name for known in store.datasets()):
            store_dataset(store, record, [StoredSample(sample, 1) for sample in samples])
            assert [row.sample.messages for row in store.samples(record.id)] == [sample.messages for sample in samples]


def test_nul_characters_stay_in_the_messages_and_are_shown_elsewhere(address):
    sample = make_sample("What is\0a kiln?", "An\0oven.", group="g\0")
    with Store(address) as store:
        record = store_dataset(store, make_record(), [StoredSample(sample, 3)], [Rejection("bad", "a\0b", raw="\0")])
        stored = next(store.samples(record.id)).sample
        refused = next(store.rejections(record.id))
    assert stored.messages == sample.messages
    assert stored.id == sample.id
    assert stored.group == r"g\x00"
    assert (refused.detail, refused.raw) == (r"a\x00b", r"\x00")


@pytest.mark.parametrize(
    ("sql", "translated"),
    [
        ("SELECT a FROM b WHERE c = ? AND d LIKE '%?%'", "SELECT a FROM b WHERE c = %s AND d LIKE '%%?%%'"),
        ("INSERT INTO a VALUES (:one, :two_b)", "INSERT INTO a VALUES (%(one)s, %(two_b)s)"),
        ("SELECT ':a', 'it''s ?', b % 2", "SELECT ':a', 'it''s ?', b %% 2"),
    ],
)
def test_placeholders_are_translated_but_not_within_texts(sql, translated):
    assert _translate(sql) == translated


def test_a_server_that_is_not_there_is_an_error_that_names_host_and_way_out():
    with pytest.raises(StorageError, match=r"'sets' at 127.0.0.1:1 cannot be reached") as caught:
        Store(parse_database_url("postgresql://ann:s3cret-word@127.0.0.1:1/sets"))
    assert "DATABASE_URL" in caught.value.fix
    assert "s3cret" not in everything(caught.value)


def test_a_wrong_password_is_said_and_never_shown(postgres):
    with pytest.raises(StorageError, match="does not take this user and password") as caught:
        Store(parse_database_url(postgres.address("postgres", password="not-the-right-one")))
    assert "not-the-right-one" not in everything(caught.value)
    assert PASSWORD not in everything(caught.value)


def test_a_database_that_does_not_exist_is_said_with_how_to_make_it(postgres):
    with pytest.raises(StorageError, match="there is no such database") as caught:
        Store(parse_database_url(postgres.address("nowhere")))
    assert "CREATE DATABASE" in caught.value.fix


@pytest.mark.parametrize("options", ["?nonsense=s3cret", "?connect_timeout=s3cret"])
def test_settings_that_the_driver_does_not_know_are_refused_without_being_quoted(postgres, options):
    with pytest.raises(BuilderError) as caught:
        Store(parse_database_url(f"postgresql://ann:s3cret@127.0.0.1:{postgres.port}/postgres{options}"))
    assert "s3cret" not in f"{caught.value} {caught.value.fix}"


def test_a_user_without_rights_is_told_which_to_ask_for(postgres):
    def by(user, password, schema=""):
        options = f"?options=-csearch_path%3D{schema}" if schema else ""
        return parse_database_url(postgres.address("postgres", user=user, password=password, options=options))

    guest, owner = ("guest", "guest-word"), (ADMIN, PASSWORD)
    postgres.execute("CREATE ROLE guest LOGIN PASSWORD 'guest-word'", "CREATE SCHEMA closed")
    with pytest.raises(StorageError, match="may not do that .*permission denied") as caught:
        Store(by(*guest))
    assert "GRANT USAGE, CREATE" in caught.value.fix
    with pytest.raises(StorageError, match="no schema that this user may use") as caught:
        Store(by(*guest, "nowhere"))
    assert "CREATE SCHEMA" in caught.value.fix
    postgres.execute("GRANT USAGE ON SCHEMA closed TO guest")
    with pytest.raises(StorageError, match="may not do that"):
        Store(by(*guest, "closed"))
    rows.fill(by(*owner, "closed"))
    postgres.execute("GRANT SELECT ON ALL TABLES IN SCHEMA closed TO guest")
    with Store(by(*guest, "closed")) as store:
        assert store.find("pots").total_samples == 3, "reading needs no more"
        with pytest.raises(StorageError, match="may not do that"):
            begin(store, make_record("other"))


def test_a_database_that_is_not_in_utf8_is_refused(postgres):
    postgres.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(StorageError, match="as LATIN1, which does not hold every character") as caught:
        Store(parse_database_url(postgres.address("latin")))
    assert "ENCODING 'UTF8'" in caught.value.fix


def test_the_tables_of_another_program_are_left_alone(address):
    with closing(psycopg.connect(address.url, autocommit=True)) as db:
        db.execute("CREATE TABLE samples (soil TEXT)")
    with pytest.raises(StorageError, match=r"tables of another program \(samples\)") as caught:
        Store(address)
    assert "search_path" in caught.value.fix


def test_other_tables_beside_ours_are_no_obstacle(address):
    with closing(psycopg.connect(address.url, autocommit=True)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    Store(address).close()


def test_a_schema_of_a_newer_version_is_refused(address):
    with Store(address) as store, store.database.transaction() as db:
        db.execute("UPDATE dataset_builder_schema SET version = ?", (LATEST + 1,))
    with pytest.raises(StorageError, match="newer version") as caught:
        Store(address)
    assert "Update" in caught.value.fix


def test_a_writer_waits_for_another_one_and_then_says_so(address):
    with Store(address) as holder, Store(address, busy_timeout_s=0.05) as store:
        with holder.database.transaction() as db:
            db.execute("SELECT 1")
            assert store.datasets() == (), "reading goes on"
            with pytest.raises(StorageError, match="another run is using the database") as caught:
                begin(store, make_record())
        assert "Wait" in caught.value.fix
        begin(store, make_record())


def test_a_block_that_fails_leaves_nothing_and_the_connection_usable(address):
    def fail(store):
        with store.database.transaction() as db:
            assert db.execute("INSERT INTO dropped_samples VALUES ('a', 'b', 'c', 'd')").rowcount == 1
            db.execute("SELECT * FROM nowhere")

    with Store(address) as store:
        with pytest.raises(psycopg.errors.UndefinedTable):
            fail(store)
        assert store.database.read("SELECT * FROM dropped_samples") == []


def test_a_connection_that_the_server_ends_is_an_error_with_a_fix(address, postgres):
    with Store(address) as store:
        pid = store.database.read("SELECT pg_backend_pid()")[0][0]
        postgres.execute(f"SELECT pg_terminate_backend({pid})")
        with pytest.raises(StorageError, match=r"the server ended the connection|the connection was lost") as caught:
            store.datasets()
        assert "nothing that was finished is lost" in caught.value.fix
        with pytest.raises(StorageError, match="the connection was lost"):
            begin(store, make_record())


def test_a_lost_connection_in_the_middle_of_a_block_is_told_too(address, postgres):
    def lose(store):
        with store.database.transaction() as db:
            pid = db.execute("SELECT pg_backend_pid()").fetchone()[0]
            postgres.execute(f"SELECT pg_terminate_backend({pid})")
            db.execute("SELECT 1")

    with Store(address) as store, pytest.raises(StorageError, match=r"ended the connection|connection was lost"):
        lose(store)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("53100", "disk of the server is full"),
        ("53300", "no room for this connection"),
        ("25006", "read-only"),
        ("57P03", "ended the connection"),
        ("XX001", "error of its own"),
    ],
)
def test_what_a_server_reports_about_itself_has_a_cause_and_a_fix(address, code, said):
    error = explain(address, psycopg.errors.lookup(code)("it says so"))
    assert error is not None
    assert said in str(error)
    assert error.fix


def test_mistakes_in_sql_are_not_dressed_up(address):
    with Store(address) as store:
        with pytest.raises(psycopg.errors.UndefinedTable):
            store.database.read("SELECT * FROM nowhere")
        with pytest.raises(psycopg.ProgrammingError):
            store.database.read("SELECT ?", ())


def test_a_run_on_another_machine_is_named_and_its_lock_ends_with_it(address, tmp_path):
    here, there = (LockPlace(tmp_path / name / "run.lock", address) for name in ("here", "there"))
    held, done = Event(), Event()

    def other_run():
        with hold_run_lock(there):
            held.set()
            done.wait(PATIENCE_S)

    other = Thread(target=other_run)
    other.start()
    assert held.wait(PATIENCE_S)
    with pytest.raises(StorageError, match=r"Another run is writing to the .*process \d+, since 20") as caught:
        hold_run_lock(here).__enter__()
    assert "Wait" in caught.value.fix
    with hold_run_lock(here._replace(file=tmp_path / "here" / "launch.lock")):
        pass  # another lock
    done.set()
    other.join(PATIENCE_S)
    with hold_run_lock(here):
        pass


def test_one_server_may_hold_the_stores_of_two_schemas_that_do_not_wait_for_each_other(postgres, tmp_path):
    first, second = (parse_database_url(postgres.new_schema()) for _ in range(2))
    with (
        hold_run_lock(LockPlace(tmp_path / "a" / "run.lock", first)),
        hold_run_lock(LockPlace(tmp_path / "b" / "run.lock", second)),
        Store(first, busy_timeout_s=0.05) as one,
        Store(second, busy_timeout_s=0.05) as two,
        one.database.transaction(),
    ):
        store_dataset(two, make_record(), make_rows(1))


def test_no_backup_is_made_of_a_server_and_none_restored_to_it(address, tmp_path):
    rows.fill(address)
    assert backup_database(address, tmp_path / "backups") is None
    assert not (tmp_path / "backups").exists()
    with pytest.raises(StorageError, match="copy of a SQLite file") as caught:
        restore_backup(address, tmp_path / "x.db", tmp_path)
    assert "pg_restore" in caught.value.fix


def test_a_workspace_keeps_its_datasets_where_its_env_file_says(address, tmp_path):
    workspace = Workspace(tmp_path)
    assert workspace.database == tmp_path / "memory" / "dataset_builder.db"
    assert workspace.run_lock == (tmp_path / "memory" / "run.lock", None)
    (tmp_path / ".env").write_text(f"DATABASE_URL={address.url}\n", encoding="utf-8")
    assert workspace.database == address
    assert workspace.launch_lock == (tmp_path / "memory" / "launch.lock", address)
    with Store(workspace.database) as store:
        assert isinstance(store.database, PostgresDatabase)
    (tmp_path / ".env").write_text("DATABASE_URL=s3cret\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        _ = workspace.database
    assert not re.search("s3cret", everything(caught.value))


def test_without_the_driver_the_error_says_what_to_install():
    program = """
import sys
sys.modules["psycopg"] = None
from src.core.database_address import parse_database_url
from src.core.errors import MissingPackageError
from src.persistence.sqlite_client import Store
try:
    Store(parse_database_url("postgresql://ann@127.0.0.1/x"))
except MissingPackageError as error:
    print(error, error.fix)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    fix = "make setup-postgres, or: pip install -r requirements-postgres.txt"
    assert done.stdout == f"DATABASE_URL needs the package 'psycopg'. {fix}\n"
