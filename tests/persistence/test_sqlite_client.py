"""The store: whole datasets, free names, and what happens to a damaged, locked, full or foreign database."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.errors import DatasetError, StorageError
from src.core.types import Rejection, RunFacts, Span, Usage
from src.persistence.connection import SqliteDatabase, explain
from src.persistence.migrations import LATEST
from src.persistence.models import StoredSample
from src.persistence.sqlite_client import _CURRENT, Store
from tests.fakes import make_sample
from tests.patience import PATIENCE_S
from tests.persistence import rows
from tests.persistence.rows import NOON, begin, make_record, make_rows, store_dataset


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "memory" / "dataset_builder.db"


@pytest.fixture
def file_store(path):
    """A store that is a file of SQLite; ``store`` is one of each kind."""
    with Store(path, clock=lambda: NOON) as opened:
        yield opened


def run_python(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_list_of_datasets_looks_at_no_version_more_than_once(tmp_path):
    with Store(tmp_path / "sets.db") as store:
        plan = [row["detail"] for row in store.database.read(f"EXPLAIN QUERY PLAN {_CURRENT}")]
    assert any(step.startswith("SEARCH later USING INDEX idx_datasets_parent") for step in plan), plan


def test_opening_creates_the_folder_and_sets_wal_and_foreign_keys(file_store, path):
    assert path.is_file()
    assert file_store.database.read("PRAGMA journal_mode")[0][0] == "wal"
    assert file_store.database.read("PRAGMA foreign_keys")[0][0] == 1


def test_a_finished_dataset_is_read_back_in_order_with_everything_in_it(store):
    sample = make_sample(span=Span(3, 40), group="g1", note="x")
    stored = [StoredSample(sample, 12, "train"), *make_rows(3, split="validation")]
    refused = [Rejection("too_long", "9 tokens", make_sample("Q", "A")), Rejection("unreadable", source_file="b.pdf")]
    record = make_record(requested=9, proposed=6, rejected={"too_long": 1, "unreadable": 1})
    finished = store_dataset(store, record, iter(stored), iter(refused))
    assert len(finished.content_hash) == 64
    counted = {"total_samples": 4, "total_tokens": 18, "content_hash": finished.content_hash}
    assert finished == replace(record, status="finished", finished_at=NOON, **counted)
    assert store.datasets() == (finished,)
    back = list(store.samples(record.id))
    assert [replace(row, id="") for row in back] == stored
    assert list(store.rejections(record.id)) == refused


def test_more_samples_than_one_page_come_back_whole_and_in_order(store):
    stored = make_rows(1203)
    store_dataset(store, make_record(), iter(stored))
    assert [row.sample for row in store.samples(make_record().id)] == [row.sample for row in stored]


@settings(max_examples=10, deadline=None)
@given(
    samples=st.lists(rows.samples, max_size=2, unique_by=lambda sample: sample.id),
    refused=st.lists(rows.rejections, max_size=1),
)
def test_whatever_samples_and_rejections_go_in_come_out(samples, refused):
    with TemporaryDirectory() as folder, Store(Path(folder) / "a.db") as store:
        store_dataset(store, make_record(), [StoredSample(sample, 1) for sample in samples], refused)
        assert [row.sample for row in store.samples(make_record().id)] == samples
        assert list(store.rejections(make_record().id)) == refused


def test_reading_may_stop_and_writing_go_on_in_between(store):
    store_dataset(store, make_record(), make_rows(5))
    reading = store.samples(make_record().id)
    first = next(reading)
    begin(store, make_record("other"))
    assert first.sample != next(reading).sample
    assert len(list(reading)) == 3


def test_the_same_sample_may_stand_in_two_datasets(store):
    store_dataset(store, make_record("one"), make_rows(1))
    store_dataset(store, make_record("two"), make_rows(1))
    first, second = (next(store.samples(make_record(name).id)) for name in ("one", "two"))
    assert first.sample == second.sample
    assert first.id != second.id


def test_a_dataset_with_one_conversation_twice_is_refused_and_stays_unfinished(store):
    with pytest.raises(DatasetError, match="same conversation twice") as caught:
        store_dataset(store, make_record(), make_rows(2) + make_rows(1))
    assert "duplicates" in caught.value.fix
    assert [record.status for record in store.datasets()] == ["running"]


def test_samples_are_stored_as_they_come_and_replaced_when_the_run_is_begun_again(store):
    def broken():
        yield from make_rows(700)
        raise KeyboardInterrupt

    writer = store.begin(make_record())
    with pytest.raises(KeyboardInterrupt):
        writer.add(broken())
    writer.reject([Rejection("too_long")])
    assert [found.status for found in store.datasets()] == ["running"]
    stored = len(list(store.samples(writer.record.id)))
    assert 0 < stored < 700, "whole batches"

    again = store.begin(make_record())
    assert list(store.samples(again.record.id)) == list(store.rejections(again.record.id)) == []
    again.add(make_rows(2))
    assert store.mark_finished(again.end(RunFacts())).total_samples == 2


def test_nobody_waits_for_the_database_while_a_dataset_is_filled(store, open_store):
    def watched():
        with open_store(busy_timeout_s=0.0) as other:
            for number, row in enumerate(make_rows(1200)):
                if number in {0, 600, 1199}:
                    begin(other, make_record(f"other{number}", config_hash=str(number)))
                yield row

    assert store_dataset(store, make_record(), watched()).total_samples == 1200


def test_what_a_run_took_and_said_comes_back(store):
    run = RunFacts("openai gpt", Usage(5, 6), 0.25, 3, 1, 1.5, ("a.pdf skipped",), ("one group only",))
    writer = store.begin(make_record())
    writer.add(make_rows(1))
    finished = store.mark_finished(writer.end(run))
    assert store.find("pots") == finished
    assert finished.run == run


def test_samples_are_arranged_into_the_order_of_the_files_and_again(store):
    writer = store.begin(make_record())
    writer.add(make_rows(1100, split=None))
    record = writer.end(RunFacts())
    arrivals = [row.sample for row in store.arrivals(record.id)]
    for validation in (range(1099, 99, -2), range(0, 1100, 3)):
        train = [number for number in reversed(range(1100)) if number not in validation]
        store.arrange(record, (("train", train), ("validation", validation)))
        assert [row.sample for row in store.side(record.id, "train")] == [arrivals[number] for number in train]
        assert [row.sample for row in store.samples(record.id)] == [arrivals[n] for n in (*train, *validation)]
        assert {row.split for row in store.side(record.id, "validation")} == {"validation"}
        assert [row.sample for row in store.arrivals(record.id)] == arrivals
    store.arrange(record, ((None, range(1100)), ("validation", ())))
    assert [row.sample for row in store.side(record.id, "train")] == arrivals
    assert list(store.side(record.id, "validation")) == []


def test_samples_of_a_run_that_another_one_has_begun_anew_are_not_arranged(store):
    writer = store.begin(make_record())
    writer.add(make_rows(2))
    record = writer.end(RunFacts(seconds=1.0))
    begin(store, make_record())
    with pytest.raises(DatasetError, match="begun dataset 'pots' anew"):
        store.arrange(record, (("train", [0, 1]),))


def test_a_version_takes_the_place_of_its_parent_once_it_is_finished(store):
    first = store_dataset(store, make_record(), make_rows(3))
    derived = store.derive(first, "split anew")
    assert (derived.parent, derived.version, derived.reason) == (first.id, 2, "split anew")
    writer = store.begin(derived)
    writer.add(store.samples(first.id))
    assert store.find("pots") == first, "unfinished yet"
    assert store.unfinished(first.config_hash) is None, "no run resumes it"
    second = store.mark_finished(writer.end(first.run))
    assert store.datasets() == (second,)
    assert store.find("pots") == second
    assert store.latest() == second
    assert [row.sample for row in store.samples(second.id)] == [row.sample for row in store.samples(first.id)]
    assert store.free_name("pots") == "pots-2"
    third = store_dataset(store, store.derive(second, "again"), make_rows(1))
    assert store.find("pots") == third


def test_an_unfinished_run_is_found_by_its_configuration_until_it_is_finished(store):
    assert store.unfinished("cafe") is None
    begun = begin(store, make_record())
    assert store.unfinished("cafe") == begun
    assert store.unfinished("beef") is None
    assert begin(store, make_record()) == begun
    store_dataset(store, begun, make_rows(1))
    assert store.unfinished("cafe") is None


def test_a_finished_dataset_is_never_written_again(store):
    finished = store_dataset(store, make_record(), make_rows(2))
    with pytest.raises(DatasetError, match="is finished"):
        begin(store, make_record())
    with pytest.raises(DatasetError, match="is finished"):
        store_dataset(store, make_record(), make_rows(1))
    assert store.datasets() == (finished,)


def test_a_name_belongs_to_one_dataset_even_in_another_case(store):
    begin(store, make_record("Töpfe"))
    with pytest.raises(DatasetError, match="named 'Töpfe' already"):
        begin(store, make_record("tÖPFE", config_hash="beef"))


def test_a_run_that_will_not_be_resumed_can_be_forgotten_but_a_finished_one_cannot(store):
    writer = store.begin(make_record("a"))
    writer.add(make_rows(600))
    finished = store_dataset(store, make_record("b"), make_rows(1))
    assert store.find_unfinished("a").id == writer.record.id
    store.discard(store.find_unfinished("a"))
    with pytest.raises(DatasetError, match="is finished"):
        store.discard(finished)
    with pytest.raises(DatasetError, match="no unfinished run 'b'"):
        store.find_unfinished("b")
    assert store.datasets() == (finished,)
    assert list(store.samples(writer.record.id)) == []


def test_free_name_counts_up_past_datasets_of_any_case_and_files(store):
    assert store.free_name("pots") == "pots"
    store_dataset(store, make_record("POTS"), make_rows(1))
    begin(store, make_record("pots-2", config_hash="beef"))
    assert store.free_name("pots") == "pots-3"
    assert store.free_name("pots", exists=lambda name: name in {"pots-3", "pots-4"}) == "pots-5"


def test_datasets_come_newest_first_and_latest_is_the_newest_finished_one(store):
    assert store.latest() is None
    store_dataset(store, make_record("old", minutes=0), make_rows(1))
    store_dataset(store, make_record("new", minutes=9), make_rows(1))
    store_dataset(store, make_record("middle", minutes=5), make_rows(1))
    begin(store, make_record("running", minutes=20))
    assert [record.name for record in store.datasets()] == ["running", "new", "middle", "old"]
    latest = store.latest()
    assert latest is not None
    assert latest.name == "new"


def test_a_dataset_is_found_by_name_by_id_and_by_the_beginning_of_its_id(store):
    pots = store_dataset(store, make_record("pots"), make_rows(1))
    assert store.find("pots") == store.find(pots.id) == store.find(pots.id[:6]) == pots


def test_a_dataset_that_is_not_there_is_an_error_with_close_matches(store):
    with pytest.raises(DatasetError) as caught:
        store.find("pots")
    assert "generate" in caught.value.fix
    store_dataset(store, make_record("pottery_faq"), make_rows(1))
    with pytest.raises(DatasetError, match="no dataset 'potery_faq'") as caught:
        store.find("potery_faq")
    assert "'pottery_faq'" in caught.value.fix
    with pytest.raises(DatasetError) as caught:
        store.find("zzz")
    assert "datasets" in caught.value.fix


def test_an_unfinished_dataset_is_named_as_such(store):
    begin(store, make_record())
    with pytest.raises(DatasetError, match="not finished") as caught:
        store.find("pots")
    assert "goes on where it stopped" in caught.value.fix


def test_the_beginning_of_several_ids_is_not_guessed(store):
    for name in ("a", "b"):
        store_dataset(store, make_record(name, id=f"abcd-{name}"), make_rows(1))
    with pytest.raises(DatasetError, match="several ids: .*abcd-"):
        store.find("abcd")


def test_one_store_serves_several_threads(store):
    def fill_one(name):
        store_dataset(store, make_record(name, config_hash=name), make_rows(600))

    threads = [threading.Thread(target=fill_one, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(record.name, record.total_samples) for record in store.datasets()} == {(name, 600) for name in "abcd"}


@pytest.mark.parametrize("content", [b"this is not a database, whatever its name says" * 40, b"\0" * 9000])
def test_a_file_that_is_no_database_is_an_error_that_names_the_way_back(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged") as caught:
        Store(path)
    assert "python -m src.main datasets backups" in caught.value.fix
    assert "datasets restore" in caught.value.fix
    assert path.read_bytes() == content


def test_a_database_with_broken_pages_is_an_error_that_names_the_way_back(path):
    rows.fill(path, count=300)
    rows.damage(path)
    with pytest.raises(StorageError, match="damaged") as caught, Store(path) as store:
        list(store.samples(make_record().id))
    assert "datasets restore" in caught.value.fix


def test_a_truncated_database_is_an_error_that_names_the_way_back(path):
    rows.fill(path, count=300)
    os.truncate(path, 5000)
    with pytest.raises(StorageError, match="damaged") as caught, Store(path) as store:
        list(store.samples(make_record().id))
    assert "datasets backups" in caught.value.fix


@pytest.mark.parametrize("content", ["{}", "5", "[1]", '[{"role": "user"}]', "[{", ""])
def test_a_row_that_was_not_written_by_this_program_is_an_error(store, content):
    store_dataset(store, make_record(), make_rows(1))
    with store.database.transaction() as db:
        db.execute("UPDATE samples SET content = ?", (content,))
    for read in (store.samples, store.turns):
        with pytest.raises(StorageError, match="cannot be understood"):
            list(read(make_record().id))


def test_a_database_of_a_newer_version_is_refused_unchanged(path):
    rows.fill(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {LATEST + 1}")
    with pytest.raises(StorageError, match="newer version") as caught:
        Store(path)
    assert "Update" in caught.value.fix


def test_the_database_of_another_program_is_refused_unchanged(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StorageError, match="another program .*bookmarks"):
        Store(path)
    assert path.read_bytes() == before


def test_a_database_that_another_process_is_writing_is_reported_as_in_use(path):
    rows.fill(path)
    holder = run_python(
        """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        print("locked", flush=True)
        sys.stdin.readline()
        """,
        path,
    )
    with holder, Store(path, busy_timeout_s=0.2) as store:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        assert len(store.datasets()) == 1, "reading goes on"
        with pytest.raises(StorageError, match="another run is using the database") as caught:
            begin(store, make_record("other"))
        assert "Wait" in caught.value.fix
        holder.communicate("\n", timeout=PATIENCE_S)
        begin(store, make_record("other"))


def test_killing_a_process_while_it_stores_a_dataset_leaves_it_unfinished_and_the_others_whole(place, open_store):
    rows.fill(place, "before")
    writer = run_python(
        """
        import sys
        from src.persistence.sqlite_client import _CURRENT, Store
        from tests.persistence.rows import from_argument, make_record, make_rows, store_dataset

        def endless():
            yield from make_rows(5000)
            print("half", flush=True)
            sys.stdin.readline()

        with Store(from_argument(sys.argv[1])) as store:
            store_dataset(store, make_record("killed", minutes=1), endless())
        """,
        rows.as_argument(place),
    )
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half\n"
        writer.send_signal(signal.SIGKILL)
    with open_store() as store:
        assert [(record.name, record.status) for record in store.datasets()] == [
            ("killed", "running"),
            ("before", "finished"),
        ]
        assert len(list(store.samples(make_record("killed").id))) == 5000
        assert store_dataset(store, make_record("killed", minutes=1), make_rows(4)).total_samples == 4
        assert len(list(store.samples(make_record("killed").id))) == 4
    if isinstance(place, Path):
        assert rows.quick_check(place) == "ok"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_without_room_is_an_error_with_a_fix_and_loses_nothing(path):
    rows.fill(path, "before")
    writer = run_python(
        """
        import resource, sys
        from pathlib import Path
        from src.core.errors import StorageError
        from src.persistence.sqlite_client import _CURRENT, Store
        from tests.persistence.rows import begin, make_record, make_rows, store_dataset

        whole = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, whole[1]))
        try:
            with Store(Path(sys.argv[1])) as store:
                store_dataset(store, make_record("too_big"), make_rows(20_000))
        except StorageError as error:
            print(f"{error} {error.fix}")
        resource.setrlimit(resource.RLIMIT_FSIZE, whole)
        """,
        path,
    )
    with writer:
        output, errors = writer.communicate(timeout=PATIENCE_S)
    assert errors == ""
    assert "nothing that was finished is lost" in output
    with Store(path) as store:
        assert {record.name: record.status for record in store.datasets()} == {
            "before": "finished",
            "too_big": "running",
        }
    assert rows.quick_check(path) == "ok"


def test_a_full_database_is_told_as_a_full_disk(file_store):
    store_dataset(file_store, make_record("before"), make_rows(1))
    pages = file_store.database.read("PRAGMA page_count")[0][0]
    file_store.database.read(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageError, match="the disk is full") as caught:
        store_dataset(file_store, make_record("big"), make_rows(3000))
    assert "Free some space" in caught.value.fix
    assert [record.status for record in file_store.datasets()] == ["running", "finished"]


def test_a_read_only_database_is_an_error_about_permissions(path):
    rows.fill(path)
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        with pytest.raises(sqlite3.OperationalError) as caught:
            db.execute("DELETE FROM datasets")
        error = explain(path, caught.value)
    assert error is not None
    assert "read-only" in str(error)
    assert "permissions" in error.fix


def test_a_path_that_cannot_hold_a_database_is_an_error(tmp_path):
    with pytest.raises(StorageError, match="cannot be opened"):
        Store(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        Store(tmp_path / "file" / "a.db")


def test_mistakes_in_sql_are_not_dressed_up_as_errors_of_the_disk(path):
    database = SqliteDatabase(path)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.read("SELECT * FROM nowhere")
    database.close()
    database.close()
    with pytest.raises(sqlite3.ProgrammingError):
        database.read("SELECT 1")


def test_odd_characters_in_the_path_are_no_problem(tmp_path):
    path = tmp_path / "a b#?%20é" / "x y.db"
    rows.fill(path)
    assert rows.names_in(path) == ["pots"]


def test_a_run_whose_files_are_not_written_yet_is_unfinished_and_holds_its_samples(store):
    def fill_again(count):
        writer = store.begin(make_record())
        writer.add(make_rows(count))
        return writer.end(RunFacts())

    stored = fill_again(3)
    assert (stored.status, stored.total_samples, stored.finished_at) == ("running", 3, None)
    assert store.unfinished(stored.config_hash).id == stored.id
    assert len(list(store.samples(stored.id))) == 3

    again = fill_again(2)
    finished = store.mark_finished(again)
    assert store.find("pots") == finished
    assert (finished.status, finished.total_samples, finished.finished_at) == ("finished", 2, NOON)
    assert store.unfinished(finished.config_hash) is None
    with pytest.raises(DatasetError, match="is finished"):
        store.mark_finished(again)
