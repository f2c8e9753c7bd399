"""Samples found by their words, in every script, in the latest versions only."""

from __future__ import annotations

import pytest

from src.core.errors import DatasetError, StorageError, UsageError
from src.core.types import Message, Sample
from src.library.search import Wish, search_samples, to_query
from src.persistence.models import StoredSample
from src.persistence.removal import bring_back, mark_deleted
from src.persistence.search_index import SearchIndex
from src.persistence.sqlite_client import Store
from tests.persistence.rows import NOON, damage, make_record, store_dataset


def say(question, answer, **more):
    messages = (Message("user", question), Message("assistant", answer))
    return Sample(messages, origin="generated", **more)


POTS = (
    say(
        "How hot is a bisque firing?", "About 1,000 degrees.", source_file="kiln/handbook.pdf", topic_keywords=("kiln",)
    ),
    say("Was ist ein Brennofen für Ton?", "Ein Ofen, der sehr heiß wird.", source_file="ofen.txt"),
    say("陶器は何度で焼きますか。", "千二百度くらいです。", source_file="kama.txt"),
    say("ดินเผาคืออะไร", "เครื่องปั้นดินเผา", source_file="thai.txt"),
    say("학교에서 무엇을 배웁니까?", "도예를 배웁니다.", source_file="korea.txt"),
    say("What does glazing do?", "It makes a pot watertight; the kiln melts it.", source_file="glaze notes.txt"),
)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "a.db", clock=lambda: NOON) as opened:
        rows = [StoredSample(sample, 9, "validation" if place == 5 else "train") for place, sample in enumerate(POTS)]
        store_dataset(opened, make_record("pots"), rows)
        cups = StoredSample(say("Where is the kiln?", "In the cellar.", source_file="cups.md"), 5, "train")
        store_dataset(opened, make_record("cups", config_hash="beef", minutes=1), [cups])
        yield opened


@pytest.fixture
def index(tmp_path, store):
    with SearchIndex(tmp_path / "search_index.db") as opened:
        opened.update(store)
        yield opened


def find(store, index, words, **wish):
    found = search_samples(store, index, Wish(words, **wish))
    return sorted(match.stored.sample.source_file for match in found.matches)


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ("bisque", ["kiln/handbook.pdf"]),
        ("BISQUE firing", ["kiln/handbook.pdf"]),
        ("bisque watertight", []),
        ("bisque OR watertight", ["glaze notes.txt", "kiln/handbook.pdf"]),
        ('"hot is a bisque"', ["kiln/handbook.pdf"]),
        ('"bisque is hot"', []),
        ("glaz*", ["glaze notes.txt"]),
        ("kiln -cellar -degrees", ["glaze notes.txt"]),
        ("fur", ["ofen.txt"]),
        ("für", ["ofen.txt"]),
        ("何度", ["kama.txt"]),
        ("度何", []),
        ("焼", ["kama.txt"]),
        ("ดินเผา", ["thai.txt"]),
        ("학교", ["korea.txt"]),
        ("handbook.pdf", ["kiln/handbook.pdf"]),
        ('say "unbalanced', []),
        ("train", []),
        ("x* AND (y", []),
    ],
)
def test_words_of_every_script_are_found(store, index, words, files):
    assert find(store, index, words) == files


def test_a_search_can_be_narrowed_to_a_dataset_a_side_and_a_source(store, index):
    assert find(store, index, "kiln") == ["cups.md", "glaze notes.txt", "kiln/handbook.pdf"]
    assert find(store, index, "kiln", dataset="cups") == ["cups.md"]
    assert find(store, index, "kiln", side="validation") == ["glaze notes.txt"]
    assert find(store, index, "kiln", source="handbook.pdf") == ["kiln/handbook.pdf"]
    assert find(store, index, "kiln", source="notes", side="train") == []


def test_a_rare_word_in_a_keyword_weighs_more_than_in_the_text(store, index):
    found = search_samples(store, index, Wish("kiln", dataset="pots"))
    assert [match.stored.sample.source_file for match in found.matches] == ["kiln/handbook.pdf", "glaze notes.txt"]
    assert found.total == 2
    assert found.is_ranked


def test_the_excerpt_shows_the_match_between_brackets(store, index):
    (match,) = search_samples(store, index, Wish("MELTS")).matches
    assert match.excerpt.role == "assistant"
    assert match.excerpt.text == "It makes a pot watertight; the kiln [melts] it."
    (match,) = search_samples(store, index, Wish("fur Ton")).matches
    assert match.excerpt.text == "Was ist ein Brennofen [für] [Ton]?"
    (match,) = search_samples(store, index, Wish("何度")).matches
    assert match.excerpt.text == "陶器は[何度]で焼きますか。"


def test_an_excerpt_of_a_long_text_is_cut_around_the_match(store, index):
    long = say("Q?", f"{'clay ' * 200}needle {'sand ' * 200}")
    store_dataset(store, make_record("long", config_hash="f00d", minutes=2), [StoredSample(long, 9)])
    index.update(store)
    (match,) = search_samples(store, index, Wish("needle")).matches
    assert "[needle]" in match.excerpt.text
    assert match.excerpt.text.startswith("... ")
    assert match.excerpt.text.endswith(" ...")
    assert len(match.excerpt.text) < 250


def test_only_the_latest_version_is_searched(store, index):
    former = store.find("cups")
    version = store.begin(store.derive(former, "edited"))
    version.add([StoredSample(say("Where is the oven?", "Upstairs.", source_file="cups.md"), 5, "train")])
    store.mark_finished(version.end(former.run))
    index.update(store)
    assert find(store, index, "cellar") == []
    assert find(store, index, "upstairs") == ["cups.md"]


def test_a_deleted_dataset_is_not_found_until_it_is_brought_back(store, index):
    record = mark_deleted(store, store.find("pots"))
    index.update(store)
    assert find(store, index, "kiln") == ["cups.md"]
    bring_back(store, record)
    index.update(store)
    assert find(store, index, "kiln") == ["cups.md", "glaze notes.txt", "kiln/handbook.pdf"]


def test_the_index_is_kept_from_one_program_to_the_next(tmp_path, store, index):
    told = []
    with SearchIndex(tmp_path / "search_index.db") as again:
        again.update(store, lambda record, rows: told.append((record.name, rows)))
        assert find(store, again, "bisque") == ["kiln/handbook.pdf"]
    assert told == []


@pytest.mark.parametrize("content", [b"this is no database at all", b""])
def test_a_damaged_index_is_made_anew(tmp_path, store, content):
    path = tmp_path / "search_index.db"
    path.write_bytes(content)
    with SearchIndex(path) as index:
        index.update(store)
        assert find(store, index, "bisque") == ["kiln/handbook.pdf"]


def test_the_other_answer_of_a_pair_is_found_too(store, index):
    pair = say("Q?", "A good answer.", metadata={"rejected": "A lukewarm one."})
    store_dataset(store, make_record("pairs", config_hash="f1", minutes=3), [StoredSample(pair, 4)])
    index.update(store)
    assert len(search_samples(store, index, Wish("lukewarm")).matches) == 1


@pytest.mark.parametrize("words", ["", "  ", "-raku", "?!", '""', "*"])
def test_words_that_say_nothing_are_refused(words):
    with pytest.raises(UsageError, match="no word"):
        to_query(words)


def test_an_unknown_dataset_is_refused(store, index):
    with pytest.raises(DatasetError, match="There is no dataset"):
        search_samples(store, index, Wish("kiln", dataset="plates"))


def test_of_very_many_matches_the_newest_come_first(tmp_path, store, monkeypatch):
    monkeypatch.setattr("src.persistence.search_index.COUNTED", 2)
    with SearchIndex(tmp_path / "search_index.db") as index:
        index.update(store)
        found = search_samples(store, index, Wish("kiln"))
        files = [match.stored.sample.source_file for match in found.matches]
        assert files == ["cups.md", "glaze notes.txt", "kiln/handbook.pdf"]
        assert found.total == 3
        assert not found.is_ranked


def test_an_index_that_is_damaged_inside_says_what_to_do(tmp_path, store, index):
    with SearchIndex(tmp_path / "other.db") as whole:
        whole.update(store)
    damage(tmp_path / "other.db")
    with (  # noqa: PT012 - either may notice it
        SearchIndex(tmp_path / "other.db") as broken,
        pytest.raises(StorageError, match="search index is damaged") as caught,
    ):
        broken.update(store)
        search_samples(store, broken, Wish("kiln"))
    assert "Delete this file" in caught.value.fix


def test_two_processes_that_index_at_once_take_a_dataset_in_once(tmp_path, store, index):
    record = store.find("pots")
    key = (record.id, "2026-03-01 12:00:00.000000")
    with SearchIndex(tmp_path / "search_index.db") as slower:
        slower._take_in(store, record, key, lambda _record, _rows: None)
        assert search_samples(store, slower, Wish("watertight")).total == 1


def test_an_index_of_mostly_former_versions_is_made_anew(tmp_path, store, index):
    for number in range(3):
        former = store.find("pots")
        version = store.begin(store.derive(former, f"edit {number}"))
        version.add(store.samples(former.id))
        store.mark_finished(version.end(former.run))
        index.update(store)
    assert find(store, index, "watertight") == ["glaze notes.txt"]


def test_an_index_that_another_process_makes_anew_meanwhile_is_read_as_it_was(tmp_path, store, index):
    with SearchIndex(tmp_path / "search_index.db") as other:

        def make_anew(statement):
            if statement.startswith("SELECT count"):
                index._db.set_trace_callback(None)
                other._clear()

        index._db.set_trace_callback(make_anew)
        assert find(store, index, "bisque") == ["kiln/handbook.pdf"]
    assert find(store, index, "bisque") == []


def test_a_version_that_is_newer_than_the_list_of_datasets_is_found(tmp_path, store, index):
    former = store.find("pots")
    version = store.begin(store.derive(former, "edit"))
    version.add(store.samples(former.id))
    store.mark_finished(version.end(former.run))
    assert find(store, index, "bisque") == ["kiln/handbook.pdf"], "of the former version, which the index still holds"
