"""Stored datasets renamed, deleted and brought back, rolled back: nothing is lost on the way."""

from __future__ import annotations

import pytest

from src.core.config import load_config
from src.core.errors import DatasetError, UsageError
from src.core.types import ChatRequest, GenerationResult, Message
from src.library.editing.drafts import Decision, Drafts
from src.persistence.drops import drop_samples, dropped_samples
from src.persistence.exporters import write_json
from src.persistence.journal import Journal
from src.persistence.removal import KEPT_DAYS, deleted_datasets, remove_expired, rename_dataset
from src.persistence.search_index import SearchIndex
from src.persistence.sqlite_client import Store
from src.persistence.versions import find_version, versions_of
from src.stored.exporting import export_stored
from src.stored.keeping import delete, preview_deletion, purge, rename, roll_back, undo_deletion
from tests.library.stored import NOON, parts_of, record_named, rows, say, store_first, store_next

SAMPLES = tuple(say(f"What is pot {number}?", f"Pot {number} is a {number}-handled one.") for number in range(6))


@pytest.fixture
def store(workspace):
    with Store(workspace.database, clock=lambda: NOON) as opened:
        store_first(opened, record_named("pots"), rows(SAMPLES))
        store_next(opened, "pots", rows(SAMPLES[:4]), "two dropped")
        yield opened


@pytest.fixture
def config(workspace):
    return load_config(workspace.config_file)


def contents(store, record):
    return [(row.sample, row.split, row.token_length) for row in store.samples(record.id)]


def test_versions_tell_parent_reason_author_and_content(store):
    first, second = versions_of(store, "pots")
    assert (second.parent, second.version, second.reason, second.author) == (first.id, 2, "two dropped", "Ada")
    assert first.content_hash != second.content_hash
    assert find_version(store, "pots@1") == first
    assert find_version(store, "pots") == second
    with pytest.raises(DatasetError, match="no version 3") as caught:
        find_version(store, "pots@3")
    assert "pots@1, pots@2" in caught.value.fix


def test_rolling_back_makes_a_version_equal_to_the_old_one(workspace, store, config):
    report = roll_back(config, parts_of(workspace), "pots", 1, "Grace")
    first, _second, third = versions_of(store, "pots")
    assert third == report.record
    assert contents(store, third) == contents(store, first)
    assert third.content_hash == first.content_hash
    assert (third.version, third.reason, third.author) == (3, "rolled back to version 1", "Grace")
    assert report.splits == {"train": 5, "validation": 1}
    assert len(report.files["train"].read_text().splitlines()) == 5


def test_rolling_back_takes_the_version_of_the_dataset_and_not_another_dataset_of_such_a_name(workspace, store, config):
    store_first(store, record_named("pots@1"), rows(SAMPLES[:2]))  # made when such names were allowed
    report = roll_back(config, parts_of(workspace), "pots", 1)
    assert contents(store, report.record) == contents(store, versions_of(store, "pots")[0])


def test_rolling_back_to_what_a_dataset_is_changes_nothing(workspace, store, config):
    with pytest.raises(DatasetError, match="is as version 2 was"):
        roll_back(config, parts_of(workspace), "pots", 2)
    assert len(versions_of(store, "pots")) == 2


def test_a_renamed_dataset_keeps_its_versions_marks_and_files(workspace, store, config):
    drop_samples(store, store.find("pots"), [SAMPLES[0].id], "dull")
    export_stored(config, parts_of(workspace), "pots")
    renamed = rename(config, parts_of(workspace), "pots", "bowls")
    assert store.find("bowls").id == renamed.id
    assert len(versions_of(store, "bowls")) == 2
    assert dropped_samples(store, renamed) == {SAMPLES[0].id: "dull"}
    there = {path.name for path in workspace.output_datasets.iterdir()}
    assert {"bowls_train.jsonl", "bowls.csv", "bowls_stats.json", "bowls_report.html"} <= there
    assert not any(name.startswith("pots") for name in there)
    assert '"pots"' not in (workspace.output_datasets / "bowls_stats.json").read_text()


@pytest.mark.parametrize(
    ("name", "error"), [("a/b", UsageError), ("cups@2", UsageError), ("CUPS", DatasetError), ("", UsageError)]
)
def test_a_name_that_is_taken_or_impossible_is_refused(workspace, store, config, name, error):
    store_first(store, record_named("cups"), rows(SAMPLES[:2]))
    with pytest.raises(error):
        rename(config, parts_of(workspace), "pots", name)
    assert store.find("pots").total_samples == 4


def test_a_deleted_dataset_comes_back_whole(workspace, store, config):
    export_stored(config, parts_of(workspace), "pots")
    before, files = versions_of(store, "pots"), sorted(path.name for path in workspace.output_datasets.iterdir())
    preview = preview_deletion(workspace, "pots")
    assert len(preview.versions) == 2
    assert "pots_train.jsonl" in {path.name for path in preview.files}
    delete(parts_of(workspace), "pots")
    assert store.datasets() == ()
    assert not any(path.name.startswith("pots") for path in workspace.output_datasets.iterdir())
    with pytest.raises(DatasetError):
        store.find("pots")
    assert store.free_name("pots") == "pots-2"
    undo_deletion(parts_of(workspace), "pots")
    assert versions_of(store, "pots") == before
    assert sorted(path.name for path in workspace.output_datasets.iterdir()) == files


def test_bringing_back_never_overwrites_a_file(workspace, store, config):
    export_stored(config, parts_of(workspace), "pots")
    delete(parts_of(workspace), "pots")
    mine = workspace.output_datasets / "pots_train.jsonl"
    mine.write_text("mine")
    undo_deletion(parts_of(workspace), "pots")
    assert mine.read_text() == "mine"
    assert (workspace.deleted / "pots" / "pots_train.jsonl").exists()


def test_purging_frees_the_name_and_leaves_paid_answers_and_what_was_refined_from_it(workspace, store):
    journal = Journal(store)
    journal.record("k" * 64, ChatRequest("m", (Message("user", "Q"),)), GenerationResult("paid", "m"))
    child = store_first(store, record_named("pots-refined", parent=store.find("pots").id), rows(SAMPLES[:2]))
    delete(parts_of(workspace), "pots")
    assert [record.name for record in purge(parts_of(workspace))] == ["pots"]
    assert deleted_datasets(store) == ()
    assert store.free_name("pots") == "pots"
    assert journal.find("k" * 64).text == "paid"
    assert store.find("pots-refined").parent is None
    assert len(list(store.samples(child.id))) == 2
    assert not (workspace.deleted / "pots").exists()
    with pytest.raises(DatasetError, match="no deleted dataset"):
        undo_deletion(parts_of(workspace), "pots")


def test_what_was_deleted_long_ago_is_removed_by_the_next_run(workspace, store):
    delete(parts_of(workspace), "pots")
    for days, left in ((KEPT_DAYS - 1, 1), (KEPT_DAYS + 1, 0)):
        with Store(workspace.database, clock=parts_of(workspace, days=days).clock) as later:
            remove_expired(later, workspace)
            assert len(deleted_datasets(later)) == left


def test_a_renaming_that_was_killed_is_ended_by_the_next_command(workspace, store, config):
    export_stored(config, parts_of(workspace), "pots")
    Drafts(workspace.drafts_of("pots")).decide(SAMPLES[0].id, Decision("drop"))
    before = sorted(path.name.replace("pots", "bowls") for path in workspace.output_datasets.iterdir())
    # what is left when the program is killed after the first file
    write_json(workspace.memory / "renaming.json", {"from": "pots", "to": "bowls"})
    rename_dataset(store, store.find("pots"), "bowls")
    (workspace.output_datasets / "pots_train.jsonl").rename(workspace.output_datasets / "bowls_train.jsonl")
    with pytest.raises(DatasetError, match="no dataset 'pots'"):
        rename(config, parts_of(workspace), "pots", "bowls")
    assert sorted(path.name for path in workspace.output_datasets.iterdir()) == before
    assert '"pots"' not in (workspace.output_datasets / "bowls_stats.json").read_text()
    assert Drafts(workspace.drafts_of("bowls")).changes == 1


def test_purging_leaves_no_word_and_no_decision_of_a_dataset(workspace, store):
    Drafts(workspace.drafts_of("pots")).decide(SAMPLES[0].id, Decision("drop"))
    with SearchIndex(workspace.search_index) as index:
        index.update(store)
    workspace.output_datasets.mkdir(exist_ok=True)
    table = workspace.output_datasets / "pots_edit.csv"
    table.write_text("sample_id,content\n")
    delete(parts_of(workspace), "pots")
    assert not table.exists()
    purge(parts_of(workspace))
    kept = [path for path in workspace.memory.rglob("*") if path.is_file() and workspace.backups not in path.parents]
    assert {path.name.removesuffix("-wal").removesuffix("-shm") for path in kept} <= {"dataset_builder.db", "run.lock"}


def test_the_file_of_another_dataset_stays_where_it_is(workspace, store, config):
    store_first(store, record_named("pots_edit"), rows(SAMPLES[:2]))
    export_stored(config, parts_of(workspace), "pots_edit")
    delete(parts_of(workspace), "pots")
    assert (workspace.output_datasets / "pots_edit.csv").exists()


def test_a_renaming_that_never_came_to_the_database_is_forgotten(workspace, store, config):
    export_stored(config, parts_of(workspace), "pots")
    write_json(workspace.memory / "renaming.json", {"from": "pots", "to": "bowls"})
    assert "pots_train.jsonl" in {path.name for path in delete(parts_of(workspace), "pots").files}
    assert not (workspace.memory / "renaming.json").exists()
