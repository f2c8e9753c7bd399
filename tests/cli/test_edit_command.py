"""edit and review: keys that keep, drop and fix; decisions that outlive the program; one version of all of them."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from src.core.errors import DatasetError, StorageError, UsageError
from src.core.types import EDITED
from src.core.workspace import Workspace
from src.library.editing.drafts import Drafts
from src.persistence.models import StoredSample
from tests.cli.driver import make_session, screen_of
from tests.cli.editing_stock import NAME, answers, call, facts_of, read, stock, stock_rows, type_keys
from tests.fakes import make_sample


@pytest.fixture
def shelf(workspace: Workspace) -> Workspace:
    stock(workspace)
    return workspace


def write_editor(folder: Path, script: str) -> str:
    """A program that edits the file it is given as ``script`` says, with ``text`` for what stands there."""
    path = folder / "editor.py"
    path.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_bytes().decode()\n"
        f"{script}\n"
        "path.write_bytes(text.encode())\n",
        encoding="utf-8",
    )
    return f"{sys.executable} {path}"


def drafts_of(workspace: Workspace) -> Drafts:
    return Drafts(workspace.drafts_of(NAME))


def test_keys_go_through_samples_and_decisions_wait(shelf: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    type_keys(monkeypatch, "n", "p", "p", "g", "3", "d", "g", "99", "b", "/", "LEAD", "k", "a", "x", "?", "", "q")
    session = make_session(shelf)
    facts = facts_of(call(shelf, "edit", NAME, session=session))
    assert facts["decided"] == {"drop": 1, "keep": 1}
    screen = screen_of(session)
    for said in (
        "pots  1 of 7",
        "This is the first one.",
        "There is no 99: type 1 to 7.",
        "Is lead glaze allowed?",
        "This was the last one",
        "'x' does nothing here",
        "fix it in your editor",
        "1 change noted, none made yet. 'edit pots --apply'",
    ):
        assert said in screen, said
    assert read(shelf)[0].version == 1
    assert drafts_of(shelf).decisions[stock_rows()[2].sample.id].choice == "drop"


def test_applying_makes_one_version_and_forgets_the_decisions(
    shelf: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EDITOR", write_editor(tmp_path, "text = text.replace('fires clay', 'fires clay and glass')"))
    type_keys(monkeypatch, "f", "g", "3", "d", "q")
    call(shelf, "edit", NAME, "--author", "anna")
    facts = facts_of(call(shelf, "edit", NAME, "--apply", "--author", "anna", "--yes"))
    record, rows = read(shelf)
    assert (facts["made"], record.version, record.reason) == (True, 2, "edited by hand: 1 rewritten, 1 dropped")
    assert answers(shelf)[0] == "An oven that fires clay and glass."
    assert rows[0].sample.metadata == {EDITED: {"of": stock_rows()[0].sample.id, "by": "anna", "how": "edit"}}
    assert record.rejected == {"dropped_by_user": 1}
    assert not drafts_of(shelf).decisions
    assert not list(shelf.drafts.iterdir())
    with pytest.raises(DatasetError, match="Nothing is decided"):
        call(shelf, "edit", NAME, "--apply", "--yes")


def test_a_mistake_shows_the_line_and_keeps_the_text_for_the_next_try(
    shelf: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spoil = "text = text.replace('<<< assistant >>>', '<<< asistant >>>').replace('fires clay', 'fires my clay')"
    monkeypatch.setenv("EDITOR", write_editor(tmp_path, spoil))
    type_keys(monkeypatch, "f", "n", "q")
    session = make_session(shelf)
    call(shelf, "edit", NAME, session=session)
    screen = screen_of(session)
    assert "error: Line 9: '<<< asistant >>>' is no heading." in screen
    assert "Your text is kept in" in screen
    (kept,) = shelf.drafts.glob("*.txt")
    assert "fires my clay" in kept.read_text(encoding="utf-8")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    monkeypatch.setenv("EDITOR", write_editor(tmp_path, "text = text.replace('asistant', 'assistant')"))
    type_keys(monkeypatch, "f", "w")
    session = make_session(shelf)
    call(shelf, "edit", NAME, "--yes", session=session)
    assert "is taken up again" in screen_of(session)
    assert answers(shelf)[0] == "An oven that fires my clay."
    assert not kept.exists()


def test_an_edit_that_cannot_be_trained_on_is_asked_for_again(
    shelf: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # empty the first time, and right when the editor comes again
    script = "text = text.replace('An oven that fires clay.', '') if 'oven' in text else text.rstrip() + '\\nA box.\\n'"
    monkeypatch.setenv("EDITOR", write_editor(tmp_path, script))
    type_keys(monkeypatch, "f", "y", "w")
    session = make_session(shelf)
    call(shelf, "edit", NAME, "--yes", session=session)
    assert "messages[1].content: Turn 2 (assistant) is empty." in screen_of(session)
    assert answers(shelf)[0] == "A box."


def test_one_sample_is_shown_and_changed_from_a_file(shelf: Workspace, tmp_path: Path) -> None:
    sample_id = stock_rows()[0].sample.id
    shown = facts_of(call(shelf, "edit", NAME, sample_id[:8], "--show"))["text"]
    file = tmp_path / "one.txt"
    file.write_text(shown.replace("An oven", "A hot oven"), encoding="utf-8")
    assert facts_of(call(shelf, "edit", NAME, sample_id[:8], "--text", str(file), "--yes"))["made"] is True
    assert answers(shelf)[0] == "A hot oven that fires clay."
    with pytest.raises(DatasetError, match="has no sample"):
        call(shelf, "edit", NAME, sample_id[:8], "--show")  # that one is in the former version


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("keywords:\nsplit: train\n<<< you >>>\n", "no heading"),
        ("keywords:\nsplit: train\n<<< user >>>\nHi", "messages"),
    ],
)
def test_a_file_that_is_no_sample_changes_nothing(shelf: Workspace, tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "one.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=problem):
        call(shelf, "edit", NAME, stock_rows()[0].sample.id, "--text", str(file), "--yes")
    assert read(shelf)[0].version == 1


def test_without_a_terminal_or_an_editor_the_way_out_is_named(
    shelf: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    type_keys(monkeypatch)
    with pytest.raises(UsageError, match="needs a terminal"):
        call(shelf, "edit", NAME, stock_rows()[0].sample.id)
    for name, problem in (
        ("no-such-editor-here", "cannot be started"),
        (f"{sys.executable} -c exit(3)", "ended with code 3"),
    ):
        monkeypatch.setenv("EDITOR", name)
        type_keys(monkeypatch, "f", "q")
        session = make_session(shelf)
        call(shelf, "edit", NAME, session=session)
        assert problem in screen_of(session)
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", str(tmp_path))
    type_keys(monkeypatch, "f", "q")
    session = make_session(shelf)
    call(shelf, "edit", NAME, session=session)
    assert "There is no editor." in screen_of(session)


def test_a_decision_is_undone_and_all_of_them_forgotten(shelf: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    type_keys(monkeypatch, "w", "d", "d", "p", "u", "u", "p", "q")
    session = make_session(shelf)
    facts = facts_of(call(shelf, "edit", NAME, session=session))
    assert facts["decided"] == {"drop": 1}
    assert "Nothing was decided about this one." in screen_of(session)
    assert "Nothing is decided yet" in screen_of(session)
    assert facts_of(call(shelf, "edit", NAME, "--discard"))["forgotten"] == 1
    assert not drafts_of(shelf).decisions


def test_decisions_of_a_killed_program_are_there_but_for_a_torn_one(
    shelf: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_keys(monkeypatch, "d", "d")
    call(shelf, "edit", NAME)
    path = shelf.drafts_of(NAME)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id":"ab')
    assert len(Drafts(path).decisions) == 2
    assert path.read_bytes() == whole
    path.write_bytes(b"nonsense\n" + whole)
    with pytest.raises(StorageError, match="line 1 is no decision"):
        Drafts(path)
    path.write_bytes(b'{"id":"ab","choice":"burn","text":"","note":""}\n')
    with pytest.raises(StorageError, match="line 1"):
        Drafts(path)


def test_a_review_asks_about_borderline_and_similar_samples_only(
    shelf: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = facts_of(call(shelf, "review", NAME, "--list"))["open"]
    assert [(item["number"], item["twin"]) for item in listed] == [(1, None), (6, None), (3, 4)]
    assert "score is 6.5" in listed[0]["why"]
    assert "weak support" in listed[1]["why"]
    assert "of the wording is the same" in listed[2]["why"]
    type_keys(monkeypatch, "k", "q")
    call(shelf, "review", NAME)
    left = facts_of(call(shelf, "review", NAME, "--list"))["open"]
    assert [item["number"] for item in left] == [6, 3]


def test_a_review_goes_on_where_it_stopped_and_becomes_one_version(
    shelf: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_keys(monkeypatch, "d")
    call(shelf, "review", NAME)
    type_keys(monkeypatch, "k", "o", "o", "t", "w")
    session = make_session(shelf)
    call(shelf, "review", NAME, "--yes", session=session)
    screen = screen_of(session)
    for said in ("3 questions about pots, 1 of them decided before.", "(first of two)", "(second of two)", "Why: "):
        assert said in screen, said
    record, rows = read(shelf)
    assert record.reason == "reviewed: 2 dropped"
    kept = {row.sample.messages[0].content for row in rows}
    assert "How hot is a glaze firing?" not in kept
    assert "Where does the bisque firing take place?" in kept
    assert "Where does this bisque firing take place?" not in kept
    assert facts_of(call(shelf, "review", NAME, "--list"))["open"] == []


def test_what_a_review_cannot_do_is_said(shelf: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        call(shelf, "review", NAME, "--alike", "2")
    type_keys(monkeypatch, "t", "o", "q")
    session = make_session(shelf)
    call(shelf, "review", NAME, session=session)
    assert "no other one" in screen_of(session)


def test_a_table_goes_out_and_comes_back(shelf: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "samples.csv"
    assert facts_of(call(shelf, "edit", NAME, "--table", str(path)))["rows"] == 7
    assert facts_of(call(shelf, "import-csv", NAME, str(path), "--yes"))["made"] is False
    path.write_text(path.read_text(encoding="utf-8-sig").replace("An oven that", "A box that"), encoding="utf-8")
    facts = facts_of(call(shelf, "import-csv", NAME, str(path), "--plan"))
    assert (facts["made"], facts["edited"], facts["dropped"]) == (False, 1, {})
    call(shelf, "import-csv", NAME, str(path), "--yes")
    assert answers(shelf)[0] == "A box that fires clay."
    assert read(shelf)[0].reason == "edited table samples.csv"


def test_rows_of_a_table_that_cannot_be_taken_stop_it_unless_they_may_stay(shelf: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "samples.csv"
    call(shelf, "edit", NAME, "--table", str(path))
    text = (
        path.read_text(encoding="utf-8-sig").replace("An oven that", "A box that").replace(",validation,", ",nowhere,")
    )
    path.write_text(text, encoding="utf-8")
    session = make_session(shelf)
    with pytest.raises(DatasetError, match="1 row of samples.csv cannot be taken"):
        call(shelf, "import-csv", NAME, str(path), "--yes", session=session)
    assert "split: there is no side 'nowhere'" in screen_of(session)
    assert read(shelf)[0].version == 1
    facts = facts_of(call(shelf, "import-csv", NAME, str(path), "--leave-bad", "--yes"))
    assert (facts["made"], facts["edited"], [row["column"] for row in facts["unreadable"]]) == (True, 1, ["split"])
    assert read(shelf)[1][-1].split == "validation"


def test_rows_that_are_missing_are_removed_only_when_the_table_is_whole(shelf: Workspace, tmp_path: Path) -> None:
    from src.stored.exporting import export_stored  # the CSV that every run writes

    session = make_session(shelf)
    path = export_stored(session.config(), session.parts(lambda _event: None), NAME, jsonl=False)["csv"]
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:5]), encoding="utf-8")
    assert facts_of(call(shelf, "import-csv", NAME, str(path), "--plan"))["dropped"] == {"dropped_by_user": 3}
    assert facts_of(call(shelf, "import-csv", NAME, str(path), "--keep-missing", "--plan"))["dropped"] == {}


def test_a_table_that_is_older_than_the_dataset_removes_nothing_that_came_since(
    shelf: Workspace, tmp_path: Path
) -> None:
    from src.stored.exporting import export_stored

    session = make_session(shelf)
    path, table = tmp_path / "old.csv", tmp_path / "table.csv"
    export_stored(session.config(), session.parts(lambda _event: None), NAME, jsonl=False)["csv"].rename(path)
    call(shelf, "edit", NAME, "--table", str(table))
    grown = tmp_path / "grown.csv"
    new = ",,train,,,,<<< user >>>\nHow dry?\n\n<<< assistant >>>\nBone dry.\n"
    row = new.replace("<<<", '"<<<', 1).rstrip("\n") + '"\n'
    grown.write_text(table.read_text(encoding="utf-8-sig") + row, encoding="utf-8")
    call(shelf, "import-csv", NAME, str(grown), "--yes")
    assert "Bone dry." in answers(shelf)
    with pytest.raises(DatasetError, match=r"table.csv was written from version v1-\w+, and 'pots' is in version v2-"):
        call(shelf, "import-csv", NAME, str(table), "--yes")
    assert facts_of(call(shelf, "import-csv", NAME, str(table), "--keep-missing", "--plan"))["dropped"] == {}
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:5]), encoding="utf-8")
    facts = facts_of(call(shelf, "import-csv", NAME, str(path), "--plan", session=session))
    assert facts["dropped"] == {"dropped_by_user": 3}
    assert "1 sample that old.csv lacks stay" in screen_of(session)


def test_a_long_sample_is_scrolled_to_its_end_and_back(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\n".join(f"step {number}" for number in range(1, 60))
    stock(
        workspace,
        [StoredSample(make_sample("How is it done?", lines, rejected="Badly."), 99, "train"), stock_rows()[0]],
    )
    type_keys(monkeypatch, " ", " ", " ", " ", " ", "-", "q")
    session = make_session(workspace)
    call(workspace, "edit", NAME, session=session)
    pages = screen_of(session).split("pots  1 of 2")[1:]
    assert "more lines (space)" in pages[0]
    assert "step 30" not in pages[0]
    assert "WORSE ANSWER:" in pages[-2]
    assert "This is the end" in pages[-2]
    assert "step 59" not in pages[-1]
    assert {f"step {number}" for number in range(1, 60)} <= {
        line.strip() for page in pages for line in page.splitlines()
    }


def test_a_review_is_applied_or_forgotten_without_looking_again(
    shelf: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_keys(monkeypatch, "d", "d")
    call(shelf, "review", NAME)
    assert facts_of(call(shelf, "review", NAME, "--discard"))["forgotten"] == 2
    type_keys(monkeypatch, "k", "d", "k")
    call(shelf, "review", NAME)
    session = make_session(shelf)
    assert (
        facts_of(call(shelf, "review", NAME, "--yes", session=session))["made"] is True
    )  # nothing is left to be asked
    assert facts_of(call(shelf, "review", NAME))["made"] is False
    with pytest.raises(DatasetError, match="Nothing is decided"):
        call(shelf, "review", NAME, "--apply")


def test_a_long_list_of_questions_is_cut(workspace: Workspace) -> None:
    rows = [
        StoredSample(make_sample(f"What is step {n}?", f"It is {n}.", quality_score=7.0), 9, "train") for n in range(25)
    ]
    stock(workspace, rows)
    session = make_session(workspace)
    assert len(facts_of(call(workspace, "review", NAME, "--list", "--alike", "0", session=session))["open"]) == 25
    assert "... 5 more" in screen_of(session)


@pytest.mark.parametrize("content", [None, b"keywords: \xff"])
def test_a_text_file_that_cannot_be_read_is_named(shelf: Workspace, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "one.txt").write_bytes(content)
    with pytest.raises(UsageError, match=r"one\.txt"):
        call(shelf, "edit", NAME, stock_rows()[0].sample.id, "--text", str(tmp_path / "one.txt"))


def test_a_table_with_texts_too_long_for_a_cell_says_so(workspace: Workspace, tmp_path: Path) -> None:
    stock(workspace, [StoredSample(make_sample("Long?", "word " * 8000), 99, "train")])
    session = make_session(workspace)
    path = tmp_path / "t.csv"
    assert facts_of(call(workspace, "edit", NAME, "--table", str(path), session=session))["too_long_for_excel"] == 1
    assert "longer than the 32,767 characters" in screen_of(session)


def test_a_changed_sample_says_who_changed_it_even_when_nobody_was_named(shelf: Workspace) -> None:
    call(shelf, "clean", NAME, "--trim", "--yes")
    record, rows = read(shelf)
    assert record.author == next(row.sample.metadata[EDITED]["by"] for row in rows if EDITED in row.sample.metadata)
