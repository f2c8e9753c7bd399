"""The menu parts of the library that change samples, driven by typed answers."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from src.cli.menus import editing
from src.cli.prompts import EndOfInputError, Prompter
from src.cli.session import Session
from src.core.workspace import Workspace
from tests.cli.driver import make_session, screen_of
from tests.cli.editing_stock import answers, read, stock


@pytest.fixture
def shelf(workspace: Workspace) -> Workspace:
    stock(workspace)
    return workspace


def pick(workspace: Workspace, screen: Callable[[Session, Prompter], None], *lines: str) -> str:
    session = make_session(workspace)
    screen(session, Prompter(io.StringIO("".join(f"{line}\n" for line in lines)), session.console))
    return screen_of(session)


def test_browsing_and_reviewing_end_in_a_version_after_a_yes(shelf: Workspace) -> None:
    assert "Make this a new version" in pick(shelf, editing.browse_one, "d", "w", "y")
    assert read(shelf)[0].version == 2
    assert "Why: its score is 6.5" in pick(shelf, editing.review_one, "d", "w", "n")
    assert read(shelf)[0].version == 2
    pick(shelf, editing.review_one, "w", "y")
    assert (read(shelf)[0].version, len(answers(shelf))) == (3, 5)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("1", "n"), "refusal 1"),
        (("2", "25", "n"), "too_short 3"),
        (("3", "de", "n"), "other_language"),
        (("4",), "Nothing would change"),
        (("5", "bisque", "n"), "matches_pattern 2"),
        (("6", "clay", "", "n"), "+ An oven that fires ."),
        (("7", "n"), "Text changed"),
        (("8", "clay", "earth", "n"), "topics: kiln, clay -> kiln, earth"),
    ],
)
def test_cleaning_shows_what_it_would_do(shelf: Workspace, lines: tuple[str, ...], said: str) -> None:
    assert said in pick(shelf, editing.clean_one, *lines)
    assert read(shelf)[0].version == 1


def test_a_table_is_written_changed_and_taken_over(shelf: Workspace) -> None:
    path = shelf.root / "edit me.csv"
    assert "one row for each of 7 samples" in pick(shelf, editing.write_table, str(path))
    path.write_text(path.read_text(encoding="utf-8-sig").replace("An oven", "A stove"), encoding="utf-8")
    assert "+ A stove that" in pick(shelf, editing.take_table, "", str(path), "y")
    assert answers(shelf)[0] == "A stove that fires clay."


def test_the_end_of_input_at_the_last_question_changes_nothing(shelf: Workspace) -> None:
    assert "Nothing was changed." in pick(shelf, editing.clean_one, "1")
    with pytest.raises(EndOfInputError):
        pick(shelf, editing.clean_one)
