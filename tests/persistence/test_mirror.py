"""The mirror in Supabase, by the official client over loopback: made, read back, changed, removed, and interrupted."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from src.core.errors import DatasetError, StorageError
from src.core.secrets import SupabaseProject
from src.core.types import RunFacts, Usage
from src.persistence.mirror import Pushed, list_mirrored, pull, push, remove
from src.persistence.models import StoredSample
from src.persistence.removal import mark_deleted
from src.persistence.sqlite_client import Store
from src.persistence.supabase import Mirror
from tests.fakes import make_sample
from tests.patience import PATIENCE_S
from tests.persistence.rows import NOON, begin, make_record, make_rows, store_dataset
from tests.postgres_server import PostgresServer
from tests.stub_postgrest import KEY, StubPostgrest

SQL = Path(__file__).parents[2] / "sql" / "supabase"


@pytest.fixture
def stub():
    with StubPostgrest() as server:
        yield server


@pytest.fixture
def mirror(stub):
    with Mirror(stub.project, pauses_s=()) as opened:
        yield opened


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "here.db", clock=lambda: NOON) as opened:
        yield opened


@pytest.fixture
def elsewhere(tmp_path):
    with Store(tmp_path / "elsewhere.db", clock=lambda: NOON) as opened:
        yield opened


def everything(error: BaseException) -> str:
    return f"{error!r} {error} {getattr(error, 'fix', '')} {error.__cause__!r}"


def test_a_dataset_comes_back_as_it_was_sent(store, elsewhere, mirror):
    odd = make_sample(
        "What is\0a kiln?", 'An "oven" \\ 陶 \U0001f3fa.', span=None, group="g", score=0.1, deep={"a": [1, None]}
    )
    run = RunFacts("openai gpt", Usage(5, 6), 0.25, 3, 1, 1.5, ("a.pdf skipped",))
    record = make_record(rejected={"too_long": 2}, requested=9, proposed=7, run=run, config='{"a":1}', reason="fresh")
    stored = [StoredSample(odd, 12, "train"), *make_rows(3, split="validation"), StoredSample(make_sample("a", "b"), 1)]
    record = store.mark_finished(replace(store_rows(store, record, stored), rejected={"too_long": 2}, proposed=7))
    assert push(store, record, mirror) == Pushed(5, 5)
    assert pull(elsewhere, mirror, "pots") == record
    assert [replace(row, id="") for row in elsewhere.samples(record.id)] == stored
    assert pull(elsewhere, mirror, record.id) == record, "one that is here already stays as it is"


def store_rows(store, record, stored):
    writer = store.begin(record)
    writer.add(stored)
    return writer.end(record.run)


def test_what_is_there_already_is_not_sent_again(store, mirror, stub):
    record = store_dataset(store, make_record(), make_rows(3))
    push(store, record, mirror)
    before = len(stub.requests)
    assert push(store, record, mirror) == Pushed(0, 3)
    assert {request.method for request in stub.requests[before:]} == {"GET"}


def test_large_datasets_go_in_batches_and_come_in_pages(store, elsewhere, mirror, stub):
    rows = [*make_rows(1100), StoredSample(make_sample("long", "x" * 1_500_000), 9, "train")]
    record = store_dataset(store, make_record(), rows)
    told = []
    assert push(store, record, mirror, lambda done, total: told.append((done, total))) == Pushed(1101, 1101)
    sizes = [len(request.body) for request in stub.requests if request.table == "mirrored_samples" and request.body]
    assert sizes == [500, 500, 100, 1]
    assert told == [(500, 1101), (1000, 1101), (1100, 1101), (1101, 1101)]
    assert pull(elsewhere, mirror, "pots").total_samples == 1101


@pytest.mark.parametrize("carried_out", [False, True])
def test_an_interrupted_push_goes_on_where_it_stopped(store, elsewhere, mirror, stub, carried_out):
    record = store_dataset(store, make_record(), make_rows(1200))
    stub.drop(table="samples", method="POST", skip=1, carry_out=carried_out)
    with pytest.raises(StorageError, match="cannot be reached") as caught:
        push(store, record, mirror)
    assert KEY not in everything(caught.value)
    assert [(found.uploaded, found.complete) for found in list_mirrored(mirror)] == [(500, False)]
    with pytest.raises(DatasetError, match="has not arrived whole"):
        pull(elsewhere, mirror, "pots")
    assert push(store, record, mirror) == Pushed(700, 1200)
    assert [row["position"] for row in stub.rows("mirrored_samples")] == list(range(1200))
    assert pull(elsewhere, mirror, "pots").total_samples == 1200


def test_trouble_that_passes_is_waited_for(store, stub):
    record = store_dataset(store, make_record(), make_rows(3))
    stub.fail(503, body="<html>down for a moment</html>", table="samples")
    stub.drop(table="datasets", method="PATCH", carry_out=False)
    stub.fail(429, body='{"message":"slow down"}', table="datasets", method="GET")
    waited = []
    with Mirror(stub.project, pauses_s=(1.0, 4.0), sleep=waited.append) as mirror:
        assert push(store, record, mirror) == Pushed(3, 3)
    assert waited == [1.0, 1.0, 1.0]


def test_trouble_that_stays_is_an_error_after_the_last_pause(store, stub):
    stub.fail(500, body="boom", times=9)
    waited = []
    patient = Mirror(stub.project, pauses_s=(1.0, 4.0), sleep=waited.append)
    with patient as mirror, pytest.raises(StorageError, match="in trouble: 500") as caught:
        list_mirrored(mirror)
    assert waited == [1.0, 4.0]
    assert "later" in caught.value.fix


def test_a_wrong_key_is_said_and_never_shown(stub):
    wrong = "sb_secret_wrong_0123456789abcdef"
    opened = Mirror(SupabaseProject(stub.url, wrong), pauses_s=(1.0,), sleep=lambda _s: pytest.fail("of no use"))
    with opened as mirror, pytest.raises(StorageError, match="does not take the key .Invalid API key.") as caught:
        list_mirrored(mirror)
    assert "SUPABASE_KEY" in caught.value.fix
    assert wrong not in everything(caught.value)


@pytest.mark.parametrize(
    ("status", "code", "said", "fix"),
    [
        (401, "42501", "does not let this key do that", "secret key"),
        (403, "42501", "does not let this key do that", "secret key"),
        (401, "PGRST301", "does not take the key", "secret key"),
        (404, "PGRST205", "has no table for this", "001_mirror.sql"),
        (400, "22P02", "refused a request: 400", "001_mirror.sql"),
    ],
)
def test_every_refusal_has_a_cause_and_a_fix_and_hides_the_key(mirror, stub, status, code, said, fix):
    stub.fail(
        status, body=json.dumps({"code": code, "message": f"bad row for {KEY}\nmore", "hint": None, "details": None})
    )
    with pytest.raises(StorageError, match=said) as caught:
        list_mirrored(mirror)
    assert fix in caught.value.fix
    assert KEY not in f"{caught.value} {caught.value.fix}"


def test_a_server_that_is_not_there_is_said():
    nowhere = SupabaseProject("http://127.0.0.1:1", KEY)
    with Mirror(nowhere, pauses_s=()) as mirror, pytest.raises(StorageError, match="cannot be reached"):
        list_mirrored(mirror)


def test_a_server_that_is_not_supabase_is_said(mirror, stub):
    stub.fail(200, body="<html>welcome</html>")
    with pytest.raises(StorageError, match="does not answer as Supabase does"):
        list_mirrored(mirror)
    stub.tables["mirrored_datasets"]["x",] = {"name": "x", "version": 1, "id": "x"}
    with pytest.raises(StorageError, match="cannot be understood"):
        list_mirrored(mirror)


def test_the_key_is_not_carried_to_another_place(mirror, stub):
    with StubPostgrest() as other:
        stub.fail(307, body=other.url)
        with pytest.raises(StorageError):
            list_mirrored(mirror)
        assert other.requests == []


def test_a_dataset_that_changed_here_is_changed_there(store, mirror, stub):
    record = store_dataset(store, make_record(), make_rows(3))
    push(store, record, mirror)
    renamed = replace(record, name="vases")
    assert push(store, renamed, mirror) == Pushed(0, 3)
    assert [(found.record.name, found.complete) for found in list_mirrored(mirror)] == [("vases", True)]

    with store.database.transaction() as db:
        db.execute("DELETE FROM samples WHERE position = 2")
        db.execute("UPDATE samples SET source_file = 'b.txt' WHERE position = 1")
    assert push(store, record, mirror) == Pushed(2, 2)
    assert [row["source_file"] for row in stub.rows("mirrored_samples")] == [
        make_rows(1)[0].sample.source_file,
        "b.txt",
    ]


def test_every_version_is_there_and_the_latest_is_pulled(store, elsewhere, mirror):
    first = store_dataset(store, make_record(), make_rows(3))
    push(store, first, mirror)
    assert pull(elsewhere, mirror, "pots").version == 1
    second = store_dataset(store, store.derive(first, "cleaned"), make_rows(2))
    push(store, second, mirror)
    assert [(found.record.version, found.uploaded) for found in list_mirrored(mirror)] == [(2, 2), (1, 3)]
    pulled = pull(elsewhere, mirror, "pots")
    assert (pulled.version, pulled.parent, pulled.reason) == (2, first.id, "cleaned")
    assert elsewhere.datasets() == (pulled,)


def test_a_version_comes_alone_where_its_parent_is_not(store, elsewhere, mirror):
    first = store_dataset(store, make_record(), make_rows(3))
    push(store, store_dataset(store, store.derive(first, "cleaned"), make_rows(2)), mirror)
    pulled = pull(elsewhere, mirror, "pots")
    assert (pulled.version, pulled.parent) == (2, None)


def test_a_pull_never_takes_the_place_of_another_dataset_of_that_name(store, elsewhere, mirror):
    push(store, store_dataset(store, make_record(), make_rows(3)), mirror)
    other = store_dataset(elsewhere, make_record(config_hash="beef"), make_rows(1))
    with pytest.raises(DatasetError, match="another dataset named 'pots'") as caught:
        pull(elsewhere, mirror, "pots")
    assert "Rename" in caught.value.fix
    assert elsewhere.datasets() == (other,)


def test_a_later_version_comes_though_those_between_are_not_here(store, elsewhere, mirror):
    first = store_dataset(store, make_record(), make_rows(3))
    push(store, first, mirror)
    pull(elsewhere, mirror, "pots")
    second = store_dataset(store, store.derive(first, "cleaned"), make_rows(2))
    third = store_dataset(store, store.derive(second, "cleaned again"), make_rows(1))
    push(store, third, mirror)
    pulled = pull(elsewhere, mirror, "pots")
    assert (pulled.version, pulled.id, pulled.parent) == (3, third.id, first.id)
    assert elsewhere.datasets() == (pulled,)


def test_what_is_older_in_the_mirror_than_here_is_not_pulled(store, mirror):
    first = store_dataset(store, make_record(), make_rows(3))
    push(store, first, mirror)
    second = store_dataset(store, store.derive(first, "cleaned"), make_rows(2))
    with pytest.raises(DatasetError, match=r"version 2, which is newer than version 1") as caught:
        pull(store, mirror, "pots")
    assert "datasets push pots" in caught.value.fix
    assert store.datasets() == (second,)


def test_what_is_deleted_or_unfinished_here_says_how_it_can_be_pulled(store, elsewhere, mirror):
    record = store_dataset(store, make_record(), make_rows(3))
    push(store, record, mirror)
    begin(elsewhere, make_record(config_hash="beef"))
    with pytest.raises(DatasetError, match="begun here and not finished") as caught:
        pull(elsewhere, mirror, "pots")
    assert "datasets discard pots" in caught.value.fix
    mark_deleted(store, record)
    with pytest.raises(DatasetError, match="is here, but deleted") as caught:
        pull(store, mirror, "pots")
    assert "datasets undo pots" in caught.value.fix


def test_a_pull_that_was_interrupted_begins_anew(store, elsewhere, mirror, stub):
    record = store_dataset(store, make_record(), make_rows(700))
    push(store, record, mirror)
    stub.drop(table="samples", method="GET", skip=1, carry_out=False)
    with pytest.raises(StorageError):
        pull(elsewhere, mirror, "pots")
    assert [found.status for found in elsewhere.datasets()] == ["running"]
    assert pull(elsewhere, mirror, "pots").total_samples == 700


def test_samples_that_were_changed_in_the_mirror_are_not_taken(store, elsewhere, mirror, stub):
    record = store_dataset(store, make_record(), make_rows(3))
    push(store, record, mirror)
    del stub.tables["mirrored_samples"][record.id, 2]
    with pytest.raises(StorageError, match="2 of 3 samples came") as caught:
        pull(elsewhere, mirror, "pots")
    assert "Push it again" in caught.value.fix
    assert elsewhere.datasets() == ()


def test_a_dataset_is_removed_with_its_versions_and_stays_here(store, mirror, stub):
    first = store_dataset(store, make_record(), make_rows(3))
    second = store_dataset(store, store.derive(first, "cleaned"), make_rows(2))
    other = store_dataset(store, make_record("vases", config_hash="beef"), make_rows(1))
    for record in (first, second, other):
        push(store, record, mirror)
    assert [record.version for record in remove(mirror, "pots")] == [2, 1]
    assert [found.record.name for found in list_mirrored(mirror)] == ["vases"]
    assert {row["dataset_id"] for row in stub.rows("mirrored_samples")} == {other.id}
    with pytest.raises(DatasetError, match="no dataset 'pots'") as caught:
        remove(mirror, "pots")
    assert "'vases'" in caught.value.fix
    assert [record.id for record in remove(mirror, other.id)] == [other.id]
    with pytest.raises(DatasetError) as caught:
        pull(store, mirror, "pots")
    assert "none yet" in caught.value.fix
    assert store.find("pots") == second


def test_the_sql_to_paste_takes_what_the_client_sends_and_keeps_strangers_out(
    store, mirror, stub, postgres: PostgresServer
):
    """PostgREST puts a body into a table by json_populate_recordset: so does this, on the real tables."""
    create_role = "DO $$ BEGIN CREATE ROLE {}; EXCEPTION WHEN duplicate_object THEN END $$"
    roles = [create_role.format(name) for name in ("anon", "authenticated", "service_role")]
    postgres.execute("CREATE DATABASE project", *roles, "ALTER ROLE service_role BYPASSRLS")
    files = [path.read_text(encoding="utf-8") for path in sorted(SQL.glob("*.sql"))]
    postgres.execute(*files, *files, database="project")

    odd = make_sample("What is\0a kiln?", "An\0oven.", group="g\0", note="\0")
    record = store_dataset(store, make_record(rejected={"a\0b": 1}), [StoredSample(odd, 3), *make_rows(2)])
    push(store, record, mirror)
    with psycopg.connect(postgres.address("project"), autocommit=True) as db:
        db.execute("SET ROLE service_role")
        for request in stub.requests:
            if request.method == "POST":
                rows = request.body if isinstance(request.body, list) else [request.body]
                names = ", ".join(f'"{name}"' for name in rows[0])
                db.execute(
                    f"INSERT INTO public.{request.table} ({names}) SELECT {names}"
                    f" FROM json_populate_recordset(null::public.{request.table}, %s)",
                    (json.dumps(rows),),
                )
        kept = db.execute("SELECT content, metadata FROM public.mirrored_samples ORDER BY position").fetchall()
        assert json.loads(kept[0][0])[0]["content"] == "What is\0a kiln?"
        assert json.loads(kept[0][1])["note"] == "\0"
        for role in ("anon", "authenticated"):
            db.execute("RESET ROLE")
            db.execute(f"SET ROLE {role}")
            for table in ("mirrored_datasets", "mirrored_samples"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute(f"SELECT * FROM public.{table}")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute(f"DELETE FROM public.{table}")


def test_the_policies_to_uncomment_let_members_read_whole_datasets_only(postgres: PostgresServer):
    create_role = "DO $$ BEGIN CREATE ROLE {}; EXCEPTION WHEN duplicate_object THEN END $$"
    roles = [create_role.format(name) for name in ("anon", "authenticated", "service_role")]
    postgres.execute("CREATE DATABASE members", *roles)
    tables, policies = (path.read_text(encoding="utf-8") for path in sorted(SQL.glob("*.sql")))
    commented = policies.partition("run these too:\n")[2].splitlines()
    optional = "\n".join(line.removeprefix("--") for line in commented)
    dataset = """
        INSERT INTO mirrored_datasets (id, name, provider, model, mode, created_at, total_samples, total_tokens,
          requested, proposed, config_hash, config, rejected, run, fingerprint, complete)
        VALUES ('{0}', '{0}', '', '', '', now(), 1, 1, 1, 1, '', '{{}}', '{{}}', '{{}}', '', {1})"""
    sample = """
        INSERT INTO mirrored_samples
        SELECT id, 0, '', '[]', 1, '', '', null, '', null, null, '', '', '{}' FROM mirrored_datasets"""
    filled = (dataset.format("a", "true"), dataset.format("b", "false"), sample)
    postgres.execute(tables, policies, optional, *filled, database="members")
    seen = postgres.execute("SET ROLE authenticated", "SELECT dataset_id FROM mirrored_samples", database="members")
    assert seen == [("a",)]


def test_unfinished_datasets_have_nothing_to_push(store):
    begin(store, make_record())
    with pytest.raises(DatasetError, match="not finished"):
        store.find("pots")


def test_without_the_client_the_error_says_what_to_install():
    program = """
import sys
sys.modules["supabase"] = None
from src.core.errors import MissingPackageError
from src.core.secrets import SupabaseProject
from src.persistence.supabase import Mirror
try:
    Mirror(SupabaseProject("https://x.example", "k"))
except MissingPackageError as error:
    print(error, error.fix)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    fix = "make setup-supabase, or: pip install -r requirements-supabase.txt"
    assert done.stdout == f"The mirror needs the package 'supabase'. {fix}\n"
