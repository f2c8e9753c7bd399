"""clean: the counts and the first changes are shown before anything happens; then one new version, or none."""

from __future__ import annotations

import pytest

from src.core.errors import DatasetError, UsageError
from src.core.types import EDITED
from src.core.workspace import Workspace
from src.persistence.drops import drop_samples
from src.persistence.sqlite_client import Store
from tests.cli.driver import make_session, screen_of
from tests.cli.editing_stock import NAME, answers, call, facts_of, read, stock, stock_rows, type_keys


@pytest.fixture
def shelf(workspace: Workspace) -> Workspace:
    stock(workspace)
    return workspace


def test_a_plan_shows_counts_and_changes_and_makes_nothing(shelf: Workspace) -> None:
    session = make_session(shelf)
    line = (
        "clean",
        NAME,
        "--refusals",
        "--trim",
        "--replace",
        r"(\d),(\d+) degrees",
        r"\1\2 °C",
        "--relabel",
        "topic:clay=earth",
    )
    facts = facts_of(call(shelf, *line, "--plan", session=session))
    assert (facts["made"], facts["edited"], facts["relabelled"], facts["dropped"]) == (False, 2, 4, {"refusal": 1})
    screen = screen_of(session)
    for said in (
        "Dropped",
        "1 (refusal 1)",
        "- About 1,240 degrees.",
        "+ About 1240 °C.",
        "topics: kiln, clay -> kiln, earth",
    ):
        assert said in screen
    assert read(shelf)[0].version == 1


def test_a_yes_makes_the_version_with_reason_and_author(shelf: Workspace) -> None:
    line = ("clean", NAME, "--refusals", "--min-chars", "5", "--trim", "--author", "anna", "--yes")
    facts = facts_of(call(shelf, *line))
    record, rows = read(shelf)
    assert (facts["made"], facts["version"], facts["kept"]) == (True, 2, 6)
    assert (record.version, record.author) == (2, "anna")
    assert record.reason == "cleaned: answers of 5 characters or more, no refusals, trimmed"
    assert record.rejected == {"refusal": 1}
    trimmed = next(row for row in rows if row.sample.messages[0].content == "Who keeps the key?")
    assert trimmed.sample.messages[-1].content == "The studio manager keeps it."
    assert trimmed.sample.metadata[EDITED]["by"] == "anna"


def test_a_change_that_would_spoil_samples_is_refused_unless_these_may_stay(shelf: Workspace) -> None:
    line = ("clean", NAME, "--replace", "^An oven that fires clay.$", "", "--replace", "manager", "keeper", "--yes")
    session = make_session(shelf)
    with pytest.raises(DatasetError, match=r"row 1, messages\[1\].content: Turn 2"):
        call(shelf, *line, session=session)
    assert "1 row would be spoilt:" in screen_of(session)
    assert read(shelf)[0].version == 1
    call(shelf, *line, "--leave-bad")
    assert answers(shelf)[0] == "An oven that fires clay."
    assert any("studio keeper" in answer for answer in answers(shelf))


def test_marked_samples_and_those_with_an_objection_are_dropped(shelf: Workspace) -> None:
    with Store(shelf.database) as store:
        drop_samples(store, store.find(NAME), [stock_rows()[0].sample.id])
    facts = facts_of(call(shelf, "clean", NAME, "--marked", "--objection", "--plan"))
    assert facts["dropped"] == {"dropped_by_user": 1, "objection": 1}
    assert facts_of(call(shelf, "clean", NAME, "--objection", "other", "--plan"))["dropped"] == {}


def test_scores_tokens_languages_patterns_and_scopes_choose_what_goes(shelf: Workspace) -> None:
    def dropped(*options: str) -> dict[str, int]:
        return facts_of(call(shelf, "clean", NAME, *options, "--plan"))["dropped"]

    assert dropped("--below-score", "7") == {"low_score": 1}
    assert dropped("--max-tokens", "15") == {"too_many_tokens": 2}
    assert dropped("--max-chars", "30") == {"too_long": 4}
    assert dropped("--language", "de,fr", "--split", "validation") == {"other_language": 1}
    assert dropped("--matching", "(?i)bisque", "--within", "question") == {"matches_pattern": 2}
    assert dropped("--matching", ".", "--source", "rules.*") == {"matches_pattern": 1}
    assert dropped("--matching", ".", "--topic", "wheel") == {}


def test_a_person_is_asked_and_a_no_changes_nothing(shelf: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    type_keys(monkeypatch, "n")
    with pytest.raises(UsageError, match="nobody is there to ask"):
        call(shelf, "clean", NAME, "--refusals")
    assert read(shelf)[0].version == 1


def test_nothing_to_do_is_said(shelf: Workspace) -> None:
    with pytest.raises(UsageError, match="Nothing says what to clean"):
        call(shelf, "clean", NAME)
    outcome = call(shelf, "clean", NAME, "--min-chars", "1", "--yes")
    assert (outcome.ok, facts_of(outcome)["made"]) == (True, False)


@pytest.mark.parametrize(
    "options",
    [
        ("--language", "xx"),
        ("--matching", "("),
        ("--replace", "a", r"\1"),
        ("--relabel", "topic"),
        ("--min-chars", "-1"),
        ("--within", "title", "--trim"),
    ],
)
def test_options_that_mean_nothing_are_refused(shelf: Workspace, options: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        call(shelf, "clean", NAME, *options)
