"""search, diff, why and the actions of datasets around versions, as a command line and in menu 10."""

from __future__ import annotations

import io

import pytest

from src.cli.console import Console
from src.cli.file_questions import run_line
from src.cli.session import Session
from src.core.errors import DatasetError, UsageError
from src.core.types import Span
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from src.persistence.versions import versions_of
from tests.cli.driver import dataset_with, make_session, screen_of, type_into_menu
from tests.library.stored import NOON, TEXT, cut, record_named, rows, say, store_first, store_next

WRITTEN = say("Why glaze a pot?", "So that it holds water.", topic_keywords=("glaze",), source_file="陶器ノート.txt")


@pytest.fixture
def library(workspace):
    (workspace.root / "input_files" / "notes.txt").write_text(TEXT, encoding="utf-8")
    with Store(workspace.database, clock=lambda: NOON) as store:
        store_first(store, record_named("pots"), rows([*cut(), WRITTEN]))
        rewritten = say("Why glaze a pot?", "So that it is watertight.", source_file="陶器ノート.txt")
        store_next(store, "pots", rows([*cut(), rewritten, say("What is raku?", "A firing in sawdust.")]), "edited")
    return workspace


class Terminal(io.StringIO):
    def isatty(self):
        return True


def do(workspace, *line):
    session = make_session(workspace)
    outcome = run_line(session, *line)
    return outcome, screen_of(session)


def test_search_shows_where_the_words_stand(library):
    outcome, screen = do(library, "search", "watertight")
    assert "[watertight]" in screen
    assert "1 sample found" in screen
    (match,) = outcome.facts["matches"]
    assert (match["dataset"], match["version"], match["split"]) == ("pots", 2, "train")
    assert match["sample_id"][:12] in screen


def test_search_says_when_nothing_is_found_and_refuses_what_says_nothing(library):
    outcome, screen = do(library, "search", "porcelain", "--split", "train", "--source", "notes")
    assert "Nothing was found." in screen
    assert outcome.facts == {"matches": [], "total": 0, "is_total_exact": True}
    with pytest.raises(UsageError):
        do(library, "search", "?!")
    with pytest.raises(UsageError):
        do(library, "search", "clay", "--limit", "0")


def test_diff_of_one_dataset_compares_its_last_two_versions(library):
    outcome, screen = do(library, "diff", "pots")
    assert "From pots@1 to pots@2" in screen
    assert "1 added, 0 dropped, 1 changed, 2 unchanged" in screen
    assert "- assistant: So that it holds water." in screen
    assert "+ assistant: So that it is watertight." in screen
    assert outcome.facts["changed_samples"][0]["what"] == ["text", "side", "keywords"]


def test_diff_reads_files_too(library, tmp_path):
    path = tmp_path / "other.jsonl"
    path.write_text('{"messages":[{"role":"user","content":"What is raku?"},{"role":"assistant","content":"Fire."}]}\n')
    outcome, _screen = do(library, "diff", str(path), "pots", "--limit", "1")
    assert (outcome.facts["added"], outcome.facts["changed"]) == (3, 1)
    with pytest.raises(UsageError, match="does not differ from itself"):
        do(library, "diff", "pots", "pots")


def test_diff_of_a_dataset_with_one_version_asks_for_another(library):
    with Store(library.database, clock=lambda: NOON) as store:
        store_first(store, record_named("cups"), rows([WRITTEN]))
    with pytest.raises(DatasetError, match="one version only"):
        do(library, "diff", "cups")


def test_why_shows_file_place_text_and_versions(library):
    outcome, screen = do(library, "why", cut()[1].id[:8])
    assert "notes.txt" in screen
    assert "line 3" in screen
    assert "word for word" in screen
    assert "Clay with much water." in screen
    assert outcome.facts["is_verbatim"] is True
    assert [step["what"] for step in outcome.facts["history"]] == ["added"]


def test_why_shows_the_words_that_the_judge_cites(library):
    start = TEXT.index("Clay with much water")
    judged = say(
        "What shrinks much?",
        "Clay with much water does.",
        source_file="notes.txt",
        span=Span(start, start + len("Clay with much water.")),
        metadata={"judge": "grounded", "evidence": [[start, start + 15]]},
    )
    with Store(library.database, clock=lambda: NOON) as store:
        store_first(store, record_named("judged"), rows([judged]))
    outcome, screen = do(library, "why", judged.id)
    line = TEXT.count("\n", 0, start) + 1
    assert "Evidence that the judge cites" in screen
    assert f"line {line}: Clay with much \n".rstrip() in screen
    assert outcome.facts["evidence"] == [{"line": line, "words": "Clay with much"}]


def test_why_says_that_a_source_cannot_be_shown(library):
    outcome, screen = do(library, "why", WRITTEN.id)
    assert "It cannot be shown: it was made of no passage of a file." in screen
    assert outcome.facts["history"][-1]["what"] == "dropped"


def test_versions_and_rollback(library):
    outcome, screen = do(library, "datasets", "versions", "pots")
    assert "edited" in screen
    assert [one["version"] for one in outcome.facts["versions"]] == [1, 2]
    outcome, screen = do(library, "datasets", "rollback", "pots", "1", "--author", "Grace")
    assert "This is version 3, equal to version 1." in screen
    with Store(library.database) as store:
        first, _, third = versions_of(store, "pots")
    assert third.content_hash == first.content_hash
    assert third.author == "Grace"


def test_a_dataset_is_renamed_deleted_brought_back_and_purged(library):
    assert do(library, "datasets", "rename", "pots", "bowls")[0].facts == {"renamed": "pots", "name": "bowls"}
    with pytest.raises(UsageError, match="nobody is there to ask"):
        do(library, "datasets", "delete", "bowls")
    outcome, screen = do(library, "datasets", "delete", "bowls", "--yes")
    assert outcome.facts["versions"] == 2
    assert "'datasets undo bowls' brings it back" in screen
    assert "bowls" in do(library, "datasets", "deleted")[1]
    assert do(library, "datasets", "undo", "bowls")[0].facts["restored"] == "bowls"
    do(library, "datasets", "delete", "bowls", "--yes")
    with pytest.raises(UsageError, match="nobody is there to ask"):
        do(library, "datasets", "purge")
    assert do(library, "datasets", "purge", "--yes")[0].facts == {"purged": ["bowls"]}
    assert do(library, "datasets", "purge")[0].facts == {"purged": []}
    assert "No deleted datasets." in do(library, "datasets", "deleted")[1]


def test_an_older_version_is_shown_and_counted(library):
    assert do(library, "datasets", "show", "pots@1")[0].facts["samples"] == 3
    assert do(library, "stats", "pots@1")[0].facts["samples"]["kept"] == 3
    assert do(library, "stats", "pots")[0].facts["samples"]["kept"] == 4


def test_statistics_of_a_file_are_written_as_a_page(library, tmp_path):
    path, page = tmp_path / "theirs.jsonl", tmp_path / "theirs.html"
    path.write_text('{"messages":[{"role":"user","content":"<b>?"},{"role":"assistant","content":"Fire."}]}\n' * 3)
    outcome, screen = do(library, "stats", str(path), "--html", str(page))
    assert outcome.facts["samples"]["kept"] == 3
    assert "Token counts" in screen
    text = page.read_text(encoding="utf-8")
    assert "theirs.jsonl" in text
    assert "<b>?" not in text
    with pytest.raises(UsageError, match="cannot be written"):
        do(library, "stats", str(path), "--html", str(tmp_path / "nowhere" / "page.html"))
    with pytest.raises(UsageError, match="is the file that is described"):
        do(library, "stats", str(path), "--html", str(path))


@pytest.mark.parametrize("width", [40, 80])
def test_screens_fit_a_narrow_terminal_also_with_wide_characters(library, width):
    from src.reports.tables import display_width

    for line in (("search", "glaze"), ("diff", "pots"), ("datasets", "versions", "pots"), ("stats", "pots")):
        screen = Terminal()
        run_line(Session(library, Console(screen, screen, colour=False, width=width)), *line)
        assert [row for row in screen.getvalue().splitlines() if display_width(row) > width] == [], line


def test_the_menu_asks_for_no_other_version_or_dataset_where_there_is_one_only(workspace: Workspace) -> None:
    dataset_with(workspace)
    screen = type_into_menu(workspace, "10.3", "10.5", "10.6", "12.2", "6")
    assert screen.count("error: my_dataset has no other version.") == 2
    assert "None" not in screen
    assert "error: There is no other dataset to compare with." in screen
    assert "Goodbye." in screen


def test_every_part_of_menu_10_does_what_its_command_does(library):
    screen = type_into_menu(
        library,
        *("10.1", "10.2", "raku", "10.3", "10.4", "10.5", "1", "2", "10.6", "1", "10.7", cut()[0].id[:9]),
        *("10.13", "bowls", "10.14", "n", "10.14", "y", "10.15", "10.15"),
    )
    for shown in (
        "pots",
        "What is [raku]?",
        "First samples",
        "Versions of pots",
        "From pots@1 to pots@2",
        "equal to version 1",
        "word for word",
        "pots is bowls now",
        "Nothing was changed.",
        "Deleted bowls.",
        "bowls is back",
        "No deleted datasets.",
    ):
        assert shown in screen, shown
